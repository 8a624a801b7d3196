import { expect, test } from 'vitest';
import { runCommand } from '../support/command.ts';
import { settingsFor } from './rt-world.ts';

interface Finding {
  readonly kind: string;
  readonly found: string;
}

interface Report {
  readonly vendors: readonly {
    readonly reads: readonly { readonly operation: string; readonly status: number }[];
    readonly findings: readonly Finding[];
  }[];
}

/** A merged ticket, one of another lifecycle, one with an owner. */
const TICKETS = ['rt:20', 'rt:21', 'rt:5'];

const STATUS_MAP = 'draft=NEW,review=OPEN,approved=OPEN,parked=ON_HOLD,done=SOLVED,refused=CANCELLED';

async function verify(settings: Readonly<Record<string, string>> = {}): Promise<Report['vendors'][number]> {
  const words = ['verify', '--vendor', 'RT', '--json', ...TICKETS.flatMap((id) => ['--ticket', id])];
  const environment = { ...settingsFor(process.env['REAL_RT_URL']!), ...settings };
  const { stdout } = await runCommand(words, { environment });
  return (JSON.parse(stdout) as Report).vendors[0]!;
}

test('verify finds nothing in the answers of the real RT that its exchanges do not show', async () => {
  const { reads, findings } = await verify({ RT_STATUS_MAP: STATUS_MAP });
  expect(new Set(reads.map(({ status }) => status))).toEqual(new Set([200]));
  expect(reads.length).toBeGreaterThan(TICKETS.length);
  // How long it takes says more about the machine that runs the tests.
  expect(findings.filter(({ kind }) => kind !== 'slow')).toEqual([]);
});

test('verify reports the statuses of an own lifecycle that RT_STATUS_MAP does not name', async () => {
  const { findings } = await verify();
  const others = findings.filter(({ kind }) => kind !== 'slow');
  expect(new Set(others.map(({ kind }) => kind))).toEqual(new Set(['unknown-word']));
  expect(others.map(({ found }) => found)).toContain('"draft"');
});
