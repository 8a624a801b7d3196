/** `WORKERS`: how many processes serve the port. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { Environment, SettingsOf, TicketSource } from '../../datasources/contract.ts';
import { isConfigured, readSourceSettings } from '../../datasources/upstream/connection-settings.ts';
import { setting, wholeNumberText } from '../../datasources/vendor-kit/settings.ts';
import { nameOfSetting } from './variables.ts';

const MAX_WORKERS = 128;

const workers = z.union([z.literal('auto'), wholeNumberText(1, MAX_WORKERS)]).default(1);

export const WORKER_SETTINGS = {
  WORKERS: setting(workers, `a whole number from 1 to ${MAX_WORKERS}, or auto (default 1)`),
};

type WorkerSettings = Omit<SettingsOf<typeof WORKER_SETTINGS>, 'URL'>;

/**
 * Returns the number of processes. `auto` is one for each core that this process may use.
 *
 * Workers share each source's limit on concurrent calls, so that there are at most as many workers as such calls.
 */
export function readWorkers(
  { WORKERS }: WorkerSettings,
  sources: readonly TicketSource[],
  environment: Environment,
  cores = availableParallelism(),
): { count: number } | { error: string } {
  const limits = sources.filter((source) => isConfigured(source, environment)).flatMap(readLimit(environment));
  const [least] = limits.toSorted((one, other) => one.calls - other.calls);
  if (WORKERS === 'auto') return { count: Math.min(cores, MAX_WORKERS, least?.calls ?? Infinity) };
  if (!least || WORKERS <= least.calls) return { count: WORKERS };
  return {
    error: `WORKERS is more than ${least.name}, but each worker needs a call of its own. Set it to at most ${least.name}, or to auto.`,
  };
}

interface Limit {
  readonly name: string;
  readonly calls: number;
}

/** Invalid settings are reported elsewhere. */
const readLimit =
  (environment: Environment) =>
  (source: TicketSource): Limit[] => {
    const read = readSourceSettings(source, environment);
    if ('errors' in read) return [];
    return [{ name: nameOfSetting(source, 'CONCURRENCY'), calls: read.settings.CONCURRENCY }];
  };
