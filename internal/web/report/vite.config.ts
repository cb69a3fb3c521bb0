import optimizeLocales from '@react-aria/optimize-locales-plugin';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/',
  // The accessible components carry their own words in thirty languages; the page speaks two.
  plugins: [optimizeLocales.vite({ locales: ['pl-PL', 'en-US'] })],
  // npx vite: the page as it is being changed, with the API of a `kontakty demo` beside it.
  server: { proxy: { '^/(graphql|session.json|downloads|graphiql)': 'http://127.0.0.1:8080' } },
  build: {
    target: 'es2022',
    sourcemap: false,
    modulePreload: { polyfill: false },
    // Nothing is inlined as data: the page's policy allows its own origin alone.
    assetsInlineLimit: 0,
    // The binary hands these files on, so the notices of what is inside go with them.
    license: { fileName: 'licenses.md' },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      // "use client" matters to servers that render React; here there is none.
      onLog: (level, log, print) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : print(level, log)),
    },
  },
});
