/**
 * Prints the SDL of the subgraph, for a schema registry or for composition. With `--client`, the SDL for client tools.
 *
 *   node scripts/print-schema.ts [--client]
 */
import { parseArgs } from 'node:util';
import { printClientSchema } from '../schema/client-schema.ts';
import { loadTypeDefs } from '../schema/index.ts';
import { printSubgraphSchema } from '../schema/subgraph-schema.ts';
import { buildSchema } from '../server/server.ts';

const { values } = parseArgs({ options: { client: { type: 'boolean', default: false } } });
const schema = buildSchema(loadTypeDefs());
console.log(values.client ? printClientSchema(schema) : printSubgraphSchema(schema));
