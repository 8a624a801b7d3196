/**
 * Sign-in: a token of IAM in `X-Auth-Token`. Either it is given, or IAM gives it out for a password.
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 */
import type { Call, SignIn, Upstream, UpstreamRequest } from '../contract.ts';
import { createCredential, type Obtained } from '../kernel/credential.ts';
import { Failure } from '../kernel/failure.ts';
import { parseJson } from '../kernel/json.ts';
import { asInstant } from '../kernel/reading.ts';
import { withHeaders } from '../kernel/request.ts';
import { toWireExpiry } from './wire.ts';

const HEADER = 'X-Auth-Token';

/** What a token is made of, as it travels in a header. */
export const TOKEN = /^[\x21-\x7e]+$/;

/** How long IAM says that a token lives. */
const LIFE_MS = 24 * 60 * 60 * 1000;

/** A token about to end may fail a call under way: stop so long before, or a tenth of its life where that is less. */
const MARGIN_MS = 5 * 60 * 1000;

export interface Account {
  readonly domain: string;
  readonly username: string;
  readonly password: string;
}

/** A token that somebody else renews. */
export function createTokenSignIn(token: string): SignIn {
  return { sign: (request) => ({ request: withToken(request, token), credential: token }), preview };
}

/** @param iam connected to IAM, without a sign-in of its own. */
export function createIamSignIn(iam: Upstream, account: Account, now: () => number): SignIn {
  const credential = createCredential((call) => obtainToken(iam, account, now, call), now);
  return {
    async sign(request, call) {
      const token = await credential.get(call);
      return { request: withToken(request, token), credential: token };
    },
    preview,
    renew(refused) {
      credential.drop(refused);
      return true;
    },
  };
}

/** POST /v3/auth/tokens: the token is in the header `X-Subject-Token` of a 201. */
async function obtainToken(iam: Upstream, account: Account, now: () => number, call: Call): Promise<Obtained<string>> {
  const { status, headers, text } = await iam.read(tokenRequest(account), call);
  const token = headers['x-subject-token'];
  if (status !== 201 || typeof token !== 'string' || !TOKEN.test(token)) {
    const message = 'Huawei Cloud IAM answered our sign-in without a token in X-Subject-Token; check HUAWEI_IAM_URL.';
    throw new Failure({ kind: 'protocol', message, upstreamStatus: status });
  }
  const end = asInstant(toWireExpiry(parseJson(text)));
  const lifeMs = end === null ? LIFE_MS : Date.parse(end) - now();
  return { value: token, useUntil: now() + lifeMs - Math.min(MARGIN_MS, lifeMs / 10) };
}

function tokenRequest({ domain, username, password }: Account): UpstreamRequest {
  const user = { domain: { name: domain }, name: username, password };
  const identity = { methods: ['password'], password: { user } };
  return {
    method: 'POST',
    path: '/v3/auth/tokens',
    headers: { Accept: 'application/json', 'Content-Type': 'application/json;charset=utf8' },
    body: JSON.stringify({ auth: { identity, scope: { domain: { name: domain } } } }),
  };
}

function withToken(request: UpstreamRequest, token: string): UpstreamRequest {
  return withHeaders(request, { [HEADER]: token }, [HEADER]);
}

function preview(request: UpstreamRequest): UpstreamRequest {
  return withHeaders(request, { [HEADER]: 'REDACTED' });
}
