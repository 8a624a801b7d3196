/** Omnidesk's answers in Omnidesk's spelling, parsed on arrival; only the fields that are used. */
import { undocumented } from '../kernel/failure.ts';
import { asInteger, asObject, asText } from '../kernel/reading.ts';

/** A ticket's number. Digits alone: the path of a ticket called `multi` would be that of the bulk delete. */
export const TICKET_ID = /^[1-9][0-9]{0,14}$/;

const FIELDS = [
  'assigned_group_id',
  'assigned_user_id',
  'brand_id',
  'brand_name',
  'channel_account_id',
  'channel_id',
  'channel_name',
  'closed_at',
  'created_at',
  'customer_id',
  'direction',
  'external_gui_url',
  'external_id',
  'form_id',
  'from',
  'from_name',
  'grade_by_customer',
  'last_update',
  'last_update_agent',
  'last_update_customer',
  'priority',
  'sla_next_breach',
  'sla_next_breach_current_status',
  'sla_policy_id',
  'snooze_time',
  'title',
  'to',
  'to_name',
] as const;

/** A ticket as https://docs.omnidesk.io/omnidesk/ticket shows it; every value as text, null for none. */
export type WireTicket = Readonly<Record<(typeof FIELDS)[number], string | null>> & {
  readonly id: string;
  readonly status: string;
  /** Whether the answer speaks of the customer at all: a field left out does not say that there is none. */
  readonly hasCustomerField: boolean;
};

export interface WireTicketList {
  readonly tickets: readonly WireTicket[];
  /** Null where the answer has no count. */
  readonly total: number | null;
}

/**
 * One ticket: `{"type":"item","item":{…}}`, or the bare ticket. https://docs.omnidesk.io/omnidesk/ticket
 *
 * @returns undefined where the item is there and empty.
 * @throws Failure `protocol` for anything else.
 */
export function parseTicket(answer: unknown): WireTicket | undefined {
  const body = asObject(answer);
  const item = body && Object.hasOwn(body, 'item') ? body['item'] : body;
  if (item !== body && isNothing(item)) return undefined;
  const ticket = toWireTicket(item);
  if (!ticket) throw undocumented('ticket');
  return ticket;
}

/** The page documents no envelope for lists: these are the names that its neighbours and the item's answer suggest. */
const LIST_NAMES = ['items', 'item', 'result', 'data'];
const TOTAL_NAMES = ['total', 'totalCount', 'count'];

/** A list of tickets, bare or in an envelope; what is not a ticket in it is passed over. */
export function parseTicketList(body: unknown): WireTicketList {
  const envelope = asObject(body) ?? {};
  const entries = Array.isArray(body)
    ? (body as unknown[])
    : LIST_NAMES.map((name) => envelope[name]).find(Array.isArray);
  if (!entries) throw undocumented('list of tickets');
  return {
    tickets: entries.flatMap((entry) => toWireTicket(entry) ?? []),
    total: TOTAL_NAMES.map((name) => asInteger(envelope[name])).find((total) => total !== null && total >= 0) ?? null,
  };
}

/**
 * Whether an answer with a good status is a refusal all the same. A ticket has a `status` as well; an item is never an
 * error.
 */
export function isRefusal(body: unknown): boolean {
  const answer = asObject(body);
  return answer?.['status'] === 'error' && answer['type'] !== 'item' && !Object.hasOwn(answer, 'item');
}

/** The number of a ticket just made, from `item.id` or `id`, where the answer names it. */
export function readNewId(body: unknown): string | undefined {
  const answer = asObject(body);
  const id = asText(asObject(answer?.['item'])?.['id'] ?? answer?.['id']);
  return id !== null && TICKET_ID.test(id) ? id : undefined;
}

function toWireTicket(value: unknown): WireTicket | undefined {
  const ticket = asObject(value);
  const id = asText(ticket?.['id']);
  if (!ticket || id === null || !TICKET_ID.test(id)) return undefined;
  const fields = {
    id,
    status: asText(ticket['status']) ?? '',
    hasCustomerField: Object.hasOwn(ticket, 'customer_id'),
  } as { -readonly [Name in keyof WireTicket]: WireTicket[Name] };
  for (const name of FIELDS) fields[name] = asText(ticket[name]);
  return fields;
}

function isNothing(item: unknown): boolean {
  return item === null || item === false || (Array.isArray(item) && item.length === 0);
}
