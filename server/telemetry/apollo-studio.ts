/**
 * Reports usage and the schema to Apollo Studio. Off unless a key and a graph are configured. Sends no variable values, no
 * headers and no error messages.
 */
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { GraphQLSchema } from 'graphql';
import { printClientSchema } from '../../schema/client-schema.ts';
import {
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '../graphql/apollo-libraries.ts';

export interface StudioOptions {
  readonly key: string;
  /** Graph and variant, e.g. `tickets@current`. */
  readonly graphRef: string;
  /** Base URL for usage reports. Defaults to Apollo's. */
  readonly usageEndpoint?: string | undefined;
  /** URL for schema reports. Defaults to Apollo's. */
  readonly schemaEndpoint?: string | undefined;
  /** Maximum delay in milliseconds before the first schema report. Defaults to Apollo's 10 s. */
  readonly firstReportMs?: number | undefined;
}

/** Short, so that pending reports do not delay shutdown. */
const REPORT_TIMEOUT_MS = 3_000;
const MAX_ATTEMPTS = 2;

/** Without options nothing is reported, whatever Apollo's own environment variables say. */
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

/** A schema that is not a subgraph's. */
const NO_SUBGRAPH = new GraphQLSchema({});

/**
 * Apollo's plugins refuse a schema with `_service`, since a subgraph's router does the reporting. This server also answers
 * clients directly, so it reports the schema that they see. Behind a router, leave APOLLO_KEY unset.
 */
function asWholeGraph(plugin: ApolloServerPlugin): ApolloServerPlugin {
  return {
    ...plugin,
    serverWillStart: async (service) => plugin.serverWillStart?.({ ...service, schema: NO_SUBGRAPH }),
  };
}
