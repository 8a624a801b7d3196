/** All open streams of this process: how many there may be, and how they are ended together. */
import type { Rejection } from '../rejection.ts';

/** Why the server ends a stream. */
export interface StreamEnd {
  readonly code: 'UNAUTHENTICATED' | 'STREAM_ENDED' | 'STREAM_TOO_SLOW';
  readonly message: string;
  /** Whether the client may open the same stream again at once. */
  readonly retryable: boolean;
}

export interface OpenStream {
  end(reason: StreamEnd): void;
}

export interface StreamLimits {
  /** Maximum number of open streams. */
  readonly total: number;
  /** The same for each caller. */
  readonly perCaller: number;
}

export interface StreamRegistry {
  /** Returns why there may be no further stream, or `undefined`. */
  findRejection(callerId: string): Rejection | undefined;
  /** @returns a function to be called when the stream has ended. */
  add(callerId: string, stream: OpenStream): () => void;
  readonly size: number;
  /** Ends all streams, and rejects further ones. */
  endAll(): void;
}

/** Until a client that was rejected may try again: others have gone then, or a load balancer knows of the shutdown. */
const RETRY_AFTER_SECONDS = 5;

const DRAINING: StreamEnd = {
  code: 'STREAM_ENDED',
  message: 'The server is shutting down. Subscribe again with the last cursor as after.',
  retryable: true,
};

export function createStreamRegistry({ total, perCaller }: StreamLimits): StreamRegistry {
  const streams = new Map<OpenStream, string>();
  const counts = new Map<string, number>();
  let isDraining = false;
  return {
    findRejection(callerId) {
      if (isDraining) return reject(503, 'STREAM_ENDED', DRAINING.message);
      if ((counts.get(callerId) ?? 0) >= perCaller) {
        return reject(429, 'TOO_MANY_STREAMS', `Each caller may have ${perCaller} streams open. Close one first.`);
      }
      if (streams.size < total) return undefined;
      return reject(429, 'TOO_MANY_STREAMS', `There may be ${total} streams open on this server. Try again later.`);
    },
    add(callerId, stream) {
      streams.set(stream, callerId);
      counts.set(callerId, (counts.get(callerId) ?? 0) + 1);
      return () => {
        if (!streams.delete(stream)) return;
        const left = counts.get(callerId)! - 1;
        if (left > 0) counts.set(callerId, left);
        else counts.delete(callerId);
      };
    },
    get size() {
      return streams.size;
    },
    endAll() {
      isDraining = true;
      for (const stream of streams.keys()) stream.end(DRAINING);
    },
  };
}

function reject(status: number, code: string, message: string): Rejection {
  return { status, code, message, retryAfterSeconds: RETRY_AFTER_SECONDS };
}
