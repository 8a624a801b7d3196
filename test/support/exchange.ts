/**
 * Exchanges: documented request and response pairs as data, with the GraphQL operation that causes them and its response.
 * Each vendor's are in `datasources/<vendor>/exchanges/`.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface ExpectedRequest {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly target: string;
  /** Headers to compare; null for one that must be absent. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Exact text. Defaults to none. */
  readonly body?: string;
}

export interface GivenResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface Exchange {
  readonly title: string;
  /** URL of the documentation that it is from. */
  readonly source: string;
  /** The vendor's settings without prefix; `{url}` is replaced by the URL of the replay server. */
  readonly settings: Readonly<Record<string, string>>;
  readonly operation: readonly string[];
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly exchange: readonly { readonly request: ExpectedRequest; readonly response: GivenResponse }[];
  readonly answer: unknown;
}

export interface NamedExchange extends Exchange {
  readonly file: string;
}

/** The exchanges in a vendor's folder. */
export function loadExchanges(folder: string): NamedExchange[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.toSorted().map((file) => ({
    file,
    ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Exchange),
  }));
}

/** A request as received by the replay server. */
export interface SeenRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | undefined;
}

export interface Replay {
  readonly url: string;
  /** Received requests that were expected, in order, with their exchange. */
  readonly seen: { readonly expected: ExpectedRequest; readonly arrived: SeenRequest }[];
  /** Received requests that were not expected, or already received. */
  readonly unexpected: SeenRequest[];
  /** Exchanges that have not been requested yet. */
  readonly unused: { readonly request: ExpectedRequest; readonly response: GivenResponse }[];
  close(): Promise<void>;
}

/** A real server that responds to each expected request once, in any order, and records all others. */
export async function startReplay(exchanges: Exchange['exchange']): Promise<Replay> {
  const seen: { expected: ExpectedRequest; arrived: SeenRequest }[] = [];
  const unexpected: SeenRequest[] = [];
  const unused = [...exchanges];
  const server = createServer((request, response) => {
    void answer(request, response);
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrived = await toSeen(request);
    const index = unused.findIndex(({ request: expected }) => isExpected(arrived, expected));
    if (index < 0) {
      unexpected.push(arrived);
      response.writeHead(418, { 'content-type': 'text/plain' }).end('not expected');
      return;
    }
    const [{ request: expected, response: given }] = unused.splice(index, 1) as [Exchange['exchange'][number]];
    seen.push({ expected, arrived });
    response.statusCode = given.status;
    for (const [name, value] of Object.entries(given.headers ?? {})) {
      response.setHeader(name, typeof value === 'string' ? value : [...value]);
    }
    response.end(given.body);
  };

  const url = await listen(server);
  return {
    url,
    seen,
    unexpected,
    unused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Matches by method, target and body. Headers are compared afterwards, so that the test shows a wrong one. */
function isExpected(arrived: SeenRequest, { method, target, body }: ExpectedRequest): boolean {
  return arrived.method === method && arrived.target === target && arrived.body === body;
}

async function toSeen(request: IncomingMessage): Promise<SeenRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: request.headers as Record<string, string | undefined>,
    body: body === '' ? undefined : body,
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}
