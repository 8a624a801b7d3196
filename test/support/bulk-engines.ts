/** Runs tests of bulk jobs over each engine: a file of one machine, and a Redis of the test. */
import { createClient } from 'redis';
import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { startRedis, whyNoRedis, type RunningRedis } from './redis.ts';

export interface BulkEngine {
  readonly name: 'embedded' | 'Redis';
  /** Environment variables that select it. */
  settings(): Readonly<Record<string, string>>;
}

/** Each test of the Redis engine starts with an empty Redis. Skips them if `redis-server` is not installed. */
export function describeEngines(tests: (engine: BulkEngine) => void): void {
  describe('embedded engine', () => tests({ name: 'embedded', settings: () => ({}) }));
  describe.skipIf(whyNoRedis)('Redis engine', () => {
    const redis = useRedis();
    tests({ name: 'Redis', settings: () => ({ REDIS_URL: redis().url }) });
  });
}

/** A Redis for the tests of a block, emptied before each. */
export function useRedis(): () => RunningRedis {
  let redis: RunningRedis | undefined;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(() => empty(redis!.url));
  afterAll(() => redis?.close());
  return () => redis!;
}

async function empty(url: string): Promise<void> {
  const client = await createClient({ url }).connect();
  await client.flushAll();
  client.destroy();
}
