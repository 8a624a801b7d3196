/**
 * Request Tracker's documents in its own spelling, reduced to the fields in use. A response is validated on arrival; a
 * ticket's fields are converted when they are read.
 */
import type { UpstreamAnswer } from '../contract.ts';
import { asInteger, asList, asObject, asText, readOne } from '../vendor-kit/coerce.ts';
import { unexpectedResponse } from '../vendor-kit/failure.ts';
import { parseBody, parseJson } from '../vendor-kit/json.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';
import { isMisread, readListed, type RowPlaces } from '../vendor-kit/page.ts';

/** A ticket's number. Only digits: `bulk` would address another endpoint. */
export const TICKET_ID = /^[1-9][0-9]{0,9}$/;

/** The user name for "no owner". */
export const NOBODY = 'Nobody';

/** A ticket. Users are names, or email addresses if they have no account. */
export interface WireTicket {
  /** The number of the ticket that answered: of a merged ticket, that of the one into which it was merged. */
  readonly id: string;
  readonly Status: string;
  readonly Subject: string | null;
  readonly Queue: string | null;
  /** Null if it has no owner. */
  readonly Owner: string | null;
  readonly Creator: string | null;
  readonly Requestor: readonly string[];
  readonly Priority: number | null;
  readonly Created: unknown;
  readonly LastUpdated: unknown;
  readonly Started: unknown;
  readonly Resolved: unknown;
  readonly Due: unknown;
  readonly TimeWorked: number | null;
  readonly CustomFields: readonly CustomField[];
  readonly _hyperlinks: Links;
}

export interface CustomField {
  readonly name: string;
  readonly values: readonly string[];
}

/** What the links of a ticket offer. */
export interface Links {
  /** The transitions on the buttons of its lifecycle, as far as the account's rights admit them. */
  readonly transitions: readonly Transition[];
  readonly comment: boolean;
  readonly correspond: boolean;
}

export interface Transition {
  readonly to: string;
  /** In the language of the account; null if there is none. */
  readonly label: string | null;
}

export interface WireTicketList extends RowPlaces {
  readonly tickets: readonly WireTicket[];
  readonly total: number | null;
  /** The page that was answered, from 1; null if it is not said. */
  readonly page: number | null;
}

/** A ticket and its version. */
export interface VersionedTicket {
  readonly ticket: WireTicket;
  /** Number of the newest transaction that the account may see, from `ETag`; `undefined` if the answer has none. */
  readonly version: string | undefined;
}

/** @throws Failure `protocol` for anything but a ticket. */
export function parseTicket(answer: UpstreamAnswer): VersionedTicket {
  const ticket = toWireTicket(readOne(parseBody(answer)));
  if (!ticket) throw unexpectedResponse('ticket');
  const etag = answer.headers['etag'];
  return { ticket, version: typeof etag === 'string' ? /^"(\d+)"$/.exec(etag)?.[1] : undefined };
}

const LIST = { lists: ['items'] };

/** @throws Failure `protocol` unless it is a list. Entries that are not tickets are skipped. */
export function parseTicketList(body: unknown): WireTicketList {
  const list = asObject(body)?.['items'] === undefined ? undefined : readListed(body, LIST, toWireTicket);
  if (!list) throw unexpectedResponse('list of tickets');
  const { items: tickets, envelope, ...places } = list;
  return { tickets, ...places, total: asInteger(envelope['total']), page: asInteger(envelope['page']) };
}

/** A transaction of a ticket's history. Its words are never translated. */
export interface Change {
  readonly id: number;
  readonly field: string | null;
  readonly newValue: string | null;
  readonly creator: string | null;
}

/** @throws Failure `protocol` unless it is a list of transactions. */
export function parseHistory(body: unknown): readonly Change[] {
  const list = readListed(body, LIST, toChange);
  if (!list || isMisread(list)) throw unexpectedResponse('history of a ticket');
  return list.items;
}

/** Returns the sentences of an answer to a PUT, or `undefined` if it is not a list of them. */
export function parseSentences({ text }: UpstreamAnswer): readonly string[] | undefined {
  const body = parseJson(text);
  return Array.isArray(body) && body.every((entry) => typeof entry === 'string') ? body : undefined;
}

/** Returns the number of a new ticket, from the body or the path in `Location`; `undefined` if neither has one. */
export function readNewId({ headers, text }: UpstreamAnswer): string | undefined {
  const location = headers['location'];
  const named = typeof location === 'string' ? /\/ticket\/(\d+)$/.exec(location)?.[1] : undefined;
  const id = asText(asObject(parseJson(text))?.['id']) ?? named;
  return id !== undefined && TICKET_ID.test(id) ? id : undefined;
}

/** @throws Failure `protocol` for anything but a user. */
export function parseUserName(body: unknown): string {
  const name = asText(asObject(body)?.['Name']);
  if (name === null) throw unexpectedResponse('user');
  return name;
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
  Status: ({ Status }) => asText(Status) ?? '',
  Subject: ({ Subject }) => asText(Subject),
  Queue: ({ Queue }) => asText(asObject(Queue)?.['Name'] ?? Queue),
  Owner: ({ Owner }) => exceptNobody(toUser(Owner)),
  Creator: ({ Creator }) => toUser(Creator),
  Requestor: ({ Requestor }) => (Requestor ? asList(Requestor).flatMap((user) => toUser(user) ?? []) : []),
  Priority: ({ Priority }) => asInteger(Priority),
  Created: ({ Created }) => Created,
  LastUpdated: ({ LastUpdated }) => LastUpdated,
  Started: ({ Started }) => Started,
  Resolved: ({ Resolved }) => Resolved,
  Due: ({ Due }) => Due,
  TimeWorked: ({ TimeWorked }) => asInteger(TimeWorked),
  CustomFields: ({ CustomFields }) => (CustomFields ? asList(CustomFields).flatMap(toCustomField) : []),
  _hyperlinks: ({ _hyperlinks }) => toLinks(_hyperlinks),
});

/** A user is `{"type":"user","id":"anna@example.com"}`. */
function toUser(value: unknown): string | null {
  return asText(asObject(value)?.['id'] ?? value);
}

function exceptNobody(user: string | null): string | null {
  return user === NOBODY ? null : user;
}

function toCustomField(value: unknown): CustomField[] {
  const field = asObject(value);
  const name = asText(field?.['name']);
  if (!field || name === null) return [];
  return [{ name, values: asList(field['values'] ?? []).flatMap((entry) => asText(entry) ?? []) }];
}

function toLinks(value: unknown): Links {
  const links = (value ? asList(value) : []).map(asObject).filter((link) => link !== undefined);
  const has = (ref: string): boolean => links.some((link) => link['ref'] === ref);
  const transitions = links.flatMap((link) => {
    const to = link['ref'] === 'lifecycle' ? asText(link['to']) : null;
    return to === null ? [] : [{ to, label: asText(link['label']) }];
  });
  return { transitions, comment: has('comment'), correspond: has('correspond') };
}

function toChange(value: unknown): Change | undefined {
  const change = asObject(value);
  const id = Number(asText(change?.['id']) ?? Number.NaN);
  if (!change || !Number.isSafeInteger(id)) return undefined;
  return {
    id,
    field: asText(change['Field']),
    newValue: asText(change['NewValue']),
    creator: toUser(change['Creator']),
  };
}
