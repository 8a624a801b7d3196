/**
 * Keys in Redis, shared by replicas. Each step is one script, so that no two replicas can both hold a key; the clock is
 * the server's. https://redis.io/docs/latest/develop/programmability/eval-intro/
 */
import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { CLOCK_STEP_MS, KEPT_MS, type KeyStore, type Lease } from './store.ts';

/** Milliseconds after which a store that does not answer counts as down. */
const ANSWER_WITHIN_MS = 2_000;

const CLOCK = `local time = redis.call('TIME'); local now = time[1] * 1000 + math.floor(time[2] / 1000);`;

/** `isSameWrite` of store.ts. */
const IS_SAME = `
  local function parts(fingerprint) return string.match(fingerprint, '^2:([^:]*):([^:]*)$') end
  local function isSame(stored, given, earlier)
    if stored == given or stored == earlier then return true end
    local sent, arguments = parts(stored)
    local sentNow, argumentsNow = parts(given)
    return sent ~= nil and sentNow ~= nil and (sent == sentNow or arguments == argumentsNow)
  end`;

/** KEYS: the key. ARGV: fingerprint, owner, lease in ms, time to keep in ms, earlier fingerprint, step of the clock in ms. */
const LEASE = `${CLOCK} ${IS_SAME}
  local row = redis.call('HMGET', KEYS[1], 'fingerprint', 'state', 'until', 'result')
  if row[1] then
    if not isSame(row[1], ARGV[1], ARGV[5]) then return { 'other-arguments' } end
    if row[2] == 'DONE' then return { 'done', row[4] } end
    local ends = tonumber(row[3])
    if ends > now and ends <= now + ARGV[3] + ARGV[6] then return { 'running' } end
    if row[2] == 'SENT' then
      redis.call('HSET', KEYS[1], 'until', 0)
      return { 'abandoned' }
    end
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

/** ARGV: owner, lease in ms. A SENT record with a time of 0 has been reported as UNKNOWN. */
const RENEW = `${CLOCK}
  local row = redis.call('HMGET', KEYS[1], 'owner', 'state', 'until')
  if row[1] ~= ARGV[1] then return 0 end
  local ends = tonumber(row[3])
  if not ((row[2] == 'LEASED' and ends > now) or (row[2] == 'SENT' and ends > 0)) then return 0 end
  redis.call('HSET', KEYS[1], 'until', now + ARGV[2])
  return 1`;

/** ARGV: owner, result. */
const FINISH = `
  if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
  redis.call('HSET', KEYS[1], 'state', 'DONE', 'result', ARGV[2])
  return 1`;

/** ARGV: owner. */
const RELEASE = `${CLOCK}
  local row = redis.call('HMGET', KEYS[1], 'owner', 'state', 'until')
  if row[1] ~= ARGV[1] then return 0 end
  if row[2] ~= 'LEASED' and not (row[2] == 'SENT' and tonumber(row[3]) > now) then return 0 end
  return redis.call('DEL', KEYS[1])`;

/** A write, so that a Redis that is full, or a read-only copy of another, counts as down. */
const CHECK = `
  redis.call('HSET', KEYS[1], 'state', 'CHECK')
  return redis.call('DEL', KEYS[1])`;

/** @param url as in `redis://:password@host:6379/0`. Connects at the first use, and again after it was lost. */
export function createRedisStore(url: string, prefix = 'ticketgraph:key:'): KeyStore {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: ANSWER_WITHIN_MS, reconnectStrategy: (tries) => Math.min(1_000, 50 * 2 ** tries) },
  });
  let lost: unknown;
  // Without a listener a lost connection would end the process. The next command that fails has it as its cause.
  client.on('error', (error: unknown) => {
    lost = error;
  });
  client.on('ready', () => {
    lost = undefined;
  });
  let connecting: Promise<unknown> | undefined;

  const run = async (script: string, key: string, ...values: readonly string[]): Promise<unknown> => {
    try {
      connecting ??= client.connect();
      if (!client.isReady) await within(connecting, ANSWER_WITHIN_MS);
      // The client's own timeout ends when a command has left, so that a server that hangs would be waited for for ever.
      return await within(client.eval(script, { keys: [prefix + key], arguments: [...values] }), ANSWER_WITHIN_MS);
    } catch (error) {
      throw client.isReady ? error : (lost ?? error);
    }
  };

  return {
    async lease(key, fingerprint, owner, leaseMs, earlier = '') {
      const [forMs, keptMs, stepMs] = [String(leaseMs), String(KEPT_MS), String(CLOCK_STEP_MS)];
      const reply = await run(LEASE, key, fingerprint, owner, forMs, keptMs, earlier, stepMs);
      const [state, result] = reply as [Lease['state'], string?];
      return state === 'done' ? { state, result: result ?? '' } : { state };
    },
    async markSent(key, owner, leaseMs) {
      return (await run(MARK_SENT, key, owner, String(leaseMs))) === 1;
    },
    async renew(leases, leaseMs) {
      // The client sends them together. One script for all would not do in a cluster, where keys live apart.
      await Promise.all(leases.map(({ key, owner }) => run(RENEW, key, owner, String(leaseMs))));
    },
    async finish(key, owner, result) {
      await run(FINISH, key, owner, result);
    },
    async release(key, owner) {
      return (await run(RELEASE, key, owner)) === 1;
    },
    async check() {
      await run(CHECK, `check:${randomUUID()}`);
    },
    async close() {
      if (connecting) client.destroy();
    },
  };
}

class StoreTimeout extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super(`The store did not answer within ${ANSWER_WITHIN_MS} ms.`);
  }
}

function within<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreTimeout()), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
