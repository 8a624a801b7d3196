/** The Request Tracker vendor: RT 5 over REST 2.0. https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html */
import type {
  Page,
  PageRequest,
  RequestScope,
  Setting,
  SettingsOf,
  StatusCategory,
  Ticket,
  Vendor,
} from '../contract.ts';
import { asError } from '../vendor-kit/failure.ts';
import { EMPTY_PAGE } from '../vendor-kit/page.ts';
import { memoizePerRequest } from '../vendor-kit/request-memory.ts';
import { optionalText, secret } from '../vendor-kit/settings.ts';
import { availableActions, describe, mutations } from './actions.ts';
import { createClient, type Account, type Client } from './client.ts';
import { toFailure } from './failure.ts';
import {
  MAX_PER_PAGE,
  STOCK_CATEGORIES,
  fromFilter,
  fromIds,
  pickRows,
  toTicket,
  toWirePage,
  unapplied,
  defineStatuses,
  type Categories,
  type Statuses,
  type RtTicket,
} from './mapping.ts';
import { createSignIn, type Credentials } from './sign-in.ts';
import { TICKET_ID, type WireTicket } from './wire.ts';
import { createWrites } from './writes.ts';

const CATEGORIES: readonly string[] = [
  'NEW',
  'OPEN',
  'PENDING',
  'ON_HOLD',
  'SOLVED',
  'CLOSED',
  'CANCELLED',
] satisfies readonly StatusCategory[];

/** Statuses of an installation's own lifecycles, each with its category. */
const STATUS_MAP: Setting<Categories> = {
  expected: `pairs such as review=OPEN,done=CLOSED (categories ${CATEGORIES.join(', ')}; not ${[...STOCK_CATEGORIES.keys()].join(', ')})`,
  read: (text) => {
    const pairs = text ? text.split(',').map((pair) => pair.split('=').map((part) => part.trim())) : [];
    const isValid = pairs.every(
      ([status = '', category = '', ...rest]) =>
        status !== '' && !STOCK_CATEGORIES.has(status.toLowerCase()) && CATEGORIES.includes(category) && !rest.length,
    );
    if (!isValid) return undefined;
    const own = pairs.map(([status, category]) => [status!.toLowerCase(), category as StatusCategory] as const);
    return { value: new Map([...STOCK_CATEGORIES, ...own]) };
  },
};

const NAME_HINT = 'the name of a user of Request Tracker, without a colon';

const settings = {
  // A colon would end the user name: https://www.rfc-editor.org/rfc/rfc7617#section-2
  USERNAME: optionalText(NAME_HINT, 200),
  PASSWORD: secret(optionalText('the password of that user')),
  TOKEN: secret(optionalText('an auth token of a user of Request Tracker: printable ASCII without spaces')),
  STATUS_MAP,
};

type RtSettings = SettingsOf<typeof settings>;

export const rt: Vendor<typeof settings> = {
  key: 'rt',
  name: 'Request Tracker',
  nativeId: { pattern: TICKET_ID, maximumLength: 10, example: '47' },
  isReference: (reference) => TICKET_ID.test(reference),
  // Several tickets take one search, and a read of each that the search cannot find.
  findCalls: 2,
  lists: true,
  unapplied,
  describe,
  mutations,
  settings,
  check,
  connect(values, tools) {
    const { URL, STATUS_MAP } = values;
    const statuses = defineStatuses(STATUS_MAP);
    const upstream = tools.connect({ url: URL, toFailure, signIn: createSignIn(toCredentials(values)) });
    const client = createClient(upstream, toAccount(values));
    const tickets = memoizePerRequest(() => new Map<string, WireTicket>());
    const remember: Remember = (wire, call, asked = wire.id) => {
      tickets(call).set(asked, wire);
      return toTicket(wire, tools.sourceKey, statuses, asked);
    };
    const find = async (nativeId: string, call: RequestScope): Promise<RtTicket | undefined> => {
      const found = await client.findTicket(nativeId, call);
      return found && remember(found.ticket, call, nativeId);
    };
    return {
      find,
      findMany: (nativeIds, call) => findMany(client, nativeIds, remember, find, call),
      findByReference: find,
      async actions({ nativeId }, call) {
        const wire = tickets(call).get(nativeId) ?? (await client.findTicket(nativeId, call))?.ticket;
        return wire ? availableActions(wire, call, client, statuses) : [];
      },
      writes: createWrites(client, statuses),
      list: (page, call) => list(client, statuses, remember, page, call),
      pageLimit: MAX_PER_PAGE,
    };
  },
};

/** Maps a ticket, and keeps its links for the rest of the request, so that its actions take no further call. */
type Remember = (wire: WireTicket, call: RequestScope, asked?: string) => RtTicket;

/**
 * Finds tickets by searches of up to 100. A search finds neither deleted tickets, nor merged ones under their old number,
 * nor those that the account may not see: these are read one by one.
 */
async function findMany(
  client: Client,
  nativeIds: readonly string[],
  remember: Remember,
  find: (nativeId: string, call: RequestScope) => Promise<Ticket | undefined>,
  call: RequestScope,
): Promise<readonly (Ticket | Error | undefined)[]> {
  const found = new Map<string, Ticket>();
  for (let from = 0; nativeIds.length > 1 && from < nativeIds.length; from += MAX_PER_PAGE) {
    const query = fromIds(nativeIds.slice(from, from + MAX_PER_PAGE));
    const { tickets } = await client.searchTickets(query, 1, MAX_PER_PAGE, call);
    for (const wire of tickets) found.set(wire.id, remember(wire, call));
  }
  return Promise.all(nativeIds.map(async (id) => found.get(id) ?? find(id, call).catch(asError)));
}

/** Request Tracker searches subjects and filters by status itself. */
async function list(
  client: Client,
  statuses: Statuses,
  remember: Remember,
  { offset, limit, filter }: PageRequest,
  call: RequestScope,
): Promise<Page> {
  const wireFilter = fromFilter(filter, statuses);
  if (!wireFilter) return EMPTY_PAGE;
  // The count cannot be requested alone, so the smallest page is requested.
  const wanted = toWirePage(offset, Math.max(limit, 1));
  const answer = await client.searchTickets(wireFilter.query, wanted.page, wanted.perPage, call);
  const { tickets, ...places } = pickRows(answer, wanted, limit);
  return { ...places, tickets: tickets.map((wire) => remember(wire, call)), unapplied: wireFilter.unapplied };
}

// ---------------------------------------------------------------- the account

function toCredentials({ USERNAME, PASSWORD, TOKEN }: RtSettings): Credentials {
  // `check` ensures that either the token or both others are set.
  return TOKEN === undefined ? { username: USERNAME ?? '', password: PASSWORD ?? '' } : { token: TOKEN };
}

/** An auth token contains the number of its user: `1-27-0cc5…`. */
function toAccount({ USERNAME, TOKEN = '' }: RtSettings): Account {
  return USERNAME === undefined ? { number: /^\d+-(\d+)-/.exec(TOKEN)?.[1] } : { name: USERNAME };
}

function check({ USERNAME, PASSWORD, TOKEN }: RtSettings): readonly (readonly [string, string])[] {
  const name = USERNAME?.includes(':') ? [['USERNAME', NAME_HINT] as const] : [];
  if (TOKEN === undefined) {
    const missing = USERNAME === undefined ? [['USERNAME', `${NAME_HINT}; or set RT_TOKEN instead`] as const] : name;
    if (PASSWORD !== undefined) return missing;
    return [...missing, ['PASSWORD', 'the password of that user; or set RT_TOKEN instead']];
  }
  const both = PASSWORD === undefined ? [] : [['PASSWORD', 'unset if RT_TOKEN is set'] as const];
  const token = /^[\x21-\x7e]+$/.test(TOKEN) ? [] : [['TOKEN', settings.TOKEN.expected] as const];
  return [...name, ...both, ...token];
}
