/** The one error family below the resolvers. Whoever catches one knows why, and what may be told. */
import type { ErrorMapper, FailureDetails, FailureKind, UpstreamAnswer } from '../contract.ts';
import { asInstant, asList } from './coerce.ts';

/** Longest vendor text that may reach a client, in characters. */
const MESSAGE_LIMIT = 500;

/** Something did not succeed for a known reason. Holds only what a client may see. */
export class Failure extends Error {
  readonly details: FailureDetails;
  /** Global id of the ticket that it is about, where it is about one. */
  readonly ticketId: string | undefined;
  /** `Vendor` enum value, where it is about one. */
  readonly vendor: string | undefined;
  /** The code of the error behind it, e.g. `ECONNREFUSED`: for operators, not for clients. */
  readonly code: string | undefined;

  constructor(facts: FailureDetails, ticketId?: string, vendor?: string, code?: string) {
    // No stack: it is an answer, not a defect, and nobody is shown one. Taking it costs more than all the rest of a
    // ticket that cannot be had.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(facts.message ?? facts.kind);
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'Failure';
    this.details = facts;
    this.ticketId = ticketId;
    this.vendor = vendor;
    this.code = code;
  }

  /** The same failure, told of one ticket. */
  forTicket(ticketId: string, vendor: string | undefined): Failure {
    return new Failure(this.details, ticketId, vendor, this.code);
  }

  get kind(): FailureKind {
    return this.details.kind;
  }
}

/** The failure in `error`, or undefined where it is a defect of ours. */
export function asFailure(error: unknown): Failure | undefined {
  return error instanceof Failure ? error : undefined;
}

/** What was thrown, which need not be an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new TypeError('What was thrown is no error.');
}

/** Bad input, with the path of the field at fault. */
export function invalidInput(message: string, ...field: string[]): Failure {
  return new Failure({ kind: 'invalid-input', message, field });
}

/** Kinds of failure after which the same request may succeed later, unchanged. */
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

/** A vendor that is known here but has no settings. */
export function notConfigured({ key, name }: { readonly key: string; readonly name: string }): FailureDetails {
  const message = `${name} is not configured here; set ${key.toUpperCase()}_URL and its other settings.`;
  return { kind: 'not-configured', message };
}

/** What the caller of this endpoint has not been granted. */
export function missingScope(scope: string, vendorKey: string): FailureDetails {
  const message = `This needs the scope ${scope} or ${vendorKey}/${scope}, which the caller does not have.`;
  return { kind: 'not-granted', message };
}

/**
 * What is read out of an answer, or undefined where the vendor says that there is none. Other failures go on. One promise
 * for all of it, since there is one of these for each ticket.
 *
 * @param read may fail as well, also with `not-found`: vendors say so in answers with a good status too
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
        expectMissing(error);
        return undefined;
      }
    },
    (error: unknown) => {
      expectMissing(error);
      return undefined;
    },
  );
}

/** @throws the error where it says anything else */
function expectMissing(error: unknown): void {
  if (asFailure(error)?.kind !== 'not-found') throw error;
}

/** The failure of an answer that is not of the documented kind. `what` is what was asked for, e.g. `ticket`. */
export function unexpectedResponse(what: string): Failure {
  return new Failure({ kind: 'protocol', message: `The vendor's answer is not a ${what} of the documented form.` });
}

/** What a status alone says, where the vendor's dialect knows no better. RFC 9110 section 15. */
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

/** The dialect of a vendor that says nothing but a status. */
export const failureOfStatus: ErrorMapper = (answer) => ({ kind: kindOfStatus(answer.status) });

/** What the vendor's dialect says of a refusing answer, completed with what HTTP itself says, and made fit to show. */
export function describeRefusal(answer: UpstreamAnswer, dialect: ErrorMapper): FailureDetails {
  const facts = sanitize(dialect(answer));
  const retryAfterSeconds = facts.retryAfterSeconds ?? readRetryAfter(answer);
  return {
    ...facts,
    upstreamStatus: answer.status,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** The facts with the vendor's own text stripped of markup, control characters and stack traces, and capped. */
export function sanitize(facts: FailureDetails): FailureDetails {
  const { upstreamMessage, upstreamCode, ...rest } = facts;
  const message = upstreamMessage === undefined ? '' : toPlainText(upstreamMessage, MESSAGE_LIMIT);
  const code = upstreamCode === undefined ? '' : toPlainText(upstreamCode, 64);
  return { ...rest, ...(message && { upstreamMessage: message }), ...(code && { upstreamCode: code }) };
}

/** More than anybody waits, and as much as fits into GraphQL's Int. */
const MAX_SECONDS = 999_999_999;

/**
 * Seconds until the vendor wants to be asked again: RFC 9110 section 10.2.3, seconds or a date; also a fraction of seconds
 * and times as APIs write them. A date is compared with the vendor's own clock if the answer shows it.
 */
export function readRetryAfter({ headers }: UpstreamAnswer, now = Date.now()): number | undefined {
  const header = headers['retry-after'];
  if (header === undefined) return undefined;
  const clock = Date.parse(asInstant(headers['date']) ?? '');
  const all = asList(header).map((value) => readSeconds(String(value).trim(), Number.isNaN(clock) ? now : clock));
  const known = all.filter((seconds) => seconds !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** HTTP's two older forms of a date. Others are read strictly: Date.parse would read a year out of `-1`. */
const OLDER_DATE = /^(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]{3,6}(?=,)|(?= ))(.)/i;

function readSeconds(text: string, now: number): number | undefined {
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text));
  // More digits than that are no number of seconds, and would be read as a time in milliseconds.
  if (/^\d+$/.test(text)) return undefined;
  const [, ending] = OLDER_DATE.exec(text) ?? [];
  // The form that ends in the year names no zone.
  const date = Date.parse(ending === undefined ? (asInstant(text) ?? '') : ending === ',' ? text : `${text} GMT`);
  return Number.isNaN(date) ? undefined : Math.min(MAX_SECONDS, Math.max(0, Math.ceil((date - now) / 1000)));
}

/** Characters of a vendor's text that are looked at, markup included: enough for a message behind a page's head. */
const READ_LIMIT = 4_000;

/** The part of a vendor's text that may be searched for words: what is longer is cut before any pattern sees it. */
export function cutToRead(text: string): string {
  return text.length > READ_LIMIT ? text.slice(0, READ_LIMIT) : text;
}

/** Text without tags, control characters, the lines of a stack trace or the values of credentials, and capped. */
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

/** A credential in a quoted address or form: error pages like to repeat the request that they are about. */
const CREDENTIAL =
  /\b((?:api[-_]?key|access[-_]?token|auth[-_]?token|refresh[-_]?token|client[-_]?secret|password)=)[^&\s"'<>]*/gi;

/** Text in which the values of credentials are replaced that it names, as in `apiKey=…`. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIAL, '$1REDACTED');
}

/** Without the elements whose content is code. One that never ends goes to the end of the text. */
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

/** Whether a line is of a stack trace as Java, JavaScript, .NET, PHP and Python write it; not each that begins with `at`. */
export function isStackFrame(line: string): boolean {
  const frame = line.trim();
  if (/^at\s/.test(frame)) return isPlaceInCode(frame.slice(3).trimStart());
  return OTHER_FRAME.test(frame);
}

const OTHER_FRAME =
  /^(?:#\d{1,6} {1,4}(?:\{main\}|\S{1,500}\(\d{1,9}\))|File "[^"]{0,500}", line \d|\.{3} \d{1,9} more)/;

/** `async name`, `name(`, or something that ends in the number of a line. */
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
