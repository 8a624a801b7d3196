/** What was last seen of a ticket, field by field, small enough to be kept for each watched ticket. */
import { hash } from 'node:crypto';
import type { Ticket } from '../contract.ts';
import { toPlain } from '../vendor-kit/lazy.ts';

/** By the name of the field: its value as JSON, or a hash of it. */
export type Digest = ReadonlyMap<string, string>;

/** Longer values are kept as hashes. */
const MAX_PLAIN_LENGTH = 24;

/** Those that only name the record. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['__typename', 'id', 'vendor']);

export function toDigest(ticket: Ticket): Digest {
  const digest = new Map<string, string>();
  for (const [name, value] of Object.entries(toPlain(ticket))) {
    // Functions and promises read more when a client selects them, so they are no part of this read.
    if (NOT_COMPARED.has(name) || typeof value === 'function' || value instanceof Promise) continue;
    const text = value === undefined ? '' : JSON.stringify(value);
    digest.set(name, text.length <= MAX_PLAIN_LENGTH ? text : hash('sha256', text, 'base64url').slice(0, 22));
  }
  return digest;
}

/** The names of the fields that differ. */
export function changedFields(before: Digest, after: Digest): string[] {
  const names = new Set([...after.keys(), ...before.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}
