/**
 * Replaces the secrets of a source while it is in use: those of its files after a 401 or on request, those of the file of
 * sources when that is read again. Invalid ones change nothing.
 */
import type { TicketSource } from '../contract.ts';
import { toVariable } from '../vendor-kit/source-key.ts';
import type { ConnectionSettings } from './connection-settings.ts';
import type { EventSink } from './events.ts';
import type { SecretFiles } from './secret-files.ts';

/** A source with valid settings. */
export interface Configured {
  readonly source: TicketSource;
  readonly settings: ConnectionSettings;
  /** Omit if no secret is in a file. */
  readonly secretFiles?: SecretFiles | undefined;
  /** Returns where the operator has set a variable. Defaults to its name. */
  readonly placeOf?: ((variable: string) => string) | undefined;
}

export interface SecretRotation {
  /** To be called after a rejected credential: reads the files again, at most once a second. */
  readFilesAfterRejection(): void;
  /** Reads the files again. @param next settings to use from now on, of which only the secrets differ */
  reload(next?: Configured): void;
}

/** Milliseconds. A vendor that rejects every call must not cost a read of the disk for each. */
const MIN_INTERVAL_MS = 1_000;

/**
 * @param reconnect makes later requests use other secrets. Returns false if they would need other connections.
 * @param events omit to disable telemetry
 */
export function createSecretRotation(
  first: Configured,
  reconnect: (settings: ConnectionSettings) => boolean,
  now: () => number,
  events?: EventSink,
): SecretRotation {
  const { key, vendor } = first.source;
  // Those that sign in. A proxy's and a certificate's belong to the connections, which stay.
  const secrets = Object.entries(vendor.settings).flatMap(([name, { isSecret }]) => (isSecret ? [name] : []));
  let current = first;
  let readAt = -Infinity;

  const use = (settings: ConnectionSettings): void => {
    const changed = secrets.filter((name) => valueOf(settings, name) !== valueOf(current.settings, name));
    if (changed.length === 0) return;
    const { placeOf = (variable: string) => variable } = current;
    const places = changed.map((name) => placeOf(toVariable(key, name))).join(', ');
    if (!reconnect(settings)) {
      events?.onWarning(key, `${places} changed the way to sign in. Restart to use it.`);
      return;
    }
    current = { ...current, settings };
    events?.onNotice(key, `New secrets are in use: ${places}.`);
  };

  const readFiles = (): void => {
    readAt = now();
    const reread = current.secretFiles?.readChanged();
    if (!reread) return;
    if ('settings' in reread) use(reread.settings);
    else for (const error of reread.errors) events?.onWarning(key, `${error} The previous secrets stay in use.`);
  };

  return {
    readFilesAfterRejection() {
      // `Math.abs`, in case the clock moves backwards.
      if (current.secretFiles && Math.abs(now() - readAt) >= MIN_INTERVAL_MS) readFiles();
    },
    reload(next) {
      if (next) {
        const { secretFiles, placeOf } = next;
        current = { ...current, secretFiles, placeOf };
        use(next.settings);
      }
      readFiles();
    },
  };
}

function valueOf(settings: ConnectionSettings, name: string): unknown {
  return (settings as Readonly<Record<string, unknown>>)[name];
}
