/**
 * `/graphql`: what happens to a request between the door and the schema. It is written down, its origin is looked at, a
 * compressed body is refused, and it is known who asks; only then is it read.
 */
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../datasources/index.ts';
import { IssuerUnavailable } from './caller.ts';
import { createCors } from './cors.ts';
import type { Lane } from './lane/index.ts';
import { SIGN_IN_UNAVAILABLE, UNAUTHENTICATED, refuseCompressed, refuseTooManyLines } from './refusals.ts';
import type { Authenticate } from './sign-in.ts';
import type { RequestRecord, Watch } from './watch/index.ts';

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
export interface Running<Context> {
  readonly context: Context;
  /** Its caller has gone, or has been answered. */
  end(): void;
}

export interface EndpointOptions<Context extends object> {
  /** Says who asks; undefined for nobody we know. */
  readonly authenticate: Authenticate;
  /** Origins whose pages may ask from a browser. */
  readonly corsOrigins: readonly string[];
  /** Headers that carry callers' own credentials for a vendor; names in lower case. */
  readonly forwards: Iterable<string>;
  readonly watch: Watch;
  /** The shorter way; every request goes through Apollo Server where it is left out. */
  readonly lane?: Lane | undefined;
  start(incoming: Incoming): Running<Context>;
}

export function addEndpoint<Context extends object>(
  http: FastifyInstance,
  apollo: ApolloServer<Context>,
  { authenticate, corsOrigins, forwards, watch, lane, start }: EndpointOptions<Context>,
): void {
  http.decorateRequest('record', null);
  http.decorateRequest('caller', null);

  const begin = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (request.method !== 'OPTIONS') {
      const record = watch.begin(request.method, request.headers);
      request.record = record;
      void reply.header('x-request-id', record.id);
      reply.raw.on('close', () => watch.end(record, reply.raw.writableFinished ? reply.statusCode : null));
    }
    done();
  };

  const signIn = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    try {
      const caller = await authenticate(request.headers);
      if (!caller) return await reply.code(401).header('www-authenticate', 'Bearer').send(UNAUTHENTICATED);
      request.caller = caller;
      return undefined;
    } catch (error) {
      if (!(error instanceof IssuerUnavailable)) throw error;
      watch.log.warn({ requestId: request.record?.id, err: error.cause }, error.message);
      return reply.code(503).header('retry-after', '5').send(SIGN_IN_UNAVAILABLE);
    }
  };

  const recordOf = (request: FastifyRequest): RequestRecord => request.record!;

  const toContext = (request: FastifyRequest, reply: FastifyReply): Context => {
    const { caller } = request;
    if (!caller) throw new TypeError('A request has reached the schema without its caller being known.');
    const running = start({ caller, headers: request.headers, record: recordOf(request) });
    reply.raw.on('close', () => running.end());
    return running.context;
  };

  const throughApollo = fastifyApolloHandler(apollo, { context: async (request, reply) => toContext(request, reply) });

  const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const ready = request.method === 'POST' ? lane?.find(request) : undefined;
    if (ready) {
      void reply.header('content-type', ready.mediaType);
      return ready.answer(toContext(request, reply), recordOf(request));
    }
    const body = await throughApollo.call(http, request, reply);
    const mediaType = reply.getHeader('content-type');
    if (reply.statusCode === 200 && typeof mediaType === 'string') {
      lane?.noteMediaType(request.headers.accept, mediaType);
    }
    return body;
  };

  http.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    onRequest: [begin, createCors(corsOrigins, forwards), refuseCompressed, signIn],
    preHandler: refuseTooManyLines,
    handler: handle,
  });
}
