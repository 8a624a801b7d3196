/** What replicas share of live updates, in Redis. */
import type { LiveReplicas } from '../index.ts';
import type { Delivery } from '../watched-group.ts';
import { RedisLeases } from './leases.ts';
import { RedisLink } from './link.ts';
import { RedisStream } from './stream.ts';

export interface RedisOptions {
  /** E.g. `redis://:password@host:6379/0`. */
  readonly url: string;
  /** The shortest interval of polls, in milliseconds. */
  readonly everyMs: number;
  /** Milliseconds since the epoch. Defaults to `Date.now`. */
  readonly now?: () => number;
}

/** Connects, and waits for Redis to answer, though not for longer than a command may take. */
export async function connectReplicas({ url, everyMs, now = Date.now }: RedisOptions): Promise<LiveReplicas> {
  const link = new RedisLink(url);
  const log = new RedisStream<Delivery>(link, now);
  const peers = new RedisLeases(link, { everyMs, beforeBeat: () => link.check((life) => log.begin(life)) });
  await link.ready();
  return { log, peers };
}
