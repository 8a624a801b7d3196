/** The Omnidesk vendor. https://docs.omnidesk.io/omnidesk/api-specification/ticket */
import type { RequestScope, ErrorMapper, FailureDetails, ListFilter, Page, PageRequest, Vendor } from '../contract.ts';
import { Failure } from '../vendor-kit/failure.ts';
import { show } from '../vendor-kit/global-id.ts';
import { EMPTY_PAGE } from '../vendor-kit/page.ts';
import { oneOf, secret, text, timeZone } from '../vendor-kit/settings.ts';
import { availableActions, describe, mutations } from './actions.ts';
import { createClient, type Client } from './client.ts';
import { toFailure } from './failure.ts';
import { STATUSES, createZoneOffsets, toTicket, type TicketContext } from './mapping.ts';
import { createSignIn } from './sign-in.ts';
import { TICKET_ID } from './wire.ts';
import { createWrites } from './writes.ts';

const settings = {
  API_KEY: secret(text('an Omnidesk API key with permissions for the operations in use', 500)),
  /** Body format of writes. */
  BODY: oneOf(['form', 'json'], 'form'),
  /** Zone of Omnidesk's times, which have none. */
  TIME_ZONE: timeZone('UTC'),
};

export const omnidesk: Vendor<typeof settings> = {
  key: 'omnidesk',
  name: 'Omnidesk',
  nativeId: { pattern: TICKET_ID, maximumLength: 15, example: '858462' },
  isReference: (reference) => TICKET_ID.test(reference),
  lists: true,
  unapplied,
  describe,
  filters: ['view', 'archived'],
  mutations,
  settings,
  connect({ URL, API_KEY, BODY, TIME_ZONE }, tools) {
    const signIn = createSignIn(API_KEY);
    const mapError: ErrorMapper = (answer) => toFailure(answer, API_KEY);
    const client = createClient(tools.connect({ url: URL, toFailure: mapError, signIn }), mapError, BODY);
    const context = { sourceKey: tools.sourceKey, toOffsetMinutes: createZoneOffsets(TIME_ZONE) };
    const find = (nativeId: string, call: RequestScope) =>
      client.findTicket(nativeId, call).then((wire) => wire && toTicket(wire, context));
    return {
      find,
      findByReference: find,
      actions: availableActions,
      writes: createWrites(client, mapError),
      list: (page, call) => list(client, context, page, call),
      pageLimit: 200,
    };
  },
};

/** Format of a view name in the newer documentation. The views themselves are defined by the account. */
const VIEW = /^[0-9a-zA-Z\-_]{2,}$/;

function invalidView(view: string): FailureDetails {
  const message = `Invalid view ${show(view)}: expected at least two letters, digits, hyphens or underscores.`;
  return { kind: 'invalid-input', field: ['filter', 'view'], message };
}

/** Omnidesk searches by itself. Its status filter is not used: the values are not documented. */
async function list(
  client: Client,
  context: TicketContext,
  { offset, limit, filter }: PageRequest,
  call: RequestScope,
): Promise<Page> {
  const { categories = [], search = '', view, archived = false } = filter;
  const known = Array.from(STATUSES, ([, category]) => category);
  if (categories.length > 0 && !categories.some((category) => known.includes(category))) {
    return EMPTY_PAGE;
  }
  if (view !== undefined && !VIEW.test(view)) throw new Failure(invalidView(view));
  // The count cannot be requested alone, so the smallest page is requested.
  const { tickets, total, rowCount, rowIndexes } = await client.listTickets(
    { search, view, archived, start: offset, limit: Math.max(limit, 1) },
    call,
  );
  return {
    tickets: tickets.map((wire) => toTicket(wire, context)),
    rowCount,
    rowIndexes,
    totalCount: total,
    unapplied: unapplied(filter),
  };
}

function unapplied({ categories }: ListFilter): readonly (keyof ListFilter)[] {
  return categories ? ['categories'] : [];
}
