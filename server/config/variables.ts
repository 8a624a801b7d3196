/** Names of settings, as messages spell them. */
import type { Environment, TicketSource } from '../../datasources/contract.ts';
import { fileVariable } from '../../datasources/vendor-kit/settings.ts';
import { toSettingPath, toVariable } from '../../datasources/vendor-kit/source-key.ts';

/** The variable of a setting of a default source, or the path of one of a further source in the file of sources. */
export function nameOfSetting({ key, vendor }: TicketSource, name: string): string {
  return key === vendor.key ? toVariable(key, name) : toSettingPath(key, name);
}

/** The names of the vendor's own settings that a source sets. A wrong credential must be among them. */
export function ownSettings(source: TicketSource, environment: Environment): string[] {
  return Object.entries(source.vendor.settings).flatMap(([name, { isSecret }]) => {
    const names = isSecret ? [name, fileVariable(name)] : [name];
    return names.filter((one) => environment[toVariable(source.key, one)]).map((one) => nameOfSetting(source, one));
  });
}

/** E.g. `A, B and C`. */
export function listNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
