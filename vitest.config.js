import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

/** These replace a module, or listen to what the process as a whole does. */
const APART = ['execute', 'request-checks', 'prepared-operations'].map((name) => `test/server/graphql/${name}.test.ts`);

export default defineConfig({
  // One copy of graphql: the libraries below load its CommonJS build, as Node does for ours outside of the tests.
  resolve: { alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }] },
  test: {
    tags: [
      {
        // `npm test` leaves these out, `npm run test:full` does not.
        name: 'full',
        description:
          'Takes long: a process or a browser page for each case, a compiler, megabytes, or very many random cases.',
      },
    ],
    // Generous, so that a busy machine fails nothing: these only tell "hung" from "not hung".
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // One line per test file, and what is printed by tests that fail.
    slowTestThreshold: 60_000,
    silent: 'passed-only',
    pool: 'forks',
    // More than there are cores: much of the time goes into waiting for processes and vendors that are slow on purpose.
    maxWorkers: 4,
    projects: [
      {
        extends: true,
        // One process for many files: to load the server anew for each would take half of the time.
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          // `npm run test:real` runs those of test/real, with a configuration of its own.
          exclude: ['test/sixth-vendor/**', 'test/real/**', ...APART],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'apart', include: APART } },
    ],
  },
});
