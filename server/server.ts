/** Builds the server from schema, sources and HTTP routes. The caller listens, so that tests can choose the port. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { openRequestContext, type GraphContext, type OpenRequestContext } from './request-context.ts';
import type { FailureKind, Sources } from '../datasources/index.ts';
import { createApolloGateway, fieldHooks } from './graphql/apollo-gateway.ts';
import {
  ApolloServer,
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  addResolversToSchema,
  buildSubgraphSchema,
} from './graphql/apollo-libraries.ts';
import { createHttpServer, type HttpServer } from './http/http-server.ts';
import { registerGraphqlRoute } from './http/graphql-route.ts';
import type { IncomingRequest } from './http/incoming-request.ts';
import { negotiate } from './http/negotiation.ts';
import { ANY_HOST, type HostRules } from './http/allowed-hosts.ts';
import { createAdmission } from './http/admission.ts';
import { createCors } from './http/cors.ts';
import { registerBulkRoutes } from './http/bulk/bulk-routes.ts';
import { createDirectRoute } from './http/direct-route.ts';
import { createHeaderChecks } from './http/header-checks.ts';
import { OPEN_METRICS, addHostCheck, describeStore, registerMetrics, type MetricsAccess } from './http/monitoring.ts';
import type { RateLimit } from './http/rate-limit/index.ts';
import { registerResourceMetadata } from './http/resource-metadata.ts';
import { createExecutor, type Executor } from './graphql/executor/index.ts';
import {
  createPreparedOperations,
  formatErrors,
  type PreparedOperations,
  type PreparedOperationsOptions,
} from './graphql/prepared-operations.ts';
import { DEFAULT_STREAMS, type StreamOptions } from './config/live-settings.ts';
import { createStreamHandler, type StreamHandler } from './http/streams/stream-handler.ts';
import { createStreamRegistry, type StreamRegistry } from './http/streams/stream-registry.ts';
import { callbackUrlOf, createSubscriptionCallback } from './graphql/subscription-callback.ts';
import { createSubscriptionPlugin } from './graphql/subscriptions.ts';
import { openCallbackContext } from './http/streams/callback-stream.ts';
import { DEFAULT_LIMITS, type Limits } from './graphql/limits.ts';
import { createTidyMessage, type TidyMessage } from './graphql/messages.ts';
import { serveConsole, type ConsoleOptions } from './pages/console.ts';
import { registerExplorer, type ExplorerOptions } from './pages/explorer.ts';
import { createErrorCodes } from './graphql/error-codes.ts';
import { createChecksPlugin, createRequestChecks, type RequestChecks } from './graphql/request-checks.ts';
import { createAuthenticate, type Authenticate } from './auth/authenticate.ts';
import {
  createTrustedDocuments,
  hasField,
  type RegisteredOperation,
  type TrustedDocuments,
} from './graphql/trusted-documents.ts';
import { createTelemetry, type MetricsText, type Telemetry } from './telemetry/index.ts';
import { createStudioPlugins, type StudioOptions } from './telemetry/apollo-studio.ts';
import { createResolvers } from '../resolvers/index.ts';
import { explainFailure, formatError, toProblem } from '../resolvers/problems.ts';

export interface ServerOptions {
  /** From `buildSchema`. */
  readonly schema: GraphQLSchema;
  readonly sources: Sources;
  /** Deadline of a request in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Whether clients may query the schema. */
  readonly introspection: boolean;
  /** Defaults to accepting every request as anonymous. */
  readonly authenticate?: Authenticate;
  /** The limit on the requests of each caller. Closed with the server. Omit for none. */
  readonly rateLimit?: RateLimit | undefined;
  /** The issuer of bearer tokens, published for clients. Omit if tokens are not accepted. */
  readonly tokenIssuer?: string | undefined;
  /** Defaults to `DEFAULT_LIMITS`. */
  readonly limits?: Limits;
  /** Origins whose pages may send requests (CORS). Defaults to none. */
  readonly corsOrigins?: readonly string[];
  /** Allowed hosts, and whether callers authenticate. Defaults to any host without authentication. */
  readonly hostRules?: HostRules;
  /** The only operations that are executed. Omit to allow any. */
  readonly operations?: readonly RegisteredOperation[] | undefined;
  /** The console at `/console`. Omit to disable. */
  readonly console?: ConsoleOptions | undefined;
  /** The explorer at `/`. Omit to disable. */
  readonly explorer?: ExplorerOptions | undefined;
  /** Telemetry sinks. Defaults to none. */
  readonly telemetry?: Telemetry;
  /** Limits of live streams. Defaults to `DEFAULT_STREAMS`. */
  readonly streams?: StreamOptions;
  /** Largest upload of a bulk job in bytes. Defaults to 32 MB. */
  readonly uploadBytes?: number;
  /** Where `/metrics` is served, and to whom. Defaults to the endpoint's port, and anyone. */
  readonly metricsAccess?: MetricsAccess;
  /** Reporting to Apollo Studio. Omit to disable. */
  readonly studio?: StudioOptions | undefined;
  /** The other processes that serve the same port. Defaults to none. */
  readonly workers?: Workers | undefined;
  /** Called for unexpected errors, i.e. anything but a `Failure`. */
  reportUnexpected(error: unknown): void;
}

/** All processes that serve one port, this one included. */
export interface Workers {
  /** Whether all of them listen. */
  isReady(): boolean;
  /** Their metrics in one. */
  scrape(): Promise<MetricsText>;
}

export interface Server {
  readonly http: FastifyInstance;
  /** Serves `/metrics` and `/health/*`, until all else is closed. `undefined` unless they have a port of their own. */
  readonly monitoring: FastifyInstance | undefined;
  /** Makes `/health/ready` answer 503. Requests are still served. */
  startDraining(): void;
  /**
   * Stops accepting connections, waits for requests and writes in flight, and closes everything.
   *
   * @param graceMs maximum wait in milliseconds. Defaults to the deadline of a request.
   */
  close(graceMs?: number): Promise<void>;
}

/** The executable schema of a subgraph: the type definitions with their resolvers. */
export function buildSchema(typeDefs: DocumentNode): GraphQLSchema {
  const schema = buildSubgraphSchema([{ typeDefs }]);
  return addResolversToSchema({
    schema,
    resolvers: createResolvers(schema),
    inheritResolversFromInterfaces: true,
    // Nothing else has the schema yet: copying it would take longer than building it.
    updateResolversInPlace: true,
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
  });
}

/** The `ProblemCode` of a kind of failure. */
export function toCode(kind: FailureKind): string {
  return toProblem({ kind }, null, null).code;
}

/** @returns a server that does not listen yet. */
export async function buildServer(options: ServerOptions): Promise<Server> {
  const config = withDefaults(options);
  const { requestTimeoutMs, sources, telemetry, rateLimit } = config;
  const createListener = (): HttpServer =>
    createHttpServer({
      bodyBytes: config.limits.bodyBytes,
      requestTimeoutMs,
      reportUnexpected: config.reportUnexpected,
      isReady: () => config.workers?.isReady() ?? true,
      describe: () => describeStore(sources),
    });
  const httpServer = createListener();
  const monitoring = config.metricsAccess.port === undefined ? undefined : createListener();
  const pipeline = createPipeline(config);
  const streams = createStreamRegistry(config.streams);
  const apollo = await createApollo(config, pipeline, streams);
  await apollo.start();
  registerRoutes(httpServer, config, apollo, pipeline, streams);
  if (monitoring) addHostCheck(monitoring.http, config.metricsAccess.hostRules);
  serveMetrics((monitoring ?? httpServer).http, config);
  const startDraining = (): void => {
    httpServer.startDraining();
    monitoring?.startDraining();
    // At once: clients subscribe again at another replica.
    streams.endAll();
  };
  return {
    http: httpServer.http,
    monitoring: monitoring?.http,
    startDraining,
    close(graceMs = requestTimeoutMs) {
      startDraining();
      return closeAll({ httpServer, monitoring, apollo, sources, telemetry, rateLimit }, graceMs);
    },
  };
}

type Config = ReturnType<typeof withDefaults>;

function withDefaults({
  authenticate = createAuthenticate({}),
  limits = DEFAULT_LIMITS,
  corsOrigins = [],
  hostRules = ANY_HOST,
  telemetry = createTelemetry(),
  streams = DEFAULT_STREAMS,
  uploadBytes = 32_000_000,
  metricsAccess = OPEN_METRICS,
  ...options
}: ServerOptions) {
  return { ...options, authenticate, limits, corsOrigins, hostRules, telemetry, streams, uploadBytes, metricsAccess };
}

/** What Apollo Server and the fast path share, so that both answer a request alike. */
interface Pipeline {
  readonly executor: Executor;
  readonly checks: RequestChecks;
  readonly trustedDocuments: TrustedDocuments | undefined;
  readonly tidyMessage: TidyMessage;
  readonly formatGraphqlError: PreparedOperationsOptions['formatError'];
  /** `undefined` with Apollo Studio: its plugins only see requests that Apollo Server handles. */
  readonly preparedOperations: PreparedOperations | undefined;
}

function createPipeline(config: Config): Pipeline {
  const { schema, sources, limits, operations, telemetry, reportUnexpected } = config;
  const { upstreamCalls, answerFields } = limits;
  const executor = createExecutor(schema);
  const trustedDocuments = operations && createTrustedDocuments(operations);
  const cost = { upstreamCalls, answerFields, sources: sources.costs };
  const checks = createRequestChecks({ limits, cost, trustedDocuments });
  const tidyMessage = createTidyMessage({ hideSuggestions: !config.introspection });
  const formatGraphqlError: Pipeline['formatGraphqlError'] = (formatted, error) =>
    formatError({ ...formatted, message: tidyMessage(formatted.message) }, error, reportUnexpected);
  const fastPath = { schema, executor, checks, telemetry, formatError: formatGraphqlError, explainFailure };
  const preparedOperations = config.studio ? undefined : createPreparedOperations(fastPath);
  return { executor, checks, trustedDocuments, tidyMessage, formatGraphqlError, preparedOperations };
}

async function createApollo(
  config: Config,
  pipeline: Pipeline,
  streams: StreamRegistry,
): Promise<ApolloServer<GraphContext>> {
  const { schema, studio, limits, introspection, telemetry } = config;
  const { executor, checks, trustedDocuments, formatGraphqlError } = pipeline;
  return new ApolloServer<GraphContext>({
    gateway: createApolloGateway(schema, executor),
    ...(studio && { apollo: { key: studio.key, graphRef: studio.graphRef } }),
    logger: telemetry.log,
    introspection,
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    // Its pattern takes quadratic time over variables that a caller chooses; `tidyMessage` hides suggestions.
    hideSchemaDetailsFromClientErrors: false,
    parseOptions: { maxTokens: limits.tokens },
    validationRules: checks.documentChecks.map(({ rule }) => rule),
    persistedQueries: trustedDocuments && { cache: trustedDocuments.cache },
    formatError: formatGraphqlError,
    stopOnTerminationSignals: false,
    plugins: await createPlugins(config, pipeline, streams),
  });
}

async function createPlugins(
  config: Config,
  { checks, tidyMessage, preparedOperations }: Pipeline,
  streams: StreamRegistry,
): Promise<ApolloServerPlugin<GraphContext>[]> {
  const { schema, studio, telemetry } = config;
  const origins = new Set(config.streams.callbackOrigins);
  return [
    // First: it sets the codes of errors, and the plugins after it record them.
    createErrorCodes({ tidyMessage, isPlainJson: (accept) => negotiate(accept).isPlainJson }),
    telemetry.plugin,
    ...(await createStudioPlugins(schema, studio)),
    ...(studio ? [fieldHooks] : []),
    createChecksPlugin(checks),
    createSubscriptionPlugin((request) => origins.size > 0 && callbackUrlOf(request) !== undefined),
    ...(origins.size > 0 ? [await createCallback(config, streams, origins)] : []),
    ...(preparedOperations ? [preparedOperations.plugin] : []),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    // It wraps every field's resolver, for cache hints that this schema does not give.
    ApolloServerPluginCacheControlDisabled(),
  ];
}

function registerRoutes(
  { http, setDirectRoute, releaseStream }: HttpServer,
  config: Config,
  apollo: ApolloServer<GraphContext>,
  pipeline: Pipeline,
  registry: StreamRegistry,
): void {
  const { sources, explorer, introspection, corsOrigins, hostRules, telemetry } = config;
  const route = {
    admit: createAdmission(config),
    headerChecks: createHeaderChecks({ hostRules, corsOrigins, forwards: sources.forwards }),
    cors: createCors(corsOrigins, sources.forwards),
    telemetry,
    openRequest: (incoming: IncomingRequest) => openRequest(config, incoming),
  };
  const streams = createStreams(config, apollo, pipeline, registry, releaseStream);
  registerGraphqlRoute(http, apollo, { ...route, streams, hasExplorer: explorer !== undefined });
  const { preparedOperations } = pipeline;
  if (preparedOperations) {
    const { reportUnexpected, limits } = config;
    const { bodyBytes } = limits;
    setDirectRoute(createDirectRoute({ ...route, preparedOperations, bodyBytes, reportUnexpected }));
  }
  const { operations } = config;
  registerBulkRoutes(http, {
    ...route,
    // With registered operations, what no operation can use or refer to is not available either.
    access: {
      canUpload: !operations || hasField(operations, 'startBulk'),
      canDownload: !operations || hasField(operations, 'resultsUrl'),
    },
    maximumBytes: config.uploadBytes,
    explainError(error) {
      const known = explainFailure(error, () => ({}));
      return known && { code: String(known.extensions?.['code']), message: known.message };
    },
    explain: (failure, { source, ticketId }) => toProblem(failure, source, ticketId),
  });
  addHostCheck(http, hostRules);
  const isRestricted = operations !== undefined;
  registerExplorer(http, explorer, { sources, introspection, corsOrigins, isRestricted });
  registerResourceMetadata(http, config.tokenIssuer);
  if (config.console) serveConsole(http, config.console);
}

function createCallback(
  config: Config,
  registry: StreamRegistry,
  origins: ReadonlySet<string>,
): Promise<ApolloServerPlugin<GraphContext>> {
  return createSubscriptionCallback<GraphContext>({
    origins,
    findRejection: ({ incoming }) => registry.findRejection(incoming.caller.id),
    openContext: ({ incoming }) =>
      openCallbackContext<GraphContext>({
        callerId: incoming.caller.id,
        registry,
        openContext: () => openRequest(config, { ...incoming, record: incoming.record.forEvent() }),
      }),
    logger: config.telemetry.log,
  });
}

function createStreams(
  config: Config,
  apollo: ApolloServer<GraphContext>,
  { executor, formatGraphqlError }: Pipeline,
  registry: StreamRegistry,
  onOpen: HttpServer['releaseStream'],
): StreamHandler {
  const { telemetry, reportUnexpected } = config;
  const formatting = { telemetry, formatError: formatGraphqlError, explainFailure };
  return createStreamHandler(apollo as ApolloServer<object>, {
    subscriptions: { executor, formatErrors: (errors, record) => formatErrors(errors, record, formatting) },
    registry,
    settings: config.streams,
    openRequest: (incoming, lastEventId) => openRequest(config, incoming, lastEventId),
    onOpen(response) {
      onOpen(response);
      telemetry.metrics?.streams.recordOpen();
    },
    onEvent: () => telemetry.metrics?.streams.recordEvent(),
    onEnd: (reason) => telemetry.metrics?.streams.recordEnd(reason),
    reportUnexpected,
  });
}

function openRequest(config: Config, incoming: GraphContext['incoming'], lastEventId?: string): OpenRequestContext {
  const { sources, requestTimeoutMs, telemetry } = config;
  const { upstreamCalls } = config.limits;
  return openRequestContext(sources, {
    ...incoming,
    timeoutMs: requestTimeoutMs,
    upstreamCalls,
    telemetry,
    lastEventId,
  });
}

function serveMetrics(
  http: FastifyInstance,
  { telemetry: { metrics }, sources, workers, metricsAccess }: Config,
): void {
  if (!metrics) return;
  const scrape = (): Promise<MetricsText> => (workers ? workers.scrape() : metrics.scrape(sources));
  registerMetrics(http, { token: metricsAccess.token, scrape });
}

interface Closeables {
  readonly httpServer: HttpServer;
  readonly monitoring: HttpServer | undefined;
  readonly apollo: ApolloServer<GraphContext>;
  readonly sources: Sources;
  readonly telemetry: Telemetry;
  readonly rateLimit: RateLimit | undefined;
}

/** Closes all within `graceMs` milliseconds. */
async function closeAll(closeables: Closeables, graceMs: number): Promise<void> {
  const { httpServer, monitoring, apollo, sources, telemetry, rateLimit } = closeables;
  const startedAt = performance.now();
  const leftMs = (): number => Math.max(0, graceMs - (performance.now() - startedAt));
  await httpServer.close(graceMs);
  rateLimit?.close();
  // In parallel: a slow report to Apollo Studio must not use up the time of pending writes.
  await Promise.all([apollo.stop(), sources.close(leftMs())]);
  // Last, so that the outcome of the last write can still be scraped.
  await monitoring?.close(leftMs());
  await telemetry.close(leftMs());
}
