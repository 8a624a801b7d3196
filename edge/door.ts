/**
 * The door: HTTP with its limits in time and size, health, and a drain that loses nobody. What is behind the door is for
 * others to say; `../server.ts` puts it there.
 */
import fastify, { type FastifyInstance } from 'fastify';
import { createErrorHandler } from './refusals.ts';

export interface DoorOptions {
  /** Most bytes of a request's body. */
  readonly bodyBytes: number;
  /** Milliseconds within which a request must have arrived. */
  readonly requestTimeoutMs: number;
  /** Told of errors that are defects of ours. */
  report(defect: unknown): void;
  /** Added to the body of `/health/ready`, whose status it does not change. Defaults to nothing. */
  describe?(): object;
}

export interface Door {
  readonly http: FastifyInstance;
  /** Says no at `/health/ready`, and goes on as before: what stands in front needs a while to notice. */
  announceEnd(): void;
  /** Accepts no more, and waits for the requests under way as long as the grace allows. */
  close(graceMs: number): Promise<void>;
}

export function openDoor({ bodyBytes, requestTimeoutMs, report, describe }: DoorOptions): Door {
  const http = fastify({
    bodyLimit: bodyBytes,
    // Nor who does not take its answer. A request under way is silent too, for as long as it may take.
    connectionTimeout: 2 * requestTimeoutMs,
    // Who sends a byte a minute must not hold a connection for ever.
    requestTimeout: requestTimeoutMs,
    // What still arrives on a connection that is open is answered, and told to be the last one there.
    return503OnClosing: false,
    http: {
      headersTimeout: Math.min(requestTimeoutMs, 60_000),
      // Often enough that who is late is told so with 408 before the silence above ends the connection without a word.
      connectionsCheckingInterval: Math.min(Math.ceil(requestTimeoutMs / 4), 30_000),
    },
  });
  http.setErrorHandler(createErrorHandler({ bodyBytes, report }));
  let isDraining = false;
  http.get('/health/live', () => ({ status: 'live' }));
  http.get('/health/ready', (_, reply) => {
    void reply.code(isDraining ? 503 : 200);
    return { status: isDraining ? 'draining' : 'ready', ...describe?.() };
  });
  const untilIdle = countRequests(http);
  return {
    http,
    announceEnd() {
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
