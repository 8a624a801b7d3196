/** Receives the redirect of a sign-in on loopback: RFC 8252 section 7.3. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CommandError, EXIT } from '../exit.ts';

export interface CallbackListener {
  readonly redirectUri: string;
  /** Resolves to the address with the code or the error. Rejects if there is none within ten minutes. */
  readonly callback: Promise<URL>;
  /** Stops listening. */
  close(): void;
}

const PATH = '/callback';

const TIMEOUT_MS = 600_000;

/**
 * @param port 0 for a free one.
 * @param state only a request with it ends the wait: any page in the browser could send others.
 */
export async function listenForCallback(port: number, state: string): Promise<CallbackListener> {
  const { promise: callback, resolve, reject } = Promise.withResolvers<URL>();
  // Not handled yet if it times out while the URL is being printed.
  callback.catch(() => undefined);
  const server = createServer((request, response) => {
    const url = toCallback(request, state);
    if (url) response.on('finish', () => resolve(url));
    answer(response, url);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', (error) => failed(cannotListen(port, error)));
    server.listen(port, '127.0.0.1', listening);
  });
  const timer = setTimeout(() => reject(timedOut()), TIMEOUT_MS);
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`;
  return {
    redirectUri,
    callback,
    close() {
      clearTimeout(timer);
      server.close();
      server.closeAllConnections();
    },
  };
}

function toCallback({ method, url = '' }: IncomingMessage, state: string): URL | undefined {
  const target = method === 'GET' ? URL.parse(url, 'http://127.0.0.1') : null;
  return target?.pathname === PATH && target.searchParams.get('state') === state ? target : undefined;
}

/** The page repeats nothing of the request. */
function answer(response: ServerResponse, url: URL | undefined): void {
  response.writeHead(url ? 200 : 404, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(url ? 'Return to the command line. You can close this page.\n' : 'Not found.\n');
}

function cannotListen(port: number, error: NodeJS.ErrnoException): CommandError {
  return new CommandError(
    EXIT.usage,
    `Cannot listen on port ${port} of 127.0.0.1 (${error.code ?? error.message}).`,
    'Use another --port, or --device.',
  );
}

function timedOut(): CommandError {
  return new CommandError(
    EXIT.server,
    'The sign-in was not completed within ten minutes.',
    'Run the command again. With --device, the browser may be on another machine.',
  );
}
