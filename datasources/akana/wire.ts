/**
 * Akana's shapes and names in Akana's spelling; only the fields that are used. An answer is checked on arrival, a ticket's
 * fields are read when they are asked for.
 */
import type { UpstreamAnswer } from '../contract.ts';
import type { Cookies } from '../vendor-kit/cookies.ts';
import { unexpectedResponse } from '../vendor-kit/failure.ts';
import { parseBody, parseJson } from '../vendor-kit/json.ts';
import { readListed, type Listed, type RowPlaces } from '../vendor-kit/page.ts';
import { asBoolean, asInteger, asObject, asText, asTexts, readOne } from '../vendor-kit/coerce.ts';
import { mediaType } from '../vendor-kit/request.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';

/** A TicketID: a name or UUID, a dot, the tenant. Both shapes: …/tickets/m_tickets_getTicket.htm */
export const TICKET_ID = { pattern: /^[A-Za-z0-9-]+(\.[A-Za-z0-9_-]+)+$/, maximumLength: 128 } as const;

/** The two documented forms of what stands before the tenant: `ticket` and a number, or a UUID. */
const DOCUMENTED_NAME = /^(?:ticket[0-9]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;

/**
 * The documented forms in small letters, as Akana writes them, and the tenant as the settings spell it. A name of another
 * form stays as it is: whether Akana ignores its letter case is not documented.
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

/** Both values percent-encoded as Akana sent them. */
export interface Session {
  readonly token: string;
  /** Null where the platform's CSRF prevention is off. */
  readonly csrf: string | null;
  /** What it was read from; missing in one that came from elsewhere. */
  readonly cookies?: Cookies;
}

/** What fits into a cookie and a header unchanged: visible ASCII without the semicolon. RFC 6265 section 4.1.1 */
export const COOKIE_VALUE = /^[\x21-\x3a\x3c-\x7e]+$/;

/** The tenant is part of the names: http://docs.akana.com/cm/api/aaref/Ref_CookiesOnThePlatform.htm */
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
 * The session that an answer's cookies give, or undefined if none of them is a token.
 *
 * @param cookies those of the API's address so far.
 */
export function parseSession(answer: UpstreamAnswer, tenant: string, cookies: Cookies): Session | undefined {
  const after = cookies.after(answer.headers['set-cookie']);
  const token = after.get(tokenCookie(tenant)) ?? '';
  const csrf = after.get(csrfCookie(tenant)) ?? '';
  if (!COOKIE_VALUE.test(token)) return undefined;
  return { token, csrf: COOKIE_VALUE.test(csrf) ? csrf : null, cookies: after };
}

/** The session after this answer, as a browser would keep it; `undefined` if the answer changes nothing. */
export function parseSuccessor(
  session: Session,
  answer: UpstreamAnswer,
  tenant: string,
  none: Cookies,
): Session | undefined {
  if (answer.headers['set-cookie'] === undefined) return undefined;
  const after = parseSession(answer, tenant, session.cookies ?? toCookies(session, tenant, none));
  return after?.token === session.token && after.csrf === session.csrf ? undefined : after;
}

/** Of a session that came from elsewhere, of which nothing but the values is known. */
function toCookies({ token, csrf }: Session, tenant: string, none: Cookies): Cookies {
  const lines = [`${tokenCookie(tenant)}=${token}; Path=/`];
  if (csrf !== null) lines.push(`${csrfCookie(tenant)}=${csrf}; Path=/`);
  return none.after(lines);
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
  /** How many there are; in an action, the same name holds the text of a comment. */
  readonly Comments: number | null;
  readonly Marks: number | null;
  readonly IsMarked: boolean | null;
  readonly Visibility: string | null;
}

/**
 * The ticket that was asked for, or undefined where Akana shows nothing: an account without permission gets an empty
 * answer, not a refusal. https://help.akana.com/content/current/cm/api/tickets/m_tickets_getTicket.htm
 */
export function parseTicket(answer: UpstreamAnswer, askedFor: string): WireTicket | undefined {
  const json = parseBody(answer);
  const body = json === undefined ? undefined : readOne(json);
  const ticket = body && Object.hasOwn(body, 'Ticket') ? readOne(body['Ticket']) : body;
  if (ticket === null) return undefined;
  if (!ticket || !('TicketID' in ticket || 'Title' in ticket || 'State' in ticket)) throw unexpectedResponse('ticket');
  return toWireTicket(ticket, askedFor);
}

export interface WireTicketList extends RowPlaces {
  readonly tickets: readonly WireTicket[];
  readonly total: number | null;
}

/**
 * A list in any of the envelopes that it may come in: `{channel: {item}}` (RSS), `{Tickets: {Ticket}}` or `{Ticket}`,
 * where a list of one may be the bare object, and an empty one an empty object.
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
  // What else a channel of RSS may say of itself is not bounded.
  return readListed(outer[name], { lists: LISTS }, toListed);
}

function toListed(entry: unknown): WireTicket | undefined {
  return toWireTicket(asObject(entry));
}

/** No name for it is documented; the usual ones are understood. */
function readTotal(envelope: JsonObject): number | null {
  const name = Object.keys(envelope).find((key) => /^(openSearch:)?total(Count|Results)?$/i.test(key));
  const total = name === undefined ? null : asInteger(envelope[name]);
  return total !== null && total >= 0 ? total : null;
}

/** A Ticket object, or an RSS item with the names that RSS has for the same. Undefined where no id can be had. */
function toWireTicket(ticket: JsonObject | undefined, askedFor?: string): WireTicket | undefined {
  if (!ticket) return undefined;
  const guid = asText(ticket['guid']) ?? asText(asObject(ticket['guid'])?.['value']);
  const id = [asText(ticket['TicketID']), guid, askedFor].find((text) => text && isTicketId(text));
  if (!id) return undefined;
  return viewTicket(ticket, id);
}

/** A view, since few of the fields are asked for. Its id is found beforehand. */
const viewTicket = defineLazyRecord<JsonObject, WireTicket, string>({
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

/** What a state can look like: a word or a few, as a site's own workflow may name it. */
const STATE = /^[A-Za-z0-9_. -]{1,64}$/;

/**
 * The new state, which the answer's body names bare (`RESOLVED`, text/plain); some installs put it in JSON quotes.
 * https://help.akana.com/content/current/cm/api/tickets/m_tickets_executeWorkflowAction.htm
 */
export function parseState(answer: UpstreamAnswer): { readonly state: string } | { readonly why: string } {
  // 200 is the one status that the page gives for a yes.
  if (answer.status !== 200) return { why: `the status is ${answer.status}` };
  if (/html|xml/.test(mediaType(answer))) return { why: `the body is ${mediaType(answer).slice(0, 100)}` };
  const body = answer.text.trim();
  if (body === '') return { why: 'the body is empty' };
  const state = body.startsWith('"') ? asText(parseJson(body))?.trim() : body;
  return state !== undefined && STATE.test(state) ? { state } : { why: 'the body is not the name of a state' };
}
