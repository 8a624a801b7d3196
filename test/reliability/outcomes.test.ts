/**
 * Every vendor's writes under every fault: what the caller is told, against what the vendor saw and did.
 *
 * APPLIED means exactly one effect and NOT_APPLIED none, whatever went wrong; UNKNOWN is for what was sent and not
 * answered; and nothing is ever sent twice.
 */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import type { LedgerEntry } from '../../sandbox/server.ts';
import type { SampleWrite } from '../../sandbox/simulation.ts';
import { startReplay, type Replay } from '../support/exchange.ts';
import { SAMPLED, inputTypeOf, isSignIn, isWrite, samplesOf } from '../support/samples.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

interface WriteCase extends SampleWrite {
  readonly vendor: string;
}

const CASES = SAMPLED.flatMap(({ key, samples }) =>
  samples.writes.map((write) => [`${key} ${write.title}`, { vendor: key, ...write }] as const),
);

const AKANA = samplesOf('akana').samples.ticketId;
const JIFELINE = samplesOf('jifeline').samples.ticketId;
const UUID = '0d6c9e3b-6c1a-4b1e-9c39-5f9d1c1f7a10';

/** What the caller is told. */
interface Told {
  readonly outcome: 'APPLIED' | 'NOT_APPLIED' | 'UNKNOWN';
  readonly reconciled: boolean;
  /** The problem's code; several where vendors differ in what they say by it. */
  readonly codes: readonly string[];
  readonly retryable?: boolean;
  readonly retryAfterSeconds?: number | null;
}

const APPLIED: Told = { outcome: 'APPLIED', reconciled: false, codes: [] };
const FOUND: Told = { outcome: 'APPLIED', reconciled: true, codes: [] };
const UNKNOWN: Told = { outcome: 'UNKNOWN', reconciled: false, codes: ['OUTCOME_UNKNOWN'], retryable: false };

function refused(codes: readonly string[], more: Partial<Told> = {}): Told {
  return { outcome: 'NOT_APPLIED', reconciled: false, codes, retryable: false, ...more };
}

interface FaultCase {
  readonly fault: Fault;
  readonly told: (write: WriteCase) => Told;
}

function replied(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Fault {
  return { kind: 'answer', applied: false, reply: { status, headers, body } };
}

/** Sent and not usably answered: a later look may find it where it was done, and can prove nothing where it was not. */
const notDone = (fault: Fault): FaultCase => ({ fault, told: () => UNKNOWN });
const done = (fault: Fault): FaultCase => ({ fault, told: ({ canBeVerified }) => (canBeVerified ? FOUND : UNKNOWN) });
const no = (fault: Fault, codes: readonly string[], more?: Partial<Told>): FaultCase => ({
  fault,
  told: () => refused(codes, more),
});

const HTML = replied(200, { 'content-type': 'text/html' }, '<!doctype html><html><body>Sign in</body></html>');
const UNTYPED_HTML = replied(200, {}, '\n<html><body>Down for maintenance</body></html>');
const GARBAGE = replied(200, { 'content-type': 'application/json' }, '{"half": [1, 2\u0000\ufffd');

const FAULTS: Readonly<Record<string, FaultCase>> = {
  'reset before it was carried out': notDone({ kind: 'reset', applied: false }),
  'reset after it was carried out': done({ kind: 'reset', applied: true }),
  'answered by half': done({ kind: 'truncate' }),
  'answered with too many bytes': done({ kind: 'flood', bytes: 1_000_000 }),
  'answered with a small body that unfolds into too many bytes, by gzip': done({
    kind: 'bomb',
    encoding: 'gzip',
    bytes: 5_000_000,
  }),
  'answered with what is no HTTP': notDone({ kind: 'raw', applied: false, bytes: 'SSH-2.0-OpenSSH_9.2\r\n' }),
  'answered with a page for people': notDone(HTML),
  'answered with a page that does not say so': notDone(UNTYPED_HTML),
  'answered with garbage': notDone(GARBAGE),
  'answered with an empty 200': {
    fault: { kind: 'answer', applied: true, reply: { status: 200 } },
    told: ({ acceptsEmpty, canBeVerified }) => (acceptsEmpty ? APPLIED : canBeVerified ? FOUND : UNKNOWN),
  },
  'answered with an empty 200 that declares a coding': {
    fault: { kind: 'answer', applied: true, reply: { status: 200, headers: { 'content-encoding': 'gzip' } } },
    told: ({ acceptsEmpty, canBeVerified }) => (acceptsEmpty ? APPLIED : canBeVerified ? FOUND : UNKNOWN),
  },
  'refused with an empty 400 that declares a coding': no(replied(400, { 'content-encoding': 'br' }), [
    'VENDOR_REJECTED',
  ]),
  'refused with an empty 429 that declares a coding': no(
    replied(429, { 'content-encoding': 'GZIP' }),
    ['VENDOR_RATE_LIMITED'],
    { retryable: true, retryAfterSeconds: null },
  ),
  'refused with 400': no(replied(400), ['VENDOR_REJECTED']),
  'refused with 403': no(replied(403), ['VENDOR_FORBIDDEN']),
  // The ticket is there: a vendor that says 404 for other reasons too is not believed that it is missing.
  'refused with 404': no(replied(404), ['NOT_FOUND', 'VENDOR_REJECTED', 'ILLEGAL_ACTION']),
  'refused with 409': no(replied(409), ['VENDOR_REJECTED']),
  'refused with 429': no(replied(429), ['VENDOR_RATE_LIMITED'], { retryable: true, retryAfterSeconds: null }),
  'refused with 429 for a while': no(replied(429, { 'retry-after': '0' }), ['VENDOR_RATE_LIMITED'], {
    retryable: true,
    retryAfterSeconds: 0,
  }),
  'answered with 500': notDone(replied(500)),
  'answered with 500 after it was carried out': done({ kind: 'answer', applied: true, reply: { status: 500 } }),
  'answered with 502': notDone(replied(502, { 'content-type': 'text/html' }, '<h1>Bad gateway</h1>')),
  'answered with 503 for a while': notDone(replied(503, { 'retry-after': '0' })),
};

/** Faults under which the vendor's own time has to run out. */
const SLOW_FAULTS: readonly FaultCase[] = [
  notDone({ kind: 'silent', applied: false }),
  done({ kind: 'silent', applied: true }),
  done({ kind: 'drip', everyMs: 1_000 }),
];

/** Starts a server whose vendor has this fault on writes, and a foreign host that must never receive them. */
async function startFaulty(write: WriteCase, fault: Fault, isSlow = false): Promise<TestServer> {
  const prefix = write.vendor.toUpperCase();
  const server = await startTestServer({
    keys: [write.vendor],
    environment: { MAX_UPSTREAM_BYTES: '100000', ...(isSlow && { [`${prefix}_TIMEOUT_MS`]: '1000' }) },
  });
  // Signed in beforehand, so that the vendor's time is the write's own.
  if (isSlow) await server.ask('{ tickets(first: 1) { nodes { __typename } } }');
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

function expectTold(payload: Payload, told: Told, { ticketIds }: WriteCase): void {
  const { outcome, reconciled, problems } = payload;
  expect({ outcome, reconciled }).toEqual({ outcome: told.outcome, reconciled: told.reconciled });
  expect(problems).toHaveLength(told.codes.length > 0 ? ticketIds.length : 0);
  for (const problem of problems) {
    expect(told.codes).toContain(problem.code);
    expect(problem.retryable).toBe(told.retryable);
    if (told.retryAfterSeconds !== undefined) expect(problem.retryAfterSeconds).toBe(told.retryAfterSeconds);
  }
}

/** What the vendor did agrees with what the caller was told. */
function expectTruth(server: TestServer, payload: Payload, write: WriteCase): void {
  const { effects } = server.vendor(write.vendor);
  const once = write.ticketIds.map((ticket) => ({ what: write.effect, ticket }));
  const byId = (one: { ticket: string }, other: { ticket: string }): number => one.ticket.localeCompare(other.ticket);
  if (effects.length > 0) expect(effects.toSorted(byId)).toEqual(once.toSorted(byId));
  if (payload.outcome === 'APPLIED') expect(effects).toHaveLength(once.length);
  if (payload.outcome === 'NOT_APPLIED') expect(effects).toEqual([]);
}

describe.each(CASES)('%s', (_, write) => {
  test('without a fault is APPLIED by one request', async () => {
    const server = await startTestServer({ keys: [write.vendor] });
    const payload = await perform(server, write);
    expectTold(payload, APPLIED, write);
    expectTruth(server, payload, write);
    expect(writesTo(server, write)).toHaveLength(1);
  });

  const performUnder = async ({ fault, told }: FaultCase, isSlow = false): Promise<void> => {
    const server = await startFaulty(write, fault, isSlow);
    const payload = await perform(server, write);
    expectTold(payload, told(write), write);
    expectTruth(server, payload, write);
    expect(writesTo(server, write)).toHaveLength(1);
  };

  test.each(Object.entries(FAULTS))('%s', (__, fault) => performUnder(fault));

  test('never answered, carried out or not, or answered a byte at a time beyond its time', async () => {
    await Promise.all(SLOW_FAULTS.map((fault) => performUnder(fault, true)));
  });

  test('answered with a redirect to another server is UNKNOWN, and nothing goes there', async () => {
    const stranger = await startStranger();
    for (const status of [302, 307]) {
      const server = await startFaulty(write, replied(status, { location: `${stranger.url}/take` }));
      const payload = await perform(server, write);
      expectTold(payload, UNKNOWN, write);
      expect(writesTo(server, write)).toHaveLength(1);
    }
    expect(stranger.unexpected).toEqual([]);
  });

  test('to a port where nobody listens is NOT_APPLIED, and may be tried again', async () => {
    const server = await startTestServer({
      keys: [write.vendor],
      environment: { [`${write.vendor.toUpperCase()}_URL`]: 'http://127.0.0.1:1' },
    });
    const payload = await perform(server, write);
    expectTold(payload, refused(['VENDOR_UNAVAILABLE'], { retryable: true }), write);
    expectTruth(server, payload, write);
  });
});

describe('Jifeline, whose yes is a 303', () => {
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

  test('believes a Location of its own', async () => {
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
  ])('is APPLIED without a place where its Location is %s', async (location) => {
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

describe('several tickets', () => {
  const IDS = ['858462', '858400'];
  const REMOVE = `mutation { done: deleteTickets(input: { ticketIds: [${IDS.map((id) => `"omnidesk:${id}"`).join()}] }) {
    outcome reconciled results { ticketId outcome problem { code } } } }`;

  test('of which one is left in doubt are each told the truth, and sum up to UNKNOWN', async () => {
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

  test('of which one is refused are told apart, and sum up to PARTIAL', async () => {
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

  test('of several vendors, of which one hangs, are each told the truth', async () => {
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
});
