/** Idempotency keys through the endpoint: how often a vendor was written to, by its ledger, and what clients got. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { forRequest } from '../../../datasources/index.ts';
import { toVendorEnum } from '../../../datasources/vendor-kit/source-key.ts';
import { createSqliteStore } from '../../../datasources/writes/idempotency/sqlite-store.ts';
import { createRedisStore } from '../../../datasources/writes/idempotency/redis-store.ts';
import { KEPT_MS, type KeyStore } from '../../../datasources/writes/idempotency/store.ts';
import type { Fault, FaultPlan } from '../../../sandbox/faults.ts';
import { loadSimulation } from '../../../sandbox/index.ts';
import { startVendor, type LedgerEntry } from '../../../sandbox/server.ts';
import { startEndpoint, type Endpoint } from '../../support/endpoint.ts';
import { findFreePort } from '../../support/free-port.ts';
import { startRedis, whyNoRedis } from '../../support/redis.ts';
import {
  SAMPLED,
  SETTING_STATUS,
  SIGNING_IN_SOURCES,
  SOURCES,
  isSignIn,
  isWrite,
  samplesOf,
} from '../../support/samples.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

interface Problem {
  readonly code: string;
  readonly field: readonly string[] | null;
  readonly retryable: boolean;
}

interface Payload {
  readonly outcome: string;
  readonly replayed: boolean;
  readonly clientMutationId: string | null;
  readonly problems: readonly Problem[];
  readonly [field: string]: unknown;
}

type Input = Readonly<Record<string, unknown>>;

const SHARED = `outcome replayed reconciled clientMutationId
  problems { code message vendor ticketId field retryable retryAfterSeconds upstreamStatus upstreamCode upstreamMessage }`;
const TRANSITION =
  'transition { __typename ... on TransitionFields { ticketId vendor action to { category raw } at } }';
const RESULTS = `results { ticketId outcome problem { code } ${TRANSITION} }`;

const FIELDS: Readonly<Record<string, string>> = {
  executeAction: `ticket { ... on TicketFields { id } } ${TRANSITION}`,
  setStatus: RESULTS,
  setPriority: RESULTS,
  createTicket: 'plan { method }',
  solveUnfinishedTickets: '',
};

/** The payload of one mutation. */
async function run(endpoint: Pick<Endpoint, 'ask'>, mutation: string, input: Input): Promise<Payload> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { payload: ${mutation}(input: $input) { ${SHARED} ${FIELDS[mutation] ?? ''} } }`;
  const { data, errors } = await endpoint.ask(query, { input });
  expect(errors).toBeUndefined();
  return data.payload as Payload;
}

/** Only the event matters, no matter when. */
const SOON = { interval: 5 };

const codes = ({ problems }: Payload): string[] => problems.map(({ code }) => code);

/** Requests that could have changed something. */
const writes = (server: TestServer, key: string): LedgerEntry[] =>
  server.calls(key).filter(({ arrival }) => arrival.method !== 'GET');

const reply = (status: number, applied = false): Fault => ({ kind: 'answer', applied, reply: { status } });

/** The fault for the first `count` writes. */
function forWrites(fault: Fault, count = Infinity): FaultPlan {
  let left = count;
  return (arrival) => (!isWrite(arrival) || (left -= 1) < 0 ? undefined : fault);
}

/** An action of each vendor whose repetition would be visible. */
const ACTIONS = SAMPLED.map(({ key, samples }): readonly [key: string, input: Input] => [key, samples.keyedAction]);

const SIGNED_IN = SIGNING_IN_SOURCES.map(({ key, samples }): readonly [string, Input] => [key, samples.keyedAction]);

const URGENT = samplesOf('omnidesk').samples.keyedAction;
const keyed = (input: Input = {}): Input => ({ ...URGENT, idempotencyKey: 'key', ...input });

test.each(SOURCES.map(({ key, samples }) => [key, samples.keyedAction] as const))(
  'the same key and arguments return the stored report and send nothing: %s',
  async (key, input) => {
    const server = await startTestServer({ keys: [key] });
    const first = await run(server, 'executeAction', { ...input, idempotencyKey: 'key' });
    expect(first).toMatchObject({ outcome: 'APPLIED', replayed: false, transition: { vendor: toVendorEnum(key) } });
    await sleep(5);
    const second = await run(server, 'executeAction', { ...input, idempotencyKey: 'key' });
    // Includes the time of the transition: it is the stored report, not a new one.
    expect(second).toEqual({ ...first, replayed: true });
    expect(writes(server, key)).toHaveLength(1);
    expect(server.vendor(key).effects).toHaveLength(1);
  },
);

test.each(
  SOURCES.flatMap(({ key, samples: { rejected = [] } }) =>
    rejected.map(({ mutation, input }) => [key, mutation, input] as const),
  ),
)("a vendor's rejection is stored and returned again: %s %s", async (key, mutation, input) => {
  const server = await startTestServer({ keys: [key] });
  const first = await run(server, mutation, { ...input, idempotencyKey: 'key' });
  expect(first).toMatchObject({ outcome: 'NOT_APPLIED', replayed: false, problems: [{ retryable: false }] });
  const second = await run(server, mutation, { ...input, idempotencyKey: 'key' });
  expect(second).toEqual({ ...first, replayed: true });
  expect(writes(server, key)).toHaveLength(1);
  expect(server.vendor(key).effects).toEqual([]);
});

test.each([
  ['executeAction', URGENT],
  ['createTicket', { ticket: { omnidesk: { title: 'new' } } }],
  ['solveUnfinishedTickets', { confirm: true }],
  ['setPriority', { ticketIds: ['omnidesk:858462'], priority: 'LOW' }],
])("a vendor's 403 to %s is stored and returned again", async (mutation, input) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  server.vendor('omnidesk').faults = forWrites(reply(403), 1);
  const first = await run(server, mutation, { ...input, idempotencyKey: 'key' });
  expect([first.outcome, first.replayed, codes(first)]).toEqual(['NOT_APPLIED', false, ['VENDOR_FORBIDDEN']]);
  expect(await run(server, mutation, { ...input, idempotencyKey: 'key' })).toEqual({ ...first, replayed: true });
  expect(writes(server, 'omnidesk')).toHaveLength(1);
});

test.each([
  ['it applied the write and did not answer', { kind: 'silent', applied: true }],
  ['it neither applied the write nor answered', { kind: 'silent', applied: false }],
  ['the connection was reset', { kind: 'reset', applied: true }],
  ['it answered 500', reply(500, true)],
  ['the answer was truncated', { kind: 'truncate' }],
] as const)('an unknown outcome is stored and returned again: %s', async (_, fault) => {
  const server = await startTestServer({ keys: ['huawei'], environment: { HUAWEI_TIMEOUT_MS: '2000' } });
  // Sign in first, so that only the write takes time.
  await server.ask('{ ticket(id: "huawei:TS-123456") { __typename } }');
  server.vendor('huawei').faults = forWrites(fault);
  const input = { ticketId: 'huawei:TS-123456', action: 'press', idempotencyKey: 'key' };
  const first = await run(server, 'executeAction', input);
  expect([first.outcome, first.replayed, codes(first)]).toEqual(['UNKNOWN', false, ['OUTCOME_UNKNOWN']]);
  server.vendor('huawei').faults = undefined;
  expect(await run(server, 'executeAction', input)).toEqual({ ...first, replayed: true });
  expect(writes(server, 'huawei')).toHaveLength(1);
});

test('one key covers a write to several vendors: each is written to once', async () => {
  const server = await startTestServer();
  const ticketIds = ACTIONS.map(([, { ticketId }]) => ticketId);
  const input = { ticketIds, status: 'SOLVED', idempotencyKey: 'key' };
  const first = await run(server, 'setStatus', input);
  expect(first).toMatchObject({ outcome: 'PARTIAL', replayed: false, problems: [{ code: 'UNSUPPORTED' }] });
  expect((first['results'] as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual([
    'NOT_APPLIED',
    ...SETTING_STATUS.map(() => 'APPLIED'),
  ]);
  expect(await run(server, 'setStatus', input)).toEqual({ ...first, replayed: true });
  expect(ACTIONS.map(([key]) => writes(server, key).length)).toEqual([0, ...SETTING_STATUS.map(() => 1)]);
});

test('one key covers several writes to one vendor: a retryable failure does not repeat the applied ones', async () => {
  const server = await startTestServer({ keys: ['huawei'] });
  const [limited, applied] = server.vendor('huawei').vendor.ticketIds();
  server.vendor('huawei').faults = ({ path }) => (path.includes(limited!) ? reply(429) : undefined);
  const input = { ticketIds: [`huawei:${limited}`, `huawei:${applied}`], status: 'CLOSED', idempotencyKey: 'key' };
  const first = await run(server, 'setStatus', input);
  server.vendor('huawei').faults = undefined;
  const second = await run(server, 'setStatus', input);
  expect(second).toEqual({ ...first, replayed: true });
  expect(writes(server, 'huawei')).toHaveLength(2);
});

test('the same key with other arguments is rejected, and nothing is sent', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  await run(server, 'executeAction', keyed());
  const other = [{ action: 'priority.low' }, { ticketId: 'omnidesk:858461' }, { comment: 'and why' }];
  for (const change of other) {
    const rejected = await run(server, 'executeAction', keyed(change));
    expect(rejected).toMatchObject({ outcome: 'NOT_APPLIED', replayed: false, transition: null });
    expect(rejected.problems).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'], retryable: false },
    ]);
  }
  expect(writes(server, 'omnidesk')).toHaveLength(1);
});

test('arguments in another order, or null instead of absent, are the same arguments', async () => {
  const server = await startTestServer({ keys: ['huawei'] });
  const ask = async (input: string): Promise<Payload> =>
    (await server.ask(`mutation { payload: executeAction(input: ${input}) { ${SHARED} ${TRANSITION} } }`)).data.payload;
  const first = await ask(
    '{ ticketId: "huawei:TS-123456", action: "close", inputs: { judgement: "ok", groupId: "7" }, idempotencyKey: "key" }',
  );
  const same = [
    '{ idempotencyKey: "key", inputs: { groupId: "7", judgement: "ok" }, action: "close", ticketId: "huawei:TS-123456" }',
    `{ ticketId: "huawei:TS-123456", action: "close", comment: null, clientMutationId: null, dryRun: null,
         inputs: { judgement: "ok", satisfaction: null, groupId: "7" }, idempotencyKey: "key" }`,
    `{ ticketId: "huawei:TS-123456", action: "close", dryRun: false, inputs: { judgement: "ok", groupId: "7" },
         idempotencyKey: "key" }`,
  ];
  for (const input of same) expect(await ask(input)).toEqual({ ...first, replayed: true });
  expect(first.outcome).toBe('APPLIED');
  expect(writes(server, 'huawei')).toHaveLength(1);
});

test('another clientMutationId does not change the arguments, and each client gets its own back', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const first = await run(server, 'executeAction', keyed({ clientMutationId: 'one' }));
  expect(first).toMatchObject({ outcome: 'APPLIED', clientMutationId: 'one' });
  const second = await run(server, 'executeAction', keyed({ clientMutationId: 'two' }));
  expect(second).toEqual({ ...first, clientMutationId: 'two', replayed: true });
  const third = await run(server, 'executeAction', keyed());
  expect(third).toEqual({ ...first, clientMutationId: null, replayed: true });
  expect(writes(server, 'omnidesk')).toHaveLength(1);
});

test('a key belongs to one mutation: in another it is a different key', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const ticketIds = ['omnidesk:858462'];
  const results = [
    await run(server, 'setPriority', { ticketIds, priority: 'LOW', idempotencyKey: 'key' }),
    await run(server, 'setStatus', { ticketIds, status: 'SOLVED', idempotencyKey: 'key' }),
    await run(server, 'executeAction', keyed()),
  ];
  expect(results.map(({ outcome, replayed }) => [outcome, replayed])).toEqual(Array(3).fill(['APPLIED', false]));
  expect(writes(server, 'omnidesk')).toHaveLength(3);
});

test('a key belongs to one caller: no caller gets the report of another', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const ask = async (caller: string) => {
    const call = { signal: new AbortController().signal, deadlineAt: performance.now() + 10_000, requestKey: {} };
    const requested = forRequest(server.sources, call, { id: caller, can: () => true });
    const { outcome, isReplayed } = await requested.write('executeAction', keyed());
    return [outcome, isReplayed];
  };
  expect(await ask('one')).toEqual(['APPLIED', false]);
  expect(await ask('other')).toEqual(['APPLIED', false]);
  expect(await ask('one')).toEqual(['APPLIED', true]);
  expect(writes(server, 'omnidesk')).toHaveLength(2);
});

test.each([
  ['empty', ''],
  ['of 256 characters', 'k'.repeat(256)],
  ['with a control character', 'key\n'],
  ['with a delete character', 'key\u007f'],
  ['with a letter beyond ASCII', 'kľúč'],
])('a key that is %s is rejected, in a dry run as well', async (_, idempotencyKey) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  for (const dryRun of [false, true]) {
    const rejected = await run(server, 'executeAction', keyed({ idempotencyKey, dryRun }));
    expect(rejected.outcome).toBe('NOT_APPLIED');
    expect(rejected.problems).toMatchObject([{ code: 'INVALID_INPUT', field: ['idempotencyKey'], retryable: false }]);
  }
  expect(server.vendor('omnidesk').ledger).toEqual([]);
});

test.each([
  ['one character', '~'],
  ['a space', ' '],
  ['255 characters', 'k'.repeat(255)],
  ['all that ASCII can print', Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')],
])('a key may be %s', async (_, idempotencyKey) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  await run(server, 'executeAction', keyed({ idempotencyKey }));
  const second = await run(server, 'executeAction', keyed({ idempotencyKey }));
  expect([second.outcome, second.replayed]).toEqual(['APPLIED', true]);
});

/** The next write with the key is sent, and its report is stored. */
async function expectFree(server: TestServer, input: Input = keyed()): Promise<void> {
  const before = writes(server, 'omnidesk').length;
  const next = await run(server, 'executeAction', input);
  expect([next.outcome, next.replayed]).toEqual(['APPLIED', false]);
  expect(await run(server, 'executeAction', input)).toEqual({ ...next, replayed: true });
  expect(writes(server, 'omnidesk')).toHaveLength(before + 1);
}

test('a key is still free after a dry run', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  await run(server, 'executeAction', keyed({ dryRun: true, action: 'priority.low' }));
  expect(server.vendor('omnidesk').ledger).toEqual([]);
  await expectFree(server);
  const planned = await run(server, 'executeAction', keyed({ dryRun: true, action: 'priority.low' }));
  expect([planned.replayed, planned.problems]).toEqual([false, []]);
});

test('a key is still free after a rejection by our own rules', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const rejected = await run(server, 'executeAction', keyed({ action: 'priority.whatever' }));
  expect([rejected.outcome, codes(rejected)]).toEqual(['NOT_APPLIED', ['INVALID_INPUT']]);
  await expectFree(server);
});

test.each([
  ['too many requests', reply(429), 'VENDOR_RATE_LIMITED'],
  ['a request timeout', reply(408), 'VENDOR_TIMEOUT'],
])('a key is still free after a retryable rejection by the vendor: %s', async (_, fault, code) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  server.vendor('omnidesk').faults = forWrites(fault, 2);
  for (const idempotencyKey of ['key', 'key']) {
    const rejected = await run(server, 'executeAction', keyed({ idempotencyKey }));
    expect([rejected.outcome, rejected.replayed]).toEqual(['NOT_APPLIED', false]);
    expect(rejected.problems).toMatchObject([{ code, retryable: true }]);
  }
  expect(writes(server, 'omnidesk')).toHaveLength(2);
  await expectFree(server);
});

test('a key is still free after a refused connection', async () => {
  const simulation = await loadSimulation('omnidesk');
  const port = await findFreePort();
  const endpoint = await startEndpoint(simulation.settings(`http://127.0.0.1:${port}`));
  onTestFinished(() => endpoint.close());
  const rejected = await run(endpoint, 'executeAction', keyed());
  expect([rejected.outcome, rejected.replayed]).toEqual(['NOT_APPLIED', false]);
  expect(rejected.problems).toMatchObject([{ code: 'VENDOR_UNAVAILABLE', retryable: true }]);
  expect(rejected['ticket']).toBeNull();
  const vendor = await startVendor(simulation, { port });
  onTestFinished(() => vendor.close());
  const next = await run(endpoint, 'executeAction', keyed());
  expect([next.outcome, next.replayed]).toEqual(['APPLIED', false]);
  expect(await run(endpoint, 'executeAction', keyed())).toEqual({ ...next, replayed: true });
  expect(vendor.ledger.filter(({ arrival }) => arrival.method !== 'GET')).toHaveLength(1);
});

test.each(SIGNED_IN)('a key is still free after a failed sign-in to %s', async (key, input) => {
  const server = await startTestServer({ keys: [key] });
  server.vendor(key).faults = (arrival) => (isSignIn(arrival) ? reply(503) : undefined);
  const rejected = await run(server, 'executeAction', { ...input, idempotencyKey: 'key' });
  expect([rejected.outcome, rejected.replayed, rejected.problems[0]?.retryable]).toEqual(['NOT_APPLIED', false, true]);
  expect(writes(server, key)).toEqual([]);
  server.vendor(key).faults = undefined;
  const next = await run(server, 'executeAction', { ...input, idempotencyKey: 'key' });
  expect([next.outcome, next.replayed]).toEqual(['APPLIED', false]);
});

test.each(SIGNED_IN)('a key is still free after a rejected sign-in to %s', async (key, input) => {
  const server = await startTestServer({ keys: [key] });
  server.vendor(key).faults = (arrival) => (isSignIn(arrival) ? reply(401) : undefined);
  for (const idempotencyKey of ['key', 'key']) {
    const rejected = await run(server, 'executeAction', { ...input, idempotencyKey });
    expect([rejected.outcome, rejected.replayed, codes(rejected)]).toEqual([
      'NOT_APPLIED',
      false,
      ['VENDOR_UNAUTHENTICATED'],
    ]);
  }
  expect(writes(server, key)).toEqual([]);
});

test('a key is still free after a rejection by a full queue', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_CONCURRENCY: '1' } });
  const release = Promise.withResolvers<undefined>();
  server.vendor('omnidesk').faults = () => ({ kind: 'hold', until: release.promise });
  const read = (from: number) =>
    server.ask('query ($ids: [ID!]!) { ticketsById(ids: $ids) { __typename } }', {
      ids: Array.from({ length: 200 }, (_, index) => `omnidesk:${from + index}`),
    });
  const reads = [read(1000), read(2000)];
  await expect.poll(() => server.sources.connected.get('omnidesk')?.upstream.health.queued, SOON).toBe(200);
  const rejected = await run(server, 'executeAction', keyed());
  expect([rejected.outcome, rejected.replayed]).toEqual(['NOT_APPLIED', false]);
  expect(rejected.problems).toMatchObject([{ code: 'VENDOR_OVERLOADED', retryable: true }]);
  release.resolve(undefined);
  await Promise.all(reads);
  expect(writes(server, 'omnidesk')).toEqual([]);
  await expectFree(server);
});

test('a second write with the key waits for the first and returns its report', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const release = Promise.withResolvers<undefined>();
  server.vendor('omnidesk').faults = () => ({ kind: 'hold', until: release.promise });
  const first = run(server, 'executeAction', keyed());
  await expect.poll(() => server.vendor('omnidesk').ledger.length, SOON).toBe(1);
  const second = run(server, 'executeAction', keyed());
  await sleep(50);
  release.resolve(undefined);
  expect(await second).toEqual({ ...(await first), replayed: true });
  expect((await first).replayed).toBe(false);
  expect(writes(server, 'omnidesk')).toHaveLength(1);
});

test('a hundred concurrent writes with one key are one write and one report', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  server.vendor('omnidesk').faults = () => ({ kind: 'delay', delayMs: 50 });
  const payloads = await Promise.all(Array.from({ length: 100 }, () => run(server, 'executeAction', keyed())));
  const first = payloads.filter(({ replayed }) => !replayed);
  expect(first).toMatchObject([{ outcome: 'APPLIED' }]);
  const others = payloads.filter(({ replayed }) => replayed);
  expect(others).toEqual(Array(99).fill({ ...first[0], replayed: true }));
  expect(writes(server, 'omnidesk')).toHaveLength(1);
});

test('a waiting write is sent itself if the first got a retryable rejection', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  let arrivals = 0;
  server.vendor('omnidesk').faults = () => ((arrivals += 1) === 1 ? reply(429) : { kind: 'delay', delayMs: 20 });
  const payloads = await Promise.all([1, 2, 3].map(() => run(server, 'executeAction', keyed())));
  const outcomes = payloads.map(({ outcome, replayed }) => `${outcome} ${replayed}`).toSorted();
  expect(outcomes).toEqual(['APPLIED false', 'APPLIED true', 'NOT_APPLIED false']);
  expect(server.vendor('omnidesk').effects).toHaveLength(1);
});

test('a waiting write fails as in flight at its own deadline, and nothing is sent for it', async () => {
  const store = newStore();
  const patient = await startTestServer({ keys: ['omnidesk'], store });
  const hasty = await startEndpoint(
    { ...patient.vendor('omnidesk').settings, REQUEST_TIMEOUT_MS: '2000' },
    { store: { ...store, close: async () => undefined } },
  );
  onTestFinished(() => hasty.close());
  const release = Promise.withResolvers<undefined>();
  patient.vendor('omnidesk').faults = () => ({ kind: 'hold', until: release.promise });
  const first = run(patient, 'executeAction', keyed());
  await expect.poll(() => patient.vendor('omnidesk').ledger.length, SOON).toBe(1);
  const rejected = await run(hasty, 'executeAction', keyed());
  expect([rejected.outcome, rejected.replayed]).toEqual(['NOT_APPLIED', false]);
  expect(rejected.problems).toMatchObject([
    { code: 'IDEMPOTENCY_IN_FLIGHT', field: ['idempotencyKey'], retryable: true },
  ]);
  release.resolve(undefined);
  const stored = await first;
  expect(await run(hasty, 'executeAction', keyed())).toEqual({ ...stored, replayed: true });
  expect(writes(patient, 'omnidesk')).toHaveLength(1);
});

test('a write finishes and its report is stored after its client disconnected', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const release = Promise.withResolvers<undefined>();
  server.vendor('omnidesk').faults = () => ({ kind: 'hold', until: release.promise });
  const client = new AbortController();
  const query = 'mutation ($input: ExecuteActionInput!) { executeAction(input: $input) { outcome } }';
  const abandoned = server.ask(query, { input: keyed() }, { signal: client.signal });
  await expect.poll(() => server.vendor('omnidesk').ledger.length, SOON).toBe(1);
  client.abort();
  await expect(abandoned).rejects.toThrow();
  await sleep(50);
  release.resolve(undefined);
  const next = await run(server, 'executeAction', keyed());
  expect([next.outcome, next.replayed]).toEqual(['APPLIED', true]);
  expect(writes(server, 'omnidesk')).toHaveLength(1);
});

/** A SQLite store in a folder that is removed after the test. */
function newStore(now?: () => number): KeyStore {
  return createSqliteStore(newPath(), now);
}

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'store');
}

async function expectRejection(server: TestServer): Promise<void> {
  const rejected = await run(server, 'executeAction', keyed());
  expect([rejected.outcome, rejected.replayed]).toEqual(['NOT_APPLIED', false]);
  expect(rejected.problems).toMatchObject([
    { code: 'IDEMPOTENCY_UNAVAILABLE', field: ['idempotencyKey'], retryable: true },
  ]);
  expect(server.vendor('omnidesk').ledger).toEqual([]);
  const { data } = await server.ask('{ ticket(id: "omnidesk:858462") { __typename } }');
  expect(data.ticket).toEqual({ __typename: 'OmnideskTicket' });
  const { idempotencyKey: _, ...unkeyed } = keyed();
  expect(await run(server, 'executeAction', unkeyed)).toMatchObject({ outcome: 'APPLIED', replayed: false });
  const planned = await run(server, 'executeAction', keyed({ dryRun: true }));
  expect(planned.problems).toEqual([]);
}

test('only keyed writes are rejected while the store is unavailable: an impossible file', async () => {
  const path = newPath();
  writeFileSync(path, '');
  await expectRejection(await startTestServer({ keys: ['omnidesk'], store: createSqliteStore(join(path, 'store')) }));
});

test('only keyed writes are rejected while the store is unavailable: no Redis', async () => {
  const store = createRedisStore(`redis://127.0.0.1:${await findFreePort()}`);
  await expectRejection(await startTestServer({ keys: ['omnidesk'], store }));
});

test('only keyed writes are rejected while the store is unavailable: a Redis that hangs', async ({ skip }) => {
  if (whyNoRedis !== undefined) skip(whyNoRedis);
  const redis = await startRedis();
  onTestFinished(() => redis.close());
  const server = await startTestServer({ keys: ['omnidesk'], store: createRedisStore(redis.url) });
  await run(server, 'executeAction', keyed({ idempotencyKey: 'before' }));
  server.forget();
  redis.freeze();
  await expectRejection(server);
  redis.thaw();
  const next = await run(server, 'executeAction', keyed({ idempotencyKey: 'after' }));
  expect([next.outcome, next.replayed]).toEqual(['APPLIED', false]);
});

test('nothing is sent without the mark: the store fails between lease and mark', async () => {
  const store = newStore();
  const broken = { ...store, markSent: () => Promise.reject(new Error('gone')) };
  const server = await startTestServer({ keys: ['omnidesk'], store: broken });
  await expectRejection(server);
});

test('nothing is sent without the mark: another owner has taken over the lease', async () => {
  const store = newStore();
  const server = await startTestServer({ keys: ['omnidesk'], store: { ...store, markSent: async () => false } });
  const rejected = await run(server, 'executeAction', keyed());
  expect([rejected.outcome, codes(rejected)]).toEqual(['NOT_APPLIED', ['IDEMPOTENCY_IN_FLIGHT']]);
  expect(server.vendor('omnidesk').ledger).toEqual([]);
});

test('nothing of a bulk is sent without the mark', async () => {
  const store = newStore();
  const broken = { ...store, markSent: () => Promise.reject(new Error('gone')) };
  const server = await startTestServer({ store: broken });
  const ticketIds = ACTIONS.map(([, { ticketId }]) => ticketId);
  const rejected = await run(server, 'setStatus', { ticketIds, status: 'SOLVED', idempotencyKey: 'key' });
  expect([rejected.outcome, rejected.replayed]).toEqual(['NOT_APPLIED', false]);
  expect(codes(rejected)).toEqual(['UNSUPPORTED', ...SETTING_STATUS.map(() => 'IDEMPOTENCY_UNAVAILABLE')]);
  expect(ACTIONS.flatMap(([key]) => writes(server, key))).toEqual([]);
});

test('a report that cannot be stored is returned; later requests get UNKNOWN, and nothing is sent again', async () => {
  let now = 1_800_000_000_000;
  const store = newStore(() => now);
  const failing = { ...store, finish: () => Promise.reject(new Error('gone')) };
  const server = await startTestServer({ keys: ['omnidesk'], store: failing });
  expect(await run(server, 'executeAction', keyed())).toMatchObject({ outcome: 'APPLIED', replayed: false });
  now += 60 * 60_000;
  const later = await run(server, 'executeAction', keyed());
  expect([later.outcome, later.replayed, codes(later)]).toEqual(['UNKNOWN', true, ['OUTCOME_UNKNOWN']]);
  expect(later.problems).toMatchObject([{ retryable: false, vendor: 'OMNIDESK', ticketId: 'omnidesk:858462' }]);
  expect(writes(server, 'omnidesk')).toHaveLength(1);
});

test('a stored report survives a restart', async () => {
  const path = newPath();
  const server = await startTestServer({ keys: ['omnidesk'], store: createSqliteStore(path) });
  const first = await run(server, 'executeAction', keyed());
  await server.close();
  const again = await startEndpoint(server.vendor('omnidesk').settings, { store: createSqliteStore(path) });
  onTestFinished(() => again.close());
  expect(await run(again, 'executeAction', keyed())).toEqual({ ...first, replayed: true });
  expect(writes(server, 'omnidesk')).toHaveLength(1);
});

test('a report is stored for 24 hours; then the key is free', async () => {
  let now = 1_800_000_000_000;
  const server = await startTestServer({ keys: ['omnidesk'], store: newStore(() => now) });
  await run(server, 'executeAction', keyed());
  now += KEPT_MS - 1;
  expect(await run(server, 'executeAction', keyed())).toMatchObject({ outcome: 'APPLIED', replayed: true });
  now += 1;
  const input = keyed({ action: 'priority.low' });
  expect(await run(server, 'executeAction', input)).toMatchObject({ outcome: 'APPLIED', replayed: false });
  expect(writes(server, 'omnidesk')).toHaveLength(2);
});
