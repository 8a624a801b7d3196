/** Prints the SDL of the subgraph, for a registry or a router. */
import { printSubgraphSchema } from '@apollo/subgraph';
import { buildSchema } from '../server.ts';

console.log(printSubgraphSchema(buildSchema()));
