/** Acme: the vendor as a value. */
import type { Vendor } from '../contract.ts';
import { text } from '../kernel/settings.ts';
import { availableActions, createWrites, mutations } from './actions.ts';
import { createClient } from './client.ts';
import { toFailure } from './failure.ts';
import { toTicket } from './mapping.ts';
import { createSignIn } from './sign-in.ts';

const settings = {
  TOKEN: text('the token that Acme gave you'),
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
    const client = createClient(tools.connect({ url: URL, dialect: toFailure, signIn: createSignIn(TOKEN) }));
    const find = async (nativeId: string, call: Parameters<typeof client.findTicket>[1]) => {
      const wire = await client.findTicket(nativeId, call);
      return wire && toTicket(wire);
    };
    return {
      find,
      findByReference: find,
      actions: availableActions,
      writes: createWrites(client),
      async list({ offset, limit }, call) {
        const { tickets, total } = await client.listTickets(offset, limit, call);
        return { tickets: tickets.map(toTicket), totalCount: total, unapplied: ['search', 'categories'] };
      },
    };
  },
};
