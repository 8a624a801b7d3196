/** Selects the profile of a command: flags take precedence over the environment, and both over the profile. */
import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit.ts';
import { nameOf, type Profile } from './profile.ts';
import { readProfiles } from './store.ts';

export interface SelectedProfile extends Profile {
  readonly name: string;
}

interface Options {
  readonly url?: string;
  readonly apiKey?: string;
  readonly token?: string;
  readonly profile?: string;
}

/**
 * Sets the option `selected` to the profile, and `url` to that of the profile unless it was given.
 *
 * @throws CommandError if a profile was named that does not exist.
 */
export function applyProfile(command: Command): void {
  const { url, apiKey, token, profile } = command.opts<Options>();
  const isUrlGiven = url !== undefined && command.getOptionValueSource('url') !== 'default';
  // Nothing of a profile would be used.
  if (!profile && isUrlGiven && (apiKey || token)) return;
  const selected = findProfile(profile);
  if (!selected) return;
  command.setOptionValueWithSource('selected', selected, 'config');
  // Without a URL, `doctor` and `schema` call no server, unless `--profile` names one.
  const callsServer = url !== undefined || command.getOptionValueSource('profile') === 'cli';
  if (!isUrlGiven && callsServer) command.setOptionValueWithSource('url', selected.url, 'config');
}

/** Returns the named profile, or the default one if it exists. */
function findProfile(option: string | undefined): SelectedProfile | undefined {
  const name = nameOf(option);
  const profile = readProfiles().get(name);
  if (profile) return { ...profile, name };
  if (option) throw noSuchProfile(name);
  return undefined;
}

export function noSuchProfile(name: string): CommandError {
  return new CommandError(
    EXIT.usage,
    `Profile ${name} not found.`,
    'ticketgraph profiles lists them; ticketgraph login --profile adds one.',
  );
}

/** Whether the profile's credential may be sent to a URL. */
export function isUrlOf({ url: own }: Profile, url: string): boolean {
  return new URL(own).href === new URL(url).href;
}
