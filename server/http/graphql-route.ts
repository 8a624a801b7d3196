/**
 * Registers `/graphql`: hooks that record, check and admit a request, then Apollo Server. Ordinary requests of
 * prepared operations do not come here; `direct-route.ts` answers them.
 */
import { Readable } from 'node:stream';
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../datasources/index.ts';
import { IssuerUnavailable } from '../auth/caller.ts';
import { fastifyApolloHandler } from '../graphql/apollo-libraries.ts';
import { createBrowserAnswer } from '../pages/endpoint.ts';
import type { RequestRecord, Telemetry } from '../telemetry/index.ts';
import { isRejection, type Admit } from './admission.ts';
import type { Cors } from './cors.ts';
import { findHandedOver } from './direct-route.ts';
import { rejectTooManyLines, sendRejection } from './error-handler.ts';
import { toHook, type HeaderChecks } from './header-checks.ts';
import { NO_STORE } from './headers.ts';
import type { IncomingRequest, OpenRequest } from './incoming-request.ts';
import type { Rejection } from './rejection.ts';
import type { StreamHandler } from './streams/stream-handler.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** `null` if the request is not recorded. */
    record: RequestRecord | null;
    /** `null` until the request is admitted. */
    caller: Caller | null;
  }
}

/** What checks and admits a request. */
export interface CallerHookOptions {
  readonly admit: Admit;
  readonly headerChecks: HeaderChecks;
  readonly cors: Cors;
  readonly telemetry: Telemetry;
}

export interface GraphqlRouteOptions<Context extends object> extends CallerHookOptions {
  /** Whether `/` is the explorer. */
  readonly hasExplorer: boolean;
  /** Answers requests of clients that accept a stream. */
  readonly streams: StreamHandler;
  openRequest(incoming: IncomingRequest): OpenRequest<Context>;
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

export function registerGraphqlRoute<Context extends object>(
  http: FastifyInstance,
  apollo: ApolloServer<Context>,
  options: GraphqlRouteOptions<Context>,
): void {
  const { headerChecks, hasExplorer } = options;
  http.decorateRequest('record', null);
  http.decorateRequest('caller', null);
  http.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'],
    onRequest: [
      createBrowserAnswer(hasExplorer),
      createRecording(options.telemetry),
      toHook(headerChecks.host),
      addCorsHeaders(options.cors),
      toHook(...headerChecks.others),
      createAdmissionHook(options),
    ],
    preParsing: (request, _, payload, done) => {
      const body = findHandedOver(request.raw)?.body;
      done(null, body ? Readable.from([body]) : payload);
    },
    preHandler: rejectTooManyLines,
    handler: createHandler(http, apollo, options),
  });
}

/** Hooks for other routes of callers: they record, check and admit a request as `/graphql` does. */
export function createCallerHooks(options: CallerHookOptions) {
  const { headerChecks, telemetry, cors } = options;
  return [
    createRecording(telemetry),
    toHook(headerChecks.host),
    addCorsHeaders(cors),
    toHook(...headerChecks.transfers),
    createAdmissionHook(options),
  ];
}

/** Starts the request's record, and ends it with the response. */
function createRecording(telemetry: Telemetry): Hook {
  return (request, reply, done) => {
    void reply.header(...NO_STORE);
    if (request.method !== 'OPTIONS') {
      const record = findHandedOver(request.raw)?.record ?? startRecord(telemetry, request, reply);
      request.record = record;
      void reply.header('x-request-id', record.id);
    }
    done();
  };
}

function startRecord(telemetry: Telemetry, { method, headers }: FastifyRequest, reply: FastifyReply): RequestRecord {
  const record = telemetry.startRequest(method, headers);
  reply.raw.on('close', () => telemetry.endRequest(record, reply.raw.writableFinished ? reply.statusCode : null));
  return record;
}

/** Adds CORS headers, and answers preflight requests. */
function addCorsHeaders({ headersFor, preflightHeadersFor }: Cors): Hook {
  return ({ method, headers: { origin } }, reply, done) => {
    if (method === 'OPTIONS') {
      void reply.code(204).headers(preflightHeadersFor(origin)).header('allow', 'GET, POST, OPTIONS').send();
      return;
    }
    const added = headersFor(origin);
    for (let index = 0; index < added.length; index += 2) void reply.header(added[index]!, added[index + 1]);
    done();
  };
}

const ISSUER_UNAVAILABLE: Rejection = {
  status: 503,
  code: 'SIGN_IN_UNAVAILABLE',
  message: 'Cannot verify the token: the identity provider is unreachable. Retry later.',
  retryAfterSeconds: 5,
};

function createAdmissionHook({ admit, telemetry }: Pick<GraphqlRouteOptions<object>, 'admit' | 'telemetry'>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      const admission = findHandedOver(request.raw)?.admission ?? (await admit(request.raw, request.record!));
      if (!isRejection(admission)) {
        request.caller = admission;
        return undefined;
      }
      sendRejection(reply, admission);
      return await reply;
    } catch (error) {
      if (!(error instanceof IssuerUnavailable)) throw error;
      telemetry.log.warn({ requestId: request.record?.id, err: error.cause }, error.message);
      sendRejection(reply, ISSUER_UNAVAILABLE);
      return reply;
    }
  };
}

function createHandler<Context extends object>(
  http: FastifyInstance,
  apollo: ApolloServer<Context>,
  { openRequest, streams }: GraphqlRouteOptions<Context>,
) {
  const toContext = ({ caller, headers, record }: FastifyRequest, reply: FastifyReply): Context => {
    if (!caller || !record) throw new TypeError('Expected an authenticated and recorded request.');
    const open = openRequest({ caller, headers, record });
    reply.raw.on('close', () => open.dispose());
    return open.context;
  };
  const apolloHandler = fastifyApolloHandler(apollo, { context: async (request, reply) => toContext(request, reply) });

  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const streamed = streams.answer(request, reply);
    if (streamed) return streamed;
    const body = await apolloHandler.call(http, request, reply);
    // Apollo Server sets another value on some responses.
    void reply.header(...NO_STORE);
    return body;
  };
}
