/** Whether the store of idempotency keys can be used. Nothing is left in it. */
import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createClient } from 'redis';
import { causeOf } from '../../datasources/writes/idempotency/store-errors.ts';
import { isOnDisk } from '../../datasources/writes/idempotency/sqlite-file.ts';

export interface StoreDiagnosis {
  readonly variable: 'REDIS_URL' | 'STORE_PATH';
  readonly problem: string | undefined;
}

const ANSWER_WITHIN_MS = 3_000;

/** A key of its own, which is gone at once. */
const KEY = 'ticketgraph:key:doctor';
const WRITE = `redis.call('SET', KEYS[1], '1', 'PX', 1000) return redis.call('DEL', KEYS[1])`;

/** @param redisUrl `undefined` if the keys are kept in a file. */
export async function diagnoseStore(redisUrl: string | undefined, path: string): Promise<StoreDiagnosis> {
  return redisUrl === undefined
    ? { variable: 'STORE_PATH', problem: findFault(resolve(path)) }
    : { variable: 'REDIS_URL', problem: await askRedis(redisUrl) };
}

/** The server runs scripts there, so a script is what is tried. */
async function askRedis(url: string): Promise<string | undefined> {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: ANSWER_WITHIN_MS, reconnectStrategy: false },
  });
  client.on('error', () => undefined);
  const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const ended = new Promise<never>((_, reject) => late.addEventListener('abort', () => reject(late.reason as Error)));
  try {
    await Promise.race([client.connect().then(() => client.eval(WRITE, { keys: [KEY] })), ended]);
    return undefined;
  } catch (error) {
    const cause = causeOf(error);
    if (['WRONGPASS', 'NOAUTH', 'NOPERM'].includes(cause)) {
      return 'Redis refused us at REDIS_URL: check the user, the password and the right to run scripts.';
    }
    return /^[A-Z]+$/.test(cause) && !cause.startsWith('E')
      ? `Redis rejects writes at REDIS_URL (${cause}): check that it is no read-only copy and has memory left.`
      : 'Redis does not answer at REDIS_URL: check the address, and whether it runs.';
  } finally {
    if (client.isOpen) client.destroy();
  }
}

/** The file is made at the first use, with the folders above it: the nearest that is there has to let us. */
function findFault(path: string): string | undefined {
  const nearest = nearestOf(path);
  const isWritable = canWrite(nearest);
  const isThere = nearest === path;
  const isFitting = (isThere ? statSync(path).isFile() : statSync(nearest).isDirectory()) && isOnDisk(nearest);
  if (isWritable && isFitting) return isThere ? findFaultOfFile(path) : undefined;
  return isThere
    ? 'STORE_PATH is not a file that can be written: choose another path, or give this user the right to it.'
    : 'STORE_PATH is below something that is no folder that can be written in: choose another path, or give this user the right to it.';
}

/** An empty file is as good as none. https://sqlite.org/fileformat.html#magic_header_string */
function findFaultOfFile(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(MAGIC.length);
    const length = readSync(file, head, 0, head.length, 0);
    return length === 0 || head.toString('latin1') === MAGIC
      ? undefined
      : 'STORE_PATH is a file that is no store of keys: choose another path, or move that file away.';
  } finally {
    closeSync(file);
  }
}

const MAGIC = 'SQLite format 3\0';

/** The path itself where it is there, or the nearest above it that is. */
function nearestOf(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestOf(dirname(path));
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
