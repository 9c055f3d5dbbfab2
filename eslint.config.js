import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Import rules of ARCHITECTURE.md: who may import whom. Each entry is a room and what it must not touch. */
const outside = (patterns, message) => ({ group: patterns, message });
const NODE = outside(['node:*', 'fs', 'path', 'os', 'child_process'], 'This room is pure: no Node module.');
const VSCODE = { name: 'vscode', message: 'vscode is imported under client/src/vscode alone.' };
const CLIENT_NODE = outside(
  ['@kubernetes/client-node', '@kubernetes/client-node/*'],
  'client-node is imported under client/src/kube alone.',
);
const INTO_CLIENT = outside(['**/client/**', '#client/*'], 'server never imports client.');
const INTO_SERVER = outside(
  ['**/server/**'],
  'client imports #core/*, #service, #service/lint and #protocol of the server, nothing else.',
);
const upward = (...rooms) =>
  outside(
    rooms.flatMap((r) => [`**/${r}/**`, `../${r}/*`, `../../${r}/*`]),
    'Rooms import downward only: core ← manifest ← workspace ← language ← lsp.',
  );

const room = (files, { paths = [], patterns = [], rules = {} }) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { paths, patterns }], ...rules },
});

/** core reads nothing but what it is given: no package, no clock, no chance. */
const NO_PACKAGE = { regex: '^[^.]', message: 'core imports nothing from outside its folder.' };
/** The runner and the simulation are driven through ports: of the project they know core and one another, no package. */
const PORTS_ONLY = {
  regex: '^(?!\\.{1,2}/|#core/)|/(?:cli|kube|vscode|webview)/',
  message: 'sync, simulation, text and timeline import #core/* and one another, nothing else.',
};
const NO_CLOCK = 'Time and chance come through a port.';
const TIMELESS = {
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: NO_CLOCK },
    { object: 'Math', property: 'random', message: NO_CLOCK },
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: NO_CLOCK },
  ],
  'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'performance', 'crypto'],
};

export default tseslint.config(
  { ignores: ['dist/**', 'artifacts/**', 'node_modules/**', 'test/fixtures/**'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          'server/src/core/tsconfig.json',
          'server/tsconfig.pure.json',
          'server/tsconfig.json',
          'server/tsconfig.browser.json',
          'client/tsconfig.pure.json',
          'client/tsconfig.json',
          'client/tsconfig.browser.json',
          'client/src/webview/tsconfig.json',
          'test/tsconfig.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        setInterval: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  { files: ['client/scripts/**', 'test/**'], rules: { 'no-console': 'off' } },
  room(['server/src/core/**/*.ts'], {
    paths: [VSCODE],
    patterns: [NODE, NO_PACKAGE, INTO_CLIENT, upward('manifest', 'workspace', 'language', 'lsp')],
    rules: TIMELESS,
  }),
  room(['server/src/manifest/**/*.ts'], {
    paths: [VSCODE],
    patterns: [NODE, CLIENT_NODE, INTO_CLIENT, upward('workspace', 'language', 'lsp')],
  }),
  room(['server/src/workspace/**/*.ts'], {
    paths: [VSCODE],
    patterns: [NODE, CLIENT_NODE, INTO_CLIENT, upward('language', 'lsp')],
  }),
  room(['server/src/language/**/*.ts'], { paths: [VSCODE], patterns: [NODE, CLIENT_NODE, INTO_CLIENT, upward('lsp')] }),
  room(['server/src/lsp/**/*.ts', 'server/src/*.ts'], { paths: [VSCODE], patterns: [CLIENT_NODE, INTO_CLIENT] }),
  room(['client/src/sync/**/*.ts', 'client/src/simulation/**/*.ts'], {
    paths: [VSCODE],
    patterns: [NODE, CLIENT_NODE, INTO_SERVER, PORTS_ONLY],
    rules: TIMELESS,
  }),
  room(['client/src/text/**/*.ts', 'client/src/timeline/**/*.ts'], {
    paths: [VSCODE],
    patterns: [NODE, CLIENT_NODE, INTO_SERVER, PORTS_ONLY],
    rules: TIMELESS,
  }),
  room(['client/src/webview/**/*.ts'], { paths: [VSCODE], patterns: [NODE, CLIENT_NODE, INTO_SERVER] }),
  room(['client/src/cli/**/*.ts'], { paths: [VSCODE], patterns: [CLIENT_NODE, INTO_SERVER] }),
  room(['client/src/kube/**/*.ts'], { paths: [VSCODE], patterns: [INTO_SERVER] }),
  room(['client/src/vscode/**/*.ts'], { patterns: [CLIENT_NODE, INTO_SERVER] }),
);
