/** Bulk writes: what the vendors received, by their ledgers, and the result of each ticket. */
import { expect, test } from 'vitest';
import type { RequestScope, Planner, Vendor, Write } from '../../../datasources/contract.ts';
import { omnidesk } from '../../../datasources/omnidesk/index.ts';
import type { LedgerEntry } from '../../../sandbox/server.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

interface Result {
  readonly ticketId: string;
  readonly outcome: string;
  readonly problem: { readonly code: string; readonly field: readonly string[] | null } | null;
  readonly transition: { readonly ticketId: string } | null;
}

interface Payload {
  readonly outcome: string;
  readonly replayed: boolean;
  readonly problems: readonly { readonly code: string; readonly field: readonly string[] | null }[];
  readonly results: readonly Result[];
}

async function run(server: TestServer, mutation: string, input: Readonly<Record<string, unknown>>): Promise<Payload> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const { data, errors } = await server.ask(
    `mutation ($input: ${type}) { payload: ${mutation}(input: $input) { outcome replayed problems { code field }
       results { ticketId outcome problem { code field } transition { ... on TransitionFields { ticketId } } } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data.payload as Payload;
}

const setStatus = (server: TestServer, ticketIds: readonly string[], more: Readonly<Record<string, unknown>> = {}) =>
  run(server, 'setStatus', { ticketIds, status: 'SOLVED', ...more });

const writes = (server: TestServer, key: string): LedgerEntry[] =>
  server.calls(key).filter(({ arrival }) => arrival.method !== 'GET');

const outcomes = ({ results }: Payload): string[] => results.map(({ outcome }) => outcome);

const idsOf = (server: TestServer, key: string, count: number): string[] =>
  server
    .vendor(key)
    .vendor.ticketIds()
    .slice(0, count)
    .map((id) => `${key}:${id}`);

/** Ids in a setStatus of Omnidesk, as they were sent. */
const sentIds = ({ arrival }: LedgerEntry): string[] => new URLSearchParams(arrival.body).getAll('ticketIDs[]');

test('a bulk has one result for each id, in input order, even if other ids are invalid', async () => {
  const server = await startTestServer({ keys: ['akana', 'omnidesk', 'huawei'] });
  const [one, other] = idsOf(server, 'omnidesk', 2) as [string, string];
  const [akana, huawei] = ['akana:ticket25687.acmepaymentscorp', 'huawei:TS-123456'];
  const jifeline = 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08';
  const ticketIds = [other, akana, 'unknown:1', one, huawei, other, 'omnidesk:multi', jifeline, 'omnidesk:1, 2', akana];
  const payload = await setStatus(server, ticketIds);
  expect(payload.results.map(({ ticketId }) => ticketId)).toEqual(ticketIds);
  expect(payload.results.map(({ outcome, problem }) => problem?.code ?? outcome)).toEqual([
    'APPLIED',
    'APPLIED',
    'INVALID_INPUT',
    'APPLIED',
    'APPLIED',
    'APPLIED',
    'INVALID_INPUT',
    'VENDOR_NOT_CONFIGURED',
    'INVALID_INPUT',
    'APPLIED',
  ]);
  expect(payload.results.map(({ outcome }) => outcome === 'APPLIED')).toEqual(
    payload.results.map(({ problem }) => problem === null),
  );
  expect(payload.results.map(({ transition }) => transition?.ticketId ?? null)).toEqual(
    payload.results.map(({ ticketId, outcome }) => (outcome === 'APPLIED' ? ticketId : null)),
  );
  expect(payload.outcome).toBe('PARTIAL');
  expect(payload.problems).toEqual([
    { code: 'INVALID_INPUT', field: ['ticketIds', '2'] },
    { code: 'INVALID_INPUT', field: ['ticketIds', '6'] },
    { code: 'VENDOR_NOT_CONFIGURED', field: null },
    { code: 'INVALID_INPUT', field: ['ticketIds', '8'] },
  ]);
  expect(['akana', 'omnidesk', 'huawei'].map((key) => writes(server, key).length)).toEqual([1, 1, 1]);
  expect(writes(server, 'omnidesk').map(sentIds)).toEqual([[other, one].map((id) => id.slice('omnidesk:'.length))]);
});

test('an id that is repeated is written once and has a result at each position', async () => {
  const server = await startTestServer({ keys: ['huawei'] });
  const payload = await setStatus(server, Array<string>(100).fill('huawei:TS-123456'));
  expect(payload.outcome).toBe('APPLIED');
  expect(payload.results).toHaveLength(100);
  expect(payload.results).toEqual(Array(100).fill(payload.results[0]));
  expect(writes(server, 'huawei')).toHaveLength(1);
  expect(server.vendor('huawei').effects).toHaveLength(1);
});

test('writes to one vendor neither wait for nor fail with those to another', async () => {
  const server = await startTestServer();
  const release = Promise.withResolvers<undefined>();
  server.vendor('huawei').faults = () => ({ kind: 'hold', until: release.promise });
  server.vendor('akana').faults = () => ({ kind: 'answer', applied: false, reply: { status: 503 } });
  const running = setStatus(server, [
    'akana:ticket25687.acmepaymentscorp',
    'huawei:TS-123456',
    'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08',
    'omnidesk:858462',
    'requestor:47',
  ]);
  const effects = () => ['huawei', 'jifeline', 'omnidesk'].map((key) => server.vendor(key).effects.length);
  await expect.poll(effects, { interval: 5 }).toEqual([0, 1, 1]);
  release.resolve(undefined);
  const payload = await running;
  expect(payload.results.map(({ outcome, problem }) => [outcome, problem?.code])).toEqual([
    ['NOT_APPLIED', 'VENDOR_UNAVAILABLE'],
    ['APPLIED', undefined],
    ['APPLIED', undefined],
    ['APPLIED', undefined],
    ['NOT_APPLIED', 'UNSUPPORTED'],
  ]);
  expect(payload.outcome).toBe('PARTIAL');
  expect(effects()).toEqual([1, 1, 1]);
});

const [akana, huawei, requestor] = ['akana:ticket25687.acmepaymentscorp', 'huawei:TS-123456', 'requestor:47'];

test.each([
  ['APPLIED', 'if all tickets were changed', [akana, huawei]],
  ['NOT_APPLIED', 'if none was changed', [requestor, 'unknown:1', 'huawei:TS-000000']],
  ['PARTIAL', 'if some were changed', [akana, requestor]],
])('the outcome of a bulk is %s %s', async (expected, _, ticketIds) => {
  const server = await startTestServer();
  expect((await setStatus(server, ticketIds)).outcome).toBe(expected);
});

test('the outcome of a bulk is UNKNOWN if that of one ticket is', async () => {
  const server = await startTestServer();
  server.vendor('huawei').faults = ({ path }) =>
    path.endsWith('/action') ? { kind: 'reset', applied: false } : undefined;
  const payload = await setStatus(server, [akana, huawei, requestor]);
  expect([payload.outcome, ...outcomes(payload)]).toEqual(['UNKNOWN', 'APPLIED', 'UNKNOWN', 'NOT_APPLIED']);
});

test.each([
  ['no id', 0],
  ['101 ids', 101],
])('a bulk of %s is rejected, and nothing is sent', async (_, count) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  for (const [mutation, more] of [
    ['setStatus', { status: 'SOLVED' }],
    ['setPriority', { priority: 'LOW' }],
    ['deleteTickets', {}],
    ['runBatch', { actions: [{ actionType: 'addTag', value: 'x' }] }],
  ] as const) {
    for (const idempotencyKey of [null, 'key']) {
      const ticketIds = Array<string>(count).fill('omnidesk:858462');
      const payload = await run(server, mutation, { ticketIds, idempotencyKey, ...more });
      expect(payload).toEqual({
        outcome: 'NOT_APPLIED',
        replayed: false,
        problems: [{ code: 'INVALID_INPUT', field: ['ticketIds'] }],
        results: [],
      });
    }
  }
  expect(server.vendor('omnidesk').ledger).toEqual([]);
});

test('a bulk of 100 ids reaches Omnidesk in one call', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const known = idsOf(server, 'omnidesk', 40);
  const payload = await setStatus(server, [...known, ...known, ...known.slice(0, 20)]);
  expect(payload.outcome).toBe('APPLIED');
  expect(payload.results).toHaveLength(100);
  expect(writes(server, 'omnidesk').map(sentIds)).toEqual([known.map((id) => id.slice('omnidesk:'.length))]);
  expect(server.vendor('omnidesk').effects).toHaveLength(40);
});

test('deleteTickets sends one concurrent request for each ticket, each with its own outcome', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const [one, other] = idsOf(server, 'omnidesk', 2) as [string, string];
  const release = Promise.withResolvers<undefined>();
  server.vendor('omnidesk').faults = () => ({ kind: 'hold', until: release.promise });
  const running = run(server, 'deleteTickets', { ticketIds: [one, 'omnidesk:1', other, one] });
  await expect.poll(() => writes(server, 'omnidesk').length, { interval: 5 }).toBe(3);
  release.resolve(undefined);
  const payload = await running;
  expect(payload.results.map(({ outcome, problem }) => problem?.code ?? outcome)).toEqual([
    'APPLIED',
    'NOT_FOUND',
    'APPLIED',
    'APPLIED',
  ]);
  expect(payload.outcome).toBe('PARTIAL');
  expect(
    writes(server, 'omnidesk')
      .map(({ arrival }) => `${arrival.method} ${arrival.path}`)
      .toSorted(),
  ).toEqual(
    ['1', one.slice('omnidesk:'.length), other.slice('omnidesk:'.length)]
      .map((id) => `DELETE /api/v2/ticket/${id}`)
      .toSorted(),
  );
});

/** Omnidesk with at most two tickets in one request. */
const CHUNK_SIZE = 2;
const chunked: Vendor = {
  ...(omnidesk as unknown as Vendor),
  connect(settings, tools) {
    const source = (omnidesk as unknown as Vendor).connect(settings, tools);
    const whole = source.writes['setStatus'] as unknown as Planner<unknown>;
    const inChunks = (input: unknown, ids: readonly string[], call: RequestScope) =>
      Array.from({ length: Math.ceil(ids.length / CHUNK_SIZE) }, (_, index) => {
        const part = ids.slice(index * CHUNK_SIZE, (index + 1) * CHUNK_SIZE);
        return { ...(whole(input, part, call)[0] as Write), isChunk: true };
      });
    return { ...source, writes: { ...source.writes, setStatus: inChunks } };
  },
};

const start = (environment: Readonly<Record<string, string>> = {}): Promise<TestServer> =>
  startTestServer({ keys: ['omnidesk'], vendors: [chunked], environment });

test('the chunks of a bulk are sent one by one', async () => {
  const server = await start();
  const ids = idsOf(server, 'omnidesk', 5);
  let inFlight = 0;
  let maximum = 0;
  server.vendor('omnidesk').faults = () => {
    const answered = writes(server, 'omnidesk').filter(({ end }) => end === 'answered').length;
    inFlight = writes(server, 'omnidesk').length - answered;
    maximum = Math.max(maximum, inFlight);
    return { kind: 'delay', delayMs: 20 };
  };
  const payload = await setStatus(server, ids);
  expect([payload.outcome, ...outcomes(payload)]).toEqual(Array(6).fill('APPLIED'));
  expect(writes(server, 'omnidesk').map((entry) => sentIds(entry).length)).toEqual([2, 2, 1]);
  expect(maximum).toBe(1);
});

test.each([
  ['without a key', null],
  ['with a key', 'key'],
])('a chunk that times out is UNKNOWN, and no later chunk is sent: %s', async (_, idempotencyKey) => {
  const server = await start({ OMNIDESK_TIMEOUT_MS: '2000' });
  const ids = idsOf(server, 'omnidesk', 7);
  server.vendor('omnidesk').faults = ({ method }) =>
    method === 'POST' && writes(server, 'omnidesk').length === 2 ? { kind: 'silent', applied: false } : undefined;
  const payload = await setStatus(server, ids, { idempotencyKey });
  expect(payload.results.map(({ outcome, problem }) => [outcome, problem?.code ?? null])).toEqual([
    ['APPLIED', null],
    ['APPLIED', null],
    ['UNKNOWN', 'OUTCOME_UNKNOWN'],
    ['UNKNOWN', 'OUTCOME_UNKNOWN'],
    ['NOT_APPLIED', 'VENDOR_UNAVAILABLE'],
    ['NOT_APPLIED', 'VENDOR_UNAVAILABLE'],
    ['NOT_APPLIED', 'VENDOR_UNAVAILABLE'],
  ]);
  expect(payload.outcome).toBe('UNKNOWN');
  expect(writes(server, 'omnidesk')).toHaveLength(2);
  expect(server.vendor('omnidesk').effects).toHaveLength(2);
  if (idempotencyKey === null) return;
  expect(await setStatus(server, ids, { idempotencyKey })).toEqual({ ...payload, replayed: true });
  expect(writes(server, 'omnidesk')).toHaveLength(2);
});

test('a chunk that is rejected does not stop the next', async () => {
  const server = await start();
  const [a, b, c, d] = idsOf(server, 'omnidesk', 4) as [string, string, string, string];
  const payload = await setStatus(server, [a, b, 'omnidesk:1', c, d]);
  expect(outcomes(payload)).toEqual(['APPLIED', 'APPLIED', 'NOT_APPLIED', 'NOT_APPLIED', 'APPLIED']);
  expect(payload.outcome).toBe('PARTIAL');
  expect(writes(server, 'omnidesk')).toHaveLength(3);
});

/** Omnidesk with one request for each ticket in setPriority, of which every second makes the transport throw. */
const throwing: Vendor = {
  ...(omnidesk as unknown as Vendor),
  connect(settings, tools) {
    const source = (omnidesk as unknown as Vendor).connect(settings, tools);
    const whole = source.writes['setPriority'] as unknown as Planner<unknown>;
    const oneByOne = (input: unknown, ids: readonly string[], call: RequestScope) =>
      ids.map((id, index) => {
        const write = whole(input, [id], call)[0] as Write;
        // Not a valid header value: the transport throws.
        const headers = { ...write.request.headers, 'x-note': index % 2 === 1 ? '→' : '-' };
        return { ...write, request: { ...write.request, headers } };
      });
    return { ...source, writes: { ...source.writes, setPriority: oneByOne } };
  },
};

test.each([
  ['without a key', null],
  ['with a key', 'key'],
])(
  'a ticket is UNKNOWN after an unexpected error, and the others keep their outcomes: %s',
  async (_, idempotencyKey) => {
    const server = await startTestServer({ keys: ['omnidesk'], vendors: [throwing] });
    const ticketIds = idsOf(server, 'omnidesk', 3);
    const payload = await run(server, 'setPriority', { ticketIds, priority: 'HIGH', idempotencyKey });
    expect(outcomes(payload)).toEqual(['APPLIED', 'UNKNOWN', 'APPLIED']);
    expect(payload.results[1]?.problem?.code).toBe('OUTCOME_UNKNOWN');
    expect(writes(server, 'omnidesk')).toHaveLength(2);
    expect(server.defects.splice(0)).toHaveLength(1);
  },
);
