/** The Huawei Cloud vendor (service tickets). */
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
import { optionalAddress, optionalText, secret, textWithDefault } from '../vendor-kit/settings.ts';
import { MAX_GROUP_CHARACTERS, availableActions, mutations } from './actions.ts';
import { createClient, type Client } from './client.ts';
import { toFailure, toSignInFailure } from './failure.ts';
import { fromFilter, toTicket, type TicketContext } from './mapping.ts';
import { createSignIn, type Credentials } from './sign-in.ts';
import { CASE_ID, TOKEN, toCanonicalId } from './wire.ts';
import { createWrites } from './writes.ts';

const SITE: Setting<'0' | '1' | undefined> = {
  expected: '0 (China) or 1 (International), or unset',
  read: (text) => (text === '0' || text === '1' ? { value: text } : text ? undefined : { value: undefined }),
};

const settings = {
  AUTH_TOKEN: secret(optionalText('a token of IAM, at most 5000 characters')),
  IAM_URL: optionalAddress(),
  DOMAIN: optionalText('the name of the account that the IAM user belongs to'),
  USERNAME: optionalText('the name of the IAM user'),
  PASSWORD: secret(optionalText('the password of the IAM user')),
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

/** Whether `HUAWEI_LANGUAGE` selects each caller's own language. */
function isOfCaller(language: string): boolean {
  return language.toLowerCase() === 'caller';
}

const ACCEPT_LANGUAGE = 'accept-language';

/** Languages with a documented `X-Language`. */
const LANGUAGES = { en: 'en-us', zh: 'zh-cn' } as const;

const SUBTAGS = ['en', 'zh'] as const;

function toLanguageOf(setting: string): (call: RequestScope) => string {
  if (!isOfCaller(setting)) return () => setting;
  return ({ preferences }) => {
    const wireFilter = preferences?.get(ACCEPT_LANGUAGE);
    // Defaults to English for other languages.
    return LANGUAGES[(wireFilter === undefined ? undefined : pickLanguage(wireFilter, SUBTAGS)) ?? 'en'];
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
  check: (values) => [...checkSignIn(values), ...checkHeaders(values)],
  forwards: ({ FORWARD_TOKEN }) => (FORWARD_TOKEN === undefined ? [] : [FORWARD_TOKEN]),
  prefers: ({ LANGUAGE }) => (isOfCaller(LANGUAGE) ? [ACCEPT_LANGUAGE] : []),
  connect(values, tools) {
    const { URL, LANGUAGE, TIME_ZONE: timeZone, SITE: site, GROUP_ID: groupId } = values;
    const signIn = createSignIn(toCredentials(values, tools), tools.now, tools.warn);
    const defaults = { languageOf: toLanguageOf(LANGUAGE), timeZone, site, groupId };
    const client = createClient(tools.connect({ url: URL, toFailure, signIn }), defaults);
    const context = { sourceKey: tools.sourceKey, timeZone };
    const groups = memoizePerRequest(() => new Map<string, string>());
    const find = (caseId: string, call: RequestScope) =>
      client.findCase(caseId, call, groups(call).get(caseId)).then((wire) => wire && toTicket(wire, context));
    return {
      find,
      findByReference: find,
      actions: availableActions,
      writes: createWrites(client, groupId, groups),
      list: (page, call) => list(client, context, page, call),
      pageLimit: 100,
    };
  },
};

const TOO_LONG_GROUP: FailureDetails = {
  kind: 'invalid-input',
  field: ['filter', 'group'],
  message: `filter.group must have at most ${MAX_GROUP_CHARACTERS} characters.`,
};

/** Huawei Cloud searches by itself, and filters by one status number. */
async function list(
  client: Client,
  context: TicketContext,
  { offset, limit, filter }: PageRequest,
  call: RequestScope,
): Promise<Page> {
  const wireFilter = fromFilter(filter);
  if (!wireFilter) return EMPTY_PAGE;
  const { group } = filter;
  if (group !== undefined && group.length > MAX_GROUP_CHARACTERS) throw new Failure(TOO_LONG_GROUP);
  const { cases, total_count, rowCount, rowIndexes } = await client.listCases(offset, limit, wireFilter, call, group);
  const tickets = cases.map((wire) => toTicket(wire, context));
  return { tickets, rowCount, rowIndexes, totalCount: total_count, unapplied: wireFilter.unapplied };
}

/** A configured token takes precedence over an account. */
function toCredentials(values: HuaweiSettings, tools: VendorTools): Credentials {
  if (values.FORWARD_TOKEN !== undefined) return { forwardedIn: values.FORWARD_TOKEN };
  if (values.AUTH_TOKEN !== undefined) return { token: values.AUTH_TOKEN };
  // `check` ensures that all four are set.
  const { IAM_URL: url = '', DOMAIN: domain = '', USERNAME: username = '', PASSWORD: password = '' } = values;
  return { domain, username, password, iam: tools.connect({ url, toFailure: toSignInFailure }) };
}

const ACCOUNT_INSTEAD =
  'a token of IAM, unless HUAWEI_IAM_URL, HUAWEI_DOMAIN, HUAWEI_USERNAME and HUAWEI_PASSWORD are set instead';

const ACCOUNT = ['IAM_URL', 'DOMAIN', 'USERNAME', 'PASSWORD'] as const;

function checkSignIn(values: HuaweiSettings): readonly (readonly [string, string])[] {
  if (values.FORWARD_TOKEN !== undefined) {
    const conflicting = ['AUTH_TOKEN', ...ACCOUNT] as const;
    const expected = "unset if HUAWEI_FORWARD_TOKEN is set, since each caller's own token is used";
    return conflicting.flatMap((name) => (values[name] === undefined ? [] : [[name, expected] as const]));
  }
  if (values.AUTH_TOKEN !== undefined) return [];
  const missing = ACCOUNT.filter((name) => values[name] === undefined);
  if (missing.length < ACCOUNT.length) {
    return missing.map((name) => [name, settings[name].expected.replace(', or unset', '')] as const);
  }
  return [['AUTH_TOKEN', ACCOUNT_INSTEAD]];
}

/** Checks the settings that are sent as headers. */
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
