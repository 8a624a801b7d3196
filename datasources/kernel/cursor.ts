/**
 * Cursors of a merged list: how far each vendor's own list has been read. Opaque to clients.
 *
 * Beside the position stands the last ticket that was shown, so that a list into which new tickets have come since (or
 * from which some have gone) is taken up at the same ticket again, and none is shown twice or lost.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalidInput } from './failure.ts';

/** How far one vendor's list has been read. */
export interface Position {
  /** Tickets read from the newest on. */
  readonly offset: number;
  /** Id of the last ticket read, and when it was made; null at the start. */
  readonly lastId: string | null;
  readonly lastCreatedAt: string | null;
}

export const START: Position = { offset: 0, lastId: null, lastCreatedAt: null };

export type Positions = Readonly<Record<string, Position>>;

const VERSION = 1;
const MAXIMUM_LENGTH = 8_000;

const schema = z.object({
  v: z.literal(VERSION),
  f: z.string(),
  p: z.record(
    z.string(),
    z.tuple([z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), z.string().nullable(), z.string().nullable()]),
  ),
});

/** @param filter what was asked for; a cursor fits the same filter alone. */
export function encodeCursor(positions: Positions, filter: unknown): string {
  const p = Object.fromEntries(
    Object.entries(positions).map(([key, { offset, lastId, lastCreatedAt }]) => [key, [offset, lastId, lastCreatedAt]]),
  );
  return Buffer.from(JSON.stringify({ v: VERSION, f: fingerprint(filter), p })).toString('base64url');
}

/** @throws Failure `invalid-input` for a text that is no cursor of ours, or one of another filter. */
export function decodeCursor(cursor: string, filter: unknown): Positions {
  const parsed = cursor.length > MAXIMUM_LENGTH ? undefined : schema.safeParse(parse(cursor)).data;
  if (!parsed) {
    throw invalidInput('after is not a cursor of this endpoint; give pageInfo.endCursor of the page before.', 'after');
  }
  if (parsed.f !== fingerprint(filter)) {
    throw invalidInput('after belongs to another filter; give the same filter as for the page before.', 'after');
  }
  return Object.fromEntries(
    Object.entries(parsed.p).map(([key, [offset, lastId, lastCreatedAt]]) => [key, { offset, lastId, lastCreatedAt }]),
  );
}

function parse(cursor: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function fingerprint(filter: unknown): string {
  return createHash('sha256').update(JSON.stringify(filter)).digest('base64url').slice(0, 12);
}
