/** A simulated Omnidesk with any number of tickets, which counts the writes to each. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ManyTickets {
  /** Environment variables that connect ticketgraph to it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Global ids. */
  readonly ids: readonly string[];
  /** Requests to write that named the ticket, by its global id. */
  sent(id: string): number;
  /** The vendor's own word, e.g. `closed`. */
  statusOf(id: string): string | undefined;
  /** Whether the ticket is solved. */
  isSolved(id: string): boolean;
  /** Called for each write with its ids; what it returns replaces the response, and nothing is applied. */
  answer: ((ids: readonly string[]) => { status: number; headers?: Record<string, string> } | undefined) | undefined;
  /** Awaited before each write is applied. */
  beforeWrite: (() => Promise<unknown>) | undefined;
  /** Awaited before each read is answered; a status that it returns replaces 200. */
  beforeRead: (() => Promise<number | undefined>) | undefined;
  readonly writes: number;
  close(): Promise<void>;
}

const FIRST = 100_000;

/** @param key of the source, e.g. `omnidesk@emea` */
export async function startManyTickets(count: number, key = 'omnidesk'): Promise<ManyTickets> {
  const statuses = new Map<string, string>();
  const sent = new Map<string, number>();
  for (let id = FIRST; id < FIRST + count; id += 1) statuses.set(String(id), 'open');
  let writes = 0;
  const itemOf = (id: string): object => ({
    id: Number(id),
    title: `Ticket ${id}`,
    status: statuses.get(id),
    priority: 'normal',
    created_at: '2026-01-01 00:00:00',
  });
  const numberOf = (id: string): string => id.slice(id.indexOf(':') + 1);

  const write = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = new URLSearchParams(await readText(request));
    const ids = [...body].flatMap(([name, id]) => (name.startsWith('ticketIDs[') ? id : []));
    writes += 1;
    for (const id of ids) sent.set(id, (sent.get(id) ?? 0) + 1);
    const replaced = vendor.answer?.(ids);
    if (replaced) {
      response.writeHead(replaced.status, replaced.headers).end('{}');
      return;
    }
    await vendor.beforeWrite?.();
    for (const id of ids) statuses.set(id, body.get('status') ?? '');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ type: 'result', message: 'Successful response' }));
  };

  const list = (query: URLSearchParams): object => {
    const wanted = query.getAll('status').concat(query.getAll('status[]'));
    const matching = [...statuses.keys()].filter((id) => wanted.length === 0 || wanted.includes(statuses.get(id)!));
    const start = Number(query.get('itemStart') ?? 0);
    const items = matching.slice(start, start + Number(query.get('itemLimit') ?? 25));
    return { type: 'list', items: items.map(itemOf), total: matching.length };
  };

  const read = async ({ url: path = '/' }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    const id = pathname.split('/').at(-1)!;
    const status = (await vendor.beforeRead?.()) ?? 200;
    const reply = statuses.has(id) ? { type: 'item', item: itemOf(id) } : list(searchParams);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
  };

  const server = createServer((request, response) => {
    const answering = request.method === 'POST' ? write(request, response) : read(request, response);
    answering.catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const prefix = key.toUpperCase();
  const vendor: ManyTickets = {
    settings: { [`${prefix}_URL`]: url, [`${prefix}_API_KEY`]: 'key' },
    ids: Array.from(statuses.keys(), (id) => `${key}:${id}`),
    sent: (id) => sent.get(numberOf(id)) ?? 0,
    statusOf: (id) => statuses.get(numberOf(id)),
    isSolved: (id) => statuses.get(numberOf(id)) === 'solved',
    answer: undefined,
    beforeWrite: undefined,
    beforeRead: undefined,
    get writes() {
      return writes;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return vendor;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
