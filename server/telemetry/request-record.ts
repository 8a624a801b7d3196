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

/** Numbers of a few keys, in the order in which these occur. Most requests have one, for which a `Map` is too much. */
export class Counts {
  readonly keys: string[];
  readonly values: number[];

  constructor(key: string) {
    this.keys = [key];
    this.values = [1];
  }

  add(key: string): void {
    const index = this.keys.indexOf(key);
    if (index >= 0) {
      this.values[index]! += 1;
    } else {
      this.keys.push(key);
      this.values.push(1);
    }
  }
}

/** Also the `requestKey` of the request's scope, by which events of the datasources find it. */
export class RequestRecord {
  readonly id: string;
  readonly method: string;
  readonly startedAt = performance.now();
  /** `undefined` if requests are not traced. */
  traceId: string | undefined;
  callerId: string | null = null;
  /** How the caller has authenticated, e.g. `token`; `none` until then. */
  callerClass = 'none';
  operationName: string | null = null;
  operationType: string | null = null;
  /** Calls by source. */
  calls: Counts | undefined;
  sharedReads = 0;
  /** Tickets by outcome of a write. */
  outcomes: Counts | undefined;
  /** Codes of the response's errors. */
  codes: Set<string> | undefined;
  hasVendorFailed = false;
  /** Sources that failed, each with its last cause: an error code, a status or a result. */
  failed: Map<string, string> | undefined;
  hasInternalError = false;
  /** Whether the response is a stream of events. */
  isStream = false;
  /** Status of the response; `null` until then, or if the client closed the request. */
  status: number | null = null;
  durationMs: number | undefined;

  /** @param requestId the client's. Defaults to a random UUID, also if it is invalid. */
  constructor(method: string, requestId?: unknown) {
    this.method = method;
    this.id = typeof requestId === 'string' && REQUEST_ID.test(requestId) ? requestId : randomUUID();
  }

  /** Returns the record of one event of a stream: with the same id, and with nothing remembered of other events. */
  forEvent(): RequestRecord {
    const record = new RequestRecord(this.method, this.id);
    record.traceId = this.traceId;
    return record;
  }

  recordOperation(type: string, name: string | null | undefined): void {
    this.operationType = type;
    this.operationName = name?.slice(0, MAX_NAME_LENGTH) ?? null;
  }

  recordFailure(source: string, cause: string): void {
    this.hasVendorFailed = true;
    (this.failed ??= new Map()).set(source, cause);
  }

  recordCode(code: string): void {
    (this.codes ??= new Set()).add(code);
  }

  /** Adds the codes of the response's errors. */
  recordErrors(errors: readonly GraphQLFormattedError[]): void {
    for (const { extensions } of errors) {
      if (typeof extensions?.['code'] === 'string') this.recordCode(extensions['code']);
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
    return this.codes ? 'errors' : 'ok';
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
  onCallEnd({ source, call }, { result, status, cause }) {
    const record = recordOf(call);
    if (!record) return;
    record.calls = count(record.calls, source);
    if (FAILURES.has(result)) record.recordFailure(source, cause ?? String(status ?? result));
  },
  onReadShared({ call }) {
    const record = recordOf(call);
    if (record) record.sharedReads += 1;
  },
  onWriteEnd({ outcome, source, call }) {
    const record = recordOf(call);
    if (!record) return;
    record.outcomes = count(record.outcomes, outcome);
    if (outcome !== 'UNKNOWN') return;
    record.hasVendorFailed = true;
    if (source !== null && !record.failed?.has(source)) record.recordFailure(source, 'unknown outcome');
  },
};

function count(counts: Counts | undefined, key: string): Counts {
  if (!counts) return new Counts(key);
  counts.add(key);
  return counts;
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
