/**
 * Runs a write at most once per idempotency key.
 *
 * Leases the key, stores the mark SENT before the first byte is sent, and stores the result. A request with the same key
 * and arguments gets the stored result; if there is none after the mark, it gets UNKNOWN and nothing is sent.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailureKind, RequestScope } from '../../contract.ts';
import { Failure, invalidInput } from '../../vendor-kit/failure.ts';
import { keepLease } from './lease-renewal.ts';
import { LEASE_MS, toFingerprint, type KeyStore, type Lease } from './store.ts';

export interface IdempotentRun<Result> {
  /** Id of the caller. Keys of different callers never collide. */
  readonly caller: string;
  /** Name of the mutation. Keys of different mutations never collide. */
  readonly mutation: string;
  /** The key as the caller gave it. */
  readonly key: string;
  /** The requests that would be sent, without the parts that may differ between two attempts at the same write. */
  readonly requests: unknown;
  /** The arguments, without the key itself and those that change nothing upstream. */
  readonly arguments: unknown;
  /** Performs the write. Must await `beforeSending` before the first byte is sent. */
  run(beforeSending: () => Promise<void>): Promise<Result>;
  /** Whether the result is stored for later requests. Otherwise the key is free for another attempt. */
  isFinal(result: Result): boolean;
  /** The result if another attempt marked the write as SENT and never stored a result. */
  orphaned(): Result;
}

/** How long to wait for another write with the same key. Longer than a lease, so that it outlasts a dead owner. */
const MAX_WAIT_MS = 10_000;

const POLL_MS = [5, 10, 20, 40, 80, 160] as const;

const KEY_PATTERN = /^[\x20-\x7e]{1,255}$/;

/** @throws Failure `invalid-input` if the key is invalid. A missing key is valid. */
export function checkKey(key: string | null | undefined): void {
  if (key === undefined || key === null || KEY_PATTERN.test(key)) return;
  throw invalidInput('idempotencyKey must be 1 to 255 printable ASCII characters.', 'idempotencyKey');
}

/** @throws Failure `key-reused`, `key-in-flight` or `key-store-unavailable`. Nothing was sent then. */
export async function runOnce<Result>(
  store: KeyStore,
  write: IdempotentRun<Result>,
  call: RequestScope,
): Promise<{ result: Result; isReplayed: boolean }> {
  const owner = randomUUID();
  const key = hash(toCanonicalJson([write.caller, write.mutation, write.key]));
  const lease = await leaseOrWait(store, key, write, owner, call);
  if (lease.kind === 'done') return { result: JSON.parse(lease.result) as Result, isReplayed: true };
  if (lease.kind === 'orphaned') return { result: write.orphaned(), isReplayed: true };
  const stopRenewing = keepLease(store, key, owner);
  try {
    return { result: await runLeased(store, write, key, owner), isReplayed: false };
  } finally {
    stopRenewing();
  }
}

/** Leases the key. While another owner holds it, polls until the deadline of the request or `MAX_WAIT_MS`. */
async function leaseOrWait<Result>(
  store: KeyStore,
  key: string,
  write: IdempotentRun<Result>,
  owner: string,
  call: RequestScope,
): Promise<Exclude<Lease, { kind: 'in_progress' | 'arguments_mismatch' }>> {
  const fingerprint = toFingerprint(hash(toCanonicalJson(write.requests)), hash(toCanonicalJson(write.arguments)));
  const earlier = hash(toCanonicalJson(write.arguments, isNotNull));
  const endAt = Math.min(call.deadlineAt, performance.now() + MAX_WAIT_MS);
  for (let poll = 0; ; poll += 1) {
    const lease = await orUnavailable(store.lease(key, fingerprint, owner, LEASE_MS, earlier));
    if (lease.kind === 'arguments_mismatch') throw keyReused();
    if (lease.kind !== 'in_progress') return lease;
    const waitMs = POLL_MS[Math.min(poll, POLL_MS.length - 1)]!;
    if (call.signal.aborted || endAt - performance.now() <= waitMs) throw inFlight();
    await sleep(waitMs);
  }
}

async function runLeased<Result>(
  store: KeyStore,
  write: IdempotentRun<Result>,
  key: string,
  owner: string,
): Promise<Result> {
  const progress = { isMarked: false };
  const mark = async (): Promise<void> => {
    if (!(await orUnavailable(store.markSent(key, owner, LEASE_MS)))) throw inFlight();
    progress.isMarked = true;
  };
  // The writes of one mutation are sent concurrently and share one mark.
  let marking: Promise<void> | undefined;
  try {
    const result = await write.run(() => (marking ??= mark()));
    await storeOrRelease(store, write, key, owner, result, progress.isMarked).catch(() => undefined);
    return result;
  } catch (error) {
    // Once marked, something may have been sent: the mark stays, and later requests get UNKNOWN.
    if (!progress.isMarked) await store.release(key, owner).catch(() => undefined);
    throw error;
  }
}

/**
 * Stores a final result, and releases the key after any other. If the store fails, the mark SENT stays and later
 * requests get UNKNOWN. If the key cannot be released because its lease has expired, another request may have got
 * UNKNOWN already: then the result is stored, because a key that was reported as UNKNOWN is never sent again.
 */
async function storeOrRelease<Result>(
  store: KeyStore,
  write: IdempotentRun<Result>,
  key: string,
  owner: string,
  result: Result,
  isMarked: boolean,
): Promise<void> {
  if (!write.isFinal(result)) {
    const released = store.release(key, owner);
    // If a release fails after the mark, store the result: it says more than UNKNOWN. Unmarked leases just expire.
    if (await (isMarked ? released.catch(() => false) : released)) return;
  }
  await store.finish(key, owner, JSON.stringify(result));
}

// ---------------------------------------------------------------- failures

async function orUnavailable<Value>(promise: Promise<Value>): Promise<Value> {
  try {
    return await promise;
  } catch {
    const message = 'The idempotency store is unreachable; nothing was sent. Retry with the same idempotencyKey.';
    throw keyFailure('key-store-unavailable', message);
  }
}

function keyReused(): Failure {
  const message = 'This idempotencyKey was already used with other arguments; nothing was sent. Use a new key.';
  return keyFailure('key-reused', message);
}

function inFlight(): Failure {
  const message = 'A write with this idempotencyKey is in progress; nothing was sent. Retry with the same key.';
  return keyFailure('key-in-flight', message, Math.ceil(LEASE_MS / 1_000));
}

function keyFailure(kind: FailureKind, message: string, retryAfterSeconds?: number): Failure {
  const details = { kind, message, field: ['idempotencyKey'] };
  return new Failure(retryAfterSeconds === undefined ? details : { ...details, retryAfterSeconds });
}

// ---------------------------------------------------------------- fingerprints

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/**
 * JSON with sorted keys, so that the order of arguments does not matter.
 *
 * @param isIncluded which members of an object count. Defaults to all but `undefined` ones.
 */
export function toCanonicalJson(value: unknown, isIncluded: (member: unknown) => boolean = isDefined): string {
  if (Array.isArray(value)) return `[${value.map((entry) => toCanonicalJson(entry, isIncluded)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => isIncluded(member))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${toCanonicalJson(member, isIncluded)}`);
  return `{${members.join(',')}}`;
}

function isDefined(member: unknown): boolean {
  return member !== undefined;
}

/** For fingerprints in the form of earlier releases, which treated null as absent. */
function isNotNull(member: unknown): boolean {
  return member !== undefined && member !== null;
}
