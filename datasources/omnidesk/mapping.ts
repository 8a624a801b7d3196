/** Maps Omnidesk's documents to ours, and ours to its. Pure functions. */
import type * as Schema from '../../schema/__generated__/types.ts';
import { toGlobalId } from '../vendor-kit/global-id.ts';
import { asInstant } from '../vendor-kit/coerce.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';
import { defineWords } from '../vendor-kit/words.ts';
import type { WireTicket } from './wire.ts';

export type OmnideskTicket = Omit<Schema.OmnideskTicket, 'availableActions' | 'sourceSystem'>;

/** Returns the minutes east of UTC at a wall-clock time, given in milliseconds as if it were UTC. */
export type ToOffsetMinutes = (wallClockMs: number) => number;

/** `undefined` for UTC. */
export type ZoneOffsets = ToOffsetMinutes | undefined;

/** Omnidesk's statuses, in documentation order. https://docs.omnidesk.io/omnidesk/api-specification/ticket */
export const STATUSES = defineWords<Schema.StatusCategory>(
  'omnidesk',
  'status',
  [
    ['new', 'NEW'],
    ['open', 'OPEN'],
    ['pending', 'PENDING'],
    ['holding', 'ON_HOLD'],
    ['solved', 'SOLVED'],
    ['closed', 'CLOSED'],
  ],
  { fold: toLowerCase },
);

/** Omnidesk's priorities, in documentation order. */
export const PRIORITIES = defineWords<Schema.Priority>(
  'omnidesk',
  'priority',
  [
    ['low', 'LOW'],
    ['medium', 'MEDIUM'],
    ['high', 'HIGH'],
    ['urgent', 'URGENT'],
  ],
  { fold: toLowerCase },
);

const DIRECTIONS = defineWords<Schema.Direction>(
  'omnidesk',
  'direction',
  [
    ['inbound', 'INBOUND'],
    ['outbound', 'OUTBOUND'],
  ],
  { fold: toLowerCase },
);

function toLowerCase(word: string): string {
  return word.toLowerCase();
}

/** What the fields of a ticket depend on besides its document. */
export interface TicketContext {
  readonly sourceKey: string;
  readonly toOffsetMinutes: ZoneOffsets;
}

/** Lazy, since most requests read few fields. */
export const toTicket = defineLazyRecord<WireTicket, OmnideskTicket, TicketContext>({
  __typename: () => 'OmnideskTicket',
  id: ({ id }, { sourceKey }) => toGlobalId(sourceKey, id),
  vendor: () => 'OMNIDESK',
  nativeId: ({ id }) => id,
  reference: ({ id }) => id,
  title: ({ title }) => title,
  status: ({ status }) => toStatus(status),
  createdAt: ({ created_at }, { toOffsetMinutes }) => asInstant(created_at, toOffsetMinutes),
  updatedAt: ({ last_update }, { toOffsetMinutes }) => asInstant(last_update, toOffsetMinutes),
  priority: ({ priority }) => toPriority(priority),
  closedAt: ({ closed_at }, { toOffsetMinutes }) => asInstant(closed_at, toOffsetMinutes),
  direction: ({ direction }) => DIRECTIONS.find(direction),
  from: ({ from }) => from,
  fromName: ({ from_name }) => from_name,
  to: ({ to }) => to,
  toName: ({ to_name }) => to_name,
  customerId: ({ customer_id }) => toId(customer_id),
  assignedGroupId: ({ assigned_group_id }) => toId(assigned_group_id),
  assignedUserId: ({ assigned_user_id }) => toId(assigned_user_id),
  brandId: ({ brand_id }) => toId(brand_id),
  brandName: ({ brand_name }) => brand_name,
  channelId: ({ channel_id }) => toId(channel_id),
  channelName: ({ channel_name }) => channel_name,
  channelAccountId: ({ channel_account_id }) => toId(channel_account_id),
  formId: ({ form_id }) => toId(form_id),
  externalId: ({ external_id }) => external_id,
  externalGuiUrl: ({ external_gui_url }) => toWebAddress(external_gui_url),
  gradeByCustomer: ({ grade_by_customer }) => grade_by_customer,
  lastUpdateAgent: ({ last_update_agent }, { toOffsetMinutes }) => asInstant(last_update_agent, toOffsetMinutes),
  lastUpdateCustomer: ({ last_update_customer }, { toOffsetMinutes }) =>
    asInstant(last_update_customer, toOffsetMinutes),
  slaPolicyId: ({ sla_policy_id }) => toId(sla_policy_id),
  slaNextBreach: ({ sla_next_breach }, { toOffsetMinutes }) => asInstant(sla_next_breach, toOffsetMinutes),
  slaNextBreachCurrentStatus: ({ sla_next_breach_current_status }) => sla_next_breach_current_status,
  snoozeTime: ({ snooze_time }, { toOffsetMinutes }) => asInstant(snooze_time, toOffsetMinutes),
});

export function toStatus(raw: string): Schema.TicketStatus {
  return { __typename: 'TicketStatus', category: STATUSES.find(raw), raw };
}

export function toPriority(word: string | null): Schema.Priority | null {
  return PRIORITIES.find(word);
}

/** Maps 0 to null: Omnidesk's id for "none". */
export function toId(id: string | null): string | null {
  return id === '0' ? null : id;
}

/** Returns Omnidesk's status for a category, or `undefined` for `CANCELLED`. */
export function fromCategory(category: Schema.StatusCategory): string | undefined {
  return [...STATUSES].find(([, known]) => known === category)?.[0];
}

/** Returns the URL if it is safe to use in a link, else null. */
function toWebAddress(text: string | null): string | null {
  return text !== null && /^https?:\/\//i.test(text) ? text : null;
}

const DAY_MS = 86_400_000;

/**
 * Returns the offsets of a time zone, including daylight saving time. A skipped time uses the offset before the
 * transition; a repeated time is the earlier one, as in https://tc39.es/proposal-temporal/docs/ambiguity.html
 */
export function createZoneOffsets(timeZone: string): ZoneOffsets {
  if (timeZone === 'UTC') return undefined;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const offsetAt = (instantMs: number): number => {
    const name = format.formatToParts(instantMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    return sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  };
  const find: ToOffsetMinutes = (wallClockMs) => {
    const before = offsetAt(wallClockMs - DAY_MS);
    const after = offsetAt(wallClockMs + DAY_MS);
    if (before === after) return before;
    return offsetAt(wallClockMs - before * 60_000) === before || offsetAt(wallClockMs - after * 60_000) !== after
      ? before
      : after;
  };
  return rememberQuarters(find);
}

const QUARTER_MS = 900_000;
const MAX_QUARTERS = 10_000;

/** Caches by quarter of an hour, the finest step of transitions: computing an offset dominates the cost of a ticket. */
function rememberQuarters(find: ToOffsetMinutes): ToOffsetMinutes {
  const known = new Map<number, number>();
  return (wallClockMs) => {
    const quarter = Math.floor(wallClockMs / QUARTER_MS);
    let offset = known.get(quarter);
    if (offset === undefined) {
      offset = find(quarter * QUARTER_MS);
      if (known.size >= MAX_QUARTERS) known.clear();
      known.set(quarter, offset);
    }
    return offset;
  };
}
