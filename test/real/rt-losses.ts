/**
 * What writing to a Request Tracker promises when requests or answers are lost, when callers retry, and when several write at
 * once. Runs against the real one and against the sandbox.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSqliteStore } from '../../datasources/writes/idempotency/sqlite-store.ts';
import type { Interference } from './cutting-proxy.ts';
import { isWrite, observe, perform, statusChange, useSession, writesSince, writeTo } from './rt-session.ts';
import { createTicket, statusOf, type RtWorld } from './rt-world.ts';

const UNKNOWN = { outcome: 'UNKNOWN', reconciled: false, problems: [{ code: 'OUTCOME_UNKNOWN' }] };
const FOUND = { outcome: 'APPLIED', reconciled: true };

/** A write of each kind, and what RT records of it. */
const WRITES = [
  ['a transition', 'executeAction', { action: 'status.open' }, { type: 'Status' }, FOUND],
  ['setStatus', 'setStatus', { status: 'SOLVED' }, { type: 'Status' }, FOUND],
  ['a new title', 'updateTicket', { title: 'Renamed' }, { type: 'Set', field: 'Subject' }, FOUND],
  ['a deletion', 'deleteTickets', {}, { type: 'Status', to: 'deleted' }, FOUND],
  ['a comment', 'executeAction', { action: 'comment', inputs: { content: 'Lost?' } }, { type: 'Comment' }, UNKNOWN],
] as const;

export function describeLosses(title: string, open: () => Promise<RtWorld>): void {
  describe(`losses in front of ${title}`, () => {
    const session = useSession(open);

    /** Interferes with the next write only. */
    const interfereOnce = (interference: Interference): void => {
      let isDone = false;
      session().proxy.interfere = (request) => {
        if (isDone || !isWrite(request)) return undefined;
        isDone = true;
        return interference;
      };
      onTestFinished(() => {
        session().proxy.interfere = undefined;
      });
    };

    test.each(WRITES)('RT: %s whose answer is lost was made once', async (_, mutation, input, change, expected) => {
      const id = await createTicket(session().world);
      const mark = session().proxy.ledger.length;
      interfereOnce({ isAnswered: false });
      const { payload, changes } = await writeTo(session(), id, mutation, input);
      expect(payload).toMatchObject(expected);
      expect(changes).toMatchObject([change]);
      expect(writesSince(session().proxy, mark)).toHaveLength(1);
    });

    test.each(WRITES)('RT: %s that never arrives is UNKNOWN, and sent once', async (_, mutation, input) => {
      const id = await createTicket(session().world);
      const mark = session().proxy.ledger.length;
      interfereOnce({ isForwarded: false });
      const { payload, changes } = await writeTo(session(), id, mutation, input);
      expect(payload).toMatchObject(UNKNOWN);
      expect(changes).toEqual([]);
      expect(writesSince(session().proxy, mark)).toHaveLength(1);
    });

    test('RT: a write that lands after its caller gave up is UNKNOWN, never NOT_APPLIED', async () => {
      const { world, proxy, connect } = session();
      const id = await createTicket(world);
      const hasty = await connect({ RT_TIMEOUT_MS: '3000' });
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      interfereOnce({ before: () => released });
      const { payload, changes } = await writeTo(session(), id, 'executeAction', { action: 'status.open' }, hasty);
      expect(payload).toMatchObject(UNKNOWN);
      expect(changes).toEqual([]);
      const entry = proxy.ledger.findLast(({ request }) => isWrite(request))!;
      release();
      await entry.done;
      expect(await statusOf(world, id)).toBe('open');
    });

    test('RT: a new ticket whose answer is lost is UNKNOWN, and is there once', async () => {
      const { world, endpoint, proxy } = session();
      const subject = `Lost ${crypto.randomUUID()}`;
      const mark = proxy.ledger.length;
      interfereOnce({ isAnswered: false });
      const payload = await perform(endpoint, 'createTicket', { ticket: { rt: { queue: 'Support', subject } } }, true);
      expect(payload).toMatchObject(UNKNOWN);
      expect(writesSince(proxy, mark)).toHaveLength(1);
      const query = encodeURIComponent(`Subject = '${subject}'`);
      expect((await world.send('gateway', 'GET', `/tickets?query=${query}`)).body.total).toBe(1);
    });

    test('RT: a lost answer is not NOT_APPLIED because somebody else led the ticket on', async () => {
      const { world, proxy } = session();
      const id = await createTicket(world);
      let isMoved = false;
      interfereOnce({ isAnswered: false });
      const { interfere } = proxy;
      const mark = proxy.ledger.length;
      proxy.interfere = (request) => {
        const isLook = !isWrite(request) && writesSince(proxy, mark).length > 0 && !isMoved;
        if (!isLook) return interfere?.(request);
        isMoved = true;
        return { before: () => world.send('german', 'PUT', `/ticket/${id}`, { Status: 'stalled' }) };
      };
      const { payload, changes } = await writeTo(session(), id, 'executeAction', { action: 'status.open' });
      expect(isMoved).toBe(true);
      expect(changes).toMatchObject([statusChange('new', 'open'), statusChange('open', 'stalled', 'german')]);
      // RT's history shows it, and a look at the ticket alone does not.
      expect(['APPLIED', 'UNKNOWN']).toContain(payload.outcome);
    });

    test('RT: a ticket that changes between the look and the write is not written to', async () => {
      const { world } = session();
      const id = await createTicket(world);
      interfereOnce({ before: () => world.send('german', 'PUT', `/ticket/${id}`, { Status: 'stalled' }) });
      const { payload, changes } = await writeTo(session(), id, 'executeAction', { action: 'status.resolved' });
      expect(payload).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_REJECTED' }] });
      expect(changes).toMatchObject([statusChange('new', 'stalled', 'german')]);
      expect(await statusOf(world, id)).toBe('stalled');
    });

    test.each([
      ['two accounts', ['gateway', 'german'], ['status.stalled', 'status.rejected']],
      ['one account', ['gateway', 'gateway'], ['status.stalled', 'status.rejected']],
      ['two accounts who both take it', ['gateway', 'german'], ['take', 'take']],
    ] as const)('RT: writes at once by %s are reported as RT recorded them', async (_, accounts, actions) => {
      const { world, connectAs } = session();
      const endpoints = await Promise.all(accounts.map(connectAs));
      for (let round = 0; round < 6; round++) {
        const id = await createTicket(world, { path: ['open'] });
        const { result, changes } = await observe(world, [id], () =>
          Promise.all(
            endpoints.map((endpoint, index) =>
              perform(endpoint, 'executeAction', { ticketId: `rt:${id}`, action: actions[index]! }, true),
            ),
          ),
        );
        for (const [index, { outcome }] of result.entries()) {
          const action = actions[index]!;
          const made = changes[0]!.filter(
            ({ by, type, to }) =>
              by === accounts[index] && (action === 'take' ? type === 'Set' : action === `status.${to}`),
          );
          const why = `${accounts[index]} ${action}, round ${round}: ${JSON.stringify([outcome, changes])}`;
          if (outcome === 'APPLIED') expect(made, why).toHaveLength(1);
          if (outcome === 'NOT_APPLIED') expect(made, why).toEqual([]);
          expect(outcome, why).not.toBe('UNKNOWN');
        }
      }
    });

    test('RT: a key sends its write once, however often it is used', async () => {
      const { proxy, world } = session();
      const id = await createTicket(world);
      const input = { action: 'comment', inputs: { content: 'Once' }, idempotencyKey: crypto.randomUUID() };
      const mark = proxy.ledger.length;
      const first = await writeTo(session(), id, 'executeAction', input);
      expect(first.payload).toMatchObject({ outcome: 'APPLIED', replayed: false });
      const again = await writeTo(session(), id, 'executeAction', input);
      expect(again.payload).toMatchObject({ outcome: 'APPLIED', replayed: true });
      expect([...first.changes, ...again.changes]).toMatchObject([{ type: 'Comment' }]);
      expect(writesSince(proxy, mark)).toHaveLength(1);
    });

    test('RT: the key of a write whose outcome is unknown never sends it again', async () => {
      const { proxy, world } = session();
      const id = await createTicket(world);
      const input = { action: 'comment', inputs: { content: 'Perhaps' }, idempotencyKey: crypto.randomUUID() };
      const mark = proxy.ledger.length;
      interfereOnce({ isAnswered: false });
      expect((await writeTo(session(), id, 'executeAction', input)).payload).toMatchObject(UNKNOWN);
      const again = await writeTo(session(), id, 'executeAction', input);
      expect(again.payload).toMatchObject({ outcome: 'UNKNOWN', replayed: true });
      expect(again.changes).toEqual([]);
      expect(writesSince(proxy, mark)).toHaveLength(1);
    });

    test('RT: two replicas with one store send the write of a key once', async () => {
      const { proxy, world, connect } = session();
      const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-rt-replicas-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const replicas = await Promise.all(
        [0, 1].map(() => connect({}, { store: createSqliteStore(join(folder, 'store')) })),
      );
      const id = await createTicket(world);
      const action = { ticketId: `rt:${id}`, action: 'comment', inputs: { content: 'Once' } };
      const input = { ...action, idempotencyKey: crypto.randomUUID() };
      const mark = proxy.ledger.length;
      const { result, changes } = await observe(world, [id], () =>
        Promise.all([0, 1, 0, 1].map((index) => perform(replicas[index]!, 'executeAction', input, true))),
      );
      expect(result.map(({ outcome }) => outcome)).toEqual(Array(4).fill('APPLIED'));
      expect(result.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(changes).toMatchObject([[{ type: 'Comment' }]]);
      expect(writesSince(proxy, mark)).toHaveLength(1);
    });
  });
}
