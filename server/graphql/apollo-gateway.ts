/**
 * Makes Apollo Server execute operations by our executor. Apollo Server takes an executor only from a gateway, so this is
 * a gateway whose schema never changes. https://www.apollographql.com/docs/apollo-server/api/apollo-server#gateway
 */
import type { ApolloServerOptionsWithGateway, ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { Executor } from './executor/index.ts';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

export function createApolloGateway(schema: GraphQLSchema, { execute }: Pick<Executor, 'execute'>): Gateway {
  return {
    onSchemaLoadOrUpdate(callback) {
      // Empty: there is no supergraph, and the plugins for Apollo Studio get the schema they report as an option.
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => undefined;
    },
    load: async () => ({
      executor: ({ document, request: { operationName, variables }, context }) =>
        execute({ document, operationName, variableValues: variables, contextValue: context }),
    }),
    stop: async () => undefined,
  };
}

/**
 * Enables `willResolveField` of all plugins from the first operation on. Apollo Server replaces the resolvers of the
 * schema at the first operation with such a hook, and plans that the executor made before would not call it.
 */
export const fieldHooks: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async executionDidStart() {
        return { willResolveField: () => undefined };
      },
    };
  },
};
