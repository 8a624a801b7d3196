/** The files that hold secrets of a source, read again after a rotation. */
import type { Environment, TicketSource } from '../contract.ts';
import { describeSettingError, fileVariable, readSecretFile } from '../vendor-kit/settings.ts';
import { toVariable } from '../vendor-kit/source-key.ts';
import { readSourceSettings, settingsOfSource, type ConnectionSettings } from './connection-settings.ts';

export interface SecretFiles {
  /** Returns `undefined` unless a file has changed since the last call. */
  readChanged(): Reread | undefined;
}

/** All settings of the source, or a message for each that is now missing or invalid. */
export type Reread = { readonly settings: ConnectionSettings } | { readonly errors: readonly string[] };

/**
 * To be called before the settings are read, so that no change in between is missed.
 *
 * @param placeOf returns where the operator has set a variable. Defaults to its name.
 * @returns `undefined` if no secret of the source is in a file.
 */
export function openSecretFiles(
  source: TicketSource,
  environment: Environment,
  placeOf?: (variable: string) => string,
): SecretFiles | undefined {
  const paths = pathsOfSecrets(source, environment);
  if (paths.length === 0) return undefined;
  let contents = paths.map(readSecretFile);
  return {
    readChanged() {
      const latest = paths.map(readSecretFile);
      if (latest.every((text, index) => text === contents[index])) return undefined;
      contents = latest;
      const read = readSourceSettings(source, environment);
      if ('settings' in read) return { settings: read.settings };
      return { errors: read.errors.map((error) => describeSettingError(error, placeOf)) };
    },
  };
}

function pathsOfSecrets({ key, vendor }: TicketSource, environment: Environment): readonly string[] {
  return [...settingsOfSource(vendor, key)].flatMap(([name, isSecret]) => {
    const path = isSecret ? environment[fileVariable(toVariable(key, name))] : undefined;
    // Empty counts as unset.
    return path === undefined || path === '' ? [] : [path];
  });
}
