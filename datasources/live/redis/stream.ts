/**
 * The change log of several replicas: a Redis stream with about 10,000 entries.
 * https://redis.io/docs/latest/develop/data-types/streams/
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../vendor-kit/failure.ts';
import type { ChangeLog, EntryListener, LogEntry, NewEntry } from '../change-log.ts';
import { compareEntries, type Position } from '../cursor.ts';
import { MAX_ENTRIES } from '../ring.ts';
import type { RedisLink } from './link.ts';

const STREAM = 'ticketgraph:live:changes';

/** Milliseconds that one command waits for new entries. */
const BLOCK_MS = 1_000;
const READ_COUNT = 500;
/** Milliseconds between attempts while Redis is down. */
const RETRY_MS = 50;
/** Milliseconds after which an entry that does not come back is given out here alone. */
const ECHO_TIMEOUT_MS = 2_000;

/** Before anything is known of the stream. */
const START = '0-0';

/** An entry of this process that the stream has not given back yet. */
interface Sent<Found> {
  readonly found: Found | undefined;
  resolve(): void;
}

export class RedisStream<Found> implements ChangeLog<Found> {
  readonly isShared = true;
  readonly #link: RedisLink;
  readonly #now: () => number;
  readonly #sent = new Map<string, Sent<Found>>();
  #heard = START;
  #isStarted = false;
  #sentCount = 0;
  #onEntry: EntryListener<Found> = () => undefined;
  #onLost: () => void = () => undefined;

  constructor(link: RedisLink, now: () => number) {
    this.#link = link;
    this.#now = now;
  }

  get isConnected(): boolean {
    return this.#link.isUp;
  }

  get heard(): Position {
    return { life: this.#link.life ?? 'unknown', entry: this.#heard, at: this.#now() };
  }

  async position(): Promise<Position> {
    if (!this.#link.isUp) {
      if (this.#link.life !== undefined) return this.heard;
      const message = 'The position of the change stream is not known: Redis is unreachable. Retry later.';
      throw new Failure({ kind: 'unavailable', message });
    }
    const last = await this.#readLast().catch(() => this.#heard);
    return { ...this.heard, entry: last };
  }

  async #readLast(): Promise<string> {
    const last = await this.#link.run((redis) => redis.xRevRange(STREAM, '+', '-', { COUNT: 1 }));
    return last?.[0]?.id ?? START;
  }

  listen(listener: EntryListener<Found>, onLost: () => void): void {
    this.#onEntry = listener;
    this.#onLost = onLost;
    void this.#readForever();
  }

  /** To be called when Redis answers, with its life: the stream of another one is another stream. */
  async begin(life: string): Promise<void> {
    if (this.#isStarted && life === this.#link.life) return;
    this.#heard = await this.#readLast();
    this.#isStarted = true;
    this.#link.life = life;
    this.#onLost();
  }

  async #readForever(): Promise<void> {
    while (!this.#link.isClosed) {
      if (!this.#isStarted || !this.#link.isUp) {
        await sleep(RETRY_MS, undefined, { ref: false });
        continue;
      }
      const streams = await this.#readNext();
      for (const { messages } of streams) for (const { id, message } of messages) this.#hear(id, message);
    }
  }

  async #readNext(): Promise<readonly Stream[]> {
    try {
      const options = { BLOCK: BLOCK_MS, COUNT: READ_COUNT };
      return (await this.#link.reader.xRead({ key: STREAM, id: this.#heard }, options)) ?? [];
    } catch {
      // `check` finds out whether Redis is down.
      if (!this.#link.isClosed) await sleep(RETRY_MS, undefined, { ref: false });
      return [];
    }
  }

  #hear(id: string, message: Message): void {
    this.#heard = id;
    const sent = this.#sent.get(message['by'] ?? '');
    this.#sent.delete(message['by'] ?? '');
    try {
      const entry = toEntry(id, message);
      if (entry) this.#onEntry(entry, sent?.found);
    } finally {
      sent?.resolve();
    }
  }

  async append(entry: NewEntry, found?: Found): Promise<void> {
    const by = `${this.#link.processId} ${(this.#sentCount += 1)}`;
    const heard = new Promise<void>((resolve) => this.#sent.set(by, { found, resolve }));
    const timeout = Promise.withResolvers<undefined>();
    const timer = setTimeout(timeout.resolve, ECHO_TIMEOUT_MS, undefined).unref();
    try {
      if (!this.#link.isUp) throw new Error('Redis is down.');
      const message = { entry: JSON.stringify(entry), by };
      const TRIM = { strategy: 'MAXLEN', strategyModifier: '~', threshold: MAX_ENTRIES } as const;
      await this.#link.run((redis) => redis.xAdd(STREAM, '*', message, { TRIM }));
      await Promise.race([heard, timeout.promise]);
    } catch {
      // Given out here alone.
    } finally {
      // There may be thousands of entries in a second.
      clearTimeout(timer);
    }
    if (this.#sent.delete(by)) this.#onEntry({ ...entry, entry: this.#heard }, found);
  }

  async since({ life, entry }: Position): Promise<readonly LogEntry[] | undefined> {
    if (!this.#link.isUp || life !== this.#link.life) return undefined;
    const [first, last, length] = await this.#link.run((redis) =>
      Promise.all([
        redis.xRange(STREAM, '-', '+', { COUNT: 1 }),
        redis.xRevRange(STREAM, '+', '-', { COUNT: 1 }),
        redis.xLen(STREAM),
      ]),
    );
    const isTrimmed = length >= MAX_ENTRIES && compareEntries(first?.[0]?.id ?? START, entry) > 0;
    if (isTrimmed || compareEntries(entry, last?.[0]?.id ?? START) > 0) return undefined;
    const messages = await this.#link.run((redis) => redis.xRange(STREAM, `(${entry}`, '+'));
    return (messages ?? []).flatMap(({ id, message }) => toEntry(id, message) ?? []);
  }

  async close(): Promise<void> {
    this.#link.close();
  }
}

type Message = Readonly<Record<string, string | undefined>>;

interface Stream {
  readonly messages: readonly { readonly id: string; readonly message: Message }[];
}

/** `undefined` for an entry of another release that this one cannot read. */
function toEntry(id: string, message: Message): LogEntry | undefined {
  try {
    return { ...(JSON.parse(message['entry'] ?? '') as NewEntry), entry: id };
  } catch {
    return undefined;
  }
}
