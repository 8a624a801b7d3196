/**
 * For comparison: Apollo Server as fast as it gets. Fastify, undici's `dispatch`, graphql-jit, and without the plugin for
 * cache hints, which wraps every resolver. No limits, no metrics, no deadline.
 */
import { ApolloServer, type ApolloServerOptionsWithGateway, type BaseContext } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { makeExecutableSchema } from '@graphql-tools/schema';
import fastify from 'fastify';
import { execute, type DocumentNode, type ExecutionResult } from 'graphql';
import { compileQuery, isCompiledQuery, type CompiledQuery } from 'graphql-jit';
import { ROOT_RESOLVERS, typeResolvers } from './resolvers.ts';
import { SUBSET } from './subset.ts';

const schema = makeExecutableSchema({
  typeDefs: SUBSET,
  resolvers: { ...ROOT_RESOLVERS, ...typeResolvers('__resolveType') },
});

/** By document: Apollo Server caches parsed documents. */
const compiled = new WeakMap<DocumentNode, CompiledQuery | ExecutionResult>();

function compile(document: DocumentNode, operationName: string | undefined): CompiledQuery | ExecutionResult {
  let query = compiled.get(document);
  if (!query) compiled.set(document, (query = compileQuery(schema, document, operationName)));
  return query;
}

/** Apollo Server takes an executor only from a gateway. */
const gateway: ApolloServerOptionsWithGateway<BaseContext>['gateway'] = {
  onSchemaLoadOrUpdate(callback) {
    callback({ apiSchema: schema, coreSupergraphSdl: '' });
    return () => undefined;
  },
  load: async () => ({
    executor: async ({ document, request: { variables = {} }, operationName, context }) => {
      const query = compile(document, operationName ?? undefined);
      return isCompiledQuery(query)
        ? query.query(undefined, context, variables)
        : execute({ schema, document, contextValue: context, variableValues: variables });
    },
  }),
  stop: async () => undefined,
};

const apollo = new ApolloServer({ gateway, plugins: [ApolloServerPluginCacheControlDisabled()] });
await apollo.start();
const app = fastify();
app.route({ url: '/graphql', method: ['GET', 'POST'], handler: fastifyApolloHandler(apollo) });
const address = await app.listen({ port: 0, host: '127.0.0.1' });
console.log(`apollo-tuned is ready at ${address}`);
