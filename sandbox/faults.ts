/**
 * Faults on the vendor's side, as data. A fault is chosen for each request on arrival, so a test can state in one line
 * that the second write times out after it was applied.
 */
import type { ServerResponse } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { ReceivedRequest, CannedResponse } from './simulation.ts';

export type Fault =
  /** The request is read and never answered. `applied`: whether the vendor carries it out. */
  | { readonly kind: 'silent'; readonly applied: boolean }
  /** The response is delayed. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** The connection is reset instead of a response. */
  | { readonly kind: 'reset'; readonly applied: boolean }
  /** Half of the body is sent, then the connection is reset. */
  | { readonly kind: 'truncate' }
  /** The response is replaced by `reply`. `applied`: whether the vendor carries the request out. */
  | { readonly kind: 'answer'; readonly reply: CannedResponse; readonly applied: boolean }
  /** A body of `bytes` bytes, with the documented content type. */
  | { readonly kind: 'flood'; readonly bytes: number }
  /** The real response, one byte every `everyMs`. Spaces if it has no body. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** The real response, or what `then` makes of it, once the promise has settled. Orders events without timers. */
  | { readonly kind: 'hold'; readonly until: Promise<unknown>; readonly then?: Fault }
  /** A small compressed body that decompresses to `bytes` bytes. */
  | { readonly kind: 'bomb'; readonly encoding: 'gzip' | 'br'; readonly bytes: number }
  /** These bytes verbatim instead of a response, then the end of the connection. */
  | { readonly kind: 'raw'; readonly bytes: string; readonly applied: boolean };

/** Returns the fault for a request, or `undefined` for none. */
export type FaultPlan = (arrival: ReceivedRequest) => Fault | undefined;

/** Whether the vendor carries the request out under this fault. */
export function isCarriedOut(fault: Fault | undefined): boolean {
  if (fault?.kind === 'hold') return isCarriedOut(fault.then);
  return fault && 'applied' in fault ? fault.applied : true;
}

/** Sends `reply`, distorted by the fault. */
export async function sendWithFault(
  response: ServerResponse,
  reply: CannedResponse | undefined,
  fault: Fault | undefined,
): Promise<void> {
  switch (fault?.kind) {
    case 'silent':
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'answer':
      send(response, fault.reply);
      return;
    case 'flood':
      flood(response, reply, fault.bytes);
      return;
    case 'truncate':
      truncate(response, reply);
      return;
    case 'drip':
      await drip(response, reply, fault.everyMs);
      return;
    case 'bomb':
      sendBomb(response, reply, fault.encoding, fault.bytes);
      return;
    case 'raw':
      response.socket?.end(fault.bytes, 'latin1');
      return;
    case 'hold':
      await fault.until.catch(() => undefined);
      await sendWithFault(response, reply, fault.then);
      return;
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      send(response, reply);
      return;
    default:
      send(response, reply);
  }
}

function writeHead(response: ServerResponse, reply: CannedResponse, length: number | undefined): void {
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  if (length !== undefined) response.setHeader('content-length', length);
}

function send(response: ServerResponse, reply: CannedResponse | undefined): void {
  if (response.destroyed || !reply) return;
  const hasBody = reply.status !== 204 && reply.status !== 304;
  writeHead(response, reply, hasBody ? Buffer.byteLength(reply.body ?? '') : undefined);
  response.end(hasBody ? (reply.body ?? '') : undefined);
}

function flood(response: ServerResponse, reply: CannedResponse | undefined, bytes: number): void {
  writeHead(response, reply ?? { status: 200 }, undefined);
  const chunk = Buffer.alloc(64 * 1024, 0x20);
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= chunk.length;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}

function sendBomb(
  response: ServerResponse,
  reply: CannedResponse | undefined,
  encoding: 'gzip' | 'br',
  bytes: number,
): void {
  const unfolded = Buffer.alloc(bytes, 0x20);
  const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
  const body = encoding === 'gzip' ? gzipSync(unfolded) : brotliCompressSync(unfolded, quick);
  writeHead(response, reply ?? { status: 200 }, body.length);
  response.setHeader('content-encoding', encoding);
  response.end(body);
}

/** Returns the body, or `fallback` if it is empty. */
function bodyOr(reply: CannedResponse | undefined, fallback: string): string {
  const body = reply?.body ?? '';
  return body === '' ? fallback : body;
}

function truncate(response: ServerResponse, reply: CannedResponse | undefined): void {
  const body = bodyOr(reply, '{"cut":"here');
  writeHead(response, reply ?? { status: 200 }, Buffer.byteLength(body) + 8);
  response.write(body.slice(0, Math.ceil(body.length / 2)), () => response.socket?.resetAndDestroy());
}

async function drip(response: ServerResponse, reply: CannedResponse | undefined, everyMs: number): Promise<void> {
  const body = bodyOr(reply, ' '.repeat(1_000));
  writeHead(response, reply ?? { status: 200 }, Buffer.byteLength(body));
  for (const byte of Buffer.from(body)) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  response.end();
}
