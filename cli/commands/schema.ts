/** `ticketgraph schema`: the SDL of this version, or of a running server. */
import {
  buildClientSchema,
  getIntrospectionQuery,
  graphqlSync,
  introspectionFromSchema,
  parse,
  printSchema,
  type IntrospectionQuery,
} from 'graphql';
import { CommandError } from '../exit.ts';
import { print, printJson } from '../output.ts';
import { asking, openServer, type ServerOptions } from '../server.ts';

export type SchemaOptions = Partial<ServerOptions>;

export async function schema({ url, json, ...credentials }: SchemaOptions): Promise<void> {
  if (url === undefined) {
    await printOwn(json === true);
    return;
  }
  const introspection = await introspect({ url, ...credentials });
  if (json) printJson(introspection);
  else print(printSchema(buildClientSchema(introspection)));
}

/** With its directives, as a router is told it; as JSON, as introspection tells it. */
async function printOwn(json: boolean): Promise<void> {
  // Only for this: a running server is asked without loading one.
  const [{ loadTypeDefs }, { buildSchema }] = await Promise.all([
    import('../../schema/index.ts'),
    import('../../server.ts'),
  ]);
  const own = buildSchema(loadTypeDefs());
  if (json) {
    printJson(introspectionFromSchema(own));
    return;
  }
  const { data } = graphqlSync({ schema: own, source: '{ _service { sdl } }' });
  print((data as { _service: { sdl: string } })._service.sdl);
}

async function introspect(options: ServerOptions): Promise<IntrospectionQuery> {
  const server = openServer(options);
  try {
    return await asking(options, () => server.request<IntrospectionQuery, object>(parse(getIntrospectionQuery())));
  } catch (error) {
    if (!(error instanceof CommandError) || !/introspection/i.test(error.message)) throw error;
    const nextStep = 'Start the server with INTROSPECTION=on, or leave --url out for the schema of this version.';
    throw new CommandError(error.exitCode, 'The server does not tell its schema.', nextStep);
  }
}
