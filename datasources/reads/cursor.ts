/**
 * Cursors of a merged list: how far each vendor's own list has been read. Opaque to clients.
 *
 * Beside the position stand anchors: marks of the last tickets read. A list that has moved since is resumed after the
 * last of them that is still there, so that no ticket is repeated or lost. Marks are short hashes: ids of five vendors
 * would make a cursor too long for an address.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { invalidInput } from '../vendor-kit/failure.ts';

/** How far one vendor's list has been read. */
export interface Position {
  /** Rows read, from the newest through the last ticket. */
  readonly offset: number;
  /** Marks of the tickets that end there, the last one first; empty at the start. */
  readonly anchors: readonly string[];
  /** When the last of them was created; null if that is not known. */
  readonly lastCreatedAt: string | null;
  /** Whether the vendor was late on the page before: it is waited for in full on the next one. */
  readonly isLate: boolean;
}

export const START: Position = { offset: 0, anchors: [], lastCreatedAt: null, isLate: false };

export type Positions = Readonly<Record<string, Position>>;

const MARK_LENGTH = 8;

/** The mark of a ticket, by its global id. 48 bits: compared with the rows of a few pages. */
export function toAnchor(id: string): string {
  return hash('sha256', id, 'base64url').slice(0, MARK_LENGTH);
}

const VERSION = 2;
/** A source takes at most some 450 characters, and a cursor that was issued must be accepted. */
const MAX_LENGTH = 200_000;

const offset = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Issued before there were anchors: the id of the last ticket alone. */
const first = z.object({
  v: z.literal(1),
  f: z.string(),
  p: z.record(z.string(), z.tuple([offset, z.string().nullable(), z.string().nullable()])),
});

const current = z.object({
  v: z.literal(VERSION),
  f: z.string(),
  p: z.record(z.string(), z.tuple([offset, z.string().nullable(), z.string(), z.union([z.literal(0), z.literal(1)])])),
});

/** @param filter what was asked for; a cursor fits the same filter alone. */
export function encodeCursor(positions: Positions, filter: unknown): string {
  const p: Record<string, unknown> = {};
  for (const [key, position] of Object.entries(positions)) {
    p[key] = [position.offset, position.lastCreatedAt, position.anchors.join(''), position.isLate ? 1 : 0];
  }
  return Buffer.from(JSON.stringify({ v: VERSION, f: fingerprint(filter), p })).toString('base64url');
}

/** @throws Failure `invalid-input` for a text that is no cursor of ours, or one of another filter. */
export function decodeCursor(cursor: string, filter: unknown): Positions {
  const parsed = cursor.length > MAX_LENGTH ? undefined : read(parse(cursor));
  if (!parsed) {
    throw invalidInput('after is not a cursor of this endpoint; give pageInfo.endCursor of the page before.', 'after');
  }
  if (parsed.f !== fingerprint(filter)) {
    throw invalidInput('after belongs to another filter; give the same filter as for the page before.', 'after');
  }
  return parsed.positions;
}

interface Parsed {
  readonly f: string;
  readonly positions: Positions;
}

function read(value: unknown): Parsed | undefined {
  const now = current.safeParse(value).data;
  if (now) {
    const positions = Object.entries(now.p).map(([key, [rows, lastCreatedAt, marks, late]]) => {
      return [key, { offset: rows, anchors: toMarks(marks), lastCreatedAt, isLate: late === 1 }] as const;
    });
    return { f: now.f, positions: Object.fromEntries(positions) };
  }
  const before = first.safeParse(value).data;
  if (!before) return undefined;
  const positions = Object.entries(before.p).map(([key, [rows, lastId, lastCreatedAt]]) => {
    if (lastId === null) return [key, START] as const;
    return [key, { offset: rows, anchors: [toAnchor(lastId)], lastCreatedAt, isLate: false }] as const;
  });
  return { f: before.f, positions: Object.fromEntries(positions) };
}

function toMarks(text: string): string[] {
  const marks: string[] = [];
  for (let at = 0; at < text.length; at += MARK_LENGTH) marks.push(text.slice(at, at + MARK_LENGTH));
  return marks;
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
  return hash('sha256', JSON.stringify(filter), 'base64url').slice(0, 12);
}
