/** Prints the SDL that the subgraph tells a router: for a registry, or to compose without a server. */
import { graphqlSync } from 'graphql';
import { loadTypeDefs } from '../schema/index.ts';
import { buildSchema } from '../server.ts';

// Not the library's own printing: that leaves out how @oneOf is declared, without which nothing composes.
const { data } = graphqlSync({ schema: buildSchema(loadTypeDefs()), source: '{ _service { sdl } }' });
console.log((data as { _service: { sdl: string } })._service.sdl);
