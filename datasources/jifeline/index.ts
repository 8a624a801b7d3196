/** Jifeline: the vendor as a value. */
import type { Call, Page, PageRequest, SettingsOf, Vendor, VendorSource, VendorTools } from '../contract.ts';
import { address, optionalText, text } from '../kernel/settings.ts';
import { availableActions, mutations } from './actions.ts';
import { createClient, type Client } from './client.ts';
import { toFailure, toTokenFailure } from './failure.ts';
import { KEY, toTicket } from './mapping.ts';
import { createSignIn } from './sign-in.ts';
import { UUID } from './wire.ts';
import { createWrites } from './writes.ts';

const API_KEY_LOOKS_LIKE = 'the API key that Jifeline gave you, printable ASCII without spaces';

const settings = {
  TOKEN_URL: address(),
  CLIENT_ID: text('the client id that Jifeline gave you'),
  CLIENT_SECRET: text('the client secret that Jifeline gave you'),
  API_KEY: optionalText(API_KEY_LOOKS_LIKE),
};

export const jifeline: Vendor<typeof settings> = {
  key: KEY,
  name: 'Jifeline',
  nativeId: { pattern: UUID, maximumLength: 36, example: '497f6eca-6276-4993-bfeb-53cbbbba6f08' },
  isReference: (reference) => /^(?:0|[1-9][0-9]{0,18})$/.test(reference),
  lists: true,
  mutations,
  settings,
  check: ({ API_KEY }) =>
    API_KEY === undefined || /^[\x21-\x7e]+$/.test(API_KEY) ? [] : [['API_KEY', API_KEY_LOOKS_LIKE]],
  connect,
};

function connect(
  { URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET, API_KEY }: SettingsOf<typeof settings>,
  tools: VendorTools,
): VendorSource {
  const tokens = tools.connect({ url: TOKEN_URL, dialect: toTokenFailure });
  const credentials = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, apiKey: API_KEY };
  const signIn = createSignIn(credentials, tokens, () => tools.now());
  const client = createClient(tools.connect({ url: URL, dialect: toFailure, signIn }));
  return {
    async find(nativeId, call) {
      const ticket = await client.findTicket(nativeId, call);
      return ticket && toTicket(ticket);
    },
    async findByReference(reference, call) {
      const ticket = await client.findByNumber(reference, call);
      return ticket && toTicket(ticket);
    },
    actions: (ticket, call) => availableActions(client, ticket, call),
    writes: createWrites(client, URL),
    list: (page, call) => listTickets(client, page, call),
    pageLimit: 200,
  };
}

/** Jifeline lists one collection at a time; that of the tickets in progress is the one that is listed here. */
async function listTickets(client: Client, { offset, limit, filter }: PageRequest, call: Call): Promise<Page> {
  if (filter.categories && !filter.categories.includes('OPEN')) return { tickets: [], totalCount: 0, unapplied: [] };
  const { tickets, total } = await client.listInProgress(offset, limit, call);
  return { tickets: tickets.map(toTicket), totalCount: total, unapplied: ['search'] };
}
