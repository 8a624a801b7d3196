/**
 * Entry point: importing it reads the environment, builds the server, listens, reads files again on SIGHUP, and shuts down
 * on a signal.
 *
 * Over 300 lines: the order of these steps is what the file is for, and each is short.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectSources, type SourceOptions, type Sources } from '../datasources/index.ts';
import { vendors } from '../datasources/vendors.ts';
import { causeOf, isPathError } from '../datasources/writes/idempotency/store-errors.ts';
import { createSqliteStore } from '../datasources/writes/idempotency/sqlite-store.ts';
import type { KeyStore } from '../datasources/writes/idempotency/store.ts';
import { loadTypeDefs, scopesOfMutations } from '../schema/index.ts';
import type { Environment } from '../datasources/contract.ts';
import { createAuthenticate, type ApiKeys } from './auth/authenticate.ts';
import { toBulkOptions } from './config/bulk-settings.ts';
import { SettingsError, readEnvironment, type ServerSettings, type Settings } from './config/server-settings.ts';
import { readSourceFile } from './config/source-file.ts';
import { warnMetricsAccess, warnUnknownSettings, warnUnsharedStore } from './config/warnings.ts';
import { ListenError, listen } from './http/listen.ts';
import type { RateLimit } from './http/rate-limit/index.ts';
import { buildSchema, buildServer, toCode, type Server } from './server.ts';
import { TelemetryError, openTelemetrySinks, type Telemetry, type TelemetrySettings } from './telemetry/index.ts';
import type { Addresses } from './workers/channel.ts';
import { readPlace, shareCalls, shareRate } from './workers/place.ts';
import type { Worker } from './workers/worker.ts';

/** The settings, and the sandbox if it was started because no vendor is configured. */
interface Configuration {
  readonly settings: Settings;
  /** With the settings of the file of sources. */
  readonly environment: Environment;
  readonly sandbox?: {
    /** Environment variables that connect to it. */
    readonly environment: Readonly<Record<string, string>>;
    readonly faults: ServerSettings['SANDBOX_FAULTS'];
    close(): Promise<void>;
  };
}

/** What SIGHUP does. Without a listener, it would end the process. */
const hangUp = { handle: (): void => undefined };

async function main(): Promise<void> {
  process.on('SIGHUP', () => hangUp.handle());
  const worker = await openOwnWorker();
  try {
    const configuration = await loadConfiguration();
    if (!worker && configuration.settings.server.workers > 1) await superviseWorkers(configuration);
    else await serve(configuration, worker);
  } catch (error) {
    if (worker && error instanceof SettingsError) await worker.reportFailure(error.message);
    throw error;
  }
}

/** @returns `undefined` unless this process is one of several workers. */
async function openOwnWorker(): Promise<Worker | undefined> {
  const place = readPlace(process.env);
  return place && (await import('./workers/worker.ts')).openWorker(place);
}

/** Serves in this process: alone, or as one of several workers. */
async function serve(configuration: Configuration, worker: Worker | undefined): Promise<void> {
  const { settings, sandbox } = configuration;
  const telemetry = await startTelemetry(settings.server, worker !== undefined);
  if (!worker) warnAboutSettings(settings.server, telemetry);
  // A rejection that nothing awaits must not end other requests. An uncaught exception still ends the process.
  process.on('unhandledRejection', telemetry.reportUnexpected);
  const apiKeys: ApiKeys = { current: settings.server.auth.apiKeys };
  const { server, sources } = await build(configuration, telemetry, worker, apiKeys);
  const addresses = await listenOnAll(server, settings.server);
  const stop = shutDownOnSignal(async () => {
    server.startDraining();
    await sleep(settings.server.SHUTDOWN_DELAY_MS);
    const close = (): Promise<void> => server.close(settings.server.SHUTDOWN_GRACE_MS);
    await (worker ? worker.closeInTurn(server.http.server, close) : close());
    await sandbox?.close();
    return 0;
  });
  worker?.onPrimaryEnd(stop);
  if (worker) worker.reportListening(addresses);
  else await printReady(addresses, configuration);
  await reloadOnChanges(configuration, { telemetry, worker, sources, apiKeys });
}

interface Reloaded {
  readonly telemetry: Telemetry;
  readonly worker: Worker | undefined;
  readonly sources: Sources;
  readonly apiKeys: ApiKeys;
}

/** Reads files again when they change, and all of them on SIGHUP. */
async function reloadOnChanges(
  { sandbox, environment: running }: Configuration,
  { telemetry: { log, reportUnexpected }, worker, sources, apiKeys }: Reloaded,
): Promise<void> {
  const { createReloader } = await import('./config/reload.ts');
  const isSandbox = worker ? worker.place.isSandbox : sandbox !== undefined;
  const options = { environment: process.env, vendors, sources, isSandbox, apiKeys, log, reportUnexpected };
  const reloader = createReloader(options, running);
  hangUp.handle = () => {
    log.info('SIGHUP: reading the files of API keys, sources and secrets again.');
    void reloader.reload();
  };
  worker?.onReload(hangUp.handle);
  reloader.watch();
  // They may have changed since they were read.
  await reloader.reload();
}

/** Starts the workers, which serve. The sandbox runs in this process, so that all of them see the same tickets. */
async function superviseWorkers(configuration: Configuration): Promise<void> {
  const { settings, sandbox } = configuration;
  const { workers: count, SHUTDOWN_DELAY_MS: delayMs, SHUTDOWN_GRACE_MS: graceMs } = settings.server;
  const telemetry = await startTelemetry({ ...settings.server, ...ONLY_LOG }, true);
  warnAboutSettings(settings.server, telemetry);
  const { startWorkers } = await import('./workers/primary.ts');
  const workers = startWorkers({
    count,
    environment: { ...sandbox?.environment, WORKERS: String(count) },
    isSandbox: sandbox !== undefined,
    stopWithinMs: delayMs + graceMs + KILL_AFTER_MS,
    log: telemetry.log,
  });
  hangUp.handle = () => workers.reload();
  const stop = shutDownOnSignal(async () => {
    workers.stop();
    const code = await workers.ended;
    await sandbox?.close();
    return code;
  });
  try {
    await printReady(await workers.ready, configuration);
  } catch (error) {
    await workers.ended;
    throw error;
  }
  void workers.ended.then(stop);
}

/** The workers have the others. */
const ONLY_LOG = { METRICS: false, AUDIT_LOG: undefined, OTEL_EXPORTER_OTLP_ENDPOINT: undefined };

/** Milliseconds beyond the time that a worker takes to shut down. */
const KILL_AFTER_MS = 10_000;

async function printReady({ endpoint, monitoring }: Addresses, { settings, sandbox }: Configuration): Promise<void> {
  if (sandbox) await printWelcome(`${endpoint}/graphql`, settings.server, sandbox.faults);
  if (monitoring !== undefined) console.log(`Metrics and health checks are at ${monitoring}`);
  console.log(`ticketgraph is ready at ${endpoint}/graphql`);
}

/** Reads the environment. Without a vendor in it, starts the sandbox. */
async function loadConfiguration(): Promise<Configuration> {
  const variables = await readSourceFile(process.env, vendors);
  const settings = readEnvironment(variables.environment, vendors, variables);
  if (settings.configured.length > 0) return { settings, environment: variables.environment };
  if (settings.server.NODE_ENV === 'production' && settings.server.SANDBOX !== '1') {
    const example = `${vendors[0]?.key.toUpperCase()}_URL`;
    throw new SettingsError([
      `No vendor is configured. Set the variables of at least one, such as ${example}, or SANDBOX=1 for simulated vendors.`,
    ]);
  }
  return startSandbox(settings.server);
}

async function startSandbox({ SANDBOX_FAULTS: faults, SANDBOX_SOURCES }: ServerSettings): Promise<Configuration> {
  const sandboxModule = await import('../sandbox/index.ts');
  const keys = [...vendors.map(({ key }) => key), ...SANDBOX_SOURCES];
  const running = await sandboxModule.startSandbox(keys, { keepLedger: false, faults });
  // The sandbox's vendors now count as configured, beside which these are errors. Empty counts as unset.
  const environment = { ...running.settings, SANDBOX_FAULTS: '', SANDBOX_SOURCES: '' };
  return {
    settings: readEnvironment({ ...process.env, ...environment }, vendors),
    environment: process.env,
    sandbox: { environment, faults, close: () => running.close() },
  };
}

/** Opening the audit log's file is the only way to know whether it can be opened. */
async function startTelemetry(settings: TelemetrySettings, isOneOfSeveral: boolean): Promise<Telemetry> {
  try {
    return await openTelemetrySinks(settings, { toCode, processId: isOneOfSeveral ? process.pid : undefined });
  } catch (error) {
    throw error instanceof TelemetryError ? new SettingsError([error.message]) : error;
  }
}

const ANY_HOST_ACCEPTED =
  'AUTH is off and HOST is all interfaces: requests to any host name are accepted, also one that a web page has rebound ' +
  'to this server. Set ALLOWED_HOSTS to the names that clients use.';

const CONSOLE_IS_OFF = 'Ignoring CONSOLE_OIDC_CLIENT_ID: the console is off. Set CONSOLE=on to turn it on.';

/** Checks the process's own environment, without what the sandbox adds to it. */
function warnAboutSettings(settings: ServerSettings, { log }: Telemetry): void {
  const { hostRules, metricsAccess } = settings;
  const warnings = vendors.flatMap((vendor) => warnUnknownSettings(vendor, process.env));
  if (!hostRules.hosts && !hostRules.requiresAuth) warnings.push(ANY_HOST_ACCEPTED);
  if (!settings.CONSOLE && settings.CONSOLE_OIDC_CLIENT_ID !== undefined) warnings.push(CONSOLE_IS_OFF);
  warnings.push(...warnUnsharedStore(process.env), ...warnMetricsAccess(metricsAccess, process.env));
  for (const warning of warnings) log.warn(warning);
}

async function build(
  { settings, sandbox }: Configuration,
  telemetry: Telemetry,
  worker: Worker | undefined,
  apiKeys: ApiKeys,
): Promise<{ readonly server: Server; readonly sources: Sources }> {
  const { server: options, configured } = settings;
  const isSandbox = worker ? worker.place.isSandbox : sandbox !== undefined;
  const example = isSandbox ? (await import('../sandbox/welcome.ts')).EXAMPLE : undefined;
  const typeDefs = loadTypeDefs();
  const sources = connectSources({
    vendors,
    configured: worker ? shareCalls(configured, worker.place, options.REDIS_URL !== undefined) : configured,
    ...(await openShared(options, worker)),
    live: await openLive(options, worker),
    scopes: scopesOfMutations(typeDefs),
    bulk: toBulkOptions(options),
    maximumBytes: options.MAX_UPSTREAM_BYTES,
    observe: telemetry.observers,
    reportUnexpected: telemetry.reportUnexpected,
  });
  await checkStore(sources.store, options);
  await worker?.join(async () => telemetry.metrics?.collect(sources) ?? []);
  const server = await buildServer({
    schema: buildSchema(typeDefs),
    sources,
    requestTimeoutMs: options.REQUEST_TIMEOUT_MS,
    introspection: options.INTROSPECTION,
    authenticate: createAuthenticate(options.auth, apiKeys),
    rateLimit: await limitRate(options, telemetry, worker),
    tokenIssuer: options.auth.tokens?.issuer,
    limits: options.limits,
    streams: options.streams,
    uploadBytes: options.MAX_UPLOAD_BYTES,
    corsOrigins: options.corsOrigins,
    hostRules: options.hostRules,
    operations: options.operations,
    console: options.console,
    explorer: options.explorer && { ...options.explorer, example },
    telemetry,
    metricsAccess: options.metricsAccess,
    workers: worker,
    studio: options.studio,
    reportUnexpected: telemetry.reportUnexpected,
  });
  return { server, sources };
}

/** Without Redis, the workers divide the limit: a connection stays with one of them, so that they need not ask each other. */
async function limitRate(
  { rateLimit, REDIS_URL: redisUrl }: ServerSettings,
  telemetry: Telemetry,
  worker: Worker | undefined,
): Promise<RateLimit | undefined> {
  if (!rateLimit) return undefined;
  const { openRateLimit } = await import('./http/rate-limit/index.ts');
  const ownRate = worker ? shareRate(rateLimit.rate, worker.place) : rateLimit.rate;
  return openRateLimit({ ...rateLimit, ownRate, redisUrl }, telemetry);
}

/** What replicas or workers share. The Redis client is loaded only if REDIS_URL is set. */
async function openShared(
  { REDIS_URL: url, STORE_PATH: path }: ServerSettings,
  worker: Worker | undefined,
): Promise<Pick<SourceOptions, 'store' | 'invalidations'>> {
  if (url === undefined)
    return { store: createSqliteStore(path), ...(worker && { invalidations: worker.invalidations }) };
  const { createRedisStore } = await import('../datasources/writes/idempotency/redis-store.ts');
  const { createRedisBus } = await import('../datasources/upstream/invalidation/redis-bus.ts');
  return { store: createRedisStore(url), invalidations: createRedisBus(url) };
}

/** Live updates, shared by replicas through Redis, or by the workers of this server. `undefined` if they are off. */
async function openLive(
  { REDIS_URL: url, polling }: ServerSettings,
  worker: Worker | undefined,
): Promise<SourceOptions['live']> {
  if (!polling) return undefined;
  if (url === undefined) return { ...polling, workers: worker?.liveWrites };
  const { connectReplicas } = await import('../datasources/live/redis/index.ts');
  return { ...polling, replicas: await connectReplicas({ url, everyMs: polling.everyMs }) };
}

/**
 * Writes to the idempotency store, so that a failure is logged before the first write with a key.
 *
 * @throws SettingsError if STORE_PATH is set to a path that can never work.
 */
async function checkStore(store: KeyStore, { REDIS_URL: url }: ServerSettings): Promise<void> {
  const checked = store.check();
  // Redis may start after this process.
  if (url !== undefined) {
    checked.catch(() => undefined);
    return;
  }
  try {
    await checked;
  } catch (error) {
    if (!process.env['STORE_PATH'] || !isPathError(error)) return;
    throw new SettingsError([
      `STORE_PATH cannot hold the idempotency store (${causeOf(error)}). Set it to a writable file path on a disk, or ` +
        'unset it.',
    ]);
  }
}

/** @throws SettingsError if an address is in use, not local or not permitted. */
async function listenOnAll({ http, monitoring }: Server, settings: ServerSettings): Promise<Addresses> {
  const { PORT: port, HOST: host, metricsAccess } = settings;
  try {
    const endpoint = await listen(http, { port, host, variables: { port: 'PORT', host: 'HOST' } });
    if (!monitoring || metricsAccess.port === undefined) return { endpoint };
    const variables = { port: 'METRICS_PORT', host: 'METRICS_HOST' };
    const own = { port: metricsAccess.port, host: metricsAccess.host, variables };
    return { endpoint, monitoring: await listen(monitoring, own) };
  } catch (error) {
    throw error instanceof ListenError ? new SettingsError([error.message]) : error;
  }
}

async function printWelcome(
  url: string,
  { explorer, CONSOLE: hasConsole }: ServerSettings,
  faults: ServerSettings['SANDBOX_FAULTS'],
): Promise<void> {
  const { welcome } = await import('../sandbox/welcome.ts');
  console.log(welcome(url, { explorer: explorer !== undefined, console: hasConsole }, faults));
}

/**
 * Exits with the code that `close` returns, or with 1 if it fails.
 *
 * @returns a function that does the same without a signal.
 */
function shutDownOnSignal(close: () => Promise<number>): () => void {
  let isStopping = false;
  const stop = (): void => {
    // A terminal signals the whole process group, and npm signals again. The second signal must not interrupt the first.
    if (isStopping) return;
    isStopping = true;
    close().then(
      (code) => process.exit(code),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return stop;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  // The primary process prints the errors of its workers once.
  if (!readPlace(process.env)) console.error(error.message);
  // A sandbox that is already running would keep the process alive.
  process.exit(1);
}
