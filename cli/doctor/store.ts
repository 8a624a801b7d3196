/** Checks whether the idempotency key store can be used. Leaves nothing in it. */
import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createClient } from 'redis';
import { findDurabilityRisks } from '../../datasources/writes/idempotency/redis-durability.ts';
import { causeOf } from '../../datasources/writes/idempotency/store-errors.ts';
import { isOnDisk } from '../../datasources/writes/idempotency/sqlite-file.ts';

export interface StoreDiagnosis {
  readonly variable: 'REDIS_URL' | 'STORE_PATH';
  readonly problem: string | undefined;
  /** How keys could be lost. */
  readonly risks: readonly string[];
}

const TIMEOUT_MS = 3_000;

/** Written and deleted in one script. */
const KEY = 'ticketgraph:key:doctor';
const WRITE = `redis.call('SET', KEYS[1], '1', 'PX', 1000) return redis.call('DEL', KEYS[1])`;

/** @param redisUrl omit if the keys are stored in a file. */
export async function diagnoseStore(redisUrl: string | undefined, path: string): Promise<StoreDiagnosis> {
  return redisUrl === undefined
    ? { variable: 'STORE_PATH', problem: findPathProblem(resolve(path)), risks: [] }
    : { variable: 'REDIS_URL', ...(await diagnoseRedis(redisUrl)) };
}

/** Runs a script, because the server needs the permission to run scripts. */
async function diagnoseRedis(url: string): Promise<Omit<StoreDiagnosis, 'variable'>> {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: TIMEOUT_MS, reconnectStrategy: false },
  });
  client.on('error', () => undefined);
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const timedOut = new Promise<never>((_, reject) =>
    timeout.addEventListener('abort', () => reject(timeout.reason as Error)),
  );
  try {
    const examined = client
      .connect()
      .then(() => client.eval(WRITE, { keys: [KEY] }))
      .then(() => findDurabilityRisks(client));
    return { problem: undefined, risks: await Promise.race([examined, timedOut]) };
  } catch (error) {
    return { problem: describeRedisError(causeOf(error)), risks: [] };
  } finally {
    if (client.isOpen) client.destroy();
  }
}

function describeRedisError(cause: string): string {
  if (['WRONGPASS', 'NOAUTH', 'NOPERM'].includes(cause)) {
    return 'Redis rejected the credentials in REDIS_URL: check the user, the password and the permission to run scripts.';
  }
  return /^[A-Z]+$/.test(cause) && !cause.startsWith('E')
    ? `Redis rejects writes at REDIS_URL (${cause}): check that it is not a read-only replica and has free memory.`
    : 'Redis is unreachable at REDIS_URL: check the address, and whether it is running.';
}

/** The server creates the file and its parent directories on first use, so the nearest existing one must be writable. */
function findPathProblem(path: string): string | undefined {
  const nearest = nearestExisting(path);
  const isWritable = canWrite(nearest);
  const exists = nearest === path;
  const isUsable = (exists ? statSync(path).isFile() : statSync(nearest).isDirectory()) && isOnDisk(nearest);
  if (isWritable && isUsable) return exists ? findFileProblem(path) : undefined;
  return exists
    ? 'STORE_PATH is not a writable file: choose another path, or grant this user write access.'
    : 'STORE_PATH is not in a writable directory: choose another path, or grant this user write access.';
}

/** An empty file is valid. https://sqlite.org/fileformat.html#magic_header_string */
function findFileProblem(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(MAGIC.length);
    const length = readSync(file, head, 0, head.length, 0);
    return length === 0 || head.toString('latin1') === MAGIC
      ? undefined
      : 'STORE_PATH is not a key store: choose another path, or move the file away.';
  } finally {
    closeSync(file);
  }
}

const MAGIC = 'SQLite format 3\0';

/** Returns the path, or its nearest parent that exists. */
function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
