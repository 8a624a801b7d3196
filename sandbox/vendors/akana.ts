/**
 * The Akana API Platform (Community Manager) of one tenant, `acmepaymentscorp`: sign-in, tickets, their
 * workflow actions and comments. Below https://help.akana.com/content/current/cm/ (`/content/previous/` and
 * http://docs.akana.com/cm/ hold older editions):
 *   api/tickets/  m_tickets_executeWorkflowAction.htm  m_tickets_getTicket.htm  m_tickets_getTickets.htm
 *                 m_tickets_commentOnTicket.htm
 *   api/login/    m_login_login.htm  m_login_renewToken.htm
 *   api/obj/      o_tickets_Ticket.htm (under `previous`)  o_workflow_Action.htm
 *   api/aaref/    Ref_HTTPStatusCodes.htm  Ref_CookiesOnThePlatform.htm  Ref_CSRFPreventionOnThePlatform.htm
 *                 Ref_ExecutingWorkflowActions.htm  Ref_RSSChannelsOnThePlatform.htm
 *   workflow/06_ticket_wf.htm
 *
 * Invented, because the documentation does not say: all tickets, people, APIs and apps but the two ticket
 * ids and the tenant; the action name `ticket.action.reopen`, every transition other than Open -> Closed,
 * and the custom state `Awaiting Partner`; the text of every error; the envelope of the list and what an RSS
 * item holds; `start` on this list, and 20 as `count` where none is given; the body of a login's answer and
 * of a comment's; which fields of a ticket are left where the caller has no permission, and 403 for acting
 * on it; what RetrievingUserID hides. The sandbox speaks no XML, as its shape is not documented: an XML
 * Accept is a wrong Accept (404), an XML body an error in processing (500). No login ends in a pending task.
 * A login takes `email` in place of `username`, too. Submitting a ticket and its labels are not simulated.
 */
import { randomUUID } from 'node:crypto';
import { acceptedBy, decodeSegment, isObject, json, mediaTypeOf, parseJson, text } from '../reply.ts';
import { createRandom } from '../random.ts';
import { TENANT, CUSTOM, createIds, seedTickets, type State, type Ticket } from '../seeds/akana.ts';
import type {
  ReceivedRequest,
  CannedResponse,
  SimulatedVendor,
  SampleInput,
  Simulation,
  SimulationTools,
} from '../simulation.ts';

const USERNAME = 'sandbox';
const PASSWORD = 'sandbox-password';
const AUTH_COOKIE = `AtmoAuthToken_${TENANT}`;
const CSRF_COOKIE = `Csrf-Token_${TENANT}`;
const CSRF_HEADER = `x-csrf-token_${TENANT}`;
const TOKEN_LIFE_MS = 30 * 60_000;
const DEFAULT_COUNT = 20;

const JSON_TYPE = 'application/json';
const VERSIONS = ['v71', 'v72', 'v80', 'v81'];
const JSON_BODIES = [JSON_TYPE, ...VERSIONS.map((version) => `application/vnd.soa.${version}+json`)];
const XML_BODIES = JSON_BODIES.map((type) => type.replace('json', 'xml'));
/** Without v71. Plain JSON is not documented for the list, but by inference it gives an RSS channel. */
const LIST_TYPES = JSON_BODIES.filter((type) => !type.includes('v71'));

interface Step {
  readonly action: string;
  readonly from: readonly State[];
  readonly to: State;
}

/** The default workflow, and a way out of the custom state. Closed -> Resolved is documented as illegal. */
const WORKFLOW: readonly Step[] = [
  { action: 'ticket.action.resolve', from: ['OPEN', 'REOPEN', CUSTOM], to: 'RESOLVED' },
  { action: 'ticket.action.close', from: ['OPEN', 'REOPEN', 'RESOLVED', CUSTOM], to: 'CLOSED' },
  { action: 'ticket.action.reopen', from: ['CLOSED'], to: 'REOPEN' },
];

/** A ticket as GET shows it. Without permission on its resource the call works, but says little. */
function toWire(ticket: Ticket): Record<string, unknown> {
  const State = ticket.state === CUSTOM ? CUSTOM : ticket.spell(ticket.state);
  if (!ticket.isPermitted) return { TicketID: ticket.id, State, Created: ticket.fixed['Created'] };
  return { TicketID: ticket.id, State, Comments: ticket.comments, ...ticket.fixed };
}

/** JSON made from XML: one element stands for itself, without an array around it. */
function unwrapOne<T>(list: readonly T[]): T | readonly T[] {
  return list.length === 1 ? list[0]! : list;
}

/** Media types of an Accept header, the most wanted first. */
function acceptedTypes(header = ''): string[] {
  const wanted = acceptedBy(header).filter(({ name, quality }) => name !== '' && quality > 0);
  return wanted.sort((one, other) => other.quality - one.quality).map(({ name }) => name);
}

function admitsText(arrival: ReceivedRequest): boolean {
  const types = acceptedTypes(arrival.headers['accept'] ?? '*/*');
  return types.some((type) => ['*/*', 'text/*', 'text/plain'].includes(type));
}

/** Values as sent: the percent-encoding is part of a token. */
function cookies(arrival: ReceivedRequest): Map<string, string> {
  const pairs = (arrival.headers['cookie'] ?? '').split(';').map((pair) => pair.trim());
  return new Map(pairs.map((pair) => [pair.split('=')[0]!, pair.slice(pair.indexOf('=') + 1)]));
}

type Body = { readonly fields: ReadonlyMap<string, string> } | { readonly refusal: CannedResponse };

/** Reads a JSON object. Every field of the bodies here is a string, `Comments` as in the sample. */
function readBody(arrival: ReceivedRequest, required: readonly string[], optional: readonly string[]): Body {
  const type = mediaTypeOf(arrival);
  if (XML_BODIES.includes(type)) return { refusal: text(500, 'Error processing the call') };
  if (!JSON_BODIES.includes(type)) return { refusal: text(404, 'No operation consumes this content type') };
  const value = parseJson(arrival.body);
  if (!isObject(value)) return { refusal: text(400, 'Malformed request body') };
  const fields = new Map<string, string>();
  for (const [name, field] of Object.entries(value)) {
    const isKnown = required.includes(name) || optional.includes(name);
    if (!isKnown) return { refusal: text(400, `Unrecognized field ${name}`) };
    if (typeof field !== 'string') return { refusal: text(400, `Field ${name} is not a string`) };
    fields.set(name, field);
  }
  const missing = required.find((name) => !fields.get(name));
  return missing ? { refusal: text(400, `Field ${missing} is required`) } : { fields };
}

type SignIn = 'none' | 'cookie' | 'cookie and csrf';
type Answer = (arrival: ReceivedRequest, id: string) => CannedResponse;
type Write = (ticket: Ticket, fields: ReadonlyMap<string, string>) => CannedResponse;

interface Operation {
  readonly line: RegExp;
  readonly signIn: SignIn;
  readonly answer: Answer;
  /** Names of the query parameters that it knows. */
  readonly parameters?: readonly string[];
}

/** No greatest count is documented, and none is set here. */
function readRange(query: URLSearchParams): { readonly start: number; readonly count: number } | undefined {
  const names = [...query.keys()];
  const start = query.get('start') ?? '0';
  const count = query.get('count') ?? String(DEFAULT_COUNT);
  const isValid = /^\d{1,9}$/.test(start) && /^[1-9]\d{0,8}$/.test(count) && new Set(names).size === names.length;
  return isValid ? { start: Number(start), count: Number(count) } : undefined;
}

/** Inferred from the sister operation on discussions: plain JSON means an RSS channel. */
function toChannel(page: readonly Record<string, unknown>[]): unknown {
  const item = unwrapOne(page.map((ticket) => ({ title: ticket['Title'], ...ticket })));
  return { channel: { version: '1.0', title: 'Tickets', item } };
}

/** Tokens given out, and who may pass with them. */
function createSessions(tools: SimulationTools) {
  const sessions = new Map<string, { readonly csrf: string; readonly expiresAt: number }>();

  const open = (): CannedResponse => {
    const now = tools.now();
    for (const [token, { expiresAt }] of sessions) if (expiresAt <= now) sessions.delete(token);
    const expiresAt = now + TOKEN_LIFE_MS;
    const token = `TokenID%3D${randomUUID()}`;
    const csrf = `TokenID%3D${randomUUID()}%2CexpirationTime%3D${expiresAt}`;
    sessions.set(token, { csrf, expiresAt });
    const setCookie = [`${AUTH_COOKIE}=${token}; Path=/; HttpOnly`, `${CSRF_COOKIE}=${csrf}; Path=/`];
    return { status: 200, headers: { 'content-type': JSON_TYPE, 'set-cookie': setCookie }, body: '{}' };
  };

  /** The documentation gives 401 for the cookie and for the header alike, and no way to tell them apart. */
  const admits = (arrival: ReceivedRequest, signIn: SignIn): boolean => {
    if (signIn === 'none') return true;
    const sent = cookies(arrival);
    const session = sessions.get(sent.get(AUTH_COOKIE) ?? '');
    if (!session || session.expiresAt <= tools.now()) return false;
    if (signIn === 'cookie') return true;
    // The CSRF cookie is not among the documented request headers; where it is sent, it has to fit.
    const cookie = sent.get(CSRF_COOKIE) ?? session.csrf;
    return arrival.headers[CSRF_HEADER] === session.csrf && cookie === session.csrf;
  };

  return { open, admits, expireAll: () => sessions.clear() };
}

function start(tools: SimulationTools): SimulatedVendor {
  const random = createRandom(25687);
  const ids = createIds(random);
  const tickets = seedTickets(random, ids, tools.now());
  const find = (id: string): Ticket | undefined => tickets.find((ticket) => ticket.id === id);
  const sessions = createSessions(tools);
  let lastComment = 31_000;

  const login = (arrival: ReceivedRequest): CannedResponse => {
    const body = readBody(arrival, ['password'], ['username', 'email']);
    if ('refusal' in body) return body.refusal;
    const names = ['username', 'email'].flatMap((name) => body.fields.get(name) ?? []);
    if (names.length !== 1) return text(400, 'Field username is required');
    const isKnown = names[0] === USERNAME && body.fields.get('password') === PASSWORD;
    return isKnown ? sessions.open() : text(401, 'Unauthorized');
  };

  /** Nothing says that a renewal ends the old token, so that one lives out its own half hour. */
  const renew = (arrival: ReceivedRequest): CannedResponse => {
    if (mediaTypeOf(arrival) !== 'application/x-www-form-urlencoded') {
      return text(404, 'No operation consumes this content type');
    }
    return arrival.body === '' ? sessions.open() : text(400, 'No request body is expected');
  };

  /** Filters see what the caller may see, so that they do not tell the rest. */
  const isMatch = (ticket: Ticket, query: URLSearchParams): boolean => {
    const shown = toWire(ticket);
    const fits = (parameter: string, field: string): boolean =>
      !query.has(parameter) || query.get(parameter) === shown[field];
    const reader = query.get('RetrievingUserID') ?? ids.self;
    const isVisible = [ids.self, shown['UserID']].includes(reader) || shown['Visibility'] === 'Public';
    return isVisible && fits('APIID', 'APIID') && fits('AppID', 'AppID') && fits('AuthorID', 'UserID');
  };

  const list: Answer = ({ query, headers }) => {
    const type = acceptedTypes(headers['accept']).find((accepted) => LIST_TYPES.includes(accepted));
    if (!type) return text(404, 'No operation produces this media type');
    const range = readRange(query);
    if (!range) return text(400, 'Bad parameter');
    const matches = tickets.filter((ticket) => isMatch(ticket, query));
    const page = matches.slice(range.start, range.start + range.count).map(toWire);
    const body = type === JSON_TYPE ? toChannel(page) : { Ticket: unwrapOne(page) };
    return json(200, body, { 'content-type': type });
  };

  const one: Answer = ({ headers }, id) => {
    const type = acceptedTypes(headers['accept']).find((accepted) => JSON_BODIES.includes(accepted));
    if (!type) return text(404, 'No operation produces this media type');
    const ticket = find(id);
    return ticket ? json(200, toWire(ticket), { 'content-type': type }) : text(404, 'Not found');
  };

  /** A write that takes these body fields, refused before it is carried out where anything is amiss. */
  const write =
    (required: string[], optional: string[], carryOut: Write): Answer =>
    (arrival, id) => {
      if (!admitsText(arrival)) return text(404, 'No operation produces this media type');
      const body = readBody(arrival, required, optional);
      if ('refusal' in body) return body.refusal;
      const ticket = find(id);
      if (!ticket) return text(404, 'Not found');
      return ticket.isPermitted ? carryOut(ticket, body.fields) : text(403, 'Forbidden');
    };

  const act: Write = (ticket, fields) => {
    const action = fields.get('ActionName')!;
    const step = WORKFLOW.find((one) => one.action === action && one.from.includes(ticket.state));
    if (!step) return text(500, processingError(action));
    ticket.state = step.to;
    if (fields.get('Comments')) ticket.comments += 1;
    tools.applied({ what: action, ticket: ticket.id });
    return text(200, step.to);
  };

  const comment: Write = (ticket) => {
    ticket.comments += 1;
    lastComment += 1;
    tools.applied({ what: 'comment', ticket: ticket.id });
    return text(200, `comment${lastComment}.${TENANT}`);
  };

  const csrf = 'cookie and csrf';
  const filters = ['count', 'start', 'APIID', 'AppID', 'AuthorID', 'RetrievingUserID'];
  // UserID belongs to the documented Action object, though the sample has none.
  const action = write(['ActionName'], ['Comments', 'UserID'], act);
  const operations: readonly Operation[] = [
    { line: /^POST \/api\/login$/, signIn: 'none', answer: login },
    { line: /^POST \/api\/login\/renewToken$/, signIn: csrf, answer: renew },
    { line: /^GET \/api\/tickets$/, signIn: 'cookie', answer: list, parameters: filters },
    { line: /^GET \/api\/tickets\/([^/]+)$/, signIn: 'cookie', answer: one },
    { line: /^POST \/api\/tickets\/([^/]+)\/actions$/, signIn: csrf, answer: action },
    {
      line: /^POST \/api\/tickets\/([^/]+)\/comments$/,
      signIn: csrf,
      answer: write(['Content'], ['UserID'], comment),
    },
  ];

  /** A wrong verb and a mistyped parameter are 404 as well: see Ref_HTTPStatusCodes.htm. */
  const handle = (arrival: ReceivedRequest): CannedResponse => {
    const line = `${arrival.method} ${arrival.path}`;
    const operation = operations.find((candidate) => candidate.line.test(line));
    if (!operation) return text(404, 'Not found');
    const { signIn, answer, parameters = [] } = operation;
    if (!sessions.admits(arrival, signIn)) return text(401, 'Unauthorized');
    const typo = [...arrival.query.keys()].find((name) => !parameters.includes(name));
    if (typo !== undefined) return text(404, 'Not found');
    const id = decodeSegment(operation.line.exec(line)?.[1] ?? '');
    return id === undefined ? text(400, 'Malformed path') : answer(arrival, id);
  };

  return { handle, ticketIds: () => tickets.map(({ id }) => id), expireTokens: sessions.expireAll };
}

/** The error body is not documented. This one must not be trusted: a state, markup, a trace and a secret. */
function processingError(action: string): string {
  return [
    'RESOLVED',
    `<h1>java.lang.IllegalStateException: no transition for ${action}</h1>`,
    '\tat com.example.workflow.TicketWorkflow.doAction(TicketWorkflow.java:214)',
    '\tat com.example.workflow.Engine.run(Engine.java:88) [jdbc:db2://db.internal/cm password=not-real]',
  ].join('\n');
}

export const simulation: Simulation = {
  key: 'akana',
  settings: (url) => ({
    AKANA_URL: url,
    AKANA_TENANT: TENANT,
    AKANA_USERNAME: USERNAME,
    AKANA_PASSWORD: PASSWORD,
  }),
  start,
  changesNothing: ({ path }) => path.startsWith('/api/login'),
  samples: {
    ticketId: `ticket25687.${TENANT}`,
    otherSpellings: [`TICKET25687.${TENANT}`, 'ticket25687.AcmePaymentsCorp'],
    unknownId: 'ticket1.nowhere',
    invalidIds: [
      '../x',
      'a/b',
      '..',
      'a.b?c',
      `${'a'.repeat(200)}.b`,
      `ticket25687.${TENANT}.`,
      `ticket25687%2E${TENANT}`,
    ],
    action: 'ticket.action.resolve',
    discardingActions: [],
    acceptedStatus: 200,
    writes: [
      {
        title: 'executeAction resolve',
        ...sampleResolve('done'),
        ticketIds: [`ticket25687.${TENANT}`],
        effect: 'ticket.action.resolve',
        canBeVerified: true,
        acceptsEmpty: false,
      },
    ],
    keyedAction: sampleResolve('Done.').input,
    inputs: (text) => [
      sampleResolve(text),
      {
        mutation: 'setStatus',
        input: { ticketIds: [`akana:ticket25687.${TENANT}`], status: 'CLOSED', comment: text },
      },
    ],
    connections: [
      {
        title: 'Akana with a session that is given',
        settings: {
          AKANA_USERNAME: '',
          AKANA_PASSWORD: '',
          AKANA_AUTH_TOKEN: 'to%2Bken',
          AKANA_CSRF_TOKEN: 'csrf',
        },
        write: sampleResolve('with a session'),
      },
      {
        title: 'Akana with a token alone',
        settings: { AKANA_USERNAME: '', AKANA_PASSWORD: '', AKANA_AUTH_TOKEN: 'to%2Bken' },
        write: sampleResolve('with a token'),
      },
    ],
    signIn: {
      addressSetting: 'AKANA_URL',
      unusableTokens: [
        {
          status: 200,
          headers: { 'content-type': JSON_TYPE, 'set-cookie': `${AUTH_COOKIE}="abc def"` },
          body: '{}',
        },
        `HTTP/1.1 200 OK\r\nSet-Cookie: ${AUTH_COOKIE}=abc\rX-Evil: 1\r\nContent-Length: 2\r\n\r\n{}`,
      ],
    },
    list: {
      path: '/api/tickets',
      total: null,
      offset: 'start',
      limit: 'count',
      entry: (n, createdAt) => ({
        TicketID: `ticket${n}.${TENANT}`,
        Title: `Ticket ${n}`,
        State: 'OPEN',
        Created: createdAt,
      }),
      page: (entries, total) => ({ Tickets: { Ticket: entries, ...(total !== null && { TotalCount: total }) } }),
    },
  },
};

function sampleResolve(comment: string): SampleInput {
  const ticketId = `akana:ticket25687.${TENANT}`;
  return { mutation: 'executeAction', input: { ticketId, action: 'ticket.action.resolve', comment } };
}
