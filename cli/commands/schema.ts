/** `ticketgraph schema`: prints the SDL of this version or of a running server, for routers or for client tools. */
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  introspectionFromSchema,
  parse,
  printSchema,
  type GraphQLSchema,
  type IntrospectionOptions,
  type IntrospectionQuery,
} from 'graphql';
import { printClientSchema } from '../../schema/client-schema.ts';
import { printSubgraphSchema } from '../../schema/subgraph-schema.ts';
import { CommandError } from '../exit.ts';
import { print, printJson } from '../output.ts';
import { withCommandErrors, openServer, type ServerOptions } from '../server.ts';

export interface SchemaOptions extends Partial<ServerOptions> {
  /** Prints the schema for client tools. Defaults to the subgraph's SDL for routers. */
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

/** Prints the SDL of the `_service` field, with its directives. As JSON, prints the introspection result. */
async function printOwn(json: boolean, client: boolean): Promise<void> {
  // Imported on demand: with `--url`, none of it is needed.
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
  print(printSubgraphSchema(own));
}

/** Without these, the printed schema lacks `@specifiedBy`, `@oneOf` and deprecations in inputs. */
const COMPLETE: IntrospectionOptions = { specifiedByUrl: true, oneOf: true, inputValueDeprecation: true };

async function introspect(options: ServerOptions): Promise<IntrospectionQuery> {
  const server = openServer(options);
  try {
    return await withCommandErrors(options, () =>
      server.request<IntrospectionQuery, object>(parse(getIntrospectionQuery(COMPLETE))),
    );
  } catch (error) {
    if (!(error instanceof CommandError) || !/introspection/i.test(error.message)) throw error;
    const nextStep = 'Start the server with INTROSPECTION=on, or omit --url to print the schema of this version.';
    throw new CommandError(error.exitCode, 'Introspection is disabled on the server.', nextStep);
  }
}
