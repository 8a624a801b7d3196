/**
 * Keys in Redis, shared by replicas. Each step is one script, so that no two replicas can both hold a key; the clock is
 * the server's. https://redis.io/docs/latest/develop/programmability/eval-intro/
 */
import { createClient } from 'redis';
import { KEPT_MS, type KeyStore, type Lease } from './store.ts';

/** Milliseconds after which a store that does not answer counts as down. */
const ANSWER_WITHIN_MS = 2_000;

const CLOCK = `local time = redis.call('TIME'); local now = time[1] * 1000 + math.floor(time[2] / 1000);`;

/** KEYS: the key. ARGV: fingerprint, owner, lease in ms, time to keep in ms. */
const LEASE = `${CLOCK}
  local row = redis.call('HMGET', KEYS[1], 'fingerprint', 'state', 'until', 'result')
  if row[1] then
    if row[1] ~= ARGV[1] then return { 'other-arguments' } end
    if row[2] == 'DONE' then return { 'done', row[4] } end
    if tonumber(row[3]) > now then return { 'running' } end
    if row[2] == 'SENT' then return { 'abandoned' } end
  end
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'state', 'LEASED', 'owner', ARGV[2], 'until', now + ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return { 'ours' }`;

/** ARGV: owner, lease in ms. */
const MARK_SENT = `${CLOCK}
  local row = redis.call('HMGET', KEYS[1], 'owner', 'state', 'until')
  if row[1] ~= ARGV[1] or row[2] ~= 'LEASED' or tonumber(row[3]) <= now then return 0 end
  redis.call('HSET', KEYS[1], 'state', 'SENT', 'until', now + ARGV[2])
  return 1`;

/** ARGV: owner, result. */
const FINISH = `
  if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
  redis.call('HSET', KEYS[1], 'state', 'DONE', 'result', ARGV[2])
  return 1`;

/** ARGV: owner. */
const RELEASE = `
  if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
  return redis.call('DEL', KEYS[1])`;

/** @param url as in `redis://:password@host:6379/0`. Connects at the first use, and again after it was lost. */
export function createRedisStore(url: string, prefix = 'ticketgraph:key:'): KeyStore {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: ANSWER_WITHIN_MS, reconnectStrategy: (tries) => Math.min(1_000, 50 * 2 ** tries) },
  });
  // Without a listener a lost connection would end the process. The next command tells of it.
  client.on('error', () => undefined);
  let connecting: Promise<unknown> | undefined;

  const run = async (script: string, key: string, ...values: readonly string[]): Promise<unknown> => {
    connecting ??= client.connect();
    if (!client.isReady) await within(connecting, ANSWER_WITHIN_MS);
    // The client's own timeout ends when a command has left, so that a server that hangs would be waited for for ever.
    return within(client.eval(script, { keys: [prefix + key], arguments: [...values] }), ANSWER_WITHIN_MS);
  };

  return {
    async lease(key, fingerprint, owner, leaseMs) {
      const reply = await run(LEASE, key, fingerprint, owner, String(leaseMs), String(KEPT_MS));
      const [state, result] = reply as [Lease['state'], string?];
      return state === 'done' ? { state, result: result ?? '' } : { state };
    },
    async markSent(key, owner, leaseMs) {
      return (await run(MARK_SENT, key, owner, String(leaseMs))) === 1;
    },
    async finish(key, owner, result) {
      await run(FINISH, key, owner, result);
    },
    async release(key, owner) {
      await run(RELEASE, key, owner);
    },
    async close() {
      if (connecting) client.destroy();
    },
  };
}

function within<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The store did not answer in time.')), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
