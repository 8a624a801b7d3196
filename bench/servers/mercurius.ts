/** For comparison: mercurius with graphql-jit and undici's `dispatch`. No limits, no metrics, no deadline. */
import fastify from 'fastify';
import mercurius from 'mercurius';
import { ROOT_RESOLVERS, typeResolvers } from './resolvers.ts';
import { SUBSET } from './subset.ts';

const app = fastify();
await app.register(mercurius, {
  schema: SUBSET,
  jit: 1,
  resolvers: { ...ROOT_RESOLVERS, ...typeResolvers('resolveType') },
});
const address = await app.listen({ port: 0, host: '127.0.0.1' });
console.log(`mercurius is ready at ${address}`);
