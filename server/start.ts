/** Entry point: importing it reads the environment, builds the server, listens, and shuts down on a signal. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectSources, type SourceOptions } from '../datasources/index.ts';
import { vendors } from '../datasources/vendors.ts';
import { causeOf, isPathError } from '../datasources/writes/idempotency/store-errors.ts';
import { createSqliteStore } from '../datasources/writes/idempotency/sqlite-store.ts';
import type { KeyStore } from '../datasources/writes/idempotency/store.ts';
import { loadTypeDefs, scopesOfMutations } from '../schema/index.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { SettingsError, readEnvironment, type ServerSettings, type Settings } from './config/server-settings.ts';
import { warnUnknownSettings, warnUnsharedStore } from './config/warnings.ts';
import type { ExampleAction } from './pages/explorer.ts';
import { buildSchema, buildServer, toCode, type Server } from './server.ts';
import { TelemetryError, openTelemetrySinks, type Telemetry } from './telemetry/index.ts';

/** The settings, and the sandbox if it was started because no vendor is configured. */
interface Configuration {
  readonly settings: Settings;
  readonly sandbox?: {
    readonly faults: ServerSettings['SANDBOX_FAULTS'];
    readonly example: ExampleAction;
    close(): Promise<void>;
  };
}

async function main(): Promise<void> {
  const configuration = await loadConfiguration();
  const { settings, sandbox } = configuration;
  const telemetry = await startTelemetry(settings.server);
  warnAboutSettings(settings.server, telemetry);
  // A rejection that nothing awaits must not end other requests. An uncaught exception still ends the process.
  process.on('unhandledRejection', telemetry.reportUnexpected);
  const server = await build(configuration, telemetry);
  const address = await listen(server, settings.server);
  shutDownOnSignal(async () => {
    server.startDraining();
    await sleep(settings.server.SHUTDOWN_DELAY_MS);
    await server.close(settings.server.SHUTDOWN_GRACE_MS);
    await sandbox?.close();
  });
  if (sandbox) await printWelcome(`${address}/graphql`, settings.server, sandbox.faults);
  console.log(`ticketgraph is ready at ${address}/graphql`);
}

/** Reads the environment. Without a vendor in it, starts the sandbox. */
async function loadConfiguration(): Promise<Configuration> {
  const settings = readEnvironment(process.env, vendors);
  if (settings.configured.length > 0) return { settings };
  if (settings.server.NODE_ENV === 'production' && settings.server.SANDBOX !== '1') {
    const example = `${vendors[0]?.key.toUpperCase()}_URL`;
    throw new SettingsError([
      `No vendor is configured. Set the variables of at least one, such as ${example}, or SANDBOX=1 for simulated vendors.`,
    ]);
  }
  return startSandbox(settings.server.SANDBOX_FAULTS);
}

async function startSandbox(faults: ServerSettings['SANDBOX_FAULTS']): Promise<Configuration> {
  const [sandboxModule, { EXAMPLE }] = await Promise.all([
    import('../sandbox/index.ts'),
    import('../sandbox/welcome.ts'),
  ]);
  const keys = vendors.map(({ key }) => key);
  const running = await sandboxModule.startSandbox(keys, { keepLedger: false, faults });
  // The sandbox's vendors now count as configured, beside which SANDBOX_FAULTS is an error.
  const environment = { ...process.env, ...running.settings, SANDBOX_FAULTS: undefined };
  return {
    settings: readEnvironment(environment, vendors),
    sandbox: { faults, example: EXAMPLE, close: () => running.close() },
  };
}

/** Opening the audit log's file is the only way to know whether it can be opened. */
async function startTelemetry(settings: ServerSettings): Promise<Telemetry> {
  try {
    return await openTelemetrySinks(settings, { toCode });
  } catch (error) {
    throw error instanceof TelemetryError ? new SettingsError([error.message]) : error;
  }
}

const ANY_HOST_ACCEPTED =
  'AUTH is off and HOST is all interfaces: requests to any host name are accepted, also one that a web page has rebound ' +
  'to this server. Set ALLOWED_HOSTS to the names that clients use.';

/** Checks the process's own environment, without what the sandbox adds to it. */
function warnAboutSettings({ hostRules }: ServerSettings, { log }: Telemetry): void {
  const warnings = vendors.flatMap((vendor) => warnUnknownSettings(vendor, process.env));
  if (!hostRules.hosts && !hostRules.requiresAuth) warnings.push(ANY_HOST_ACCEPTED);
  warnings.push(...warnUnsharedStore(process.env));
  for (const warning of warnings) log.warn(warning);
}

async function build({ settings, sandbox }: Configuration, telemetry: Telemetry): Promise<Server> {
  const { server: options } = settings;
  const typeDefs = loadTypeDefs();
  const sources = connectSources({
    vendors,
    configured: settings.configured,
    ...(await openShared(options)),
    scopes: scopesOfMutations(typeDefs),
    maximumBytes: options.MAX_UPSTREAM_BYTES,
    observe: telemetry.observers,
    reportUnexpected: telemetry.reportUnexpected,
  });
  await checkStore(sources.store, options);
  return buildServer({
    schema: buildSchema(typeDefs),
    sources,
    requestTimeoutMs: options.REQUEST_TIMEOUT_MS,
    introspection: options.INTROSPECTION,
    authenticate: createAuthenticate(options.auth),
    limits: options.limits,
    corsOrigins: options.corsOrigins,
    hostRules: options.hostRules,
    operations: options.operations,
    console: options.CONSOLE,
    explorer: options.explorer && { ...options.explorer, example: sandbox?.example },
    telemetry,
    studio: options.studio,
    reportUnexpected: telemetry.reportUnexpected,
  });
}

/** What replicas share. The Redis client is loaded only if REDIS_URL is set. */
async function openShared(options: ServerSettings): Promise<Pick<SourceOptions, 'store' | 'invalidations'>> {
  const { REDIS_URL: url } = options;
  if (url === undefined) return { store: createSqliteStore(options.STORE_PATH) };
  const { createRedisStore } = await import('../datasources/writes/idempotency/redis-store.ts');
  const { createRedisBus } = await import('../datasources/upstream/invalidation/redis-bus.ts');
  return { store: createRedisStore(url), invalidations: createRedisBus(url) };
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

/** @throws SettingsError if the address is in use, not local or not permitted. */
async function listen({ http }: Server, { PORT: port, HOST: host }: ServerSettings): Promise<string> {
  try {
    return await http.listen({ port, host });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const message = describeListenError(code, port, host);
    throw message === undefined ? error : new SettingsError([message]);
  }
}

function describeListenError(code: string, port: number, host: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} is already in use on ${host} (${code}). Set PORT to a free one, or stop the other process.`;
    case 'EACCES':
      return `PORT ${port} needs privileges that this user does not have (${code}). Set PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST is not a local address (${code}). Set it to one, such as 127.0.0.1, or to 0.0.0.0 for all interfaces.`;
    default:
      return undefined;
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

/** Exits with 0 once everything is closed, or with 1 if closing fails. */
function shutDownOnSignal(close: () => Promise<void>): void {
  let isStopping = false;
  const stop = (): void => {
    // A terminal signals the whole process group, and npm signals again. The second signal must not interrupt the first.
    if (isStopping) return;
    isStopping = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  // A sandbox that is already running would keep the process alive.
  process.exit(1);
}
