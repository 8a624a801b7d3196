/**
 * Requestor's documents in Requestor's spelling, reduced to the fields in use. A response is validated on arrival; a
 * ticket's fields are converted when they are read.
 *
 * Installations respond in JSON or in XML, with enums as numbers or as names. Both formats are parsed to the same plain
 * values.
 */
import { createRequire } from 'node:module';
import type * as fastXmlParser from 'fast-xml-parser';
import type { UpstreamAnswer } from '../contract.ts';
import { unexpectedResponse } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { asBoolean, asInteger, asList, asObject, asText, readList, readOne } from '../vendor-kit/coerce.ts';
import { mediaType } from '../vendor-kit/request.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';

/** The CommonJS build is one file, the ES modules are forty (docs/performance.md#commonjs). */
const { XMLParser } = createRequire(import.meta.url)('fast-xml-parser') as typeof fastXmlParser;

type Fields = Readonly<Record<string, unknown>>;

/** A ticket's number: 1 to 2147483647 (.NET's int). 0 is not a valid number. */
export const NUMBER = new RegExp(
  '^(?:[1-9][0-9]{0,8}|1[0-9]{9}|20[0-9]{8}|21[0-3][0-9]{7}|214[0-6][0-9]{6}|2147[0-3][0-9]{5}|21474[0-7][0-9]{4}|' +
    '214748[0-2][0-9]{3}|2147483[0-5][0-9]{2}|21474836[0-3][0-9]|214748364[0-7])$',
);

const REFERENCE = /^[A-Za-z]{2,10}-[0-9]{1,12}$/;

/** A number or a reference. Both identify a ticket in paths and bodies. */
export const NATIVE_ID = new RegExp(`${NUMBER.source}|${REFERENCE.source}`);

/**
 * Returns the reference with its prefix in upper case, as written by Requestor. The digits are unchanged. The number of
 * a ticket cannot be derived from its reference.
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
   * Null if the response has no such field, i.e. the offers are unknown. A function, since parsing the offers dominates
   * the cost of a ticket and most requests do not select them.
   */
  readonly AllAvailableTicketActions: () => readonly WireOffer[] | null;
}

/** An entry of AllAvailableTicketActions: a number, a name, or both. */
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

/** GetWorkflowPushParametersResult; see `getWorkflowParameters` in client.ts. A null list is empty here. */
export interface WireParameters {
  readonly Users: readonly WireChoice[];
  readonly Services: readonly WireChoice[];
}

export interface WireChoice {
  readonly value: string;
  readonly label: string;
}

/**
 * Returns `undefined` if the response is empty.
 * @throws Failure `protocol` if it is not a ticket.
 */
export function parseTicket(answer: UpstreamAnswer): WireTicket | undefined {
  const ticket = readDocument(answer);
  if (ticket === null) return undefined;
  const TicketId = toTicketId(ticket?.['TicketId']);
  const TicketREF = toReference(ticket?.['TicketREF']);
  if (!ticket || (TicketId === null && TicketREF === null)) throw unexpectedResponse('ticket');
  let offers: readonly WireOffer[] | null | undefined;
  return lazyTicket(ticket, {
    TicketId,
    TicketREF,
    AllAvailableTicketActions: () =>
      (offers ??= toEntries(ticket['AllAvailableTicketActions'], isOffer)?.flatMap(toOffer) ?? null),
  });
}

/** Values that are computed before the lazy record is created. */
type EagerFields = Pick<WireTicket, 'TicketId' | 'TicketREF' | 'AllAvailableTicketActions'>;

/** Lazy, since most requests read few fields. */
const lazyTicket = defineLazyRecord<Fields, WireTicket, EagerFields>({
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

/**
 * Returns `undefined` if the response is not a WorkflowPushResult with a ticket. The documented sample has TicketId 0.
 */
export function parsePushResult(answer: UpstreamAnswer): WirePushResult | undefined {
  const { root, value } = parseDocument(answer) ?? NO_DOCUMENT;
  const result = root === null || root === 'WorkflowPushResult' ? asObject(value) : undefined;
  const TicketId = toTicketId(result?.['TicketId']);
  const TicketREF = toReference(result?.['TicketREF']);
  return TicketId === null && TicketREF === null ? undefined : { TicketId, TicketREF };
}

export function parseParameters(answer: UpstreamAnswer): WireParameters {
  const result = readDocument(answer);
  // Both are null, or may be missing, if the action needs neither.
  if (result === null) return { Users: [], Services: [] };
  if (!result || !('Users' in result || 'Services' in result)) throw unexpectedResponse('set of workflow parameters');
  return {
    Users: toChoices(result['Users'], ['UserProviderKey'], ['Fullname', 'FullName', 'UserName']),
    // The fields of a ServiceItem are not documented.
    Services: toChoices(result['Services'], ['ServiceId', 'Id'], ['ServiceName', 'Name', 'FullName', 'Title']),
  };
}

/** Returns the Message of an error: a field of JSON or XML, or the whole body if it is a single string. */
export function parseMessage(answer: UpstreamAnswer): string | null {
  const { root, value } = parseDocument(answer) ?? NO_DOCUMENT;
  // ASP.NET wraps a bare string in an element named `string`.
  if (typeof value === 'string') return root === null || root === 'string' ? asText(value) : null;
  return asText(readOne(value)?.['Message']);
}

// ---------------------------------------------------------------- values

/** Maps 0 to null: it only occurs in generated samples. */
function toTicketId(value: unknown): number | null {
  const number = asInteger(value);
  return number !== null && number > 0 ? number : null;
}

function toReference(value: unknown): string | null {
  return typeof value === 'string' && /^[^\s\p{C}]{1,100}$/u.test(value) ? value : null;
}

/**
 * Returns the entries of a list, of a single object, or of an XML element that wraps them. Null for an empty value, and
 * for any other type.
 */
function toEntries(value: unknown, isEntry: (fields: Fields) => boolean): readonly unknown[] | null {
  // An element with `i:nil` is parsed as an empty string.
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

// The keys of an entry are not documented. These are tried in order, ignoring case.
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
/** Every known action name begins with a ticket type. Any other `Name` is a display name. */
const TYPED_NAME = /^(?:EndUserTicket|Ticket|Incident|ServiceRequest|Problem|Change)[A-Z][A-Za-z0-9]{0,80}$/;

/** Recognizes an offer by its only documented member. */
function isOffer(fields: Fields): boolean {
  return 'extraparameterisneeded' in inLowerCase(fields);
}

function toOffer(entry: unknown): readonly WireOffer[] {
  const fields = inLowerCase(asObject(entry) ?? { Action: entry });
  const certain = ACTION_KEYS.map((key) => fields[key]);
  const vague = VAGUE_KEYS.map((key) => fields[key]);
  const certainName = findName(certain, ENUM_NAME);
  // If there is an action name, an `Id` may be the number of the entry rather than of the action.
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
  /** Local name of the root element. Null for JSON. */
  readonly root: string | null;
  readonly value: unknown;
}

const NO_DOCUMENT: WireDocument = { root: null, value: undefined };

/** Names that no XML element can have. */
const [TEXT, CDATA] = ['#text', '#cdata'] as const;
const EMPTY_DOCUMENT: WireDocument = { root: null, value: null };

/** Returns the object of a response: null if the response is empty, `undefined` if it is anything else. */
function readDocument(answer: UpstreamAnswer): Fields | null | undefined {
  const document = answer.status === 204 ? EMPTY_DOCUMENT : parseDocument(answer);
  return document && readOne(document.value);
}

/** Detects the format by the first character, since some installations return XML regardless of the Accept header. */
export function parseDocument(answer: UpstreamAnswer): WireDocument | undefined {
  if (mediaType(answer).includes('html')) return undefined;
  // `trim` also removes a byte order mark.
  const text = answer.text.trim();
  if (text.startsWith('<')) return parseXml(text);
  const value = parseJson(text);
  return value === undefined ? undefined : { root: null, value };
}

/** Keeps text, CDATA sections and elements in document order, since an element may contain all three. */
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

/**
 * Whether the text has a declaration such as DOCTYPE or ENTITY. Comments and CDATA sections may contain the same words.
 */
function hasDeclaration(text: string): boolean {
  for (let at = text.indexOf('<!'); at >= 0; at = text.indexOf('<!', at)) {
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : undefined;
    if (end === undefined) return true;
    at = text.indexOf(end, at);
    // The validator rejects an unterminated section.
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

/** The name (of an element, or one of the two above) and its content. */
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
 * Elements without children become text; `i:nil` becomes an empty string, which all readers treat as null. Elements
 * with text between their children are markup and become text as well, except for the root.
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

/** Whether there is text other than white space between the elements. */
function hasText(content: readonly XmlNode[]): boolean {
  return content.some((node) => CDATA in node || textOf(node).trim() !== '');
}

function textOf({ [TEXT]: text }: XmlNode): string {
  return typeof text === 'string' ? text : '';
}

interface Piece {
  readonly text: string;
  /** Whether white space is significant, as in a CDATA section. */
  readonly isLiteral: boolean;
}

/** Returns all text of a node, in order. */
function toPieces(node: XmlNode): readonly Piece[] {
  return Object.entries(node).flatMap(([name, content]): readonly Piece[] => {
    if (typeof content === 'string') return [{ text: content, isLiteral: false }];
    if (name !== CDATA) return content.flatMap(toPieces);
    return [{ text: content.map(textOf).join(''), isLiteral: true }];
  });
}

/** Joins the pieces, without white space at the ends. */
function trimmed(pieces: readonly Piece[]): string {
  const texts = pieces.map(({ text, isLiteral }, index) => {
    if (isLiteral) return text;
    const start = index === 0 ? text.trimStart() : text;
    return unescapeXml(index === pieces.length - 1 ? start.trimEnd() : start);
  });
  return texts.join('');
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Decodes predefined entities and character references, once: https://www.w3.org/TR/xml/#sec-references */
function unescapeXml(text: string): string {
  return text.replace(/&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));/g, (_, name, decimal, hex) => {
    if (name) return ENTITIES[name as string]!;
    const code = decimal ? Number(decimal) : parseInt(hex as string, 16);
    return code <= 0x10ffff && isXmlText(String.fromCodePoint(code)) ? String.fromCodePoint(code) : '\uFFFD';
  });
}

/** Whether XML 1.0 allows all characters, escaped or not: https://www.w3.org/TR/xml/#charsets */
export function isXmlText(text: string): boolean {
  return /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u.test(text);
}

/** Escapes text for an element's content. An unescaped carriage return would be read as a line feed. */
export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#xD;');
}
