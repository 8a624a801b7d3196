/** Positions in the change log, and the opaque cursors that clients get of them. */
import { invalidInput } from '../vendor-kit/failure.ts';
import { MAX_SENT_BYTES, SentStates } from './sent-states.ts';

/** A place in the log, after one of its entries. */
export interface Position {
  /** Of the log: positions of another life say nothing about this one. */
  readonly life: string;
  /** The entry's number, or its id in a Redis stream: `<number>-<number>`. */
  readonly entry: string;
  /** When the cursor was given out, in milliseconds since the epoch. */
  readonly at: number;
}

const VERSION = '1';
/** Ends with what the subscriber was sent, if anything. */
const CURSOR = /^1~([A-Za-z0-9-]{1,64})~(\d{1,16}(?:-\d{1,16})?)~(\d{1,16})(?:~([^]*))?$/;
const MAX_LENGTH = 200 + Math.ceil((MAX_SENT_BYTES * 4) / 3);

export interface Cursor {
  readonly position: Position;
  readonly sent: SentStates;
}

/** @param sent what the subscriber was sent until then. Defaults to nothing. */
export function encodeCursor({ life, entry, at }: Position, sent?: SentStates): string {
  const text = [VERSION, life, entry, String(at)].join('~');
  const states = sent?.encode() ?? '';
  return Buffer.from(states === '' ? text : `${text}~${states}`, 'latin1').toString('base64url');
}

/** @throws Failure `invalid-input` for a text that is no cursor of a change stream */
export function decodeCursor(cursor: string): Cursor {
  const isText = cursor.length <= MAX_LENGTH && /^[A-Za-z0-9_-]+$/.test(cursor);
  const text = isText ? Buffer.from(cursor, 'base64url').toString('latin1') : '';
  const [, life, entry, at, states] = CURSOR.exec(text) ?? [];
  if (life === undefined || entry === undefined) throw invalidCursor();
  return { position: { life, entry, at: Number(at) }, sent: decodeSent(states ?? '') };
}

function decodeSent(states: string): SentStates {
  try {
    return SentStates.decode(states);
  } catch {
    throw invalidCursor();
  }
}

function invalidCursor(): Error {
  return invalidInput('after is not a cursor of this stream: give liveCursor, or the cursor of an event.', 'after');
}

/** Compares two positions of one life: negative if the first is earlier. */
export function compareEntries(one: string, other: string): number {
  const [first = 0, firstSequence = 0] = one.split('-').map(Number);
  const [second = 0, secondSequence = 0] = other.split('-').map(Number);
  return first - second || firstSequence - secondSequence;
}
