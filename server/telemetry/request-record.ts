/** What is gathered of one incoming request until its end: its line in the log, its counts and its span are made of it. */
import { randomUUID } from 'node:crypto';
import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { RequestScope, UpstreamCallResult, Observer } from '../../datasources/index.ts';

/** An id of a client's that is short and can do no harm in a log. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** Names of operations are the clients' to choose, up to the size of a document. */
const MAX_NAME_LENGTH = 100;

export type OperationResult =
  | 'ok'
  /** Executed, and some of the answer is an error. */
  | 'errors'
  /** Not executed: not signed in, not well-formed, beyond a limit. */
  | 'refused'
  /** An error of ours. */
  | 'defect'
  /** Its caller went away before the answer. */
  | 'abandoned';

/** Also the `scope` of its calls: what happens below the resolvers finds its request by that. */
export class RequestRecord {
  readonly id: string;
  readonly method: string;
  readonly startedAt = performance.now();
  /** Where the request is traced. */
  traceId: string | undefined;
  callerId: string | null = null;
  operationName: string | null = null;
  operationType: string | null = null;
  /** Calls by vendor. */
  readonly calls = new Map<string, number>();
  sharedReads = 0;
  /** Tickets by what became of a write. */
  readonly outcomes = new Map<string, number>();
  /** Codes of the answer's errors. */
  readonly codes = new Set<string>();
  hasVendorFailed = false;
  /** Vendors that failed, each with its last cause: a code, a status, or how the exchange ended. */
  failed: Map<string, string> | undefined;
  hasInternalError = false;
  /** Set at its end: the status it was answered with, or null where its caller had gone. */
  status: number | null = null;
  durationMs: number | undefined;

  /** @param requestId what the client calls it; one of ours where it is none or unfit */
  constructor(method: string, requestId?: unknown) {
    this.method = method;
    this.id = typeof requestId === 'string' && REQUEST_ID.test(requestId) ? requestId : randomUUID();
  }

  /** What GraphQL is asked for. */
  recordOperation(type: string, name: string | null | undefined): void {
    this.operationType = type;
    this.operationName = name?.slice(0, MAX_NAME_LENGTH) ?? null;
  }

  recordFailure(vendor: string, cause: string): void {
    this.hasVendorFailed = true;
    (this.failed ??= new Map()).set(vendor, cause);
  }

  /** What is wrong with the answer. */
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
    if (this.hasInternalError) return 'defect';
    if (this.status === null) return 'abandoned';
    if (this.status >= 400 || this.operationType === null) return 'refused';
    return this.codes.size > 0 ? 'errors' : 'ok';
  }
}

/** The request that a call belongs to; undefined for one that belongs to none, such as a sign-in that several wait for. */
export function recordOf({ requestKey: scope }: RequestScope): RequestRecord | undefined {
  return scope instanceof RequestRecord ? scope : undefined;
}

/** Ends of an exchange that are the vendor's fault, or keep us from asking it. */
export const FAILURES: ReadonlySet<UpstreamCallResult['result']> = new Set([
  'failed',
  'timeout',
  'broken',
  'held-back',
  'paused',
]);

/** Adds to its record what each request does upstream. */
export const gathering: Observer = {
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

/** What a request's context has to carry. */
export interface Recorded {
  readonly record: RequestRecord;
}

/** Adds to its record what GraphQL makes of each request. `own` is told whose an error is. */
export function createRecorder(own: (error: object, record: RequestRecord) => void): ApolloServerPlugin<Recorded> {
  return {
    async requestDidStart({ contextValue: { record } }) {
      return {
        async didResolveOperation({ operation, operationName }) {
          if (operation) record.recordOperation(operation.operation, operationName);
        },
        async didEncounterErrors({ errors }) {
          for (const error of errors) own(error, record);
        },
        async willSendResponse({ response: { body } }) {
          if (body.kind === 'single') record.recordErrors(body.singleResult.errors ?? []);
        },
      };
    },
  };
}
