/**
 * Several processes that share one store: one write for each key, whichever replica gets the request or is killed. The
 * vendors run in the test's process, so that their ledgers outlive every replica.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../../sandbox/index.ts';
import type { LedgerEntry, RunningVendor } from '../../../sandbox/server.ts';
import type { ReceivedRequest } from '../../../sandbox/simulation.ts';
import { startRedis, whyNoRedis } from '../../support/redis.ts';
import { startReplica, type Replica } from '../../support/replica.ts';

type Environment = Readonly<Record<string, string>>;

interface Shared {
  readonly settings: Environment;
  /** When the unexpired leases of keys marked as SENT end, in milliseconds since the epoch. */
  leaseEnds(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** How replicas share their keys. */
const STORES: Readonly<Record<string, () => Promise<Shared>>> = {
  'a file': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-replicas-'));
    const path = join(folder, 'store');
    return {
      settings: { STORE_PATH: path },
      async leaseEnds() {
        const database = new DatabaseSync(path, { readOnly: true });
        const query = `SELECT leased_until FROM keys WHERE state = 'SENT' AND leased_until > ?`;
        const rows = database.prepare(query).all(Date.now());
        database.close();
        return rows.map((row) => row['leased_until'] as number);
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  Redis: async () => {
    const redis = await startRedis();
    return {
      settings: { REDIS_URL: redis.url },
      async leaseEnds() {
        const client = createClient({ url: redis.url });
        await client.connect();
        const rows = await Promise.all(
          (await client.keys('ticketgraph:key:*')).map((key) => client.hmGet(key, ['state', 'until'])),
        );
        client.destroy();
        return rows
          .filter(([state]) => state === 'SENT')
          .map(([, until]) => Number(until))
          .filter((until) => until > Date.now());
      },
      close: () => redis.close(),
    };
  },
};

/** For a replica that is killed: its leases end soon after. */
const SHORT = { REQUEST_TIMEOUT_MS: '2000' };

const MUTATION = `mutation ($input: ExecuteActionInput!) { payload: executeAction(input: $input) {
  outcome replayed problems { code retryable } transition { ... on TransitionFields { ticketId at } } } }`;

interface Payload {
  readonly outcome: string;
  readonly replayed: boolean;
  readonly problems: readonly { readonly code: string; readonly retryable: boolean }[];
  readonly transition: { readonly ticketId: string; readonly at: string } | null;
}

async function execute(replica: Replica, input: Readonly<Record<string, unknown>>): Promise<Payload> {
  const { data, errors } = await replica.ask(MUTATION, { input });
  expect(errors).toBeUndefined();
  return data.payload as Payload;
}

const SIGN_IN = /^\/(api\/login|v3\/auth\/tokens|oauth2\/token)/;

/** Writes to one ticket. Concurrent tests use different tickets. */
const writes = ({ ledger }: RunningVendor, id: string): LedgerEntry[] =>
  ledger.filter(
    ({ arrival }) => isWrite(arrival) && !SIGN_IN.test(arrival.path) && `${arrival.path} ${arrival.body}`.includes(id),
  );

const isWrite = ({ method }: ReceivedRequest): boolean => method !== 'GET';

const effects = ({ effects: all }: RunningVendor, id: string): number =>
  all.filter(({ ticket }) => ticket === id).length;

/** Only the event matters, no matter when. */
const SOON = { interval: 5 };

const signIns = ({ ledger }: RunningVendor): number =>
  ledger.filter(({ arrival }) => SIGN_IN.test(arrival.path)).length;

const isMissing = (name: string): boolean => name === 'Redis' && whyNoRedis !== undefined;

describe.each(Object.entries(STORES))('replicas that share %s', { tags: ['full'] }, (name, share) => {
  let shared: Shared;
  let sandbox: Sandbox;
  let replicas: readonly Replica[];
  const start = (more: Environment = {}): Promise<Replica> =>
    startReplica({ ...sandbox.settings, ...shared.settings, ...more });

  beforeAll(async () => {
    if (isMissing(name)) return;
    [shared, sandbox] = await Promise.all([share(), startSandbox(['omnidesk', 'akana'])]);
    replicas = await Promise.all([start(), start()]);
  });

  afterAll(async () => {
    if (isMissing(name)) return;
    await Promise.all(replicas.map((replica) => replica.kill()));
    await Promise.all([sandbox.close(), shared.close()]);
  });

  const it = test.extend('replicas', ({ skip }) => {
    if (isMissing(name)) skip(whyNoRedis);
    const [omnidesk, akana] = sandbox.vendors as [RunningVendor, RunningVendor];
    const [one, other] = replicas as [Replica, Replica];
    return { omnidesk, akana, one, other };
  });

  it('a hundred requests with one key to two replicas send one write and get one report', async ({ replicas }) => {
    const { omnidesk, one, other } = replicas;
    const id = omnidesk.vendor.ticketIds()[25]!;
    omnidesk.faults = () => ({ kind: 'delay', delayMs: 100 });
    const input = { ticketId: `omnidesk:${id}`, action: 'priority.urgent', idempotencyKey: 'a hundred' };
    const payloads = await Promise.all(
      Array.from({ length: 100 }, (_, index) => execute(index % 2 ? one : other, input)),
    );
    const first = payloads.filter(({ replayed }) => !replayed);
    expect(first).toMatchObject([{ outcome: 'APPLIED' }]);
    expect(payloads.filter(({ replayed }) => replayed)).toEqual(Array(99).fill({ ...first[0], replayed: true }));
    expect(writes(omnidesk, id)).toHaveLength(1);
    expect(effects(omnidesk, id)).toBe(1);
  });

  it('concurrent writes with different keys are sent once each', { tags: ['full'] }, async ({ replicas }) => {
    const { omnidesk, one, other } = replicas;
    const ids = omnidesk.vendor.ticketIds().slice(0, 25);
    const input = (id: string) => ({ ticketId: `omnidesk:${id}`, action: 'priority.low', idempotencyKey: id });
    const calls = [one, other, one, other].flatMap((replica) => ids.map((id) => execute(replica, input(id))));
    const payloads = await Promise.all(calls);
    expect(payloads.filter(({ outcome }) => outcome !== 'APPLIED')).toEqual([]);
    expect(payloads.filter(({ replayed }) => !replayed)).toHaveLength(ids.length);
    expect(ids.map((id) => [writes(omnidesk, id).length, effects(omnidesk, id)])).toEqual(ids.map(() => [1, 1]));
  });

  it.concurrent(
    'a write whose replica was killed after sending is UNKNOWN and never sent again',
    async ({ replicas, onTestFinished }) => {
      const { omnidesk, other } = replicas;
      const [applied, notApplied] = omnidesk.vendor.ticketIds().slice(30) as [string, string];
      const inputs = [applied, notApplied].map((id) => ({
        ticketId: `omnidesk:${id}`,
        action: 'priority.high',
        idempotencyKey: `killed after ${id}`,
      }));
      const sent = () => [writes(omnidesk, applied).length, writes(omnidesk, notApplied).length];
      const killed = await start(SHORT);
      onTestFinished(() => killed.kill());
      const [, , third] = omnidesk.vendor.ticketIds().slice(30);
      const first = await execute(killed, { ...inputs[0], ticketId: `omnidesk:${third}`, idempotencyKey: 'the first' });
      expect(first.outcome).toBe('APPLIED');
      omnidesk.faults = (arrival) => {
        if (!isWrite(arrival)) return undefined;
        return { kind: 'silent', applied: arrival.body.includes(applied) };
      };
      const lost = inputs.map((input) => expect(execute(killed, input)).rejects.toThrow());
      await expect.poll(sent, SOON).toEqual([1, 1]);
      await killed.kill();
      await Promise.all(lost);
      omnidesk.faults = undefined;

      const unknown = {
        outcome: 'UNKNOWN',
        replayed: true,
        problems: [{ code: 'OUTCOME_UNKNOWN', retryable: false }],
        transition: null,
      };
      expect(await Promise.all(inputs.map((input) => execute(other, input)))).toEqual([unknown, unknown]);
      expect(await Promise.all(inputs.map((input) => execute(other, input)))).toEqual([unknown, unknown]);
      expect(sent()).toEqual([1, 1]);
      expect([effects(omnidesk, applied), effects(omnidesk, notApplied)]).toEqual([1, 0]);
    },
  );

  it.concurrent(
    'a write whose replica was killed before sending is sent once by another replica',
    async ({ replicas, onTestFinished }) => {
      const { akana, other } = replicas;
      const id = 'ticket25687.acmepaymentscorp';
      const killed = await start(SHORT);
      onTestFinished(() => killed.kill());
      await killed.ask('{ vendors { key } }');
      akana.faults = () => (signIns(akana) === 1 ? { kind: 'silent', applied: false } : undefined);
      const input = { ticketId: `akana:${id}`, action: 'ticket.action.resolve', idempotencyKey: 'killed before' };
      const lost = expect(execute(killed, input)).rejects.toThrow();
      await expect.poll(() => signIns(akana), SOON).toBe(1);
      await killed.kill();
      await lost;
      expect(writes(akana, id)).toEqual([]);

      const applied = await execute(other, input);
      expect(applied).toMatchObject({ outcome: 'APPLIED', replayed: false, problems: [] });
      expect(await execute(other, input)).toEqual({ ...applied, replayed: true });
      expect(writes(akana, id)).toHaveLength(1);
      expect(effects(akana, id)).toBe(1);
    },
  );

  it(
    'a killed replica gives up its key within one lease, and a living one keeps it however long it takes',
    { tags: ['full'] },
    async ({ replicas, onTestFinished }) => {
      const { omnidesk, other } = replicas;
      const [lost, held] = omnidesk.vendor.ticketIds().slice(50) as [string, string];
      const release = Promise.withResolvers<void>();
      omnidesk.faults = (arrival) => {
        if (isWrite(arrival) && arrival.body.includes(lost)) return { kind: 'silent', applied: true };
        if (isWrite(arrival) && arrival.body.includes(held)) return { kind: 'hold', until: release.promise };
        return undefined;
      };
      onTestFinished(() => (omnidesk.faults = undefined));
      const input = (id: string) => ({
        ticketId: `omnidesk:${id}`,
        action: 'priority.high',
        idempotencyKey: `soon ${id}`,
      });
      const dying = await start({ REQUEST_TIMEOUT_MS: '600000', OMNIDESK_TIMEOUT_MS: '600000' });
      onTestFinished(() => dying.kill());
      const living = await start({ REQUEST_TIMEOUT_MS: '60000', OMNIDESK_TIMEOUT_MS: '60000' });
      onTestFinished(() => living.kill());
      const ended = expect(execute(dying, input(lost))).rejects.toThrow();
      await expect.poll(() => writes(omnidesk, lost).length, SOON).toBe(1);
      await dying.kill();
      const killedAt = Date.now();
      await ended;
      const [endsAt = NaN, ...others] = await shared.leaseEnds();
      expect(others).toEqual([]);
      // Holds on a busy machine too: the last renewal was before the kill, for 5 s.
      expect(endsAt - killedAt).toBeLessThanOrEqual(5_000);
      const first = execute(living, input(held));
      await expect.poll(() => writes(omnidesk, held).length, SOON).toBe(1);
      const unknown = await execute(other, input(lost));
      expect(unknown).toMatchObject({ outcome: 'UNKNOWN', replayed: true, problems: [{ code: 'OUTCOME_UNKNOWN' }] });
      expect(Date.now()).toBeGreaterThanOrEqual(endsAt);
      // The key is polled every 160 ms; the rest is for a busy machine.
      expect(Date.now() - endsAt).toBeLessThan(3_000);
      // By now a lease without renewal would have expired twice.
      const waiting = await other.ask(
        `mutation ($input: ExecuteActionInput!) { payload: executeAction(input: $input) {
          outcome problems { code retryable retryAfterSeconds } } }`,
        { input: input(held) },
      );
      expect(waiting.data.payload).toEqual({
        outcome: 'NOT_APPLIED',
        problems: [{ code: 'IDEMPOTENCY_IN_FLIGHT', retryable: true, retryAfterSeconds: 5 }],
      });
      release.resolve();
      const applied = await first;
      expect(applied).toMatchObject({ outcome: 'APPLIED', replayed: false });
      expect(await execute(other, input(held))).toEqual({ ...applied, replayed: true });
      expect([writes(omnidesk, lost).length, writes(omnidesk, held).length]).toEqual([1, 1]);
      expect(effects(omnidesk, lost)).toBe(1);
    },
  );

  it('the stored report survives a kill of all replicas', { tags: ['full'] }, async ({ replicas }) => {
    const { omnidesk, one, other } = replicas;
    const id = omnidesk.vendor.ticketIds()[40]!;
    const input = { ticketId: `omnidesk:${id}`, action: 'status.solved', idempotencyKey: 'kept' };
    const first = await execute(one, input);
    await Promise.all([one.kill(), other.kill()]);
    const again = await start();
    onTestFinished(() => again.kill());
    expect(await execute(again, input)).toEqual({ ...first, replayed: true });
    expect(writes(omnidesk, id)).toHaveLength(1);
  });
});
