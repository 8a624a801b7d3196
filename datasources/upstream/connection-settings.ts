/** Connection settings that every vendor has. */
import type { Environment, SettingsOf, SettingsShape, Vendor } from '../contract.ts';
import { address, readSettings, wholeNumber, type SettingError } from '../vendor-kit/settings.ts';
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
  /** Milliseconds for which answers to reads are cached. Defaults to 0, which disables the cache. */
  CACHE_MS: wholeNumber(0, 600_000, 0),
  /** The proxy for this vendor. */
  PROXY: proxyOfVendor(),
  ...TLS_SETTINGS,
} satisfies SettingsShape;

export type ConnectionSettings = SettingsOf<typeof COMMON>;

export const COMMON_SETTINGS = Object.keys(COMMON) as readonly (keyof typeof COMMON)[];

export function isConfigured(vendor: Pick<Vendor, 'key'>, environment: Environment): boolean {
  return Boolean(environment[variableName(vendor.key, 'URL')]);
}

/** The settings of a configured vendor, or all errors in them. */
export function readVendorSettings<Shape extends SettingsShape>(
  vendor: Vendor<Shape>,
  environment: Environment,
): { settings: SettingsOf<Shape> & ConnectionSettings } | { errors: readonly SettingError[] } {
  const nameOf = (name: string): string => variableName(vendor.key, name);
  const read = readSettings({ ...COMMON, ...vendor.settings }, environment, nameOf(''));
  if ('errors' in read) return read;
  const settings = read.settings as SettingsOf<Shape> & ConnectionSettings;
  const invalid = [...checkTls(settings, nameOf), ...(vendor.check?.(settings) ?? [])];
  const errors = invalid.map(([name, expected]) => ({ variable: nameOf(name), expected }));
  return errors.length > 0 ? { errors } : { settings };
}

/**
 * How the connections of a vendor with these settings leave this machine.
 *
 * @param warn called if the files of certificates change and are no longer valid. Omit to ignore it.
 */
export function networkOf(
  { key }: Pick<Vendor, 'key'>,
  settings: ConnectionSettings,
  warn: (message: string) => void = () => undefined,
): Network {
  const nameOf = (name: string): string => variableName(key, name);
  const onInvalid = (): void => {
    const names = (['CA_FILE', 'CERT_FILE', 'KEY_FILE'] as const).filter((name) => settings[name] !== undefined);
    warn(
      `Ignoring the new content of ${names.map(nameOf).join(', ')}: invalid. Run ticketgraph doctor to find the cause.`,
    );
  };
  return { proxyFor: settings.PROXY, tls: toTlsSource(settings, onInvalid), nameOf };
}

function variableName(key: string, name: string): string {
  return `${key.toUpperCase()}_${name}`;
}
