/**
 * Reads the files of API keys, of sources and of secrets again while the server runs: on a signal and, the first two,
 * when they change. An invalid file changes nothing.
 */
import type { Environment, Vendor } from '../../datasources/contract.ts';
import type { Sources } from '../../datasources/index.ts';
import type { ApiKeys } from '../auth/authenticate.ts';
import { API_KEYS_FILE, readApiKeys } from './auth-settings.ts';
import { watchFiles } from './file-watch.ts';
import { readSources } from './server-settings.ts';
import { compareKeys, compareSource } from './source-changes.ts';
import { SOURCE_FILE, readSourceFile } from './source-file.ts';

export interface ReloadOptions {
  /** The environment of the process, without the settings of the file of sources. */
  readonly environment: Environment;
  readonly vendors: readonly Vendor[];
  readonly sources: Pick<Sources, 'known' | 'connected'>;
  /** The sources of the sandbox are in no file. */
  readonly isSandbox: boolean;
  /** Replaced as a whole. */
  readonly apiKeys: ApiKeys;
  readonly log: { info(message: string): void; warn(message: string): void };
  /** Called for unexpected errors. */
  reportUnexpected(error: unknown): void;
}

export interface Reloader {
  /** Reads all files again, one call after the other. Never rejects. */
  reload(): Promise<void>;
  /**
   * Reads all files again whenever one of them changes. Does not keep the process alive.
   *
   * @param intervalMs between two looks at a file. Defaults to 2000.
   */
  watch(intervalMs?: number): void;
  close(): void;
}

/** @param running the environment with the settings of the file of sources, as read at start */
export function createReloader(options: ReloadOptions, running: Environment): Reloader {
  const { environment, isSandbox, reportUnexpected } = options;
  const sourceFile = isSandbox ? undefined : environment[SOURCE_FILE];
  const watched = [environment[API_KEYS_FILE], sourceFile].flatMap((path) => (path ? [path] : []));
  let last = Promise.resolve();
  const reload = (): Promise<void> => {
    last = last
      .then(async () => {
        reloadApiKeys(options);
        if (sourceFile) await reloadSourceFile(options, running);
        else for (const one of options.sources.connected.values()) one.reloadSecrets();
      })
      .catch(reportUnexpected);
    return last;
  };
  const watch = watchFiles(watched, () => void reload());
  return {
    reload,
    watch: (intervalMs = 2_000) => watch.start(intervalMs),
    close: () => watch.stop(),
  };
}

function reloadApiKeys({ environment, sources, apiKeys, log }: ReloadOptions): void {
  const path = environment[API_KEYS_FILE];
  if (!path || !apiKeys.current) return;
  const read = readApiKeys(path, [...sources.known.keys()]);
  if ('errors' in read) {
    for (const error of read.errors) log.warn(`${error} The keys read before stay in use.`);
    return;
  }
  if (JSON.stringify(read.apiKeys) === JSON.stringify(apiKeys.current)) return;
  apiKeys.current = read.apiKeys;
  log.info(`${API_KEYS_FILE} has changed. API keys in use: ${read.apiKeys.length}.`);
}

async function reloadSourceFile(
  { environment, vendors, sources, log }: ReloadOptions,
  running: Environment,
): Promise<void> {
  const file = await readSourceFile(environment, vendors);
  const read = readSources(file.environment, vendors, file.placeOf);
  const errors = [...file.errors, ...('errors' in read ? read.errors : [])];
  if (errors.length > 0 || 'errors' in read) {
    for (const error of errors) log.warn(`${error} The settings read before stay in use.`);
    // Of the sources in use, the files of secrets are those of the settings read before.
    for (const one of sources.connected.values()) one.reloadSecrets();
    return;
  }
  const next = new Map(read.configured.map((one) => [one.source.key, one]));
  for (const message of compareKeys([...sources.connected.keys()], [...next.keys()])) log.warn(message);
  for (const [key, connected] of sources.connected) {
    const { canUseSecrets, messages } = compareSource(connected.source, running, file.environment);
    for (const message of next.has(key) ? messages : []) log.warn(message);
    connected.reloadSecrets(canUseSecrets ? next.get(key) : undefined);
  }
}
