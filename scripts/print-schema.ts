/**
 * Prints the SDL of the subgraph, for a schema registry or for composition. With `--client`, the SDL for client tools.
 *
 *   node scripts/print-schema.ts [--client]
 */
import { parseArgs } from 'node:util';
import { graphqlSync } from 'graphql';
import { printClientSchema } from '../schema/client-schema.ts';
import { loadTypeDefs } from '../schema/index.ts';
import { buildSchema } from '../server/server.ts';

const { values } = parseArgs({ options: { client: { type: 'boolean', default: false } } });
const schema = buildSchema(loadTypeDefs());
console.log(values.client ? printClientSchema(schema) : printSubgraph());

/** Uses `_service`, because graphql-js's printer omits the declaration of `@oneOf` that composition needs. */
function printSubgraph(): string {
  const { data } = graphqlSync({ schema, source: '{ _service { sdl } }' });
  return (data as { _service: { sdl: string } })._service.sdl;
}
