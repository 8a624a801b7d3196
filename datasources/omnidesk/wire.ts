/**
 * Omnidesk's documents in Omnidesk's spelling, reduced to the fields in use. A response is validated on arrival; a
 * ticket's fields are converted when they are read.
 */
import { unexpectedResponse } from '../vendor-kit/failure.ts';
import { readListed, type Envelope, type RowPlaces } from '../vendor-kit/page.ts';
import { asInteger, asObject, asText, readOne } from '../vendor-kit/coerce.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';

/** A ticket's number. Only digits: an id of `multi` would address the bulk delete. */
export const TICKET_ID = /^[1-9][0-9]{0,14}$/;

/** A ticket as documented at https://docs.omnidesk.io/omnidesk/ticket. Every value is a string, or null. */
export interface WireTicket {
  readonly id: string;
  readonly status: string;
  readonly assigned_group_id: string | null;
  readonly assigned_user_id: string | null;
  readonly brand_id: string | null;
  readonly brand_name: string | null;
  readonly channel_account_id: string | null;
  readonly channel_id: string | null;
  readonly channel_name: string | null;
  readonly closed_at: string | null;
  readonly created_at: string | null;
  readonly customer_id: string | null;
  readonly direction: string | null;
  readonly external_gui_url: string | null;
  readonly external_id: string | null;
  readonly form_id: string | null;
  readonly from: string | null;
  readonly from_name: string | null;
  readonly grade_by_customer: string | null;
  readonly last_update: string | null;
  readonly last_update_agent: string | null;
  readonly last_update_customer: string | null;
  readonly priority: string | null;
  readonly sla_next_breach: string | null;
  readonly sla_next_breach_current_status: string | null;
  readonly sla_policy_id: string | null;
  readonly snooze_time: string | null;
  readonly title: string | null;
  readonly to: string | null;
  readonly to_name: string | null;
  /**
   * Whether the response has the customer field. A missing field does not mean that there is no customer.
   * @derived
   */
  readonly hasCustomerField: boolean;
}

export interface WireTicketList extends RowPlaces {
  readonly tickets: readonly WireTicket[];
  /** Null if the response has no count. */
  readonly total: number | null;
}

/**
 * Parses one ticket: `{"type":"item","item":{…}}`, or the bare ticket. https://docs.omnidesk.io/omnidesk/ticket
 *
 * Returns `undefined` if the response or its item is empty.
 * @throws Failure `protocol` for anything else.
 */
export function parseTicket(answer: unknown): WireTicket | undefined {
  const body = answer === undefined ? undefined : readOne(answer);
  const item = body && Object.hasOwn(body, 'item') ? readItem(body['item']) : body;
  if (item === null) return undefined;
  const ticket = toWireTicket(item);
  if (!ticket) throw unexpectedResponse('ticket');
  return ticket;
}

/** Maps false to null: PHP writes it for a missing item. */
function readItem(item: unknown): ReturnType<typeof readOne> {
  return item === false ? null : readOne(item);
}

const TOTAL_NAMES = ['total', 'totalCount', 'count'];

/**
 * No envelope for lists is documented. These names are taken from similar operations and the single-ticket response.
 */
const ENVELOPE: Envelope = {
  lists: ['items', 'item', 'result', 'data'],
  others: ['type', 'status', 'message', ...TOTAL_NAMES],
};

/** Parses a list of tickets, with or without an envelope. Skips entries that are not tickets. */
export function parseTicketList(body: unknown): WireTicketList {
  const list = readListed(body, ENVELOPE, toWireTicket);
  if (!list) throw unexpectedResponse('list of tickets');
  const { items: tickets, envelope, ...places } = list;
  const totals = TOTAL_NAMES.map((name) => asInteger(envelope[name]));
  return { tickets, ...places, total: totals.find((total) => total !== null && total >= 0) ?? null };
}

/**
 * Whether the body is an error, whatever the HTTP status. A ticket also has a `status`, but an `item` is never an
 * error.
 */
export function isRejection(body: unknown): boolean {
  const answer = readOne(body);
  return answer?.['status'] === 'error' && answer['type'] !== 'item' && !Object.hasOwn(answer, 'item');
}

/** Returns the number of a new ticket from `item.id` or `id`, or `undefined` if the response has none. */
export function readNewId(body: unknown): string | undefined {
  const answer = readOne(body);
  const id = asText(readOne(answer?.['item'])?.['id'] ?? answer?.['id']);
  return id !== null && TICKET_ID.test(id) ? id : undefined;
}

function toWireTicket(value: unknown): WireTicket | undefined {
  const ticket = asObject(value);
  const id = asText(ticket?.['id']);
  if (!ticket || id === null || !TICKET_ID.test(id)) return undefined;
  return lazyTicket(ticket, id);
}

/** Lazy, since most requests read few fields. */
const lazyTicket = defineLazyRecord<Readonly<Record<string, unknown>>, WireTicket, string>({
  id: (_, id) => id,
  status: ({ status }) => asText(status) ?? '',
  assigned_group_id: ({ assigned_group_id }) => asText(assigned_group_id),
  assigned_user_id: ({ assigned_user_id }) => asText(assigned_user_id),
  brand_id: ({ brand_id }) => asText(brand_id),
  brand_name: ({ brand_name }) => asText(brand_name),
  channel_account_id: ({ channel_account_id }) => asText(channel_account_id),
  channel_id: ({ channel_id }) => asText(channel_id),
  channel_name: ({ channel_name }) => asText(channel_name),
  closed_at: ({ closed_at }) => asText(closed_at),
  created_at: ({ created_at }) => asText(created_at),
  customer_id: ({ customer_id }) => asText(customer_id),
  direction: ({ direction }) => asText(direction),
  external_gui_url: ({ external_gui_url }) => asText(external_gui_url),
  external_id: ({ external_id }) => asText(external_id),
  form_id: ({ form_id }) => asText(form_id),
  from: ({ from }) => asText(from),
  from_name: ({ from_name }) => asText(from_name),
  grade_by_customer: ({ grade_by_customer }) => asText(grade_by_customer),
  last_update: ({ last_update }) => asText(last_update),
  last_update_agent: ({ last_update_agent }) => asText(last_update_agent),
  last_update_customer: ({ last_update_customer }) => asText(last_update_customer),
  priority: ({ priority }) => asText(priority),
  sla_next_breach: ({ sla_next_breach }) => asText(sla_next_breach),
  sla_next_breach_current_status: ({ sla_next_breach_current_status }) => asText(sla_next_breach_current_status),
  sla_policy_id: ({ sla_policy_id }) => asText(sla_policy_id),
  snooze_time: ({ snooze_time }) => asText(snooze_time),
  title: ({ title }) => asText(title),
  to: ({ to }) => asText(to),
  to_name: ({ to_name }) => asText(to_name),
  hasCustomerField: (ticket) => Object.hasOwn(ticket, 'customer_id'),
});
