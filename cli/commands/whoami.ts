/** `ticketgraph whoami`: shows the server and the sign-in that the other commands use, and asks the server for one read. */
import { VendorsDocument } from '../../client/index.ts';
import { printJson, printTable, type Cell } from '../output.ts';
import { describeProfile, type ProfileDescription } from '../profiles/describe.ts';
import { readProfiles } from '../profiles/store.ts';
import { findSignIn, openServer, withCommandErrors, type ServerOptions } from '../server.ts';

type Description = Omit<ProfileDescription, 'profile' | 'signIn'> & {
  /** Null if the sign-in is not that of a profile. */
  readonly profile: string | null;
  readonly signIn: string;
};

/** @throws CommandError if the server does not accept the caller. */
export async function whoami(options: ServerOptions): Promise<void> {
  await withCommandErrors(options, () => openServer(options).request(VendorsDocument));
  const description = describe(options);
  if (options.json) printJson(description);
  else printTable(['FIELD', 'VALUE'], Object.entries(description).map(toRow));
}

/** Read again, since the request may have refreshed the tokens. */
function describe(options: ServerOptions): Description {
  const name = findSignIn(options)?.name;
  const profile = name === undefined ? undefined : readProfiles().get(name);
  if (name !== undefined && profile) return describeProfile(name, profile);
  const { url, apiKey, token } = options;
  const signIn = apiKey ? 'API key' : token ? 'token' : 'none';
  return { ...describeProfile('', { url }), profile: null, signIn };
}

function toRow([field, value]: [string, string | boolean | null]): Cell[] {
  return [field, typeof value === 'boolean' ? String(value) : value];
}
