/**
 * The file of profiles, `$XDG_CONFIG_HOME/ticketgraph/profiles.json`. It holds secrets: only its owner may read it, and it
 * is replaced as a whole, so that no reader sees a part of it.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { CommandError, EXIT } from '../exit.ts';
import { isObject, parseJson } from '../json.ts';
import { withLock } from './lock.ts';
import type { Profile } from './profile.ts';

/** The path of the file. https://specifications.freedesktop.org/basedir-spec/latest/ ignores relative paths. */
export function profilesPath(): string {
  const { XDG_CONFIG_HOME: configured = '' } = process.env;
  const base = isAbsolute(configured) ? configured : join(homedir(), '.config');
  return join(base, 'ticketgraph', 'profiles.json');
}

/**
 * Returns the profiles by name. None if there is no file.
 *
 * @throws CommandError if others may read the file, or if it is malformed.
 */
export function readProfiles(): Map<string, Profile> {
  const path = profilesPath();
  const text = readPrivate(path);
  return text === undefined ? new Map<string, Profile>() : parseProfiles(text, path);
}

/**
 * Changes the profiles. Other processes wait meanwhile, so that no change is lost.
 *
 * @param change changes the map, which is saved afterwards. If it throws, nothing is saved.
 * @returns what `change` returns.
 */
export async function updateProfiles<Value>(
  change: (profiles: Map<string, Profile>) => Value | Promise<Value>,
): Promise<Value> {
  const path = profilesPath();
  try {
    await makeFolder(dirname(path));
    return await withLock(`${path}.lock`, async () => {
      const profiles = readProfiles();
      const value = await change(profiles);
      await replace(path, printProfiles(profiles));
      return value;
    });
  } catch (error) {
    throw toCommandError(error, path);
  }
}

/** The format of the file. */
const VERSION = 1;

function printProfiles(profiles: ReadonlyMap<string, Profile>): string {
  return `${JSON.stringify({ version: VERSION, profiles: Object.fromEntries(profiles) }, null, 2)}\n`;
}

function parseProfiles(text: string, path: string): Map<string, Profile> {
  const content = parseJson(text);
  const profiles = isObject(content) && content['version'] === VERSION ? content['profiles'] : undefined;
  if (isObject(profiles) && Object.values(profiles).every(isProfile)) {
    return new Map(Object.entries(profiles as Readonly<Record<string, Profile>>));
  }
  throw new CommandError(
    EXIT.usage,
    `Cannot read ${path}: it is not a file of profiles of this version.`,
    'Correct it, or remove it and run ticketgraph login.',
  );
}

function isProfile(value: unknown): boolean {
  if (!isObject(value) || typeof value['url'] !== 'string' || !URL.canParse(value['url'])) return false;
  return [value['client'], value['credential']].every((part) => part === undefined || isObject(part));
}

/** Returns the text, or `undefined` if there is no file. Checks the mode of the file that it reads. */
function readPrivate(path: string): string | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      checkMode(fstatSync(file).mode, path);
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw toCommandError(error, path);
  }
}

const PERMISSIONS_OF_OTHERS = 0o077;

/** Windows has no such modes: the folder is the user's own there. */
function checkMode(mode: number, path: string): void {
  if (process.platform === 'win32' || (mode & PERMISSIONS_OF_OTHERS) === 0) return;
  throw new CommandError(
    EXIT.usage,
    `Other users of this machine have access to ${path}, which holds credentials.`,
    `Run chmod 600 ${path}, and sign in again if others may have read it.`,
  );
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

/** Writes beside the file and renames. Flushed before, so that a crash leaves either the old file or the new one. */
async function replace(path: string, text: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  await rm(beside, { force: true });
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

function toCommandError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new CommandError(
    EXIT.usage,
    `Cannot use ${path} (${code}).`,
    'Check the permissions of the file and its folder.',
  );
}

/** The code of a system error, e.g. `EACCES`. */
function codeOf(error: unknown): string | undefined {
  const isSystemError = error instanceof Error && 'syscall' in error && 'code' in error;
  return isSystemError ? String(error.code) : undefined;
}
