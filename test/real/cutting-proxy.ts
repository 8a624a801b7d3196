/**
 * A reverse proxy on loopback that loses requests or answers on demand and keeps a ledger. Stands between ticketgraph and a
 * server that cannot be made to fail.
 */
import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived at the proxy. */
export interface ProxiedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly body: string;
}

/** How one request is interfered with. */
export interface Interference {
  /** Awaited before the request is forwarded, also if the client has left by then. Omit to forward it immediately. */
  readonly before?: () => Promise<unknown>;
  /** False: the server never receives it, and the connection is closed. Defaults to true. */
  readonly isForwarded?: boolean;
  /** False: the connection is closed once the server has answered. Defaults to true. */
  readonly isAnswered?: boolean;
  /** Awaited once the server has answered, before the client hears of it. */
  readonly after?: () => Promise<unknown>;
}

export interface ProxyEntry {
  readonly request: ProxiedRequest;
  /** Status of the server's answer; `undefined` until there is one. */
  status: number | undefined;
  /** Resolves when the server has answered, or when the request has been lost. */
  readonly done: Promise<void>;
}

export interface CuttingProxy {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Requests in the order of arrival. */
  readonly ledger: ProxyEntry[];
  /** Called for each request. Set to `undefined` to forward all of them. */
  interfere: ((request: ProxiedRequest) => Interference | undefined) | undefined;
  close(): Promise<void>;
}

/** @param target base URL of the server. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const ledger: ProxyEntry[] = [];
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const entry: ProxyEntry = { request, status: undefined, done };
    ledger.push(entry);
    try {
      await forward(target, entry, outgoing, proxy.interfere?.(request) ?? {});
    } finally {
      resolve();
    }
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: CuttingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ledger,
    interfere: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

async function forward(
  target: string,
  entry: ProxyEntry,
  outgoing: ServerResponse,
  { before, isForwarded = true, isAnswered = true, after }: Interference,
): Promise<void> {
  await before?.();
  if (!isForwarded) {
    outgoing.destroy();
    return;
  }
  const { status, headers, body } = await send(target, entry.request);
  entry.status = status;
  await after?.();
  if (!isAnswered) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(status, headers).end(body);
}

interface ProxiedAnswer {
  readonly status: number;
  /** Names and values alternate, as they arrived. */
  readonly headers: string[];
  readonly body: Buffer;
}

function send(target: string, { method, target: path, headers, body }: ProxiedRequest): Promise<ProxiedAnswer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(target + path, { method, headers: { ...headers } }, (answer) => {
      readBody(answer).then(
        (read) => resolve({ status: answer.statusCode!, headers: answer.rawHeaders, body: read }),
        reject,
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

async function readRequest(incoming: IncomingMessage): Promise<ProxiedRequest> {
  const body = (await readBody(incoming)).toString('utf8');
  return { method: incoming.method!, target: incoming.url!, headers: incoming.headers, body };
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
