/** The one error family below the resolvers: says why something failed, and holds only what clients may see. */
import type { ErrorMapper, FailureDetails, FailureKind, TicketSource, UpstreamAnswer } from '../contract.ts';
import { asInstant, asList } from './coerce.ts';
import { toVariable, vendorKeyOf } from './source-key.ts';

/** Longest vendor text that may reach a client, in characters. */
const MESSAGE_LIMIT = 500;

/** An expected failure, for a known reason. */
export class Failure extends Error {
  readonly details: FailureDetails;
  /** Global id of the ticket that it concerns, if any. */
  readonly ticketId: string | undefined;
  /** Key of the source that it concerns, if any. */
  readonly source: string | undefined;
  /** The code of its cause, e.g. `ECONNREFUSED`. For operators, not for clients. */
  readonly code: string | undefined;

  constructor(details: FailureDetails, ticketId?: string, source?: string, code?: string) {
    // Skip the stack trace: failures are expected results (docs/performance.md#failure-stack).
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(details.message ?? details.kind);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'Failure';
    this.details = details;
    this.ticketId = ticketId;
    this.source = source;
    this.code = code;
  }

  /** Returns the same failure for one ticket. */
  forTicket(ticketId: string, source: string | undefined): Failure {
    return new Failure(this.details, ticketId, source, this.code);
  }

  get kind(): FailureKind {
    return this.details.kind;
  }
}

/** Returns the error if it is a `Failure`, or `undefined` if it is unexpected. */
export function asFailure(error: unknown): Failure | undefined {
  return error instanceof Failure ? error : undefined;
}

/** Returns what was thrown as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new TypeError('A value that is not an error was thrown.');
}

/** Invalid input; `field` is the path of the input at fault. */
export function invalidInput(message: string, ...field: string[]): Failure {
  return new Failure({ kind: 'invalid-input', message, field });
}

/** Kinds after which the same request may succeed later. */
const RETRYABLE: ReadonlySet<FailureKind> = new Set([
  'rate-limited',
  'unavailable',
  'timeout',
  'overloaded',
  'key-in-flight',
  'key-store-unavailable',
]);

export function isRetryable({ kind }: FailureDetails): boolean {
  return RETRYABLE.has(kind);
}

/** The default source of a known vendor, without settings. Further sources are known by their settings only. */
export function notConfigured({ key, name }: Pick<TicketSource, 'key' | 'name'>): FailureDetails {
  const message = `${name} is not configured here; set ${toVariable(key, 'URL')} and its other settings.`;
  return { kind: 'not-configured', message };
}

/** An OAuth scope that the caller lacks. */
export function missingScope(scope: string, sourceKey: string): FailureDetails {
  const narrower = new Set([vendorKeyOf(sourceKey), sourceKey]);
  const message = `Missing scope: ${[scope, ...Array.from(narrower, (key) => `${key}/${scope}`)].join(' or ')}.`;
  return { kind: 'not-granted', message };
}

/**
 * Resolves to the value read from an answer, or to `undefined` if the vendor has none. Passes other failures on.
 *
 * @param read may throw `not-found` as well: some vendors report it with a success status
 */
export function undefinedIfNotFound<Answer, Value>(
  answer: Promise<Answer>,
  read: (answer: Answer) => Value,
): Promise<Value | undefined> {
  return answer.then(
    (value) => {
      try {
        return read(value);
      } catch (error) {
        expectNotFound(error);
        return undefined;
      }
    },
    (error: unknown) => {
      expectNotFound(error);
      return undefined;
    },
  );
}

/** @throws the error unless it is `not-found` */
function expectNotFound(error: unknown): void {
  if (asFailure(error)?.kind !== 'not-found') throw error;
}

/** An answer that is not of the documented form. `what` names the expected content, e.g. `ticket`. */
export function unexpectedResponse(what: string): Failure {
  return new Failure({ kind: 'protocol', message: `The vendor's answer is not a ${what} of the documented form.` });
}

/** Maps a status alone, for want of anything more exact. RFC 9110 section 15. */
export function kindOfStatus(status: number): FailureKind {
  if (status === 401) return 'unauthenticated';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 408) return 'timeout';
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'unavailable';
  if (status >= 300 && status < 400) return 'protocol';
  return 'rejected';
}

/** Error mapper of a vendor whose errors have only a status. */
export const failureOfStatus: ErrorMapper = (answer) => ({ kind: kindOfStatus(answer.status) });

/** Maps an error answer, adds what HTTP itself says, and removes what clients may not see. */
export function describeRejection(answer: UpstreamAnswer, toDetails: ErrorMapper): FailureDetails {
  const details = sanitize(toDetails(answer));
  const retryAfterSeconds = details.retryAfterSeconds ?? readRetryAfter(answer);
  return {
    ...details,
    upstreamStatus: answer.status,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** Strips the vendor's text of markup, control characters and stack traces, and caps its length. */
export function sanitize(details: FailureDetails): FailureDetails {
  const { upstreamMessage, upstreamCode, ...rest } = details;
  const message = upstreamMessage === undefined ? '' : toPlainText(upstreamMessage, MESSAGE_LIMIT);
  const code = upstreamCode === undefined ? '' : toPlainText(upstreamCode, 64);
  return { ...rest, ...(message && { upstreamMessage: message }), ...(code && { upstreamCode: code }) };
}

/** Fits into GraphQL's Int. */
const MAX_SECONDS = 999_999_999;

/**
 * Returns the seconds of `Retry-After` (RFC 9110 section 10.2.3), or `undefined` if it is missing or invalid. Also accepts
 * fractions of seconds and ISO 8601. A date is compared with the vendor's own clock if the answer has a `Date`.
 */
export function readRetryAfter({ headers }: UpstreamAnswer, now = Date.now()): number | undefined {
  const header = headers['retry-after'];
  if (header === undefined) return undefined;
  const clock = Date.parse(asInstant(headers['date']) ?? '');
  const all = asList(header).map((value) => readSeconds(String(value).trim(), Number.isNaN(clock) ? now : clock));
  const known = all.filter((seconds) => seconds !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** HTTP's two obsolete date formats. Others are parsed strictly: `Date.parse` takes `-1` for a year. */
const OLDER_DATE = /^(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{3,6}(?=,)|(?= ))(.)/i;

function readSeconds(text: string, now: number): number | undefined {
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text));
  // More digits are not seconds, and would be parsed as milliseconds since 1970.
  if (/^\d+$/.test(text)) return undefined;
  const [, ending] = OLDER_DATE.exec(text) ?? [];
  // The format that ends in the year has no zone.
  const date = Date.parse(ending === undefined ? (asInstant(text) ?? '') : ending === ',' ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : Math.min(MAX_SECONDS, Math.max(0, Math.ceil((date - now) / 1000)));
}

/** Characters of a vendor's text that are read, markup included: enough for a message after a page's head. */
const READ_LIMIT = 4_000;

/** Cuts a vendor's text before any pattern is applied to it. */
export function cutToRead(text: string): string {
  return text.length > READ_LIMIT ? text.slice(0, READ_LIMIT) : text;
}

/** Removes tags, control characters, stack traces and values of credentials, and caps the length. */
function toPlainText(text: string, limit: number): string {
  const plain = withoutScripts(cutToRead(text))
    .split(/[\r\n]+/)
    .filter((line) => !isStackFrame(line))
    .join(' ')
    .replace(/<[^>]*>?/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return withoutCredentials(plain).slice(0, limit);
}

/** A credential in a quoted address or form: error pages often repeat the request. */
const CREDENTIAL =
  /\b((?:api[-_]?key|access[-_]?token|auth[-_]?token|refresh[-_]?token|client[-_]?secret|password)=)[^&\s"'<>]*/gi;

/** Redacts the values of named credentials, as in `apiKey=…`. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIAL, '$1REDACTED');
}

/** Removes elements that contain code. An unclosed one extends to the end of the text. */
function withoutScripts(text: string): string {
  const begin = /<(?:script|style)\b/gi;
  const end = /<\/(?:script|style)\b[^>]*>?/gi;
  let rest = '';
  let from = 0;
  for (let opening = begin.exec(text); opening; opening = begin.exec(text)) {
    rest += `${text.slice(from, opening.index)} `;
    end.lastIndex = opening.index;
    if (!end.exec(text)) return rest;
    from = begin.lastIndex = end.lastIndex;
  }
  return rest + text.slice(from);
}

/** Returns whether a line is a stack frame of Java, JavaScript, .NET, PHP or Python. */
export function isStackFrame(line: string): boolean {
  const frame = line.trim();
  if (/^at\s/.test(frame)) return isPlaceInCode(frame.slice(3).trimStart());
  return OTHER_FRAME.test(frame);
}

const OTHER_FRAME =
  /^(?:#\d{1,6} {1,4}(?:\{main\}|\S{1,500}\(\d{1,9}\))|File "[^"]{0,500}", line \d|\.{3} \d{1,9} more)/;

/** `async name`, `name(`, or a text that ends in a line number. */
function isPlaceInCode(text: string): boolean {
  if (/^async\s/.test(text) || /^[^\s(]+\(/.test(text)) return true;
  const place = text.endsWith(')') ? text.slice(0, -1) : text;
  let end = place.length;
  while (isDigit(place.charCodeAt(end - 1))) end -= 1;
  if (end === place.length) return false;
  const word = end - 'line '.length;
  return place.endsWith(':', end) || (place.startsWith('line ', word) && !/\w/.test(place.charAt(word - 1)));
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
