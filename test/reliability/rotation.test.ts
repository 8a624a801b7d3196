/** A vendor that replaces the session with each answer and rejects the previous one. Checked by its ledger. */
import { expect, onTestFinished, test } from 'vitest';
import type { ReceivedRequest, CannedResponse } from '../../sandbox/simulation.ts';
import { startEndpoint } from '../support/endpoint.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { until } from '../support/until.ts';

const TENANT = 'acmepaymentscorp';
const [TOKEN, CSRF] = [`AtmoAuthToken_${TENANT}`, `Csrf-Token_${TENANT}`];

const READ = 'query ($id: ID!) { ticket(id: $id) { __typename } }';
const WRITE = `mutation ($id: ID!) { done: executeAction(input: { ticketId: $id, action: "ticket.action.resolve" }) {
  outcome problems { code } } }`;

type Rotated = 'token' | 'csrf';

interface Rotating {
  /** Statuses in the order of the calls. */
  readonly statuses: number[];
  readonly logins: () => number;
  /** The values that are valid now. */
  readonly current: { token: string; csrf: string };
}

/** Accepts only the newest session, and returns a new one with each answer. */
function rotate(server: TestServer, rotated: readonly Rotated[], base = { token: '', csrf: '' }): Rotating {
  const running = server.vendor('akana');
  const { handle } = running.vendor;
  const current = { ...base };
  const statuses: number[] = [];
  let count = 0;
  let logins = 0;
  const setCookie = (): string[] =>
    rotated.map((name) => `${name === 'token' ? TOKEN : CSRF}=${current[name]}; Path=/`);

  running.vendor.handle = (arrival): CannedResponse => {
    if (arrival.path.startsWith('/api/login')) {
      logins += 1;
      const reply = handle(arrival);
      for (const line of reply.headers?.['set-cookie'] ?? []) {
        if (line.startsWith(TOKEN)) base.token = current.token = line.slice(TOKEN.length + 1).split(';')[0]!;
        if (line.startsWith(CSRF)) base.csrf = current.csrf = line.slice(CSRF.length + 1).split(';')[0]!;
      }
      return reply;
    }
    if (!isCurrent(arrival)) {
      statuses.push(401);
      return { status: 401 };
    }
    const reply = handle({ ...arrival, headers: { ...arrival.headers, ...asBase() } });
    statuses.push(reply.status);
    count += 1;
    for (const name of rotated) current[name] = `${name}${count}`;
    return { ...reply, headers: { ...reply.headers, 'set-cookie': setCookie() } };
  };
  const isCurrent = ({ headers }: ReceivedRequest): boolean =>
    headers['cookie'] === `${TOKEN}=${current.token}; ${CSRF}=${current.csrf}` &&
    headers[`x-csrf-token_${TENANT}`] === current.csrf;
  const asBase = (): Record<string, string> => ({
    cookie: `${TOKEN}=${base.token}; ${CSRF}=${base.csrf}`,
    [`x-csrf-token_${TENANT}`]: base.csrf,
  });
  return { statuses, logins: () => logins, current };
}

async function readSequentially(server: TestServer, count: number): Promise<void> {
  for (let read = 0; read < count; read += 1) {
    const { errors } = await server.ask(READ, { id: `akana:ticket${read}.${TENANT}` });
    expect(errors).toBeUndefined();
  }
}

const ROTATIONS: readonly (readonly [string, readonly Rotated[]])[] = [
  ['the token', ['token']],
  ['the CSRF value', ['csrf']],
  ['both', ['token', 'csrf']],
];

test.each(ROTATIONS)('sequential calls need one sign-in if each answer replaces %s', async (_, rotated) => {
  const server = await startTestServer({ keys: ['akana'] });
  const vendor = rotate(server, rotated);
  await readSequentially(server, 5);
  expect(vendor.statuses).not.toContain(401);
  expect(vendor.logins()).toBe(1);
});

test.each(ROTATIONS)('ten concurrent reads are all answered if each answer replaces %s', async (_, rotated) => {
  const server = await startTestServer({ keys: ['akana'] });
  const vendor = rotate(server, rotated);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_unused, index) => server.ask(READ, { id: `akana:ticket${index}.${TENANT}` })),
  );
  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
  expect(vendor.statuses.filter((status) => status !== 401)).toHaveLength(10);
  expect(server.defects).toEqual([]);

  // From then on they are sent one at a time, and none is rejected.
  vendor.statuses.length = 0;
  const later = await Promise.all(
    Array.from({ length: 10 }, (_unused, index) => server.ask(READ, { id: `akana:ticket${index}.${TENANT}` })),
  );
  expect(later.flatMap(({ errors }) => errors ?? [])).toEqual([]);
  expect(vendor.statuses).not.toContain(401);
});

test('ten concurrent writes have the same outcomes as without rotation, each carried out once', async () => {
  const [plain, rotating] = [await startTestServer({ keys: ['akana'] }), await startTestServer({ keys: ['akana'] })];
  const vendor = rotate(rotating, ['token', 'csrf']);
  const ids = plain.vendor('akana').vendor.ticketIds().slice(0, 10);
  const writeAll = async (server: TestServer): Promise<unknown[]> => {
    const answers = await Promise.all(ids.map((id) => server.ask(WRITE, { id: `akana:${id}` })));
    return answers.map(({ data }) => data.done as unknown);
  };
  expect(await writeAll(rotating)).toEqual(await writeAll(plain));
  const effects = (server: TestServer) =>
    server
      .vendor('akana')
      .effects.map(({ ticket }) => ticket)
      .toSorted();
  expect(effects(rotating)).toEqual(effects(plain));
  expect(effects(plain).length).toBeGreaterThan(1);
  expect(vendor.statuses).toContain(401);
});

test('a configured session is replaced by its successors, also with concurrent calls', async () => {
  const first = await startTestServer({ keys: ['akana'] });
  await first.ask(READ, { id: `akana:ticket25687.${TENANT}` });
  const { headers } = first.calls('akana')[0]!.arrival;
  const [, token = '', csrf = ''] = /=([^;]+); [^=]+=(.+)$/.exec(headers['cookie']!)!;
  const { endpoint, vendor } = await withSession(first, token, csrf);
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => endpoint.ask(READ, { id: `akana:ticket${index}.${TENANT}` })),
  );
  expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
  expect(vendor.logins()).toBe(0);
});

/** Another endpoint for the same vendor, with a session instead of an account. */
async function withSession(server: TestServer, token: string, csrf: string) {
  const endpoint = await startEndpoint({
    AKANA_URL: server.vendor('akana').url,
    AKANA_TENANT: TENANT,
    AKANA_AUTH_TOKEN: token,
    AKANA_CSRF_TOKEN: csrf,
  });
  onTestFinished(() => endpoint.close());
  return { endpoint, vendor: rotate(server, ['token', 'csrf'], { token, csrf }) };
}

test('a 401 with a new CSRF value is followed by one replay with it, and by no sign-in', async () => {
  const server = await startTestServer({ keys: ['akana'] });
  const vendor = rotate(server, ['csrf']);
  await readSequentially(server, 1);
  const { handle } = server.vendor('akana').vendor;
  let isStale = true;
  server.vendor('akana').vendor.handle = (arrival) => {
    if (!isStale) return handle(arrival);
    isStale = false;
    vendor.current.csrf = 'fresh';
    return { status: 401, headers: { 'set-cookie': `${CSRF}=fresh; Path=/` } };
  };
  server.forget();
  const { data } = await server.ask(WRITE, { id: `akana:ticket25687.${TENANT}` });
  expect(data.done).toEqual({ outcome: 'APPLIED', problems: [] });
  expect(server.vendor('akana').ledger.map(({ status }) => status)).toEqual([401, 200]);
  expect(vendor.logins()).toBe(1);
});

test('a session that is only ever replaced by 401 answers is followed by a new sign-in', async () => {
  const server = await startTestServer({ keys: ['akana'] });
  await server.ask(READ, { id: `akana:ticket25687.${TENANT}` });
  server.forget();
  const running = server.vendor('akana');
  const { handle } = running.vendor;
  let logins = 0;
  running.vendor.handle = (arrival) => {
    if (arrival.path.startsWith('/api/login')) logins += 1;
    if (logins > 0) return handle(arrival);
    return { status: 401, headers: { 'set-cookie': `${TOKEN}=invalid${running.ledger.length}; Path=/` } };
  };
  expect((await server.ask(READ, { id: `akana:ticket25687.${TENANT}` })).errors).toBeUndefined();
  expect(logins).toBe(1);
  expect(running.ledger.length).toBeLessThanOrEqual(6);
});

test('calls that are always rejected with 401 are attempted twice each', async () => {
  const server = await startTestServer({ keys: ['akana'] });
  await server.ask(READ, { id: `akana:ticket25687.${TENANT}` });
  server.forget();
  const running = server.vendor('akana');
  const { handle } = running.vendor;
  running.vendor.handle = (arrival) => (arrival.path.startsWith('/api/login') ? handle(arrival) : { status: 401 });
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => server.ask(READ, { id: `akana:ticket${index}.${TENANT}` })),
  );
  for (const { errors } of answers) expect(errors?.[0]?.extensions?.['code']).toBe('VENDOR_UNAUTHENTICATED');
  expect(server.calls('akana')).toHaveLength(20);
});

test('the log contains one warning that calls are sent one at a time', async () => {
  const lines: string[] = [];
  const server = await startTestServer({ keys: ['akana'], logStream: { write: (line) => void lines.push(line) } });
  rotate(server, ['token']);
  for (let round = 0; round < 2; round += 1) {
    await Promise.all(
      Array.from({ length: 5 }, (_, index) => server.ask(READ, { id: `akana:ticket${index}.${TENANT}` })),
    );
  }
  await until(() => expect(lines.filter((line) => line.includes('one at a time'))).toHaveLength(1));
  expect(lines.join()).not.toMatch(/TokenID|token\d/);
});
