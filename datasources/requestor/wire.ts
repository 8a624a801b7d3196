/**
 * Requestor's documents in Requestor's spelling; only the fields that are used. An answer is checked on arrival, a
 * ticket's fields are read when they are asked for.
 *
 * An installation answers in JSON or in XML, with enums as numbers or as names. Both kinds of document become the same
 * plain values here, so that nothing further in has to know which it was.
 */
import { XMLParser } from 'fast-xml-parser';
import type { UpstreamAnswer } from '../contract.ts';
import { unexpectedResponse } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { asBoolean, asInteger, asList, asObject, asText, readList, readOne } from '../vendor-kit/coerce.ts';
import { mediaType } from '../vendor-kit/request.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A ticket's number: 1 to 2147483647, as .NET's int holds it. 0 is no ticket's. */
export const NUMBER = new RegExp(
  '^(?:[1-9][0-9]{0,8}|1[0-9]{9}|20[0-9]{8}|21[0-3][0-9]{7}|214[0-6][0-9]{6}|2147[0-3][0-9]{5}|21474[0-7][0-9]{4}|' +
    '214748[0-2][0-9]{3}|2147483[0-5][0-9]{2}|21474836[0-3][0-9]|214748364[0-7])$',
);

const REFERENCE = /^[A-Za-z]{2,10}-[0-9]{1,12}$/;

/** Either names a ticket, in paths as in bodies. */
export const NATIVE_ID = new RegExp(`${NUMBER.source}|${REFERENCE.source}`);

/**
 * A reference with its prefix in capitals, as Requestor writes all of them. Its digits stay as they are. Which number a
 * reference has cannot be derived: only a read tells.
 */
export function toCanonicalId(nativeId: string): string {
  return nativeId.toUpperCase();
}

/** Prefixes by ticket type: https://ipex-demo4.servicedesk.net/Help/Api/POST-api-Tickets-NewTicket */
export const KNOWN_REFERENCE = /^(?:TIC|INC|REQ|PRO|CHG)-[0-9]{1,12}$/;

/** GetTicketResult: https://ipex-demo4.servicedesk.net/Help/Api/GET-api-Tickets-GetTicket-id_plainTextOnly */
export interface WireTicket {
  readonly TicketId: number | null;
  readonly TicketREF: string | null;
  readonly TicketType: string | null;
  readonly Subject: string | null;
  readonly CreatedUTC: string | null;
  readonly Closed: boolean | null;
  readonly ClosedUTC: string | null;
  readonly SubmitterKey: string | null;
  readonly SubmitterFullName: string | null;
  readonly SubmitterCompany: string | null;
  readonly SolverKey: string | null;
  readonly SolverFullName: string | null;
  readonly TicketState: string | null;
  readonly TicketSummaryState: string | null;
  readonly Source: string | null;
  readonly TicketUserSourceId: string | null;
  readonly ServiceId: string | null;
  readonly ServiceName: string | null;
  readonly ResolutionText: string | null;
  readonly IsPrivateMessageSupported: boolean | null;
  /**
   * Null where the answer has no such field: then nothing is known of what is on offer. A function, since few who ask for
   * a ticket ask for its actions, and making them out takes longer than all the rest.
   */
  readonly AllAvailableTicketActions: () => readonly WireOffer[] | null;
}

/** One entry of AllAvailableTicketActions; a number, a name, or both. */
export interface WireOffer {
  readonly number: number | null;
  readonly name: string | null;
  readonly displayName: string | null;
  readonly ExtraParameterIsNeeded: boolean;
}

/** WorkflowPushResult: https://ipex-demo4.servicedesk.net/Help/Api/POST-api-Tickets-WorkflowPush */
export interface WirePushResult {
  readonly TicketId: number | null;
  readonly TicketREF: string | null;
}

/** GetWorkflowPushParametersResult; see `getWorkflowParameters` in client.ts. Lists are empty where they are null. */
export interface WireParameters {
  readonly Users: readonly WireChoice[];
  readonly Services: readonly WireChoice[];
}

export interface WireChoice {
  readonly value: string;
  readonly label: string;
}

/** @returns undefined for an answer that holds nothing. @throws Failure `protocol` for one that is no ticket. */
export function parseTicket(answer: UpstreamAnswer): WireTicket | undefined {
  const ticket = readDocument(answer);
  if (ticket === null) return undefined;
  const TicketId = toTicketId(ticket?.['TicketId']);
  const TicketREF = toReference(ticket?.['TicketREF']);
  if (!ticket || (TicketId === null && TicketREF === null)) throw unexpectedResponse('ticket');
  let offers: readonly WireOffer[] | null | undefined;
  return viewTicket(ticket, {
    TicketId,
    TicketREF,
    AllAvailableTicketActions: () =>
      (offers ??= toEntries(ticket['AllAvailableTicketActions'], isOffer)?.flatMap(toOffer) ?? null),
  });
}

/** What is worked out once: by what a ticket goes, and what it offers. */
type Given = Pick<WireTicket, 'TicketId' | 'TicketREF' | 'AllAvailableTicketActions'>;

/** A view, since few of the fields are asked for. */
const viewTicket = defineLazyRecord<Fields, WireTicket, Given>({
  TicketId: (_, { TicketId }) => TicketId,
  TicketREF: (_, { TicketREF }) => TicketREF,
  TicketType: ({ TicketType }) => asText(TicketType),
  Subject: ({ Subject }) => asText(Subject),
  CreatedUTC: ({ CreatedUTC }) => asText(CreatedUTC),
  Closed: ({ Closed }) => asBoolean(Closed),
  ClosedUTC: ({ ClosedUTC }) => asText(ClosedUTC),
  SubmitterKey: ({ SubmitterKey }) => asText(SubmitterKey),
  SubmitterFullName: ({ SubmitterFullName }) => asText(SubmitterFullName),
  SubmitterCompany: ({ SubmitterCompany }) => asText(SubmitterCompany),
  SolverKey: ({ SolverKey }) => asText(SolverKey),
  SolverFullName: ({ SolverFullName }) => asText(SolverFullName),
  TicketState: ({ TicketState }) => asText(TicketState),
  TicketSummaryState: ({ TicketSummaryState }) => asText(TicketSummaryState),
  Source: ({ Source }) => asText(Source),
  TicketUserSourceId: ({ TicketUserSourceId }) => asText(TicketUserSourceId),
  ServiceId: ({ ServiceId }) => asText(ServiceId),
  ServiceName: ({ ServiceName }) => asText(ServiceName),
  ResolutionText: ({ ResolutionText }) => asText(ResolutionText),
  IsPrivateMessageSupported: ({ IsPrivateMessageSupported }) => asBoolean(IsPrivateMessageSupported),
  AllAvailableTicketActions: (_, { AllAvailableTicketActions }) => AllAvailableTicketActions,
});

/** Undefined where the answer is no WorkflowPushResult that names a ticket. The documented sample has TicketId 0. */
export function parsePushResult(answer: UpstreamAnswer): WirePushResult | undefined {
  const { root, value } = parseDocument(answer) ?? NO_DOCUMENT;
  const result = root === null || root === 'WorkflowPushResult' ? asObject(value) : undefined;
  const TicketId = toTicketId(result?.['TicketId']);
  const TicketREF = toReference(result?.['TicketREF']);
  return TicketId === null && TicketREF === null ? undefined : { TicketId, TicketREF };
}

export function parseParameters(answer: UpstreamAnswer): WireParameters {
  const result = readDocument(answer);
  // Both are null where the action needs nothing, and may be missing then.
  if (result === null) return { Users: [], Services: [] };
  if (!result || !('Users' in result || 'Services' in result)) throw unexpectedResponse('set of workflow parameters');
  return {
    Users: toChoices(result['Users'], ['UserProviderKey'], ['Fullname', 'FullName', 'UserName']),
    // The fields of a ServiceItem are not documented.
    Services: toChoices(result['Services'], ['ServiceId', 'Id'], ['ServiceName', 'Name', 'FullName', 'Title']),
  };
}

/** The Message of a refusal: a field of JSON or XML, or the whole of it where it is one text. Nothing else of it. */
export function parseMessage(answer: UpstreamAnswer): string | null {
  const { root, value } = parseDocument(answer) ?? NO_DOCUMENT;
  // `string` is the element that ASP.NET gives a bare text.
  if (typeof value === 'string') return root === null || root === 'string' ? asText(value) : null;
  return asText(readOne(value)?.['Message']);
}

// ---------------------------------------------------------------- values

/** 0 is not a real id: generated samples have it. */
function toTicketId(value: unknown): number | null {
  const number = asInteger(value);
  return number !== null && number > 0 ? number : null;
}

function toReference(value: unknown): string | null {
  return typeof value === 'string' && /^[^\s\p{C}]{1,100}$/u.test(value) ? value : null;
}

/**
 * The entries of a collection: a list, one entry by itself, or an XML element whose children are the entries. Null for
 * nothing, and for what is no collection.
 */
function toEntries(value: unknown, isEntry: (fields: Fields) => boolean): readonly unknown[] | null {
  // An element with `i:nil` is empty text here.
  if (value === undefined || value === null || value === '') return null;
  const entries = readList(value) ?? null;
  const [only] = entries ?? [];
  if (entries?.length !== 1 || only !== value || isEntry(value as Fields)) return entries;
  return Object.values(value).flatMap(asList);
}

function toChoices(value: unknown, keys: readonly string[], labels: readonly string[]): readonly WireChoice[] {
  const isChoice = (fields: Fields): boolean => firstText(fields, keys) !== null;
  return (toEntries(value, isChoice) ?? []).flatMap((entry) => {
    const fields = asObject(entry) ?? {};
    const key = firstText(fields, keys);
    return key === null ? [] : { value: key, label: firstText(fields, labels) ?? key };
  });
}

function firstText(fields: Fields, names: readonly string[]): string | null {
  return names.map((name) => asText(fields[name])).find((text) => text !== null) ?? null;
}

// ---------------------------------------------------------------- offers

// The key names of an entry are not documented, so these are looked for, in this order, letter case ignored.
const ACTION_KEYS = ['ticketaction', 'action', 'ticketactionid', 'actionid', 'actionenum', 'actionname'];
const VAGUE_KEYS = ['id', 'value', 'key', 'name'];
const DISPLAY_KEYS = [
  'displayname',
  'displaytext',
  'label',
  'title',
  'text',
  'caption',
  'description',
  'name',
  'value',
];

const ENUM_NAME = /^[A-Za-z][A-Za-z0-9]{0,99}$/;
/** Every known action begins with the type of ticket that it is for. A `Name` that does not is what a button says. */
const TYPED_NAME = /^(?:EndUserTicket|Ticket|Incident|ServiceRequest|Problem|Change)[A-Z][A-Za-z0-9]{0,80}$/;

/** The one member of an entry whose name is documented. */
function isOffer(fields: Fields): boolean {
  return 'extraparameterisneeded' in inLowerCase(fields);
}

function toOffer(entry: unknown): readonly WireOffer[] {
  const fields = inLowerCase(asObject(entry) ?? { Action: entry });
  const certain = ACTION_KEYS.map((key) => fields[key]);
  const vague = VAGUE_KEYS.map((key) => fields[key]);
  const certainName = findName(certain, ENUM_NAME);
  // Beside an action's name, an `Id` may number the entry instead of the action.
  const number = findNumber(certainName === null ? [...certain, ...vague] : certain);
  const name = certainName ?? findName(vague, TYPED_NAME);
  if (number === null && name === null) return [];
  const ExtraParameterIsNeeded = asBoolean(fields['extraparameterisneeded']) ?? false;
  return [{ number, name, displayName: findDisplayName(fields, name), ExtraParameterIsNeeded }];
}

function inLowerCase(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key.toLowerCase(), value]));
}

function findNumber(values: readonly unknown[]): number | null {
  return values.map(asInteger).find((number) => number !== null && number >= 0) ?? null;
}

function findName(values: readonly unknown[], pattern: RegExp): string | null {
  return values.filter((value) => typeof value === 'string').find((text) => pattern.test(text)) ?? null;
}

function findDisplayName(fields: Fields, name: string | null): string | null {
  const texts = DISPLAY_KEYS.map((key) => asText(fields[key])?.trim());
  return texts.find((text) => text && text !== name && asInteger(text) === null) ?? null;
}

// ---------------------------------------------------------------- documents

interface WireDocument {
  /** Local name of the root element; null for JSON. */
  readonly root: string | null;
  readonly value: unknown;
}

const NO_DOCUMENT: WireDocument = { root: null, value: undefined };

/** Names that no element can have. */
const [TEXT, CDATA] = ['#text', '#cdata'] as const;
const EMPTY_DOCUMENT: WireDocument = { root: null, value: null };

/** The one object of an answer: null for an answer that holds nothing, undefined for any other. */
function readDocument(answer: UpstreamAnswer): Fields | null | undefined {
  const document = answer.status === 204 ? EMPTY_DOCUMENT : parseDocument(answer);
  return document && readOne(document.value);
}

/** An answer's document, told by its first character, since XML comes from some installations whatever is asked for. */
export function parseDocument(answer: UpstreamAnswer): WireDocument | undefined {
  if (mediaType(answer).includes('html')) return undefined;
  // A byte order mark counts as white space.
  const text = answer.text.trim();
  if (text.startsWith('<')) return parseXml(text);
  const value = parseJson(text);
  return value === undefined ? undefined : { root: null, value };
}

/** Text, CDATA sections and elements in the order in which they stand: an element's content may be all three. */
const xml = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  textNodeName: TEXT,
  cdataPropName: CDATA,
});

/** Whether anything is declared, such as DOCTYPE or ENTITY; comments and CDATA sections may hold the same words. */
function hasDeclaration(text: string): boolean {
  for (let at = text.indexOf('<!'); at >= 0; at = text.indexOf('<!', at)) {
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : undefined;
    if (end === undefined) return true;
    at = text.indexOf(end, at);
    // One that never ends is for the validator to refuse.
    if (at < 0) return false;
  }
  return false;
}

function parseXml(text: string): WireDocument | undefined {
  if (hasDeclaration(text)) return undefined;
  try {
    // Without validation, XML that is cut off would be taken for whole. The package that is to replace this built-in
    // validator is one more dependency for the same code.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const [root, ...others] = elementsOf(xml.parse(text, true) as readonly XmlNode[]);
    return root && others.length === 0 ? { root: root[0], value: toPlain(root[1], true) } : undefined;
  } catch {
    return undefined;
  }
}

/** One name, of an element or one of the two above, and the content. */
type XmlNode = Readonly<Record<string, readonly XmlNode[] | string>>;

type XmlElement = readonly [name: string, content: readonly XmlNode[]];

function elementsOf(content: readonly XmlNode[]): XmlElement[] {
  return content.flatMap((node) =>
    Object.entries(node).filter(
      (entry): entry is [string, readonly XmlNode[]] => entry[0] !== TEXT && entry[0] !== CDATA,
    ),
  );
}

/**
 * Elements without children become text; `i:nil` becomes empty text, which every reader takes for nothing. So do elements
 * with text around their children, which are markup then; but for the root, of which the children are fields.
 */
function toPlain(content: readonly XmlNode[], isRoot = false): unknown {
  const elements = elementsOf(content);
  if (elements.length === 0 || (!isRoot && hasText(content))) return trimmed(content.flatMap(toPieces));
  const fields = new Map<string, unknown[]>();
  for (const [name, inner] of elements) {
    const same = fields.get(name);
    if (same) same.push(toPlain(inner));
    else fields.set(name, [toPlain(inner)]);
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

/** Whether there is more between the elements than the spaces of a layout. */
function hasText(content: readonly XmlNode[]): boolean {
  return content.some((node) => CDATA in node || textOf(node).trim() !== '');
}

function textOf({ [TEXT]: text }: XmlNode): string {
  return typeof text === 'string' ? text : '';
}

interface Piece {
  readonly text: string;
  /** Whether each character of it counts, as in a CDATA section. */
  readonly isLiteral: boolean;
}

/** All text in a node, in order. */
function toPieces(node: XmlNode): readonly Piece[] {
  return Object.entries(node).flatMap(([name, content]): readonly Piece[] => {
    if (typeof content === 'string') return [{ text: content, isLiteral: false }];
    if (name !== CDATA) return content.flatMap(toPieces);
    return [{ text: content.map(textOf).join(''), isLiteral: true }];
  });
}

/** One text, without the spaces of a layout at its ends. */
function trimmed(pieces: readonly Piece[]): string {
  const texts = pieces.map(({ text, isLiteral }, index) => {
    if (isLiteral) return text;
    const start = index === 0 ? text.trimStart() : text;
    return unescapeXml(index === pieces.length - 1 ? start.trimEnd() : start);
  });
  return texts.join('');
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Predefined entities and character references, once: https://www.w3.org/TR/xml/#sec-references */
function unescapeXml(text: string): string {
  return text.replace(/&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));/g, (_, name, decimal, hex) => {
    if (name) return ENTITIES[name as string]!;
    const code = decimal ? Number(decimal) : parseInt(hex as string, 16);
    return code <= 0x10ffff && isXmlText(String.fromCodePoint(code)) ? String.fromCodePoint(code) : '\uFFFD';
  });
}

/** Whether XML 1.0 can hold the text at all, escaped or not: https://www.w3.org/TR/xml/#charsets */
export function isXmlText(text: string): boolean {
  return /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text);
}

/** Text as an element's content. A bare carriage return would arrive as a line feed. */
export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#xD;');
}
