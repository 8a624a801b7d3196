/**
 * Idempotency store in Redis, shared by replicas. Each step is one Lua script, so that two replicas never hold the same
 * key. Times are those of the Redis server. https://redis.io/docs/latest/develop/programmability/eval-intro/
 */
import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { findDurabilityRisks, type RedisCommands } from './redis-durability.ts';
import { CLOCK_STEP_MS, KEPT_MS, type KeyStore, type Lease } from './store.ts';

/** Milliseconds after which a command fails if Redis has not answered. */
const COMMAND_TIMEOUT_MS = 2_000;

// ---------------------------------------------------------------- scripts

const CLOCK = `local time = redis.call('TIME'); local now = time[1] * 1000 + math.floor(time[2] / 1000);`;

/** `isSameWrite` of store.ts, in Lua. */
const IS_SAME = `
  local function parts(fingerprint) return string.match(fingerprint, '^2:([^:]*):([^:]*)$') end
  local function isSame(stored, given, earlier)
    if stored == given or stored == earlier then return true end
    local storedRequests, storedArguments = parts(stored)
    local requests, arguments = parts(given)
    return storedRequests ~= nil and requests ~= nil and (storedRequests == requests or storedArguments == arguments)
  end`;

/** ARGV: fingerprint, owner, lease in ms, time to keep in ms, earlier fingerprint, tolerated clock step in ms. */
const LEASE = `${CLOCK} ${IS_SAME}
  local row = redis.call('HMGET', KEYS[1], 'fingerprint', 'state', 'until', 'result')
  if row[1] then
    if not isSame(row[1], ARGV[1], ARGV[5]) then return { 'arguments_mismatch' } end
    if row[2] == 'DONE' then return { 'done', row[4] } end
    local ends = tonumber(row[3])
    if ends > now and ends <= now + ARGV[3] + ARGV[6] then return { 'in_progress' } end
    if row[2] == 'SENT' then
      redis.call('HSET', KEYS[1], 'until', 0)
      return { 'orphaned' }
    end
  end
  redis.call('HSET', KEYS[1], 'fingerprint', ARGV[1], 'state', 'LEASED', 'owner', ARGV[2], 'until', now + ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
  return { 'acquired' }`;

/** ARGV: owner, lease in ms. */
const MARK_SENT = `${CLOCK}
  local row = redis.call('HMGET', KEYS[1], 'owner', 'state', 'until')
  if row[1] ~= ARGV[1] or row[2] ~= 'LEASED' or tonumber(row[3]) <= now then return 0 end
  redis.call('HSET', KEYS[1], 'state', 'SENT', 'until', now + ARGV[2])
  return 1`;

/** ARGV: owner, lease in ms. A SENT record with `until` 0 has been reported as UNKNOWN. */
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

/** Writes, so that a full Redis or a read-only replica counts as unavailable. */
const CHECK = `
  redis.call('HSET', KEYS[1], 'state', 'CHECK')
  return redis.call('DEL', KEYS[1])`;

// ---------------------------------------------------------------- the store

/**
 * Connects at the first use, and reconnects after a lost connection.
 *
 * @param url e.g. `redis://:password@host:6379/0`.
 */
export function createRedisStore(url: string, prefix = 'ticketgraph:key:'): KeyStore {
  const connection = connect(url, prefix);
  const { run } = connection;
  return {
    async lease(key, fingerprint, owner, leaseMs, earlier = '') {
      const [lease, kept, step] = [String(leaseMs), String(KEPT_MS), String(CLOCK_STEP_MS)];
      const reply = await run(LEASE, key, fingerprint, owner, lease, kept, earlier, step);
      const [kind, result] = reply as [Lease['kind'], string?];
      return kind === 'done' ? { kind, result: result ?? '' } : { kind };
    },
    async markSent(key, owner, leaseMs) {
      return (await run(MARK_SENT, key, owner, String(leaseMs))) === 1;
    },
    async renew(leases, leaseMs) {
      // The client pipelines these. A single script for all keys would fail in a cluster, where they are on several nodes.
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
    findRisks: () => findDurabilityRisks(connection),
    async close() {
      connection.close();
    },
  };
}

interface Connection extends RedisCommands {
  /** Runs a script with one key. */
  run(script: string, key: string, ...values: readonly string[]): Promise<unknown>;
  close(): void;
}

function connect(url: string, prefix: string): Connection {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: COMMAND_TIMEOUT_MS, reconnectStrategy: (retries) => Math.min(1_000, 50 * 2 ** retries) },
  });
  let connectionError: unknown;
  // Without a listener a lost connection would end the process. The next failing command has it as its cause.
  client.on('error', (error: unknown) => {
    connectionError = error;
  });
  client.on('ready', () => {
    connectionError = undefined;
  });
  let connecting: Promise<unknown> | undefined;

  const whenReady = async <Reply>(send: () => Promise<Reply>): Promise<Reply> => {
    try {
      connecting ??= client.connect();
      if (!client.isReady) await withTimeout(connecting);
      // The client's own timeout stops once a command is written, so it does not cover a server that hangs.
      return await withTimeout(send());
    } catch (error) {
      throw client.isReady ? error : (connectionError ?? error);
    }
  };
  return {
    run: (script, key, ...values) =>
      whenReady(() => client.eval(script, { keys: [prefix + key], arguments: [...values] })),
    sendCommand: (command) => whenReady(() => client.sendCommand(command)),
    close() {
      if (connecting) client.destroy();
    },
  };
}

class StoreTimeout extends Error {
  readonly code = 'ETIMEDOUT';

  constructor() {
    super(`Redis did not answer within ${COMMAND_TIMEOUT_MS} ms.`);
  }
}

function withTimeout<Value>(promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StoreTimeout()), COMMAND_TIMEOUT_MS);
  });
  return Promise.race([promise, timeout]).finally(() => clearTimeout(timer));
}
