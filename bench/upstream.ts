/**
 * Minimal upstream for all five vendors, so that the benchmark measures the server. Checks nothing, unlike the sandbox.
 *
 *   GET /bench/counts   request counts by endpoint since the last call
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { CREDENTIALS, TICKET_BODY, listBody, FORBIDDEN_FROM, type VendorKey } from './tickets.ts';

const JSON_TYPE = 'application/json';

const TOKEN_BODY = JSON.stringify({ access_token: CREDENTIALS.jifelineToken, expires_in: 86_400 });

interface Endpoint {
  readonly name: string;
  readonly method: string;
  /** Start of the request target. The id follows, up to a slash or the query. */
  readonly prefix: string;
  respond(id: string, query: string, response: ServerResponse, body: string): void;
}

const lists = new Map<number, string>();

const ENDPOINTS: readonly Endpoint[] = [
  ticketEndpoint('requestor', '/api/Tickets/GetTicket/'),
  ticketEndpoint('akana', '/api/tickets/'),
  {
    name: 'omnidesk list',
    method: 'GET',
    prefix: '/api/v2/ticket?',
    respond(_, query, response) {
      const count = Number(/itemLimit=(\d+)/.exec(query)?.[1] ?? 25);
      const body = lists.get(count) ?? listBody(count);
      lists.set(count, body);
      send(response, 200, body);
    },
  },
  ticketEndpoint('omnidesk', '/api/v2/ticket/'),
  ticketEndpoint('huawei', '/v2/servicerequest/cases/'),
  {
    name: 'huawei action',
    method: 'POST',
    prefix: '/v2/servicerequest/cases/',
    respond: (_, __, response) => send(response, 200, ''),
  },
  {
    name: 'requestor push',
    method: 'POST',
    prefix: '/api/Tickets/WorkflowPush',
    respond(_, __, response, body) {
      const id = /"TicketId":(\d+)/.exec(body)![1]!;
      send(response, 200, `{"TicketId":${id},"TicketREF":"INC-${id}"}`);
    },
  },
  {
    name: 'akana action',
    method: 'POST',
    prefix: '/api/tickets/',
    respond: (_, __, response) => send(response, 200, 'CLOSED', 'text/plain'),
  },
  {
    name: 'omnidesk status',
    method: 'POST',
    prefix: '/api/v2/ticket/setStatus',
    respond: (_, __, response) => send(response, 200, '{"type":"result","status":"ok"}'),
  },
  {
    name: 'jifeline transition',
    method: 'PATCH',
    prefix: '/v2/tickets/in-progress-tickets/',
    respond: (_, __, response) => response.writeHead(204).end(),
  },
  ticketEndpoint('jifeline', '/v2/tickets/in-progress-tickets/'),
  {
    name: 'jifeline token',
    method: 'POST',
    prefix: '/oauth2/token',
    respond: (_, __, response) => send(response, 200, TOKEN_BODY),
  },
];

function ticketEndpoint(vendor: VendorKey, start: string): Endpoint {
  const body = TICKET_BODY[vendor];
  return {
    name: `${vendor} ticket`,
    method: 'GET',
    prefix: start,
    respond(id, _, response) {
      const n = Number(/\d+(?=\D*$)/.exec(id)?.[0]);
      if (n >= FORBIDDEN_FROM) send(response, 403, '{}');
      else send(response, 200, body(id));
    },
  };
}

function send(response: ServerResponse, status: number, body: string, type = JSON_TYPE): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

const counts = new Map<string, number>();

const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
  const { method = '', url = '' } = request;
  if (url === '/bench/counts') {
    send(response, 200, JSON.stringify(Object.fromEntries(counts)));
    counts.clear();
    return;
  }
  const endpoint = ENDPOINTS.find((one) => one.method === method && url.startsWith(one.prefix));
  const name = endpoint?.name ?? `unknown ${method} ${url}`;
  counts.set(name, (counts.get(name) ?? 0) + 1);
  if (!endpoint) {
    send(response, 404, '{}');
    return;
  }
  const rest = url.slice(endpoint.prefix.length);
  const respond = (body: string): void => endpoint.respond(/^[^/?]*/.exec(rest)![0], rest, response, body);
  if (method === 'GET') respond('');
  else void text(request).then(respond);
});

server.listen(0, '127.0.0.1', () => {
  console.log(`upstream is ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
