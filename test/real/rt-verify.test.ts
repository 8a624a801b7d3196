import { expect, test } from 'vitest';
import { runCommand } from '../support/command.ts';
import { settingsFor } from './rt-world.ts';

interface Report {
  readonly vendors: readonly {
    readonly reads: readonly { readonly operation: string; readonly status: number }[];
    readonly findings: readonly { readonly kind: string }[];
  }[];
}

/** A merged ticket, one of another lifecycle, one with an owner. */
const TICKETS = ['rt:20', 'rt:21', 'rt:5'];

test('verify finds nothing in the answers of the real RT that its exchanges do not show', async () => {
  const words = ['verify', '--vendor', 'RT', '--json', ...TICKETS.flatMap((id) => ['--ticket', id])];
  const { stdout, stderr } = await runCommand(words, { environment: settingsFor(process.env['REAL_RT_URL']!) });
  expect(stderr).toBe('');
  const [rt] = (JSON.parse(stdout) as Report).vendors;
  expect(new Set(rt!.reads.map(({ status }) => status))).toEqual(new Set([200]));
  expect(rt!.reads.length).toBeGreaterThan(TICKETS.length);
  // How long it takes says more about the machine that runs the tests.
  expect(rt!.findings.filter(({ kind }) => kind !== 'slow')).toEqual([]);
});
