/**
 * One process that plays all five vendors as cheaply as it can, so that what is measured is the server before it.
 * It checks nothing: the sandbox is there for that.
 *
 *   GET /bench/counts   arrivals by endpoint since the last time it was asked
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CREDENTIALS, TICKET_BODY, listBody, REFUSED_FROM, type VendorKey } from './tickets.ts';

const JSON_TYPE = 'application/json';

const TOKEN_BODY = JSON.stringify({ access_token: CREDENTIALS.jifelineToken, expires_in: 86_400 });

interface Endpoint {
  readonly name: string;
  readonly method: string;
  /** What the target begins with; what follows is the id, up to a slash or the query. */
  readonly start: string;
  answer(id: string, query: string, response: ServerResponse): void;
}

const lists = new Map<number, string>();

const ENDPOINTS: readonly Endpoint[] = [
  reading('requestor', '/api/Tickets/GetTicket/'),
  reading('akana', '/api/tickets/'),
  {
    name: 'omnidesk list',
    method: 'GET',
    start: '/api/v2/ticket?',
    answer(_, query, response) {
      const count = Number(/itemLimit=(\d+)/.exec(query)?.[1] ?? 25);
      const body = lists.get(count) ?? listBody(count);
      lists.set(count, body);
      send(response, 200, body);
    },
  },
  reading('omnidesk', '/api/v2/ticket/'),
  reading('huawei', '/v2/servicerequest/cases/'),
  {
    name: 'huawei action',
    method: 'POST',
    start: '/v2/servicerequest/cases/',
    answer: (_, __, response) => send(response, 200, ''),
  },
  reading('jifeline', '/v2/tickets/in-progress-tickets/'),
  {
    name: 'jifeline token',
    method: 'POST',
    start: '/oauth2/token',
    answer: (_, __, response) => send(response, 200, TOKEN_BODY),
  },
];

function reading(vendor: VendorKey, start: string): Endpoint {
  const body = TICKET_BODY[vendor];
  return {
    name: `${vendor} ticket`,
    method: 'GET',
    start,
    answer(id, _, response) {
      const n = Number(/\d+(?=\D*$)/.exec(id)?.[0]);
      if (n >= REFUSED_FROM) send(response, 403, '{}');
      else send(response, 200, body(id));
    },
  };
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

const counts = new Map<string, number>();

const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  const { method = '', url = '' } = request;
  // A body has to be read before the connection can be used again.
  if (method === 'POST') request.resume();
  if (url === '/bench/counts') {
    send(response, 200, JSON.stringify(Object.fromEntries(counts)));
    counts.clear();
    return;
  }
  const endpoint = ENDPOINTS.find((one) => one.method === method && url.startsWith(one.start));
  const name = endpoint?.name ?? `unknown ${method} ${url}`;
  counts.set(name, (counts.get(name) ?? 0) + 1);
  if (!endpoint) {
    send(response, 404, '{}');
    return;
  }
  const rest = url.slice(endpoint.start.length);
  endpoint.answer(/^[^/?]*/.exec(rest)![0], rest, response);
});

server.listen(0, '127.0.0.1', () => {
  console.log(`upstream is ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
