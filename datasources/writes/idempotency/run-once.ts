/**
 * Runs a write at most once per key: leases the key, stores the mark SENT before the first byte, keeps the result, and
 * gives it to whoever asks again with the same key and arguments.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestScope, FailureKind } from '../../contract.ts';
import { Failure, invalidInput } from '../../vendor-kit/failure.ts';
import { keepLease } from './lease-renewal.ts';
import { LEASE_MS, toFingerprint, type KeyStore, type Lease } from './store.ts';

export interface IdempotentRun<Result> {
  /** Who asks: a key is never shared between callers. */
  readonly caller: string;
  readonly mutation: string;
  /** As the caller gave it. */
  readonly key: string;
  /** What would be sent, without what may differ between two tries of the same write. */
  readonly sending: unknown;
  /** The arguments that count: all but the key itself and what changes nothing upstream. */
  readonly argumentsOf: unknown;
  /** Does it. `beforeSending` has to be awaited before the first byte. */
  run(beforeSending: () => Promise<void>): Promise<Result>;
  /** Whether the result is to be given again, or the key is free for another try. */
  isFinal(result: Result): boolean;
  /** The result if another attempt sent it and never stored what became of it. */
  orphaned(): Result;
}

/** How long a caller waits for another's write with the same key: longer than the key of a dead owner needs. */
const MAX_WAIT_MS = 10_000;

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
  keyed: IdempotentRun<Result>,
  call: RequestScope,
): Promise<{ result: Result; isReplayed: boolean }> {
  const owner = randomUUID();
  const key = hash(canonical([keyed.caller, keyed.mutation, keyed.key]));
  const lease = await leaseWithin(store, key, keyed, owner, call);
  if (lease.state === 'done') return { result: JSON.parse(lease.result) as Result, isReplayed: true };
  if (lease.state === 'abandoned') return { result: keyed.orphaned(), isReplayed: true };
  const letGo = keepLease(store, key, owner);
  try {
    return { result: await runLeased(store, keyed, key, owner), isReplayed: false };
  } finally {
    letGo();
  }
}

async function runLeased<Result>(
  store: KeyStore,
  keyed: IdempotentRun<Result>,
  key: string,
  owner: string,
): Promise<Result> {
  const phase = { isMarked: false };
  const mark = async (): Promise<void> => {
    const isOurs = await orUnavailable(store.markSent(key, owner, LEASE_MS));
    if (!isOurs) throw inFlight();
    phase.isMarked = true;
  };
  // A write to many is sent side by side: all of them wait for the one mark.
  let marking: Promise<void> | undefined;
  const beforeSending = (): Promise<void> => (marking ??= mark());
  try {
    const result = await keyed.run(beforeSending);
    await keep(store, keyed, key, owner, result, phase.isMarked).catch(() => undefined);
    return result;
  } catch (error) {
    // After the mark it is not known what was sent: the mark stays, and a later caller gets UNKNOWN.
    if (!phase.isMarked) await store.release(key, owner).catch(() => undefined);
    throw error;
  }
}

/**
 * What was not sent, and may be tried again with this key, leaves no trace. The rest is kept; a store that fails now
 * keeps the mark SENT, for which a later caller is given UNKNOWN. So does what may be tried again, if its lease ran out
 * meanwhile: another caller may have UNKNOWN for it, and no key whose caller has that is ever sent again.
 */
async function keep<Result>(
  store: KeyStore,
  keyed: IdempotentRun<Result>,
  key: string,
  owner: string,
  result: Result,
  isMarked: boolean,
): Promise<void> {
  if (!keyed.isFinal(result)) {
    const released = store.release(key, owner);
    // A store that is down frees nothing: what was sent is kept then, as UNKNOWN would say less. The rest runs out.
    if (await (isMarked ? released.catch(() => false) : released)) return;
  }
  await store.finish(key, owner, JSON.stringify(result));
}

/** Leases the key, waiting for another that holds it as long as the caller's time allows, within bounds. */
async function leaseWithin<Result>(
  store: KeyStore,
  key: string,
  { sending, argumentsOf }: IdempotentRun<Result>,
  owner: string,
  call: RequestScope,
): Promise<Exclude<Lease, { state: 'running' | 'other-arguments' }>> {
  const fingerprint = toFingerprint(hash(canonical(sending)), hash(canonical(argumentsOf)));
  const earlier = hash(canonical(argumentsOf, isGiven));
  const endAt = Math.min(call.deadlineAt, performance.now() + MAX_WAIT_MS);
  for (let poll = 0; ; poll += 1) {
    const lease = await orUnavailable(store.lease(key, fingerprint, owner, LEASE_MS, earlier));
    if (lease.state === 'other-arguments') {
      throw refusal(
        'key-reused',
        'This idempotencyKey was used with other arguments; take a new key. Nothing was sent.',
      );
    }
    if (lease.state !== 'running') return lease;
    const waitMs = POLL_MS[Math.min(poll, POLL_MS.length - 1)]!;
    if (call.signal.aborted || endAt - performance.now() <= waitMs) throw inFlight();
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

function inFlight(): Failure {
  const message = 'A write with this idempotencyKey is under way; nothing was sent now. Ask again with the same key.';
  return refusal('key-in-flight', message, Math.ceil(LEASE_MS / 1_000));
}

function refusal(kind: FailureKind, message: string, retryAfterSeconds?: number): Failure {
  const facts = { kind, message, field: ['idempotencyKey'] };
  return new Failure(retryAfterSeconds === undefined ? facts : { ...facts, retryAfterSeconds });
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/**
 * JSON with keys in order, so that the same arguments written in another order are the same.
 *
 * @param counts which members of an object count; defaults to all but undefined ones.
 */
function canonical(value: unknown, counts: (entry: unknown) => boolean = isDefined): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonical(entry, counts)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .filter(([, entry]) => counts(entry))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry, counts)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value);
}

const isDefined = (entry: unknown): boolean => entry !== undefined;

/** As fingerprints of the first form have it: null was the same as nothing. */
const isGiven = (entry: unknown): boolean => entry !== undefined && entry !== null;
