/** Whether the store of idempotency keys can be used. Nothing is written to it. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createClient } from 'redis';

export interface StoreDiagnosis {
  readonly variable: 'REDIS_URL' | 'STORE_PATH';
  readonly problem: string | undefined;
}

const ANSWER_WITHIN_MS = 3_000;

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
    await Promise.race([client.connect().then(() => client.eval('return 1')), ended]);
    return undefined;
  } catch (error) {
    const isRefused = error instanceof Error && /^(WRONGPASS|NOAUTH|NOPERM)\b/.test(error.message);
    return isRefused
      ? 'Redis refused us at REDIS_URL: check the user, the password and the right to run scripts.'
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
  const isFitting = isThere ? statSync(path).isFile() : statSync(nearest).isDirectory();
  if (isWritable && isFitting) return undefined;
  return isThere
    ? 'STORE_PATH is not a file that can be written: choose another path, or give this user the right to it.'
    : 'STORE_PATH is below something that is no folder that can be written in: choose another path, or give this user the right to it.';
}

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
