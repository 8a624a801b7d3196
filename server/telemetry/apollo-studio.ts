/**
 * Apollo Studio: which operations are used, how often and how fast, and the schema that they are about. Off unless a key
 * and a graph are given; then no value of a variable and no header is sent, and errors without their texts.
 */
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import {
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLSchema } from 'graphql';
import { printClientSchema } from '../../schema/client-schema.ts';

export interface StudioOptions {
  readonly key: string;
  /** Graph and variant, e.g. `tickets@current`. */
  readonly graphRef: string;
  /** Base address to which usage is reported, instead of Apollo's. */
  readonly usageEndpoint?: string | undefined;
  /** Address to which the schema is reported, instead of Apollo's. */
  readonly schemaEndpoint?: string | undefined;
  /** Milliseconds within which the schema is first reported; Apollo's own 10 s where left out. */
  readonly firstReportMs?: number | undefined;
}

/** Reports are worth little effort: one more try, and none that outlives a drain by much. */
const REPORT_TIMEOUT_MS = 3_000;
const MAX_ATTEMPTS = 2;

/** @param schema what is served. Without options, nothing leaves, whatever else stands in the environment. */
export async function createStudioPlugins(
  schema: GraphQLSchema,
  options: StudioOptions | undefined,
): Promise<ApolloServerPlugin[]> {
  if (!options) return [ApolloServerPluginUsageReportingDisabled(), ApolloServerPluginSchemaReportingDisabled()];
  const overrideReportedSchema = printClientSchema(schema);
  const { ApolloServerPluginUsageReporting } = await import('@apollo/server/plugin/usageReporting');
  const { ApolloServerPluginSchemaReporting } = await import('@apollo/server/plugin/schemaReporting');
  const usage = ApolloServerPluginUsageReporting<BaseContext>({
    sendVariableValues: { none: true },
    sendHeaders: { none: true },
    sendErrors: { masked: true },
    sendUnexecutableOperationDocuments: false,
    overrideReportedSchema,
    requestTimeoutMs: REPORT_TIMEOUT_MS,
    maxAttempts: MAX_ATTEMPTS,
    ...(options.usageEndpoint !== undefined && { endpointUrl: options.usageEndpoint }),
  });
  const schemaReport = ApolloServerPluginSchemaReporting({
    overrideReportedSchema,
    ...(options.firstReportMs !== undefined && { initialDelayMaxMs: options.firstReportMs }),
    ...(options.schemaEndpoint !== undefined && { endpointUrl: options.schemaEndpoint }),
  });
  return [asWholeGraph(usage), asWholeGraph(schemaReport)];
}

/** A schema that is no subgraph's. */
const NO_SUBGRAPH = new GraphQLSchema({});

/**
 * Apollo's plugins take a schema with `_service` for a subgraph, whose router does the reporting, and refuse. This one
 * answers clients by itself, and is reported as what they see; behind a router, leave the key unset here.
 */
function asWholeGraph(plugin: ApolloServerPlugin): ApolloServerPlugin {
  return {
    ...plugin,
    serverWillStart: async (service) => plugin.serverWillStart?.({ ...service, schema: NO_SUBGRAPH }),
  };
}
