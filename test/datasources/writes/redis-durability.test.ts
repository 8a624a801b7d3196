/** What the settings of a Redis mean for the keys that it holds: by its answers, and by those of real ones. */
import { createClient } from 'redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findDurabilityRisks } from '../../../datasources/writes/idempotency/redis-durability.ts';
import { startDurableRedis, startRedis, whyNoRedis } from '../../support/redis.ts';

/** Answers as a Redis with these settings; `undefined` for a setting that it does not tell. */
function answering(settings: Readonly<Record<string, string>>, appendfsync?: string) {
  const info = Object.entries(settings).map(([name, value]) => `${name}:${value}\r\n`);
  return {
    async sendCommand([name]: readonly string[]): Promise<unknown> {
      if (name === 'INFO') return `# Section\r\n${info.join('')}`;
      if (appendfsync === undefined) throw new Error("ERR unknown command 'CONFIG'");
      return ['appendfsync', appendfsync];
    },
  };
}

const SOUND = { maxmemory: '1000', maxmemory_policy: 'noeviction', aof_enabled: '1' };

describe('the risks of a Redis', () => {
  test.each([
    ['that evicts', { ...SOUND, maxmemory_policy: 'volatile-lru' }, 'always', 'maxmemory-policy volatile-lru'],
    ['that does not persist', { ...SOUND, aof_enabled: '0' }, 'everysec', 'appendonly no'],
    ['that persists each second', SOUND, 'everysec', 'appendfsync everysec'],
    ['that does not persist and hides CONFIG', { ...SOUND, aof_enabled: '0' }, undefined, 'appendonly no'],
  ])('%s', async (_, settings, appendfsync, named) => {
    const risks = await findDurabilityRisks(answering(settings, appendfsync));
    expect(risks).toHaveLength(1);
    expect(risks[0]).toContain(`(${named}), so a write may be made twice. Set `);
  });

  test.each([
    ['that is as documented', SOUND, 'always'],
    ['with a policy, but without a limit', { ...SOUND, maxmemory: '0', maxmemory_policy: 'allkeys-lru' }, 'always'],
    ['that hides CONFIG', SOUND, undefined],
  ])('none: one %s', async (_, settings, appendfsync) => {
    expect(await findDurabilityRisks(answering(settings, appendfsync))).toEqual([]);
  });

  test('none are known of one that answers no command', async () => {
    const refusing = { sendCommand: () => Promise.reject(new Error('NOPERM this user has no permissions')) };
    expect(await findDurabilityRisks(refusing)).toEqual([]);
  });

  test.skipIf(whyNoRedis !== undefined)('of real ones', { tags: ['full'] }, async () => {
    const [durable, lossy] = [
      await startDurableRedis(),
      await startRedis(undefined, ['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru']),
    ];
    const ask = async (url: string): Promise<readonly string[]> => {
      const client = createClient({ url });
      onTestFinished(() => client.destroy());
      return findDurabilityRisks(await client.connect());
    };
    onTestFinished(async () => {
      await Promise.all([durable.close(), lossy.close()]);
    });
    expect(await ask(durable.url)).toEqual([]);
    expect(await ask(lossy.url)).toEqual([
      expect.stringContaining('maxmemory-policy allkeys-lru'),
      expect.stringContaining('appendonly no'),
    ]);
  });
});
