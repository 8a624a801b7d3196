/** Reads the environment, builds, listens, drains: it does so when it is imported, and nothing else here does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectSources, type SourceOptions } from '../datasources/index.ts';
import { createSqliteStore } from '../datasources/writes/idempotency/sqlite-store.ts';
import type { KeyStore } from '../datasources/writes/idempotency/store.ts';
import { causeOf, isPathError } from '../datasources/writes/idempotency/store-errors.ts';
import { vendors } from '../datasources/vendors.ts';
import type { ExampleAction } from './pages/explorer.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { TelemetryError, openTelemetrySinks, type Telemetry } from './telemetry/index.ts';
import { loadTypeDefs, scopesOfMutations } from '../schema/index.ts';
import { buildSchema, buildServer, toCode, type Server } from './server.ts';
import {
  SettingsError,
  readEnvironment,
  warnUnsharedStore,
  warnUnknownSettings,
  type Settings,
} from './config/server-settings.ts';

async function main(): Promise<void> {
  const { settings, closeSandbox, example, faults } = await readSettings();
  const { server: options } = settings;
  const watch = await startTelemetry(options);
  // Of what was set: a sandbox's own settings are none of it.
  for (const vendor of vendors) for (const remark of warnUnknownSettings(vendor, process.env)) watch.log.warn(remark);
  if (!options.hostRules.hosts && !options.hostRules.hasSignIn) watch.log.warn(ANY_HOST_ACCEPTED);
  // One request's mistake must not end the others. An exception that nothing catches still ends the process.
  process.on('unhandledRejection', watch.reportUnexpected);
  for (const remark of warnUnsharedStore(process.env)) watch.log.warn(remark);
  const typeDefs = loadTypeDefs();
  const sources = connectSources({
    vendors,
    configured: settings.configured,
    ...(await openShared(options)),
    scopes: scopesOfMutations(typeDefs),
    maximumBytes: options.MAX_UPSTREAM_BYTES,
    observe: watch.observers,
    reportUnexpected: watch.reportUnexpected,
  });
  await tryStore(sources.store, options);
  const server = await buildServer({
    schema: buildSchema(typeDefs),
    sources,
    requestTimeoutMs: options.REQUEST_TIMEOUT_MS,
    introspection: options.INTROSPECTION,
    authenticate: createAuthenticate(options.signIn),
    limits: options.limits,
    corsOrigins: options.corsOrigins,
    hostRules: options.hostRules,
    operations: options.operations,
    console: options.CONSOLE,
    explorer: options.explorer && { ...options.explorer, example },
    telemetry: watch,
    studio: options.studio,
    reportUnexpected: watch.reportUnexpected,
  });
  const address = await listen(server, options);
  stopOnSignal(async () => {
    server.startDraining();
    await sleep(options.SHUTDOWN_DELAY_MS);
    await server.close(options.SHUTDOWN_GRACE_MS);
    await closeSandbox?.();
  });
  if (closeSandbox) {
    const { welcome } = await import('../sandbox/welcome.ts');
    const pages = { explorer: options.explorer !== undefined, console: options.CONSOLE };
    console.log(welcome(`${address}/graphql`, pages, faults));
  }
  console.log(`ticketgraph is ready at ${address}/graphql`);
}

const ANY_HOST_ACCEPTED =
  'AUTH is off and HOST is every address: requests under any host name are accepted, also under one that a web page has ' +
  'rebound to this server. Set ALLOWED_HOSTS to the names that clients use.';

/** Only the attempt shows whether the address is free, of this machine, and allowed. */
async function listen({ http }: Server, { PORT: port, HOST: host }: Settings['server']): Promise<string> {
  try {
    return await http.listen({ port, host });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const sentence = whyNotListening(code, port, host);
    throw sentence === undefined ? error : new SettingsError([sentence]);
  }
}

function whyNotListening(code: string, port: number, host: string): string | undefined {
  switch (code) {
    case 'EADDRINUSE':
      return `PORT ${port} is taken on ${host} (${code}): set PORT to a free one, or end what listens there.`;
    case 'EACCES':
      return `PORT ${port} is not allowed to this user (${code}): set PORT to one above 1023.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST is no address of this machine (${code}): set it to one, such as 127.0.0.1, or 0.0.0.0 for all of them.`;
    default:
      return undefined;
  }
}

/** What replicas share. The client of Redis is loaded only where there is one. */
async function openShared(options: Settings['server']): Promise<Pick<SourceOptions, 'store' | 'invalidations'>> {
  const { REDIS_URL: url } = options;
  if (url === undefined) return { store: createSqliteStore(options.STORE_PATH) };
  const { createRedisStore } = await import('../datasources/writes/idempotency/redis-store.ts');
  const { createRedisBus: createRedisChanges } = await import('../datasources/upstream/invalidation/redis-bus.ts');
  return { store: createRedisStore(url), invalidations: createRedisChanges(url) };
}

/**
 * Writes to the store of keys, so that what is wrong is known before the first write with a key. The log has the cause: the
 * store is watched. A path that can never work stops the start if somebody chose it.
 */
async function tryStore(store: KeyStore, { REDIS_URL: url }: Settings['server']): Promise<void> {
  const tried = store.check();
  // Redis may start later than we do.
  if (url !== undefined) {
    tried.catch(() => undefined);
    return;
  }
  try {
    await tried;
  } catch (error) {
    if (!process.env['STORE_PATH'] || !isPathError(error)) return;
    throw new SettingsError([
      `STORE_PATH cannot hold the store of idempotency keys (${causeOf(error)}): set it to the path of a file that can ` +
        'be written, on a disk, or unset it.',
    ]);
  }
}

/** Only the use of a file shows whether it can be used. */
async function startTelemetry(options: Settings['server']): Promise<Telemetry> {
  try {
    return await openTelemetrySinks(options, { toCode });
  } catch (error) {
    throw error instanceof TelemetryError ? new SettingsError([error.message]) : error;
  }
}

/** The environment's settings; with no vendor in them, those of a sandbox that is started for it. */
async function readSettings(): Promise<{
  settings: Settings;
  closeSandbox?: () => Promise<void>;
  example?: ExampleAction;
  faults?: Settings['server']['SANDBOX_FAULTS'];
}> {
  const settings = readEnvironment(process.env, vendors);
  if (settings.configured.length > 0) return { settings };
  if (settings.server.NODE_ENV === 'production' && settings.server.SANDBOX !== '1') {
    const example = `${vendors[0]?.key.toUpperCase()}_URL`;
    throw new SettingsError([
      `No vendor is configured: set the variables of at least one, beginning with its _URL (such as ${example}), ` +
        'or SANDBOX=1 for the simulated ones.',
    ]);
  }
  const [{ startSandbox }, { EXAMPLE }] = await Promise.all([
    import('../sandbox/index.ts'),
    import('../sandbox/welcome.ts'),
  ]);
  const faults = settings.server.SANDBOX_FAULTS;
  const sandbox = await startSandbox(
    vendors.map(({ key }) => key),
    { keepLedger: false, faults },
  );
  return {
    // The faults have been read, and the vendors that are configured from here on are those of the sandbox.
    settings: readEnvironment({ ...process.env, ...sandbox.settings, SANDBOX_FAULTS: undefined }, vendors),
    faults,
    closeSandbox: () => sandbox.close(),
    example: EXAMPLE,
  };
}

/** Ends the process in order. */
function stopOnSignal(close: () => Promise<void>): void {
  let isStopping = false;
  const stop = (): void => {
    // A terminal tells the whole group, and npm tells again: the second must not cut what the first waits for.
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
  // A sandbox that has been started already would keep the process alive.
  process.exit(1);
}
