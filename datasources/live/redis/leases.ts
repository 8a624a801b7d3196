/**
 * Which replica polls what: one lease in Redis for each watched group. The others write down what they watch, for the
 * holder to poll, and take the lease over when it expires.
 */
import type { Peers, PeerListener, RemoteTargets } from '../peers.ts';
import type { RedisLink } from './link.ts';

/** ARGV: process, lease in ms. Returns whether the process has the lease. */
const ACQUIRE = `
  local owner = redis.call('GET', KEYS[1])
  if owner and owner ~= ARGV[1] then return 0 end
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1`;

/** ARGV: process. */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

const PREFIX = 'ticketgraph:live:';
const leaseOf = (group: string): string => `${PREFIX}lease:${group}`;
const membersOf = (group: string): string => `${PREFIX}members:${group}`;
const watchedBy = (group: string, processId: string): string => `${PREFIX}watched:${group}:${processId}`;

/** Of the shortest interval: two replicas must notice within three that the holder is gone, and poll. */
const LEASE_INTERVALS = 1.5;
const MIN_LEASE_MS = 300;
const MAX_LEASE_MS = 10_000;

/** What a replica watches is kept for this many leases without a word from it. */
const KEPT_LEASES = 4;

interface Group {
  targets: () => RemoteTargets;
  /** Until when this process has the lease, in milliseconds of `performance.now()`; 0 if it has not. */
  heldUntil: number;
  /** What others watched last, as JSON. */
  remote: string;
  isSoon: boolean;
}

export interface LeaseOptions {
  /** The shortest interval of polls, in milliseconds. */
  readonly everyMs: number;
  /** Called with each beat, before anything else. */
  readonly beforeBeat: () => Promise<void>;
}

export class RedisLeases implements Peers {
  readonly #link: RedisLink;
  readonly #options: LeaseOptions;
  readonly #leaseMs: number;
  readonly #groups = new Map<string, Group>();
  #listener: PeerListener | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(link: RedisLink, options: LeaseOptions) {
    this.#link = link;
    this.#options = options;
    this.#leaseMs = Math.round(Math.min(MAX_LEASE_MS, Math.max(MIN_LEASE_MS, options.everyMs * LEASE_INTERVALS)));
    link.listen(
      () => this.#listener?.onConnection(),
      () => void this.#options.beforeBeat(),
    );
    void this.#beat();
  }

  get isConnected(): boolean {
    return this.#link.isUp;
  }

  holds(key: string): boolean {
    return (this.#groups.get(key)?.heldUntil ?? 0) > performance.now();
  }

  listen(listener: PeerListener): void {
    this.#listener = listener;
  }

  update(key: string, targets: () => RemoteTargets): void {
    const group = this.#groups.get(key) ?? { targets, heldUntil: 0, remote: '', isSoon: false };
    group.targets = targets;
    this.#groups.set(key, group);
    if (group.isSoon) return;
    group.isSoon = true;
    setImmediate(() => {
      group.isSoon = false;
      void this.#renew(key, group);
    });
  }

  leave(key: string): void {
    this.#groups.delete(key);
    void this.#release(key);
  }

  async #release(key: string): Promise<void> {
    const { processId } = this.#link;
    if (!this.#link.isUp) return;
    await this.#link
      .run((redis) =>
        Promise.all([
          redis.eval(RELEASE, { keys: [leaseOf(key)], arguments: [processId] }),
          redis.sRem(membersOf(key), processId),
          redis.del(watchedBy(key, processId)),
        ]),
      )
      .catch(() => undefined);
  }

  async #beat(): Promise<void> {
    await this.#options.beforeBeat();
    if (this.#link.isUp) await Promise.all(Array.from(this.#groups, ([key, group]) => this.#renew(key, group)));
    if (this.#link.isClosed) return;
    this.#timer = setTimeout(() => void this.#beat(), this.#link.isUp ? this.#leaseMs / 3 : MIN_LEASE_MS).unref();
  }

  async #renew(key: string, group: Group): Promise<void> {
    if (!this.#link.isUp) return;
    try {
      const askedAt = performance.now();
      const hadLease = group.heldUntil > askedAt;
      const keys = [leaseOf(key)];
      const args = [this.#link.processId, String(this.#leaseMs)];
      const isHolder = (await this.#link.run((redis) => redis.eval(ACQUIRE, { keys, arguments: args }))) === 1;
      // It may have been left meanwhile.
      if (this.#groups.get(key) !== group) {
        await this.#release(key);
        return;
      }
      group.heldUntil = isHolder ? askedAt + this.#leaseMs : 0;
      if (isHolder) await this.#pollForOthers(key, group, !hadLease);
      else await this.#writeDown(key, group);
    } catch {
      // Redis is down: everybody polls.
    }
  }

  async #pollForOthers(key: string, group: Group, isNew: boolean): Promise<void> {
    const remote = await this.#readOthers(key);
    const text = JSON.stringify(remote);
    if (isNew || text !== group.remote) this.#listener?.onTargets(key, remote);
    group.remote = text;
    if (isNew) this.#listener?.onHeld(key);
  }

  async #readOthers(key: string): Promise<RemoteTargets> {
    const members = await this.#link.run((redis) => redis.sMembers(membersOf(key)));
    const others = members.filter((member) => member !== this.#link.processId);
    if (others.length === 0) return { ids: [], filters: [] };
    const texts = await this.#link.run((redis) => redis.mGet(others.map((member) => watchedBy(key, member))));
    const gone = others.filter((_, index) => texts[index] === null);
    if (gone.length > 0) await this.#link.run((redis) => redis.sRem(membersOf(key), gone));
    const all = texts.flatMap((text) => (text ? [JSON.parse(text) as RemoteTargets] : []));
    return {
      ids: [...new Set(all.flatMap(({ ids }) => ids))].toSorted(),
      filters: [...new Set(all.flatMap(({ filters }) => filters))].toSorted(),
    };
  }

  async #writeDown(key: string, group: Group): Promise<void> {
    const { processId } = this.#link;
    const PX = this.#leaseMs * KEPT_LEASES;
    const text = JSON.stringify(group.targets());
    await this.#link.run((redis) =>
      Promise.all([
        redis.set(watchedBy(key, processId), text, { expiration: { type: 'PX', value: PX } }),
        redis.sAdd(membersOf(key), processId),
        redis.pExpire(membersOf(key), PX),
      ]),
    );
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all([...this.#groups.keys()].map((key) => this.#release(key)));
    this.#groups.clear();
  }
}
