import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: path.resolve(import.meta.dirname, '../..'),
    include: ['test/render/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
  },
});
