import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import accessibility from 'eslint-plugin-jsx-a11y-x';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import typescript from 'typescript-eslint';

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
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/method-signature-style': ['error', 'property'],
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
