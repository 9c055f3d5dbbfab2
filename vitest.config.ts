import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // The real workbench and the real control plane have runners of their own (client/scripts).
    exclude: ['test/vscode/**', 'test/cluster/**', 'test/render/**', 'node_modules/**'],
    environment: 'node',
    testTimeout: 30_000,
  },
});
