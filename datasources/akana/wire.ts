/**
 * Akana's documents in Akana's spelling, reduced to the fields in use. A response is validated on arrival; a ticket's
 * fields are converted when they are read.
 */
import type { UpstreamAnswer } from '../contract.ts';
import type { Cookies } from '../vendor-kit/cookies.ts';
import { unexpectedResponse } from '../vendor-kit/failure.ts';
import { parseBody, parseJson } from '../vendor-kit/json.ts';
import { readListed, type Listed, type RowPlaces } from '../vendor-kit/page.ts';
import { asBoolean, asInteger, asObject, asText, asTexts, readOne } from '../vendor-kit/coerce.ts';
import { mediaType } from '../vendor-kit/request.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';

/** A TicketID: a name or UUID, a dot, the tenant. Both forms: …/tickets/m_tickets_getTicket.htm */
export const TICKET_ID = { pattern: /^[A-Za-z0-9-]+(\.[A-Za-z0-9_-]+)+$/, maximumLength: 128 } as const;

/** The documented forms of the part before the tenant: `ticket` and a number, or a UUID. */
const DOCUMENTED_NAME = /^(?:ticket[0-9]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * Returns documented forms in lower case, as written by Akana, with the tenant as configured. Other names are
 * unchanged: whether Akana ignores their case is not documented.
 * https://help.akana.com/content/current/cm/api/tickets/m_tickets_getTicket.htm
 */
export function toCanonicalId(ticketId: string, tenant: string): string {
  const dot = ticketId.indexOf('.');
  const [name, suffix] = [ticketId.slice(0, dot), ticketId.slice(dot + 1)];
  const isOurTenant = suffix.length === tenant.length && suffix.toLowerCase() === tenant.toLowerCase();
  return `${DOCUMENTED_NAME.test(name) ? name.toLowerCase() : name}.${isOurTenant ? tenant : suffix}`;
}

export function isTicketId(text: string): boolean {
  return text.length <= TICKET_ID.maximumLength && TICKET_ID.pattern.test(text);
}

// ---------------------------------------------------------------- session

/** Both values are percent-encoded, as sent by Akana. */
export interface Session {
  readonly token: string;
  /** Null if the platform's CSRF prevention is off. */
  readonly csrf: string | null;
  /** The cookies that the session was read from. Missing for a configured session. */
  readonly cookies?: Cookies;
}

/**
 * Characters that a cookie and a header carry unchanged: visible ASCII without the semicolon. RFC 6265 section 4.1.1
 */
export const COOKIE_VALUE = /^[\x21-\x3a\x3c-\x7e]+$/;

/** Cookie names contain the tenant: http://docs.akana.com/cm/api/aaref/Ref_CookiesOnThePlatform.htm */
export function toSessionHeaders(tenant: string, { token, csrf }: Session): Record<string, string> {
  const cookie = `${tokenCookie(tenant)}=${token}`;
  if (csrf === null) return { cookie };
  return { cookie: `${cookie}; ${csrfCookie(tenant)}=${csrf}`, [csrfHeader(tenant)]: csrf };
}

function tokenCookie(tenant: string): string {
  return `AtmoAuthToken_${tenant}`;
}

function csrfCookie(tenant: string): string {
  return `Csrf-Token_${tenant}`;
}

/** Header name: http://docs.akana.com/cm/api/aaref/Ref_CSRFPreventionOnThePlatform.htm */
export function csrfHeader(tenant: string): string {
  return `X-Csrf-Token_${tenant}`;
}

/**
 * Returns the session in the response's cookies, or `undefined` if there is no token.
 *
 * @param cookies current cookies of the API.
 */
export function parseSession(answer: UpstreamAnswer, tenant: string, cookies: Cookies): Session | undefined {
  const after = cookies.after(answer.headers['set-cookie']);
  const token = after.get(tokenCookie(tenant)) ?? '';
  const csrf = after.get(csrfCookie(tenant)) ?? '';
  if (!COOKIE_VALUE.test(token)) return undefined;
  return { token, csrf: COOKIE_VALUE.test(csrf) ? csrf : null, cookies: after };
}

/** Returns the session after this response, or `undefined` if it is unchanged. Applies cookies as a browser does. */
export function parseSuccessor(
  session: Session,
  answer: UpstreamAnswer,
  tenant: string,
  emptyCookies: Cookies,
): Session | undefined {
  if (answer.headers['set-cookie'] === undefined) return undefined;
  const after = parseSession(answer, tenant, session.cookies ?? toCookies(session, tenant, emptyCookies));
  return after?.token === session.token && after.csrf === session.csrf ? undefined : after;
}

/** Builds the cookies of a configured session, of which only the values are known. */
function toCookies({ token, csrf }: Session, tenant: string, emptyCookies: Cookies): Cookies {
  const lines = [`${tokenCookie(tenant)}=${token}; Path=/`];
  if (csrf !== null) lines.push(`${csrfCookie(tenant)}=${csrf}; Path=/`);
  return emptyCookies.after(lines);
}

// ---------------------------------------------------------------- tickets

/** https://help.akana.com/content/previous/cm/api/obj/o_tickets_Ticket.htm */
export interface WireTicket {
  readonly TicketID: string;
  readonly APIID: string | null;
  readonly AppID: string | null;
  readonly Title: string | null;
  readonly Description: string | null;
  readonly Environment: string | null;
  readonly State: string | null;
  readonly UserID: string | null;
  readonly UserName: string | null;
  readonly Created: string | number | null;
  readonly Label: readonly string[] | null;
  readonly Tag: readonly string[] | null;
  /** Number of comments. In an action, the same name holds the comment's text. */
  readonly Comments: number | null;
  readonly Marks: number | null;
  readonly IsMarked: boolean | null;
  readonly Visibility: string | null;
}

/**
 * Returns the requested ticket, or `undefined` if the response is empty: Akana returns this instead of an error to an
 * account without permission. https://help.akana.com/content/current/cm/api/tickets/m_tickets_getTicket.htm
 */
export function parseTicket(answer: UpstreamAnswer, requestedId: string): WireTicket | undefined {
  const json = parseBody(answer);
  const body = json === undefined ? undefined : readOne(json);
  const ticket = body && Object.hasOwn(body, 'Ticket') ? readOne(body['Ticket']) : body;
  if (ticket === null) return undefined;
  if (!ticket || !('TicketID' in ticket || 'Title' in ticket || 'State' in ticket)) throw unexpectedResponse('ticket');
  return toWireTicket(ticket, requestedId);
}

export interface WireTicketList extends RowPlaces {
  readonly tickets: readonly WireTicket[];
  readonly total: number | null;
}

/**
 * Parses a list in any of its envelopes: `{channel: {item}}` (RSS), `{Tickets: {Ticket}}` or `{Ticket}`. A list of one
 * may be a bare object, an empty list an empty object.
 *
 * @throws Failure `protocol` for anything else.
 */
export function parseTicketList(answer: UpstreamAnswer): WireTicketList {
  const list = readEnvelope(parseBody(answer));
  if (!list) throw unexpectedResponse('list of tickets');
  const { items: tickets, envelope, ...places } = list;
  return { tickets, ...places, total: readTotal(envelope) };
}

type JsonObject = Readonly<Record<string, unknown>>;

const LISTS = ['item', 'Ticket'];

function readEnvelope(body: unknown): Listed<WireTicket> | undefined {
  const outer = asObject(body);
  const name = outer && ['channel', 'Tickets'].find((key) => Object.hasOwn(outer, key));
  if (!outer || name === undefined) return readListed(body, { lists: LISTS, others: [] }, toListed);
  // An RSS channel may have any other members.
  return readListed(outer[name], { lists: LISTS }, toListed);
}

function toListed(entry: unknown): WireTicket | undefined {
  return toWireTicket(asObject(entry));
}

/** Reads the total by its common names; none is documented. */
function readTotal(envelope: JsonObject): number | null {
  const name = Object.keys(envelope).find((key) => /^(openSearch:)?total(Count|Results)?$/i.test(key));
  const total = name === undefined ? null : asInteger(envelope[name]);
  return total !== null && total >= 0 ? total : null;
}

/** Parses a Ticket object, or an RSS item with the equivalent RSS names. Returns `undefined` if there is no id. */
function toWireTicket(ticket: JsonObject | undefined, requestedId?: string): WireTicket | undefined {
  if (!ticket) return undefined;
  const guid = asText(ticket['guid']) ?? asText(asObject(ticket['guid'])?.['value']);
  const id = [asText(ticket['TicketID']), guid, requestedId].find((text) => text && isTicketId(text));
  if (!id) return undefined;
  return lazyTicket(ticket, id);
}

/** Lazy, since most requests read few fields. The id is computed in advance. */
const lazyTicket = defineLazyRecord<JsonObject, WireTicket, string>({
  TicketID: (_, id) => id,
  APIID: ({ APIID }) => asText(APIID),
  AppID: ({ AppID }) => asText(AppID),
  Title: ({ Title, title }) => asText(Title ?? title),
  Description: ({ Description, description }) => asText(Description ?? description),
  Environment: ({ Environment }) => asText(Environment),
  State: ({ State }) => asText(State),
  UserID: ({ UserID }) => asText(UserID),
  UserName: ({ UserName }) => asText(UserName),
  Created: ({ Created, pubDate }) => toTime(Created ?? pubDate),
  Label: ({ Label }) => asTexts(Label),
  Tag: ({ Tag }) => asTexts(Tag),
  Comments: ({ Comments }) => asInteger(Comments),
  Marks: ({ Marks }) => asInteger(Marks),
  IsMarked: ({ IsMarked }) => asBoolean(IsMarked),
  Visibility: ({ Visibility }) => asText(Visibility),
});

function toTime(created: unknown): string | number | null {
  return typeof created === 'number' ? created : asText(created);
}

// ---------------------------------------------------------------- actions

/** A state: one or more words, since custom workflows name their own. */
const STATE = /^[A-Za-z0-9_. -]{1,64}$/;

/**
 * Parses the new state: the bare text of the body (`RESOLVED`, text/plain), or a JSON string in some installations.
 * https://help.akana.com/content/current/cm/api/tickets/m_tickets_executeWorkflowAction.htm
 */
export function parseState(answer: UpstreamAnswer): { readonly state: string } | { readonly why: string } {
  // 200 is the only documented status of success.
  if (answer.status !== 200) return { why: `the status is ${answer.status}` };
  if (/html|xml/.test(mediaType(answer))) return { why: `the body is ${mediaType(answer).slice(0, 100)}` };
  const body = answer.text.trim();
  if (body === '') return { why: 'the body is empty' };
  const state = body.startsWith('"') ? asText(parseJson(body))?.trim() : body;
  return state !== undefined && STATE.test(state) ? { state } : { why: 'the body is not the name of a state' };
}
