/** The state of one incoming request: sources and loaders, caller, deadline and abort signal. */
import { createHash } from 'node:crypto';
import type { ResolverContext } from '../resolvers/context.ts';
import {
  LightAbortController,
  UpstreamCallBudget,
  forRequest,
  type Caller,
  type RequestScope,
  type Sources,
} from '../datasources/index.ts';
import { ANONYMOUS, classOf } from './auth/caller.ts';
import type { SubscriptionContext } from './graphql/subscriptions.ts';
import type { RequestRecord, Telemetry } from './telemetry/index.ts';

/** The context value of Apollo Server: what resolvers use, and the request's telemetry record. */
export interface GraphContext extends ResolverContext, SubscriptionContext {
  readonly record: RequestRecord;
  /** What the context was opened with. */
  readonly incoming: Pick<RequestOptions, 'caller' | 'headers' | 'record'>;
}

export interface RequestOptions {
  /** Headers of the incoming request, names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Deadline of the whole request in milliseconds. */
  readonly timeoutMs: number;
  /** Maximum number of calls to vendors. */
  readonly upstreamCalls: number;
  readonly caller: Caller;
  readonly telemetry: Telemetry;
  readonly record: RequestRecord;
  /** The id of the last event that the client has received of a stream which it resumes. */
  readonly lastEventId?: string | undefined;
}

export interface OpenRequestContext {
  readonly context: GraphContext;
  /** Called after the response, or when the client disconnects. Aborts reads; no new calls are sent. */
  dispose(): void;
}

export function openRequestContext(sources: Sources, options: RequestOptions): OpenRequestContext {
  const { timeoutMs, upstreamCalls, headers, telemetry, record } = options;
  const abort = new LightAbortController();
  const deadlineAt = performance.now() + timeoutMs;
  const timer = setTimeout(() => abort.abort(), timeoutMs);
  timer.unref();
  const forwarded = pickCredentialHeaders(headers, sources.forwards);
  const caller = withCredentialHash(options.caller, forwarded);
  record.callerId = caller.id;
  record.callerClass = classOf(caller);
  // Anonymous requests have no caller id: they share bulkhead slots as one caller.
  const call: RequestScope = {
    signal: abort,
    deadlineAt,
    requestKey: record,
    callerCredentials: forwarded,
    preferences: pickCredentialHeaders(headers, sources.prefers),
    caller: caller === ANONYMOUS ? undefined : caller.id,
    budget: new UpstreamCallBudget(upstreamCalls),
  };
  const own = forRequest(sources, call, caller);
  return {
    context: {
      sources: telemetry.traceSources(record, own, (key) => sources.known.has(key)),
      record,
      incoming: options,
      lastEventId: options.lastEventId,
    },
    dispose() {
      clearTimeout(timer);
      abort.abort();
    },
  };
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Picks the headers that vendor settings name. No other header is forwarded. */
function pickCredentialHeaders(
  headers: RequestOptions['headers'],
  names: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  if (names.size === 0) return NONE;
  const picked = [...names].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return new Map(picked);
}

/** Gives anonymous callers with different vendor credentials different ids. */
function withCredentialHash(caller: Caller, forwarded: ReadonlyMap<string, string>): Caller {
  if (caller !== ANONYMOUS || forwarded.size === 0) return caller;
  const digest = createHash('sha256')
    .update(JSON.stringify([...forwarded]))
    .digest('base64url');
  return { ...caller, id: `${caller.id}:${digest}` };
}
