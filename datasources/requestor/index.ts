/** The Requestor vendor. */
import type { RequestScope, Vendor } from '../contract.ts';
import { matching, secret, text } from '../vendor-kit/settings.ts';
import { availableActions, createRequestMemory, mutations } from './actions.ts';
import { createClient } from './client.ts';
import { toFailure } from './failure.ts';
import { toTicket, type RequestorTicket } from './mapping.ts';
import { createSignIn } from './sign-in.ts';
import { KNOWN_REFERENCE, NATIVE_ID, NUMBER, toCanonicalId } from './wire.ts';
import { createWrites } from './writes.ts';

const settings = {
  // A colon would end the user name: https://www.rfc-editor.org/rfc/rfc7617#section-2
  USERNAME: matching(/^[^:\p{Cc}]{1,255}$/u, 'the name of a helpdesk user, without a colon'),
  PASSWORD: secret(text('the password of that user')),
};

export const requestor: Vendor<typeof settings> = {
  key: 'requestor',
  name: 'Requestor',
  nativeId: {
    pattern: NATIVE_ID,
    maximumLength: 23,
    example: 'INC-000047',
    canonical: toCanonicalId,
    isPermanent: (nativeId) => NUMBER.test(nativeId),
  },
  isReference: (reference) => KNOWN_REFERENCE.test(reference),
  lists: false,
  mutations,
  settings,
  connect({ URL, USERNAME, PASSWORD }, tools) {
    const signIn = createSignIn(USERNAME, PASSWORD);
    const client = createClient(tools.connect({ url: URL, toFailure, signIn }));
    const memory = createRequestMemory();
    const find = (nativeId: string, call: RequestScope): Promise<RequestorTicket | undefined> =>
      client.findTicket(nativeId, call).then((wire) => {
        if (!wire) return undefined;
        const ticket = toTicket(wire, tools.sourceKey);
        memory.remember(call, ticket);
        return ticket;
      });
    return {
      find,
      findByReference: find,
      actions: (ticket, call) => availableActions(ticket, call, client),
      writes: createWrites({ client, memory, sourceKey: tools.sourceKey }),
    };
  },
};
