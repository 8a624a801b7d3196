/**
 * Checks the types of all projects with the compiler that is named, by its path: both packages bring a `tsc`, and which of
 * them `node_modules/.bin` leads to is up to npm.
 *
 *   node scripts/check-types.ts typescript | typescript-native
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** Folders with a `tsconfig.json`. */
const PROJECTS = ['.', 'client', 'examples', 'console', 'test/console'];

function main(compiler = 'typescript'): void {
  const tsc = join(ROOT, 'node_modules', compiler, 'bin/tsc');
  for (const project of PROJECTS) {
    const { status } = spawnSync(process.execPath, [tsc, '-p', project, '--noEmit'], { cwd: ROOT, stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}

main(process.argv[2]);
