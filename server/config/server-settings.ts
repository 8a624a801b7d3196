/** Reads all settings from the environment: those of the server, and those of each configured vendor. */
import { z } from 'zod';
import type { Environment, Setting, TicketSource, ValuesOf, Vendor } from '../../datasources/contract.ts';
import type { Configured } from '../../datasources/index.ts';
import { findSources, isConfigured, readSourceSettings } from '../../datasources/upstream/connection-settings.ts';
import { openSecretFiles } from '../../datasources/upstream/secret-files.ts';
import { proxyAddress } from '../../datasources/upstream/transport/proxy.ts';
import {
  describeSettingError,
  flag,
  oneOf,
  optionalAddress,
  optionalWholeAddress,
  optionalText,
  readSettings,
  secret,
  setting,
  textWithDefault,
  wholeNumber,
  type SettingError,
} from '../../datasources/vendor-kit/settings.ts';
import { parseSourceKey } from '../../datasources/vendor-kit/source-key.ts';
import { FAULT_NAMES, parseFaults, type NamedFaults } from '../../sandbox/named-faults.ts';
import type { AuthOptions } from '../auth/authenticate.ts';
import type { Limits } from '../graphql/limits.ts';
import type { RegisteredOperation } from '../graphql/trusted-documents.ts';
import { parseHosts, type HostRules } from '../http/allowed-hosts.ts';
import { parseOrigins } from '../http/cors.ts';
import type { ConsoleOptions } from '../pages/console.ts';
import type { ExplorerOptions } from '../pages/explorer.ts';
import type { StudioOptions } from '../telemetry/apollo-studio.ts';
import { LOG_LEVELS } from '../telemetry/logger.ts';
import { AUTH_SETTINGS, readAuth } from './auth-settings.ts';
import { BULK_SETTINGS } from './bulk-settings.ts';
import { CONSOLE_SETTINGS, readConsole } from './console-settings.ts';
import { toHostRules } from './host-rules.ts';
import { LIMIT_SETTINGS, toLimits } from './limit-settings.ts';
import { POLLING_SETTINGS, toPollingOptions, type PollingOptions } from './polling-settings.ts';
import { STREAM_SETTINGS, toStreamOptions, type StreamOptions } from './live-settings.ts';
import { METRICS_SETTINGS, readMetricsAccess, type MetricsAccess } from './metrics-settings.ts';
import { RATE_SETTINGS, toRateLimit, type RateLimitSettings } from './rate-settings.ts';
import type { SourceVariables } from './source-file.ts';
import { OPERATION_SETTINGS, readOperations } from './operations.ts';
import { listNames, nameOfSetting } from './variables.ts';
import { WORKER_SETTINGS, readWorkers } from './workers.ts';

/** Default of `MAX_UPSTREAM_BYTES`. */
export const DEFAULT_UPSTREAM_BYTES = 2_000_000;

const SERVER = {
  PORT: wholeNumber(0, 65_535, 4000),
  HOST: textWithDefault('127.0.0.1', 'an address to listen on', 255),
  NODE_ENV: optionalText('production, development or test', 64),
  SANDBOX: oneOf(['0', '1'], '0'),
  REDIS_URL: secret(
    setting(
      z
        .string()
        .regex(/^rediss?:\/\/\S+$/)
        .optional(),
      'an address such as redis://localhost:6379, or unset',
    ),
  ),
  STORE_PATH: textWithDefault('.ticketgraph/store', 'the path of a file', 4096),
  HTTPS_PROXY: proxyAddress('HTTPS_PROXY'),
  HTTP_PROXY: proxyAddress('HTTP_PROXY'),
  NO_PROXY: optionalText('host names and addresses to reach without a proxy, separated by commas'),
  MAX_UPSTREAM_BYTES: wholeNumber(1_024, 1_000_000_000, DEFAULT_UPSTREAM_BYTES),
  ...WORKER_SETTINGS,
  ...STREAM_SETTINGS,
  ...BULK_SETTINGS,
  SHUTDOWN_DELAY_MS: wholeNumber(0, 600_000, 0),
  SHUTDOWN_GRACE_MS: wholeNumber(0, 600_000, 15_000),
  REQUEST_TIMEOUT_MS: wholeNumber(1, 600_000, 30_000),
  ...AUTH_SETTINGS,
  ...CONSOLE_SETTINGS,
  CORS_ORIGINS: setting(
    z
      .string()
      .default('')
      .transform(parseOrigins)
      .refine((origins) => origins !== undefined),
    'origins separated by commas, such as https://app.example.com, or studio for Apollo Studio',
  ),
  ALLOWED_HOSTS: setting(
    z
      .string()
      .transform(parseHosts)
      .refine((hosts) => hosts !== undefined)
      .optional(),
    'host names separated by commas, without scheme and port, such as tickets.example.com, or unset',
  ),
  LOG_LEVEL: oneOf(LOG_LEVELS, 'info'),
  ...METRICS_SETTINGS,
  AUDIT_LOG: optionalText('the path of a file to append writes to, or stdout', 4096),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    z.url({ protocol: /^https?$/ }).optional(),
    'the http or https address of an OpenTelemetry collector, such as http://localhost:4318, or unset',
  ),
  OTEL_SERVICE_NAME: textWithDefault('ticketgraph', 'the name of this service in traces', 255),
  APOLLO_KEY: secret(optionalText('the API key of a graph of Apollo Studio')),
  APOLLO_GRAPH_REF: optionalText('a graph and its variant, such as tickets@current', 255),
  APOLLO_USAGE_REPORTING_ENDPOINT: optionalAddress(),
  APOLLO_SCHEMA_REPORTING_ENDPOINT: optionalWholeAddress(),
  ...OPERATION_SETTINGS,
  ...LIMIT_SETTINGS,
  ...POLLING_SETTINGS,
  ...RATE_SETTINGS,
};

type BaseSettings = ValuesOf<typeof SERVER>;

export type ServerSettings = BaseSettings & {
  /** `undefined` if the sandbox injects no faults. */
  readonly SANDBOX_FAULTS: NamedFaults | undefined;
  /** Keys of further sources that the sandbox plays. */
  readonly SANDBOX_SOURCES: readonly string[];
  readonly INTROSPECTION: boolean;
  readonly CONSOLE: boolean;
  /** Number of processes that serve the port. */
  readonly workers: number;
  readonly auth: AuthOptions;
  readonly limits: Limits;
  /** `undefined` if live updates are off. */
  readonly polling: PollingOptions | undefined;
  readonly streams: StreamOptions;
  /** `undefined` if callers are not limited. */
  readonly rateLimit: RateLimitSettings | undefined;
  readonly corsOrigins: readonly string[];
  readonly hostRules: HostRules;
  readonly metricsAccess: MetricsAccess & { readonly hostRules: HostRules };
  /** The only operations that are executed; `undefined` for any. */
  readonly operations: readonly RegisteredOperation[] | undefined;
  /** `undefined` if the console is off. */
  readonly console: ConsoleOptions | undefined;
  /** `undefined` if the explorer is off. */
  readonly explorer: ExplorerOptions | undefined;
  /** `undefined` if nothing is reported to Apollo Studio. */
  readonly studio: StudioOptions | undefined;
};

export interface Settings {
  readonly server: ServerSettings;
  readonly configured: readonly Configured[];
}

/** The settings do not allow a start. One line of the message for each error. */
export class SettingsError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'SettingsError';
  }
}

/**
 * @param file what is known of the file of sources, whose settings are in the environment. Defaults to none.
 * @throws SettingsError with every setting that is missing or invalid, without its value.
 */
export function readEnvironment(
  environment: Environment,
  vendors: readonly Vendor[],
  { placeOf, errors: errorsOfFile = [] }: Partial<SourceVariables> = {},
): Settings {
  const server = readServer(environment, vendors);
  const sources = readSources(environment, vendors, placeOf);
  const errors = [...errorsOfFile, ...('errors' in sources ? sources.errors : [])];
  if ('errors' in server) throw new SettingsError([...server.errors, ...errors]);
  if (errors.length > 0 || 'errors' in sources) throw new SettingsError(errors);
  return { server: server.settings, configured: sources.configured };
}

/**
 * Returns the configured sources, or a message for each of their settings that is missing or invalid.
 *
 * @param placeOf returns where the operator has set a variable. Defaults to its name.
 */
export function readSources(
  environment: Environment,
  vendors: readonly Vendor[],
  placeOf?: (variable: string) => string,
): { readonly configured: readonly Configured[] } | { readonly errors: readonly string[] } {
  const read = findSources(vendors, environment)
    .filter((source) => isConfigured(source, environment))
    .map((source) => {
      const secretFiles = openSecretFiles(source, environment, placeOf);
      return { source, secretFiles, placeOf, result: readSourceSettings(source, environment) };
    });
  const invalid = read.flatMap(({ result }) => errorsOf(result));
  if (invalid.length > 0) return { errors: invalid.map((error) => describeSettingError(error, placeOf)) };
  const configured = read.flatMap(({ result, ...one }) =>
    'settings' in result ? [{ ...one, settings: result.settings }] : [],
  );
  return { configured };
}

/**
 * Returns the server's settings, or a message for each that is missing or invalid.
 *
 * @param vendors all known vendors. Their own settings are not checked.
 */
export function readServer(
  environment: Environment,
  vendors: readonly Vendor[],
): { settings: ServerSettings } | { errors: readonly string[] } {
  const sources = findSources(vendors, environment);
  const shape = toShape(environment, vendors);
  const read = readSettings(shape, environment);
  const invalid = errorsOf(read);
  const errors = invalid.map((error) => describeSettingError(error));
  // Read again without the invalid variables, so that one run reports every error.
  const valid = 'settings' in read ? read : readSettings(shape, omitVariables(environment, invalid));
  if (!('settings' in valid)) return { errors };
  const { settings } = valid;
  const isAuthReadable = !invalid.some(({ variable: name }) => name === 'HOST' || name in AUTH_SETTINGS);
  const auth = isAuthReadable ? readAuth(settings, scopePrefixes(sources), environment) : {};
  if ('errors' in auth) errors.push(...auth.errors);
  const console = isAuthReadable && isConsoleReadable(invalid) ? readConsole(settings) : {};
  if ('errors' in console) errors.push(...console.errors);
  const registered = readOperations(settings);
  if ('error' in registered) errors.push(registered.error);
  const workers = readWorkers(settings, sources, environment);
  if ('error' in workers) errors.push(workers.error);
  const metricsAccess = readMetricsAccess(settings, environment);
  if ('errors' in metricsAccess) errors.push(...metricsAccess.errors);
  const real = sources.find((source) => isConfigured(source, environment));
  if (real) errors.push(...rejectSandboxSettings(settings, nameOfSetting(real, 'URL')));
  if (errors.length > 0 || 'errors' in auth || 'errors' in console || 'error' in registered) return { errors };
  if ('error' in workers || 'errors' in metricsAccess) return { errors };
  const { operations } = registered;
  const derived = {
    ...deriveSettings(settings, auth, metricsAccess),
    console: settings.CONSOLE ? console : undefined,
  };
  return { settings: { ...settings, ...derived, auth, operations, workers: workers.count } };
}

/** An invalid variable is reported once, not also as missing. */
function isConsoleReadable(invalid: readonly SettingError[]): boolean {
  return !invalid.some(({ variable: name }) => name in CONSOLE_SETTINGS);
}

/** What a scope may be narrowed to: each source, and all sources of a vendor. */
function scopePrefixes(sources: readonly TicketSource[]): readonly string[] {
  return sources.map(({ key }) => key);
}

function omitVariables(environment: Environment, errors: readonly SettingError[]): Environment {
  const names = new Set(errors.map(({ variable: name }) => name));
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.has(name)));
}

function errorsOf(result: { settings: object } | { errors: readonly SettingError[] }): readonly SettingError[] {
  return 'errors' in result ? result.errors : [];
}

/** Settings whose defaults depend on the environment, or whose values on the vendors. */
function toShape(environment: Environment, vendors: readonly Vendor[]) {
  const isProduction = environment['NODE_ENV'] === 'production';
  return {
    ...SERVER,
    SANDBOX_SOURCES: sandboxSources(vendors),
    SANDBOX_FAULTS: faults([...vendors.map(({ key }) => key), ...splitList(environment['SANDBOX_SOURCES'])]),
    INTROSPECTION: flag(!isProduction),
    EXPLORER: flag(!isProduction),
    CONSOLE: flag(!isProduction),
  };
}

function splitList(text = ''): string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

/** Further sources that the sandbox plays. */
function sandboxSources(vendors: readonly Vendor[]): Setting<readonly string[]> {
  const schema = z
    .string()
    .default('')
    .transform(splitList)
    .refine((keys) => keys.every((key) => isFurtherSource(key, vendors)));
  const example = `${vendors[0]?.key}@emea`;
  return setting(schema, `further sources of vendors, such as ${example}, separated by commas, or unset`);
}

function isFurtherSource(key: string, vendors: readonly Vendor[]): boolean {
  const parsed = parseSourceKey(key);
  return parsed?.name !== undefined && vendors.some((vendor) => vendor.key === parsed.vendor);
}

function faults(keys: readonly string[]): Setting<NamedFaults | undefined> {
  const schema = z
    .string()
    .transform((value) => parseFaults(value, keys))
    .refine((parsed) => parsed !== undefined);
  return setting(
    schema.optional(),
    `sandbox vendors and their faults, such as ${keys[0]}:${FAULT_NAMES[0]}, separated by commas, or unset; ` +
      `the vendors are ${listNames(keys)}, the faults ${listNames(FAULT_NAMES)}`,
  );
}

interface SandboxSettings {
  readonly SANDBOX_FAULTS: NamedFaults | undefined;
  readonly SANDBOX_SOURCES: readonly string[];
}

/** Both have an effect on the sandbox alone, which does not run beside a vendor. */
function rejectSandboxSettings({ SANDBOX_FAULTS, SANDBOX_SOURCES }: SandboxSettings, address: string): string[] {
  const reject = (name: string, purpose: string): string =>
    `${name} and ${address} are both set, but only the sandbox ${purpose}, and it does not run beside a vendor. Unset one of them.`;
  return [
    ...(SANDBOX_FAULTS ? [reject('SANDBOX_FAULTS', 'injects faults')] : []),
    ...(SANDBOX_SOURCES.length > 0 ? [reject('SANDBOX_SOURCES', 'simulates further sources')] : []),
  ];
}

function deriveSettings(
  settings: BaseSettings & { readonly EXPLORER: boolean },
  auth: AuthOptions,
  metricsAccess: MetricsAccess,
) {
  const requiresAuth = Object.values(auth).some((method) => method !== undefined);
  const metricsHost = { ...settings, HOST: metricsAccess.host };
  return {
    limits: toLimits(settings),
    polling: toPollingOptions(settings),
    streams: toStreamOptions(settings),
    rateLimit: toRateLimit(settings, requiresAuth),
    corsOrigins: settings.CORS_ORIGINS,
    hostRules: toHostRules(settings, requiresAuth),
    metricsAccess: {
      ...metricsAccess,
      hostRules: toHostRules(metricsHost, requiresAuth || metricsAccess.token !== undefined),
    },
    explorer: settings.EXPLORER ? { requiresAuth } : undefined,
    studio: toStudio(settings),
  };
}

/** On only with a key and a graph: other Apollo tools use the key alone. */
function toStudio(settings: BaseSettings): StudioOptions | undefined {
  const { APOLLO_KEY: key, APOLLO_GRAPH_REF: graphRef } = settings;
  if (key === undefined || graphRef === undefined) return undefined;
  const { APOLLO_USAGE_REPORTING_ENDPOINT, APOLLO_SCHEMA_REPORTING_ENDPOINT } = settings;
  return {
    key,
    graphRef,
    usageEndpoint: APOLLO_USAGE_REPORTING_ENDPOINT,
    schemaEndpoint: APOLLO_SCHEMA_REPORTING_ENDPOINT,
  };
}
