/**
 * Keys of sources. The default source of a vendor has the vendor's own key (`acme`), so that ids, cursors, scopes and
 * stored records of a company with one installation never change; a further one is `<vendor>@<name>`.
 */

const SOURCE_KEY = /^(?<vendor>[a-z][a-z0-9]*)(?:@(?<name>[a-z][a-z0-9-]{0,30}))?$/;

/** Splits a key; `undefined` if it has not the form of one. `name` is undefined for a default source. */
export function parseSourceKey(
  key: string,
): { readonly vendor: string; readonly name: string | undefined } | undefined {
  const groups = SOURCE_KEY.exec(key)?.groups;
  return groups && { vendor: groups['vendor']!, name: groups['name'] };
}

/** The key of the vendor whose installation the source is. */
export function vendorKeyOf(sourceKey: string): string {
  const at = sourceKey.indexOf('@');
  return at < 0 ? sourceKey : sourceKey.slice(0, at);
}

/** The `Vendor` enum value of a source: its vendor's key in capitals. */
export function toVendorEnum(sourceKey: string): string {
  return vendorKeyOf(sourceKey).toUpperCase();
}

/** The environment variable of a setting, e.g. `ACME_URL`. For a further source, only an internal name: `ACME@EMEA_URL`. */
export function toVariable(sourceKey: string, setting: string): string {
  return `${sourceKey.toUpperCase()}_${setting}`;
}

/** The path of a setting in the file of sources, e.g. `sources.acme@emea.apiKey` for `API_KEY`. */
export function toSettingPath(sourceKey: string, setting: string): string {
  return `sources.${sourceKey}.${toCamelCase(setting)}`;
}

/**
 * Vendors name their settings by the variables of the default source, e.g. `Check ACME_PASSWORD.` Returns the text with the
 * names that the settings of this source have.
 */
export function withSettingNames(text: string, sourceKey: string): string {
  const prefix = toVendorEnum(sourceKey);
  if (prefix === sourceKey.toUpperCase()) return text;
  return text.replace(VARIABLE, (name, start: string, setting: string) => {
    return start === prefix ? toSettingPath(sourceKey, setting) : name;
  });
}

/** An environment variable: its first word, and the rest. */
const VARIABLE = /\b([A-Z][A-Z0-9]*)_([A-Z][A-Z0-9_]*)/g;

/** `API_KEY` becomes `apiKey`. */
export function toCamelCase(setting: string): string {
  return setting.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
