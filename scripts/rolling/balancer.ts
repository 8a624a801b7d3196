/**
 * A round-robin load balancer for replicas that report that they are ready. Keeps connections alive, and never sends a
 * request twice.
 */
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Balancer {
  /** URL of `/graphql`. */
  readonly url: string;
  /** Requests that failed. */
  readonly lost: number;
  add(replicaUrl: string): void;
  close(): Promise<void>;
}

interface Backend {
  readonly origin: URL;
  isReady: boolean;
}

const HEALTH_CHECK_INTERVAL_MS = 200;

export async function startBalancer(): Promise<Balancer> {
  const backends = new Map<string, Backend>();
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  let lost = 0;

  const checkHealth = async (backend: Backend): Promise<void> => {
    try {
      backend.isReady = (await fetch(new URL('/health/ready', backend.origin))).ok;
    } catch {
      backends.delete(backend.origin.href);
    }
  };
  const healthChecks = setInterval(
    () => backends.forEach((backend) => void checkHealth(backend)),
    HEALTH_CHECK_INTERVAL_MS,
  );

  const fail = (outgoing: ServerResponse): void => {
    lost += 1;
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end();
  };

  const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const ready = [...backends.values()].filter(({ isReady }) => isReady);
    const backend = ready[(turn += 1) % ready.length];
    if (!backend) {
      fail(outgoing);
      return;
    }
    const target = new URL(incoming.url ?? '/', backend.origin);
    const sent = request(target, { agent, method: incoming.method, headers: incoming.headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    sent.once('error', () => fail(outgoing));
    incoming.pipe(sent);
  };

  const server = createServer(forward);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    get lost() {
      return lost;
    },
    add(replicaUrl) {
      const origin = new URL('/', replicaUrl);
      backends.set(origin.href, { origin, isReady: true });
    },
    async close() {
      clearInterval(healthChecks);
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
