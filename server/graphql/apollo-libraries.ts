/**
 * Apollo Server and the libraries that build the schema. Loads their CommonJS builds, which share one copy of
 * `@graphql-tools` and load in half of the time of their ES modules (docs/performance.md#commonjs).
 */
import { createRequire } from 'node:module';
import type * as server from '@apollo/server';
import type * as disabled from '@apollo/server/plugin/disabled';
import type * as subgraph from '@apollo/subgraph';
import type * as fastifyIntegration from '@as-integrations/fastify';
import type * as schemaTools from '@graphql-tools/schema';

const load = createRequire(import.meta.url);

export const { ApolloServer, HeaderMap } = load('@apollo/server') as typeof server;
export type ApolloServer<Context extends server.BaseContext> = server.ApolloServer<Context>;

export const {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} = load('@apollo/server/plugin/disabled') as typeof disabled;

export const { fastifyApolloHandler } = load('@as-integrations/fastify') as typeof fastifyIntegration;
export const { buildSubgraphSchema } = load('@apollo/subgraph') as typeof subgraph;
export const { addResolversToSchema } = load('@graphql-tools/schema') as typeof schemaTools;
