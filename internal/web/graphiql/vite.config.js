import { defineConfig } from 'vite';

// graphiql/style.css already holds Monaco's own styles; what Monaco imports beside its modules would only double them.
const dropMonacoStyles = {
  name: 'drop-monaco-styles',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source.endsWith('.css') && /[\\/]monaco-editor[\\/]/.test(importer ?? '') ? '\0no-styles' : null,
  load: (id) => (id === '\0no-styles' ? 'export {}' : null),
};

export default defineConfig({
  // Absolute, so that the page works at /graphiql and at /graphiql/ alike.
  base: '/graphiql/',
  plugins: [dropMonacoStyles],
  worker: { format: 'es' },
  // npx vite: the page as it is being changed, with the API of a `kontakty demo` beside it.
  server: { proxy: { '/graphql': 'http://127.0.0.1:8080' } },
  build: {
    target: 'es2022',
    sourcemap: false,
    // The page imports its chunks itself; the polyfill would be one more script for browsers we do not support anyway.
    modulePreload: { polyfill: false },
    // The binary hands these files on, so the notices of what is inside go with them.
    license: { fileName: 'licenses.md' },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      // "use client" matters to servers that render React; here there is none.
      onLog: (level, log, print) => log.code === 'MODULE_LEVEL_DIRECTIVE' || print(level, log),
    },
  },
});
