/** Credentials with an expiry: when they are obtained, and how failed sign-ins are handled. */
import { describe, expect, test } from 'vitest';
import type { RequestScope, FailureKind } from '../../../datasources/contract.ts';
import { createCredential, signInWith, type Obtained } from '../../../datasources/vendor-kit/credential.ts';
import { Failure } from '../../../datasources/vendor-kit/failure.ts';

const call: RequestScope = { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };
const REJECTION = 'Acme rejected the sign-in; check ACME_PASSWORD.';
const LIFE_MS = 60_000;

/** A credential whose sign-ins return, or throw, each of `results` in turn. */
function createTestCredential(...results: readonly (string | Error)[]) {
  const clock = { now: 1_000_000 };
  let count = 0;
  const obtain = async (): Promise<Obtained<string>> => {
    const result = results[count];
    count += 1;
    if (result === undefined) throw new TypeError(`unexpected sign-in number ${count}`);
    if (result instanceof Error) throw result;
    return { value: result, useUntil: clock.now + LIFE_MS };
  };
  const credential = createCredential(obtain, () => clock.now, REJECTION);
  return { clock, credential, get: async () => credential.get(call), count: () => count };
}

const REJECTED: readonly FailureKind[] = ['rejected', 'not-found', 'forbidden', 'unauthenticated', 'protocol'];
const TRANSIENT: readonly FailureKind[] = ['unavailable', 'timeout', 'overloaded'];

describe('failed sign-ins', () => {
  test.each(REJECTED)(
    'a sign-in that fails as %s is reported as unauthenticated, never as a failure of the ticket',
    async (kind) => {
      const { get } = createTestCredential(new Failure({ kind, upstreamStatus: 404, upstreamCode: 'E1' }));
      await expect(get()).rejects.toMatchObject({
        details: { kind: 'unauthenticated', message: REJECTION, upstreamStatus: 404, upstreamCode: 'E1' },
      });
    },
  );

  test('a sign-in that fails as unauthenticated keeps its own message', async () => {
    const { get } = createTestCredential(new Failure({ kind: 'unauthenticated', message: 'A task is pending.' }));
    await expect(get()).rejects.toMatchObject({ details: { message: 'A task is pending.' } });
  });

  test.each(TRANSIENT)(
    'a sign-in that fails as %s is reported unchanged, and the next call signs in again',
    async (kind) => {
      const failure = new Failure({ kind });
      const { get, count } = createTestCredential(failure, 'token');
      await expect(get()).rejects.toBe(failure);
      expect(await get()).toBe('token');
      expect(count()).toBe(2);
    },
  );

  test('a rate limited sign-in with Retry-After is retried by the next call, which the upstream client delays', async () => {
    const failure = new Failure({ kind: 'rate-limited', retryAfterSeconds: 7 });
    const { get, count } = createTestCredential(failure, 'token');
    await expect(get()).rejects.toBe(failure);
    expect(await get()).toBe('token');
    expect(count()).toBe(2);
  });

  test.each([undefined, 0])(
    'a rate limited sign-in without Retry-After (%s) is retried after five seconds',
    async (retryAfterSeconds) => {
      const limited = new Failure({
        kind: 'rate-limited',
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      });
      const { clock, get, count } = createTestCredential(limited, 'token');
      for (let attempt = 0; attempt < 3; attempt += 1) {
        await expect(get()).rejects.toMatchObject({ details: { kind: 'rate-limited', retryAfterSeconds: 5 } });
      }
      expect(count()).toBe(1);
      clock.now += 5_000;
      expect(await get()).toBe('token');
    },
  );

  test('a sign-in with an unexpected error rethrows it, and the next call signs in again', async () => {
    const { get } = createTestCredential(new TypeError('internal error'), 'token');
    await expect(get()).rejects.toThrow('internal error');
    expect(await get()).toBe('token');
  });
});

describe('rejected sign-ins', () => {
  test('a rejected sign-in fails all calls in the next five seconds, and is retried after them', async () => {
    const { clock, get, count } = createTestCredential(new Failure({ kind: 'rejected' }), 'token');
    const first: unknown = await get().catch((error: unknown) => error);
    clock.now += 4_999;
    await expect(Promise.allSettled([get(), get()])).resolves.toEqual([
      { status: 'rejected', reason: first },
      { status: 'rejected', reason: first },
    ]);
    expect(count()).toBe(1);
    clock.now += 1;
    expect(await get()).toBe('token');
    expect(count()).toBe(2);
  });

  test('each rejected sign-in restarts the five seconds', async () => {
    const { clock, get, count } = createTestCredential(
      new Failure({ kind: 'rejected' }),
      new Failure({ kind: 'forbidden' }),
    );
    for (const seconds of [0, 3, 3, 3]) {
      clock.now += seconds * 1_000;
      await expect(get()).rejects.toBeInstanceOf(Failure);
    }
    expect(count()).toBe(2);
  });

  test('a rejected sign-in is retried if the clock is set back', async () => {
    const { clock, get } = createTestCredential(new Failure({ kind: 'rejected' }), 'token');
    await expect(get()).rejects.toBeInstanceOf(Failure);
    clock.now -= 3_600_000;
    expect(await get()).toBe('token');
  });

  test('dropping another credential keeps the current one, and dropping the current one signs in again', async () => {
    const { credential, get, count } = createTestCredential('one', new Failure({ kind: 'rejected' }));
    expect(await get()).toBe('one');
    credential.drop('another');
    expect(await get()).toBe('one');
    credential.drop('one');
    await expect(get()).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(get()).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(count()).toBe(2);
  });
});

test('an authenticator reuses the headers of a credential until they are invalidated', async () => {
  const { credential, count } = createTestCredential('one', 'two');
  const toHeaders = (token: string) => ({ headers: { 'x-token': token } });
  const signIn = signInWith(credential, toHeaders, toHeaders('REDACTED'));
  const first = await signIn.authorize(call);
  expect(first).toEqual({ headers: { 'x-token': 'one' } });
  expect(await signIn.authorize(call)).toBe(first);
  expect(signIn.invalidate!(first)).toBe(true);
  const second = await signIn.authorize(call);
  expect(second).toEqual({ headers: { 'x-token': 'two' } });
  // Several calls may be rejected with the first headers.
  expect(signIn.invalidate!(first)).toBe(true);
  expect(await signIn.authorize(call)).toBe(second);
  expect(count()).toBe(2);
  expect(signIn.preview).toEqual({ headers: { 'x-token': 'REDACTED' } });
});
