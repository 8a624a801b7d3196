/**
 * Two processes of ticketgraph with one store, in front of a Request Tracker: the write of a key is sent once, whichever of
 * them gets the request, and whichever is killed. Runs against the real one and against the sandbox.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startReplica, type Replica } from '../support/replica.ts';
import { isWrite, observe, perform, useSession, writesSince } from './rt-session.ts';
import { createTicket, historyOf, settingsFor, type RtWorld } from './rt-world.ts';

export function describeReplicas(title: string, open: () => Promise<RtWorld>): void {
  describe(`two processes in front of ${title}`, { tags: ['full'] }, () => {
    const session = useSession(open);
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-rt-replicas-'));
    let replicas: readonly [Replica, Replica];

    beforeAll(async () => {
      const settings = {
        ...settingsFor(session().proxy.url),
        STORE_PATH: join(folder, 'store'),
        // The lease of a process that is killed ends soon after.
        REQUEST_TIMEOUT_MS: '4000',
      };
      replicas = await Promise.all([startReplica(settings), startReplica(settings)]);
    });

    afterAll(async () => {
      await Promise.all(replicas.map((replica) => replica.kill()));
      rmSync(folder, { recursive: true, force: true });
    });

    const keyed = (id: number): Record<string, unknown> => ({
      ticketId: `rt:${id}`,
      action: 'comment',
      inputs: { content: 'Once' },
      idempotencyKey: crypto.randomUUID(),
    });

    test('RT: a key that two processes get at once is sent by one of them', async () => {
      const { world, proxy } = session();
      const id = await createTicket(world);
      const input = keyed(id);
      const mark = proxy.ledger.length;
      const { result, changes } = await observe(world, [id], () =>
        Promise.all([0, 1, 0, 1].map((index) => perform(replicas[index]!, 'executeAction', input, true))),
      );
      expect(result.map(({ outcome }) => outcome)).toEqual(Array(4).fill('APPLIED'));
      expect(result.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(changes).toMatchObject([[{ type: 'Comment' }]]);
      expect(writesSince(proxy, mark)).toHaveLength(1);
    });

    // Last: it kills one of them.
    test('RT: the key of a killed process is UNKNOWN to the other, which does not send it', async () => {
      const { world, proxy } = session();
      const [killed, other] = replicas;
      const id = await createTicket(world);
      const input = keyed(id);
      const mark = proxy.ledger.length;
      const { promise: answered, resolve: noteAnswer } = Promise.withResolvers<void>();
      const { promise: never } = Promise.withResolvers<void>();
      // RT has made it, and its answer is on its way.
      const after = (): Promise<void> => {
        noteAnswer();
        return never;
      };
      proxy.interfere = (request) => (isWrite(request) ? { after } : undefined);
      const lost = perform(killed, 'executeAction', input, true).catch((error: unknown) => error);
      await answered;
      await killed.kill();
      proxy.interfere = undefined;
      expect(await lost).toBeInstanceOf(Error);
      // While the lease of the killed process lasts, the key is in use.
      await expect
        .poll(() => perform(other, 'executeAction', input, true), { timeout: 60_000 })
        .toMatchObject({ outcome: 'UNKNOWN', problems: [{ code: 'OUTCOME_UNKNOWN' }] });
      expect(writesSince(proxy, mark)).toHaveLength(1);
      expect((await historyOf(world, id)).filter(({ type }) => type === 'Comment')).toHaveLength(1);
    });
  });
}
