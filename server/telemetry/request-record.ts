/** What telemetry records of one incoming request. Its log line, metrics and span are made from it. */
import { randomUUID } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { RequestScope, UpstreamCallResult, Observer } from '../../datasources/index.ts';

/** Request ids of clients that are short and safe to log. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Clients choose operation names, up to the size of a document. */
const MAX_NAME_LENGTH = 100;

export type OperationResult =
  | 'ok'
  /** Executed; the response has errors. */
  | 'errors'
  /** Not executed: unauthenticated, malformed or over a limit. */
  | 'rejected'
  /** An unexpected error. */
  | 'internal_error'
  /** The client closed the request before the response. */
  | 'canceled';

/** Also the `requestKey` of the request's scope, by which events of the datasources find it. */
export class RequestRecord {
  readonly id: string;
  readonly method: string;
  readonly startedAt = performance.now();
  /** `undefined` if requests are not traced. */
  traceId: string | undefined;
  callerId: string | null = null;
  operationName: string | null = null;
  operationType: string | null = null;
  /** Number of calls by vendor. */
  readonly calls = new Map<string, number>();
  sharedReads = 0;
  /** Number of tickets by outcome of a write. */
  readonly outcomes = new Map<string, number>();
  /** Codes of the response's errors. */
  readonly codes = new Set<string>();
  hasVendorFailed = false;
  /** Vendors that failed, each with its last cause: an error code, a status or a result. */
  failed: Map<string, string> | undefined;
  hasInternalError = false;
  /** Status of the response; `null` until then, or if the client closed the request. */
  status: number | null = null;
  durationMs: number | undefined;

  /** @param requestId the client's. Defaults to a random UUID, also if it is invalid. */
  constructor(method: string, requestId?: unknown) {
    this.method = method;
    this.id = typeof requestId === 'string' && REQUEST_ID.test(requestId) ? requestId : randomUUID();
  }

  recordOperation(type: string, name: string | null | undefined): void {
    this.operationType = type;
    this.operationName = name?.slice(0, MAX_NAME_LENGTH) ?? null;
  }

  recordFailure(vendor: string, cause: string): void {
    this.hasVendorFailed = true;
    (this.failed ??= new Map()).set(vendor, cause);
  }

  /** Adds the codes of the response's errors. */
  recordErrors(errors: readonly GraphQLFormattedError[]): void {
    for (const { extensions } of errors) {
      if (typeof extensions?.['code'] === 'string') this.codes.add(extensions['code']);
    }
  }

  end(status: number | null): void {
    this.status = status;
    this.durationMs = performance.now() - this.startedAt;
    if (status === 500) this.hasInternalError = true;
  }

  get isOver(): boolean {
    return this.durationMs !== undefined;
  }

  get result(): OperationResult {
    if (this.hasInternalError) return 'internal_error';
    if (this.status === null) return 'canceled';
    if (this.status >= 400 || this.operationType === null) return 'rejected';
    return this.codes.size > 0 ? 'errors' : 'ok';
  }
}

/** Returns the request of a call, or `undefined` if there is none, as for a sign-in shared by several requests. */
export function recordOf({ requestKey }: RequestScope): RequestRecord | undefined {
  return requestKey instanceof RequestRecord ? requestKey : undefined;
}

/** Results of calls that are the vendor's fault, or that keep calls from being sent. */
export const FAILURES: ReadonlySet<UpstreamCallResult['result']> = new Set([
  'server_error',
  'timeout',
  'network_error',
  'rejected_locally',
  'paused',
]);

/** Records the upstream calls, shared reads and writes of each request. */
export const recordEvents: Observer = {
  onCallEnd({ vendor, call }, { result, status, cause }) {
    const record = recordOf(call);
    if (!record) return;
    count(record.calls, vendor);
    if (FAILURES.has(result)) record.recordFailure(vendor, cause ?? String(status ?? result));
  },
  onReadShared({ call }) {
    const record = recordOf(call);
    if (record) record.sharedReads += 1;
  },
  onWriteEnd({ outcome, vendor, call }) {
    const record = recordOf(call);
    if (!record) return;
    count(record.outcomes, outcome);
    if (outcome !== 'UNKNOWN') return;
    record.hasVendorFailed = true;
    if (vendor !== null && !record.failed?.has(vendor)) record.recordFailure(vendor, 'unknown outcome');
  },
};

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Part of the context value of Apollo Server. */
export interface Recorded {
  readonly record: RequestRecord;
}

/** Records the operation and the errors of each request. `linkError` is called for each error. */
export function createRecorder(
  linkError: (error: object, record: RequestRecord) => void,
): ApolloServerPlugin<Recorded> {
  return {
    async requestDidStart({ contextValue: { record } }) {
      return {
        async didResolveOperation({ operation, operationName }) {
          if (operation) record.recordOperation(operation.operation, operationName);
        },
        async didEncounterErrors({ errors }) {
          for (const error of errors) linkError(error, record);
        },
        async willSendResponse({ response: { body } }) {
          if (body.kind === 'single') record.recordErrors(body.singleResult.errors ?? []);
        },
      };
    },
  };
}
