/** Compares the sources of the running server with those that the file of sources now has. */
import type { Environment, TicketSource } from '../../datasources/contract.ts';
import { settingsOfSource } from '../../datasources/upstream/connection-settings.ts';
import { fileVariable } from '../../datasources/vendor-kit/settings.ts';
import { toSettingPath, toVariable } from '../../datasources/vendor-kit/source-key.ts';

export interface SourceChange {
  /** Whether the new secrets of the source may be used with its old settings. */
  readonly canUseSecrets: boolean;
  /** What needs a restart, a sentence each. Names paths, never values. */
  readonly messages: readonly string[];
}

/** @returns a sentence for each source that has been added or removed */
export function compareKeys(running: readonly string[], next: readonly string[]): readonly string[] {
  const added = next.filter((key) => !running.includes(key));
  const removed = running.filter((key) => !next.includes(key));
  return [
    ...added.map((key) => `sources.${key} has been added. Restart to use it.`),
    ...removed.map((key) => `sources.${key} has been removed. Restart to disconnect it.`),
  ];
}

/**
 * Compares the settings of a source by their text.
 *
 * New secrets wait for the restart as well if the address or another setting of the vendor has changed, such as the user
 * name: they could be meant for another address or account.
 */
export function compareSource({ key, vendor }: TicketSource, running: Environment, next: Environment): SourceChange {
  const isChanged = (name: string): boolean => {
    const variable = toVariable(key, name);
    return [variable, fileVariable(variable)].some((one) => (running[one] ?? '') !== (next[one] ?? ''));
  };
  const changed = [...settingsOfSource(vendor, key)].filter(([name]) => isChanged(name));
  // A proxy's and a certificate's secrets belong to the connections, which stay.
  const [secrets, others] = [true, false].map((wanted) =>
    changed.flatMap(([name, isSecret]) => ((isSecret && name in vendor.settings) === wanted ? [name] : [])),
  ) as [string[], string[]];
  const canUseSecrets = !others.some((name) => name === 'URL' || name in vendor.settings);
  const waiting = canUseSecrets ? others : [...others, ...secrets];
  const messages = waiting.map((name) => `${toSettingPath(key, name)} has changed. Restart to use it.`);
  return { canUseSecrets, messages };
}
