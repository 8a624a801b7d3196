/** Builds schema, resolvers and HTTP into a server. Never listens, so that tests use it as it is. */
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import fastify, { type FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { startRequest, type GraphContext } from './context.ts';
import type { Sources } from './datasources/index.ts';
import { createResolvers } from './resolvers/index.ts';
import { formatError } from './resolvers/problems.ts';
import { loadTypeDefs } from './schema/index.ts';

export interface ServerOptions {
  readonly sources: Sources;
  /** Milliseconds that one request may take. */
  readonly requestTimeoutMs: number;
  readonly introspection: boolean;
  /** Told of errors that are defects of ours. */
  report(defect: unknown): void;
}

export interface Server {
  readonly http: FastifyInstance;
  /** From now on `/health/ready` says no; requests are still answered. */
  drain(): void;
  /** Finishes what runs, and closes. */
  close(): Promise<void>;
}

/** Bytes of a request's body: far above any sensible operation. */
const MOST_BODY_BYTES = 1_000_000;

export function buildSchema(): GraphQLSchema {
  const typeDefs = loadTypeDefs();
  return buildSubgraphSchema([{ typeDefs, resolvers: createResolvers(typeDefs) }]);
}

export async function buildServer({
  sources,
  requestTimeoutMs,
  introspection,
  report,
}: ServerOptions): Promise<Server> {
  const http = fastify({ bodyLimit: MOST_BODY_BYTES, forceCloseConnections: 'idle' });
  const apollo = new ApolloServer<GraphContext>({
    schema: buildSchema(),
    introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    formatError: (formatted, error) => formatError(formatted, error, report),
    stopOnTerminationSignals: false,
    plugins: [
      fastifyApolloDrainPlugin(http),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
    ],
  });
  await apollo.start();

  http.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: fastifyApolloHandler(apollo, {
      context: async (_, reply) => {
        const request = startRequest(sources, { timeoutMs: requestTimeoutMs, caller: 'anonymous' });
        reply.raw.once('close', () => request.end());
        return request.context;
      },
    }),
  });

  let isDraining = false;
  http.get('/health/live', () => ({ status: 'live' }));
  http.get('/health/ready', (_, reply) =>
    reply.code(isDraining ? 503 : 200).send({ status: isDraining ? 'draining' : 'ready' }),
  );

  return {
    http,
    drain() {
      isDraining = true;
    },
    async close() {
      isDraining = true;
      await apollo.stop();
      await http.close();
      await sources.close();
    },
  };
}
