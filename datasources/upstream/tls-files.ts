/** The TLS options of a source, kept up to date with their files: certificates are rotated without a restart. */
import { stampsOf } from './file-stamps.ts';
import type { TlsOptions, TlsSource } from './transport/tls.ts';

/** Milliseconds between two looks at the files. */
const CHECK_INTERVAL_MS = 1_000;

export interface TlsFiles {
  readonly options: TlsOptions;
  readonly paths: readonly string[];
  /** Reads the files again. Returns `undefined` if they are not valid, e.g. while only one of two is replaced. */
  read(): TlsOptions | undefined;
}

/**
 * Looks at the files at most once a second, when the options are used. Options that are not valid are not taken over.
 *
 * @param onInvalid called if the files have changed and are still not valid at the next look
 */
export function followFiles({ options, paths, read }: TlsFiles, onInvalid: () => void): TlsSource {
  let current = options;
  let known: string | undefined;
  let wasInvalid = false;
  let checkedAt = performance.now();
  let isChecking = false;

  const refresh = async (): Promise<void> => {
    // Unknown until the first look. Files that changed since they were read at startup are read once more.
    const stamps = await stampsOf(paths);
    if (stamps === known) return;
    const changed = read();
    if (changed === undefined) {
      if (wasInvalid) onInvalid();
      wasInvalid = true;
      return;
    }
    wasInvalid = false;
    known = stamps;
    if (!isEqual(changed, current)) current = changed;
  };

  return {
    get current() {
      if (!isChecking && performance.now() - checkedAt >= CHECK_INTERVAL_MS) {
        isChecking = true;
        void refresh().finally(() => {
          isChecking = false;
          checkedAt = performance.now();
        });
      }
      return current;
    },
    refresh,
  };
}

function isEqual(one: TlsOptions, other: TlsOptions): boolean {
  return one.ca === other.ca && one.cert === other.cert && one.key === other.key;
}
