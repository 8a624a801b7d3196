/** The Acme vendor. */
import type { RequestScope, Page, PageRequest, Vendor } from '../contract.ts';
import { secret, text } from '../vendor-kit/settings.ts';
import { availableActions, mutations } from './actions.ts';
import { createClient, type Client } from './client.ts';
import { toFailure } from './failure.ts';
import { toTicket } from './mapping.ts';
import { createSignIn } from './sign-in.ts';
import { createWrites } from './writes.ts';

const settings = {
  TOKEN: secret(text('the token that Acme gave you')),
};

export const acme: Vendor<typeof settings> = {
  key: 'acme',
  name: 'Acme',
  nativeId: { pattern: /^[0-9]+$/, maximumLength: 9, example: '7' },
  isReference: (reference) => /^[0-9]{1,9}$/.test(reference),
  lists: true,
  mutations,
  settings,
  connect({ URL, TOKEN }, tools) {
    const { sourceKey } = tools;
    const client = createClient(tools.connect({ url: URL, toFailure, signIn: createSignIn(TOKEN) }));
    const find = async (nativeId: string, call: RequestScope) => {
      const wire = await client.findTicket(nativeId, call);
      return wire && toTicket(wire, sourceKey);
    };
    return {
      find,
      findByReference: find,
      actions: availableActions,
      writes: createWrites(client),
      list: (page, call) => list(client, sourceKey, page, call),
    };
  },
};

async function list(
  client: Client,
  sourceKey: string,
  { offset, limit }: PageRequest,
  call: RequestScope,
): Promise<Page> {
  const { tickets, total, ...places } = await client.listTickets(offset, limit, call);
  return {
    tickets: tickets.map((wire) => toTicket(wire, sourceKey)),
    ...places,
    totalCount: total,
    unapplied: ['search', 'categories'],
  };
}
