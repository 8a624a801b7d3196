/**
 * How a Redis could lose keys, by its own settings: with a lost key, a write may be made twice.
 *
 * A Redis may refuse to tell: managed ones have no `CONFIG`, and a user may lack the permission. What it does not tell is
 * not reported.
 */

/** Of the Redis client. */
export interface RedisCommands {
  sendCommand(command: readonly string[]): Promise<unknown>;
}

/** Returns a sentence for each risk, with what to set. Empty if none is known. Never rejects. */
export async function findDurabilityRisks(redis: RedisCommands): Promise<readonly string[]> {
  const [memory, persistence, appendfsync] = await Promise.all([
    readInfo(redis, 'memory'),
    readInfo(redis, 'persistence'),
    readSetting(redis, 'appendfsync'),
  ]);
  return [...describeEviction(memory), ...describePersistence(persistence, appendfsync)];
}

/** Without a limit, nothing is evicted. https://redis.io/docs/latest/develop/reference/eviction/ */
function describeEviction({ maxmemory, maxmemory_policy: policy = 'noeviction' }: Info): string[] {
  if (maxmemory === undefined || maxmemory === '0' || policy === 'noeviction') return [];
  return [
    `Redis removes keys when its memory is full (maxmemory-policy ${policy}), so a write may be made twice. ` +
      'Set maxmemory-policy noeviction.',
  ];
}

/** https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/ */
function describePersistence({ aof_enabled: appendonly }: Info, appendfsync: string | undefined): string[] {
  if (appendonly === '0') {
    return [
      'Redis loses keys when it restarts (appendonly no), so a write may be made twice. ' +
        'Set appendonly yes and appendfsync always.',
    ];
  }
  if (appendfsync === undefined || appendfsync === 'always') return [];
  return [
    `Redis may lose the last keys when it crashes (appendfsync ${appendfsync}), so a write may be made twice. ` +
      'Set appendfsync always.',
  ];
}

type Info = Readonly<Record<string, string | undefined>>;

/** https://redis.io/docs/latest/commands/info/ */
async function readInfo(redis: RedisCommands, section: string): Promise<Info> {
  const text = await redis.sendCommand(['INFO', section]).catch(() => '');
  const lines = String(text).matchAll(/^(\w+):(.*?)\r?$/gm);
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value] as const));
}

/** https://redis.io/docs/latest/commands/config-get/ */
async function readSetting(redis: RedisCommands, name: string): Promise<string | undefined> {
  const pair = await redis.sendCommand(['CONFIG', 'GET', name]).catch(() => undefined);
  const value: unknown = Array.isArray(pair) ? pair[1] : undefined;
  return typeof value === 'string' ? value : undefined;
}
