/**
 * How events are written: as Server-Sent Events or as multipart HTTP. Pure functions.
 *
 * Server-Sent Events follow graphql-sse's "distinct connections mode":
 * https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md. Multipart follows Apollo's protocol:
 * https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol
 */
import type { FormattedExecutionResult } from 'graphql';
import Negotiator from 'negotiator';

export interface StreamFormat {
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent at once, so that the client knows that the stream is open. */
  readonly start: string;
  /** @param id of the event, for a client that resumes; omitted if there is none. */
  event(result: FormattedExecutionResult, id?: string): string;
  /** Keeps proxies from closing an idle stream. */
  readonly heartbeat: string;
  /** @param errors why the stream ends; omitted if the operation is complete. */
  end(errors?: FormattedExecutionResult['errors']): string;
}

/** For proxies such as nginx, which would buffer events. */
const UNBUFFERED = { 'cache-control': 'no-store', 'x-accel-buffering': 'no' } as const;

const SERVER_SENT_EVENTS: StreamFormat = {
  headers: { ...UNBUFFERED, 'content-type': 'text/event-stream; charset=utf-8' },
  start: ':\n\n',
  event: (result, id) => `event: next\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(result)}\n\n`,
  heartbeat: ':\n\n',
  end: (errors) => `${errors ? SERVER_SENT_EVENTS.event({ errors }) : ''}event: complete\ndata: \n\n`,
};

const BOUNDARY = 'graphql';

/**
 * The boundary comes after each part, rather than before the next one: Apollo Client hands a part on only when it has read
 * the boundary that ends it.
 */
const MULTIPART: StreamFormat = {
  headers: { ...UNBUFFERED, 'content-type': `multipart/mixed; boundary="${BOUNDARY}"; subscriptionSpec=1.0` },
  start: `\r\n--${BOUNDARY}`,
  event: (payload) => toPart({ payload }),
  heartbeat: toPart({}),
  end: (errors) => `${errors ? toPart({ payload: null, errors }) : ''}--\r\n`,
};

function toPart(body: object): string {
  return `\r\ncontent-type: application/json; charset=utf-8\r\n\r\n${JSON.stringify(body)}\r\n--${BOUNDARY}`;
}

/** Whether a media range is of multipart subscriptions: `deferSpec` alone asks for another protocol. */
function isMultipart(range: string): boolean {
  const [type, ...parameters] = range.toLowerCase().split(';', 10);
  if (type?.trim() !== 'multipart/mixed') return false;
  const specifications = parameters.map((parameter) => parameter.trim()).filter((text) => /^\w+spec=/.test(text));
  return specifications.length === 0 || specifications.some((text) => /^subscriptionspec="?1\.0"?$/.test(text));
}

/** What a client accepts. Server-Sent Events win if both formats are accepted. */
export interface Accepted {
  /** `undefined` if no stream is accepted. */
  readonly format: StreamFormat | undefined;
  /** Whether a single result as JSON is accepted as well. */
  readonly isJsonAccepted: boolean;
}

/** @param accept the header of the request; a stream has to be accepted by name, not by a wildcard. */
export function readAccept(accept: string | undefined): Accepted {
  if (accept === undefined) return { format: undefined, isJsonAccepted: true };
  const types = new Negotiator({ headers: { accept } }).mediaTypes();
  const isJsonAccepted = types.some((type) => JSON_TYPES.has(type));
  if (types.includes('text/event-stream')) return { format: SERVER_SENT_EVENTS, isJsonAccepted };
  return { format: accept.split(',').some(isMultipart) ? MULTIPART : undefined, isJsonAccepted };
}

const JSON_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'application/graphql-response+json',
  'application/*',
  '*/*',
]);
