/**
 * Huawei Cloud's way of saying no: an `error_code` in the body, with whatever status. Business errors come with a 200.
 * https://support.huaweicloud.com/eu/api-ticket/ErrorCode.html
 */
import type { ErrorMapper, FailureDetails } from '../contract.ts';
import { kindOfStatus } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { readRefusal } from './wire.ts';

/** What the codes mean that are not simply a no. The rest is `rejected`, with the code kept. */
const MEANINGS: ReadonlyMap<string, FailureDetails> = new Map([
  ['OSM.01010001', { kind: 'invalid-input', message: 'Huawei Cloud finds a parameter that does not fit.' }],
  ['OSM.01010002', { kind: 'forbidden', message: 'Huawei Cloud does not allow our account to do this to the case.' }],
  ['OSM.01010004', { kind: 'rate-limited', message: 'The case was urged a short while ago; press again later.' }],
  ['OSM.01010007', { kind: 'forbidden', message: 'Our Huawei Cloud account has no role in service tickets.' }],
  ['OSM.01010011', { kind: 'unauthenticated', message: 'Huawei Cloud finds no customer in our token.' }],
  [
    'OSM.01010013',
    {
      kind: 'invalid-input',
      message: 'Huawei Cloud does not know this action; it takes cancel, close, press and delete.',
      field: ['action'],
    },
  ],
  ['OSM.01010015', { kind: 'not-found', message: 'Huawei Cloud has no such case.' }],
  ['OSM.0002', { kind: 'unauthenticated' }],
  ['OSM.0003', { kind: 'forbidden' }],
]);

/**
 * Codes that begin so are the gateway's in front of the service. Its 404 is about our address, never about a case.
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html
 */
const GATEWAY = 'APIGW';

/** Statuses that say more than any code. */
const PLAIN_STATUSES: ReadonlySet<number> = new Set([401, 429]);

export const toFailure: ErrorMapper = ({ status, text }) => {
  const refusal = readRefusal(parseJson(text));
  return { ...meaningOf(status, refusal.code), ...wordsOf(refusal) };
};

/**
 * The same of IAM, whose codes are others: only the status decides.
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 */
export const toSignInFailure: ErrorMapper = ({ status, text }) => ({
  kind: kindOfStatus(status),
  ...wordsOf(readRefusal(parseJson(text))),
});

function wordsOf({ code, message }: ReturnType<typeof readRefusal>): Omit<FailureDetails, 'kind'> {
  return { ...(code !== null && { upstreamCode: code }), ...(message !== null && { upstreamMessage: message }) };
}

function meaningOf(status: number, code: string | null): FailureDetails {
  if (status >= 500 || PLAIN_STATUSES.has(status)) return { kind: kindOfStatus(status) };
  if (status === 404 && code?.startsWith(GATEWAY)) {
    return { kind: 'rejected', message: 'The gateway of Huawei Cloud has no such interface; check HUAWEI_URL.' };
  }
  return (code === null ? undefined : MEANINGS.get(code)) ?? { kind: kindOfStatus(status) };
}
