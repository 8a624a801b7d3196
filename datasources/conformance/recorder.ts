/** A connection that sends reads and sign-ins only, as in production, and records the answers. */
import type {
  FailureDetails,
  RequestScope,
  Upstream,
  UpstreamAnswer,
  UpstreamOptions,
  UpstreamRequest,
} from '../contract.ts';
import { createUpstreamClient, type UpstreamClient, type UpstreamLimits } from '../upstream/upstream-client.ts';
import { Failure } from '../vendor-kit/failure.ts';
import { mediaType, toOperation } from '../vendor-kit/request.ts';

/** One read, with all its attempts. */
export interface RecordedRead {
  /** E.g. `GET /api/v2/ticket/:id`. */
  readonly operation: string;
  /** The last answer; `undefined` if there was none. */
  readonly answer: UpstreamAnswer | undefined;
  /** Of the answer, without parameters; null if it has none. */
  readonly mediaType: string | null;
  readonly durationMs: number;
}

/** Records the reads of one vendor. Sign-ins are sent, but not recorded. */
export class ReadRecorder {
  readonly reads: RecordedRead[] = [];
  readonly #limits: UpstreamLimits;
  readonly #clients: UpstreamClient[] = [];

  constructor(limits: UpstreamLimits) {
    this.#limits = limits;
  }

  connect(options: UpstreamOptions): Upstream {
    let lastRejection: UpstreamAnswer | undefined;
    const toFailure = (answer: UpstreamAnswer): FailureDetails => {
      lastRejection = answer;
      return options.toFailure(answer);
    };
    const client = createUpstreamClient({ ...options, toFailure }, this.#limits);
    this.#clients.push(client);
    // Without a sign-in of its own, the connection is the sign-in.
    if (!options.signIn) return client;
    return {
      read: async (request, call) => {
        if (request.method !== 'GET') throw notARead(request);
        lastRejection = undefined;
        const startedAt = performance.now();
        let answer: UpstreamAnswer | undefined;
        try {
          return (answer = await client.read(request, call));
        } finally {
          this.#record(request, answer ?? lastRejection, performance.now() - startedAt);
        }
      },
    };
  }

  #record(request: UpstreamRequest, answer: UpstreamAnswer | undefined, durationMs: number): void {
    const type = answer === undefined ? '' : mediaType(answer);
    this.reads.push({ operation: toOperation(request), answer, mediaType: type === '' ? null : type, durationMs });
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}

function notARead({ method }: UpstreamRequest): Failure {
  const message = `A read by ${method} was not sent: a check sends only GET. Report this as a bug of the vendor's client.ts.`;
  return new Failure({ kind: 'unsupported', message });
}

/** @param timeoutMs the deadline of all calls of one step */
export function createScope(timeoutMs: number): RequestScope {
  return { signal: AbortSignal.timeout(timeoutMs), deadlineAt: performance.now() + timeoutMs, requestKey: {} };
}
