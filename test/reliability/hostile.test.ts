/** Hostile vendors and proxies: sizes, redirects, names, texts, headers, secrets. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../sandbox/index.ts';
import type { Fault } from '../../sandbox/faults.ts';
import type { RunningVendor } from '../../sandbox/server.ts';
import type { ReceivedRequest } from '../../sandbox/simulation.ts';
import { vendors } from '../../datasources/vendors.ts';
import { startReplay, type Replay } from '../support/exchange.ts';
import { SAMPLED, SIGNING_IN_SOURCES, SOURCES, isSignIn, samplesOf } from '../support/samples.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const READS = SOURCES.map(({ key, id }) => [key, id] as const);

const SIGNED_IN = SIGNING_IN_SOURCES.map(({ key, id }) => [key, id] as const);

const READ = `query ($id: ID!) { ticket(id: $id) { __typename ... on TicketFields {
  id reference title status { category raw } createdAt availableActions { ... on TicketActionFields { name } } } } }`;

const WRITE = `mutation ($id: ID!, $action: String!, $dryRun: Boolean) { done: executeAction(input: {
  ticketId: $id, action: $action, dryRun: $dryRun }) {
  outcome problems { code message upstreamStatus upstreamCode upstreamMessage } plan { method url headers body } } }`;

function onCalls(fault: Fault): (arrival: ReceivedRequest) => Fault | undefined {
  return (arrival) => (isSignIn(arrival) ? undefined : fault);
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Fault {
  const reply = { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
  return { kind: 'answer', applied: false, reply };
}

async function errorOf(server: TestServer, id: string): Promise<Record<string, unknown> | undefined> {
  const { errors } = await server.ask(READ, { id });
  expect(server.defects).toEqual([]);
  return errors?.[0]?.extensions;
}

async function startStranger(): Promise<Replay> {
  const stranger = await startReplay([]);
  onTestFinished(() => stranger.close());
  return stranger;
}

/** Changes the body of the vendor's own answers, except to sign-ins. */
function rewrite({ vendor }: RunningVendor, change: (body: string) => string): void {
  const { handle } = vendor;
  vendor.handle = (arrival) => {
    const reply = handle(arrival);
    return isSignIn(arrival) || reply.body === undefined ? reply : { ...reply, body: change(reply.body) };
  };
}

test.each(
  READS.flatMap(([key, id]) => [
    [key, 'plain', id, { kind: 'flood', bytes: 300_000 }] as const,
    [key, 'compressed with gzip', id, { kind: 'bomb', encoding: 'gzip', bytes: 5_000_000 }] as const,
    [key, 'compressed with brotli', id, { kind: 'bomb', encoding: 'br', bytes: 5_000_000 }] as const,
  ]),
)('an oversized answer of %s, %s, is rejected and not requested again', async (key, _, id, fault) => {
  const server = await startTestServer({ keys: [key], environment: { MAX_UPSTREAM_BYTES: '100000' } });
  server.vendor(key).faults = onCalls(fault);
  expect(await errorOf(server, id)).toMatchObject({ code: 'VENDOR_PROTOCOL', retryable: false });
  expect(server.calls(key)).toHaveLength(1);
});

test.each(SIGNED_IN)('an oversized answer to the sign-in of %s is rejected', async (key, id) => {
  const server = await startTestServer({ keys: [key], environment: { MAX_UPSTREAM_BYTES: '100000' } });
  server.vendor(key).faults = () => ({ kind: 'bomb', encoding: 'gzip', bytes: 5_000_000 });
  expect(await errorOf(server, id)).toMatchObject({ code: expect.stringMatching(/^VENDOR_/) as unknown });
  expect(server.calls(key)).toEqual([]);
  expect(server.vendor(key).ledger).toHaveLength(1);
});

test('an answer may have exactly MAX_UPSTREAM_BYTES', async () => {
  const server = await startTestServer({ keys: ['omnidesk'], environment: { MAX_UPSTREAM_BYTES: '5000' } });
  let length = 5_000;
  rewrite(server.vendor('omnidesk'), (body) => body.padEnd(body.length + length - Buffer.byteLength(body)));
  expect((await server.ask(READ, { id: 'omnidesk:858462' })).errors).toBeUndefined();
  length += 1;
  expect(await errorOf(server, 'omnidesk:858462')).toMatchObject({ code: 'VENDOR_PROTOCOL' });
});

test.each(['zstd', 'gzip, br', 'gzip'])('an answer that cannot be decompressed is rejected: %s', async (encoding) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const reply = { status: 200, headers: { 'content-encoding': encoding }, body: '\u0001{"id":858462}' };
  server.vendor('omnidesk').faults = () => ({ kind: 'answer', applied: false, reply });
  expect(await errorOf(server, 'omnidesk:858462')).toMatchObject({ code: 'VENDOR_PROTOCOL' });
  expect(server.calls('omnidesk')).toHaveLength(1);
});

test.each(READS)('a read of %s does not follow a redirect to another server', async (key, id) => {
  const stranger = await startStranger();
  const server = await startTestServer({ keys: [key] });
  for (const status of [301, 302, 303, 307, 308]) {
    server.vendor(key).faults = onCalls(json(status, {}, { location: `${stranger.url}/take` }));
    expect(await errorOf(server, id)).toMatchObject({ code: 'VENDOR_PROTOCOL' });
  }
  expect(server.calls(key)).toHaveLength(5);
  expect(stranger.unexpected).toEqual([]);
});

test.each(SIGNED_IN)(
  'a sign-in of %s, which contains the password, does not follow a redirect to another server',
  async (key, id) => {
    const stranger = await startStranger();
    for (const status of [302, 307]) {
      const server = await startTestServer({ keys: [key] });
      server.vendor(key).faults = () => json(status, {}, { location: `${stranger.url}/take` });
      expect(await errorOf(server, id)).toMatchObject({ code: expect.stringMatching(/^VENDOR_/) as unknown });
      expect(server.calls(key)).toEqual([]);
    }
    expect(stranger.unexpected).toEqual([]);
  },
);

const POISON =
  '"__proto__":{"polluted":"yes","id":"1"},"constructor":{"prototype":{"polluted":"yes"}},"prototype":{"polluted":1},';

test.each(READS)('JSON names that target prototypes have no effect, from %s', async (key, id) => {
  const server = await startTestServer({ keys: [key] });
  const clean = await server.ask(READ, { id });
  rewrite(server.vendor(key), (body) => body.replaceAll('{', `{${POISON}`).replaceAll(',}', '}'));
  const { data, errors } = await server.ask(READ, { id });
  expect(errors).toBeUndefined();
  expect(data).toEqual(clean.data);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test.each(['__proto__: { a: 1 }', 'constructor: { prototype: { a: 1 } }', 'toString: "x"', 'hasOwnProperty: 1'])(
  'inputs with names of prototypes are rejected before anything is sent: %s',
  async (inputs) => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { data, errors } = await server.ask(
      `mutation { done: executeAction(input: { ticketId: "omnidesk:858462", action: "status.solved", inputs: { ${inputs} } }) {
           outcome problems { code } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.done).toEqual({ outcome: 'NOT_APPLIED', problems: [{ code: 'INVALID_INPUT' }] });
    expect(server.vendor('omnidesk').ledger).toEqual([]);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  },
);

test.each(READS)('JSON with excessive nesting is rejected, from %s', async (key, id) => {
  const server = await startTestServer({ keys: [key] });
  const deep = '{"a":'.repeat(200_000);
  server.vendor(key).faults = onCalls({ kind: 'answer', applied: false, reply: { status: 200, body: deep } });
  expect(await errorOf(server, id)).toMatchObject({ code: 'VENDOR_PROTOCOL' });
});

const WITH_MESSAGE = READS.filter(([key]) => samplesOf(key).samples.errorBody !== undefined);
const WITHOUT_MESSAGE = READS.filter(([key]) => samplesOf(key).samples.errorBody === undefined);

const LEAKS = {
  StackTrace: 'canary at Foo()',
  ExceptionMessage: 'canary',
  ModelState: { x: ['canary'] },
  debug: 'canary',
  trace: ['canary'],
  errors: [{ reason: 'canary' }],
};

async function messagesOf(key: string, id: string, message: string): Promise<readonly unknown[]> {
  const server = await startTestServer({ keys: [key] });
  server.vendor(key).faults = onCalls(json(400, { ...samplesOf(key).samples.errorBody!(message), ...LEAKS }));
  const reading = await server.ask(READ, { id });
  const writing = await server.ask(WRITE, { id, action: samplesOf(key).samples.action });
  expect(JSON.stringify([reading, writing])).not.toContain('canary');
  expect(writing.data.done.outcome).toBe('NOT_APPLIED');
  return [reading.errors?.[0]?.extensions?.['upstreamMessage'], writing.data.done.problems[0].upstreamMessage];
}

test.each(WITH_MESSAGE)('the message of %s is read from the documented field only', async (key, id) => {
  const message = 'The ticket is in another state.';
  expect(await messagesOf(key, id, message)).toEqual([message, message]);
});

test.each(WITH_MESSAGE)('the message of %s has at most 500 characters', async (key, id) => {
  expect(await messagesOf(key, id, 'ab '.repeat(5_000))).toEqual(Array(2).fill('ab '.repeat(167).slice(0, 500)));
});

test.each([
  ['<script>alert("x")</script><b>Not</b> now<img src=x onerror=alert(1)', 'Not now'],
  ['Not\u0000 now\u202e\r\n\u2028', 'Not now'],
  ['Not now\r\n   at Foo.Bar(String x) in C:\\app\\Foo.cs:line 12\r\n   at System.Web.Http.Run()', 'Not now'],
  ['Not now\n\tat com.acme.Foo.bar(Foo.java:12)\n\tat java.lang.Thread.run(Thread.java:1)\n\t... 12 more', 'Not now'],
  ['Not now\n    at Object.<anonymous> (/srv/app/index.js:1:2)\n    at /srv/app/other.js:3:4', 'Not now'],
  ['Not now\n#0 /var/www/app/Foo.php(12): Foo->bar()\n#1 {main}', 'Not now'],
  ['Not now\n  File "/srv/app/foo.py", line 3, in bar\n    raise Foo()', 'Not now raise Foo()'],
  ['at least one product is required', 'at least one product is required'],
  ['Look\nat the other ticket', 'Look at the other ticket'],
])('a vendor message has no markup, control characters or stack traces: %j', async (message, expected) => {
  expect(await messagesOf('omnidesk', samplesOf('omnidesk').id, message)).toEqual([expected, expected]);
});

test.each(WITHOUT_MESSAGE)('there is no message of %s, which documents none', async (key, id) => {
  const server = await startTestServer({ keys: [key] });
  server.vendor(key).faults = onCalls(json(400, { message: 'canary', Message: 'canary', ...LEAKS }));
  const answers = [
    await server.ask(READ, { id }),
    await server.ask(WRITE, { id, action: samplesOf(key).samples.action }),
  ];
  expect(JSON.stringify(answers)).not.toContain('canary');
});

test.each(READS)('there is no message in an HTML page: %s', async (key, id) => {
  const server = await startTestServer({ keys: [key] });
  const body = '<html><head><title>canary</title></head><body><pre>canary at Foo.bar(Foo.java:1)</pre></body></html>';
  for (const status of [400, 500]) {
    const reply = { status, headers: { 'content-type': 'text/html' }, body };
    server.vendor(key).faults = onCalls({ kind: 'answer', applied: false, reply });
    const answers = await Promise.all([
      server.ask(READ, { id }),
      server.ask(WRITE, { id, action: samplesOf(key).samples.action }),
    ]);
    expect(JSON.stringify(answers)).not.toContain('canary');
  }
  expect(server.defects).toEqual([]);
});

test.each(
  SIGNING_IN_SOURCES.flatMap(({ key, signIn }) =>
    signIn.unusableTokens.map((token): readonly [string, Fault] => [
      key,
      typeof token === 'string'
        ? { kind: 'raw', applied: false, bytes: token }
        : { kind: 'answer', applied: false, reply: token },
    ]),
  ),
)('a token of %s that is invalid in a header is never sent: %o', async (key, fault) => {
  const server = await startTestServer({ keys: [key] });
  server.vendor(key).faults = (arrival) => (isSignIn(arrival) ? fault : undefined);
  const { id } = samplesOf(key);
  expect(await errorOf(server, id)).toMatchObject({ code: expect.stringMatching(/^VENDOR_/) as unknown });
  const { data } = await server.ask(WRITE, { id, action: samplesOf(key).samples.action });
  expect(data.done.outcome).toBe('NOT_APPLIED');
  expect(server.defects).toEqual([]);
  expect(server.calls(key)).toEqual([]);
});

test('an invalid request header is an unexpected error without its value, and nothing is sent', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const { upstream } = server.sources.connected.get('omnidesk')!;
  const headers = { 'x-token': 'canary\r\nx-evil: 1' };
  const call = { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };
  const path = '/api/v2/ticket/858462';
  for (const sending of [
    upstream.send({ method: 'DELETE', path, headers }, call),
    upstream.read({ method: 'GET', path, headers }, call),
  ]) {
    const error: unknown = await sending.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RangeError);
    expect(String(error)).toContain('x-token');
    expect(String(error)).not.toContain('canary');
  }
  expect(server.vendor('omnidesk').ledger).toEqual([]);
});

test("vendor headers never reach the caller, and the caller's headers never reach a vendor", async () => {
  const server = await startTestServer({ keys: READS.map(([key]) => key) });
  for (const [key] of READS) {
    const { vendor } = server.vendor(key);
    const { handle } = vendor;
    vendor.handle = (arrival) => {
      const reply = handle(arrival);
      return {
        ...reply,
        headers: { ...reply.headers, 'x-canary': 'canary', 'access-control-allow-origin': 'canary' },
      };
    };
  }
  const response = await fetch(server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer caller-canary',
      cookie: 'AtmoAuthToken_acmepaymentscorp=caller-canary',
      'x-auth-token': 'caller-canary',
      'x-api-key': 'caller-canary',
      'x-forwarded-for': 'caller-canary',
      'x-csrf-token_acmepaymentscorp': 'caller-canary',
      referer: 'http://caller-canary/',
      'user-agent': 'caller-canary',
    },
    body: JSON.stringify({
      query: 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { __typename } }',
      variables: { ids: READS.map(([, id]) => id) },
    }),
  });
  expect(((await response.json()) as { errors?: unknown }).errors).toBeUndefined();
  expect(JSON.stringify([...response.headers])).not.toContain('canary');
  expect(response.headers.get('set-cookie')).toBeNull();
  for (const [key] of READS) {
    expect(server.calls(key).length).toBeGreaterThan(0);
    expect(JSON.stringify(server.vendor(key).ledger)).not.toContain('caller-canary');
  }
});

/** A vendor that quotes the whole request in every field for a message. */
const quoting =
  (status: number, contentType = 'application/json') =>
  (arrival: ReceivedRequest): Fault => {
    const { headers, target, body } = arrival;
    const quotation = `You sent ${JSON.stringify(headers)} to ${target}: ${body}`;
    const allValues = Object.values(headers).join('\n') + quotation;
    return json(
      status,
      {
        Message: allValues,
        status: 'error',
        message: quotation,
        error_code: 'OSM.0001',
        error_msg: allValues,
        detail: allValues,
        title: quotation,
        error: { code: 400, message: allValues, title: allValues },
        access_token: allValues,
      },
      { 'content-type': contentType, location: `/v2/tickets/${encodeURIComponent(target)}` },
    );
  };

const signInOnly =
  (fault: (arrival: ReceivedRequest) => Fault) =>
  (arrival: ReceivedRequest): Fault | undefined =>
    isSignIn(arrival) ? fault(arrival) : undefined;

const callsOnly =
  (fault: (arrival: ReceivedRequest) => Fault) =>
  (arrival: ReceivedRequest): Fault | undefined =>
    isSignIn(arrival) ? undefined : fault(arrival);

const PLANS: Readonly<Record<string, (arrival: ReceivedRequest) => Fault | undefined>> = {
  'no fault': () => undefined,
  silence: callsOnly(() => ({ kind: 'silent', applied: true })),
  resets: callsOnly(() => ({ kind: 'reset', applied: true })),
  'half answers': callsOnly(() => ({ kind: 'truncate' })),
  'no HTTP': callsOnly(() => ({ kind: 'raw', applied: true, bytes: 'canary\r\n\r\n' })),
  'too many bytes': callsOnly(() => ({ kind: 'flood', bytes: 3_000_000 })),
  ...Object.fromEntries(
    [200, 302, 303, 400, 401, 403, 404, 409, 429, 500].map((status) => [
      `${status} that quotes the request`,
      callsOnly(quoting(status)),
    ]),
  ),
  'a problem that quotes the request': callsOnly(quoting(400, 'application/problem+json')),
  'a page that quotes the request': callsOnly(quoting(400, 'text/html')),
  'a sign-in that is never answered': signInOnly(() => ({ kind: 'silent', applied: false })),
  ...Object.fromEntries(
    [200, 201, 307, 400, 401, 404, 500].map((status) => [
      `a sign-in answered with ${status} that quotes it`,
      signInOnly(quoting(status)),
    ]),
  ),
};

/** The secrets of the settings, and every credential that was sent to a vendor. */
function secretsOf(sandbox: { settings: Record<string, string>; vendors: readonly RunningVendor[] }): string[] {
  const set = Object.entries(sandbox.settings).filter(([name]) => /_(PASSWORD|API_KEY|CLIENT_SECRET)$/.test(name));
  const sent = sandbox.vendors.flatMap(({ ledger }) =>
    ledger.flatMap(({ arrival: { headers } }) => [
      headers['authorization']?.replace(/^\w+ /, ''),
      headers['x-auth-token'],
      headers['x-api-key'],
      ...Object.entries(headers).flatMap(([name, value]) => (name.startsWith('x-csrf-token') ? [value] : [])),
      ...(headers['cookie']?.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1)) ?? []),
    ]),
  );
  const plain = new Set([...set.map(([, value]) => value), ...sent.filter((value) => value !== undefined)]);
  return [...plain].flatMap((value) => [value, encodeURIComponent(value), Buffer.from(value).toString('base64')]);
}

const LIST = '{ tickets { nodes { __typename } sources { problem { message upstreamMessage } } } }';

/** The responses to reads, writes, plans and a list. */
function askAll(url: string): Promise<string[]> {
  const ask = async (query: string, variables: Readonly<Record<string, unknown>>): Promise<string> => {
    const body = JSON.stringify({ query, variables });
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return JSON.stringify([...response.headers]) + (await response.text());
  };
  return Promise.all([
    ...SAMPLED.flatMap(({ id, samples: { action } }) => [
      ask(READ, { id }),
      ask(WRITE, { id, action, dryRun: false }),
      ask(WRITE, { id, action, dryRun: true }),
    ]),
    ask(LIST, {}),
  ]);
}

function findSecrets(texts: readonly string[], secrets: readonly string[]): readonly unknown[] {
  return texts.flatMap((text) => secrets.filter((secret) => text.includes(secret)).map((secret) => [secret, text]));
}

const TIMEOUTS = Object.fromEntries(vendors.map(({ key }) => [`${key.toUpperCase()}_TIMEOUT_MS`, '1000']));

test.each(Object.entries(PLANS))('secrets appear in no answer and no plan: %s', async (_, plan) => {
  const server = await startTestServer({ environment: TIMEOUTS });
  const running = vendors.map(({ key }) => server.vendor(key));
  for (const vendor of running) vendor.faults = plan;
  const answers = await askAll(server.url);
  const settings = Object.assign({}, ...running.map((vendor) => vendor.settings)) as Record<string, string>;
  const secrets = secretsOf({ settings, vendors: running });
  expect(secrets.length).toBeGreaterThanOrEqual(15);
  expect(findSecrets(answers, secrets)).toEqual([]);
  expect(answers.filter((text) => text.includes('REDACTED')).length).toBeGreaterThanOrEqual(5);
  expect(server.defects).toEqual([]);
});

test('the output of the process contains no secrets and no unexpected errors', { tags: ['full'] }, async () => {
  const sandbox = await startSandbox(vendors.map(({ key }) => key));
  onTestFinished(() => sandbox.close());
  const child = await startProcess({ ...sandbox.settings, ...TIMEOUTS });
  const answers: string[] = [];
  // Between the faults, so that no circuit breaker opens.
  const rejection = callsOnly(quoting(400));
  for (const plan of Object.values(PLANS).flatMap((fault, index) => (index % 2 === 0 ? [rejection, fault] : [fault]))) {
    for (const vendor of sandbox.vendors) vendor.faults = plan;
    answers.push(...(await askAll(child.url)));
  }
  const output = await child.stop();
  expect(findSecrets([...answers, output], secretsOf(sandbox))).toEqual([]);
  expect(output).not.toMatch(/"level":"(error|fatal)"|\n\s+at /);
});

interface Process {
  readonly url: string;
  /** Shuts it down. Returns everything that it wrote. */
  stop(): Promise<string>;
}

/** ticketgraph in a separate process, to capture all of its output. */
async function startProcess(environment: Readonly<Record<string, string>>): Promise<Process> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-hostile-'));
  const child = spawn(process.execPath, ['main.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { PATH: process.env['PATH'], PORT: '0', STORE_PATH: join(folder, 'store'), ...environment },
  });
  let output = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = async (signal: NodeJS.Signals): Promise<string> => {
    child.kill(signal);
    await ended;
    rmSync(folder, { recursive: true, force: true });
    return output;
  };
  onTestFinished(async () => {
    await stop('SIGKILL');
  });
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const address = /ready at (\S+)/.exec(output)?.[1];
      if (address) resolve(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => reject(new Error(output)));
  });
  return { url, stop: () => stop('SIGTERM') };
}
