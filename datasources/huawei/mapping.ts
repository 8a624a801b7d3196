/** Maps Huawei Cloud's documents to ours, and ours to its. Pure functions. */
import type * as Schema from '../../schema/__generated__/types.ts';
import type { ListFilter, StatusCategory } from '../contract.ts';
import { toInteger } from '../vendor-kit/action-input.ts';
import { toGlobalId } from '../vendor-kit/global-id.ts';
import { asInstant, asInteger } from '../vendor-kit/coerce.ts';
import { onlyGiven } from '../vendor-kit/request.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';
import { defineWords } from '../vendor-kit/words.ts';
import type { WireCase } from './wire.ts';

export type HuaweiTicket = Omit<Schema.HuaweiTicket, 'availableActions' | 'sourceSystem'>;

/**
 * Also documented: 12 invalid and 13 deleted, for which there is no category.
 * https://support.huaweicloud.com/api-ticket/ShowCaseStatus.html
 */
const STATUSES = defineWords<StatusCategory>(
  'huawei',
  'status',
  [
    ['0', 'NEW'],
    ['1', 'OPEN'],
    ['2', 'PENDING'],
    ['3', 'CLOSED'],
    ['4', 'CANCELLED'],
    ['5', 'ON_HOLD'],
    ['17', 'PENDING'],
  ],
  // A number may be padded, or written as 3.0 by JSON.
  { fold: (word) => String(asInteger(word) ?? word), meaningless: ['12', '13'] },
);

const OWNERS = defineWords('huawei', 'businessOwnership', [
  ['0', 'huawei'],
  ['1', 'partner'],
  ['2', 'isv'],
]);

/** What the fields of a ticket depend on besides its case. */
export interface TicketContext {
  readonly sourceKey: string;
  /** The `X-Time-Zone` of requests: the zone of times without one. */
  readonly timeZone: string;
}

/** Lazy, since most requests read few fields. */
export const toTicket = defineLazyRecord<WireCase, HuaweiTicket, TicketContext>({
  __typename: () => 'HuaweiTicket',
  id: ({ incident_id }, { sourceKey }) => toGlobalId(sourceKey, incident_id),
  vendor: () => 'HUAWEI',
  nativeId: ({ incident_id }) => incident_id,
  reference: ({ incident_id }) => incident_id,
  title: ({ simple_description }) => firstLine(simple_description),
  status: ({ status }) => toStatus(status),
  createdAt: ({ create_time }, { timeZone }) => toInstant(create_time, timeZone),
  updatedAt: () => null,
  statusCode: ({ status }) => asInteger(status),
  description: ({ simple_description }) => simple_description,
  businessType: ({ business_type_name }) => business_type_name,
  incidentType: ({ incident_type_name }) => incident_type_name,
  incidentServiceType: ({ incident_service_type }) => incident_service_type,
  productCategory: ({ product_category_name }) => product_category_name,
  customerId: ({ customer_id }) => customer_id,
  subCustomerId: ({ xcustomer_id }) => xcustomer_id,
  subCustomerName: ({ xcustomer_name }) => xcustomer_name,
  dataCenter: ({ dc_name }) => dc_name,
  severity: ({ severity_name }) => severity_name,
  source: ({ source_name }) => source_name,
  businessOwnership: ({ business_ownership }) =>
    business_ownership && (OWNERS.find(business_ownership) ?? business_ownership),
  rootCause: ({ root_cause }) => root_cause,
  resolution: ({ resolution }) => resolution,
  confirmedAt: ({ confirmed_time }, { timeZone }) => toInstant(confirmed_time, timeZone),
  judgement: ({ judgement }) => judgement,
  labels: ({ label_list }) => label_list,
});

export function toStatus(raw: string): Schema.TicketStatus {
  return { __typename: 'TicketStatus', category: STATUSES.find(raw), raw };
}

function toInstant(value: unknown, timeZone: string): string | null {
  return asInstant(value, () => toOffsetMinutes(timeZone));
}

/**
 * Returns the minutes east of UTC for e.g. `GMT+8` or `UTC-03:30`. Returns NaN for any other zone, so that times become
 * null.
 */
export function toOffsetMinutes(timeZone: string): number {
  const match = /^(?:GMT|UTC)(?:([+-])(0?\d|1[0-4])(?::?([0-5]\d))?)?$/i.exec(timeZone);
  if (!match) return Number.NaN;
  const [, sign, hours = '0', minutes = '0'] = match;
  const offset = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -offset : offset;
}

/** The part of a filter that Huawei Cloud's list can apply. */
export interface WireFilter {
  readonly status?: string;
  readonly search_key?: string;
  readonly unapplied: readonly (keyof ListFilter)[];
}

/** Returns `undefined` if no case can match. The list takes one status number; several are not documented. */
export function fromFilter({ categories, search }: ListFilter): WireFilter | undefined {
  const search_key = search?.trim() ? { search_key: search } : {};
  if (!categories) return { ...search_key, unapplied: [] };
  const [status, ...others] = [...STATUSES].flatMap(([word, known]) => (categories.includes(known) ? word : []));
  if (status === undefined) return undefined;
  if (others.length > 0) return { ...search_key, unapplied: ['categories'] };
  return { ...search_key, status, unapplied: [] };
}

/** Validated `inputs` of an action. */
export interface CaseInputs {
  readonly judgement?: string | null;
  /** An id may be given as a number. It is sent as a string. */
  readonly groupId?: string | number | null;
  readonly satisfaction?: readonly Satisfaction[] | null;
}

/** Numbers may be given as strings, as form fields are. */
export interface Satisfaction {
  readonly value?: number | string | null;
  readonly satisfactionId: number | string;
  readonly satisfactionValue: number | string;
  readonly satisfactionName?: string | null;
  readonly perValue?: number | string | null;
  readonly satCategoryId?: string | null;
  readonly satCategoryName?: string | null;
}

/**
 * Builds the body of an action from the given inputs. The documented example shows `incident_satisfaction_list` as an
 * object; the documented table and the vendor's SDK define a list.
 * https://support.huaweicloud.com/en-us/api-ticket/UpdateCases.html
 */
export function fromAction({ judgement, groupId, satisfaction }: CaseInputs, comment?: string | null): string {
  const body = {
    judgement,
    operate_desc: comment,
    group_id: groupId,
    incident_satisfaction_list: satisfaction?.map(fromSatisfaction),
  };
  return JSON.stringify(onlyGiven<unknown>(body));
}

function fromSatisfaction(entry: Satisfaction): Readonly<Record<string, unknown>> {
  return onlyGiven<unknown>({
    value: toInteger(entry.value),
    satisfaction_id: toInteger(entry.satisfactionId),
    satisfaction_value: toInteger(entry.satisfactionValue),
    satisfaction_name: entry.satisfactionName,
    per_value: toInteger(entry.perValue),
    sat_category_id: entry.satCategoryId,
    sat_category_name: entry.satCategoryName,
  });
}

/** Returns the first line that is not empty. */
function firstLine(text: string | null): string | null {
  return /\S[^\r\n]*/.exec(text ?? '')?.[0].trimEnd() ?? null;
}
