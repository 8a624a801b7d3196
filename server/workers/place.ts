/** The place of a worker among the workers of one server. The primary process passes it in the worker's environment. */
import type { Environment } from '../../datasources/contract.ts';
import type { Configured } from '../../datasources/index.ts';

export interface Place {
  /** From 0. A worker that replaces another has the same place. */
  readonly index: number;
  /** Number of workers. */
  readonly count: number;
  /** Whether the vendors are those of the sandbox, which runs in the primary process. */
  readonly isSandbox: boolean;
}

/** Not a setting: only the primary process sets it. */
const VARIABLE = 'TICKETGRAPH_WORKER';

/** @returns `undefined` unless this process is a worker. */
export function readPlace(environment: Environment): Place | undefined {
  const text = environment[VARIABLE];
  return text ? (JSON.parse(text) as Place) : undefined;
}

/** What `readPlace` reads. */
export function toEnvironment(place: Place): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(place) };
}

/**
 * The sources with this worker's share of their limit on concurrent calls, since a source's limit holds for the server as
 * a whole. The shares add up to the limit.
 */
export function shareConcurrency(configured: readonly Configured[], place: Place): readonly Configured[] {
  return configured.map(({ source, settings }) => ({
    source,
    settings: { ...settings, CONCURRENCY: shareOf(settings.CONCURRENCY, place) },
  }));
}

function shareOf(total: number, { index, count }: Place): number {
  return Math.floor(total / count) + (index < total % count ? 1 : 0);
}
