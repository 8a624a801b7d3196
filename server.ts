/** Builds schema, resolvers and HTTP into a server. Never listens, so that tests use it as it is. */
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { startRequest, type GraphContext } from './context.ts';
import type { Caller, FailureKind, Sources } from './datasources/index.ts';
import { createCors } from './edge/cors.ts';
import { createCostLimit } from './edge/cost.ts';
import { DEFAULT_LIMITS, createLimitsRule, type Limits } from './edge/limits.ts';
import { serveConsole } from './edge/pages/console.ts';
import { createErrorHandler, createRefusals, refuseCompressed } from './edge/refusals.ts';
import { createSignIn, type Authenticate } from './edge/sign-in.ts';
import { createTrustedDocuments, type RegisteredOperation } from './edge/trusted-documents.ts';
import { createWatch, type RequestRecord, type Watch } from './edge/watch/index.ts';
import { createStudioPlugins, type StudioOptions } from './edge/watch/studio.ts';
import { createResolvers } from './resolvers/index.ts';
import { formatError, toProblem } from './resolvers/problems.ts';

export interface ServerOptions {
  /** Of `buildSchema`. */
  readonly schema: GraphQLSchema;
  readonly sources: Sources;
  /** Milliseconds that one request may take. */
  readonly requestTimeoutMs: number;
  readonly introspection: boolean;
  /** Says who asks; undefined for nobody we know. Everybody is let in where it is left out. */
  readonly authenticate?: Authenticate;
  readonly limits?: Limits;
  /** Origins whose pages may ask from a browser; none where left out. */
  readonly corsOrigins?: readonly string[];
  /** The only operations that are executed; any where left out. */
  readonly operations?: readonly RegisteredOperation[] | undefined;
  /** Whether the console is served at `/console`; not where left out. */
  readonly console?: boolean;
  /** Who watches; nobody where left out. */
  readonly watch?: Watch;
  /** Where Apollo Studio is told of usage and schema; nothing leaves where left out. */
  readonly studio?: StudioOptions | undefined;
  /** Told of errors that are defects of ours. */
  report(defect: unknown): void;
}

export interface Server {
  readonly http: FastifyInstance;
  /** Says no at `/health/ready`, accepts no more, finishes what runs within the grace, and closes. */
  close(graceMs?: number): Promise<void>;
}

export function buildSchema(typeDefs: DocumentNode): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs, resolvers: createResolvers(typeDefs) }]);
}

/** The code that a client sees for a kind of failure. */
export function toCode(kind: FailureKind): string {
  return toProblem({ kind }, null, null).code;
}

export async function buildServer({
  schema,
  sources,
  requestTimeoutMs,
  introspection,
  authenticate = createSignIn({}),
  limits = DEFAULT_LIMITS,
  corsOrigins = [],
  operations,
  console: hasConsole = false,
  watch = createWatch(),
  studio,
  report,
}: ServerOptions): Promise<Server> {
  const { bodyBytes, tokens, upstreamCalls } = limits;
  const http = fastify({
    bodyLimit: bodyBytes,
    // Who sends a byte a minute must not hold a connection for ever.
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: Math.min(requestTimeoutMs, 60_000),
      connectionsCheckingInterval: Math.min(requestTimeoutMs, 30_000),
    },
  });
  http.setErrorHandler(createErrorHandler({ bodyBytes, report }));
  const trusted = operations && createTrustedDocuments(operations);
  const apollo = new ApolloServer<GraphContext>({
    schema,
    ...(studio && { apollo: { key: studio.key, graphRef: studio.graphRef } }),
    logger: watch.log,
    introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    hideSchemaDetailsFromClientErrors: !introspection,
    parseOptions: { maxTokens: tokens },
    validationRules: [...(trusted ? [trusted.rule] : []), createLimitsRule(limits)],
    persistedQueries: trusted && { cache: trusted.cache },
    formatError: (formatted, error) => formatError(formatted, error, report),
    stopOnTerminationSignals: false,
    plugins: [
      // Before those who watch: it gives errors the codes that are seen.
      createRefusals({ hideSuggestions: !introspection }),
      watch.plugin,
      ...(await createStudioPlugins(schema, studio)),
      createCostLimit({ upstreamCalls, vendors: sources.connected.size }),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      // It wraps every field's resolver, for cache hints that this schema does not give.
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
  await apollo.start();

  const records = new WeakMap<FastifyRequest, RequestRecord>();
  const begin = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.method === 'OPTIONS') return;
    const record = watch.begin(request.method, request.headers);
    records.set(request, record);
    void reply.header('x-request-id', record.id);
    reply.raw.once('close', () => watch.end(record, reply.raw.writableFinished ? reply.statusCode : null));
  };
  const callers = new WeakMap<FastifyRequest, Caller>();
  const signIn = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const caller = await authenticate(request.headers);
    if (!caller) return reply.code(401).header('www-authenticate', 'Bearer').send(UNAUTHENTICATED);
    callers.set(request, caller);
    return undefined;
  };
  http.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    onRequest: [begin, createCors(corsOrigins), refuseCompressed, signIn],
    handler: fastifyApolloHandler(apollo, {
      context: async (incoming, reply) => {
        const caller = callers.get(incoming);
        const record = records.get(incoming);
        if (!caller || !record) throw new TypeError('A request has reached the schema without its caller being known.');
        const { headers } = incoming;
        const request = startRequest(sources, { timeoutMs: requestTimeoutMs, caller, headers, watch, record });
        reply.raw.once('close', () => {
          request.end();
        });
        return request.context;
      },
    }),
  });

  let isDraining = false;
  http.get('/health/live', () => ({ status: 'live' }));
  http.get('/health/ready', (_, reply) => {
    void reply.code(isDraining ? 503 : 200);
    return { status: isDraining ? 'draining' : 'ready' };
  });
  const { metrics } = watch;
  if (metrics) {
    http.get('/metrics', async (_, reply) => {
      const { contentType, text } = await metrics.scrape(sources);
      return reply.header('content-type', contentType).send(text);
    });
  }
  if (hasConsole) serveConsole(http);
  const untilIdle = countRequests(http);

  return {
    http,
    async close(graceMs = requestTimeoutMs) {
      isDraining = true;
      const startedAt = performance.now();
      const closed = http.close();
      await untilIdle(graceMs);
      // Connections that were opened and never used do not count as idle, and would be waited for.
      http.server.closeAllConnections();
      await closed;
      const leftMs = (): number => Math.max(0, graceMs - (performance.now() - startedAt));
      // Side by side: a report to Studio that hangs must not take the time of writes under way.
      await Promise.all([apollo.stop(), sources.close(leftMs())]);
      await watch.close(leftMs());
    },
  };
}

const UNAUTHENTICATED = {
  errors: [
    {
      message: 'Sign in: send a valid bearer token in Authorization, or an API key in x-api-key.',
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
};

/** Counts requests under way. The function given back waits until there are none, or the time is up. */
function countRequests(http: FastifyInstance): (graceMs: number) => Promise<void> {
  let underWay = 0;
  let tellIdle = (): void => undefined;
  http.addHook('onRequest', async (_, reply) => {
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
      if (underWay === 0) tellIdle();
    });
  });
  return (graceMs) =>
    new Promise((resolve) => {
      if (underWay === 0) {
        resolve();
        return;
      }
      const timer = setTimeout(resolve, graceMs);
      tellIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
}
