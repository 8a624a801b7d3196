/** Connection settings that every vendor has. */
import type { Environment, SettingsOf, SettingsShape, Vendor } from '../contract.ts';
import { address, readSettings, wholeNumber, type SettingError } from '../vendor-kit/settings.ts';
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
  /** The proxy for this vendor. */
  PROXY: proxyOfVendor(),
} satisfies SettingsShape;

export type ConnectionSettings = SettingsOf<typeof COMMON>;

/** Their names, which follow the vendor's in a variable: `<VENDOR>_TIMEOUT_MS`. */
export const CONNECTION_SETTINGS: readonly string[] = Object.keys(COMMON);

export function isConfigured(vendor: Pick<Vendor, 'key'>, environment: Environment): boolean {
  return Boolean(environment[variableName(vendor.key, 'URL')]);
}

/** The settings of a configured vendor, or all errors in them. */
export function readVendorSettings<Shape extends SettingsShape>(
  vendor: Vendor<Shape>,
  environment: Environment,
): { settings: SettingsOf<Shape> & ConnectionSettings } | { errors: readonly SettingError[] } {
  const prefix = variableName(vendor.key, '');
  const read = readSettings({ ...COMMON, ...vendor.settings }, environment, prefix);
  if ('errors' in read) return read;
  const settings = read.settings as SettingsOf<Shape> & ConnectionSettings;
  const errors = (vendor.check?.(settings) ?? []).map(([name, expected]) => ({
    variable: prefix + name,
    expected,
  }));
  return errors.length > 0 ? { errors } : { settings };
}

function variableName(key: string, name: string): string {
  return `${key.toUpperCase()}_${name}`;
}
