/** A credential that lives for a while: when it is obtained, and what becomes of a sign-in that does not succeed. */
import { describe, expect, test } from 'vitest';
import type { RequestScope, FailureKind } from '../../../datasources/contract.ts';
import { createCredential, signInWith, type Obtained } from '../../../datasources/vendor-kit/credential.ts';
import { Failure } from '../../../datasources/vendor-kit/failure.ts';

const call: RequestScope = { signal: new AbortController().signal, deadlineAt: Infinity, requestKey: {} };
const REFUSAL = 'Acme refused the sign-in; check ACME_PASSWORD.';
const LIFE_MS = 60_000;

/** A vendor's sign-in that gives, or throws, each of `ends` in turn. */
function createWorld(...ends: readonly (string | Error)[]) {
  const clock = { now: 1_000_000 };
  let count = 0;
  const obtain = async (): Promise<Obtained<string>> => {
    const end = ends[count];
    count += 1;
    if (end === undefined) throw new TypeError(`unexpected sign-in number ${count}`);
    if (end instanceof Error) throw end;
    return { value: end, useUntil: clock.now + LIFE_MS };
  };
  const credential = createCredential(obtain, () => clock.now, REFUSAL);
  return { clock, credential, get: async () => credential.get(call), count: () => count };
}

const REFUSED: readonly FailureKind[] = ['rejected', 'not-found', 'forbidden', 'unauthenticated', 'protocol'];
const PASSING: readonly FailureKind[] = ['unavailable', 'timeout', 'overloaded'];

describe('a sign-in', () => {
  test.each(REFUSED)('that fails as %s is told as refused, never as what it would mean for a ticket', async (kind) => {
    const { get } = createWorld(new Failure({ kind, upstreamStatus: 404, upstreamCode: 'E1' }));
    await expect(get()).rejects.toMatchObject({
      details: { kind: 'unauthenticated', message: REFUSAL, upstreamStatus: 404, upstreamCode: 'E1' },
    });
  });

  test('keeps the message of whoever knew better why it was refused', async () => {
    const { get } = createWorld(new Failure({ kind: 'unauthenticated', message: 'A task is pending.' }));
    await expect(get()).rejects.toMatchObject({ details: { message: 'A task is pending.' } });
  });

  test.each(PASSING)('that fails as %s goes on as it is, and is tried again by the next call', async (kind) => {
    const failure = new Failure({ kind });
    const { get, count } = createWorld(failure, 'token');
    await expect(get()).rejects.toBe(failure);
    expect(await get()).toBe('token');
    expect(count()).toBe(2);
  });

  test('that is rate limited with Retry-After is tried again by the next call, which the upstream holds back', async () => {
    const failure = new Failure({ kind: 'rate-limited', retryAfterSeconds: 7 });
    const { get, count } = createWorld(failure, 'token');
    await expect(get()).rejects.toBe(failure);
    expect(await get()).toBe('token');
    expect(count()).toBe(2);
  });

  test.each([undefined, 0])(
    'that is limited without such a time (%s) is tried again after five seconds',
    async (told) => {
      const limited = new Failure({ kind: 'rate-limited', ...(told !== undefined && { retryAfterSeconds: told }) });
      const { clock, get, count } = createWorld(limited, 'token');
      for (let time = 0; time < 3; time += 1) {
        await expect(get()).rejects.toMatchObject({ details: { kind: 'rate-limited', retryAfterSeconds: 5 } });
      }
      expect(count()).toBe(1);
      clock.now += 5_000;
      expect(await get()).toBe('token');
    },
  );

  test('with a defect of ours is neither hidden nor held against the password', async () => {
    const { get } = createWorld(new TypeError('ours'), 'token');
    await expect(get()).rejects.toThrow('ours');
    expect(await get()).toBe('token');
  });
});

describe('a refused sign-in', () => {
  test('is answered to all who ask in the next five seconds, and tried again after them', async () => {
    const { clock, get, count } = createWorld(new Failure({ kind: 'rejected' }), 'token');
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

  test('counts its five seconds anew after each try', async () => {
    const { clock, get, count } = createWorld(new Failure({ kind: 'rejected' }), new Failure({ kind: 'forbidden' }));
    for (const seconds of [0, 3, 3, 3]) {
      clock.now += seconds * 1_000;
      await expect(get()).rejects.toBeInstanceOf(Failure);
    }
    expect(count()).toBe(2);
  });

  test('is not held for an hour where the clock is set back by one', async () => {
    const { clock, get } = createWorld(new Failure({ kind: 'rejected' }), 'token');
    await expect(get()).rejects.toBeInstanceOf(Failure);
    clock.now -= 3_600_000;
    expect(await get()).toBe('token');
  });

  test('does not touch a credential that lives: it follows the one that was refused', async () => {
    const { credential, get, count } = createWorld('one', new Failure({ kind: 'rejected' }));
    expect(await get()).toBe('one');
    credential.drop('another');
    expect(await get()).toBe('one');
    credential.drop('one');
    await expect(get()).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(get()).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(count()).toBe(2);
  });
});

test('a sign-in by such a credential gives one signature for it, and another one after it was refused', async () => {
  const { credential, count } = createWorld('one', 'two');
  const toAuthHeaders = (token: string) => ({ headers: { 'x-token': token } });
  const signIn = signInWith(credential, toAuthHeaders, toAuthHeaders('REDACTED'));
  const first = await signIn.authorize(call);
  expect(first).toEqual({ headers: { 'x-token': 'one' } });
  expect(await signIn.authorize(call)).toBe(first);
  expect(signIn.invalidate!(first)).toBe(true);
  const second = await signIn.authorize(call);
  expect(second).toEqual({ headers: { 'x-token': 'two' } });
  // Others were refused with the first one as well.
  expect(signIn.invalidate!(first)).toBe(true);
  expect(await signIn.authorize(call)).toBe(second);
  expect(count()).toBe(2);
  expect(signIn.preview).toEqual({ headers: { 'x-token': 'REDACTED' } });
});
