/** What one incoming request carries: its sources and loaders, its caller, its deadline and its abort signal. */
import { createHash } from 'node:crypto';
import type { ResolverContext } from '../resolvers/context.ts';
import { Budget, Stop, forRequest, type Caller, type Sources } from '../datasources/index.ts';
import { ANONYMOUS } from './auth/caller.ts';
import type { RequestRecord, Telemetry } from './telemetry/index.ts';

/** The context value of Apollo Server: what resolvers see, and what telemetry gathers of the request. */
export interface GraphContext extends ResolverContext {
  readonly record: RequestRecord;
}

export interface RequestOptions {
  /** Headers of the incoming request, names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Milliseconds that the whole request may take. */
  readonly timeoutMs: number;
  /** Most calls to vendors. */
  readonly upstreamCalls: number;
  /** Who asks; what belongs to one caller never reaches another. */
  readonly caller: Caller;
  readonly telemetry: Telemetry;
  readonly record: RequestRecord;
}

export interface OpenRequestContext {
  readonly context: GraphContext;
  /** The caller has gone, or has been answered: reads stop, and nothing new is begun. */
  dispose(): void;
}

export function openRequestContext(sources: Sources, options: RequestOptions): OpenRequestContext {
  const { timeoutMs, upstreamCalls, headers, telemetry: watch, record } = options;
  const stop = new Stop();
  const deadlineAt = performance.now() + timeoutMs;
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  timer.unref();
  const forwarded = pickCredentialHeaders(headers, sources.forwards);
  const caller = withCredentialHash(options.caller, forwarded);
  record.callerId = caller.id;
  // Callers that do not sign in count as one caller, which shares with no other.
  const call = {
    signal: stop,
    deadlineAt,
    requestKey: record,
    callerCredentials: forwarded,
    preferences: pickCredentialHeaders(headers, sources.prefers),
    caller: caller === ANONYMOUS ? undefined : caller.id,
    budget: new Budget(upstreamCalls),
  };
  const own = forRequest(sources, call, caller);
  return {
    context: { sources: watch.traceSources(record, own, (key) => sources.vendors.has(key)), record },
    dispose() {
      clearTimeout(timer);
      stop.abort();
    },
  };
}

const NONE: ReadonlyMap<string, string> = new Map();

/** The headers that a vendor's settings name; no other ever travels on. */
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

/** Callers who are not signed in here, and sign in at a vendor with credentials of their own, are not the same caller. */
function withCredentialHash(caller: Caller, forwarded: ReadonlyMap<string, string>): Caller {
  if (caller !== ANONYMOUS || forwarded.size === 0) return caller;
  const digest = createHash('sha256')
    .update(JSON.stringify([...forwarded]))
    .digest('base64url');
  return { ...caller, id: `${caller.id}:${digest}` };
}
