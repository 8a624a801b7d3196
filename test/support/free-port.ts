/** Ports that stay free until a test uses them. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that Linux (32768 and up), macOS and Windows give to `listen(0)` and to outgoing connections: one of
 * those would be taken by another test before it is used.
 */
const [LOWEST, HIGHEST] = [16_000, 32_000];

/** Returns a port of 127.0.0.1 on which nothing listens. */
export async function findFreePort(): Promise<number> {
  const port = randomInt(LOWEST, HIGHEST);
  return (await isFree(port)) ? port : findFreePort();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
