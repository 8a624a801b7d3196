/**
 * Several processes over one store: one write per key, whichever of them is asked and whichever of them dies. The vendors
 * run here, in the test's own process, so that a ledger outlives every replica.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../sandbox/index.ts';
import type { LedgerEntry, RunningVendor } from '../../sandbox/server.ts';
import { startRedis, whyNoRedis } from '../support/redis.ts';
import { startReplica, type Replica } from '../support/replica.ts';

type Environment = Readonly<Record<string, string>>;

interface Shared {
  readonly settings: Environment;
  close(): Promise<void>;
}

/** How replicas share their keys. */
const STORES: Readonly<Record<string, () => Promise<Shared>>> = {
  'a file': async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-replicas-'));
    return {
      settings: { STORE_PATH: join(folder, 'store') },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  Redis: async () => {
    const redis = await startRedis();
    return { settings: { REDIS_URL: redis.url }, close: () => redis.close() };
  },
};

/** Time for a replica that is to be killed: its leases end soon after. */
const SHORT = { REQUEST_TIMEOUT_MS: '1500' };

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

const writes = ({ ledger }: RunningVendor): LedgerEntry[] =>
  ledger.filter(({ arrival }) => arrival.method !== 'GET' && !SIGN_IN.test(arrival.path));

const signIns = ({ ledger }: RunningVendor): number =>
  ledger.filter(({ arrival }) => SIGN_IN.test(arrival.path)).length;

const isMissing = (name: string): boolean => name === 'Redis' && whyNoRedis !== undefined;

describe.each(Object.entries(STORES))('replicas that share %s', (name, share) => {
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

  const it = test.extend('world', ({ skip }) => {
    if (isMissing(name)) skip(whyNoRedis);
    const [omnidesk, akana] = sandbox.vendors as [RunningVendor, RunningVendor];
    for (const vendor of [omnidesk, akana]) {
      vendor.faults = undefined;
      vendor.ledger.length = 0;
      vendor.effects.length = 0;
    }
    const [one, other] = replicas as [Replica, Replica];
    return { omnidesk, akana, one, other };
  });

  it('send one write for a hundred calls with one key, and all of them hear the same', async ({ world }) => {
    const { omnidesk, one, other } = world;
    omnidesk.faults = () => ({ kind: 'delay', delayMs: 100 });
    const input = { ticketId: 'omnidesk:858462', action: 'priority.urgent', idempotencyKey: 'a hundred' };
    const payloads = await Promise.all(
      Array.from({ length: 100 }, (_, index) => execute(index % 2 ? one : other, input)),
    );
    const first = payloads.filter(({ replayed }) => !replayed);
    expect(first).toMatchObject([{ outcome: 'APPLIED' }]);
    expect(payloads.filter(({ replayed }) => replayed)).toEqual(Array(99).fill({ ...first[0], replayed: true }));
    expect(writes(omnidesk)).toHaveLength(1);
    expect(omnidesk.effects).toHaveLength(1);
  });

  it('keep the keys apart: of many at once each is one write', async ({ world }) => {
    const { omnidesk, one, other } = world;
    const ids = omnidesk.vendor.ticketIds().slice(0, 25);
    const input = (id: string) => ({ ticketId: `omnidesk:${id}`, action: 'priority.low', idempotencyKey: id });
    const calls = [one, other, one, other].flatMap((replica) => ids.map((id) => execute(replica, input(id))));
    const payloads = await Promise.all(calls);
    expect(payloads.filter(({ outcome }) => outcome !== 'APPLIED')).toEqual([]);
    expect(payloads.filter(({ replayed }) => !replayed)).toHaveLength(ids.length);
    expect(omnidesk.effects.map(({ ticket }) => ticket).toSorted()).toEqual(ids.toSorted());
  });

  it('say that nobody knows where one was killed after it had sent, and never send again', async ({ world }) => {
    const { omnidesk, other } = world;
    const [applied, notApplied] = omnidesk.vendor.ticketIds().slice(30);
    const inputs = [applied, notApplied].map((id) => ({
      ticketId: `omnidesk:${id}`,
      action: 'priority.high',
      idempotencyKey: `killed after ${id}`,
    }));
    const killed = await start(SHORT);
    onTestFinished(() => killed.kill());
    let arrivals = 0;
    omnidesk.faults = ({ body }) =>
      (arrivals += 1) > 2 ? undefined : { kind: 'silent', applied: body.includes(applied!) };
    const lost = inputs.map((input) => expect(execute(killed, input)).rejects.toThrow());
    await expect.poll(() => writes(omnidesk).length, { interval: 5 }).toBe(2);
    await killed.kill();
    await Promise.all(lost);

    const unknown = {
      outcome: 'UNKNOWN',
      replayed: true,
      problems: [{ code: 'OUTCOME_UNKNOWN', retryable: false }],
      transition: null,
    };
    expect(await Promise.all(inputs.map((input) => execute(other, input)))).toEqual([unknown, unknown]);
    expect(await Promise.all(inputs.map((input) => execute(other, input)))).toEqual([unknown, unknown]);
    expect(writes(omnidesk)).toHaveLength(2);
    expect(omnidesk.effects.map(({ ticket }) => ticket)).toEqual([applied]);
  });

  it('carry on where one was killed before it had sent: exactly one write', async ({ world }) => {
    const { akana, other } = world;
    const killed = await start(SHORT);
    onTestFinished(() => killed.kill());
    akana.faults = () => (signIns(akana) === 1 ? { kind: 'silent', applied: false } : undefined);
    const input = {
      ticketId: 'akana:ticket25687.acmepaymentscorp',
      action: 'ticket.action.resolve',
      idempotencyKey: 'killed before',
    };
    const lost = expect(execute(killed, input)).rejects.toThrow();
    await expect.poll(() => signIns(akana), { interval: 5 }).toBe(1);
    await killed.kill();
    await lost;
    expect(writes(akana)).toEqual([]);

    const applied = await execute(other, input);
    expect(applied).toMatchObject({ outcome: 'APPLIED', replayed: false, problems: [] });
    expect(await execute(other, input)).toEqual({ ...applied, replayed: true });
    expect(writes(akana)).toHaveLength(1);
    expect(akana.effects).toHaveLength(1);
  });

  it('give the kept answer after all of them were killed and one was started again', async ({ world }) => {
    const { omnidesk, one, other } = world;
    const input = { ticketId: 'omnidesk:858462', action: 'status.solved', idempotencyKey: 'kept' };
    const first = await execute(one, input);
    await Promise.all([one.kill(), other.kill()]);
    const again = await start();
    onTestFinished(() => again.kill());
    expect(await execute(again, input)).toEqual({ ...first, replayed: true });
    expect(writes(omnidesk)).toHaveLength(1);
  });
});
