/** Vendors that send unsolicited interim responses, counted on a server with hand-written HTTP. */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createNodeTransport } from '../../datasources/upstream/transport/node.ts';
import type { TransportError } from '../../datasources/upstream/transport/transport.ts';
import { LightAbortController } from '../../datasources/vendor-kit/abort.ts';
import { startEndpoint } from '../support/endpoint.ts';
import { until } from '../support/until.ts';

const TICKET = JSON.stringify({ id: 858462, title: 'Hello', status: 'open' });
const READ = 'query ($id: ID!) { ticket(id: $id) { __typename } }';
const READ_MANY = 'query ($ids: [ID!]!) { ticketsById(ids: $ids) { __typename } }';
const DELETE = `mutation { done: deleteTickets(input: { ticketIds: ["omnidesk:858462"] }) { outcome results {
  outcome problem { code } } } }`;

interface Vendor {
  readonly url: string;
  /** Request lines in the order in which they arrived. */
  readonly lines: string[];
  readonly connections: () => number;
}

/** @param respond returns the bytes to write for a request line */
async function startVendor(respond: (line: string, socket: Socket) => string): Promise<Vendor> {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      // None of the requests here has a body.
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const line = text.slice(0, text.indexOf(' HTTP/'));
        text = text.slice(end + 4);
        lines.push(line);
        socket.write(respond(line, socket), 'latin1');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, lines, connections: () => connections };
}

function ok(body: string, head = ''): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n';

async function startOver(vendor: Vendor) {
  const lines: string[] = [];
  const endpoint = await startEndpoint(
    { OMNIDESK_URL: vendor.url, OMNIDESK_API_KEY: 'secret' },
    { logStream: { write: (line) => void lines.push(line) } },
  );
  onTestFinished(() => endpoint.close());
  return { endpoint, warnings: () => lines.filter((line) => line.includes('node:http')) };
}

describe.each([
  ['100 Continue', CONTINUE],
  ['100 Continue twice', CONTINUE + CONTINUE],
  ['103 Early Hints', HINTS],
  ['102 Processing', 'HTTP/1.1 102 Processing\r\n\r\n'],
  ['100 Continue and 103 Early Hints', CONTINUE + HINTS],
])('before each answer, %s', (_, interim) => {
  test('reads are answered, and so are later writes', async () => {
    const vendor = await startVendor((line) => interim + ok(line.startsWith('GET') ? TICKET : ''));
    const { endpoint, warnings } = await startOver(vendor);
    for (let read = 0; read < 3; read += 1) {
      const { data, errors } = await endpoint.ask(READ, { id: 'omnidesk:858462' });
      expect(errors).toBeUndefined();
      expect(data.ticket).toEqual({ __typename: 'OmnideskTicket' });
    }
    const isReconnecting = interim.startsWith('HTTP/1.1 100');
    expect(vendor.lines).toHaveLength(isReconnecting ? 4 : 3);
    expect((await endpoint.ask(DELETE)).data.done.outcome).toBe('APPLIED');
    expect(vendor.lines.filter((line) => line.startsWith('DELETE'))).toHaveLength(1);
    await until(() => expect(warnings()).toHaveLength(isReconnecting ? 1 : 0));
    expect(endpoint.defects).toEqual([]);
  });
});

test('concurrent reads interrupted by 100 Continue are each sent once more, and all are answered', async () => {
  const vendor = await startVendor(() => CONTINUE + ok(TICKET));
  const { endpoint } = await startOver(vendor);
  const ids = Array.from({ length: 20 }, (_, index) => `omnidesk:${index + 1}`);
  const { errors } = await endpoint.ask(READ_MANY, { ids });
  expect(errors).toBeUndefined();
  expect(vendor.lines.length).toBeLessThanOrEqual(40);
  await endpoint.ask(READ_MANY, { ids });
  expect(vendor.lines.length).toBeLessThanOrEqual(60);
});

test('a write interrupted by 100 Continue is UNKNOWN and never sent again, and later writes are applied', async () => {
  const vendor = await startVendor((line) => CONTINUE + ok(line.startsWith('GET') ? TICKET : ''));
  const { endpoint } = await startOver(vendor);
  const deletions = (): number => vendor.lines.filter((line) => line.startsWith('DELETE')).length;
  expect((await endpoint.ask(DELETE)).data.done.outcome).toBe('UNKNOWN');
  expect(deletions()).toBe(1);
  expect((await endpoint.ask(DELETE)).data.done.outcome).toBe('APPLIED');
  expect(deletions()).toBe(2);
});

const wire = { method: 'GET', target: '/x', headers: {}, body: undefined, secrets: [] } as const;
const send = async (url: string, { maximumBytes = 1_000, connectTimeoutMs = 5_000, abort = false } = {}) => {
  const transport = createNodeTransport({ baseUrl: url, connections: 2, maximumBytes, connectTimeoutMs });
  onTestFinished(() => transport.close());
  const controller = new LightAbortController();
  const answer = transport.send(wire, controller);
  if (abort) controller.abort();
  return answer.catch((error: unknown) => error as TransportError);
};

test('node:http keeps connections alive, and follows no redirect', async () => {
  const vendor = await startVendor(() => 'HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n');
  const transport = createNodeTransport({
    baseUrl: vendor.url,
    connections: 1,
    maximumBytes: 100,
    connectTimeoutMs: 5_000,
  });
  onTestFinished(() => transport.close());
  for (let call = 0; call < 3; call += 1) {
    expect(await transport.send(wire, new LightAbortController())).toMatchObject({ status: 302, text: '' });
    await new Promise(setImmediate);
  }
  expect(vendor.lines).toEqual(['GET /x', 'GET /x', 'GET /x']);
  expect(vendor.connections()).toBe(1);
});

test.each<readonly [string, (line: string, socket: Socket) => string]>([
  ['oversized', () => ok('x'.repeat(1_001))],
  ['garbled', () => ok('\u0001no gzip', 'content-encoding: gzip\r\n')],
  ['reset', () => 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n'],
  ['reset', (_line: string, socket: Socket) => (socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'), '')],
])('node:http reports a broken answer as sent: %s', async (reason, respond) => {
  const vendor = await startVendor(respond);
  expect(await send(vendor.url)).toMatchObject({ reason, wasSent: true });
});

test('node:http reports a refused connection, or one aborted before it was established, as not sent', async () => {
  expect(await send('http://127.0.0.1:1')).toMatchObject({
    reason: 'no-connection',
    wasSent: false,
    code: 'ECONNREFUSED',
  });
  const vendor = await startVendor(() => ok('{}'));
  expect(await send(vendor.url, { abort: true })).toMatchObject({ reason: 'aborted', wasSent: false });
  expect(vendor.lines).toEqual([]);
});
