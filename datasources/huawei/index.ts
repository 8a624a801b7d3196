/** Huawei Cloud's service tickets: the vendor as a value. */
import type {
  RequestScope,
  FailureDetails,
  Page,
  PageRequest,
  Setting,
  SettingsOf,
  Vendor,
  VendorTools,
} from '../contract.ts';
import { Failure } from '../vendor-kit/failure.ts';
import { headerName } from '../vendor-kit/forwarded-credential.ts';
import { pickLanguage } from '../vendor-kit/language.ts';
import { EMPTY_PAGE } from '../vendor-kit/page.ts';
import { memoizePerRequest } from '../vendor-kit/request-memory.ts';
import { optionalAddress, optionalText, textWithDefault } from '../vendor-kit/settings.ts';
import { MAX_GROUP_CHARACTERS, availableActions, mutations } from './actions.ts';
import { createClient, type Client } from './client.ts';
import { toFailure, toSignInFailure } from './failure.ts';
import { fromFilter, toTicket } from './mapping.ts';
import { createSignIn, type Credentials } from './sign-in.ts';
import { CASE_ID, TOKEN, toCanonicalId } from './wire.ts';
import { createWrites } from './writes.ts';

const SITE: Setting<'0' | '1' | undefined> = {
  expected: '0 (China) or 1 (International), or unset',
  read: (text) => (text === '0' || text === '1' ? { value: text } : text ? undefined : { value: undefined }),
};

const settings = {
  AUTH_TOKEN: optionalText('a token of IAM, at most 5000 characters'),
  IAM_URL: optionalAddress(),
  DOMAIN: optionalText('the name of the account that the IAM user belongs to'),
  USERNAME: optionalText('the name of the IAM user'),
  PASSWORD: optionalText('the password of the IAM user'),
  FORWARD_TOKEN: headerName(),
  SITE,
  LANGUAGE: textWithDefault(
    'en-us',
    "a language such as zh-cn, or caller for the one in each caller's Accept-Language",
    32,
  ),
  TIME_ZONE: textWithDefault('GMT+0', 'a time zone such as GMT+8', 32),
  GROUP_ID: optionalText('the id of an IAM group, at most 64 characters', MAX_GROUP_CHARACTERS),
};

/** The value of `HUAWEI_LANGUAGE` with which each caller is answered in a language of their own. */
function isOfCaller(language: string): boolean {
  return language.toLowerCase() === 'caller';
}

const ACCEPT_LANGUAGE = 'accept-language';

/** Those whose names in `X-Language` are documented. */
const LANGUAGES = { en: 'en-us', zh: 'zh-cn' } as const;

const SUBTAGS = ['en', 'zh'] as const;

function toLanguageOf(setting: string): (call: RequestScope) => string {
  if (!isOfCaller(setting)) return () => setting;
  return ({ preferences }) => {
    const wanted = preferences?.get(ACCEPT_LANGUAGE);
    // English for those who want another, or say nothing.
    return LANGUAGES[(wanted === undefined ? undefined : pickLanguage(wanted, SUBTAGS)) ?? 'en'];
  };
}

type HuaweiSettings = SettingsOf<typeof settings>;

export const huawei: Vendor<typeof settings> = {
  key: 'huawei',
  name: 'Huawei Cloud',
  nativeId: { pattern: CASE_ID, maximumLength: 64, example: 'TS-123456', canonical: toCanonicalId },
  isReference: (reference) => CASE_ID.test(reference),
  lists: true,
  unapplied: (filter) => fromFilter(filter)?.unapplied ?? [],
  filters: ['group'],
  mutations,
  settings,
  check: (given) => [...checkSignIn(given), ...checkHeaders(given)],
  forwards: ({ FORWARD_TOKEN }) => (FORWARD_TOKEN === undefined ? [] : [FORWARD_TOKEN]),
  prefers: ({ LANGUAGE }) => (isOfCaller(LANGUAGE) ? [ACCEPT_LANGUAGE] : []),
  connect(given, tools) {
    const { URL, LANGUAGE, TIME_ZONE: timeZone, SITE: site, GROUP_ID: groupId } = given;
    const signIn = createSignIn(toCredentials(given, tools), tools.now, tools.warn);
    const surroundings = { languageOf: toLanguageOf(LANGUAGE), timeZone, site, groupId };
    const client = createClient(tools.connect({ url: URL, toFailure, signIn }), surroundings);
    const groups = memoizePerRequest(() => new Map<string, string>());
    const find = (caseId: string, call: RequestScope) =>
      client.findCase(caseId, call, groups(call).get(caseId)).then((wire) => wire && toTicket(wire, timeZone));
    return {
      find,
      findByReference: find,
      actions: availableActions,
      writes: createWrites(client, groupId, groups),
      list: (page, call) => list(client, timeZone, page, call),
      pageLimit: 100,
    };
  },
};

const TOO_LONG_GROUP: FailureDetails = {
  kind: 'invalid-input',
  field: ['filter', 'group'],
  message: `filter.group must have at most ${MAX_GROUP_CHARACTERS} characters.`,
};

/** Huawei Cloud searches itself, and filters by one status number. */
async function list(
  client: Client,
  timeZone: string,
  { offset, limit, filter }: PageRequest,
  call: RequestScope,
): Promise<Page> {
  const wanted = fromFilter(filter);
  if (!wanted) return EMPTY_PAGE;
  const { group } = filter;
  if (group !== undefined && group.length > MAX_GROUP_CHARACTERS) throw new Failure(TOO_LONG_GROUP);
  const { cases, total_count, rowCount, rowIndexes } = await client.listCases(offset, limit, wanted, call, group);
  const tickets = cases.map((wire) => toTicket(wire, timeZone));
  return { tickets, rowCount, rowIndexes, totalCount: total_count, unapplied: wanted.unapplied };
}

/** A token that is given goes before an account. */
function toCredentials(given: HuaweiSettings, tools: VendorTools): Credentials {
  if (given.FORWARD_TOKEN !== undefined) return { forwardedIn: given.FORWARD_TOKEN };
  if (given.AUTH_TOKEN !== undefined) return { token: given.AUTH_TOKEN };
  // `check` has seen that all four are there.
  const { IAM_URL: url = '', DOMAIN: domain = '', USERNAME: username = '', PASSWORD: password = '' } = given;
  return { domain, username, password, iam: tools.connect({ url, toFailure: toSignInFailure }) };
}

const ACCOUNT = ['IAM_URL', 'DOMAIN', 'USERNAME', 'PASSWORD'] as const;

function checkSignIn(given: HuaweiSettings): readonly (readonly [string, string])[] {
  if (given.FORWARD_TOKEN !== undefined) {
    const own = ['AUTH_TOKEN', ...ACCOUNT] as const;
    const instead = "no value together with HUAWEI_FORWARD_TOKEN, which passes on each caller's own token";
    return own.flatMap((name) => (given[name] === undefined ? [] : [[name, instead] as const]));
  }
  if (given.AUTH_TOKEN !== undefined) return [];
  const missing = ACCOUNT.filter((name) => given[name] === undefined);
  if (missing.length < ACCOUNT.length) {
    return missing.map((name) => [name, settings[name].expected.replace(', or unset', '')] as const);
  }
  return [['AUTH_TOKEN', 'a token of IAM, unless HUAWEI_IAM_URL, _DOMAIN, _USERNAME and _PASSWORD are set instead']];
}

/** What becomes a header must be fit for one. */
function checkHeaders({ AUTH_TOKEN, LANGUAGE, TIME_ZONE }: HuaweiSettings): readonly (readonly [string, string])[] {
  const headers = [
    ['AUTH_TOKEN', AUTH_TOKEN, 'a token of IAM: printable ASCII without spaces'],
    ['LANGUAGE', LANGUAGE, 'a language such as zh-cn: printable ASCII without spaces'],
    ['TIME_ZONE', TIME_ZONE, 'a time zone such as GMT+8: printable ASCII without spaces'],
  ] as const;
  return headers.flatMap(([name, value, expected]) =>
    value === undefined || TOKEN.test(value) ? [] : [[name, expected] as const],
  );
}
