/**
 * Answers prepared operations from node:http: what Fastify does for a request costs more than to execute the operation
 * (docs/performance.md#direct-route).
 *
 * Takes a request as long as it is an ordinary one: JSON of known length, posted to `/graphql`, that passes all header
 * checks, from a caller that is admitted, with an operation that is prepared and passes all request checks. As soon as it is
 * not, Fastify gets the request with what is known of it, so that every rejection is written in one place. One that is not
 * admitted is answered here, in the same way: a caller that floods should cost little.
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Caller } from '../../datasources/index.ts';
import type { PreparedOperations, PreparedRequest } from '../graphql/prepared-operations.ts';
import type { RequestRecord, Telemetry } from '../telemetry/index.ts';
import { isRejection, type Admission, type Admit } from './admission.ts';
import type { Cors } from './cors.ts';
import type { HeaderChecks } from './header-checks.ts';
import { NOSNIFF, NO_STORE } from './headers.ts';
import type { IncomingRequest, OpenRequest } from './incoming-request.ts';
import { negotiate } from './negotiation.ts';
import { INTERNAL_SERVER_ERROR, headersOf, toAnswer, type HeaderCheck, type Rejection } from './rejection.ts';

/** Handles a request, or calls `next` with it. */
export type DirectRoute = (request: IncomingMessage, response: ServerResponse, next: RequestListener) => void;

export interface DirectRouteOptions<Context extends object> {
  readonly preparedOperations: PreparedOperations;
  readonly headerChecks: HeaderChecks;
  readonly cors: Cors;
  readonly admit: Admit;
  readonly telemetry: Telemetry;
  /** Maximum size of a request body. */
  readonly bodyBytes: number;
  openRequest(incoming: IncomingRequest): OpenRequest<Context>;
  /** Called for unexpected errors. */
  reportUnexpected(error: unknown): void;
}

/** What is known of a request that Fastify gets. */
export interface HandedOver {
  readonly record: RequestRecord;
  readonly admission?: Admission;
  readonly body?: Buffer;
}

const HANDED_OVER = Symbol('handed over');

/** Returns `undefined` if the direct route did not take the request. */
export function findHandedOver(request: IncomingMessage): HandedOver | undefined {
  return (request as { [HANDED_OVER]?: HandedOver })[HANDED_OVER];
}

export function createDirectRoute<Context extends object>(options: DirectRouteOptions<Context>): DirectRoute {
  const { headerChecks, telemetry, admit, bodyBytes } = options;
  const checks = [headerChecks.host, ...headerChecks.others];
  return (request, response, next) => {
    if (!isOrdinary(request, bodyBytes) || !passes(checks, request)) {
      next(request, response);
      return;
    }
    const record = telemetry.startRequest('POST', request.headers);
    const direct = new DirectRequest(options, request, response, record, next);
    const admission = admit(request, record);
    if (admission instanceof Promise) {
      admission.then(
        (known) => direct.readFrom(known),
        // Fastify authenticates once more, and reports the error.
        () => direct.handOver(),
      );
    } else {
      direct.readFrom(admission);
    }
  };
}

const JSON_TYPES: ReadonlySet<string | undefined> = new Set(['application/json', 'application/json; charset=utf-8']);

/** Whether the body is JSON whose length is known and allowed. */
function isOrdinary({ method, url, headers }: IncomingMessage, bodyBytes: number): boolean {
  if (method !== 'POST' || url !== '/graphql' || !JSON_TYPES.has(headers['content-type'])) return false;
  // A client that accepts streams alone gets one.
  if (negotiate(headers.accept).mediaType === undefined) return false;
  const length = Number(headers['content-length']);
  return length > 0 && length <= bodyBytes;
}

function passes(checks: readonly HeaderCheck[], request: IncomingMessage): boolean {
  for (const check of checks) if (check(request)) return false;
  return true;
}

/** One request, from its headers to its response. */
class DirectRequest<Context extends object> {
  readonly #options: DirectRouteOptions<Context>;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #record: RequestRecord;
  readonly #next: RequestListener;
  #admission: Admission | undefined;
  #open: OpenRequest<Context> | undefined;

  constructor(
    options: DirectRouteOptions<Context>,
    request: IncomingMessage,
    response: ServerResponse,
    record: RequestRecord,
    next: RequestListener,
  ) {
    this.#options = options;
    this.#request = request;
    this.#response = response;
    this.#record = record;
    this.#next = next;
    // Also ends the record of a request that is handed over.
    response.on('close', () => {
      options.telemetry.endRequest(record, response.writableFinished ? response.statusCode : null);
      this.#open?.dispose();
    });
  }

  /** Reads the body of an admitted request. */
  readFrom(admission: Admission): void {
    this.#admission = admission;
    if (isRejection(admission)) {
      this.#reject(admission);
      return;
    }
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    this.#request.on('data', (chunk: Buffer) => {
      if (!first) first = chunk;
      else (chunks ??= [first]).push(chunk);
    });
    // An incomplete body has no end: the connection is closed.
    this.#request.on('end', () => this.#receive(chunks ? Buffer.concat(chunks) : first!, admission));
  }

  /** @param body omit if it has not been read. */
  handOver(body?: Buffer): void {
    const handedOver: HandedOver = {
      record: this.#record,
      ...(this.#admission && { admission: this.#admission }),
      ...(body && { body }),
    };
    (this.#request as { [HANDED_OVER]?: HandedOver })[HANDED_OVER] = handedOver;
    this.#next(this.#request, this.#response);
  }

  #receive(bytes: Buffer, caller: Caller): void {
    const prepared = this.#prepare(bytes);
    if (!prepared) {
      this.handOver(bytes);
      return;
    }
    this.#open = this.#options.openRequest({
      caller,
      headers: this.#request.headers,
      record: this.#record,
    });
    prepared.answer(this.#open.context, this.#record).then(
      (body) => this.#send(200, body),
      (error: unknown) => this.#fail(error),
    );
  }

  #prepare(bytes: Buffer): PreparedRequest | undefined {
    const body = parsePlainJson(bytes);
    return body === undefined ? undefined : this.#options.preparedOperations.prepare(body);
  }

  #fail(error: unknown): void {
    this.#options.reportUnexpected(error);
    this.#send(500, JSON.stringify(INTERNAL_SERVER_ERROR));
  }

  #reject(rejection: Rejection): void {
    const added = Object.entries(headersOf(rejection)).flat();
    this.#send(rejection.status, JSON.stringify(toAnswer(rejection)), added);
  }

  /** @param added names and values of further headers in turn */
  #send(status: number, body: string, added: readonly string[] = []): void {
    const { headers } = this.#request;
    this.#response.writeHead(status, [
      ...NOSNIFF,
      ...NO_STORE,
      'x-request-id',
      this.#record.id,
      'content-type',
      negotiate(headers.accept).mediaType!,
      'content-length',
      String(Buffer.byteLength(body)),
      ...this.#options.cors.headersFor(headers.origin),
      ...added,
    ]);
    this.#response.end(body);
  }
}

/**
 * Parses JSON that the strict parser of `body-text.ts` accepts as well: without prototypes and unpaired surrogates. Returns
 * `undefined` if that is not certain.
 */
function parsePlainJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  if (text.includes('"__proto__"') || text.includes('"constructor"')) return undefined;
  if (text.includes('\\u') && SUSPICIOUS_ESCAPE.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Escapes of ASCII, which may spell a name that is looked for, and of surrogates. */
const SUSPICIOUS_ESCAPE = /\\u(?:00|[dD])/;
