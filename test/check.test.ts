/** The steps of `npm run check`, run side by side: none that fails goes unseen. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const PROGRAM = join(import.meta.dirname, '../scripts/run-parallel.ts');

function runSteps(scripts: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-check-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, scripts }));
  return spawnSync(process.execPath, [PROGRAM, ...Object.keys(scripts)], { cwd: folder, encoding: 'utf8' });
}

test('passed scripts are listed with their output', () => {
  const { status, stdout, stderr } = runSteps({ one: 'echo first', two: 'echo second' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^passed: one, .* s\nfirst$/m);
  expect(stdout).toMatch(/^passed: two, .* s\nsecond$/m);
});

test('a failed script fails the run, is named at the end, and does not stop the others', () => {
  const { status, stdout, stderr } = runSteps({
    broken: 'echo why && exit 3',
    good: 'echo fine',
    killed: 'kill -9 $$',
  });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^FAILED: broken, .* s\nwhy$/m);
  expect(stdout).toMatch(/^passed: good, .* s\nfine$/m);
  expect(stderr).toMatch(/^FAILED: (broken, killed|killed, broken)$/m);
});
