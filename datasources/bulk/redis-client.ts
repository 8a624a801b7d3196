/** The connections to Redis that bulk jobs use. */
import { createHash } from 'node:crypto';
import { createClient } from 'redis';
import { LedgerError } from './ledger.ts';

/** Milliseconds after which a command fails if Redis has not answered. */
const COMMAND_TIMEOUT_MS = 2_000;

/** All keys have one hash tag, so that scripts may use several of them: they are on one node. */
export const PREFIX = 'ticketgraph:{bulk}';

export type RedisClient = ReturnType<typeof createRedisClient>;

/** @param isQueueing whether commands wait while there is no connection; otherwise they fail */
export function createRedisClient(url: string, isQueueing: boolean) {
  const client = createClient({
    url,
    disableOfflineQueue: !isQueueing,
    // The client's own timeout keeps a timer for each command, also once it was answered: some 100 MB in a large job.
    commandOptions: { timeout: 0 },
    socket: {
      connectTimeout: COMMAND_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.min(1_000, 50 * 2 ** Math.min(retries, 5)),
    },
  });
  // Without a listener, a lost connection would end the process. The client reconnects by itself.
  client.on('error', () => undefined);
  return client;
}

export interface RedisRunner {
  /** @throws LedgerError if Redis does not answer in time, or with an error */
  run<Value>(use: (redis: RedisClient) => Promise<Value>): Promise<Value>;
  /** Runs a script. */
  script(text: string, keys: readonly string[], values: readonly (string | number)[]): Promise<unknown>;
  close(): void;
}

/** Connects at the first use. */
export function createRunner(url: string): RedisRunner {
  const client = createRedisClient(url, false);
  let connectionError: unknown;
  client.on('error', (error: unknown) => (connectionError = error));
  client.on('ready', () => (connectionError = undefined));
  let connecting: Promise<unknown> | undefined;

  const run: RedisRunner['run'] = async (use) => {
    try {
      connecting ??= client.connect();
      if (!client.isReady) await withTimeout(connecting);
      // The client's own timeout stops once a command is written, so it does not cover a server that hangs.
      return await withTimeout(use(client));
    } catch (error) {
      throw new LedgerError(client.isReady ? error : (connectionError ?? error));
    }
  };
  return {
    run,
    script: (text, keys, values) =>
      run((redis) => evaluate(redis, text, { keys: [...keys], arguments: values.map(String) })),
    close() {
      if (connecting) client.destroy();
    },
  };
}

const hashes = new Map<string, string>();

/** Sends the text of a script only if Redis does not know it. */
async function evaluate(
  redis: RedisClient,
  text: string,
  options: { keys: string[]; arguments: string[] },
): Promise<unknown> {
  const hash = hashes.get(text) ?? createHash('sha1').update(text).digest('hex');
  hashes.set(text, hash);
  try {
    return await redis.evalSha(hash, options);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return redis.eval(text, options);
  }
}

class RedisTimeout extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super(`Redis did not answer within ${COMMAND_TIMEOUT_MS} ms.`);
  }
}

function withTimeout<Value>(promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RedisTimeout()), COMMAND_TIMEOUT_MS);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
