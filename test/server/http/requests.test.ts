/**
 * Rejections by HTTP. They must be the same for a new document, which Apollo Server would handle, and for a known one on
 * the fast path.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../../datasources/vendors.ts';
import { readEnvironment } from '../../../server/config/server-settings.ts';
import { sendRaw, type RawAnswer, type RawRequest } from '../../support/raw-http.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

type Lines = readonly (readonly [name: string, value: string])[];

const READ = '{ ticket(id: "omnidesk:858462") { __typename } }';
const BODY = JSON.stringify({ query: READ });
const JSON_BODY: Lines = [['content-type', 'application/json']];
const HOST: Lines = [['host', '127.0.0.1']];
const GOOD: RawRequest = { headers: [...HOST, ...JSON_BODY], body: BODY };

const server = (environment: Record<string, string> = {}): Promise<TestServer> =>
  startTestServer({ keys: ['omnidesk'], environment });

/** Headers that differ between equal responses. */
function comparable({ status, headers, body }: RawAnswer): RawAnswer {
  const rest = Object.entries(headers).filter(([name]) => name !== 'date' && name !== 'x-request-id');
  return { status, headers: Object.fromEntries(rest), body };
}

/**
 * Sends a request while its document is new, makes the document known, and sends the request twice again.
 *
 * @param headers of the request that makes the document known.
 * @returns the response, which must be the same three times.
 */
async function sendOnBothPaths(to: TestServer, request: RawRequest, headers: Lines = []): Promise<RawAnswer> {
  const cold = comparable(await sendRaw(to.url, request));
  for (let turn = 0; turn < 2; turn += 1) {
    const { status } = await sendRaw(to.url, { ...GOOD, headers: [...GOOD.headers!, ...headers] });
    expect(status).toBe(200);
  }
  for (let turn = 0; turn < 2; turn += 1) expect(comparable(await sendRaw(to.url, request))).toEqual(cold);
  expect(to.defects).toEqual([]);
  return cold;
}

function codeOf({ body }: RawAnswer): unknown {
  return (JSON.parse(body) as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code;
}

function statusAndCode(answer: RawAnswer): unknown[] {
  return [answer.status, codeOf(answer)];
}

describe('encoding of requests', () => {
  const withType = (type: string, body: string | Uint8Array = BODY): RawRequest => ({
    headers: [...HOST, ['content-type', type]],
    body,
  });

  test.each([
    'application/json; charset=iso-8859-1',
    'application/json;charset=ISO-8859-1',
    'application/json; charset="windows-1252"',
    'application/json; charset=utf-16',
    'application/json; charset=utf-16le',
    'application/json; charset=us-ascii',
    'application/json; profile=x; charset=latin1',
  ])('rejects a body in another charset: %s', async (type) => {
    expect(statusAndCode(await sendOnBothPaths(await server(), withType(type)))).toEqual([415, 'UNSUPPORTED_CHARSET']);
  });

  test.each([
    'application/json; charset=utf-8',
    'application/json;charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json; charset=utf8',
    'Application/JSON',
  ])('accepts a body declared as UTF-8: %s', async (type) => {
    expect((await sendOnBothPaths(await server(), withType(type))).status).toBe(200);
  });

  test.each<[string, Uint8Array]>([
    ['Latin-1', Buffer.from(BODY.replace('858462', 'été'), 'latin1')],
    ['an overlong encoding', Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])],
    ['half a surrogate pair', Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xed, 0xa0, 0x80, 0x22, 0x7d])])],
    ['a character that is cut off', Buffer.concat([Buffer.from(BODY), Buffer.from([0xe2, 0x82])])],
    ['UTF-16 with its mark', Buffer.from(`\uFEFF${BODY}`, 'utf16le')],
  ])('rejects a body that is not valid UTF-8: %s', async (_, body) => {
    expect(statusAndCode(await sendOnBothPaths(await server(), { ...GOOD, body }))).toEqual([400, 'INVALID_UTF8']);
  });

  test('rejects UTF-16 without a byte order mark, which is not JSON', async () => {
    const body = Buffer.from(BODY, 'utf16le');
    expect(statusAndCode(await sendOnBothPaths(await server(), { ...GOOD, body }))).toEqual([400, 'BAD_REQUEST']);
  });

  test('accepts a body with a byte order mark', async () => {
    expect((await sendOnBothPaths(await server(), { ...GOOD, body: `\uFEFF${BODY}` })).status).toBe(200);
  });

  test.each([
    ['a value', '{"query":"Q","variables":{"v":"\\ud800"}}'],
    ['a value in a list', '{"query":"Q","variables":{"v":["a",{"b":"x\\uDC00"}]}}'],
    ['a name', '{"query":"Q","variables":{"\\uD83D":1}}'],
  ])('rejects a body if %s is an unpaired surrogate', async (_, text) => {
    const body = text.replace('"Q"', JSON.stringify(READ));
    expect(statusAndCode(await sendOnBothPaths(await server(), { ...GOOD, body }))).toEqual([400, 'INVALID_UTF8']);
  });

  test('accepts a body with paired surrogates, or without escapes', async () => {
    const body = `{"query":${JSON.stringify(READ)},"variables":{"v":"\\ud83d\\ude00 \\\\ud800"}}`;
    expect((await sendOnBothPaths(await server(), { ...GOOD, body })).status).toBe(200);
  });

  test('text reaches the vendor unchanged', async () => {
    const to = await server();
    const query = 'mutation ($t: String!) { createTicket(input: { ticket: { omnidesk: { title: $t } } }) { outcome } }';
    const write = (title: Buffer): RawRequest => {
      const [before = '', after = ''] = JSON.stringify({ query, variables: { t: 'TITLE' } }).split('TITLE');
      return { ...GOOD, body: Buffer.concat([Buffer.from(before), title, Buffer.from(after)]) };
    };
    for (let turn = 0; turn < 3; turn += 1) {
      expect(statusAndCode(await sendRaw(to.url, write(Buffer.from('été', 'latin1'))))).toEqual([400, 'INVALID_UTF8']);
      expect(statusAndCode(await sendRaw(to.url, write(Buffer.from('\\udfff'))))).toEqual([400, 'INVALID_UTF8']);
    }
    expect(to.calls('omnidesk')).toEqual([]);
    expect((await sendRaw(to.url, write(Buffer.from('été')))).body).toContain('APPLIED');
    expect(to.calls('omnidesk').map(({ arrival }) => arrival.body)).toEqual([
      expect.stringMatching(/été|%C3%A9t%C3%A9/),
    ]);
  });

  test('rejects a repeated Content-Type before reading the body', async () => {
    const headers: Lines = [...HOST, ...JSON_BODY, ['Content-Type', 'text/plain']];
    expect(statusAndCode(await sendOnBothPaths(await server(), { headers, body: BODY }))).toEqual([400, 'BAD_REQUEST']);
  });

  describe('encoding of query strings', () => {
    const get = (search: string): RawRequest => ({
      method: 'GET',
      target: `/graphql?${search}`,
      headers: [...HOST, ['apollo-require-preflight', '1']],
    });
    const encoded = encodeURIComponent('query ($t: String) { tickets(filter: { search: $t }) { __typename } }');

    test.each([
      ['Latin-1', `query=${encoded}&variables=%7B%22t%22%3A%22%E9%22%7D`],
      ['an overlong encoding', 'query=%7B__typename%7D&operationName=%C0%AF'],
      ['an invalid escape', 'query=%7B__typename%7D&operationName=%zz'],
      ['half a surrogate pair', `query=${encoded}&variables=%7B%22t%22%3A%22%5Cud800%22%7D`],
    ])('rejects an invalid query string: %s', async (_, search) => {
      const to = await server();
      expect(statusAndCode(await sendOnBothPaths(to, get(search)))[0]).toBe(400);
      expect(to.calls('omnidesk').every(({ arrival }) => !arrival.path.includes('search'))).toBe(true);
    });

    test('rejects a query string with bytes that are not percent-encoded', async () => {
      const answer = await sendRaw((await server()).url, get('query=%7B__typename%7D&x=\xc3\xa9'));
      expect(statusAndCode(answer)).toEqual([400, 'BAD_REQUEST']);
    });

    test('accepts a valid query string', async () => {
      const search = `query=${encoded}&variables=${encodeURIComponent('{"t":"é 😀 \\ud83d\\ude00"}')}`;
      expect((await sendOnBothPaths(await server(), get(search))).status).toBe(200);
      expect((await sendOnBothPaths(await server(), get('query={__typename}&x=a+b%20c'))).status).toBe(200);
    });
  });
});

describe('Host header', () => {
  const to = (host: string, more: Lines = []): RawRequest => ({
    headers: [['host', host], ...JSON_BODY, ...more],
    body: BODY,
  });
  const BAD = [
    '',
    '[::1',
    'a b',
    'a/b',
    '/',
    'user@localhost',
    'localhost:99999',
    'localhost:port',
    'http://localhost',
    '::1',
  ];
  const WORSE = ['[::1]x', '[x]', 'localhost:1:2', 'local%20host', 'a\\b', 'a?b', 'a#b', '300.1.1.1', 'h\xe9', ' , '];

  test.each([...BAD, ...WORSE])('rejects an invalid host: %j', async (host) => {
    expect(statusAndCode(await sendOnBothPaths(await server(), to(host)))).toEqual([400, 'INVALID_HOST']);
  });

  test('rejects a repeated Host header', async () => {
    const headers: Lines = [...HOST, ['Host', '127.0.0.1'], ...JSON_BODY];
    expect(statusAndCode(await sendOnBothPaths(await server(), { headers, body: BODY }))).toEqual([
      400,
      'INVALID_HOST',
    ]);
  });

  test.each(['1.0', '1.1'] as const)('rejects a missing Host header in HTTP/%s', async (version) => {
    const request: RawRequest = { version, headers: JSON_BODY, body: BODY };
    expect(statusAndCode(await sendOnBothPaths(await server(), request))).toEqual([400, 'INVALID_HOST']);
  });

  test('uses the host of an absolute request target', async () => {
    const one = await server();
    const at = (target: string): RawRequest => ({ ...GOOD, target });
    expect((await sendOnBothPaths(one, at('http://localhost:4000/graphql'))).status).toBe(200);
    expect(statusAndCode(await sendOnBothPaths(one, at('http://rebound.example/graphql')))).toEqual([
      421,
      'HOST_NOT_ALLOWED',
    ]);
    expect(statusAndCode(await sendOnBothPaths(one, at('http://me@localhost/graphql')))).toEqual([400, 'INVALID_HOST']);
    expect((await sendOnBothPaths(one, at('http://[::1/graphql'))).status).toBe(400);
  });

  test('rejects another host in a read by GET, and counts it as rejected', async () => {
    const one = await server();
    const headers: Lines = [
      ['host', 'a b'],
      ['apollo-require-preflight', '1'],
    ];
    const request: RawRequest = { method: 'GET', target: '/graphql?query={__typename}', headers };
    expect(statusAndCode(await sendOnBothPaths(one, request))).toEqual([400, 'INVALID_HOST']);
    const { body } = await sendRaw(one.url, { method: 'GET', target: '/metrics', headers: HOST });
    expect(body).toContain('ticketgraph_operations_total{type="none",result="rejected",caller="none"} 3');
    expect(body).not.toContain('result="internal_error"');
  });

  test('health probes need no Host header', async () => {
    const one = await server();
    for (const headers of [[], [['host', 'a b']], [['host', 'elsewhere.example']]] as Lines[]) {
      for (const target of ['/health/live', '/health/ready']) {
        const { status } = await sendRaw(one.url, { method: 'GET', target, version: '1.0', headers });
        expect(status).toBe(200);
      }
    }
  });

  test.each([
    '127.0.0.1:4000',
    'localhost',
    'LOCALHOST:5173',
    'localhost.',
    'tickets.localhost:4000',
    '127.9.9.9',
    '[::1]:4000',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
  ])('accepts a loopback host without authentication: %s', async (host) => {
    expect((await sendOnBothPaths(await server(), to(host))).status).toBe(200);
  });

  const FOREIGN = ['rebound.example', 'localhost.rebound.example', '127.0.0.1.rebound.example', '192.0.2.1', '0.0.0.0'];

  test.each([...FOREIGN, '[2001:db8::1]', 'notlocalhost', '128.0.0.1'])(
    'rejects another host without authentication: %s',
    async (host) => {
      expect(statusAndCode(await sendOnBothPaths(await server(), to(host)))).toEqual([421, 'HOST_NOT_ALLOWED']);
      expect(statusAndCode(await sendOnBothPaths(await server(), to(`${host}:4000`)))).toEqual([
        421,
        'HOST_NOT_ALLOWED',
      ]);
    },
  );

  test('rejects another host for metrics and pages', async () => {
    const one = await server();
    const { body } = await sendRaw(one.url, { method: 'GET', target: '/console', headers: HOST });
    const asset = /\/console\/assets\/[^"]+/.exec(body)?.[0] ?? '';
    for (const target of ['/metrics', '/', '/console', asset, '/nothing']) {
      const foreign = await sendRaw(one.url, { method: 'GET', target, headers: [['host', 'rebound.example']] });
      expect(statusAndCode(foreign)).toEqual([421, 'HOST_NOT_ALLOWED']);
    }
  });

  test('accepts HOST and ALLOWED_HOSTS', async () => {
    const one = await server({ HOST: 'tickets.internal', AUTH: 'off', ALLOWED_HOSTS: 'a.example, B.example' });
    for (const host of ['tickets.internal:4000', 'Tickets.Internal', 'a.example', 'b.example:1', 'localhost']) {
      expect((await sendOnBothPaths(one, to(host))).status).toBe(200);
    }
    expect((await sendRaw(one.url, to('rebound.example'))).status).toBe(421);
    expect((await sendRaw(one.url, to('192.0.2.1'))).status).toBe(421);
    const six = await server({ HOST: '2001:db8::1', AUTH: 'off' });
    expect((await sendOnBothPaths(six, to('[2001:DB8:0::1]:4000'))).status).toBe(200);
  });

  test('accepts any host when listening on all interfaces, unless ALLOWED_HOSTS is set', async () => {
    const any = await server({ HOST: '0.0.0.0', AUTH: 'off' });
    for (const host of ['ticketgraph.default.svc', '192.0.2.1'])
      expect((await sendOnBothPaths(any, to(host))).status).toBe(200);
    const named = await server({ HOST: '::', AUTH: 'off', ALLOWED_HOSTS: 'tickets.example' });
    for (const host of ['tickets.example', '192.0.2.1:4000', '[2001:db8::1]', 'localhost']) {
      expect((await sendOnBothPaths(named, to(host))).status).toBe(200);
    }
    expect(statusAndCode(await sendOnBothPaths(named, to('rebound.example')))).toEqual([421, 'HOST_NOT_ALLOWED']);
  });

  test('accepts any host with authentication, unless ALLOWED_HOSTS is set', async () => {
    const key: Lines = [['x-api-key', 'key of reader']];
    const one = await server(writeKeys({ reader: 'ticket:read' }));
    expect((await sendOnBothPaths(one, to('tickets.example', key), key)).status).toBe(200);
    const named = await server({ ...writeKeys({ reader: 'ticket:read' }), ALLOWED_HOSTS: 'tickets.example' });
    expect((await sendOnBothPaths(named, to('tickets.example', key), key)).status).toBe(200);
    expect(statusAndCode(await sendOnBothPaths(named, to('other.example', key), key))).toEqual([
      421,
      'HOST_NOT_ALLOWED',
    ]);
  });

  test.each(['https://tickets.example', 'tickets.example:4000', '*', 'a b', 'a/b', '[::1]:1'])(
    'rejects an ALLOWED_HOSTS that is not a list of host names: %s',
    (value) => {
      expect(() => readEnvironment({ ALLOWED_HOSTS: value }, vendors)).toThrow(/^ALLOWED_HOSTS is missing or invalid/);
    },
  );
});

describe('Origin header', () => {
  const from = (origin: string, host = '127.0.0.1:4000', more: Lines = []): RawRequest => ({
    headers: [['host', host], ['origin', origin], ...JSON_BODY, ...more],
    body: BODY,
  });

  test.each([
    ['http://rebound.example', '127.0.0.1:4000'],
    ['http://localhost:3000', 'localhost:4000'],
    ['http://localhost:4000', '127.0.0.1:4000'],
    ['null', '127.0.0.1:4000'],
    ['', '127.0.0.1:4000'],
    ['file://', '127.0.0.1:4000'],
    ['chrome-extension://abc', '127.0.0.1:4000'],
    ['http://127.0.0.1:4000, http://evil.example', '127.0.0.1:4000'],
  ])('rejects another origin without authentication: %s', async (origin, host) => {
    const one = await server();
    expect(statusAndCode(await sendOnBothPaths(one, from(origin, host)))).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
    const headers: Lines = [
      ['host', host],
      ['origin', origin],
      ['apollo-require-preflight', '1'],
    ];
    const get: RawRequest = { method: 'GET', target: '/graphql?query={__typename}', headers };
    expect(statusAndCode(await sendOnBothPaths(one, get))).toEqual([403, 'ORIGIN_NOT_ALLOWED']);
  });

  test('compares the origin with an absolute request target', async () => {
    const one = await server();
    const target = 'http://127.0.0.1:4000/graphql';
    const rebound = 'rebound.example:4000';
    expect(statusAndCode(await sendOnBothPaths(one, { ...from(`http://${rebound}`, rebound), target }))).toEqual([
      403,
      'ORIGIN_NOT_ALLOWED',
    ]);
    expect((await sendOnBothPaths(one, { ...from('http://127.0.0.1:4000', rebound), target })).status).toBe(200);
  });

  test('rejects a write from another origin without calling the vendor', async () => {
    const one = await server();
    const query = 'mutation { setStatus(input: { ticketIds: ["omnidesk:858462"], status: OPEN }) { outcome } }';
    const body = JSON.stringify({ query });
    expect((await sendRaw(one.url, { ...GOOD, body })).body).toContain('APPLIED');
    one.forget();
    for (const [host, origin] of [
      ['rebound.example', 'http://rebound.example'],
      ['127.0.0.1', 'http://evil.example'],
    ]) {
      const headers: Lines = [['host', host!], ['origin', origin!], ...JSON_BODY];
      expect([421, 403]).toContain((await sendRaw(one.url, { headers, body })).status);
    }
    expect(one.vendor('omnidesk').ledger).toEqual([]);
  });

  test.each([
    ['http://127.0.0.1:4000', '127.0.0.1:4000'],
    ['http://localhost', 'localhost:80'],
    ['https://localhost', 'localhost'],
    ['http://LOCALHOST:5173', 'localhost:5173'],
    ['http://[::1]:4000', '[::1]:4000'],
  ])('accepts an origin of the same host: %s', async (origin, host) => {
    expect((await sendOnBothPaths(await server(), from(origin, host))).status).toBe(200);
  });

  test('accepts an origin in CORS_ORIGINS', async () => {
    const one = await server({ CORS_ORIGINS: 'https://app.example.com' });
    const answer = await sendOnBothPaths(one, from('https://app.example.com'));
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, 'https://app.example.com']);
    expect((await sendOnBothPaths(one, from('https://other.example.com'))).status).toBe(403);
  });

  test('does not check the origin with authentication', async () => {
    const key: Lines = [['x-api-key', 'key of reader']];
    const one = await server(writeKeys({ reader: 'ticket:read' }));
    expect((await sendOnBothPaths(one, from('https://app.example.com', '127.0.0.1', key), key)).status).toBe(200);
  });
});

describe('response headers', () => {
  const SECRET: Lines = [['x-api-key', 'key of reader']];

  test.each<[string, number, RawRequest]>([
    ['a read', 200, { ...GOOD, headers: [...GOOD.headers!, ...SECRET] }],
    ['no credentials', 401, GOOD],
    ['no JSON', 400, { headers: [...GOOD.headers!, ...SECRET], body: '{' }],
    ['no GraphQL', 400, { headers: [...GOOD.headers!, ...SECRET], body: '{"query":"{"}' }],
    [
      'a hash that is not known',
      200,
      {
        headers: [...GOOD.headers!, ...SECRET],
        body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: sha256('x') } } }),
      },
    ],
    ['another media type', 415, { headers: [...HOST, ['content-type', 'application/xml'], ...SECRET], body: '<a/>' }],
    ['compressed', 415, { headers: [...GOOD.headers!, ...SECRET, ['content-encoding', 'gzip']], body: BODY }],
    [
      'an unacceptable media type',
      406,
      { headers: [...GOOD.headers!, ...SECRET, ['accept', 'image/png']], body: BODY },
    ],
    ['no host', 400, { headers: [['host', ''], ...JSON_BODY], body: BODY }],
    ['too large', 413, { headers: [...GOOD.headers!, ...SECRET], body: BODY.padEnd(1_001) }],
    ['a preflight', 204, { method: 'OPTIONS', headers: [...HOST, ['origin', 'https://a.example']] }],
    ['HEAD', 405, { method: 'HEAD', headers: [...HOST, ...SECRET, ['apollo-require-preflight', '1']] }],
    ['PUT', 405, { ...GOOD, method: 'PUT', headers: [...GOOD.headers!, ...SECRET] }],
    ['DELETE', 405, { method: 'DELETE', headers: [...HOST, ...SECRET] }],
    ['PATCH', 405, { ...GOOD, method: 'PATCH', headers: [...GOOD.headers!, ...SECRET] }],
    [
      'a mutation by GET',
      405,
      {
        method: 'GET',
        target: `/graphql?query=${encodeURIComponent('mutation { solveUnfinishedTickets(input: { confirm: false }) { outcome } }')}`,
        headers: [...HOST, ...SECRET, ['apollo-require-preflight', '1']],
      },
    ],
    ['a navigation', 303, { method: 'GET', headers: [...HOST, ['accept', 'text/html']] }],
    [
      'no HTTP',
      400,
      {
        headers: [
          ['host', 'x'],
          ['a b', 'c'],
        ],
      },
    ],
  ])('every response of /graphql has no-store and nosniff: %s', async (_, status, request) => {
    const one = await server({ ...writeKeys({ reader: 'ticket:read' }), MAX_BODY_BYTES: '1000' });
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await sendRaw(one.url, request);
      expect([answer.status, answer.headers['cache-control'], answer.headers['x-content-type-options']]).toEqual([
        status,
        'no-store',
        'nosniff',
      ]);
      await sendRaw(one.url, { ...GOOD, headers: [...GOOD.headers!, ...SECRET] });
    }
    expect(one.defects).toEqual([]);
  });

  test('other responses have nosniff, and hashed assets are cacheable', async () => {
    const one = await server();
    const get = (target: string): Promise<RawAnswer> => sendRaw(one.url, { method: 'GET', target, headers: HOST });
    const asset = /\/console\/assets\/[^"]+/.exec((await get('/console')).body)?.[0] ?? '';
    const targets = [
      '/health/live',
      '/health/ready',
      '/metrics',
      '/',
      '/console',
      asset,
      '/nothing',
      '/graphql/x',
      '/%',
    ];
    const answers = await Promise.all(targets.map(get));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 404, 404, 400]);
    expect(answers.map(({ headers }) => headers['x-content-type-options'])).toEqual(targets.map(() => 'nosniff'));
    expect(answers[5]?.headers['cache-control']).toContain('immutable');
  });
});

describe('repeated credentials', () => {
  const keys = (): Record<string, string> => writeKeys({ reader: 'ticket:read', writer: 'ticket:status' });
  const READER: Lines = [['x-api-key', 'key of reader']];
  const withLines = (...more: Lines): RawRequest => ({ ...GOOD, headers: [...GOOD.headers!, ...more] });

  test.each<[string, Lines]>([
    ['two keys', [...READER, ['x-api-key', 'key of writer']]],
    ['a key and an empty one', [...READER, ['X-Api-Key', '']]],
    ['the same key twice', [...READER, ...READER]],
    ['a key and two tokens', [...READER, ['authorization', 'Bearer a'], ['Authorization', 'Bearer b']]],
  ])('rejects repeated credentials: %s', async (_, lines) => {
    expect(statusAndCode(await sendOnBothPaths(await server(keys()), withLines(...lines), READER))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
  });

  test('rejects repeated headers that are forwarded to a vendor', async () => {
    const environment = { OMNIDESK_API_KEY: 'k' };
    const one = await startTestServer({
      keys: ['akana', 'omnidesk'],
      environment: { ...environment, AKANA_USERNAME: '', AKANA_PASSWORD: '', AKANA_FORWARD_TOKEN: 'X-Akana-Token' },
    });
    const lines: Lines = [
      ['x-akana-token', 'one'],
      ['X-AKANA-TOKEN', 'two'],
    ];
    const body = JSON.stringify({ query: '{ ticket(id: "akana:ticket25687.acmepaymentscorp") { __typename } }' });
    for (let turn = 0; turn < 3; turn += 1) {
      expect(statusAndCode(await sendRaw(one.url, { ...withLines(...lines), body }))).toEqual([401, 'UNAUTHENTICATED']);
    }
    expect(one.vendor('akana').ledger).toEqual([]);
    expect((await sendRaw(one.url, { ...withLines(lines[0]!), body })).status).toBe(200);
  });

  test('ignores repeated credentials without authentication', async () => {
    const lines: Lines = [
      ['authorization', 'Basic a'],
      ['authorization', 'Bearer b'],
    ];
    expect((await sendOnBothPaths(await server(), withLines(...lines))).status).toBe(200);
  });

  test('accepts an API key beside the Authorization header of a proxy', async () => {
    const lines: Lines = [...READER, ['authorization', 'Basic cHJveHk6c2VjcmV0']];
    expect((await sendOnBothPaths(await server(keys()), withLines(...lines), READER)).status).toBe(200);
  });
});

describe('content negotiation', () => {
  const OWN = 'application/graphql-response+json; charset=utf-8';
  const PLAIN = 'application/json; charset=utf-8';

  test.each<[string, string, number]>([
    ['application/json', PLAIN, 200],
    ['application/graphql-response+json', OWN, 400],
    ['application/graphql-response+json, application/json', OWN, 400],
    ['application/json, application/graphql-response+json', PLAIN, 200],
    ['application/json, application/graphql-response+json;q=0.5', PLAIN, 200],
    ['application/json;q=0.5, application/graphql-response+json', OWN, 400],
    ['application/graphql-response+json;q=0.9, application/json;q=1.0', PLAIN, 200],
    ['APPLICATION/JSON', PLAIN, 200],
    ['application/json;charset=UTF-8', PLAIN, 200],
    ['application/json;q=0, */*', OWN, 400],
    ['application/graphql-response+json;q=0, application/json', PLAIN, 200],
    ['text/html, application/json;q=0.9, */*;q=0.1', PLAIN, 200],
    ['*/*', PLAIN, 400],
    ['application/*', PLAIN, 400],
  ])('responds with the media type and status for Accept: %s', async (accept, type, status) => {
    const one = await server();
    const ask = (body: string, more: Lines = []): RawRequest => ({
      headers: [...GOOD.headers!, ['accept', accept], ...more],
      body,
    });
    const seen = ({ status: code, headers, body }: RawAnswer): unknown[] => {
      expect(body).toMatch(/^\{"(data|errors)":/);
      return [code, headers['content-type']];
    };
    expect(seen(await sendOnBothPaths(one, ask(BODY)))).toEqual([200, type]);
    for (const query of ['{', '{ nothing }', 'query ($id: ID!) { ticket(id: $id) { __typename } }']) {
      expect(seen(await sendOnBothPaths(one, ask(JSON.stringify({ query }))))).toEqual([status, type]);
    }
    expect(seen(await sendOnBothPaths(one, ask('{}')))).toEqual([400, type]);
    expect(seen(await sendOnBothPaths(one, ask('{')))).toEqual([400, type]);
    expect(seen(await sendOnBothPaths(one, ask(BODY, [['content-encoding', 'gzip']])))).toEqual([415, type]);
    expect(seen(await sendOnBothPaths(one, ask(BODY, [['origin', 'http://evil.example']])))).toEqual([403, type]);
  });

  test('negotiates the media type of 401 responses', async () => {
    const one = await server(writeKeys({ reader: 'ticket:read' }));
    const headers: Lines = [...GOOD.headers!, ['accept', 'application/graphql-response+json']];
    const answer = await sendOnBothPaths(one, { headers, body: BODY }, [['x-api-key', 'key of reader']]);
    expect([answer.status, answer.headers['content-type']]).toEqual([401, OWN]);
  });

  test.each(['text/html', 'image/png', 'application/json;q=0', '*/*;q=0', 'application/json; charset=iso-8859-1', 'x'])(
    'rejects an unsupported Accept before a write is made: %s',
    async (accept) => {
      const one = await server();
      const query = 'mutation { setStatus(input: { ticketIds: ["omnidesk:858462"], status: OPEN }) { outcome } }';
      const headers: Lines = [...GOOD.headers!, ['accept', accept]];
      const answer = await sendOnBothPaths(one, { headers, body: JSON.stringify({ query }) });
      expect([...statusAndCode(answer), answer.headers['content-type']]).toEqual([406, 'NOT_ACCEPTABLE', PLAIN]);
      expect(one.vendor('omnidesk').effects).toEqual([]);
    },
  );

  test('combines repeated Accept headers, and uses the default for an empty one', async () => {
    const one = await server();
    const lines: Lines = [
      ['accept', 'text/html'],
      ['accept', 'application/graphql-response+json'],
    ];
    const two = await sendOnBothPaths(one, { ...GOOD, headers: [...GOOD.headers!, ...lines] });
    const empty = await sendOnBothPaths(one, { ...GOOD, headers: [...GOOD.headers!, ['accept', '']] });
    expect([two.headers['content-type'], empty.headers['content-type']]).toEqual([OWN, PLAIN]);
  });
});

describe('/graphql opened in a browser', () => {
  const navigate = (target: string, more: Lines = []): RawRequest => ({
    method: 'GET',
    target,
    headers: [...HOST, ['accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'], ...more],
  });
  const MODE: Lines = [
    ['sec-fetch-mode', 'navigate'],
    ['sec-fetch-dest', 'document'],
  ];

  test.each<[string, Lines]>([
    ['/graphql', []],
    ['/graphql', MODE],
    ['/graphql?', MODE],
    ['/graphql?utm_source=x', MODE],
  ])('redirects a browser to the explorer: %s', async (target, lines) => {
    const answer = await sendOnBothPaths(await server(), navigate(target, lines));
    expect([answer.status, answer.headers['location']]).toEqual([303, '/']);
  });

  test('redirects a browser to the explorer without credentials', async () => {
    const one = await server(writeKeys({ reader: 'ticket:read' }));
    const answer = await sendOnBothPaths(one, navigate('/graphql', MODE), [['x-api-key', 'key of reader']]);
    expect([answer.status, answer.headers['location']]).toEqual([303, '/']);
  });

  test('answers a browser with a hint if the explorer is off', async () => {
    const answer = await sendOnBothPaths(await server({ EXPLORER: 'off' }), navigate('/graphql', MODE));
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(answer.body).toMatch(/^This is a GraphQL endpoint\. Send an operation by POST/);
  });

  test.each<[string, RawRequest, number]>([
    ['an operation', navigate('/graphql?query={__typename}', MODE), 406],
    ['a script’s request', navigate('/graphql', [['sec-fetch-mode', 'cors']]), 400],
    ['a program', { method: 'GET', headers: [...HOST, ['accept', '*/*']] }, 400],
    ['a form', { ...navigate('/graphql', MODE), method: 'POST' }, 400],
  ])('does not redirect %s', async (_, request, status) => {
    const answer = await sendRaw((await server()).url, request);
    expect([status, 400]).toContain(answer.status);
    expect(answer.headers['location']).toBeUndefined();
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Writes a file with an API key for each set of scopes. */
function writeKeys(grants: Readonly<Record<string, string>>): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-requests-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'keys');
  const lines = Object.entries(grants).map(([name, scopes]) => `${name} ${sha256(`key of ${name}`)} ${scopes}`);
  writeFileSync(path, lines.join('\n'));
  return { AUTH_API_KEYS_FILE: path };
}
