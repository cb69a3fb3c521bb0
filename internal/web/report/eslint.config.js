import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import accessibility from 'eslint-plugin-jsx-a11y-x';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import typescript from 'typescript-eslint';

/** The folders of src from the lowest layer to the highest: each imports only what stands in a row above its own. */
const layers = [
  ['state', 'testing'],
  ['design', 'locale'],
  ['api'],
  ['report'],
  ['address'],
  ['session'],
  ['ivr', 'player'],
  ['details', 'files', 'filters', 'sources', 'table'],
  ['app'],
  ['main.tsx'],
];

const zones = layers.slice(0, -1).flatMap((row, i) =>
  row.map((folder) => ({
    target: `./src/${folder}`,
    from: layers
      .slice(i)
      .flat()
      .filter((other) => other !== folder)
      .map((other) => `./src/${other}`),
    message: `${folder} imports only lower layers: see eslint.config.js.`,
  })),
);

export default defineConfig(
  { ignores: ['dist', 'src/api/generated', 'src/locale/labels.generated.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { files: ['*.ts'], extends: [typescript.configs.recommended] },
  {
    files: ['*.{js,ts}', 'scripts/*.mjs', 'e2e/**/*.mjs'],
    // What an end-to-end test evaluates in the page speaks of the page's own globals.
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { 'no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }] },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    extends: [typescript.configs.recommendedTypeChecked, hooks.configs.flat.recommended, accessibility.configs.recommended],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: {
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] })],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      '@typescript-eslint/method-signature-style': ['error', 'property'],
      // A column without a case of its own is an error that names it; a default covers what it is meant to.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_' }],
      // The page is not compiled by React's compiler, which this rule speaks for.
      'react-hooks/incompatible-library': 'off',
      // A dialog, a search and the sign-in open because somebody asked for them: the focus goes where the work begins.
      'jsx-a11y-x/no-autofocus': 'off',
      // The table is one stop for the keyboard; its rows and headings are reached by aria-activedescendant.
      'jsx-a11y-x/interactive-supports-focus': 'off',
      // A panel listens for Escape, and the grip of its edge is a separator that has a value.
      'jsx-a11y-x/no-noninteractive-element-interactions': 'off',
      'jsx-a11y-x/no-noninteractive-tabindex': ['error', { roles: ['separator'], tags: [] }],
      // A recording of a call has no captions.
      'jsx-a11y-x/media-has-caption': 'off',
    },
  },
);
