/**
 * Runs a write at most once per key: leases the key, stores the mark SENT before the first byte, keeps the result, and
 * gives it to whoever asks again with the same key and arguments.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, FailureKind } from '../../contract.ts';
import { Failure, invalidInput } from '../failure.ts';
import type { KeyStore, Lease } from './store.ts';

export interface KeyedRun<Result> {
  /** Who asks: a key is never shared between callers. */
  readonly caller: string;
  readonly mutation: string;
  /** As the caller gave it. */
  readonly key: string;
  /** The arguments that count: all but the key itself and what changes nothing upstream. */
  readonly argumentsOf: unknown;
  /** Does it. `beforeSending` has to be awaited before the first byte. */
  run(beforeSending: () => Promise<void>): Promise<Result>;
  /** Whether the result is to be given again, or the key is free for another try. */
  isFinal(result: Result): boolean;
  /** What to say where another sent it and nobody will ever say what became of it. */
  abandoned(): Result;
}

/**
 * Milliseconds added to the time that is left, so that a lease outlives the call it belongs to: as much again, within
 * bounds. It covers how late a busy process may be in telling the store of an end that had its deadline. Nothing is sent
 * twice by a margin that is too short: what was not sent by then is refused its mark, and what was sent never runs again;
 * it would only be told as unknown too early.
 */
const LEAST_MARGIN_MS = 1_000;
const MOST_MARGIN_MS = 5_000;

/** No lease is longer than this and a margin, whatever the deadline. */
const MOST_LEFT_MS = 600_000;

const POLL_MS = [5, 10, 20, 40, 80, 160] as const;

const KEY_PATTERN = /^[\x20-\x7e]{1,255}$/;

/** @throws Failure `invalid-input` for a key that is none; a missing key is fine. */
export function checkKey(key: string | null | undefined): void {
  if (key === undefined || key === null || KEY_PATTERN.test(key)) return;
  throw invalidInput('idempotencyKey must be 1 to 255 printable ASCII characters.', 'idempotencyKey');
}

/** @throws Failure `key-reused`, `key-in-flight` or `key-store-unavailable`; nothing was sent then. */
export async function runOnce<Result>(
  store: KeyStore,
  keyed: KeyedRun<Result>,
  call: Call,
): Promise<{ result: Result; isReplayed: boolean }> {
  const owner = randomUUID();
  const key = hash([keyed.caller, keyed.mutation, keyed.key]);
  const leaseMs = toLeaseMs(call.deadlineAt - performance.now());
  const lease = await leaseWithin(store, key, hash(keyed.argumentsOf), owner, leaseMs, call);
  if (lease.state === 'done') return { result: JSON.parse(lease.result) as Result, isReplayed: true };
  if (lease.state === 'abandoned') return { result: keyed.abandoned(), isReplayed: true };
  return { result: await runLeased(store, keyed, key, owner, leaseMs), isReplayed: false };
}

async function runLeased<Result>(
  store: KeyStore,
  keyed: KeyedRun<Result>,
  key: string,
  owner: string,
  leaseMs: number,
): Promise<Result> {
  const phase = { isMarked: false };
  const mark = async (): Promise<void> => {
    const isOurs = await orUnavailable(store.markSent(key, owner, leaseMs));
    if (!isOurs) throw inFlight();
    phase.isMarked = true;
  };
  // A write to many is sent side by side: all of them wait for the one mark.
  let marking: Promise<void> | undefined;
  const beforeSending = (): Promise<void> => (marking ??= mark());
  try {
    const result = await keyed.run(beforeSending);
    // What was not sent, and may be tried again with this key, leaves no trace. The rest is kept; a store that fails now
    // keeps the mark SENT, which a later caller is told of as unknown.
    const keep = keyed.isFinal(result) ? store.finish(key, owner, JSON.stringify(result)) : store.release(key, owner);
    await keep.catch(() => undefined);
    return result;
  } catch (error) {
    if (!phase.isMarked) await store.release(key, owner).catch(() => undefined);
    throw error;
  }
}

/** Leases the key, waiting for another that holds it until the caller's time is up. */
async function leaseWithin(
  store: KeyStore,
  key: string,
  fingerprint: string,
  owner: string,
  leaseMs: number,
  call: Call,
): Promise<Exclude<Lease, { state: 'running' | 'other-arguments' }>> {
  for (let poll = 0; ; poll += 1) {
    const lease = await orUnavailable(store.lease(key, fingerprint, owner, leaseMs));
    if (lease.state === 'other-arguments') {
      throw refusal(
        'key-reused',
        'This idempotencyKey was used with other arguments; take a new key. Nothing was sent.',
      );
    }
    if (lease.state !== 'running') return lease;
    const waitMs = POLL_MS[Math.min(poll, POLL_MS.length - 1)]!;
    if (call.signal.aborted || call.deadlineAt - performance.now() <= waitMs) throw inFlight();
    await sleep(waitMs);
  }
}

async function orUnavailable<Value>(promise: Promise<Value>): Promise<Value> {
  try {
    return await promise;
  } catch {
    const message = 'The store of idempotency keys cannot be reached; nothing was sent. Try again with the same key.';
    throw refusal('key-store-unavailable', message);
  }
}

function toLeaseMs(leftMs: number): number {
  const left = Math.min(leftMs, MOST_LEFT_MS);
  return Math.ceil(left + Math.min(Math.max(left, LEAST_MARGIN_MS), MOST_MARGIN_MS));
}

function inFlight(): Failure {
  const message = 'A write with this idempotencyKey is under way; nothing was sent now. Ask again with the same key.';
  return refusal('key-in-flight', message);
}

function refusal(kind: FailureKind, message: string): Failure {
  return new Failure({ kind, message, field: ['idempotencyKey'] });
}

function hash(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('base64url');
}

/** JSON with keys in order, so that the same arguments written in another order are the same. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined && entry !== null);
    return `{${entries
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}
