/** A real RT that is slow for a real reason: another transaction holds the row of the ticket in its database. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { perform, statusChange, useSession } from './rt-session.ts';
import { createTicket, historyOf, openRealRt, statusOf } from './rt-world.ts';

const session = useSession(openRealRt);

/** Locks the row of a ticket. Returns a function that releases it. */
async function lockTicket(id: number): Promise<() => void> {
  const socket = join(process.env['REAL_RT_FOLDER']!, 'socket');
  const psql = spawn('psql', ['-h', socket, '-U', 'postgres', '-qAt', 'rt'], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => {
    psql.kill();
  });
  psql.stdin.write(`begin; select id from tickets where id = ${id} for update;\n`);
  const [line] = (await once(psql.stdout, 'data')) as [Buffer];
  expect(line.toString().trim()).toBe(String(id));
  return () => psql.stdin.end('commit;\n');
}

test.skipIf(process.env['REAL_RT_DATABASE'] !== 'pg')(
  'RT: a write that RT makes after its caller gave up is UNKNOWN, never NOT_APPLIED',
  async () => {
    const { world, connect } = session();
    const id = await createTicket(world);
    const hasty = await connect({ RT_TIMEOUT_MS: '4000' });
    const release = await lockTicket(id);
    const payload = await perform(hasty, 'executeAction', { ticketId: `rt:${id}`, action: 'status.open' }, true);
    expect(payload).toMatchObject({ outcome: 'UNKNOWN', problems: [{ code: 'OUTCOME_UNKNOWN' }] });
    // The old state is all that there is to see.
    expect(await statusOf(world, id)).toBe('new');
    release();
    await expect.poll(() => statusOf(world, id), { timeout: 60_000 }).toBe('open');
    const changes = await historyOf(world, id);
    expect(changes.filter(({ type }) => type === 'Status')).toMatchObject([statusChange('new', 'open')]);
  },
);
