/**
 * Huawei Cloud's documents in its own spelling, reduced to the fields in use. A response is validated on arrival; a
 * case's fields are converted when they are read.
 */
import type { UpstreamAnswer } from '../contract.ts';
import { Failure, unexpectedResponse } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { readListed, type Envelope, type RowPlaces } from '../vendor-kit/page.ts';
import { asInstant, asInteger, asObject, asText, readList, readOne } from '../vendor-kit/coerce.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';

/** A case id: letters, digits and hyphens. The allowed characters are not documented. */
export const CASE_ID = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

/** The documented forms: `TS-123456`, `TT201801010000`. */
const DOCUMENTED_ID = /^(?:TS-|TT)[0-9]+$/i;

/**
 * Returns documented forms in upper case, as written by Huawei Cloud. Others are unchanged: their case may be
 * significant.
 */
export function toCanonicalId(caseId: string): string {
  return DOCUMENTED_ID.test(caseId) ? caseId.toUpperCase() : caseId;
}

/** Characters of a token in a header. */
export const TOKEN = /^[\x21-\x7e]+$/;

/**
 * A case, from the list or read alone. Each returns some fields that the other does not. `@optional`: may be missing,
 * according to the pages; `ticketgraph verify` reports any other that is.
 * https://support.huaweicloud.com/eu/api-ticket/ListCases.html
 * https://support.huaweicloud.com/eu/api-ticket/ShowCaseDetail.html
 */
export interface WireCase {
  /** @optional in a case that is read alone. */
  readonly incident_id: string;
  readonly status: string;
  readonly simple_description: string | null;
  readonly create_time: unknown;
  readonly business_type_name: string | null;
  readonly incident_type_name: string | null;
  /** @optional */
  readonly incident_service_type: string | null;
  /** @optional */
  readonly product_category_name: string | null;
  readonly customer_id: string | null;
  /** @optional */
  readonly xcustomer_id: string | null;
  /** @optional */
  readonly xcustomer_name: string | null;
  readonly dc_name: string | null;
  /** @optional */
  readonly severity_name: string | null;
  readonly source_name: string | null;
  /** @optional */
  readonly business_ownership: string | null;
  /** @optional */
  readonly root_cause: string | null;
  /** @optional */
  readonly resolution: string | null;
  /** @optional */
  readonly confirmed_time: unknown;
  readonly judgement: string | null;
  /** @optional */
  readonly label_list: readonly string[] | null;
}

export interface WireCaseList extends RowPlaces {
  readonly cases: readonly WireCase[];
  readonly total_count: number | null;
}

/**
 * Parses a single case. Returns `undefined` if the response is empty. `incident_id` is optional in it, so it defaults
 * to the requested id.
 */
export function parseCase(body: unknown, caseId: string): WireCase | undefined {
  const outer = body === undefined ? undefined : readOne(body);
  if (outer === null) return undefined;
  const detail = outer && 'incident_detail_info' in outer ? readOne(outer['incident_detail_info']) : undefined;
  if (detail === null) return undefined;
  if (!detail) throw unexpectedResponse('case');
  return lazyCase(detail, asText(detail['incident_id']) ?? caseId);
}

/** A successful response may contain the error members, without a value. */
const ENVELOPE: Envelope = { lists: ['incident_info_list'], others: ['total_count', 'error_code', 'error_msg'] };

export function parseCaseList(body: unknown): WireCaseList {
  const list = readListed(body, ENVELOPE, readEntry);
  if (!list) throw unexpectedResponse('list of cases');
  const { items: cases, envelope, ...places } = list;
  return { cases, ...places, total_count: asInteger(envelope['total_count']) };
}

/** Parses the response of the status endpoint: https://support.huaweicloud.com/en-us/api-ticket/ShowCaseStatus.html */
export function parseStatus(body: unknown): string {
  const status = asText(readOne(body)?.['status']);
  if (status === null) throw unexpectedResponse('status');
  return status;
}

export interface WireToken {
  readonly token: string;
  /** Expiry time in ISO 8601. Null if IAM returns none. */
  readonly endsAt: string | null;
}

/**
 * Parses IAM's response: a 201 with the token in a header.
 * https://support.huaweicloud.com/intl/en-us/api-iam/iam_30_0001.html
 *
 * @throws Failure `protocol` if there is no valid token.
 */
export function parseToken({ status, headers, text }: UpstreamAnswer): WireToken {
  const token = headers['x-subject-token'];
  if (status !== 201 || typeof token !== 'string' || !TOKEN.test(token)) {
    const message = 'Huawei Cloud IAM returned no valid token in X-Subject-Token. Check HUAWEI_IAM_URL.';
    throw new Failure({ kind: 'protocol', message, upstreamStatus: status });
  }
  return { token, endsAt: asInstant(asObject(asObject(parseJson(text))?.['token'])?.['expires_at']) };
}

/** Reads an error's code and message in all spellings of Huawei Cloud's own SDK, also within `error` (IAM). */
export function readError(body: unknown): { code: string | null; message: string | null } {
  const outer = readOne(body);
  for (const error of [outer, readOne(outer?.['error'])]) {
    for (const [codeName, messageName] of SPELLINGS) {
      const code = readText(error?.[codeName]);
      const message = readText(error?.[messageName]);
      if (code !== null || message !== null) return { code, message };
    }
  }
  return { code: null, message: null };
}

const SPELLINGS = [
  ['error_code', 'error_msg'],
  ['errorCode', 'errorMsg'],
  ['code', 'message'],
] as const;

/** Whether the body is an error, whatever the HTTP status. */
export function isRejection(body: unknown): boolean {
  const object = readOne(body);
  return readText(object?.['error_code']) !== null || readText(object?.['errorCode']) !== null;
}

function readText(value: unknown): string | null {
  const text = asText(value)?.trim();
  return text === undefined || text === '' ? null : text;
}

function readEntry(value: unknown): WireCase | undefined {
  const entry = asObject(value);
  const id = asText(entry?.['incident_id']);
  return entry && id !== null ? lazyCase(entry, id) : undefined;
}

/** Lazy, since most requests read few fields. `incident_id` is a parameter, since the response may lack it. */
const lazyCase = defineLazyRecord<Readonly<Record<string, unknown>>, WireCase, string>({
  incident_id: (_, incident_id) => incident_id,
  status: ({ status }) => asText(status) ?? '',
  simple_description: ({ simple_description }) => asText(simple_description),
  create_time: ({ create_time }) => create_time,
  business_type_name: ({ business_type_name }) => asText(business_type_name),
  incident_type_name: ({ incident_type_name }) => asText(incident_type_name),
  incident_service_type: ({ incident_service_type }) => asText(incident_service_type),
  product_category_name: ({ product_category_name }) => asText(product_category_name),
  customer_id: ({ customer_id }) => asText(customer_id),
  xcustomer_id: ({ xcustomer_id }) => asText(xcustomer_id),
  xcustomer_name: ({ xcustomer_name }) => asText(xcustomer_name),
  dc_name: ({ dc_name }) => asText(dc_name),
  severity_name: ({ severity_name }) => asText(severity_name),
  source_name: ({ source_name }) => asText(source_name),
  business_ownership: ({ business_ownership }) => asText(business_ownership),
  root_cause: ({ root_cause }) => asText(root_cause),
  resolution: ({ resolution }) => asText(resolution),
  confirmed_time: ({ confirmed_time }) => confirmed_time,
  judgement: ({ judgement }) => asText(judgement),
  label_list: ({ label_list }) => readLabels(label_list),
});

function readLabels(value: unknown): readonly string[] | null {
  if (value === undefined || value === null) return null;
  return readList(value)?.flatMap((label) => asText(asObject(label)?.['name']) ?? []) ?? null;
}
