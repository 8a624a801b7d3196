/**
 * Every vendor's writes under every fault: the reported outcome, compared with the vendor's ledger and effects.
 *
 * APPLIED means exactly one effect and NOT_APPLIED none. UNKNOWN means sent without a usable answer. No write is ever
 * sent twice.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import type { LedgerEntry } from '../../sandbox/server.ts';
import type { SampleWrite } from '../../sandbox/simulation.ts';
import { vendorKeyOf } from '../../datasources/vendor-kit/source-key.ts';
import { startReplay, type Replay } from '../support/exchange.ts';
import { SOURCES, inputTypeOf, isSignIn, isWrite, samplesOf } from '../support/samples.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

interface WriteCase extends SampleWrite {
  readonly vendor: string;
}

const CASES = SOURCES.flatMap(({ key, samples }) =>
  samples.writes.map((write, index) => [`${key} ${write.title}`, { vendor: key, ...write }, index] as const),
);

/** All writes of the default sources, and one of each further source. */
const FIRST = CASES.filter(([, { vendor }, index]) => vendor === vendorKeyOf(vendor) || index === 0);
const REST = CASES.filter((one) => !FIRST.includes(one));

const AKANA = samplesOf('akana').samples.ticketId;
const JIFELINE = samplesOf('jifeline').samples.ticketId;
const UUID = '0d6c9e3b-6c1a-4b1e-9c39-5f9d1c1f7a10';

/** The outcome that the caller should get. */
interface Expected {
  readonly outcome: 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN';
  readonly reconciled: boolean;
  /** The problem's code; several if vendors differ. */
  readonly codes: readonly string[];
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number | null;
}

const APPLIED: Expected = { outcome: 'APPLIED', reconciled: false, codes: [] };
const FOUND: Expected = { outcome: 'APPLIED', reconciled: true, codes: [] };
const UNKNOWN: Expected = { outcome: 'UNKNOWN', reconciled: false, codes: ['OUTCOME_UNKNOWN'], retryable: false };

function rejected(codes: readonly string[], more: Partial<Expected> = {}): Expected {
  return { outcome: 'NOT_APPLIED', reconciled: false, codes, retryable: false, ...more };
}

interface FaultCase {
  readonly fault: Fault;
  readonly expected: (write: WriteCase) => Expected;
}

function replied(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Fault {
  return { kind: 'answer', applied: false, reply: { status, headers, body } };
}

/** Sent without a usable answer. A later read may show that it was done, but never that it was not. */
const notDone = (fault: Fault): FaultCase => ({ fault, expected: () => UNKNOWN });
const done = (fault: Fault): FaultCase => ({
  fault,
  expected: ({ canBeVerified }) => (canBeVerified ? FOUND : UNKNOWN),
});
const no = (fault: Fault, codes: readonly string[], more?: Partial<Expected>): FaultCase => ({
  fault,
  expected: () => rejected(codes, more),
});

const HTML = replied(200, { 'content-type': 'text/html' }, '<!doctype html><html><body>Sign in</body></html>');
const UNTYPED_HTML = replied(200, {}, '\n<html><body>Down for maintenance</body></html>');
const GARBAGE = replied(200, { 'content-type': 'application/json' }, '{"half": [1, 2\u0000\ufffd');

const FAULTS: Readonly<Record<string, FaultCase>> = {
  'reset before it was carried out': notDone({ kind: 'reset', applied: false }),
  'reset after it was carried out': done({ kind: 'reset', applied: true }),
  'answered with half of a body': done({ kind: 'truncate' }),
  'answered with too many bytes': done({ kind: 'flood', bytes: 1_000_000 }),
  'answered with a small body that expands into too many bytes, by gzip': done({
    kind: 'bomb',
    encoding: 'gzip',
    bytes: 5_000_000,
  }),
  'answered with something other than HTTP': notDone({ kind: 'raw', applied: false, bytes: 'SSH-2.0-OpenSSH_9.2\r\n' }),
  'answered with an HTML page': notDone(HTML),
  'answered with an undeclared HTML page': notDone(UNTYPED_HTML),
  'answered with garbage': notDone(GARBAGE),
  'answered with an empty 200': {
    fault: { kind: 'answer', applied: true, reply: { status: 200 } },
    expected: ({ acceptsEmpty, canBeVerified }) => (acceptsEmpty ? APPLIED : canBeVerified ? FOUND : UNKNOWN),
  },
  'answered with an empty 200 that declares a coding': {
    fault: { kind: 'answer', applied: true, reply: { status: 200, headers: { 'content-encoding': 'gzip' } } },
    expected: ({ acceptsEmpty, canBeVerified }) => (acceptsEmpty ? APPLIED : canBeVerified ? FOUND : UNKNOWN),
  },
  'rejected with an empty 400 that declares a coding': no(replied(400, { 'content-encoding': 'br' }), [
    'VENDOR_REJECTED',
  ]),
  'rejected with an empty 429 that declares a coding': no(
    replied(429, { 'content-encoding': 'GZIP' }),
    ['VENDOR_RATE_LIMITED'],
    { retryable: true, retryAfterSeconds: null },
  ),
  'rejected with 400': no(replied(400), ['VENDOR_REJECTED']),
  'rejected with 403': no(replied(403), ['VENDOR_FORBIDDEN']),
  // The ticket exists: a 404 of a vendor that uses it for other reasons too is verified by a read.
  'rejected with 404': no(replied(404), ['NOT_FOUND', 'VENDOR_REJECTED', 'ILLEGAL_ACTION']),
  'rejected with 409': no(replied(409), ['VENDOR_REJECTED']),
  'rejected with 429': no(replied(429), ['VENDOR_RATE_LIMITED'], { retryable: true, retryAfterSeconds: null }),
  'rejected with 429 for a while': no(replied(429, { 'retry-after': '0' }), ['VENDOR_RATE_LIMITED'], {
    retryable: true,
    retryAfterSeconds: 0,
  }),
  'answered with 500': notDone(replied(500)),
  'answered with 500 after it was carried out': done({ kind: 'answer', applied: true, reply: { status: 500 } }),
  'answered with 502': notDone(replied(502, { 'content-type': 'text/html' }, '<h1>Bad gateway</h1>')),
  'answered with 503 for a while': notDone(replied(503, { 'retry-after': '0' })),
};

/** Faults that last until the vendor timeout. */
const SLOW_FAULTS: readonly FaultCase[] = [
  notDone({ kind: 'silent', applied: false }),
  done({ kind: 'silent', applied: true }),
  done({ kind: 'drip', everyMs: 1_000 }),
];

const SIGN_IN = 'query ($sources: [ID!]) { tickets(first: 1, filter: { sources: $sources }) { nodes { __typename } } }';

/** Starts a server whose vendor applies the fault to writes. */
async function startFaulty(write: WriteCase, fault: Fault, isSlow = false): Promise<TestServer> {
  const prefix = write.vendor.toUpperCase();
  const server = await startTestServer({
    keys: [write.vendor],
    environment: { MAX_UPSTREAM_BYTES: '100000', ...(isSlow && { [`${prefix}_TIMEOUT_MS`]: '1000' }) },
  });
  // Signs in first, so that the vendor timeout applies to the write alone.
  if (isSlow) await server.ask(SIGN_IN, { sources: [write.vendor] });
  server.forget();
  server.vendor(write.vendor).faults = (arrival) => (isWrite(arrival) ? fault : undefined);
  return server;
}

async function startStranger(): Promise<Replay> {
  const stranger = await startReplay([]);
  onTestFinished(() => stranger.close());
  return stranger;
}

interface Payload {
  readonly outcome: string;
  readonly reconciled: boolean;
  readonly problems: readonly { code: string; retryable: boolean; retryAfterSeconds: number | null }[];
}

async function perform(server: TestServer, { mutation, input }: WriteCase): Promise<Payload> {
  const { data, errors } = await server.ask(
    `mutation ($input: ${inputTypeOf(mutation)}) { done: ${mutation}(input: $input) {
       outcome reconciled problems { code retryable retryAfterSeconds } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  expect(server.defects).toEqual([]);
  return data.done as Payload;
}

function writesTo(server: TestServer, { vendor }: WriteCase): LedgerEntry[] {
  return server.calls(vendor).filter(({ arrival }) => arrival.method !== 'GET');
}

function expectOutcome(payload: Payload, expected: Expected, { ticketIds }: WriteCase): void {
  const { outcome, reconciled, problems } = payload;
  expect({ outcome, reconciled }).toEqual({ outcome: expected.outcome, reconciled: expected.reconciled });
  expect(problems).toHaveLength(expected.codes.length > 0 ? ticketIds.length : 0);
  for (const problem of problems) {
    expect(expected.codes).toContain(problem.code);
    expect(problem.retryable).toBe(expected.retryable);
    if (expected.retryAfterSeconds !== undefined) expect(problem.retryAfterSeconds).toBe(expected.retryAfterSeconds);
  }
}

/** Compares the effects at the vendor with the reported outcome. */
function expectEffects(server: TestServer, payload: Payload, write: WriteCase): void {
  const { effects } = server.vendor(write.vendor);
  const once = write.ticketIds.map((ticket) => ({ what: write.effect, ticket }));
  const byId = (one: { ticket: string }, other: { ticket: string }): number => one.ticket.localeCompare(other.ticket);
  if (effects.length > 0) expect(effects.toSorted(byId)).toEqual(once.toSorted(byId));
  if (payload.outcome === 'APPLIED') expect(effects).toHaveLength(once.length);
  if (payload.outcome === 'NOT_APPLIED') expect(effects).toEqual([]);
}

describe.each(FIRST)('%s', (_, write) => checkOutcomes(write));
describe.each(REST)('%s', { tags: ['full'] }, (_, write) => checkOutcomes(write));

function checkOutcomes(write: WriteCase): void {
  test('without a fault is APPLIED with one request', async () => {
    const server = await startTestServer({ keys: [write.vendor] });
    const payload = await perform(server, write);
    expectOutcome(payload, APPLIED, write);
    expectEffects(server, payload, write);
    expect(writesTo(server, write)).toHaveLength(1);
  });

  const performUnder = async ({ fault, expected }: FaultCase, isSlow = false): Promise<void> => {
    const server = await startFaulty(write, fault, isSlow);
    const payload = await perform(server, write);
    expectOutcome(payload, expected(write), write);
    expectEffects(server, payload, write);
    expect(writesTo(server, write)).toHaveLength(1);
  };

  test.each(Object.entries(FAULTS))('%s', (__, fault) => performUnder(fault));

  test('never answered, carried out or not, or answered too slowly', async () => {
    await Promise.all(SLOW_FAULTS.map((fault) => performUnder(fault, true)));
  });

  test('answered with a redirect to another server is UNKNOWN, and the redirect is not followed', async () => {
    const stranger = await startStranger();
    for (const status of [302, 307]) {
      const server = await startFaulty(write, replied(status, { location: `${stranger.url}/take` }));
      const payload = await perform(server, write);
      expectOutcome(payload, UNKNOWN, write);
      expect(writesTo(server, write)).toHaveLength(1);
    }
    expect(stranger.unexpected).toEqual([]);
  });

  test('to a closed port is NOT_APPLIED, and may be retried', async () => {
    const server = await startTestServer({
      keys: [write.vendor],
      environment: { [`${write.vendor.toUpperCase()}_URL`]: 'http://127.0.0.1:1' },
    });
    const payload = await perform(server, write);
    expectOutcome(payload, rejected(['VENDOR_UNAVAILABLE'], { retryable: true }), write);
    expectEffects(server, payload, write);
  });
}

describe('a transition of Jifeline', () => {
  const [, outsource] = CASES.find(([, { effect }]) => effect === 'outsource')!;

  async function move(location: string | undefined): Promise<{ server: TestServer; payload: Record<string, unknown> }> {
    const server = await startFaulty(outsource, {
      kind: 'answer',
      applied: true,
      reply: { status: 303, headers: location === undefined ? {} : { location } },
    });
    const { data, errors } = await server.ask(
      `mutation ($input: TransitionInProgressInput!) { done: transitionInProgress(input: $input) { outcome
         problems { code } transition { ... on OutsourceTransition { action location movedToId ticketId } } } }`,
      { input: outsource.input },
    );
    expect(errors).toBeUndefined();
    expect(server.defects).toEqual([]);
    return { server, payload: data.done as Record<string, unknown> };
  }

  const PLACE = `/v2/tickets/outsourced-tickets/${UUID}`;

  test('has the place of a valid Location', async () => {
    const { server, payload } = await move(PLACE);
    expect(payload).toEqual({
      outcome: 'APPLIED',
      problems: [],
      transition: {
        action: 'outsource',
        location: PLACE,
        movedToId: `jifeline:${UUID}`,
        ticketId: `jifeline:${JIFELINE}`,
      },
    });
    expect(server.calls('jifeline')).toHaveLength(1);
  });

  test.each([
    `STRANGER${PLACE}`,
    `//STRANGER_HOST${PLACE}`,
    `//evil.example${PLACE}`,
    `\\\\evil.example${PLACE}`,
    `https://evil.example${PLACE}`,
    `javascript:alert(1)//${PLACE}`,
    `/v2/tickets/outsourced-tickets/../closed-tickets/${UUID}`,
    `/v2/tickets/outsourced-tickets/%2e%2e/${UUID}`,
    `${PLACE}?next=//evil.example`,
    `${PLACE}#fragment`,
    `${PLACE}/`,
    `${PLACE}/messages`,
    '/v2/tickets/outsourced-tickets/not-a-uuid',
    `/v2/tickets/outsourced-tickets/${UUID}0`,
    `/v2/tickets/unheard-of-tickets/${UUID}`,
    `/v1/tickets/outsourced-tickets/${UUID}`,
    `http://user:secret@127.0.0.1${PLACE}`,
    ' ',
    'x'.repeat(4_000),
    undefined,
  ])('is APPLIED without a place if its Location is %s', async (location) => {
    const stranger = await startStranger();
    const { server, payload } = await move(
      location?.replace('STRANGER_HOST', stranger.url.slice('http://'.length)).replace('STRANGER', stranger.url),
    );
    expect(payload).toEqual({
      outcome: 'APPLIED',
      problems: [],
      transition: { action: 'outsource', location: null, movedToId: null, ticketId: `jifeline:${JIFELINE}` },
    });
    expect(server.calls('jifeline')).toHaveLength(1);
    expect(stranger.unexpected).toEqual([]);
  });
});

const IDS = ['858462', '858400'];
const REMOVE = `mutation { done: deleteTickets(input: { ticketIds: [${IDS.map((id) => `"omnidesk:${id}"`).join()}] }) {
    outcome reconciled results { ticketId outcome problem { code } } } }`;

test('one unknown outcome among several tickets makes the outcome UNKNOWN', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  server.vendor('omnidesk').faults = ({ method, path }) =>
    method === 'DELETE' && path.endsWith(IDS[1]!) ? { kind: 'reset', applied: false } : undefined;
  const { data } = await server.ask(REMOVE);
  expect(data.done).toEqual({
    outcome: 'UNKNOWN',
    reconciled: false,
    results: [
      { ticketId: `omnidesk:${IDS[0]}`, outcome: 'APPLIED', problem: null },
      { ticketId: `omnidesk:${IDS[1]}`, outcome: 'UNKNOWN', problem: { code: 'OUTCOME_UNKNOWN' } },
    ],
  });
  expect(server.vendor('omnidesk').effects).toEqual([{ what: 'delete', ticket: IDS[0] }]);
});

test('one rejected ticket among several makes the outcome PARTIAL', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  server.vendor('omnidesk').faults = ({ method, path }) =>
    method === 'DELETE' && path.endsWith(IDS[0]!) ? replied(403) : undefined;
  const { data } = await server.ask(REMOVE);
  expect(data.done).toEqual({
    outcome: 'PARTIAL',
    reconciled: false,
    results: [
      { ticketId: `omnidesk:${IDS[0]}`, outcome: 'NOT_APPLIED', problem: { code: 'VENDOR_FORBIDDEN' } },
      { ticketId: `omnidesk:${IDS[1]}`, outcome: 'APPLIED', problem: null },
    ],
  });
  expect(server.vendor('omnidesk').effects).toEqual([{ what: 'delete', ticket: IDS[1] }]);
});

test('each ticket has its own outcome if one of several vendors hangs', async () => {
  const server = await startTestServer({ environment: { HUAWEI_TIMEOUT_MS: '1500', AKANA_TIMEOUT_MS: '5000' } });
  server.vendor('huawei').faults = (arrival) => (isSignIn(arrival) ? undefined : { kind: 'silent', applied: false });
  server.vendor('akana').faults = (arrival) => (isSignIn(arrival) ? undefined : replied(429));
  const { data } = await server.ask(
    `mutation { done: setStatus(input: { status: SOLVED, ticketIds: ["huawei:TS-123456", "omnidesk:858462",
         "akana:${AKANA}", "jifeline:${JIFELINE}", "requestor:47"] }) {
         outcome results { outcome problem { code vendor } } } }`,
  );
  expect(data.done).toEqual({
    outcome: 'UNKNOWN',
    results: [
      { outcome: 'UNKNOWN', problem: { code: 'OUTCOME_UNKNOWN', vendor: 'HUAWEI' } },
      { outcome: 'APPLIED', problem: null },
      { outcome: 'NOT_APPLIED', problem: { code: 'VENDOR_RATE_LIMITED', vendor: 'AKANA' } },
      { outcome: 'APPLIED', problem: null },
      { outcome: 'NOT_APPLIED', problem: { code: 'UNSUPPORTED', vendor: 'REQUESTOR' } },
    ],
  });
  expect(server.vendor('huawei').effects).toEqual([]);
  expect(server.vendor('akana').effects).toEqual([]);
  expect(server.vendor('requestor').ledger).toEqual([]);
  expect(server.vendor('omnidesk').effects).toEqual([{ what: 'setStatus solved', ticket: '858462' }]);
  expect(server.vendor('jifeline').effects).toEqual([{ what: 'complete', ticket: JIFELINE }]);
});
