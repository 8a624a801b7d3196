/** `ticketgraph profiles`: lists the profiles, without their secrets. */
import { printJson, printTable } from '../output.ts';
import { describeProfile } from '../profiles/describe.ts';
import { readProfiles } from '../profiles/store.ts';

export interface ProfilesOptions {
  readonly json?: boolean;
}

export function profiles({ json = false }: ProfilesOptions): void {
  const descriptions = [...readProfiles()].map(([name, profile]) => describeProfile(name, profile));
  if (json) printJson(descriptions);
  else {
    const rows = descriptions.map(({ profile, url, signIn, user }) => [profile, url, signIn, user]);
    printTable(['PROFILE', 'URL', 'SIGN-IN', 'USER'], rows);
  }
}
