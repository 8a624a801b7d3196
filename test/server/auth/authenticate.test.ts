/** Authentication and scopes, through the real HTTP server, verified by the requests that vendors received. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../../datasources/vendors.ts';
import { parseApiKeys } from '../../../server/auth/authenticate.ts';
import { readEnvironment } from '../../../server/config/server-settings.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../support/sandbox.ts';

const ISSUER = 'https://id.example';
const AUDIENCE = 'ticketgraph';
const ALL = 'ticket:read ticket:create ticket:update ticket:delete ticket:status ticket:batch';
const READ_ONE = '{ ticket(id: "omnidesk:858462") { __typename } }';

interface Issuer {
  readonly url: string;
  /** As published in the key set. */
  readonly publicKey: JWK;
  /** Sets the response of the key set URL. Defaults to the keys. */
  answer(status: number, text?: string): void;
  /** Number of requests for the keys. */
  fetches(): number;
  token(claims?: JWTPayload, header?: { alg?: string; kid?: string }, key?: CryptoKey | Uint8Array): Promise<string>;
}

async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const published = JSON.stringify({ keys: [jwk] });
  let fetches = 0;
  let [status, text] = [200, published];
  const server = createServer((_, response) => {
    fetches += 1;
    setTimeout(() => response.writeHead(status, { 'content-type': 'application/json', location: '/' }).end(text), 50);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    publicKey: jwk,
    answer(newStatus, newText = published) {
      [status, text] = [newStatus, newText];
    },
    fetches: () => fetches,
    token: (claims = {}, header = {}, key = privateKey) => {
      const inAnHour = Math.floor(Date.now() / 1000) + 3600;
      const payload = { iss: ISSUER, aud: AUDIENCE, sub: 'jana', exp: inAnHour, scope: ALL, ...claims };
      return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(key);
    },
  };
}

function toTokens(issuer: Issuer): Record<string, string> {
  return { AUTH_JWKS_URL: issuer.url, AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: AUDIENCE };
}

/** Writes a file with an API key for each name and set of scopes. */
function writeKeys(keys: Readonly<Record<string, string>>): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'keys');
  const lines = Object.entries(keys).map(([name, scopes]) => `${name} ${sha256(`key of ${name}`)} ${scopes}`);
  writeFileSync(path, ['# keys of this test', '', ...lines].join('\n'));
  return { AUTH_API_KEYS_FILE: path };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function keyOf(name: string): { headers: Record<string, string> } {
  return { headers: { 'x-api-key': `key of ${name}` } };
}

function bearer(token: string): { headers: Record<string, string> } {
  return { headers: { authorization: `Bearer ${token}` } };
}

async function statusOf(testServer: TestServer, headers: Record<string, string>): Promise<[number, unknown]> {
  const response = await fetch(testServer.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: READ_ONE }),
  });
  const body = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return [response.status, body.errors?.[0]?.extensions.code];
}

async function startWith(environment: Record<string, string>, options: TestServerOptions = {}): Promise<TestServer> {
  return startTestServer({ keys: ['omnidesk', 'huawei'], ...options, environment });
}

describe('missing or invalid credentials', () => {
  test('rejects no credentials, unknown or empty keys, and two schemes, without calling a vendor', async () => {
    const testServer = await startWith(writeKeys({ desk: ALL.replaceAll(' ', ',') }));
    for (const headers of [
      {},
      { 'x-api-key': 'no such key' },
      { 'x-api-key': '' },
      { authorization: 'Bearer key of desk' },
      { authorization: `Basic ${btoa('desk:key of desk')}` },
    ] as Record<string, string>[]) {
      expect(await statusOf(testServer, headers)).toEqual([401, 'UNAUTHENTICATED']);
    }
    expect(await statusOf(testServer, keyOf('desk').headers)).toEqual([200, undefined]);
    expect(testServer.calls('omnidesk')).toHaveLength(1);
  });

  test.each([
    ['whose issuer is not configured', { iss: 'https://other.example' }],
    ['whose audience is not configured', { aud: 'another service' }],
    ['that has expired', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['that never expires', { exp: undefined }],
    ['that is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 600 }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['whose subject is not text', { sub: { name: 'jana' } }],
    ['whose expiry is text', { exp: '9999999999' }],
    ['whose audiences do not include this service', { aud: ['one', 'another'] }],
  ] as unknown as [string, JWTPayload][])('rejects a token %s', async (_, claims) => {
    const issuer = await startIssuer();
    const testServer = await startWith(toTokens(issuer));
    expect(await statusOf(testServer, bearer(await issuer.token(claims)).headers)).toEqual([401, 'UNAUTHENTICATED']);
    expect(testServer.calls('omnidesk')).toEqual([]);
  });

  test('rejects a token that is unsigned, or signed with a shared secret or another key', async () => {
    const issuer = await startIssuer();
    const testServer = await startWith(toTokens(issuer));
    const { privateKey: other, publicKey: publicOther } = await generateKeyPair('ES256');
    const claims = Buffer.from(JSON.stringify({ iss: ISSUER, aud: AUDIENCE, sub: 'x', exp: 9_999_999_999 })).toString(
      'base64url',
    );
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
    const tokens = [
      none,
      await issuer.token({}, { alg: 'HS256' }, new TextEncoder().encode('a secret that is long enough to be taken')),
      await issuer.token({}, { alg: 'HS256' }, new TextEncoder().encode(JSON.stringify(issuer.publicKey))),
      await issuer.token({}, { jwk: await exportJWK(publicOther) } as object, other),
      await issuer.token({}, { kid: '../../one' }, other),
      await issuer.token({}, {}, other),
      await issuer.token({}, { kid: 'two' }, other),
      `${(await issuer.token()).slice(0, -4)}AAAA`,
      'not.a.token',
    ];
    for (const token of tokens)
      expect(await statusOf(testServer, bearer(token).headers)).toEqual([401, 'UNAUTHENTICATED']);
    expect(await statusOf(testServer, bearer(await issuer.token()).headers)).toEqual([200, undefined]);
  });

  test('health needs no credentials', async () => {
    const testServer = await startWith(writeKeys({ desk: 'ticket:read' }));
    const base = testServer.url.replace('/graphql', '');
    expect((await fetch(`${base}/health/live`)).status).toBe(200);
    expect((await fetch(`${base}/health/ready`)).status).toBe(200);
  });
});

test("fetches the issuer's keys once for concurrent requests", async () => {
  const issuer = await startIssuer();
  const testServer = await startWith(toTokens(issuer));
  const token = await issuer.token();
  const answers = await Promise.all(Array.from({ length: 12 }, () => testServer.ask(READ_ONE, {}, bearer(token))));
  expect(answers.every(({ errors }) => errors === undefined)).toBe(true);
  expect(issuer.fetches()).toBe(1);
});

test.each([
  ['fails', 500, '{}'],
  ['answers with an invalid key set', 200, '<html>'],
  ['redirects', 302, ''],
])('answers 503 to a token while its issuer %s, and logs the cause', async (_, status, text) => {
  const issuer = await startIssuer();
  const lines: string[] = [];
  const testServer = await startTestServer({
    keys: ['omnidesk'],
    environment: { ...toTokens(issuer), ...writeKeys({ desk: 'ticket:read' }) },
    logStream: { write: (line) => void lines.push(line) },
  });
  issuer.answer(status, text);
  const { headers } = bearer(await issuer.token());
  expect(await statusOf(testServer, headers)).toEqual([503, 'SIGN_IN_UNAVAILABLE']);
  expect(testServer.calls('omnidesk')).toEqual([]);
  expect(lines.join('')).toContain('Cannot fetch the keys of the token issuer.');
  expect(lines.join('')).not.toContain(headers['authorization']?.slice(7));
  expect(testServer.defects).toEqual([]);

  expect(await statusOf(testServer, keyOf('desk').headers)).toEqual([200, undefined]);
  issuer.answer(200);
  expect(await statusOf(testServer, headers)).toEqual([200, undefined]);
});

test('reads scopes from scope, separated by spaces, or from scp as a list', async () => {
  const issuer = await startIssuer();
  const testServer = await startWith(toTokens(issuer));
  const codeFor = async (claims: JWTPayload): Promise<unknown> => {
    const answer = await testServer.ask(READ_ONE, {}, bearer(await issuer.token(claims)));
    return answer.errors?.[0]?.extensions?.['code'];
  };
  expect(await codeFor({ scope: 'openid ticket:read' })).toBeUndefined();
  expect(await codeFor({ scope: undefined, scp: ['ticket:read'] })).toBeUndefined();
  expect(await codeFor({ aud: ['another', AUDIENCE] })).toBeUndefined();
  expect(await codeFor({ scope: 'ticket:readers' })).toBe('FORBIDDEN');
  expect(await codeFor({ scope: undefined })).toBe('FORBIDDEN');
});

describe('missing scopes', () => {
  const KEYS = {
    reader: 'ticket:read',
    writer: 'ticket:status',
    both: 'ticket:read,ticket:status',
    narrow: 'omnidesk/ticket:read,huawei/ticket:status',
    none: '',
  };
  const WRITE = `mutation { setStatus(input: { ticketIds: ["omnidesk:858462", "huawei:TS-123456"], status: CLOSED }) {
    outcome results { ticketId outcome problem { code vendor } } } }`;

  test('a read without the scope is FORBIDDEN per vendor, and other vendors answer', async () => {
    const testServer = await startWith(writeKeys(KEYS));
    const { data, errors } = await testServer.ask(
      '{ ticketsById(ids: ["omnidesk:858462", "huawei:TS-123456"]) { __typename } tickets(first: 1) { nodes { __typename } sources { vendor problem { code } } } }',
      {},
      keyOf('narrow'),
    );
    expect(data.ticketsById).toEqual([{ __typename: 'OmnideskTicket' }, null]);
    expect(errors?.map(({ extensions }) => [extensions?.['code'], extensions?.['vendor']])).toEqual([
      ['FORBIDDEN', 'HUAWEI'],
    ]);
    expect(data.tickets.sources).toEqual([
      { vendor: 'OMNIDESK', problem: null },
      { vendor: 'HUAWEI', problem: { code: 'FORBIDDEN' } },
    ]);
    expect(testServer.vendor('huawei').ledger).toEqual([]);
  });

  test('a write without the scope has the problem FORBIDDEN per vendor, and is not sent', async () => {
    const testServer = await startWith(writeKeys(KEYS));
    const { data, errors } = await testServer.ask(WRITE, {}, keyOf('narrow'));
    expect(errors).toBeUndefined();
    expect(data.setStatus).toEqual({
      outcome: 'PARTIAL',
      results: [
        { ticketId: 'omnidesk:858462', outcome: 'NOT_APPLIED', problem: { code: 'FORBIDDEN', vendor: 'OMNIDESK' } },
        { ticketId: 'huawei:TS-123456', outcome: 'APPLIED', problem: null },
      ],
    });
    expect(testServer.calls('omnidesk')).toEqual([]);
    for (const name of ['reader', 'none']) {
      expect((await testServer.ask(WRITE, {}, keyOf(name))).data.setStatus.outcome).toBe('NOT_APPLIED');
    }
    expect(testServer.vendor('omnidesk').effects).toEqual([]);
  });

  test('availableActions omits actions without the scope', async () => {
    const testServer = await startWith(writeKeys(KEYS));
    const query =
      '{ ticket(id: "omnidesk:858462") { ... on TicketFields { availableActions { ... on TicketActionFields { mutation } } } } }';
    const shown = async (name: string): Promise<string[]> => {
      const { data } = await testServer.ask(query, {}, keyOf(name));
      return [...new Set((data.ticket.availableActions as { mutation: string }[]).map(({ mutation }) => mutation))];
    };
    expect(await shown('reader')).toEqual([]);
    expect(await shown('both')).toEqual(['setStatus']);
  });

  test('the payload of a write needs the scope to read', async () => {
    const testServer = await startWith(writeKeys(KEYS));
    const { data, errors } = await testServer.ask(
      'mutation { executeAction(input: { ticketId: "omnidesk:858462", action: "status.solved" }) { outcome ticket { __typename } } }',
      {},
      keyOf('writer'),
    );
    expect(data.executeAction).toEqual({ outcome: 'APPLIED', ticket: null });
    expect(errors?.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual([
      [['executeAction', 'ticket'], 'FORBIDDEN'],
    ]);
    expect(testServer.calls('omnidesk').map(({ arrival }) => arrival.method)).toEqual(['POST']);
  });

  test('rejects a mutation without ticket ids if the scope is missing', async () => {
    const testServer = await startWith(writeKeys(KEYS));
    const create = `mutation { createTicket(input: { ticket: { omnidesk: { brandId: 1 } } }) { outcome problems { code } } }`;
    expect((await testServer.ask(create, {}, keyOf('both'))).data.createTicket).toEqual({
      outcome: 'NOT_APPLIED',
      problems: [{ code: 'FORBIDDEN' }],
    });
    expect(testServer.calls('omnidesk')).toEqual([]);
  });
});

describe('scopes of executeAction', () => {
  const perform =
    'mutation ($input: ExecuteActionInput!) { executeAction(input: $input) { outcome problems { code } } }';
  const FORBIDDEN = { outcome: 'NOT_APPLIED', problems: [{ code: 'FORBIDDEN' }] };
  const OPERATOR = '0c6fd5cb-1c4f-4b6e-8f5c-7f3f1c9f2a10';

  test.each([
    ['a priority', 'omnidesk:858462', { action: 'priority.high' }, 'update'],
    [
      'another operator',
      'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08',
      { action: 'assignOperator', inputs: { operatorId: OPERATOR } },
      'update',
    ],
    ['the end of a case', 'huawei:TS-123456', { action: 'delete' }, 'delete'],
  ])('%s of %s', async (_, id, input, scope) => {
    const key = id.slice(0, id.indexOf(':'));
    const testServer = await startWith(
      writeKeys({
        half: 'ticket:status',
        elsewhere: `ticket:status,akana/ticket:${scope}`,
        whole: `ticket:status,${key}/ticket:${scope}`,
      }),
      { keys: [key] },
    );
    const ask = async (name: string, more = {}): Promise<unknown> =>
      (await testServer.ask(perform, { input: { ticketId: id, ...input, ...more } }, keyOf(name))).data.executeAction;
    expect(await ask('half')).toEqual(FORBIDDEN);
    expect(await ask('half', { dryRun: true })).toEqual(FORBIDDEN);
    expect(await ask('half', { idempotencyKey: 'k' })).toEqual(FORBIDDEN);
    expect(await ask('elsewhere')).toEqual(FORBIDDEN);
    expect(testServer.calls(key)).toEqual([]);
    expect(await ask('whole', { dryRun: true })).toMatchObject({ problems: [] });
    await ask('whole');
    expect(testServer.calls(key)).not.toEqual([]);
  });

  test('does not replay the result of an idempotency key without the scope', async () => {
    const issuer = await startIssuer();
    const testServer = await startWith(toTokens(issuer));
    const input = { ticketId: 'omnidesk:858462', action: 'priority.high', idempotencyKey: 'k' };
    const ask = async (scope: string): Promise<unknown> =>
      (await testServer.ask(perform, { input }, bearer(await issuer.token({ scope })))).data.executeAction;
    expect(await ask('ticket:status ticket:update')).toMatchObject({ outcome: 'APPLIED' });
    expect(await ask('ticket:status')).toEqual(FORBIDDEN);
    expect(testServer.vendor('omnidesk').effects).toHaveLength(1);
  });

  test('availableActions omits actions whose equivalent mutation is not permitted', async () => {
    const testServer = await startWith(
      writeKeys({ half: 'ticket:read,ticket:status', whole: 'ticket:read,ticket:status,ticket:delete' }),
    );
    const query =
      '{ tickets(first: 50, filter: { vendors: [HUAWEI] }) { nodes { ... on TicketFields { availableActions { ... on TicketActionFields { name } } } } } }';
    const offered = async (name: string): Promise<unknown> =>
      JSON.stringify((await testServer.ask(query, {}, keyOf(name))).data.tickets.nodes);
    expect(await offered('half')).not.toContain('"delete"');
    expect(await offered('whole')).toContain('"delete"');
  });
});

test('rejects a token together with an API key, as they are different callers', async () => {
  const issuer = await startIssuer();
  const testServer = await startWith({ ...toTokens(issuer), ...writeKeys({ jana: 'ticket:read' }) });
  const key = keyOf('jana').headers;
  const token = bearer(await issuer.token({ sub: 'jana' })).headers;
  for (const headers of [
    { ...key, ...token },
    { ...key, authorization: 'Bearer bad' },
    { ...token, 'x-api-key': 'bad' },
  ]) {
    for (let turn = 0; turn < 3; turn += 1)
      expect(await statusOf(testServer, headers)).toEqual([401, 'UNAUTHENTICATED']);
  }
  expect(testServer.calls('omnidesk')).toEqual([]);
  expect(await statusOf(testServer, key)).toEqual([200, undefined]);
  expect(await statusOf(testServer, token)).toEqual([200, undefined]);
});

test('ignores a token if only API keys are configured', async () => {
  const testServer = await startWith(writeKeys({ desk: 'ticket:read' }));
  const headers = { ...keyOf('desk').headers, authorization: 'Bearer of-somebody-else' };
  expect(await statusOf(testServer, headers)).toEqual([200, undefined]);
});

test("scopes idempotency keys to a caller: a token's subject never equals the name of an API key", async () => {
  const issuer = await startIssuer();
  const testServer = await startWith({
    ...toTokens(issuer),
    ...writeKeys({ jana: ALL.replaceAll(' ', ','), petr: 'ticket:status' }),
  });
  const write =
    'mutation { setStatus(input: { ticketIds: ["omnidesk:858462"], status: OPEN, idempotencyKey: "k" }) { outcome replayed } }';
  const replayed = async (as: { headers: Record<string, string> }): Promise<unknown> =>
    (await testServer.ask(write, {}, as)).data.setStatus.replayed;
  const token = await issuer.token({ sub: 'jana' });
  expect(await replayed(bearer(token))).toBe(false);
  expect(await replayed(keyOf('jana'))).toBe(false);
  expect(await replayed(keyOf('petr'))).toBe(false);
  expect(await replayed(bearer(token))).toBe(true);
  expect(testServer.vendor('omnidesk').effects).toHaveLength(3);
});

describe('authentication settings', () => {
  const KEYS = vendors.map(({ key }) => key);
  const read = (environment: Record<string, string>): unknown => {
    try {
      return readEnvironment(environment, vendors).server.auth;
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('a HOST other than loopback needs authentication or an explicit AUTH=off', () => {
    expect(read({ HOST: '0.0.0.0' })).toMatch(/^HOST is not a loopback address/);
    expect(read({ HOST: '::' })).toMatch(/^HOST is not a loopback address/);
    expect(read({ HOST: '0.0.0.0', AUTH: 'off' })).toEqual({});
    expect(read({ HOST: '0.0.0.0', ...writeKeys({ desk: 'ticket:read' }) })).toMatchObject({
      apiKeys: [{ name: 'desk' }],
    });
    expect(read({ HOST: '::1' })).toEqual({ tokens: undefined });
  });

  test('names settings that are missing or contradict each other', () => {
    expect(read({ AUTH_JWKS_URL: 'https://id.example/keys' })).toMatch(/^AUTH_ISSUER and AUTH_AUDIENCE are required/);
    expect(read({ AUTH_JWKS_URL: 'http://id.example/keys' })).toMatch(/^AUTH_JWKS_URL is missing or invalid/);
    expect(read({ AUTH: 'on' })).toMatch(/^AUTH is missing or invalid/);
    expect(read({ AUTH: 'off', AUTH_API_KEYS_FILE: 'x' })).toMatch(/^AUTH is off, but/);
    expect(read({ AUTH_API_KEYS_FILE: '/no/such/file' })).toBe(
      'AUTH_API_KEYS_FILE cannot be read. Check its path and permissions.',
    );
  });

  test('rejects AUTH_ISSUER and AUTH_AUDIENCE without AUTH_JWKS_URL', () => {
    expect(read({ AUTH_ISSUER: ISSUER, AUTH_AUDIENCE: AUDIENCE })).toMatch(/is set without AUTH_JWKS_URL/);
    expect(read({ AUTH_AUDIENCE: AUDIENCE, ...writeKeys({ desk: 'ticket:read' }) })).toMatch(
      /is set without AUTH_JWKS_URL/,
    );
  });

  test('reports all errors at once, also beside an invalid setting', () => {
    const sentences = read({
      PORT: 'x',
      OMNIDESK_URL: 'ftp://x',
      OMNIDESK_API_KEY: 'k',
      HOST: '0.0.0.0',
      AUTH_JWKS_URL: 'https://id.example/keys',
      AUTH_API_KEYS_FILE: '/no/such/file',
      OPERATIONS: 'registered',
      OPERATIONS_MANIFEST: '/no/such/file',
      SANDBOX_FAULTS: 'akana:reset',
    });
    const named = (sentences as string).split('\n').map((sentence) => sentence.split(' ')[0]);
    const ofTheWhole = ['PORT', 'AUTH_ISSUER', 'AUTH_API_KEYS_FILE', 'OPERATIONS_MANIFEST', 'SANDBOX_FAULTS'];
    expect(named).toEqual([...ofTheWhole, 'OMNIDESK_URL']);
  });

  test('does not report an invalid setting twice', () => {
    expect(read({ HOST: '0.0.0.0', AUTH_JWKS_URL: 'http://id.example', AUTH_ISSUER: ISSUER })).not.toContain('\n');
    const beside = { OMNIDESK_URL: 'https://desk.example', OMNIDESK_API_KEY: 'k' };
    expect(read({ ...beside, SANDBOX_FAULTS: 'akana' })).not.toContain('\n');
  });

  test.each([
    ['desk not-a-digest ticket:read', 1],
    [`# fine\ndesk ${'a'.repeat(64)}\ndesk ${'b'.repeat(64)}`, 3],
    ['desk', 1],
    ['# the key was in a variable that was not set\ndesk ' + sha256(''), 2],
    [`desk ${'a'.repeat(64)} ticket:read\nadministrator ${'A'.repeat(64)} ticket:delete`, 2],
    [`desk ${'a'.repeat(63)} ticket:read`, 1],
    [`desk ${'a'.repeat(65)} ticket:read`, 1],
    [`desk ${'a'.repeat(64)} ticket:read, ticket:status`, 1],
    [`desk ${'a'.repeat(64)} ticket:read # the desk`, 1],
  ])('reports an invalid line of the key file by its number: %j', (text, line) => {
    expect(parseApiKeys(text, KEYS)).toEqual({ errors: [{ line, expected: 'form' }] });
  });

  test.each([
    'ticket:raed',
    'akna/ticket:read',
    'ticket:read,ticket:stauts',
    'ticket',
    'TICKET:READ',
    '/ticket:read',
    'akana/akana/ticket:read',
    'akana/',
    'AKANA/ticket:read',
    'ticket:read/akana',
    'constructor',
    '*',
  ])('an unknown scope in the key file stops the start with its line and without its text: %s', (scopes) => {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-keys-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'keys');
    writeFileSync(path, `# keys\n\ndesk ${sha256('one')} ticket:read\nother ${sha256('two')} ${scopes}\n`);
    const sentence = read({ AUTH_API_KEYS_FILE: path }) as string;
    expect(sentence).toMatch(/^AUTH_API_KEYS_FILE has an unknown scope in line 4: expected ticket:read, /);
    expect(sentence).toContain('akana/');
    expect(sentence).not.toContain('\n');
    for (const secret of [sha256('two'), 'other']) expect(sentence).not.toContain(secret);
    if (scopes.length > 10 && !/^(ticket|TICKET)/.test(scopes)) expect(sentence).not.toContain(scopes);
  });

  test('reports all invalid lines of the key file at once', () => {
    const text = `one ${sha256('one')} ticket:raed\ntwo\none ${sha256('one')} ticket:read\nfour ${sha256('four')}`;
    expect(parseApiKeys(text, KEYS)).toEqual({
      errors: [
        { line: 1, expected: 'scope' },
        { line: 2, expected: 'form' },
        { line: 3, expected: 'form' },
      ],
    });
  });

  test('accepts a key file with byte order mark, CRLF, comments, tabs and trailing spaces', () => {
    const text = `\uFEFFone ${sha256('one')} ticket:read \r\n  # two\r\n\t\r\n two\t${sha256('two').toUpperCase()}\takana/ticket:status,ticket:read,\t\r\n`;
    expect(parseApiKeys(text, KEYS)).toMatchObject({
      keys: [
        { name: 'one', scopes: ['ticket:read'] },
        { name: 'two', scopes: ['akana/ticket:status', 'ticket:read'] },
      ],
    });
  });
});
