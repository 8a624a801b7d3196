/** HTTP server: timeouts, body limit, health endpoints, graceful shutdown. Routes are registered by the caller. */
import type { RequestListener, Server as NodeServer, ServerOptions, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { createBodyParser, type ParseText } from './body-text.ts';
import type { DirectRoute } from './direct-route.ts';
import { createErrorHandler } from './error-handler.ts';
import { NOSNIFF } from './headers.ts';
import { registerHealth } from './monitoring.ts';
import { toAnswer } from './rejection.ts';

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
  /** From now on, the route gets each request first, and Fastify those that it hands over. */
  setDirectRoute(route: DirectRoute): void;
  /** A response that is a stream of events from now on is no request in flight. */
  releaseStream(response: ServerResponse): void;
  /** Makes `/health/ready` answer 503. Requests are still served, as load balancers take a while to notice. */
  startDraining(): void;
  /** Stops accepting connections, and waits up to `graceMs` for requests in flight. */
  close(graceMs: number): Promise<void>;
}

/** Milliseconds after which an idle connection is closed: longer than load balancers keep theirs, 60 s as a rule. */
const KEEP_ALIVE_MS = 72_000;

/** Not imported: as an ES module, node:http loads Node's own fetch as well (docs/performance.md#lazy-imports). */
const { createServer } = process.getBuiltinModule('node:http');

/**
 * No route has a JSON schema. Without these, Fastify loads its schema compilers at startup, 240 modules
 * (docs/performance.md#schema-compilers).
 */
const NO_COMPILERS = { buildValidator: rejectSchema, buildSerializer: rejectSchema };

function rejectSchema(): never {
  throw new TypeError('Routes cannot have a JSON schema: its compilers are not loaded. Remove NO_COMPILERS first.');
}

export function createHttpServer({
  bodyBytes,
  requestTimeoutMs,
  reportUnexpected,
  isReady = () => true,
  describe = () => ({}),
}: HttpServerOptions): HttpServer {
  const requests = new RequestsInFlight();
  let directRoute: DirectRoute | undefined;
  let isClosing = false;
  const http = fastify({
    schemaController: { compilersFactory: NO_COMPILERS },
    bodyLimit: bodyBytes,
    // Requests on open connections are still answered, with `Connection: close`.
    return503OnClosing: false,
    clientErrorHandler: answerInvalidHttp,
    frameworkErrors: (_, __, reply) => answerBadTarget(reply as unknown as FastifyReply),
    serverFactory: (fastifyListener) =>
      createNodeServer(requestTimeoutMs, (request, response) => {
        requests.add(response);
        // Fastify tells clients to close the connection.
        if (directRoute && !isClosing) directRoute(request, response, fastifyListener);
        else fastifyListener(request, response);
      }),
  });
  http.setErrorHandler(createErrorHandler({ bodyBytes, reportUnexpected }));
  http.addHook('onRequest', (_, reply, done) => {
    void reply.header(...NOSNIFF);
    done();
  });
  const parseText = http.getDefaultJsonParser('error', 'error') as ParseText;
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, createBodyParser(parseText));
  let isDraining = false;
  registerHealth(http, { isReady, isDraining: () => isDraining, describe });
  return {
    http,
    setDirectRoute(route) {
      directRoute = route;
    },
    releaseStream: (response) => requests.release(response),
    startDraining() {
      isDraining = true;
    },
    async close(graceMs) {
      isDraining = true;
      isClosing = true;
      const closed = http.close();
      await requests.waitUntilNone(graceMs);
      // Connections that were opened and never used do not count as idle, and would delay the close.
      http.server.closeAllConnections();
      await closed;
    },
  };
}

function createNodeServer(requestTimeoutMs: number, listener: RequestListener): NodeServer {
  const options: ServerOptions = {
    // Slow clients must not hold connections.
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(requestTimeoutMs, 60_000),
    // A missing Host header is rejected by the host check, with a code.
    requireHostHeader: false,
    // Frequent enough to answer 408 before the timeout of the connection closes it.
    connectionsCheckingInterval: Math.min(Math.ceil(requestTimeoutMs / 4), 30_000),
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const server = createServer(options, listener);
  // Also closes sockets of clients that stop reading. Doubled because a pending request is idle too.
  server.setTimeout(2 * requestTimeoutMs);
  return server;
}

/** Answers an invalid path, such as one with an invalid escape. Runs before all hooks. */
function answerBadTarget(reply: FastifyReply): void {
  const message = 'The request target is not a valid path. Check its percent-encoding.';
  const answer = toAnswer({ code: 'BAD_REQUEST', message });
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
  const body = JSON.stringify(toAnswer({ code, message }));
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\n` +
        `cache-control: no-store\r\n${NOSNIFF.join(': ')}\r\nconnection: close\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}

function describeHttpError(code: string | undefined): readonly [status: string, code: string, message: string] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['408 Request Timeout', 'REQUEST_TIMEOUT', 'The request did not arrive in time. Send it again.'];
    case 'HPE_HEADER_OVERFLOW':
      return [
        '431 Request Header Fields Too Large',
        'HEADERS_TOO_LARGE',
        'The headers of the request are too large. Send fewer or shorter ones.',
      ];
    default:
      return ['400 Bad Request', 'BAD_REQUEST', 'The request is not valid HTTP. Check its request line and headers.'];
  }
}

class RequestsInFlight {
  #count = 0;
  #onNone = (): void => undefined;
  readonly #remove = (): void => {
    this.#count -= 1;
    if (this.#count === 0) this.#onNone();
  };

  add(response: ServerResponse): void {
    this.#count += 1;
    response.on('close', this.#remove);
  }

  release(response: ServerResponse): void {
    response.off('close', this.#remove);
    this.#remove();
  }

  /** Resolves when there are none, at the latest after `graceMs`. */
  waitUntilNone(graceMs: number): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onNone = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
