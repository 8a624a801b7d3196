/** The place of a worker among the workers of one server. The primary process passes it in the worker's environment. */
import type { Environment } from '../../datasources/contract.ts';
import type { Configured } from '../../datasources/index.ts';
import type { Rate } from '../config/rate-settings.ts';

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
 * The sources with this worker's share of their limits on calls, since a source's limits hold for the server as a whole.
 * The shares add up to the limit, except that each worker has at least one call for a caller, and one for polls.
 *
 * @param sharesPolls whether one worker polls for all, and so needs the whole limit
 */
export function shareCalls(
  configured: readonly Configured[],
  place: Place,
  sharesPolls: boolean,
): readonly Configured[] {
  const shareOfPolls = (total: number): number => (sharesPolls ? total : total && shareOfCaller(total, place));
  return configured.map((one) => ({
    ...one,
    settings: {
      ...one.settings,
      CONCURRENCY: shareOf(one.settings.CONCURRENCY, place),
      // 0 turns polls off.
      LIVE_CALLS_PER_MINUTE: shareOfPolls(one.settings.LIVE_CALLS_PER_MINUTE),
      // 0 is no limit.
      CONCURRENCY_PER_CALLER:
        one.settings.CONCURRENCY_PER_CALLER && shareOfCaller(one.settings.CONCURRENCY_PER_CALLER, place),
    },
  }));
}

/** This worker's share of the limit on a caller's requests. Each worker admits at least one at once. */
export function shareRate({ perSecond, burst }: Rate, place: Place): Rate {
  return { perSecond: perSecond / place.count, burst: shareOfCaller(burst, place) };
}

/** Every worker has to serve every caller, and to poll for its subscribers. */
function shareOfCaller(total: number, place: Place): number {
  return Math.max(1, shareOf(total, place));
}

function shareOf(total: number, { index, count }: Place): number {
  return Math.floor(total / count) + (index < total % count ? 1 : 0);
}
