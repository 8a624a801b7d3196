/**
 * Connection settings that every source has, and the settings of one source as a whole.
 *
 * All are variables of an environment. Those of a further source come from a file (`source-file.ts`), which adds them to the
 * environment under names that no shell can set.
 */
import type { Environment, SettingsOf, SettingsShape, TicketSource, Vendor } from '../contract.ts';
import { address, readSettings, secret, wholeNumber, type SettingError } from '../vendor-kit/settings.ts';
import { parseSourceKey, toSettingPath, toVariable, withSettingNames } from '../vendor-kit/source-key.ts';
import type { Network } from './network.ts';
import { TLS_SETTINGS, checkTls, toTlsSource } from './tls-settings.ts';
import { proxyOfVendor } from './transport/proxy.ts';

/** In addition to the vendor's own settings. */
const COMMON = {
  URL: address(),
  /** Milliseconds for one request with its retries. */
  TIMEOUT_MS: wholeNumber(1, 600_000, 10_000),
  /** Concurrent calls. */
  CONCURRENCY: wholeNumber(1, 10_000, 32),
  /** Concurrent calls of one caller. Defaults to 0: a share of those that are free. */
  CONCURRENCY_PER_CALLER: wholeNumber(0, 10_000, 0),
  /** Milliseconds for which answers to reads are cached. Defaults to 0, which disables the cache. */
  CACHE_MS: wholeNumber(0, 600_000, 0),
  /** Calls of polls for live updates in a minute. 0 turns polling off. */
  LIVE_CALLS_PER_MINUTE: wholeNumber(0, 1_000_000, 60),
  /** The proxy for this vendor. */
  PROXY: secret(proxyOfVendor()),
  ...TLS_SETTINGS,
} satisfies SettingsShape;

export type ConnectionSettings = SettingsOf<typeof COMMON>;

export const COMMON_SETTINGS = Object.keys(COMMON) as readonly (keyof typeof COMMON)[];

/** The display name of a further source. Not a setting of its vendor. */
const SOURCE_NAME = 'NAME';

export function isConfigured({ key }: Pick<TicketSource, 'key'>, environment: Environment): boolean {
  return Boolean(environment[toVariable(key, 'URL')]);
}

/** The names of all settings that a source of the vendor may have, without prefix, and whether each is a secret. */
export function settingsOfSource(
  { settings }: Pick<Vendor, 'settings'>,
  sourceKey: string,
): ReadonlyMap<string, boolean> {
  const isFurther = parseSourceKey(sourceKey)?.name !== undefined;
  const all: SettingsShape = { ...COMMON, ...settings };
  const names = Object.entries(all).map(([name, { isSecret = false }]) => [name, isSecret] as const);
  return new Map(isFurther ? [...names, [SOURCE_NAME, false]] : names);
}

/** The default source of a vendor, configured or not. */
export function defaultSource(vendor: Vendor): TicketSource {
  return { key: vendor.key, name: vendor.name, vendor };
}

/** All known sources: the default source of each vendor, configured or not, followed by its further ones. */
export function findSources(vendors: readonly Vendor[], environment: Environment): readonly TicketSource[] {
  const keys = Object.keys(environment).flatMap((name) => (name.endsWith(URL_END) ? toSourceKey(name) : []));
  return vendors.flatMap((vendor) => [
    defaultSource(vendor),
    ...keys.flatMap((key) => toFurtherSource(key, vendor, environment) ?? []),
  ]);
}

const URL_END = toVariable('', 'URL');

function toSourceKey(variable: string): string {
  return variable.slice(0, -URL_END.length).toLowerCase();
}

function toFurtherSource(key: string, vendor: Vendor, environment: Environment): TicketSource | undefined {
  const parsed = parseSourceKey(key);
  if (parsed?.vendor !== vendor.key || parsed.name === undefined) return undefined;
  const name = environment[toVariable(key, SOURCE_NAME)] ?? '';
  return { key, name: name === '' ? `${vendor.name} ${parsed.name}` : name, vendor };
}

/** The settings of a configured source, or all errors in them. */
export function readSourceSettings<Shape extends SettingsShape>(
  { key, vendor }: { readonly key: string; readonly vendor: Vendor<Shape> },
  environment: Environment,
): { settings: SettingsOf<Shape> & ConnectionSettings } | { errors: readonly SettingError[] } {
  const prefix = toVariable(key, '');
  const read = readSettings({ ...COMMON, ...vendor.settings }, environment, prefix);
  if ('errors' in read) return read;
  const settings = read.settings as SettingsOf<Shape> & ConnectionSettings;
  const invalid = [...checkTls(settings, namesOf(key)), ...(vendor.check?.(settings) ?? [])];
  const errors = invalid.map(([name, expected]) => ({
    variable: prefix + name,
    expected: withSettingNames(expected, key),
  }));
  return errors.length > 0 ? { errors } : { settings };
}

/**
 * How the connections of a source with these settings leave this machine.
 *
 * @param warn called if the files of certificates change and are no longer valid. Omit to ignore it.
 */
export function networkOf(
  sourceKey: string,
  settings: ConnectionSettings,
  warn: (message: string) => void = () => undefined,
): Network {
  const nameOf = namesOf(sourceKey);
  const onInvalid = (): void => {
    const names = (['CA_FILE', 'CERT_FILE', 'KEY_FILE'] as const).filter((name) => settings[name] !== undefined);
    warn(
      `Ignoring the new content of ${names.map(nameOf).join(', ')}: invalid. Run ticketgraph doctor to find the cause.`,
    );
  };
  return { proxyFor: settings.PROXY, tls: toTlsSource(settings, onInvalid), nameOf };
}

/** How the operator spells a setting: a variable, or for a further source a path in the file of sources. */
function namesOf(sourceKey: string): Network['nameOf'] {
  const isFurther = parseSourceKey(sourceKey)?.name !== undefined;
  return (name) => (isFurther ? toSettingPath(sourceKey, name) : toVariable(sourceKey, name));
}
