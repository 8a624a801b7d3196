/** Registers `/graphql`: hooks that record, check and authenticate a request, then the fast path or Apollo Server. */
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../datasources/index.ts';
import type { Authenticate } from '../auth/authenticate.ts';
import { IssuerUnavailable } from '../auth/caller.ts';
import type { PreparedOperations } from '../graphql/prepared-operations.ts';
import { createBrowserAnswer } from '../pages/endpoint.ts';
import type { RequestRecord, Telemetry } from '../telemetry/index.ts';
import { createHostCheck, createOriginCheck, type HostRules } from './allowed-hosts.ts';
import { rejectBadQuery, rejectCharset } from './body-text.ts';
import { createCors } from './cors.ts';
import {
  rejectRequest,
  rejectCompressed,
  rejectMethod,
  rejectTooManyLines,
  rejectUnacceptable,
} from './error-handler.ts';
import { findRepeated, toSingleNames } from './headers.ts';
import { negotiate } from './negotiation.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** `null` if the request is not recorded. */
    record: RequestRecord | null;
    /** `null` until the request is authenticated. */
    caller: Caller | null;
  }
}

/** An authenticated request. */
export interface IncomingRequest {
  readonly caller: Caller;
  readonly headers: FastifyRequest['headers'];
  readonly record: RequestRecord;
}

export interface OpenRequest<Context> {
  readonly context: Context;
  /** Called after the response, or when the client disconnects. */
  dispose(): void;
}

export interface GraphqlRouteOptions<Context extends object> {
  readonly authenticate: Authenticate;
  /** Origins whose pages may send requests (CORS). */
  readonly corsOrigins: readonly string[];
  readonly hostRules: HostRules;
  /** Whether `/` is the explorer. */
  readonly hasExplorer: boolean;
  /** Headers that carry callers' own credentials for a vendor; names in lower case. */
  readonly forwards: Iterable<string>;
  readonly telemetry: Telemetry;
  /** The fast path. Omit to send every request through Apollo Server. */
  readonly preparedOperations?: PreparedOperations | undefined;
  openRequest(incoming: IncomingRequest): OpenRequest<Context>;
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

export function registerGraphqlRoute<Context extends object>(
  http: FastifyInstance,
  apollo: ApolloServer<Context>,
  options: GraphqlRouteOptions<Context>,
): void {
  const { corsOrigins, hostRules, hasExplorer, forwards } = options;
  http.decorateRequest('record', null);
  http.decorateRequest('caller', null);
  http.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'],
    onRequest: [
      createBrowserAnswer(hasExplorer),
      createRecording(options.telemetry),
      createHostCheck(hostRules),
      createCors(corsOrigins, forwards),
      createOriginCheck(hostRules, corsOrigins),
      rejectMethod,
      rejectUnacceptable,
      rejectCompressed,
      rejectCharset,
      rejectBadQuery,
      createRepetitionCheck(hostRules, forwards),
      createAuthentication(options),
    ],
    preHandler: rejectTooManyLines,
    handler: createHandler(http, apollo, options),
  });
}

/** Responses hold data that only the caller may see. */
const NO_STORE = 'no-store';

/** Starts the request's record, and ends it with the response. */
function createRecording(telemetry: Telemetry): Hook {
  return (request, reply, done) => {
    void reply.header('cache-control', NO_STORE);
    if (request.method !== 'OPTIONS') {
      const record = telemetry.startRequest(request.method, request.headers);
      request.record = record;
      void reply.header('x-request-id', record.id);
      reply.raw.on('close', () => telemetry.endRequest(record, reply.raw.writableFinished ? reply.statusCode : null));
    }
    done();
  };
}

/** Headers with a single value: which of two would count is undefined. */
const SINGLE_HEADERS = toSingleNames(['content-type']);
const CREDENTIAL_HEADERS = ['authorization', 'x-api-key'];

/** Rejects repeated headers, with 401 if they are credentials. */
function createRepetitionCheck({ requiresAuth }: HostRules, forwards: Iterable<string>): Hook {
  const credentials = toSingleNames([...(requiresAuth ? CREDENTIAL_HEADERS : []), ...forwards]);
  return ({ raw }, reply, done) => {
    const credential = findRepeated(raw.rawHeaders, credentials);
    if (credential !== undefined) {
      rejectUnauthenticated(reply, `The header ${credential} is repeated. Send one credential.`);
    } else if (findRepeated(raw.rawHeaders, SINGLE_HEADERS) !== undefined) {
      rejectRequest(reply, 400, 'BAD_REQUEST', 'The header content-type is repeated. Send it once.');
    } else {
      done();
    }
  };
}

const UNAUTHENTICATED =
  'Authentication required. Send a valid bearer token in Authorization, or an API key in x-api-key.';
const ISSUER_UNAVAILABLE = 'Cannot verify the token: the identity provider is unreachable. Retry later.';

function rejectUnauthenticated(reply: FastifyReply, message: string): void {
  void reply.header('www-authenticate', 'Bearer');
  rejectRequest(reply, 401, 'UNAUTHENTICATED', message);
}

function createAuthentication({
  authenticate,
  telemetry,
}: Pick<GraphqlRouteOptions<object>, 'authenticate' | 'telemetry'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      const caller = await authenticate(request.headers);
      if (caller) {
        request.caller = caller;
        return undefined;
      }
      rejectUnauthenticated(reply, UNAUTHENTICATED);
      return await reply;
    } catch (error) {
      if (!(error instanceof IssuerUnavailable)) throw error;
      telemetry.log.warn({ requestId: request.record?.id, err: error.cause }, error.message);
      void reply.header('retry-after', '5');
      rejectRequest(reply, 503, 'SIGN_IN_UNAVAILABLE', ISSUER_UNAVAILABLE);
      return reply;
    }
  };
}

function createHandler<Context extends object>(
  http: FastifyInstance,
  apollo: ApolloServer<Context>,
  { preparedOperations, openRequest }: GraphqlRouteOptions<Context>,
) {
  const toContext = ({ caller, headers, record }: FastifyRequest, reply: FastifyReply): Context => {
    if (!caller || !record) throw new TypeError('Expected an authenticated and recorded request.');
    const open = openRequest({ caller, headers, record });
    reply.raw.on('close', () => open.dispose());
    return open.context;
  };
  const apolloHandler = fastifyApolloHandler(apollo, { context: async (request, reply) => toContext(request, reply) });

  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const prepared = request.method === 'POST' ? preparedOperations?.prepare(request.body) : undefined;
    if (prepared) {
      void reply.header('content-type', negotiate(request.headers.accept).mediaType);
      return prepared.answer(toContext(request, reply), request.record!);
    }
    const body = await apolloHandler.call(http, request, reply);
    // Apollo Server sets another value on some responses.
    void reply.header('cache-control', NO_STORE);
    return body;
  };
}
