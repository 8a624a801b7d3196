/** The settings of the whole, and of each vendor that is on, read from the environment; all mistakes at once. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Environment, Setting, SettingsOf, Vendor } from '../../datasources/contract.ts';
import type { Configured } from '../../datasources/index.ts';
import {
  isConfigured,
  readVendorSettings,
  type ConnectionSettings,
} from '../../datasources/upstream/connection-settings.ts';
import { proxyAddress, proxyOf } from '../../datasources/upstream/transport/proxy.ts';
import {
  describeSettingError,
  flag,
  isLoopback,
  oneOf,
  optionalAddress,
  optionalWholeAddress,
  optionalText,
  readSettings,
  setting,
  textWithDefault,
  wholeNumber,
  type SettingError,
} from '../../datasources/vendor-kit/settings.ts';
import { parseOrigins } from '../http/cors.ts';
import { SCOPES } from '../auth/caller.ts';
import { isWildcard, parseHosts, type HostRules } from '../http/allowed-hosts.ts';
import { DEFAULT_LIMITS, type Limits } from '../graphql/limits.ts';
import { parseApiKeys, type KeyError, type AuthOptions } from '../auth/authenticate.ts';
import type { ExplorerOptions } from '../pages/explorer.ts';
import { parseManifest, type RegisteredOperation } from '../graphql/trusted-documents.ts';
import { LOG_LEVELS } from '../telemetry/logger.ts';
import type { StudioOptions } from '../telemetry/apollo-studio.ts';
import { FAULT_NAMES, parseFaults, type NamedFaults } from '../../sandbox/named-faults.ts';

const SERVER = {
  PORT: wholeNumber(0, 65_535, 4000),
  HOST: textWithDefault('127.0.0.1', 'an address to listen on', 255),
  NODE_ENV: optionalText('production, development or test', 64),
  SANDBOX: oneOf(['0', '1'], '0'),
  REDIS_URL: setting(
    z
      .string()
      .regex(/^rediss?:\/\/\S+$/)
      .optional(),
    'an address such as redis://localhost:6379, or unset',
  ),
  STORE_PATH: textWithDefault('.ticketgraph/store', 'the path of a file', 4096),
  HTTPS_PROXY: proxyAddress('HTTPS_PROXY'),
  HTTP_PROXY: proxyAddress('HTTP_PROXY'),
  NO_PROXY: optionalText('host names and addresses that are reached without a proxy, separated by commas'),
  MAX_UPSTREAM_BYTES: wholeNumber(1_024, 1_000_000_000, 2_000_000),
  SHUTDOWN_DELAY_MS: wholeNumber(0, 600_000, 0),
  SHUTDOWN_GRACE_MS: wholeNumber(0, 600_000, 15_000),
  REQUEST_TIMEOUT_MS: wholeNumber(1, 600_000, 30_000),
  AUTH: setting(z.literal('off').optional(), 'off, or unset'),
  AUTH_JWKS_URL: optionalWholeAddress(),
  AUTH_ISSUER: optionalText('the issuer that tokens name'),
  AUTH_AUDIENCE: optionalText('the audience that tokens name'),
  AUTH_API_KEYS_FILE: optionalText('the path of a file of API keys', 4096),
  CORS_ORIGINS: setting(
    z
      .string()
      .default('')
      .transform(parseOrigins)
      .refine((origins) => origins !== undefined),
    'origins separated by commas, such as https://app.example.com, or studio for that of Apollo Studio',
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
  METRICS: flag(true),
  AUDIT_LOG: optionalText('the path of a file that writes are added to, or stdout', 4096),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    z.url({ protocol: /^https?$/ }).optional(),
    'the http or https address of an OpenTelemetry collector, such as http://localhost:4318, or unset',
  ),
  OTEL_SERVICE_NAME: textWithDefault('ticketgraph', 'the name of this service in traces', 255),
  APOLLO_KEY: optionalText('the API key of a graph of Apollo Studio'),
  APOLLO_GRAPH_REF: optionalText('a graph and its variant, such as tickets@current', 255),
  APOLLO_USAGE_REPORTING_ENDPOINT: optionalAddress(),
  APOLLO_SCHEMA_REPORTING_ENDPOINT: optionalWholeAddress(),
  OPERATIONS: oneOf(['all', 'registered'], 'all'),
  OPERATIONS_MANIFEST: textWithDefault('operations.json', 'the path of a manifest of operations', 4096),
  MAX_BODY_BYTES: wholeNumber(1_000, 100_000_000, DEFAULT_LIMITS.bodyBytes),
  MAX_TOKENS: wholeNumber(1, 1_000_000, DEFAULT_LIMITS.tokens),
  MAX_DEPTH: wholeNumber(1, 100, DEFAULT_LIMITS.depth),
  MAX_ALIASES: wholeNumber(0, 100_000, DEFAULT_LIMITS.aliases),
  MAX_DIRECTIVES: wholeNumber(0, 100_000, DEFAULT_LIMITS.directives),
  MAX_FIELDS: wholeNumber(1, 100_000, DEFAULT_LIMITS.fields),
  MAX_ROOT_QUERIES: wholeNumber(1, 10_000, DEFAULT_LIMITS.rootQueries),
  MAX_ROOT_MUTATIONS: wholeNumber(1, 10_000, DEFAULT_LIMITS.rootMutations),
  MAX_UPSTREAM_CALLS: wholeNumber(1, 1_000_000, DEFAULT_LIMITS.upstreamCalls),
  MAX_ANSWER_FIELDS: wholeNumber(1, 100_000_000, DEFAULT_LIMITS.answerFields),
};

export type ServerSettings = Omit<SettingsOf<typeof SERVER>, 'URL'> & {
  /** Undefined where nothing is to fail. */
  readonly SANDBOX_FAULTS: NamedFaults | undefined;
  readonly INTROSPECTION: boolean;
  readonly CONSOLE: boolean;
  readonly signIn: AuthOptions;
  readonly limits: Limits;
  readonly corsOrigins: readonly string[];
  readonly hostRules: HostRules;
  /** The only operations that are executed; undefined for any. */
  readonly operations: readonly RegisteredOperation[] | undefined;
  /** Undefined where it is off. */
  readonly explorer: ExplorerOptions | undefined;
  /** Undefined where nothing is reported. */
  readonly studio: StudioOptions | undefined;
};

export interface Settings {
  readonly server: ServerSettings;
  readonly configured: readonly Configured[];
}

/** A start that cannot be: one sentence for each thing that is wrong. */
export class SettingsError extends Error {
  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
    this.name = 'SettingsError';
  }
}

/** @throws SettingsError naming every variable that is missing or malformed, and no value. */
export function readEnvironment(environment: Environment, vendors: readonly Vendor[]): Settings {
  const server = readServer(environment, vendors);
  const read = vendors
    .filter((vendor) => isConfigured(vendor, environment))
    .map((vendor) => ({ vendor, result: readVendorSettings(vendor, environment) }));
  const ofVendors = read.flatMap(({ result }) => mistakesOf(result)).map(describeSettingError);
  if ('sentences' in server) throw new SettingsError([...server.sentences, ...ofVendors]);
  if (ofVendors.length > 0) throw new SettingsError(ofVendors);
  const configured = read.flatMap(({ vendor, result }) =>
    'settings' in result ? [{ vendor, settings: result.settings }] : [],
  );
  return { server: server.settings, configured };
}

/**
 * The settings of the whole, or a sentence for each that is missing or malformed.
 *
 * @param vendors that there are; their own settings are not looked into.
 */
export function readServer(
  environment: Environment,
  vendors: readonly Vendor[],
): { settings: ServerSettings } | { sentences: readonly string[] } {
  const isProduction = environment['NODE_ENV'] === 'production';
  const shape = {
    ...SERVER,
    SANDBOX_FAULTS: faults(vendors),
    INTROSPECTION: flag(!isProduction),
    EXPLORER: flag(!isProduction),
    CONSOLE: flag(!isProduction),
  };
  const server = readSettings(shape, environment);
  const mistakes = mistakesOf(server);
  const sentences = mistakes.map(describeSettingError);
  // What is malformed has been told of; the rest is read as if that were unset, so that its mistakes are told as well.
  const malformed = new Set(mistakes.map(({ variable: name }) => name));
  const sound = Object.fromEntries(Object.entries(environment).filter(([name]) => !malformed.has(name)));
  const rest = 'settings' in server ? server : readSettings(shape, sound);
  const isSignInKnown = SIGN_IN.every((name) => !malformed.has(name));
  const signIn = 'settings' in rest && isSignInKnown ? readSignIn(rest.settings, vendors, environment) : {};
  if ('sentences' in signIn) sentences.push(...signIn.sentences);
  const trusted = 'settings' in rest ? readOperations(rest.settings) : {};
  if ('sentence' in trusted) sentences.push(trusted.sentence);
  const real = vendors.find((vendor) => isConfigured(vendor, environment));
  if (real && 'settings' in rest && rest.settings.SANDBOX_FAULTS) sentences.push(faultsBeside(variable(real, 'URL')));
  if (!('settings' in server) || 'sentences' in signIn || 'sentence' in trusted || sentences.length > 0) {
    return { sentences };
  }
  const limits = toLimits(server.settings);
  const { CORS_ORIGINS: corsOrigins } = server.settings;
  const { operations } = trusted;
  const studio = toStudio(server.settings);
  const asksForSignIn = Object.values(signIn).some((way) => way !== undefined);
  const explorer = server.settings.EXPLORER ? { asksForSignIn } : undefined;
  const hostRules = toHostRules(server.settings, asksForSignIn);
  return { settings: { ...server.settings, signIn, limits, corsOrigins, hostRules, operations, explorer, studio } };
}

function faults(vendors: readonly Vendor[]): Setting<NamedFaults | undefined> {
  const keys = vendors.map(({ key }) => key);
  const schema = z
    .string()
    .transform((value) => parseFaults(value, keys))
    .refine((parsed) => parsed !== undefined);
  return setting(
    schema.optional(),
    `vendors of the sandbox and how each fails, such as ${keys[0]}:${FAULT_NAMES[0]}, separated by commas, or unset; ` +
      `the vendors are ${listNames(keys)}, the faults ${listNames(FAULT_NAMES)}`,
  );
}

function faultsBeside(address: string): string {
  return `SANDBOX_FAULTS is set, and ${address} is too: the sandbox alone fails on demand, and does not start beside a vendor. Unset one of them.`;
}

/** What every vendor has besides its own; the types say when one is missing here. */
const OF_EACH = { URL: true, TIMEOUT_MS: true, CONCURRENCY: true, CACHE_MS: true, PROXY: true } satisfies Record<
  keyof ConnectionSettings,
  true
>;

/**
 * What is set for a vendor and read by nobody: misspelt names, and all of a vendor that has no address. It stops no start,
 * as other programs may have variables of such names. Names alone are told, and no value.
 */
export function warnUnknownSettings(vendor: Vendor, environment: Environment): string[] {
  const names = Object.keys({ ...OF_EACH, ...vendor.settings }).map((name) => variable(vendor, name));
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith(variable(vendor, '')) && !names.includes(name),
  );
  return [
    ...warnInactive(vendor, environment),
    ...unknown.map((name) => {
      return `${name} is passed over, as ${vendor.name} has no such setting; those it has are ${listNames(names)}.`;
    }),
  ];
}

function warnInactive(vendor: Vendor, environment: Environment): string[] {
  const given = ownVariables(vendor, environment);
  if (isConfigured(vendor, environment) || given.length === 0) return [];
  const are = given.length === 1 ? 'is' : 'are';
  return [`${vendor.name} is off, as ${variable(vendor, 'URL')} is not set, though ${listNames(given)} ${are}.`];
}

/** Variables by which platforms say that there may be several of a process, each on a machine or a disk of its own. */
const SIGNS_OF_MACHINES = [
  ['KUBERNETES_SERVICE_HOST', 'Kubernetes'],
  ['ECS_CONTAINER_METADATA_URI_V4', 'Amazon ECS'],
  ['K_SERVICE', 'Cloud Run'],
  ['CONTAINER_APP_NAME', 'Azure Container Apps'],
  ['WEBSITE_INSTANCE_ID', 'Azure App Service'],
  ['NOMAD_ALLOC_ID', 'Nomad'],
  ['FLY_MACHINE_ID', 'Fly.io'],
  ['DYNO', 'Heroku'],
] as const;

/** Variables by which process managers number the processes that they start on one machine: pm2, and Node's cluster. */
const SIGNS_OF_PROCESSES = ['NODE_APP_INSTANCE', 'pm_id', 'NODE_UNIQUE_ID'] as const;

/** Warnings if there seem to be replicas without a shared store. */
export function warnUnsharedStore(environment: Environment): string[] {
  if (environment['REDIS_URL']) return [];
  const platform = SIGNS_OF_MACHINES.find(([name]) => environment[name]);
  if (platform) {
    const [name, where] = platform;
    return [
      `Idempotency keys are not shared: this runs on ${where} (${name} is set) and REDIS_URL is not set, so two replicas ` +
        'may both send a write with the same key. Set REDIS_URL, or run one replica only.',
    ];
  }
  const processes = SIGNS_OF_PROCESSES.find((name) => environment[name]);
  if (processes === undefined) return [];
  return [
    `Idempotency keys may not be shared: there seem to be several processes (${processes} is set) and REDIS_URL is not ` +
      'set. Set REDIS_URL, or the same STORE_PATH for all processes of this machine.',
  ];
}

/** The vendor's own variables that are set, where a wrong credential must be among. */
export function ownVariables(vendor: Vendor, environment: Environment): string[] {
  return Object.keys(vendor.settings)
    .map((name) => variable(vendor, name))
    .filter((name) => environment[name]);
}

export function variable({ key }: Pick<Vendor, 'key'>, name: string): string {
  return `${key.toUpperCase()}_${name}`;
}

export function listNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function mistakesOf(result: object): readonly SettingError[] {
  return 'mistakes' in result ? (result.mistakes as readonly SettingError[]) : [];
}

type WholeSettings = Omit<SettingsOf<typeof SERVER>, 'URL'>;

function toLimits(settings: WholeSettings): Limits {
  return {
    bodyBytes: settings.MAX_BODY_BYTES,
    tokens: settings.MAX_TOKENS,
    depth: settings.MAX_DEPTH,
    aliases: settings.MAX_ALIASES,
    directives: settings.MAX_DIRECTIVES,
    fields: settings.MAX_FIELDS,
    rootQueries: settings.MAX_ROOT_QUERIES,
    rootMutations: settings.MAX_ROOT_MUTATIONS,
    upstreamCalls: settings.MAX_UPSTREAM_CALLS,
    answerFields: settings.MAX_ANSWER_FIELDS,
  };
}

/**
 * With sign-in, or when listening on every address of the machine, the host names in use are known from ALLOWED_HOSTS
 * alone. Without that setting any host is accepted.
 */
function toHostRules({ HOST, ALLOWED_HOSTS: allowed = [] }: WholeSettings, hasSignIn: boolean): HostRules {
  const isAnyAccepted = allowed.length === 0 && (hasSignIn || isWildcard(HOST));
  return { hosts: isAnyAccepted ? undefined : [HOST, ...allowed], hasSignIn };
}

/** Both are needed: a key without a graph, as other tools of Apollo's use it, turns nothing on. */
function toStudio(settings: WholeSettings): StudioOptions | undefined {
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

/** The registered operations where only they are executed, or the sentence that says what is wrong with them. */
function readOperations({
  OPERATIONS,
  OPERATIONS_MANIFEST,
}: WholeSettings): { operations?: readonly RegisteredOperation[] } | { sentence: string } {
  if (OPERATIONS === 'all') return {};
  let text: string;
  try {
    text = readFileSync(OPERATIONS_MANIFEST, 'utf8');
  } catch {
    return { sentence: 'OPERATIONS_MANIFEST names a file that cannot be read: npm run operations:register writes it.' };
  }
  const operations = parseManifest(text);
  if (typeof operations !== 'string') return { operations };
  return { sentence: `OPERATIONS_MANIFEST names a file that is no manifest of operations: ${operations}.` };
}

/** What says who is let in. */
const SIGN_IN = ['HOST', 'AUTH', 'AUTH_JWKS_URL', 'AUTH_ISSUER', 'AUTH_AUDIENCE', 'AUTH_API_KEYS_FILE'] as const;

/** How callers sign in, or the sentences that say what is wrong with it. */
function readSignIn(
  server: WholeSettings,
  vendors: readonly Vendor[],
  environment: Environment,
): AuthOptions | { sentences: string[] } {
  const {
    AUTH,
    AUTH_API_KEYS_FILE,
    AUTH_AUDIENCE: audience,
    AUTH_ISSUER: issuer,
    AUTH_JWKS_URL: jwksUrl,
    HOST,
  } = server;
  const isWanted = jwksUrl !== undefined || AUTH_API_KEYS_FILE !== undefined;
  if (AUTH === 'off') return isWanted ? { sentences: [OFF_AND_ON] } : {};
  const sentences: string[] = [];
  if (!isWanted && !isLoopback(HOST)) sentences.push(OPEN_TO_ALL);
  if (jwksUrl !== undefined && (issuer === undefined || audience === undefined)) sentences.push(NO_ISSUER);
  if (jwksUrl === undefined && (issuer !== undefined || audience !== undefined)) sentences.push(NO_KEYS);
  const read = AUTH_API_KEYS_FILE === undefined ? {} : readApiKeys(AUTH_API_KEYS_FILE, vendors);
  if ('sentences' in read) return { sentences: [...sentences, ...read.sentences] };
  if (sentences.length > 0) return { sentences };
  const tokens = jwksUrl === undefined ? undefined : { jwksUrl, issuer: issuer ?? '', audience: audience ?? '' };
  const proxy = jwksUrl === undefined ? undefined : proxyOf(jwksUrl, environment);
  return { tokens: tokens && { ...tokens, ...(proxy !== undefined && { proxy }) }, ...read };
}

const OFF_AND_ON = 'AUTH is off, and AUTH_JWKS_URL or AUTH_API_KEYS_FILE is set: unset one of them.';
const NO_ISSUER = 'AUTH_ISSUER and AUTH_AUDIENCE are needed beside AUTH_JWKS_URL: what tokens have to name.';
const NO_KEYS =
  'AUTH_ISSUER or AUTH_AUDIENCE is set, and AUTH_JWKS_URL is not: no token could be checked. Set it, or unset them.';
const OPEN_TO_ALL =
  'HOST is not a loopback address, and no sign-in of callers is configured: everybody who can reach this endpoint could ' +
  'write to every vendor. Set AUTH_JWKS_URL or AUTH_API_KEYS_FILE, or AUTH=off if the network in front keeps others out.';

function readApiKeys(
  path: string,
  vendors: readonly Vendor[],
): Pick<AuthOptions, 'apiKeys'> | { sentences: readonly string[] } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return { sentences: ['AUTH_API_KEYS_FILE names a file that cannot be read.'] };
  }
  const keys = vendors.map(({ key }) => key);
  const parsed = parseApiKeys(text, keys);
  if ('keys' in parsed) return { apiKeys: parsed.keys };
  return { sentences: parsed.mistakes.map((mistake) => describeKeyMistake(mistake, keys)) };
}

function describeKeyMistake({ line, expected }: KeyError, vendors: readonly string[]): string {
  const place = `Line ${line} of the file that AUTH_API_KEYS_FILE names`;
  if (expected === 'form') {
    return `${place} is not a key: it should be a name of its own, the SHA-256 of a key of its own in hexadecimal, and scopes separated by commas.`;
  }
  return `${place} has an unknown scope: expected ${listNames(SCOPES)}, each as it is or after one of ${vendors.map((key) => `${key}/`).join(' ')}.`;
}
