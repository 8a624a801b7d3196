/** A recording proxy on loopback, and a TLS terminator for plain servers. */
import { createServer, request as httpRequest } from 'node:http';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Certified } from './certificate.ts';

export interface Proxy {
  readonly port: number;
  /** `CONNECT host:port`, or `GET http://host/path`, in order of arrival. */
  readonly lines: string[];
  /** Proxy credentials of each request. */
  readonly credentials: (string | undefined)[];
  /** Responds to everything with this status and forwards nothing; `hang` never responds. */
  rejection: number | 'hang' | undefined;
}

/** Closed after the test. @param hosts loopback ports by `host:port`. */
export async function startProxy(hosts: ReadonlyMap<string, number>): Promise<Proxy> {
  const proxy = { lines: [] as string[], credentials: [] as (string | undefined)[], port: 0, rejection: undefined } as {
    -readonly [Name in keyof Proxy]: Proxy[Name];
  };
  const sockets = new Set<Socket>();
  const note = (line: string, credentials: string | undefined): void => {
    proxy.lines.push(line);
    proxy.credentials.push(credentials);
  };
  const server = createServer((request, response) => {
    note(`${request.method} ${request.url}`, request.headers['proxy-authorization']);
    if (proxy.rejection === 'hang') return;
    const { hostname, port, pathname, search } = new URL(request.url!);
    const target = hosts.get(`${hostname}:${port || 80}`);
    if (proxy.rejection !== undefined || target === undefined) {
      response.writeHead(proxy.rejection ?? 502).end();
      return;
    }
    const { method, headers } = request;
    const onward = httpRequest(
      { host: '127.0.0.1', port: target, method, path: pathname + search, headers },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('connect', ({ url, headers }, socket: Socket) => {
    note(`CONNECT ${url}`, headers['proxy-authorization']);
    if (proxy.rejection === 'hang') return;
    const target = hosts.get(url!);
    if (proxy.rejection !== undefined || target === undefined) {
      socket.end(`HTTP/1.1 ${proxy.rejection ?? 502} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    sockets.add(onward);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  proxy.port = await listen(server, sockets);
  return proxy;
}

/** Requires a client certificate. */
export interface ClientCheck {
  /** Certificate of the authority of client certificates. */
  readonly ca: string;
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** Common names of the clients of all connections, in order of arrival. */
  readonly clients: string[];
}

/** Closed after the test. @returns the TLS port in front of the server at `url`. */
export function startTls({ cert, key }: Certified, url: string, check?: ClientCheck): Promise<number> {
  const sockets = new Set<Socket>();
  const { ca, maxVersion = 'TLSv1.3' } = check ?? {};
  const requiring = { ca, maxVersion, requestCert: true, rejectUnauthorized: true };
  const server = createTlsServer({ cert, key, ...(check && requiring) }, (socket) => {
    check?.clients.push(String(socket.getPeerCertificate().subject.CN));
    const onward = connect(Number(new URL(url).port), '127.0.0.1');
    for (const one of [socket, onward]) {
      sockets.add(one);
      one.on('error', () => undefined);
    }
    socket.pipe(onward).pipe(socket);
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
  });
  server.on('tlsClientError', () => undefined);
  return listen(server, sockets);
}

async function listen(server: Server, sockets: ReadonlySet<Socket>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
