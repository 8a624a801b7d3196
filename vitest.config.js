import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One copy of graphql: the libraries below load its CommonJS build, as Node does for ours outside of the tests.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/sixth-vendor/**'],
    // Generous, so that a busy machine fails nothing: these only tell "hung" from "not hung".
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // One line per test file, and what is printed by tests that fail.
    slowTestThreshold: 60_000,
    silent: 'passed-only',
    pool: 'forks',
    // Most of the time goes into waiting for processes and vendors that are slow on purpose.
    maxWorkers: 4,
  },
});
