/** Prints the SDL of the subgraph, for a registry or a router. */
import { printSubgraphSchema } from '@apollo/subgraph';
import { loadTypeDefs } from '../schema/index.ts';
import { buildSchema } from '../server.ts';

console.log(printSubgraphSchema(buildSchema(loadTypeDefs())));
