/**
 * The lower bound: plain node:http and undici's `dispatch` with the same upstream calls and responses. No GraphQL, no
 * authentication, no deadline, no checks.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeTickets, pushWorkflow, readList, readTicket } from './upstream-calls.ts';
import { toPage } from './vendors.ts';

const PAGE = 100;

const ROUTES: Readonly<Record<string, (input: never) => Promise<unknown>>> = {
  '/one': async ({ id }: { id: string }) => ({ ticket: await readTicket(id) }),
  '/many': async ({ ids }: { ids: string[] }) => ({ ticketsById: await Promise.all(ids.map(readTicket)) }),
  '/page': async ({ search }: { search: string }) => ({ tickets: toPage(await readList(PAGE, search), PAGE) }),
  '/close': async ({ ids }: { ids: string[] }) => ({ setStatus: await setStatus(ids) }),
  '/closeAll': async ({ ids, first, second }: { ids: string[]; first: string; second: string }) => ({
    setStatus: await setStatus(ids),
    first: await pushWorkflow(first),
    second: await pushWorkflow(second),
  }),
};

const setStatus = async (ids: string[]): Promise<object> => ({
  outcome: 'APPLIED',
  problems: [],
  results: await closeTickets(ids),
});

const server = createServer((request, response) => {
  void (async () => {
    const body = await readBody(request);
    const data = await ROUTES[request.url!]!(JSON.parse(body) as never);
    const text = JSON.stringify({ data });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  })();
});

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString()));
    request.on('error', reject);
  });
}

server.listen(0, '127.0.0.1', () => {
  console.log(`limit is ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
