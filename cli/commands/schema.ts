/** `ticketgraph schema`: the SDL of this version, or of a running server; for routers or for client tools. */
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  graphqlSync,
  introspectionFromSchema,
  parse,
  printSchema,
  type GraphQLSchema,
  type IntrospectionOptions,
  type IntrospectionQuery,
} from 'graphql';
import { printClientSchema } from '../../schema/client-schema.ts';
import { CommandError } from '../exit.ts';
import { print, printJson } from '../output.ts';
import { asking, openServer, type ServerOptions } from '../server.ts';

export interface SchemaOptions extends Partial<ServerOptions> {
  /** Prints what clients see. Defaults to what a router needs. */
  readonly client?: boolean;
}

export async function schema({ url, json = false, client = false, ...credentials }: SchemaOptions): Promise<void> {
  if (url === undefined) {
    await printOwn(json, client);
    return;
  }
  const introspection = await introspect({ url, ...credentials });
  if (client) printClient(buildClientSchema(introspection), json);
  else if (json) printJson(introspection);
  else print(printSchema(buildClientSchema(introspection)));
}

function printClient(served: GraphQLSchema, json: boolean): void {
  const sdl = printClientSchema(served);
  if (json) printJson(introspectionFromSchema(buildSchema(sdl)));
  else print(sdl);
}

/** With its directives, as a router is told it; as JSON, as introspection tells it. */
async function printOwn(json: boolean, client: boolean): Promise<void> {
  // Only for this: a running server is asked without loading one.
  const [{ loadTypeDefs }, server] = await Promise.all([
    import('../../schema/index.ts'),
    import('../../server/server.ts'),
  ]);
  const own = server.buildSchema(loadTypeDefs());
  if (client) {
    printClient(own, json);
    return;
  }
  if (json) {
    printJson(introspectionFromSchema(own));
    return;
  }
  const { data } = graphqlSync({ schema: own, source: '{ _service { sdl } }' });
  print((data as { _service: { sdl: string } })._service.sdl);
}

/** Without these, the printed schema lacks `@specifiedBy`, `@oneOf` and what is deprecated in inputs. */
const WHOLE: IntrospectionOptions = { specifiedByUrl: true, oneOf: true, inputValueDeprecation: true };

async function introspect(options: ServerOptions): Promise<IntrospectionQuery> {
  const server = openServer(options);
  try {
    return await asking(options, () => server.request<IntrospectionQuery, object>(parse(getIntrospectionQuery(WHOLE))));
  } catch (error) {
    if (!(error instanceof CommandError) || !/introspection/i.test(error.message)) throw error;
    const nextStep = 'Start the server with INTROSPECTION=on, or leave --url out for the schema of this version.';
    throw new CommandError(error.exitCode, 'The server does not tell its schema.', nextStep);
  }
}
