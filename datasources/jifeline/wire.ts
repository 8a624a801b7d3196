/**
 * Jifeline's documents in Jifeline's spelling, reduced to the fields in use, none of which is guaranteed. A response is
 * validated on arrival; a ticket's fields are converted when they are read.
 */
import type { UpstreamAnswer } from '../contract.ts';
import { unexpectedResponse } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { isMisread, readListed, type Envelope, type RowPlaces } from '../vendor-kit/page.ts';
import { asBoolean, asInteger, asObject, asText, readOne } from '../vendor-kit/coerce.ts';
import { mediaType, withoutEndSlashes } from '../vendor-kit/request.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';

/**
 * Jifeline's collections of tickets, one per state, at `/v2/tickets/{collection}-tickets`. In the order in which they
 * are searched.
 */
export const COLLECTIONS = ['in-progress', 'outsourced', 'closed', 'cancelled', 'pending'] as const;

export type Collection = (typeof COLLECTIONS)[number];

export const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** Returns the UUID in lower case. UUIDs are case-insensitive: RFC 9562 section 4. */
export function toCanonicalId(uuid: string): string {
  return uuid.toLowerCase();
}

export interface WireTicket {
  /** @derived from the path. */
  readonly collection: Collection;
  readonly id: string;
  readonly created_at: string | null;
  readonly customer_id: string | null;
  readonly ticket_number: string | null;
  readonly vehicle_model_id: string | null;
  readonly vin: string | null;
  readonly service_started_at: string | null;
  readonly operator_id: string | null;
  readonly voucher_code: string | null;
  readonly outsourced: boolean | null;
  readonly connection_id: string | null;
  readonly outsource_provider_id: string | null;
  readonly outsource_ticket_id: string | null;
  readonly reclaimable: boolean | null;
  readonly finished_at: string | null;
  readonly cancel_reason_id: string | null;
  readonly externally_processed: boolean | null;
  readonly external_reference: string | null;
  readonly vehicle_battery_voltage: string | null;
}

export interface WireTicketList extends RowPlaces {
  readonly tickets: readonly WireTicket[];
  /** Null if Jifeline returns none, or more than 32 bits hold. */
  readonly total: number | null;
}

export interface WireCancelReason {
  readonly id: number;
  readonly name: string | null;
  /** Whether an operator may choose it. Null if Jifeline does not return it. */
  readonly manually_applicable: boolean | null;
}

/** Returns the ticket, null if the response is empty, or `undefined` if it is not a ticket. */
export function parseTicket(body: unknown, collection: Collection): WireTicket | null | undefined {
  const ticket = body === undefined ? undefined : readOne(body);
  return ticket ? toWireTicket(ticket, collection) : ticket;
}

/** https://partner-api-001.redoc.ly/tag/tickets-in-progress-tickets */
const ENVELOPE: Envelope = { lists: ['result'], others: ['query', 'total'] };

/**
 * Skips entries without an id.
 * @throws Failure `protocol` if the body is not a list of tickets.
 */
export function parseTicketList(body: unknown, collection: Collection): WireTicketList {
  const list = readListed(body, ENVELOPE, (entry) => toWireTicket(entry, collection));
  if (!list) throw unexpectedResponse('list of tickets');
  const { items: tickets, envelope, ...places } = list;
  return { tickets, ...places, total: asInteger(envelope['total']) };
}

/**
 * Skips entries without a valid id.
 * @throws Failure `protocol` if the body is not a list.
 */
export function parseCancelReasons(body: unknown): readonly WireCancelReason[] {
  const list = readListed(body, ENVELOPE, toCancelReason);
  if (!list || isMisread(list)) throw unexpectedResponse('list of cancel reasons');
  return list.items;
}

function toCancelReason(entry: unknown): WireCancelReason | undefined {
  const reason = asObject(entry);
  const id = asInteger(reason?.['id']);
  if (!reason || id === null || id < 0) return undefined;
  return { id, name: asText(reason['name']), manually_applicable: asBoolean(reason['manually_applicable']) };
}

export interface WireToken {
  readonly access_token: string;
  /** Lifetime in seconds. Null if the response has none. */
  readonly expires_in: number | null;
}

/** Characters of a bearer token: RFC 6750 section 2.1. Nothing else is put into a header. */
const TOKEN = /^[A-Za-z0-9._~+/-]{1,8000}=*$/;

/** @throws Failure `protocol` if there is no valid token. */
export function parseToken({ text }: UpstreamAnswer): WireToken {
  const body = asObject(parseJson(text));
  const access_token = body?.['access_token'];
  if (typeof access_token !== 'string' || !TOKEN.test(access_token)) throw unexpectedResponse('token');
  return { access_token, expires_in: asInteger(body?.['expires_in']) };
}

/** Whether the response is a JSON object and not a problem report. */
export function isJsonObject(answer: UpstreamAnswer): boolean {
  const type = mediaType(answer);
  const isJson = type === '' || type === 'application/json' || type.endsWith('+json');
  return isJson && type !== 'application/problem+json' && asObject(parseJson(answer.text)) !== undefined;
}

/** Location of a ticket at Jifeline. */
export interface TicketLocation {
  readonly path: string;
  readonly collection: Collection;
  readonly id: string;
}

const ORIGIN_AND_PATH = /^(https?:\/\/[^\s/\\?#@]+)?(\/\S*)$/i;

const TICKET_PATH = new RegExp(`^/v2/tickets/(${COLLECTIONS.join('|')})-tickets/(${UUID.source.slice(1, -1)})$`);

/**
 * Parses the `Location` of a 303: a path, or a URL of the base URL's origin, of exactly one ticket. It is never
 * followed. Returns `undefined` if it is anything else.
 * https://partner-api-001.redoc.ly/tag/tickets-in-progress-tickets
 */
export function parseLocation(header: UpstreamAnswer['headers'][string], baseUrl: string): TicketLocation | undefined {
  const [, origin, path] = (typeof header === 'string' ? ORIGIN_AND_PATH.exec(header) : undefined) ?? [];
  if (path === undefined || (origin !== undefined && !isSameOrigin(origin, baseUrl))) return undefined;
  const prefix = withoutEndSlashes(new URL(baseUrl).pathname);
  const below = path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  const [, collection, id] = TICKET_PATH.exec(below) ?? [];
  return id === undefined ? undefined : { path, collection: collection as Collection, id };
}

function isSameOrigin(origin: string, baseUrl: string): boolean {
  return URL.canParse(origin) && new URL(origin).origin === new URL(baseUrl).origin;
}

type TicketObject = Readonly<Record<string, unknown>> & { readonly id: string };

function toWireTicket(value: unknown, collection: Collection): WireTicket | undefined {
  const ticket = asObject(value);
  return ticket && isTicket(ticket) ? lazyTicket(ticket, collection) : undefined;
}

/** Recognizes a ticket by its id, the only member that every ticket has. */
function isTicket(value: Readonly<Record<string, unknown>>): value is TicketObject {
  const { id } = value;
  return typeof id === 'string' && UUID.test(id);
}

/** Lazy, since most requests read few fields. */
const lazyTicket = defineLazyRecord<TicketObject, WireTicket, Collection>({
  collection: (_, collection) => collection,
  id: ({ id }) => id,
  created_at: ({ created_at }) => asText(created_at),
  customer_id: ({ customer_id }) => asText(customer_id),
  ticket_number: ({ ticket_number }) => asText(ticket_number),
  vehicle_model_id: ({ vehicle_model_id }) => asText(vehicle_model_id),
  vin: ({ vin }) => asText(vin),
  service_started_at: ({ service_started_at }) => asText(service_started_at),
  operator_id: ({ operator_id }) => asText(operator_id),
  voucher_code: ({ voucher_code }) => asText(voucher_code),
  outsourced: ({ outsourced }) => asBoolean(outsourced),
  connection_id: ({ connection_id }) => asText(connection_id),
  outsource_provider_id: ({ outsource_provider_id }) => asText(outsource_provider_id),
  outsource_ticket_id: ({ outsource_ticket_id }) => asText(outsource_ticket_id),
  reclaimable: ({ reclaimable }) => asBoolean(reclaimable),
  finished_at: ({ finished_at }) => asText(finished_at),
  cancel_reason_id: ({ cancel_reason_id }) => asText(cancel_reason_id),
  externally_processed: ({ externally_processed }) => asBoolean(externally_processed),
  external_reference: ({ external_reference }) => asText(external_reference),
  vehicle_battery_voltage: ({ vehicle_battery_voltage }) => asText(vehicle_battery_voltage),
});
