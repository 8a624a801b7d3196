/** What one incoming request carries: its sources and loaders, its caller, its deadline and its abort signal. */
import { forRequest, type Caller, type RequestSources, type Sources } from './datasources/index.ts';

export interface GraphContext {
  readonly sources: RequestSources;
}

export interface RequestOptions {
  /** Milliseconds that the whole request may take. */
  readonly timeoutMs: number;
  /** Who asks; what belongs to one caller never reaches another. */
  readonly caller: Caller;
}

export interface RunningRequest {
  readonly context: GraphContext;
  /** The caller has gone, or has been answered: reads stop, and nothing new is begun. */
  end(): void;
}

export function startRequest(sources: Sources, { timeoutMs, caller }: RequestOptions): RunningRequest {
  const stop = new AbortController();
  const deadlineAt = performance.now() + timeoutMs;
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  timer.unref();
  const call = { signal: stop.signal, deadlineAt, scope: {} };
  return {
    context: { sources: forRequest(sources, call, caller) },
    end() {
      clearTimeout(timer);
      stop.abort();
    },
  };
}
