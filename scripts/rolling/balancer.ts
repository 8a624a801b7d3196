/**
 * One port in front of several replicas, as a load balancer of a platform is: it sends each request to the next replica
 * that says it is ready, keeps connections open, and never sends a request twice. What it loses is lost.
 */
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Balancer {
  /** Of `/graphql`. */
  readonly url: string;
  /** Requests that it could not bring to an end. */
  readonly lost: number;
  add(replicaUrl: string): void;
  close(): Promise<void>;
}

interface Backend {
  readonly origin: URL;
  isReady: boolean;
}

const LOOK_EVERY_MS = 200;

export async function startBalancer(): Promise<Balancer> {
  const backends = new Map<string, Backend>();
  const agent = new Agent({ keepAlive: true });
  let turn = 0;
  let lost = 0;

  const look = async (backend: Backend): Promise<void> => {
    try {
      backend.isReady = (await fetch(new URL('/health/ready', backend.origin))).ok;
    } catch {
      backends.delete(backend.origin.href);
    }
  };
  const looking = setInterval(() => backends.forEach((backend) => void look(backend)), LOOK_EVERY_MS);

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
    const sent = request(target, { agent, method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
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
      clearInterval(looking);
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
