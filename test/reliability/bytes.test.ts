/** Unusual encodings of usual answers: each vendor's reads, writes and sign-in, over the wire. */
import { brotliCompressSync, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import type { RunningVendor } from '../../sandbox/server.ts';
import type { ReceivedRequest, CannedResponse } from '../../sandbox/simulation.ts';
import { SIGNING_IN_SOURCES, SOURCES, isSignIn, samplesOf } from '../support/samples.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const VENDORS = SOURCES.map(({ key, id, samples }) => [key, id, samples.action] as const);

const SIGNED_IN = SIGNING_IN_SOURCES.map(({ key, id, samples }) => [key, id, samples.action] as const);

const READ = `query ($id: ID!) { ticket(id: $id) { __typename ... on TicketFields { reference title status { raw } } } }`;
const WRITE = `mutation ($id: ID!, $action: String!) { done: executeAction(input: { ticketId: $id, action: $action }) {
  outcome reconciled problems { code } } }`;

/** Encodes the body of an answer. */
type Wrap = (body: Buffer, headers: Record<string, string>) => Buffer;

function coded(name: string, compress: (bytes: Buffer) => Buffer): Wrap {
  return (body, headers) => {
    headers['content-encoding'] = name;
    return body.length === 0 ? body : compress(body);
  };
}

const WRAPS: Readonly<Record<string, Wrap>> = {
  'gzip in upper case': coded('GZIP', gzipSync),
  'deflate without the zlib header': coded('deflate', deflateRawSync),
  brotli: coded('br', brotliCompressSync),
  zstandard: coded('zstd', zstdCompressSync),
  'two codings': coded('gzip, br', (bytes) => brotliCompressSync(gzipSync(bytes))),
  'plain text under an unknown coding': coded('utf-8', (bytes) => bytes),
  'plain text under gzip': coded('gzip', (bytes) => bytes),
  'a byte order mark': (body) => (body.length === 0 ? body : Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body])),
  'UTF-16': (body, headers) => {
    headers['content-type'] = `${headers['content-type']?.split(';', 1)[0] ?? 'text/plain'}; charset="UTF-16"`;
    return Buffer.from(body.toString('utf8'), 'utf16le');
  },
};

/** The vendor's own answers, encoded. */
function wrapping({ vendor }: RunningVendor, wrap: Wrap): (arrival: ReceivedRequest) => Fault {
  return (arrival) => raw(vendor.handle(arrival), wrap);
}

function raw(reply: CannedResponse, wrap: Wrap): Fault {
  const headers: Record<string, string> = {};
  const lines: string[] = [];
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    if (typeof value === 'string') headers[name.toLowerCase()] = value;
    else lines.push(...value.map((one) => `${name}: ${one}`));
  }
  const body = wrap(Buffer.from(reply.body ?? ''), headers);
  headers['content-length'] = String(body.length);
  headers['connection'] = 'close';
  lines.push(...Object.entries(headers).map(([name, value]) => `${name}: ${value}`));
  const bytes = `HTTP/1.1 ${reply.status} Said\r\n${lines.join('\r\n')}\r\n\r\n${body.toString('latin1')}`;
  return { kind: 'raw', applied: false, bytes };
}

async function perform(server: TestServer, id: string, action: string): Promise<readonly unknown[]> {
  const read = await server.ask(READ, { id });
  const written = await server.ask(WRITE, { id, action });
  expect(server.defects).toEqual([]);
  return [read, written];
}

describe.each(VENDORS)('answer of %s', (key, id, action) => {
  test.each(Object.entries(WRAPS))('is decoded from %s', async (_, wrap) => {
    const [plain, wrapped] = [await startTestServer({ keys: [key] }), await startTestServer({ keys: [key] })];
    wrapped.vendor(key).faults = wrapping(wrapped.vendor(key), wrap);
    const expected = await perform(plain, id, action);
    expect(expected).toMatchObject([{ data: { ticket: {} } }, { data: { done: { outcome: 'APPLIED' } } }]);
    expect(await perform(wrapped, id, action)).toEqual(expected);
    const targets = (server: TestServer): string[] => server.vendor(key).ledger.map(({ arrival }) => arrival.target);
    expect(targets(wrapped)).toEqual(targets(plain));
    expect(wrapped.vendor(key).effects).toHaveLength(1);
  });

  test.each([
    [404, 'NOT_FOUND'],
    [429, 'VENDOR_RATE_LIMITED'],
    [403, 'VENDOR_FORBIDDEN'],
    [303, 'VENDOR_PROTOCOL'],
  ])('is accepted without a body although it declares a coding: %i', async (status, code) => {
    const server = await startTestServer({ keys: [key] });
    await server.ask(READ, { id });
    const reply = { status, headers: { 'content-encoding': 'gzip', location: '/elsewhere' } };
    server.vendor(key).faults = () => ({ kind: 'answer', applied: false, reply });
    const { data, errors } = await server.ask(READ, { id });
    expect(errors?.[0]?.extensions?.['code'] ?? 'NOT_FOUND').toBe(code);
    expect(data.ticket).toBeNull();
  });
});

test.each(SIGNED_IN)(
  'a 401 of %s that declares a coding and has no body renews the sign-in',
  async (key, id, action) => {
    const server = await startTestServer({ keys: [key] });
    await server.ask(READ, { id });
    server.forget();
    let isRejected = false;
    server.vendor(key).faults = (arrival) => {
      if (isRejected || isSignIn(arrival)) return undefined;
      isRejected = true;
      return { kind: 'answer', applied: false, reply: { status: 401, headers: { 'content-encoding': 'gzip' } } };
    };
    const { data } = await server.ask(WRITE, { id, action });
    expect(data.done).toMatchObject({ outcome: 'APPLIED' });
    expect(server.calls(key).map(({ status }) => status)).toEqual([401, samplesOf(key).samples.acceptedStatus]);
    expect(server.vendor(key).effects).toHaveLength(1);
  },
);

test('a transition whose 303 declares a coding and has no body is applied', async () => {
  const server = await startTestServer({ keys: ['jifeline'] });
  const { vendor } = server.vendor('jifeline');
  const { handle } = vendor;
  vendor.handle = (arrival) => {
    const reply = handle(arrival);
    return arrival.method === 'GET' || isSignIn(arrival)
      ? reply
      : { status: reply.status, headers: { ...reply.headers, 'content-encoding': 'gzip' } };
  };
  const { data } = await server.ask(WRITE, { id: samplesOf('jifeline').id, action: 'complete' });
  expect(data.done).toEqual({ outcome: 'APPLIED', reconciled: false, problems: [] });
  expect(server.vendor('jifeline').effects).toHaveLength(1);
});

test.each([
  ['application/json; charset=windows-1250', Buffer.from([0x8e, 0x6c, 0x75, 0x9d])],
  ['application/json; charset=ISO-8859-2', Buffer.from([0xae, 0x6c, 0x75, 0xbb])],
])('a title is decoded from the declared charset: %s', async (contentType, title) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const running = server.vendor('omnidesk');
  running.faults = wrapping(running, (body, headers) => {
    headers['content-type'] = contentType;
    const [before, after] = body.toString('latin1').split(/(?<="title":")[^"]*/);
    return Buffer.concat([Buffer.from(before!, 'latin1'), title, Buffer.from(after!, 'latin1')]);
  });
  const { data } = await server.ask(READ, { id: 'omnidesk:858462' });
  expect(data.ticket.title).toBe('Žluť');
});
