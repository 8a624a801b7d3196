/** Vendors that send unsolicited interim responses, counted on a server with hand-written HTTP. */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createNodeTransport } from '../../datasources/upstream/transport/node.ts';
import type { TransportError } from '../../datasources/upstream/transport/transport.ts';
import { LightAbortController } from '../../datasources/vendor-kit/abort.ts';
import { startEndpoint } from '../support/endpoint.ts';

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

/** @param say what is written for a request, by its line */
async function startVendor(say: (line: string, socket: Socket) => string): Promise<Vendor> {
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
        socket.write(say(line, socket), 'latin1');
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
  test('does not keep reads from being answered, nor writes after them', async () => {
    const vendor = await startVendor((line) => interim + ok(line.startsWith('GET') ? TICKET : ''));
    const { endpoint, warnings } = await startOver(vendor);
    for (let read = 0; read < 3; read += 1) {
      const { data, errors } = await endpoint.ask(READ, { id: 'omnidesk:858462' });
      expect(errors).toBeUndefined();
      expect(data.ticket).toEqual({ __typename: 'OmnideskTicket' });
    }
    const met = interim.startsWith('HTTP/1.1 100');
    expect(vendor.lines).toHaveLength(met ? 4 : 3);
    expect((await endpoint.ask(DELETE)).data.done.outcome).toBe('APPLIED');
    expect(vendor.lines.filter((line) => line.startsWith('DELETE'))).toHaveLength(1);
    await vi.waitFor(() => expect(warnings()).toHaveLength(met ? 1 : 0));
    expect(endpoint.defects).toEqual([]);
  });
});

test('many reads at once that meet it are each sent once more, and all are answered', async () => {
  const vendor = await startVendor(() => CONTINUE + ok(TICKET));
  const { endpoint } = await startOver(vendor);
  const ids = Array.from({ length: 20 }, (_, index) => `omnidesk:${index + 1}`);
  const { errors } = await endpoint.ask(READ_MANY, { ids });
  expect(errors).toBeUndefined();
  expect(vendor.lines.length).toBeLessThanOrEqual(40);
  await endpoint.ask(READ_MANY, { ids });
  expect(vendor.lines.length).toBeLessThanOrEqual(60);
});

test('a write that meets it first is UNKNOWN, is never sent again, and is the only one', async () => {
  const vendor = await startVendor((line) => CONTINUE + ok(line.startsWith('GET') ? TICKET : ''));
  const { endpoint } = await startOver(vendor);
  const deletions = (): number => vendor.lines.filter((line) => line.startsWith('DELETE')).length;
  expect((await endpoint.ask(DELETE)).data.done.outcome).toBe('UNKNOWN');
  expect(deletions()).toBe(1);
  expect((await endpoint.ask(DELETE)).data.done.outcome).toBe('APPLIED');
  expect(deletions()).toBe(2);
});

describe('the transport over node:http', () => {
  const wire = { method: 'GET', target: '/x', headers: {}, body: undefined, secrets: [] } as const;
  const send = async (url: string, { maximumBytes = 1_000, connectTimeoutMs = 5_000, abort = false } = {}) => {
    const transport = createNodeTransport({ baseUrl: url, connections: 2, maximumBytes, connectTimeoutMs });
    onTestFinished(() => transport.close());
    const controller = new LightAbortController();
    const answer = transport.send(wire, controller);
    if (abort) controller.abort();
    return answer.catch((error: unknown) => error as TransportError);
  };

  test('keeps connections alive, and follows no redirect', async () => {
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
  ])('says of a broken answer that it was sent: %s', async (reason, say) => {
    const vendor = await startVendor(say);
    expect(await send(vendor.url)).toMatchObject({ reason, wasSent: true });
  });

  test('says of a connection that was refused, or given up before it stood, that nothing was sent', async () => {
    expect(await send('http://127.0.0.1:1')).toMatchObject({
      reason: 'no-connection',
      wasSent: false,
      code: 'ECONNREFUSED',
    });
    const vendor = await startVendor(() => ok('{}'));
    expect(await send(vendor.url, { abort: true })).toMatchObject({ reason: 'aborted', wasSent: false });
    expect(vendor.lines).toEqual([]);
  });
});
