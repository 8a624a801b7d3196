/** A TCP proxy on loopback that cuts the connections of its clients. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface CuttableProxy {
  /** The target's URL through the proxy. */
  readonly url: string;
  /** Connections so far. */
  readonly accepted: number;
  /** Destroys all connections and each new one, until `restore`. */
  cut(): void;
  restore(): void;
  /** Connects new connections to another server, as if that had taken the place of the first. */
  retarget(target: string): void;
}

/** Closed after the test. @param target URL of an HTTP server. */
export async function startCuttableProxy(target: string): Promise<CuttableProxy> {
  let port = Number(new URL(target).port);
  const sockets = new Set<Socket>();
  let isCut = false;
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    socket.on('error', () => undefined);
    if (isCut) return void socket.destroy();
    const onward = connect(port, '127.0.0.1');
    onward.on('error', () => socket.destroy());
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      onward.destroy();
    });
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${new URL(target).pathname}`,
    get accepted() {
      return accepted;
    },
    cut,
    restore: () => void (isCut = false),
    retarget: (other) => void (port = Number(new URL(other).port)),
  };
}
