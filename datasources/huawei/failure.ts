/**
 * Maps Huawei Cloud's errors: an `error_code` in the body, with any status. Business errors are sent with a 200.
 * https://support.huaweicloud.com/eu/api-ticket/ErrorCode.html
 */
import type { ErrorMapper, FailureDetails } from '../contract.ts';
import { kindOfStatus } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { readError } from './wire.ts';

/** Codes with a more precise kind. Other codes are `rejected`, with the code kept. */
const KNOWN_CODES: ReadonlyMap<string, FailureDetails> = new Map([
  ['OSM.01010001', { kind: 'invalid-input', message: 'Huawei Cloud rejected a parameter as invalid.' }],
  ['OSM.01010002', { kind: 'forbidden', message: 'Huawei Cloud denied the account in use access to the case.' }],
  ['OSM.01010004', { kind: 'rate-limited', message: 'The case was urged recently. Try again later.' }],
  ['OSM.01010007', { kind: 'forbidden', message: 'The Huawei Cloud account has no role for service tickets.' }],
  ['OSM.01010011', { kind: 'unauthenticated', message: 'The Huawei Cloud token belongs to no customer.' }],
  [
    'OSM.01010013',
    {
      kind: 'invalid-input',
      message: 'Unknown action: Huawei Cloud supports cancel, close, press and delete.',
      field: ['action'],
    },
  ],
  ['OSM.01010015', { kind: 'not-found', message: 'Huawei Cloud has no such case.' }],
  ['OSM.0002', { kind: 'unauthenticated' }],
  ['OSM.0003', { kind: 'forbidden' }],
]);

/**
 * Prefix of the codes of the gateway in front of the service. Its 404 means a wrong URL, never a missing case.
 * https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html
 */
const GATEWAY = 'APIGW';

/** Statuses that take precedence over the code. */
const PLAIN_STATUSES: ReadonlySet<number> = new Set([401, 429]);

export const toFailure: ErrorMapper = ({ status, text }) => {
  const rejection = readError(parseJson(text));
  return { ...detailsOf(status, rejection.code), ...upstreamDetails(rejection) };
};

/**
 * Maps the errors of IAM, which has its own codes: only the status counts.
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 */
export const toSignInFailure: ErrorMapper = ({ status, text }) => ({
  kind: kindOfStatus(status),
  ...upstreamDetails(readError(parseJson(text))),
});

function upstreamDetails({ code, message }: ReturnType<typeof readError>): Omit<FailureDetails, 'kind'> {
  return { ...(code !== null && { upstreamCode: code }), ...(message !== null && { upstreamMessage: message }) };
}

function detailsOf(status: number, code: string | null): FailureDetails {
  if (status >= 500 || PLAIN_STATUSES.has(status)) return { kind: kindOfStatus(status) };
  if (status === 404 && code?.startsWith(GATEWAY)) {
    return { kind: 'rejected', message: 'The Huawei Cloud gateway has no such API. Check HUAWEI_URL.' };
  }
  return (code === null ? undefined : KNOWN_CODES.get(code)) ?? { kind: kindOfStatus(status) };
}
