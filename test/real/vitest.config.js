import { defineConfig } from 'vitest/config';
import base from '../../vitest.config.js';

const { projects: _, ...test } = base.test;

/** The suites against a real vendor, which `npm test` does not run. `start-rt.sh` starts the vendor around them. */
export default defineConfig({
  ...base,
  root: new URL('../..', import.meta.url).pathname,
  test: { ...test, include: ['test/real/**/*.test.ts'], fileParallelism: false, isolate: false },
});
