/**
 * `/graphql`: what happens to a request between the door and the schema. It is written down, its host and origin are
 * checked, what cannot be read or answered is refused, and it is known who asks; only then is it read.
 */
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../datasources/index.ts';
import { IssuerUnavailable } from '../auth/caller.ts';
import { createCors } from './cors.ts';
import { findRepeated, toSingleNames } from './headers.ts';
import { createHostCheck, createOriginCheck, type HostRules } from './allowed-hosts.ts';
import type { PreparedOperations } from '../graphql/prepared-operations.ts';
import { negotiate } from './negotiation.ts';
import { createBrowserAnswer } from '../pages/endpoint.ts';
import {
  rejectRequest,
  rejectCompressed,
  rejectMethod,
  rejectTooManyLines,
  rejectUnacceptable,
} from '../graphql/error-codes.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import { rejectBadQuery, rejectCharset } from './body-text.ts';
import type { RequestRecord, Telemetry } from '../telemetry/index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null for what is not written down. */
    record: RequestRecord | null;
    /** Null until it is known who asks. */
    caller: Caller | null;
  }
}

/** A request of which it is known who asks. */
export interface Incoming {
  readonly caller: Caller;
  readonly headers: FastifyRequest['headers'];
  readonly record: RequestRecord;
}

/** A request on its way through the schema. */
export interface OpenRequest<Context> {
  readonly context: Context;
  /** Its caller has gone, or has been answered. */
  dispose(): void;
}

export interface GraphqlRouteOptions<Context extends object> {
  /** Says who asks; undefined for nobody we know. */
  readonly authenticate: Authenticate;
  /** Origins whose pages may ask from a browser. */
  readonly corsOrigins: readonly string[];
  readonly hostRules: HostRules;
  /** Whether `/` is a page for browsers. */
  readonly hasExplorer: boolean;
  /** Headers that carry callers' own credentials for a vendor; names in lower case. */
  readonly forwards: Iterable<string>;
  readonly telemetry: Telemetry;
  /** The shorter way; every request goes through Apollo Server where it is left out. */
  readonly preparedOperations?: PreparedOperations | undefined;
  start(incoming: Incoming): OpenRequest<Context>;
}

/** Answers hold what only their callers may see. */
const NO_STORE = 'no-store';

/** Headers that each say one thing: with two of them, which one counts would be a matter of luck. */
const SINGLE_HEADERS = toSingleNames(['content-type']);
const CREDENTIALS = ['authorization', 'x-api-key'];

const UNAUTHENTICATED = 'Sign in: send a valid bearer token in Authorization, or an API key in x-api-key.';
const SIGN_IN_UNAVAILABLE =
  'Your token cannot be checked now, since its issuer does not answer; nothing was done. Try again in a moment.';

export function registerGraphqlRoute<Context extends object>(
  http: FastifyInstance,
  apollo: ApolloServer<Context>,
  options: GraphqlRouteOptions<Context>,
): void {
  const {
    authenticate,
    corsOrigins,
    hostRules,
    hasExplorer,
    forwards,
    telemetry: watch,
    preparedOperations: lane,
    start,
  } = options;
  http.decorateRequest('record', null);
  http.decorateRequest('caller', null);

  const begin = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    void reply.header('cache-control', NO_STORE);
    if (request.method !== 'OPTIONS') {
      const record = watch.begin(request.method, request.headers);
      request.record = record;
      void reply.header('x-request-id', record.id);
      reply.raw.on('close', () => watch.end(record, reply.raw.writableFinished ? reply.statusCode : null));
    }
    done();
  };

  const credentials = toSingleNames([...(hostRules.hasSignIn ? CREDENTIALS : []), ...forwards]);
  const refuseRepeated = ({ raw }: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const credential = findRepeated(raw.rawHeaders, credentials);
    if (credential !== undefined) {
      void reply.header('www-authenticate', 'Bearer');
      rejectRequest(reply, 401, 'UNAUTHENTICATED', `The header ${credential} is repeated. Send one credential.`);
    } else if (findRepeated(raw.rawHeaders, SINGLE_HEADERS) !== undefined) {
      rejectRequest(reply, 400, 'BAD_REQUEST', 'The header content-type is repeated. Send it once.');
    } else {
      done();
    }
  };

  const signIn = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      const caller = await authenticate(request.headers);
      if (caller) {
        request.caller = caller;
        return undefined;
      }
      void reply.header('www-authenticate', 'Bearer');
      rejectRequest(reply, 401, 'UNAUTHENTICATED', UNAUTHENTICATED);
      return await reply;
    } catch (error) {
      if (!(error instanceof IssuerUnavailable)) throw error;
      watch.log.warn({ requestId: request.record?.id, err: error.cause }, error.message);
      void reply.header('retry-after', '5');
      rejectRequest(reply, 503, 'SIGN_IN_UNAVAILABLE', SIGN_IN_UNAVAILABLE);
      return reply;
    }
  };

  const recordOf = (request: FastifyRequest): RequestRecord => request.record!;

  const toContext = (request: FastifyRequest, reply: FastifyReply): Context => {
    const { caller } = request;
    if (!caller) throw new TypeError('A request has reached the schema without its caller being known.');
    const running = start({ caller, headers: request.headers, record: recordOf(request) });
    reply.raw.on('close', () => running.dispose());
    return running.context;
  };

  const throughApollo = fastifyApolloHandler(apollo, { context: async (request, reply) => toContext(request, reply) });

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const ready = request.method === 'POST' ? lane?.prepare(request) : undefined;
    if (ready) {
      void reply.header('content-type', negotiate(request.headers.accept).mediaType);
      return ready.answer(toContext(request, reply), recordOf(request));
    }
    const body = await throughApollo.call(http, request, reply);
    // Apollo Server has one of its own for some answers.
    void reply.header('cache-control', NO_STORE);
    return body;
  };

  http.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'],
    onRequest: [
      createBrowserAnswer(hasExplorer),
      begin,
      createHostCheck(hostRules),
      createCors(corsOrigins, forwards),
      createOriginCheck(hostRules, corsOrigins),
      rejectMethod,
      rejectUnacceptable,
      rejectCompressed,
      rejectCharset,
      rejectBadQuery,
      refuseRepeated,
      signIn,
    ],
    preHandler: rejectTooManyLines,
    handler: handle,
  });
}
