/** `ticketgraph logout`: removes the credential of a profile, and revokes its tokens at the provider. */
import { CommandError } from '../exit.ts';
import { note, paint, print, printJson } from '../output.ts';
import { nameOf, type Profile } from '../profiles/profile.ts';
import { noSuchProfile } from '../profiles/select.ts';
import { updateProfiles } from '../profiles/store.ts';

export interface LogoutOptions {
  readonly profile?: string;
  /** Removes the whole profile. Defaults to keeping its URL and client for the next sign-in. */
  readonly forget?: boolean;
  readonly json?: boolean;
}

export async function logout({ profile, forget = false, json = false }: LogoutOptions): Promise<void> {
  const name = nameOf(profile);
  const removed = await updateProfiles((profiles) => remove(profiles, name, forget));
  const isRevoked = await revoke(removed);
  if (json) printJson({ profile: name, forgotten: forget, revoked: isRevoked });
  else print(`Signed out of ${removed.url} (profile ${name}${forget ? ', removed' : ''}).`);
}

function remove(profiles: Map<string, Profile>, name: string, forget: boolean): Profile {
  const found = profiles.get(name);
  if (!found) throw noSuchProfile(name);
  const { credential: _, ...signedOut } = found;
  if (forget) profiles.delete(name);
  else profiles.set(name, signedOut);
  return found;
}

/** After the removal, so that an unreachable provider does not prevent it. */
async function revoke({ client, credential }: Profile): Promise<boolean> {
  if (!client || credential?.kind !== 'tokens') return false;
  try {
    const { revokeTokens } = await import('../sign-in/refresh.ts');
    return await revokeTokens(client, credential);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    note(`${paint('yellow', 'warning:', process.stderr)} The tokens were not revoked. ${error.message}`);
    return false;
  }
}
