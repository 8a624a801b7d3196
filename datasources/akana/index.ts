/** The Akana vendor. */
import type { RequestScope, ListFilter, Page, PageRequest, SettingsOf, Vendor } from '../contract.ts';
import { failureOfStatus } from '../vendor-kit/failure.ts';
import { headerName } from '../vendor-kit/forwarded-credential.ts';
import { EMPTY_PAGE } from '../vendor-kit/page.ts';
import { matching, oneOf, optionalText, secret } from '../vendor-kit/settings.ts';
import { availableActions, mutations } from './actions.ts';
import { createClient, type Client } from './client.ts';
import { toFailure } from './failure.ts';
import { categories, toTicket } from './mapping.ts';
import { createSignIn, type Credentials } from './sign-in.ts';
import { COOKIE_VALUE, TICKET_ID, isTicketId, toCanonicalId } from './wire.ts';
import { createWrites } from './writes.ts';

const TOKEN_HINT = 'the value of the AtmoAuthToken cookie, percent-encoded as Akana sent it';
const CSRF_HINT = 'the value of the Csrf-Token cookie, percent-encoded as Akana sent it';

const settings = {
  TENANT: matching(
    /^[A-Za-z0-9_-]{1,64}$/,
    'the tenant (fedmember id) that ends every ticket id, e.g. acmepaymentscorp: 1 to 64 letters, digits, _ or -',
  ),
  USERNAME: optionalText('the name of an Akana user'),
  PASSWORD: secret(optionalText('the password of that user')),
  AUTH_TOKEN: secret(optionalText(TOKEN_HINT)),
  CSRF_TOKEN: secret(optionalText(CSRF_HINT)),
  FORWARD_TOKEN: headerName(),
  FORWARD_CSRF: headerName(),
  /** Type of `Comments` in an action: a string on the operation's page, a list on the Action object's page. */
  COMMENTS: oneOf(['text', 'list'], 'text'),
};

export const akana: Vendor<typeof settings> = {
  key: 'akana',
  name: 'Akana',
  nativeId: {
    ...TICKET_ID,
    example: 'ticket25687.acmepaymentscorp',
    canonical: (nativeId, { TENANT }) => toCanonicalId(nativeId, TENANT),
  },
  isReference: isTicketId,
  lists: true,
  unapplied,
  mutations,
  settings,
  check: checkCredentials,
  forwards: ({ FORWARD_TOKEN, FORWARD_CSRF }) => [FORWARD_TOKEN, FORWARD_CSRF].filter((name) => name !== undefined),
  connect({ URL, TENANT, ...values }, tools) {
    const { sourceKey } = tools;
    const login = tools.connect({ url: URL, toFailure: failureOfStatus });
    const signIn = createSignIn(TENANT, toCredentials(values), login, tools.now, tools.warn, URL);
    const client = createClient(tools.connect({ url: URL, toFailure, signIn }));
    const find = (nativeId: string, call: RequestScope) =>
      client.findTicket(nativeId, call).then((wire) => wire && toTicket(wire, sourceKey));
    return {
      find,
      findByReference: find,
      actions: availableActions,
      writes: createWrites(client, values.COMMENTS),
      list: (page, call) => list(client, sourceKey, page, call),
    };
  },
};

/**
 * Sends no filter: the list's own filters (API, app, author) are not in ours. Returns all tickets of the response, even
 * if they exceed the limit: `count` is only known from a sample.
 */
async function list(
  client: Client,
  sourceKey: string,
  { offset, limit, filter }: PageRequest,
  call: RequestScope,
): Promise<Page> {
  if (filter.categories?.length && !filter.categories.some((category) => categories.has(category))) {
    return EMPTY_PAGE;
  }
  // The meaning of a count of 0 is not documented, so at least one ticket is requested.
  const { tickets, total, rowCount, rowIndexes } = await client.listTickets(offset, Math.max(limit, 1), call);
  return {
    tickets: tickets.map((wire) => toTicket(wire, sourceKey)),
    rowCount,
    rowIndexes,
    totalCount: total,
    unapplied: UNAPPLIED,
  };
}

const UNAPPLIED = ['search', 'categories'] as const;

function unapplied(filter: ListFilter): readonly (keyof ListFilter)[] {
  return UNAPPLIED.filter((part) => filter[part] !== undefined);
}

type Values = Omit<SettingsOf<typeof settings>, 'URL' | 'TENANT'>;

/** A configured token takes precedence over a user name and password. */
function toCredentials({ USERNAME = '', PASSWORD = '', AUTH_TOKEN, CSRF_TOKEN, ...forward }: Values): Credentials {
  if (forward.FORWARD_TOKEN !== undefined) return { tokenIn: forward.FORWARD_TOKEN, csrfIn: forward.FORWARD_CSRF };
  if (AUTH_TOKEN !== undefined) return { token: AUTH_TOKEN, csrf: CSRF_TOKEN ?? null };
  return { username: USERNAME, password: PASSWORD };
}

function checkCredentials(values: Values): (readonly [string, string])[] {
  const { USERNAME, PASSWORD, AUTH_TOKEN, CSRF_TOKEN, FORWARD_TOKEN, FORWARD_CSRF } = values;
  const errors: (readonly [string, string])[] = [];
  if (FORWARD_TOKEN !== undefined) {
    const conflicting = ['USERNAME', 'PASSWORD', 'AUTH_TOKEN', 'CSRF_TOKEN'] as const;
    const expected = "unset if AKANA_FORWARD_TOKEN is set, since each caller's own session is used";
    return conflicting.flatMap((name) => (values[name] === undefined ? [] : [[name, expected] as const]));
  }
  if (FORWARD_CSRF !== undefined) errors.push(['FORWARD_TOKEN', 'set if AKANA_FORWARD_CSRF is set']);
  if (AUTH_TOKEN === undefined) {
    const reason = 'since AKANA_AUTH_TOKEN is not set';
    if (USERNAME === undefined) errors.push(['USERNAME', `the name of an Akana user, ${reason}`]);
    if (PASSWORD === undefined) errors.push(['PASSWORD', `the password of that user, ${reason}`]);
  } else if (!COOKIE_VALUE.test(AUTH_TOKEN)) {
    errors.push(['AUTH_TOKEN', TOKEN_HINT]);
  }
  if (CSRF_TOKEN !== undefined && !COOKIE_VALUE.test(CSRF_TOKEN)) errors.push(['CSRF_TOKEN', CSRF_HINT]);
  return errors;
}
