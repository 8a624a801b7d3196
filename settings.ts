/** The settings of the whole, and of each vendor that is on, read from the environment; all mistakes at once. */
import type { Environment, Vendor } from './datasources/contract.ts';
import type { Configured } from './datasources/index.ts';
import {
  flag,
  isLoopback,
  isConfigured,
  oneOf,
  optionalText,
  readSettings,
  readVendorSettings,
  setting,
  textOr,
  wholeNumber,
  describeMistake,
} from './datasources/kernel/settings.ts';
import { z } from 'zod';

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
};

export type ServerSettings = Extract<
  ReturnType<typeof readSettings<typeof SERVER>>,
  { settings: unknown }
>['settings'] & {
  readonly INTROSPECTION: boolean;
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
  const server = readSettings(SERVER, environment);
  const isProduction = environment['NODE_ENV'] === 'production';
  const rest = readSettings({ INTROSPECTION: flag(!isProduction) }, environment);
  const read = vendors
    .filter((vendor) => isConfigured(vendor, environment))
    .map((vendor) => ({ vendor, result: readVendorSettings(vendor, environment) }));
  const results = [server, rest, ...read.map(({ result }) => result)];
  const mistakes = results.flatMap((result) => ('mistakes' in result ? result.mistakes : []));
  if ('mistakes' in server || 'mistakes' in rest || mistakes.length > 0) {
    throw new SettingsError(mistakes.map(describeMistake));
  }
  const { HOST } = server.settings;
  if (!isLoopback(HOST) && environment['AUTH'] !== 'off') {
    throw new SettingsError([
      'HOST is not a loopback address, and no sign-in of callers is configured: everybody who can reach this endpoint ' +
        'could write to every vendor. Set HOST to 127.0.0.1, or AUTH=off if the network in front of it keeps others out.',
    ]);
  }
  const configured = read.flatMap(({ vendor, result }) =>
    'settings' in result ? [{ vendor, settings: result.settings }] : [],
  );
  return { server: { ...server.settings, ...rest.settings }, configured };
}
