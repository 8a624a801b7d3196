/** Vendor addresses: parsing of the settings, and the paths of the requests. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RequestScope, UpstreamRequest } from '../../../datasources/contract.ts';
import { failureOfStatus } from '../../../datasources/vendor-kit/failure.ts';
import { address, wholeAddress } from '../../../datasources/vendor-kit/settings.ts';
import { toWirePath, prefixOf } from '../../../datasources/upstream/transport/transport.ts';
import { createUpstreamClient } from '../../../datasources/upstream/upstream-client.ts';
import { startEndpoint } from '../../support/endpoint.ts';

const read = (setting: ReturnType<typeof address>, text: string): string | undefined => setting.read(text, {})?.value;

describe('address settings', () => {
  test.each([
    ['https://desk.example', 'https://desk.example', 'https://desk.example/'],
    ['https://desk.example/', 'https://desk.example', 'https://desk.example/'],
    ['https://desk.example:443/eu', 'https://desk.example/eu', 'https://desk.example/eu'],
    ['https://desk.example/eu/', 'https://desk.example/eu', 'https://desk.example/eu/'],
    ['https://desk.example/eu//', 'https://desk.example/eu', 'https://desk.example/eu//'],
    ['https://desk.example//eu/a', 'https://desk.example//eu/a', 'https://desk.example//eu/a'],
    ['HTTPS://Desk.Example/EU', 'https://desk.example/EU', 'https://desk.example/EU'],
    ['https://desk.example/?a=b', undefined, 'https://desk.example/?a=b'],
    ['https://desk.example/token?a=b%20c&d=', undefined, 'https://desk.example/token?a=b%20c&d='],
    ['https://desk.example/token/?', undefined, 'https://desk.example/token/?'],
    ['https://desk.example/token#a', undefined, undefined],
    ['https://desk.example/token#', undefined, undefined],
    ['https://jan@desk.example/', undefined, undefined],
    ['https://jan:secret@desk.example/', undefined, undefined],
    ['http://desk.example/', undefined, undefined],
    ['ftp://desk.example/', undefined, undefined],
    ['//desk.example/', undefined, undefined],
    ['desk.example', undefined, undefined],
    ['', undefined, undefined],
    ['http://127.0.0.1:1/a/', 'http://127.0.0.1:1/a', 'http://127.0.0.1:1/a/'],
    ['http://[::1]:1', 'http://[::1]:1', 'http://[::1]:1/'],
  ])('the setting %j is read as the base address %j and the whole address %j', (text, base, whole) => {
    expect([read(address(), text), read(wholeAddress(), text)]).toEqual([base, whole]);
  });
});

test.each([
  ['http://h', '', '/'],
  ['http://h', '/a', '/a'],
  ['http://h/', '', '/'],
  ['http://h/', '/a', '/a'],
  ['http://h/p', '', '/p'],
  ['http://h/p', '/a?b=c', '/p/a?b=c'],
  ['http://h/p/', '', '/p/'],
  ['http://h/p/', '/a', '/p/a'],
  ['http://h/p//', '/a', '/p/a'],
  ['http://h/p?b=c', '', '/p?b=c'],
  ['http://h/p/?b=c', '', '/p/?b=c'],
  ['http://h/p?b=c', '?d=e', '/p?b=c&d=e'],
  ['http://h/p', '?d=e', '/p?d=e'],
  ['http://h?b=c', '', '/?b=c'],
  ['http://h', '?d=e', '/?d=e'],
])('below %s the target %j is requested as %j', (base, target, path) => {
  expect(toWirePath(prefixOf(base), { method: 'GET', target, headers: {}, body: undefined, secrets: [] })).toBe(path);
});

/** A server with one response to every request. Records the method and path of each. */
async function startServer(body: string): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.setHeader('content-type', 'application/json').end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test.each([
  ['', '/api', '/api'],
  ['/eu', '/api', '/eu/api'],
  ['/eu/', '/api', '/eu/api'],
  ['/token/', '', '/token/'],
  ['/token?tenant=a', '', '/token?tenant=a'],
])('GET and POST requests with the base path %j and the path %j arrive at %j', async (base, path, expected) => {
  const { url, seen } = await startServer('{}');
  const limits = { timeoutMs: 5_000, concurrency: 1, maximumBytes: 1_000 };
  const upstream = createUpstreamClient({ url: url + base, toFailure: failureOfStatus }, limits);
  onTestFinished(() => upstream.close());
  const call: RequestScope = {
    signal: new AbortController().signal,
    deadlineAt: performance.now() + 30_000,
    requestKey: {},
  };
  const request = (method: 'GET' | 'POST'): UpstreamRequest => ({ method, path, headers: {} });
  await upstream.read(request('GET'), call);
  await upstream.read(request('POST'), call);
  expect(seen).toEqual([`GET ${expected}`, `POST ${expected}`]);
});

test('the address of a token endpoint is used as given, with its trailing slash and its query', async () => {
  const { url, seen } = await startServer('{"access_token":"t","expires_in":3600,"token_type":"Bearer"}');
  const endpoint = await startEndpoint({
    JIFELINE_URL: `${url}/partner/`,
    JIFELINE_TOKEN_URL: `${url}/oauth2/token/?tenant=a`,
    JIFELINE_CLIENT_ID: 'id',
    JIFELINE_CLIENT_SECRET: 'secret',
  });
  onTestFinished(() => endpoint.close());
  await endpoint.ask('{ ticket(id: "jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08") { __typename } }');
  expect(seen.slice(0, 2)).toEqual([
    'POST /oauth2/token/?tenant=a',
    'GET /partner/v2/tickets/in-progress-tickets/497f6eca-6276-4993-bfeb-53cbbbba6f08',
  ]);
});
