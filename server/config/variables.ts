/** Names of environment variables, as messages spell them. */
import type { Environment, Vendor } from '../../datasources/contract.ts';

/** Returns the variable of a vendor's setting: `<VENDOR>_<name>`. */
export function variable({ key }: Pick<Vendor, 'key'>, name: string): string {
  return `${key.toUpperCase()}_${name}`;
}

/** The variables of the vendor's own settings that are set. A wrong credential must be among them. */
export function ownVariables(vendor: Vendor, environment: Environment): string[] {
  return Object.keys(vendor.settings)
    .map((name) => variable(vendor, name))
    .filter((name) => environment[name]);
}

/** E.g. `A, B and C`. */
export function listNames(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
