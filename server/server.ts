/** Builds the server from schema, resolvers and HTTP. Does not listen, so that tests can use it as it is. */
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { addResolversToSchema } from '@graphql-tools/schema';
import type { FastifyInstance } from 'fastify';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { openRequestContext, type GraphContext, type OpenRequestContext } from './request-context.ts';
import type { FailureKind, Sources } from '../datasources/index.ts';
import { createApolloGateway, fieldHooks } from './graphql/apollo-gateway.ts';
import { createHttpServer } from './http/http-server.ts';
import { registerGraphqlRoute, type IncomingRequest } from './http/graphql-route.ts';
import { negotiate } from './http/negotiation.ts';
import { ANY_HOST, createHostCheck, type HostRules } from './http/allowed-hosts.ts';
import { createExecutor } from './graphql/executor/index.ts';
import { createPreparedOperations, type PreparedOperationsOptions } from './graphql/prepared-operations.ts';
import { DEFAULT_LIMITS, type Limits } from './graphql/limits.ts';
import { createTidyMessage } from './graphql/messages.ts';
import { serveConsole } from './pages/console.ts';
import { registerExplorer, type ExplorerOptions } from './pages/explorer.ts';
import { createErrorCodes } from './graphql/error-codes.ts';
import { createChecksPlugin, createRequestChecks } from './graphql/request-checks.ts';
import { createAuthenticate, type Authenticate } from './auth/authenticate.ts';
import { createTrustedDocuments, type RegisteredOperation } from './graphql/trusted-documents.ts';
import { createTelemetry, type Telemetry } from './telemetry/index.ts';
import { createStudioPlugins, type StudioOptions } from './telemetry/apollo-studio.ts';
import { createResolvers } from '../resolvers/index.ts';
import { explainFailure, formatError, toProblem } from '../resolvers/problems.ts';

export interface ServerOptions {
  /** From `buildSchema`. */
  readonly schema: GraphQLSchema;
  readonly sources: Sources;
  /** Deadline of a request in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly introspection: boolean;
  /** Defaults to accepting every request as anonymous. */
  readonly authenticate?: Authenticate;
  readonly limits?: Limits;
  /** Origins whose pages may send requests (CORS). Defaults to none. */
  readonly corsOrigins?: readonly string[];
  /** Allowed hosts, and whether callers authenticate. Defaults to any host without authentication. */
  readonly hostRules?: HostRules;
  /** The only operations that are executed. Omit to allow any. */
  readonly operations?: readonly RegisteredOperation[] | undefined;
  /** Whether the console is served at `/console`. Defaults to false. */
  readonly console?: boolean;
  /** The explorer at `/`. Omit to disable. */
  readonly explorer?: ExplorerOptions | undefined;
  /** Telemetry sinks. Defaults to none. */
  readonly telemetry?: Telemetry;
  /** Reporting to Apollo Studio. Omit to disable. */
  readonly studio?: StudioOptions | undefined;
  /** Called for unexpected errors, i.e. anything but a `Failure`. */
  reportUnexpected(error: unknown): void;
}

export interface Server {
  readonly http: FastifyInstance;
  /** Makes `/health/ready` answer 503. Requests are still served. */
  startDraining(): void;
  /** Stops accepting connections, waits up to `graceMs` for requests and writes in flight, and closes everything. */
  close(graceMs?: number): Promise<void>;
}

export function buildSchema(typeDefs: DocumentNode): GraphQLSchema {
  const schema = buildSubgraphSchema([{ typeDefs }]);
  return addResolversToSchema({
    schema,
    resolvers: createResolvers(schema),
    inheritResolversFromInterfaces: true,
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
}

/** The `ProblemCode` of a kind of failure. */
export function toCode(kind: FailureKind): string {
  return toProblem({ kind }, null, null).code;
}

/** `/graphql` checks the host itself, so that rejections are logged. Health probes send any Host header, or none. */
const WITHOUT_HOST_CHECK: ReadonlySet<string | undefined> = new Set(['/graphql', '/health/live', '/health/ready']);

function addHostCheck(http: FastifyInstance, rules: HostRules): void {
  const checkHost = createHostCheck(rules);
  http.addHook('onRequest', (request, reply, done) => {
    if (WITHOUT_HOST_CHECK.has(request.routeOptions.url)) done();
    else checkHost(request, reply, done);
  });
}

export async function buildServer({
  schema,
  sources,
  requestTimeoutMs,
  introspection,
  authenticate = createAuthenticate({}),
  limits = DEFAULT_LIMITS,
  corsOrigins = [],
  hostRules = ANY_HOST,
  operations,
  console: hasConsole = false,
  explorer,
  telemetry: watch = createTelemetry(),
  studio,
  reportUnexpected: report,
}: ServerOptions): Promise<Server> {
  const { bodyBytes, tokens, upstreamCalls, answerFields } = limits;
  const describe = (): object => {
    const { isReachable = null, cause } = sources.store.health;
    return { idempotencyStore: { reachable: isReachable, cause } };
  };
  const door = createHttpServer({ bodyBytes, requestTimeoutMs, reportUnexpected: report, describe });
  const { http } = door;
  const cost = { upstreamCalls, answerFields, vendors: sources.costs };
  const tidyMessage = createTidyMessage({ hideSuggestions: !introspection });
  const format: PreparedOperationsOptions['formatError'] = (formatted, error) =>
    formatError({ ...formatted, message: tidyMessage(formatted.message) }, error, report);
  const trusted = operations && createTrustedDocuments(operations);
  const checks = createRequestChecks({ limits, cost, trustedDocuments: trusted });
  const executor = createExecutor(schema);
  // Off with Apollo Studio: its plugins only see requests that Apollo Server handles.
  const preparedOperations = studio
    ? undefined
    : createPreparedOperations({ schema, executor, checks, telemetry: watch, formatError: format, explainFailure });
  const apollo = new ApolloServer<GraphContext>({
    gateway: createApolloGateway(schema, executor),
    ...(studio && { apollo: { key: studio.key, graphRef: studio.graphRef } }),
    logger: watch.log,
    introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    // Its pattern takes quadratic time over variables that a caller chooses; `tidyMessage` hides suggestions.
    hideSchemaDetailsFromClientErrors: false,
    parseOptions: { maxTokens: tokens },
    validationRules: checks.documentChecks.map(({ rule }) => rule),
    persistedQueries: trusted && { cache: trusted.cache },
    formatError: format,
    stopOnTerminationSignals: false,
    plugins: [
      // Before those who watch: it gives errors the codes that are seen.
      createErrorCodes({ tidyMessage, isPlainJson: (accept) => negotiate(accept).isPlainJson }),
      watch.plugin,
      ...(await createStudioPlugins(schema, studio)),
      ...(studio ? [fieldHooks] : []),
      createChecksPlugin(checks),
      ...(preparedOperations ? [preparedOperations.plugin] : []),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      // It wraps every field's resolver, for cache hints that this schema does not give.
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
  await apollo.start();

  const openRequest = (incoming: IncomingRequest): OpenRequestContext =>
    openRequestContext(sources, { ...incoming, timeoutMs: requestTimeoutMs, upstreamCalls, telemetry: watch });
  const { forwards } = sources;
  const hasExplorer = explorer !== undefined;
  registerGraphqlRoute(http, apollo, {
    authenticate,
    corsOrigins,
    hostRules,
    hasExplorer,
    forwards,
    telemetry: watch,
    preparedOperations,
    openRequest,
  });
  addHostCheck(http, hostRules);
  registerExplorer(http, explorer, { sources, introspection, corsOrigins, isRestricted: operations !== undefined });
  const { metrics } = watch;
  if (metrics) {
    http.get('/metrics', async (_, reply) => {
      const { contentType, text } = await metrics.scrape(sources);
      return reply.header('content-type', contentType).send(text);
    });
  }
  if (hasConsole) serveConsole(http);

  return {
    http,
    startDraining: () => door.startDraining(),
    async close(graceMs = requestTimeoutMs) {
      const startedAt = performance.now();
      const leftMs = (): number => Math.max(0, graceMs - (performance.now() - startedAt));
      await door.close(graceMs);
      // Side by side: a report to Studio that hangs must not take the time of writes under way.
      await Promise.all([apollo.stop(), sources.close(leftMs())]);
      await watch.close(leftMs());
    },
  };
}
