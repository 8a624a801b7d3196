/** HTTP server: timeouts, body limit, health endpoints, graceful shutdown. Routes are registered by the caller. */
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { createErrorHandler, toAnswer } from './error-handler.ts';
import { createBodyParser, type ParseText } from './body-text.ts';

export interface HttpServerOptions {
  /** Maximum size of a request body. */
  readonly bodyBytes: number;
  /** Milliseconds within which a request must arrive completely. */
  readonly requestTimeoutMs: number;
  /** Called for unexpected errors. */
  reportUnexpected(error: unknown): void;
  /** Whether `/health/ready` answers 200 until the shutdown. Defaults to always. */
  isReady?(): boolean;
  /** Adds fields to the body of `/health/ready`, without effect on its status. Defaults to none. */
  describe?(): object;
}

export interface HttpServer {
  readonly http: FastifyInstance;
  /** Makes `/health/ready` answer 503. Requests are still served, as load balancers take a while to notice. */
  startDraining(): void;
  /** Stops accepting connections, and waits up to `graceMs` for requests in flight. */
  close(graceMs: number): Promise<void>;
}

/** Keeps browsers from interpreting JSON as HTML. */
const NOSNIFF = ['x-content-type-options', 'nosniff'] as const;

export function createHttpServer({
  bodyBytes,
  requestTimeoutMs,
  reportUnexpected,
  isReady,
  describe,
}: HttpServerOptions): HttpServer {
  const http = fastify({
    bodyLimit: bodyBytes,
    // Also closes sockets of clients that stop reading. Doubled because a pending request is idle too.
    connectionTimeout: 2 * requestTimeoutMs,
    // Slow clients must not hold connections.
    requestTimeout: requestTimeoutMs,
    // Requests on open connections are still answered, with `Connection: close`.
    return503OnClosing: false,
    clientErrorHandler: answerInvalidHttp,
    frameworkErrors: (_, __, reply) => answerBadTarget(reply as unknown as FastifyReply),
    http: {
      // A missing Host header is rejected by the host check, with a code.
      requireHostHeader: false,
      headersTimeout: Math.min(requestTimeoutMs, 60_000),
      // Frequent enough to answer 408 before `connectionTimeout` closes the connection.
      connectionsCheckingInterval: Math.min(Math.ceil(requestTimeoutMs / 4), 30_000),
    },
  });
  http.setErrorHandler(createErrorHandler({ bodyBytes, reportUnexpected }));
  http.addHook('onRequest', (_, reply, done) => {
    void reply.header(...NOSNIFF);
    done();
  });
  const parseText = http.getDefaultJsonParser('error', 'error') as ParseText;
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, createBodyParser(parseText));
  let isDraining = false;
  http.get('/health/live', () => ({ status: 'live' }));
  http.get('/health/ready', (_, reply) => {
    const status = isDraining ? 'draining' : isReady?.() === false ? 'starting' : 'ready';
    void reply.code(status === 'ready' ? 200 : 503);
    return { status, ...describe?.() };
  });
  const waitUntilIdle = trackRequests(http);
  return {
    http,
    startDraining() {
      isDraining = true;
    },
    async close(graceMs) {
      isDraining = true;
      const closed = http.close();
      await waitUntilIdle(graceMs);
      // Connections that were opened and never used do not count as idle, and would delay the close.
      http.server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers an invalid path, such as one with an invalid escape. Runs before all hooks. */
function answerBadTarget(reply: FastifyReply): void {
  const answer = toAnswer('BAD_REQUEST', 'The request target is not a valid path. Check its percent-encoding.');
  void reply
    .code(400)
    .header(...NOSNIFF)
    .type('application/json; charset=utf-8')
    .send(answer);
}

/** Answers invalid HTTP in the form of all other errors, and closes the connection. */
function answerInvalidHttp(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, code, message] = describeHttpError(error.code);
  const body = JSON.stringify(toAnswer(code, message));
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
        `cache-control: no-store\r\n${NOSNIFF.join(': ')}\r\nconnection: close\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}

function describeHttpError(code: string | undefined): readonly [status: number, code: string, message: string] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'REQUEST_TIMEOUT', 'The request did not arrive in time. Send it again.'];
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'HEADERS_TOO_LARGE', 'The headers of the request are too large. Send fewer or shorter ones.'];
    default:
      return [400, 'BAD_REQUEST', 'The request is not valid HTTP. Check its request line and headers.'];
  }
}

/** Counts requests in flight. Returns a function that waits until there are none, at most `graceMs`. */
function trackRequests(http: FastifyInstance): (graceMs: number) => Promise<void> {
  let inFlight = 0;
  let onIdle = (): void => undefined;
  http.addHook('onRequest', (_, reply, done) => {
    inFlight += 1;
    reply.raw.on('close', () => {
      inFlight -= 1;
      if (inFlight === 0) onIdle();
    });
    done();
  });
  return (graceMs) =>
    new Promise((resolve) => {
      if (inFlight === 0) {
        resolve();
        return;
      }
      const timer = setTimeout(resolve, graceMs);
      onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
}
