/**
 * What a subscriber was sent last of each ticket, small enough to be part of its cursors. A subscriber that resumes, on
 * whichever replica, then gets what differs from that: no state twice, and also a change that no replica has logged.
 */
import { hash } from 'node:crypto';
import type { Digest } from './digest.ts';

/** What an event shows of a ticket. Fixed lengths, as Latin-1. */
export interface Seen {
  /** Of the ticket under its watch: a list and a single read may differ in detail. */
  readonly key: string;
  readonly state: string;
}

const WATCH_BYTES = 2;
const TICKET_BYTES = 4;
const KEY_BYTES = WATCH_BYTES + TICKET_BYTES;
const STATE_BYTES = 4;
const ENTRY_BYTES = KEY_BYTES + STATE_BYTES;

/** The tickets of the last events. Of others, the log says what was missed. */
const MAX_TICKETS = 100;

/** Longest text of `encode`. */
export const MAX_SENT_BYTES = MAX_TICKETS * ENTRY_BYTES;

/** Of a ticket that is gone, or not under the filter. */
export const GONE = toBytes('gone', STATE_BYTES);

export function toState(digest: Digest): string {
  const fields = [...digest].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return toBytes(JSON.stringify(fields), STATE_BYTES);
}

export function toKey(watchKey: string, ticketId: string): string {
  return toBytes(watchKey, WATCH_BYTES) + toBytes(ticketId, TICKET_BYTES);
}

function toBytes(text: string, length: number): string {
  return hash('sha256', text, 'buffer').toString('latin1', 0, length);
}

export class SentStates {
  /** By key, the last one last. */
  readonly #states: Map<string, string>;

  constructor(states: Iterable<readonly [key: string, state: string]> = []) {
    this.#states = new Map(states);
  }

  /** @throws RangeError if the text is none that `encode` returns */
  static decode(text: string): SentStates {
    if (text.length % ENTRY_BYTES !== 0 || text.length > MAX_SENT_BYTES) {
      throw new RangeError(`Expected entries of ${ENTRY_BYTES} bytes, not ${text.length} bytes.`);
    }
    const sent = new SentStates();
    for (let at = 0; at < text.length; at += ENTRY_BYTES) {
      sent.record({ key: text.slice(at, at + KEY_BYTES), state: text.slice(at + KEY_BYTES, at + ENTRY_BYTES) });
    }
    return sent;
  }

  encode(): string {
    let text = '';
    for (const [key, state] of this.#states) text += key + state;
    return text;
  }

  /** Those of some watches: the cursor of one stream may be given to another one, which was sent something else. */
  ofWatches(watchKeys: readonly string[]): SentStates {
    const prefixes = new Set(watchKeys.map((key) => toBytes(key, WATCH_BYTES)));
    return new SentStates([...this.#states].filter(([key]) => prefixes.has(key.slice(0, WATCH_BYTES))));
  }

  /** `undefined` if it is not known. */
  stateOf(key: string): string | undefined {
    return this.#states.get(key);
  }

  has({ key, state }: Seen): boolean {
    return this.#states.get(key) === state;
  }

  record({ key, state }: Seen): void {
    this.#states.delete(key);
    this.#states.set(key, state);
    if (this.#states.size <= MAX_TICKETS) return;
    const [oldest] = this.#states.keys();
    this.#states.delete(oldest!);
  }

  clear(): void {
    this.#states.clear();
  }
}
