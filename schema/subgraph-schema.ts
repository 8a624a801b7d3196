/** The schema as routers and registries load it: the SDL of the subgraph, with its federation directives. */
import { graphqlSync, type GraphQLSchema } from 'graphql';

/** Returns the text of `_service`. graphql-js's printer omits the declaration of `@oneOf`, which composition needs. */
export function printSubgraphSchema(schema: GraphQLSchema): string {
  const { data } = graphqlSync({ schema, source: '{ _service { sdl } }' });
  return (data as { _service: { sdl: string } })._service.sdl;
}
