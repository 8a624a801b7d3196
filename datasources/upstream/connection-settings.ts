/** Settings that every vendor has: where it is, and how it is reached. */
import type { Environment, SettingsOf, SettingsShape, Vendor } from '../contract.ts';
import { address, readSettings, wholeNumber, type SettingError } from '../vendor-kit/settings.ts';
import { proxyOfVendor } from './transport/proxy.ts';

/** What every vendor has besides its own settings. */
const COMMON = {
  URL: address(),
  /** Milliseconds: the deadline of one call with its retries. */
  TIMEOUT_MS: wholeNumber(1, 600_000, 10_000),
  /** Calls at once. */
  CONCURRENCY: wholeNumber(1, 10_000, 32),
  /** Milliseconds for which answers to reads are kept; 0 for not at all. */
  CACHE_MS: wholeNumber(0, 600_000, 0),
  /** Through which proxy it is reached. */
  PROXY: proxyOfVendor(),
} satisfies SettingsShape;

export type ConnectionSettings = SettingsOf<typeof COMMON>;

export function isConfigured(vendor: Pick<Vendor, 'key'>, environment: Environment): boolean {
  return Boolean(environment[variableName(vendor.key, 'URL')]);
}

/** A configured vendor's settings, or every mistake in them. */
export function readVendorSettings<Shape extends SettingsShape>(
  vendor: Vendor<Shape>,
  environment: Environment,
): { settings: SettingsOf<Shape> & ConnectionSettings } | { mistakes: readonly SettingError[] } {
  const prefix = variableName(vendor.key, '');
  const read = readSettings({ ...COMMON, ...vendor.settings }, environment, prefix);
  if ('mistakes' in read) return read;
  const settings = read.settings as SettingsOf<Shape> & ConnectionSettings;
  const mistakes = (vendor.check?.(settings) ?? []).map(([name, expected]) => ({
    variable: prefix + name,
    expected,
  }));
  return mistakes.length > 0 ? { mistakes } : { settings };
}

function variableName(key: string, name: string): string {
  return `${key.toUpperCase()}_${name}`;
}
