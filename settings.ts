/** The settings of the whole, and of each vendor that is on, read from the environment; all mistakes at once. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Environment, SettingsOf, Vendor } from './datasources/contract.ts';
import type { Configured } from './datasources/index.ts';
import {
  describeMistake,
  flag,
  isConfigured,
  isLoopback,
  oneOf,
  optionalAddress,
  optionalText,
  readSettings,
  readVendorSettings,
  setting,
  textOr,
  wholeNumber,
  type SettingMistake,
} from './datasources/kernel/settings.ts';
import { parseApiKeys, type SignInOptions } from './edge/sign-in.ts';

const SERVER = {
  PORT: wholeNumber(0, 65_535, 4000),
  HOST: textOr('127.0.0.1', 'an address to listen on', 255),
  NODE_ENV: optionalText('production, development or test', 64),
  SANDBOX: oneOf(['0', '1'], '0'),
  REDIS_URL: setting(
    z
      .string()
      .regex(/^rediss?:\/\/\S+$/)
      .optional(),
    'an address such as redis://localhost:6379, or unset',
  ),
  STORE_PATH: textOr('.ticketgraph/store', 'the path of a file', 4096),
  MAX_UPSTREAM_BYTES: wholeNumber(1_024, 1_000_000_000, 2_000_000),
  SHUTDOWN_GRACE_MS: wholeNumber(0, 600_000, 15_000),
  REQUEST_TIMEOUT_MS: wholeNumber(1, 600_000, 30_000),
  AUTH: setting(z.literal('off').optional(), 'off, or unset'),
  AUTH_JWKS_URL: optionalAddress(),
  AUTH_ISSUER: optionalText('the issuer that tokens name'),
  AUTH_AUDIENCE: optionalText('the audience that tokens name'),
  AUTH_API_KEYS_FILE: optionalText('the path of a file of API keys', 4096),
};

export type ServerSettings = Omit<SettingsOf<typeof SERVER>, 'URL'> & {
  readonly INTROSPECTION: boolean;
  readonly signIn: SignInOptions;
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
  const isProduction = environment['NODE_ENV'] === 'production';
  const server = readSettings({ ...SERVER, INTROSPECTION: flag(!isProduction) }, environment);
  const read = vendors
    .filter((vendor) => isConfigured(vendor, environment))
    .map((vendor) => ({ vendor, result: readVendorSettings(vendor, environment) }));
  const mistakes = [server, ...read.map(({ result }) => result)].flatMap(mistakesOf);
  const sentences = mistakes.map(describeMistake);
  const signIn = 'settings' in server ? readSignIn(server.settings) : {};
  if ('sentence' in signIn) sentences.push(signIn.sentence);
  if (!('settings' in server) || 'sentence' in signIn || sentences.length > 0) throw new SettingsError(sentences);
  const configured = read.flatMap(({ vendor, result }) =>
    'settings' in result ? [{ vendor, settings: result.settings }] : [],
  );
  return { server: { ...server.settings, signIn }, configured };
}

function mistakesOf(result: object): readonly SettingMistake[] {
  return 'mistakes' in result ? (result.mistakes as readonly SettingMistake[]) : [];
}

/** How callers sign in, or the sentence that says what is wrong with it. */
function readSignIn(server: Omit<SettingsOf<typeof SERVER>, 'URL'>): SignInOptions | { sentence: string } {
  const { AUTH, AUTH_API_KEYS_FILE, AUTH_AUDIENCE, AUTH_ISSUER, AUTH_JWKS_URL, HOST } = server;
  const isWanted = AUTH_JWKS_URL !== undefined || AUTH_API_KEYS_FILE !== undefined;
  if (AUTH === 'off') {
    return isWanted
      ? { sentence: 'AUTH is off, and AUTH_JWKS_URL or AUTH_API_KEYS_FILE is set: unset one of them.' }
      : {};
  }
  if (!isWanted && !isLoopback(HOST)) return { sentence: OPEN_TO_ALL };
  if (AUTH_JWKS_URL !== undefined && (AUTH_ISSUER === undefined || AUTH_AUDIENCE === undefined)) {
    return { sentence: 'AUTH_ISSUER and AUTH_AUDIENCE are needed beside AUTH_JWKS_URL: what tokens have to name.' };
  }
  const tokens =
    AUTH_JWKS_URL === undefined
      ? undefined
      : { jwksUrl: AUTH_JWKS_URL, issuer: AUTH_ISSUER ?? '', audience: AUTH_AUDIENCE ?? '' };
  if (AUTH_API_KEYS_FILE === undefined) return { tokens };
  const keys = readApiKeys(AUTH_API_KEYS_FILE);
  return typeof keys === 'string' ? { sentence: keys } : { tokens, apiKeys: keys };
}

const OPEN_TO_ALL =
  'HOST is not a loopback address, and no sign-in of callers is configured: everybody who can reach this endpoint could ' +
  'write to every vendor. Set AUTH_JWKS_URL or AUTH_API_KEYS_FILE, or AUTH=off if the network in front keeps others out.';

function readApiKeys(path: string): NonNullable<SignInOptions['apiKeys']> | string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return 'AUTH_API_KEYS_FILE names a file that cannot be read.';
  }
  const parsed = parseApiKeys(text);
  if ('keys' in parsed) return parsed.keys;
  return (
    `Line ${parsed.badLine} of the file that AUTH_API_KEYS_FILE names is not a key: it should be ` +
    'a name of its own, the SHA-256 of the key in hexadecimal, and scopes separated by commas.'
  );
}
