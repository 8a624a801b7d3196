/**
 * The door: HTTP with its limits in time and size, health, and a drain that loses nobody. What is behind the door is for
 * others to say; `../server.ts` puts it there.
 */
import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { createErrorHandler, toAnswer } from '../graphql/error-codes.ts';
import { createBodyParser, type ParseText } from './body-text.ts';

export interface HttpServerOptions {
  /** Most bytes of a request's body. */
  readonly bodyBytes: number;
  /** Milliseconds within which a request must have arrived. */
  readonly requestTimeoutMs: number;
  /** Told of errors that are defects of ours. */
  reportUnexpected(defect: unknown): void;
  /** Added to the body of `/health/ready`, whose status it does not change. Defaults to nothing. */
  describe?(): object;
}

export interface HttpServer {
  readonly http: FastifyInstance;
  /** Says no at `/health/ready`, and goes on as before: what stands in front needs a while to notice. */
  startDraining(): void;
  /** Accepts no more, and waits for the requests under way as long as the grace allows. */
  close(graceMs: number): Promise<void>;
}

/** Keeps browsers from taking JSON that holds somebody's text for a page. */
const NOSNIFF = ['x-content-type-options', 'nosniff'] as const;

export function createHttpServer({
  bodyBytes,
  requestTimeoutMs,
  reportUnexpected: report,
  describe,
}: HttpServerOptions): HttpServer {
  const http = fastify({
    bodyLimit: bodyBytes,
    // Nor who does not take its answer. A request under way is silent too, for as long as it may take.
    connectionTimeout: 2 * requestTimeoutMs,
    // Who sends a byte a minute must not hold a connection for ever.
    requestTimeout: requestTimeoutMs,
    // What still arrives on a connection that is open is answered, and told to be the last one there.
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (_, __, reply) => answerBadTarget(reply as unknown as FastifyReply),
    http: {
      // A missing Host header is rejected by the host check, with a code.
      requireHostHeader: false,
      headersTimeout: Math.min(requestTimeoutMs, 60_000),
      // Often enough that who is late is told so with 408 before the silence above ends the connection without a word.
      connectionsCheckingInterval: Math.min(Math.ceil(requestTimeoutMs / 4), 30_000),
    },
  });
  http.setErrorHandler(createErrorHandler({ bodyBytes, report }));
  http.addHook('onRequest', (_, reply, done) => {
    void reply.header(...NOSNIFF);
    done();
  });
  const parseText = http.getDefaultJsonParser('error', 'error') as ParseText;
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, createBodyParser(parseText));
  let isDraining = false;
  http.get('/health/live', () => ({ status: 'live' }));
  http.get('/health/ready', (_, reply) => {
    void reply.code(isDraining ? 503 : 200);
    return { status: isDraining ? 'draining' : 'ready', ...describe?.() };
  });
  const untilIdle = countRequests(http);
  return {
    http,
    startDraining() {
      isDraining = true;
    },
    async close(graceMs) {
      isDraining = true;
      const closed = http.close();
      await untilIdle(graceMs);
      // Connections that were opened and never used do not count as idle, and would be waited for.
      http.server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers a path that cannot be read, such as one with an invalid escape. No hook has run. */
function answerBadTarget(reply: FastifyReply): void {
  const answer = toAnswer('BAD_REQUEST', 'The request target is not a valid path. Check its percent-encoding.');
  void reply
    .code(400)
    .header(...NOSNIFF)
    .type('application/json; charset=utf-8')
    .send(answer);
}

/** Answers what Node could not read as HTTP, in the form of all other errors, and ends the connection. */
function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const [status, code, message] = explainUnreadable(error.code);
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

function explainUnreadable(code: string | undefined): readonly [status: number, code: string, message: string] {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'REQUEST_TIMEOUT', 'The request did not arrive in time. Send it again.'];
    case 'HPE_HEADER_OVERFLOW':
      return [431, 'HEADERS_TOO_LARGE', 'The headers of the request are too large. Send fewer or shorter ones.'];
    default:
      return [400, 'BAD_REQUEST', 'The request is not valid HTTP. Check its request line and headers.'];
  }
}

/** Counts requests under way. The function given back waits until there are none, or the time is up. */
function countRequests(http: FastifyInstance): (graceMs: number) => Promise<void> {
  let underWay = 0;
  let tellIdle = (): void => undefined;
  http.addHook('onRequest', (_, reply, done) => {
    underWay += 1;
    reply.raw.on('close', () => {
      underWay -= 1;
      if (underWay === 0) tellIdle();
    });
    done();
  });
  return (graceMs) =>
    new Promise((resolve) => {
      if (underWay === 0) {
        resolve();
        return;
      }
      const timer = setTimeout(resolve, graceMs);
      tellIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
}
