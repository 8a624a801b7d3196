/** Starts ticketgraph on a free port with the settings of a test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vendor } from '../../datasources/contract.ts';
import { connectSources, type Observer, type Sources } from '../../datasources/index.ts';
import type { LiveSettings } from '../../datasources/live/index.ts';
import type { InvalidationBus } from '../../datasources/upstream/invalidation/bus.ts';
import { createSqliteStore } from '../../datasources/writes/idempotency/sqlite-store.ts';
import type { KeyStore } from '../../datasources/writes/idempotency/store.ts';
import { vendors as registered } from '../../datasources/vendors.ts';
import { createAuthenticate, type ApiKeys } from '../../server/auth/authenticate.ts';
import { createReloader, type Reloader } from '../../server/config/reload.ts';
import { readSourceFile } from '../../server/config/source-file.ts';
import type { ExampleAction } from '../../server/pages/explorer.ts';
import { openRateLimit, type RateLimit, type RateLimitOptions } from '../../server/http/rate-limit/index.ts';
import { openTelemetrySinks, type Telemetry } from '../../server/telemetry/index.ts';
import type { Tracing } from '../../server/telemetry/tracing.ts';
import { loadTypeDefs, scopesOfMutations } from '../../schema/index.ts';
import { buildSchema, buildServer, toCode } from '../../server/server.ts';
import { toBulkOptions } from '../../server/config/bulk-settings.ts';
import { readEnvironment, type ServerSettings } from '../../server/config/server-settings.ts';
import { post, type Answer, type PostOptions } from './post.ts';

export type { Answer } from './post.ts';

// Reading the SDL takes longer than most tests, and nothing in it changes.
const typeDefs = loadTypeDefs();
const schema = buildSchema(typeDefs);

export interface Endpoint {
  readonly url: string;
  /** Base of `/metrics` and `/health/*`: a port of their own with `METRICS_PORT`. */
  readonly monitoringUrl: string;
  readonly sources: Sources;
  /** Reads the files in the settings again. */
  readonly reloader: Reloader;
  /** Unexpected errors that were reported: bugs, unless the test has caused them. */
  readonly defects: unknown[];
  ask(query: string, variables?: Readonly<Record<string, unknown>>, init?: PostOptions): Promise<Answer>;
  startDraining(): void;
  close(graceMs?: number): Promise<void>;
}

export interface EndpointOptions {
  readonly vendors?: readonly Vendor[];
  readonly store?: KeyStore;
  /** The `STORE_PATH` of bulk jobs, to share them with another endpoint. Defaults to one of its own. */
  readonly bulkStore?: string;
  /** Destination of its log. Defaults to none. */
  readonly logStream?: { write(line: string): void };
  /** Called in addition to the sinks in the settings. */
  readonly observe?: readonly Observer[];
  readonly tracing?: Tracing;
  /** Invalidation bus. Defaults to no peers. */
  readonly changes?: InvalidationBus;
  /** Replaces settings of the limit on callers' requests, if there is one. */
  readonly rateLimit?: Partial<RateLimitOptions>;
  /** Live updates, in addition to their settings. */
  readonly live?: Partial<LiveSettings>;
  /** Tickets in the explorer's examples. */
  readonly example?: ExampleAction;
}

export async function startEndpoint(
  environment: Readonly<Record<string, string>>,
  options: EndpointOptions = {},
): Promise<Endpoint> {
  const { vendors = registered, store, bulkStore, logStream, observe = [], tracing, changes, live, example } = options;
  const file = await readSourceFile(environment, vendors);
  const { server: settings, configured } = readEnvironment(file.environment, vendors, file);
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-test-'));
  const LOG_LEVEL = logStream ? settings.LOG_LEVEL : 'silent';
  const telemetry = await openTelemetrySinks({ ...settings, LOG_LEVEL }, { toCode, logStream, tracing });
  const defects: unknown[] = [];
  const reportUnexpected = (error: unknown): void => {
    defects.push(error);
    telemetry.reportUnexpected(error);
  };
  const sources = connectSources({
    vendors,
    configured,
    store: store ?? createSqliteStore(join(folder, 'store')),
    scopes: scopesOfMutations(typeDefs),
    bulk: toBulkOptions({ ...settings, STORE_PATH: bulkStore ?? join(folder, 'store') }),
    ...(changes && { invalidations: changes }),
    live: settings.polling && { ...settings.polling, ...live },
    maximumBytes: settings.MAX_UPSTREAM_BYTES,
    observe: [...telemetry.observers, ...observe],
    reportUnexpected,
  });
  const apiKeys: ApiKeys = { current: settings.auth.apiKeys };
  const { log } = telemetry;
  const reloader = createReloader(
    { environment, vendors, sources, isSandbox: false, apiKeys, log, reportUnexpected },
    file.environment,
  );
  const server = await buildServer({
    schema,
    sources,
    requestTimeoutMs: settings.REQUEST_TIMEOUT_MS,
    introspection: settings.INTROSPECTION,
    authenticate: createAuthenticate(settings.auth, apiKeys),
    rateLimit: await openLimit(settings, options, telemetry),
    tokenIssuer: settings.auth.tokens?.issuer,
    limits: settings.limits,
    streams: settings.streams,
    uploadBytes: settings.MAX_UPLOAD_BYTES,
    corsOrigins: settings.corsOrigins,
    hostRules: settings.hostRules,
    operations: settings.operations,
    console: settings.console,
    explorer: settings.explorer && { ...settings.explorer, example },
    telemetry,
    metricsAccess: settings.metricsAccess,
    studio: settings.studio && { ...settings.studio, firstReportMs: 0 },
    reportUnexpected,
  });
  const address = { port: 0, host: '127.0.0.1' };
  const origin = await server.http.listen(address);
  const url = `${origin}/graphql`;
  return {
    url,
    monitoringUrl: (await server.monitoring?.listen(address)) ?? origin,
    sources,
    reloader,
    defects,
    ask: (query, variables, init) => post(url, { query, variables }, init),
    startDraining: () => server.startDraining(),
    async close(graceMs) {
      reloader.close();
      await server.close(graceMs);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openLimit(
  { rateLimit, REDIS_URL: redisUrl }: ServerSettings,
  options: EndpointOptions,
  telemetry: Telemetry,
): Promise<RateLimit | undefined> {
  return rateLimit && openRateLimit({ ...rateLimit, redisUrl, ...options.rateLimit }, telemetry);
}
