/** A store whose failures are noted: keyed writes are rejected while it is down, and somebody has to learn why. */
import type { KeyStore } from './store.ts';

export interface StoreHealth {
  /** Undefined as long as it was never asked. */
  readonly isReachable: boolean | undefined;
  /** Why it is down, as a code such as `ECONNREFUSED`; null if it is not. */
  readonly cause: string | null;
}

export interface MonitoredStore extends KeyStore {
  readonly health: StoreHealth;
}

/** While it is down it is tried again, so that its health is true also if no write comes. */
const TRY_AGAIN_MS = 10_000;

/** Most results that wait to be stored. No write with a key begins while the store is down, so they are few. */
const MAX_UNSTORED = 1_000;

type Finish = Parameters<KeyStore['finish']>;

/**
 * Results that cannot be stored are stored once the store works again: until then their keys say UNKNOWN, though the
 * caller of the write had its outcome.
 *
 * @param failed called for each failure, with its cause.
 */
export function monitorStore(store: KeyStore, failed: (cause: string) => void): MonitoredStore {
  let health: StoreHealth = { isReachable: undefined, cause: null };
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  /** By owner, which names one attempt. */
  const unstored = new Map<string, Finish>();

  const tryAgain = (): void => {
    timer = undefined;
    watched.check().then(storeAgain, () => undefined);
  };

  const watch = async <Value>(asked: Promise<Value>): Promise<Value> => {
    try {
      const value = await asked;
      if (!health.isReachable) {
        health = UP;
        storeAgain();
      }
      return value;
    } catch (error) {
      if (isClosed) throw error;
      const cause = causeOf(error);
      health = { isReachable: false, cause };
      timer ??= setTimeout(tryAgain, TRY_AGAIN_MS).unref();
      failed(cause);
      throw error;
    }
  };

  const finish = async (...given: Finish): Promise<void> => {
    try {
      await watch(store.finish(...given));
    } catch (error) {
      const [, owner] = given;
      if (!isClosed && unstored.size < MAX_UNSTORED) unstored.set(owner, given);
      throw error;
    }
  };

  const storeAgain = (): void => {
    const waiting = [...unstored.values()];
    unstored.clear();
    for (const given of waiting) finish(...given).catch(() => undefined);
  };

  const watched: MonitoredStore = {
    get health() {
      return health;
    },
    lease: (...given) => watch(store.lease(...given)),
    markSent: (...given) => watch(store.markSent(...given)),
    renew: (...given) => watch(store.renew(...given)),
    finish,
    release: (...given) => watch(store.release(...given)),
    check: () => watch(store.check()),
    close() {
      isClosed = true;
      unstored.clear();
      clearTimeout(timer);
      return store.close();
    },
  };
  return watched;
}

const UP: StoreHealth = { isReachable: true, cause: null };

/** Primary result codes: https://sqlite.org/rescode.html */
const SQLITE_CODES: ReadonlyMap<number, string> = new Map([
  [5, 'SQLITE_BUSY'],
  [6, 'SQLITE_LOCKED'],
  [8, 'SQLITE_READONLY'],
  [10, 'SQLITE_IOERR'],
  [11, 'SQLITE_CORRUPT'],
  [13, 'SQLITE_FULL'],
  [14, 'SQLITE_CANTOPEN'],
  [26, 'SQLITE_NOTADB'],
]);

/** What went wrong, as a code: a message may hold what was sent, or a password in an address. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if ('errcode' in error && typeof error.errcode === 'number') {
    return SQLITE_CODES.get(error.errcode & 0xff) ?? `SQLITE_${error.errcode}`;
  }
  if ('code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(error.code)) return error.code;
  // Redis begins a refusal with its kind: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
  const kind = /^(?:[A-Z]{2,20}(?= ))/.exec(error.message)?.[0];
  // Errors of its client differ in their classes alone.
  const name = error.name === 'Error' ? error.constructor.name : error.name;
  return kind ?? (/^\w{1,40}$/.test(name) ? name : 'UNKNOWN');
}

/** What these say is that the path is wrong, and not that a file is broken or a disk full for now. */
const OF_THE_PATH: ReadonlySet<string> = new Set([
  'EACCES',
  'EINVAL',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOTDIR',
  'EPERM',
  'EROFS',
  'SQLITE_CANTOPEN',
  'SQLITE_NOTADB',
  'SQLITE_READONLY',
]);

export function isFaultOfPath(error: unknown): boolean {
  return OF_THE_PATH.has(causeOf(error));
}
