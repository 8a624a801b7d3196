/** A folder for profiles of the command line, shared by the commands of one test. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Profile, Tokens } from '../../cli/profiles/profile.ts';
import { runCommand, startCommand, type Ended, type RunningCommand } from './command.ts';

export interface ProfileFolder {
  /** The file of profiles. */
  readonly path: string;
  /** Environment of commands that use it. */
  readonly environment: Readonly<Record<string, string>>;
  run(words: readonly string[], environment?: Readonly<Record<string, string>>, input?: string): Promise<Ended>;
  start(words: readonly string[], environment?: Readonly<Record<string, string>>): RunningCommand;
  read(name?: string): Profile;
  tokens(name?: string): Tokens;
  /** As if the lifetime of the access token were over. */
  expire(name?: string): void;
}

/** Removed after the test. */
export function makeProfileFolder(): ProfileFolder {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-profiles-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'ticketgraph', 'profiles.json');
  const environment = { XDG_CONFIG_HOME: folder };
  const readAll = (): { profiles: Record<string, Profile> } =>
    JSON.parse(readFileSync(path, 'utf8')) as { profiles: Record<string, Profile> };
  const tokens = (name = 'default'): Tokens => readAll().profiles[name]!.credential as Tokens;
  return {
    path,
    environment,
    run: (words, more = {}, input = '') => runCommand(words, { environment: { ...environment, ...more }, input }),
    start: (words, more = {}) => startCommand(words, { environment: { ...environment, ...more } }),
    read: (name = 'default') => readAll().profiles[name]!,
    tokens,
    expire(name = 'default') {
      const all = readAll();
      all.profiles[name] = { ...all.profiles[name]!, credential: { ...tokens(name), expiresAt: 1 } };
      writeFileSync(path, JSON.stringify(all));
    },
  };
}
