/** The Jifeline vendor. */
import type { RequestScope, Page, PageRequest, Vendor } from '../contract.ts';
import { EMPTY_PAGE, pageLimitOf } from '../vendor-kit/page.ts';
import { optionalText, secret, text, wholeAddress } from '../vendor-kit/settings.ts';
import { availableActions, describe, mutations } from './actions.ts';
import { MAX_LIST_LIMIT, createClient, type Client } from './client.ts';
import { toFailure, toSignInFailure } from './failure.ts';
import { toTicket } from './mapping.ts';
import { createSignIn } from './sign-in.ts';
import { COLLECTIONS, UUID, toCanonicalId } from './wire.ts';
import { createWrites } from './writes.ts';

const API_KEY_HINT = 'the API key that Jifeline gave you, printable ASCII without spaces';

const settings = {
  TOKEN_URL: wholeAddress(),
  CLIENT_ID: text('the client id that Jifeline gave you'),
  CLIENT_SECRET: secret(text('the client secret that Jifeline gave you')),
  API_KEY: secret(optionalText(API_KEY_HINT)),
};

/**
 * Upper estimate of a ticket's size. The eleven documented fields take some 500 bytes, but the API is in BETA and may
 * send more.
 */
const BYTES_PER_TICKET = 2_000;

export const jifeline: Vendor<typeof settings> = {
  key: 'jifeline',
  name: 'Jifeline',
  nativeId: {
    pattern: UUID,
    maximumLength: 36,
    example: '497f6eca-6276-4993-bfeb-53cbbbba6f08',
    canonical: toCanonicalId,
  },
  isReference: (reference) => /^(?:0|[1-9][0-9]{0,18})$/.test(reference),
  findCalls: COLLECTIONS.length,
  lists: true,
  unapplied: ({ search }) => (search === undefined ? [] : ['search']),
  describe,
  mutations,
  settings,
  check: ({ API_KEY }) => (API_KEY === undefined || /^[\x21-\x7e]+$/.test(API_KEY) ? [] : [['API_KEY', API_KEY_HINT]]),
  connect({ URL, TOKEN_URL, CLIENT_ID, CLIENT_SECRET, API_KEY }, tools) {
    const { sourceKey } = tools;
    const tokens = tools.connect({ url: TOKEN_URL, toFailure: toSignInFailure });
    const credentials = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, apiKey: API_KEY };
    const signIn = createSignIn(credentials, tokens, tools.now, tools.warn);
    const client = createClient(tools.connect({ url: URL, toFailure, signIn }));
    return {
      find: (nativeId, call) => client.findTicket(nativeId, call).then((wire) => wire && toTicket(wire, sourceKey)),
      async findByReference(reference, call) {
        const wire = await client.findByNumber(reference, call);
        return wire && toTicket(wire, sourceKey);
      },
      actions: (ticket, call) => availableActions(ticket, call, client),
      writes: createWrites(client, URL, sourceKey),
      list: (page, call) => list(client, sourceKey, page, call),
      pageLimit: pageLimitOf(MAX_LIST_LIMIT, BYTES_PER_TICKET, tools.maximumBytes),
    };
  },
};

/** Lists the tickets in progress: Jifeline lists one collection at a time. */
async function list(
  client: Client,
  sourceKey: string,
  { offset, limit, filter }: PageRequest,
  call: RequestScope,
): Promise<Page> {
  if (filter.categories && !filter.categories.includes('OPEN')) return EMPTY_PAGE;
  const { tickets, total, rowCount, rowIndexes } = await client.listInProgress(offset, limit, call);
  return {
    tickets: tickets.map((wire) => toTicket(wire, sourceKey)),
    rowCount,
    rowIndexes,
    totalCount: total,
    unapplied: ['search'],
  };
}
