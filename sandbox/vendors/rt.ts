/**
 * Simulates REST 2.0 of Request Tracker 5 (Best Practical), after its manual, which `GET /REST/2.0/` serves, and after what
 * an installation of Debian's package 5.0.3 answers: https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html
 *
 * Left out: attachments, bulk operations, roles of the installation's own, mails and the transactions that they leave,
 * dependencies, approvals. Searches know the conditions on id, Status and Subject only.
 *
 * One file, to be read beside the manual: each endpoint is as strict, and as vague, as the real one.
 */
import { isObject, json, mediaTypeOf, parseJson, type Unchecked } from '../reply.ts';
import {
  MERGED,
  QUEUES,
  SEEDS,
  USERS,
  say,
  sayForbidden,
  sayOwnerChanged,
  sayStatusChanged,
  type Queue,
  type User,
} from '../seeds/rt.ts';
import { parseTicketSql, toLikePattern } from '../ticket-sql.ts';
import type {
  CannedResponse,
  ReceivedRequest,
  SampleInput,
  SimulatedVendor,
  Simulation,
  SimulationTools,
} from '../simulation.ts';

const BASE = '/REST/2.0';
const NOBODY = 'Nobody';
const GATEWAY = USERS.find(({ name }) => name === 'gateway')!;

export const simulation: Simulation = {
  key: 'rt',
  settings: (url) => ({ RT_URL: url, RT_USERNAME: GATEWAY.name, RT_PASSWORD: GATEWAY.password }),
  start: startRt,
  samples: {
    ticketId: '6',
    unknownId: '4711',
    invalidIds: ['', '0', '06', '6/history', 'bulk', '+6', ' 6', '٦', '12345678901'],
    action: 'status.resolved',
    refusedAction: 'status.nonsense',
    discardingActions: [],
    acceptedStatus: 200,
    writes: [
      sampleWrite(
        'executeAction status.resolved',
        'executeAction',
        { ticketId: 'rt:6', action: 'status.resolved' },
        '6',
        ['Status resolved'],
      ),
      sampleWrite('setStatus', 'setStatus', { ticketIds: ['rt:2'], status: 'OPEN' }, '2', ['Status open']),
      sampleWrite('executeAction take', 'executeAction', { ticketId: 'rt:6', action: 'take' }, '6', ['Owner gateway']),
      sampleWrite('updateTicket', 'updateTicket', { ticketId: 'rt:6', title: 'Pink' }, '6', ['Subject']),
      sampleWrite('deleteTickets', 'deleteTickets', { ticketIds: ['rt:2'] }, '2', ['Status deleted']),
      {
        ...sampleWrite(
          'executeAction comment',
          'executeAction',
          { ticketId: 'rt:6', action: 'comment', inputs: { content: 'Seen.' } },
          '6',
          ['Comment'],
        ),
        canBeVerified: false,
      },
    ],
    keyedAction: { ticketId: 'rt:6', action: 'status.stalled' },
    rejected: [
      { mutation: 'executeAction', input: { ticketId: 'rt:6', action: 'status.nonsense' } },
      { mutation: 'createTicket', input: { ticket: { rt: { queue: 'Nope' } } } },
    ],
    inputs: sampleInputs,
    connections: [
      {
        title: 'Request Tracker with an auth token',
        settings: { RT_USERNAME: '', RT_PASSWORD: '', RT_TOKEN: GATEWAY.token },
        write: { mutation: 'executeAction', input: { ticketId: 'rt:6', action: 'take' } },
      },
    ],
    errorBody: (message) => ({ message }),
    list: {
      path: `${BASE}/tickets`,
      // Neither the deleted ticket nor the merged one.
      total: SEEDS.length - 2,
      offset: 'page',
      limit: 'per_page',
      isByPage: true,
      entry: (n, createdAt) => ({ id: String(n + 1), type: 'ticket', Status: 'open', Created: createdAt }),
      page: (items, total) => ({ items, ...(total !== null && { total }) }),
    },
  },
};

function sampleWrite(title: string, mutation: string, input: Unchecked, ticketId: string, [effect]: readonly [string]) {
  return { title, mutation, input, ticketIds: [ticketId], effect, canBeVerified: true, acceptsEmpty: false };
}

function sampleInputs(words: string): SampleInput[] {
  const ticketId = 'rt:6';
  const customFields = [{ name: 'Asset tag', values: [words] }];
  const rt = { queue: 'Support', subject: words, requestors: ['a@example.com', 'b@example.com'], content: words };
  return [
    { mutation: 'executeAction', input: { ticketId, action: 'status.stalled' } },
    { mutation: 'executeAction', input: { ticketId, action: 'correspond', inputs: { content: words } } },
    { mutation: 'setStatus', input: { ticketIds: [ticketId, 'rt:7', ticketId], status: 'SOLVED' } },
    { mutation: 'createTicket', input: { ticket: { rt: { ...rt, owner: 'gateway', priority: 20, customFields } } } },
    { mutation: 'updateTicket', input: { ticketId, title: words } },
    { mutation: 'deleteTickets', input: { ticketIds: [ticketId, 'rt:7'] } },
  ];
}

// ---- State ----------------------------------------------------------------------------------------------

interface Transaction {
  readonly id: number;
  readonly type: string;
  readonly field: string | null;
  readonly oldValue: string | null;
  readonly newValue: string | null;
  readonly creator: string;
  readonly created: string;
}

interface Ticket {
  readonly id: number;
  /** The ticket that answers under this number. */
  effectiveId: number;
  readonly queue: Queue;
  readonly creator: string;
  readonly created: string;
  readonly requestors: readonly string[];
  readonly customFields: Map<string, readonly string[]>;
  readonly history: Transaction[];
  subject: string;
  status: string;
  owner: string;
  priority: number;
  started: string;
  resolved: string;
  due: string;
  /** Time of the last reply. */
  told: string;
  lastUpdated: string;
  lastUpdatedBy: string;
}

/** The tickets and the tools that every operation uses. */
interface Tracker {
  readonly tickets: Ticket[];
  nextTransaction: number;
  readonly startedAt: number;
  readonly tools: SimulationTools;
}

/** A request by a user. */
interface Visit {
  readonly tracker: Tracker;
  readonly arrival: ReceivedRequest;
  readonly user: User;
}

/** How a time that is not set reads. */
const NOT_SET = '1970-01-01T00:00:00Z';

const HOUR_MS = 3_600_000;

function startRt(tools: SimulationTools): SimulatedVendor {
  const quiet = { ...tools, applied: () => undefined };
  const tracker: Tracker = { tickets: [], nextTransaction: 40, startedAt: tools.now(), tools: quiet };
  SEEDS.forEach((seed, index) => {
    // The lower the number, the older.
    const at = stamp(tools.now() - (SEEDS.length - index) * 7 * HOUR_MS);
    const queue = QUEUES.find(({ name }) => name === seed.queue)!;
    const ticket = addTicket(tracker, queue, 'gateway', at, seed.subject, [seed.requestor]);
    ticket.priority = ((index + 1) * 7) % 100;
    if (seed.dueDays !== null) ticket.due = stamp(tools.now() + seed.dueDays * 24 * HOUR_MS);
    if (seed.severity !== null) ticket.customFields.set('Severity', [seed.severity]);
    for (const status of seed.path) changeStatus(tracker, ticket, status, 'gateway', at);
    if (seed.owner !== NOBODY) changeOwner(tracker, ticket, seed.owner, 'gateway', at);
  });
  merge(tracker, tracker.tickets[MERGED.from - 1]!, tracker.tickets[MERGED.into - 1]!, 'gateway');
  const running = { ...tracker, tools };
  return {
    handle: (arrival) => handle(running, arrival),
    ticketIds: () =>
      running.tickets
        .filter(isFound)
        .map(({ id }) => String(id))
        .toReversed(),
  };
}

/** Whether a search finds it: neither deleted nor merged. */
function isFound({ id, effectiveId, status }: Ticket): boolean {
  return id === effectiveId && status !== 'deleted';
}

function stamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function addTicket(
  tracker: Tracker,
  queue: Queue,
  creator: string,
  created: string,
  subject: string,
  requestors: readonly string[],
): Ticket {
  const id = tracker.tickets.length + 1;
  const times = { created, started: NOT_SET, resolved: NOT_SET, due: NOT_SET, told: NOT_SET, lastUpdated: created };
  const people = { creator, requestors, owner: NOBODY, lastUpdatedBy: creator };
  const customFields = new Map<string, readonly string[]>();
  const status = queue.lifecycle.onCreate;
  const ticket = {
    id,
    effectiveId: id,
    queue,
    ...people,
    ...times,
    customFields,
    history: [],
    subject,
    status,
    priority: 0,
  };
  tracker.tickets.push(ticket);
  record(tracker, ticket, 'Create', null, null, null, creator, created);
  return ticket;
}

/** Adds a transaction. Their numbers are common to all tickets. */
function record(
  tracker: Tracker,
  ticket: Ticket,
  type: string,
  field: string | null,
  oldValue: string | null,
  newValue: string | null,
  creator: string,
  created: string,
): number {
  const id = tracker.nextTransaction;
  tracker.nextTransaction += 1;
  ticket.history.push({ id, type, field, oldValue, newValue, creator, created });
  ticket.lastUpdated = created;
  ticket.lastUpdatedBy = creator;
  return id;
}

function changeStatus(tracker: Tracker, ticket: Ticket, to: string, by: string, at: string): void {
  const { lifecycle } = ticket.queue;
  record(tracker, ticket, 'Status', 'Status', ticket.status, to, by, at);
  if (lifecycle.initial.includes(ticket.status) && !lifecycle.initial.includes(to)) ticket.started = at;
  // It stays when the ticket is opened again.
  if (lifecycle.inactive.includes(to)) ticket.resolved = at;
  ticket.status = to;
  tracker.tools.applied({ what: `Status ${to}`, ticket: String(ticket.id) });
}

/** Recorded twice, as the field of the ticket and as its role, whatever the verb. */
function changeOwner(tracker: Tracker, ticket: Ticket, to: string, by: string, at: string): void {
  for (const type of ['Set', 'SetWatcher']) {
    record(tracker, ticket, type, 'Owner', idOfUser(ticket.owner), idOfUser(to), by, at);
  }
  ticket.owner = to;
  tracker.tools.applied({ what: `Owner ${to}`, ticket: String(ticket.id) });
}

/** Transactions name users by number. */
function idOfUser(name: string): string {
  return String(USERS.find((user) => user.name === name)?.id ?? 6);
}

function merge(tracker: Tracker, from: Ticket, into: Ticket, by: string): void {
  from.effectiveId = into.id;
  for (const ticket of [from, into]) {
    const link = `fsck.com-rt://rt.test/ticket/${into.id}`;
    record(tracker, ticket, 'AddLink', 'MergedInto', null, link, by, stamp(tracker.tools.now()));
  }
  // From now on, the two have one history.
  into.history.push(...from.history);
  into.history.sort((one, other) => one.id - other.id);
}

// ---- Answers --------------------------------------------------------------------------------------------

/** Errors name the encoding without quotes, and so does the answer to a creation; all others with quotes. */
const PLAIN = { 'content-type': 'application/json; charset=utf-8' };
const QUOTED = { 'content-type': 'application/json; charset="utf-8"' };

const message = (status: number, words: string): CannedResponse => json(status, { message: words }, PLAIN);
const answer = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): CannedResponse =>
  json(status, value, { ...QUOTED, ...headers });

// ---- Routes ---------------------------------------------------------------------------------------------

function handle(tracker: Tracker, arrival: ReceivedRequest): CannedResponse {
  if (!arrival.path.startsWith(`${BASE}/`)) return toLogin('NoAuth/Login.html', { 'set-cookie': 'RT_SID=1' });
  const user = signedIn(arrival);
  if (!user) return notSignedIn(arrival);
  // Last-Modified is not an HTTP date here, and comparing with it fails.
  if (arrival.headers['if-unmodified-since'] ?? arrival.headers['if-modified-since']) return empty(500);
  if (arrival.method === 'PATCH') return message(501, 'Not Implemented');
  const accept = arrival.headers['accept'];
  if (accept !== undefined && !/application\/json|\*\/\*/.test(accept)) return message(406, 'Not Acceptable');
  return route({ tracker, arrival, user }, arrival.path.slice(BASE.length).replace(/\/$/, ''));
}

function empty(status: number): CannedResponse {
  return { status, headers: { 'content-type': 'application/json' } };
}

function signedIn({ headers, query }: ReceivedRequest): User | undefined {
  const [, scheme = '', credential = ''] = /^(\S+) (\S+)$/.exec(headers['authorization'] ?? '') ?? [];
  if (scheme.toLowerCase() === 'basic') {
    const [name, ...password] = Buffer.from(credential, 'base64').toString('utf8').split(':');
    return USERS.find((user) => user.name === name && user.password === password.join(':'));
  }
  const token = scheme.toLowerCase() === 'token' ? credential : query.get('token');
  return USERS.find((user) => user.token === token);
}

/** A browser is sent to the login page. */
function notSignedIn({ headers }: ReceivedRequest): CannedResponse {
  const isBrowser = headers['cookie'] !== undefined || (headers['user-agent'] ?? '').includes('Mozilla');
  return isBrowser ? toLogin('', {}) : message(401, 'Unauthorized');
}

function toLogin(where: string, headers: Readonly<Record<string, string>>): CannedResponse {
  return {
    status: 302,
    headers: { location: `/${where}`, ...headers },
    body: 'Login required',
  };
}

function route(visit: Visit, path: string): CannedResponse {
  const { method } = visit.arrival;
  const [, id = '', verb = ''] = /^\/ticket\/(\d+)(?:\/(\w+))?$/.exec(path) ?? [];
  if (id !== '') return routeTicket(visit, id, verb);
  const userName = /^\/user\/([^/]+)$/.exec(path)?.[1];
  if (userName !== undefined && method === 'GET') return readUser(visit, userName);
  switch (`${method} ${path}`) {
    case 'GET /tickets':
      return search(visit);
    case 'GET /queues/all':
      return listQueues(visit);
    case 'POST /ticket':
      return withJsonBody(visit, (body) => create(visit, body));
    default:
      return message(404, 'Not Found');
  }
}

function routeTicket(visit: Visit, id: string, verb: string): CannedResponse {
  const { method } = visit.arrival;
  const ticket = findTicket(visit, id);
  const operation = `${method} ${verb}`;
  if (operation === 'GET history') return listHistory(visit, ticket);
  // The right is checked before the ticket is looked for.
  if (operation === 'POST comment' || operation === 'POST correspond') {
    return ticket && mayWork(visit.user, ticket)
      ? ifAnyMatches(visit, () =>
          withJsonBody(visit, (body) => addMessage(visit, ticket, verb === 'comment' ? 'Comment' : 'Correspond', body)),
        )
      : message(400, say(visit.user, 'Permission Denied'));
  }
  if (!ticket) return method === 'PUT' ? message(404, 'Resource does not exist; use POST to create') : notFound();
  if (!maySee(visit.user, ticket)) return message(403, 'Forbidden');
  switch (operation) {
    case 'GET ':
      return answer(200, toDocument(visit, ticket), { etag: etagOf(visit.user, ticket) });
    case 'PUT ':
      return ifMatches(visit, ticket, () => withJsonBody(visit, (body) => update(visit, ticket, body)));
    case 'PUT take':
    case 'PUT untake':
    case 'PUT steal':
      return ifMatches(visit, ticket, () => withJsonBody(visit, () => handOver(visit, ticket, verb)));
    case 'DELETE ':
      return remove(visit, ticket);
    case 'POST ':
      return message(409, 'Resource already exists; use PUT to update');
    default:
      return verb === ''
        ? json(405, { message: 'Method Not Allowed' }, { ...PLAIN, allow: 'GET,HEAD,PUT,DELETE' })
        : notFound();
  }
}

function notFound(): CannedResponse {
  return message(404, 'Not Found');
}

/** A merged ticket answers as the one into which it was merged. */
function findTicket({ tracker }: Visit, id: string): Ticket | undefined {
  const named = tracker.tickets[Number(id) - 1];
  return named && tracker.tickets[named.effectiveId - 1];
}

function mayWork(user: User, { queue }: Pick<Ticket, 'queue'>): boolean {
  return user.worksIn.includes(queue.name);
}

function maySee(user: User, { queue }: Ticket): boolean {
  return user.worksIn.includes(queue.name) || user.looksAt.includes(queue.name);
}

/** Number of the newest transaction. */
/** Number of the newest transaction that the user may see. */
function etagOf(user: User, ticket: Ticket): string {
  return `"${visibleHistory(user, ticket).at(-1)!.id}"`;
}

/** Comments are internal: who may only look does not see them. */
function visibleHistory(user: User, ticket: Ticket): readonly Transaction[] {
  if (!maySee(user, ticket)) return [];
  return mayWork(user, ticket) ? ticket.history : ticket.history.filter(({ type }) => type !== 'Comment');
}

function ifMatches({ arrival, user }: Visit, ticket: Ticket, go: () => CannedResponse): CannedResponse {
  const wanted = arrival.headers['if-match'];
  if (wanted === undefined || wanted === '*' || wanted === etagOf(user, ticket)) return go();
  return message(412, 'Precondition Failed');
}

/** A message has no version, so that only `*` matches. */
function ifAnyMatches({ arrival }: Visit, go: () => CannedResponse): CannedResponse {
  const wanted = arrival.headers['if-match'];
  return wanted === undefined || wanted === '*' ? go() : message(412, 'Precondition Failed');
}

function withJsonBody({ arrival }: Visit, go: (body: Unchecked) => CannedResponse): CannedResponse {
  if (mediaTypeOf(arrival) !== 'application/json') return message(415, 'Unsupported Media Type');
  const body = parseJson(arrival.body);
  return isObject(body) ? go(body) : message(400, 'JSON parse error: malformed JSON string');
}

// ---- Documents ------------------------------------------------------------------------------------------

/** The host of the installation's own settings, whatever host was called. */
const HOST = 'http://rt.example';

const urlOf = (rest: string): string => `${HOST}${BASE}${rest}`;
const userLink = (name: string): Unchecked => ({ type: 'user', id: name, _url: urlOf(`/user/${name}`) });

/** Without the queue's name, unless it is asked for. */
function queueLink(visit: Visit, { id, name }: Queue): Unchecked {
  const isNamed = visit.arrival.query.get('fields[Queue]')?.split(',').includes('Name');
  return { type: 'queue', id: String(id), _url: urlOf(`/queue/${id}`), ...(isNamed && { Name: name }) };
}

function toDocument(visit: Visit, ticket: Ticket): Unchecked {
  return {
    id: ticket.id,
    Type: 'ticket',
    Subject: ticket.subject,
    Status: ticket.status,
    Priority: String(ticket.priority),
    InitialPriority: '0',
    FinalPriority: '0',
    Queue: queueLink(visit, ticket.queue),
    Owner: userLink(ticket.owner),
    Creator: userLink(ticket.creator),
    LastUpdatedBy: userLink(ticket.lastUpdatedBy),
    Requestor: ticket.requestors.map(userLink),
    Cc: [],
    AdminCc: [],
    Created: ticket.created,
    LastUpdated: ticket.lastUpdated,
    Started: ticket.started,
    Resolved: ticket.resolved,
    Starts: NOT_SET,
    Due: ticket.due,
    ...(ticket.told !== NOT_SET && { Told: ticket.told }),
    TimeWorked: '0',
    TimeLeft: '0',
    TimeEstimated: '0',
    EffectiveId: { type: 'ticket', id: String(ticket.id), _url: urlOf(`/ticket/${ticket.id}`) },
    CustomFields: fieldLinks(ticket).map((link) => ({
      ...link,
      values: ticket.customFields.get(link.name) ?? [],
    })),
    _hyperlinks: linksOf(visit, ticket),
  };
}

function fieldLinks({ queue }: Ticket): (Unchecked & { readonly name: string })[] {
  return queue.customFields.map(({ id, name }) => ({
    type: 'customfield',
    id: String(id),
    name,
    _url: urlOf(`/customfield/${id}`),
  }));
}

/** What the rights of the user and the buttons of the lifecycle admit. */
function linksOf(visit: Visit, ticket: Ticket): Unchecked[] {
  const { user } = visit;
  const { id, queue, status } = ticket;
  const own = urlOf(`/ticket/${id}`);
  const looking = [
    { ref: 'self', type: 'ticket', id, _url: own },
    ...fieldLinks(ticket).map((link) => ({ ref: 'customfield', ...link })),
    { ref: 'history', _url: `${own}/history` },
  ];
  if (!mayWork(user, ticket)) return looking;
  const buttons = Object.entries(queue.lifecycle.buttons).flatMap(([arrow, { label, update }]) => {
    const [from, to = ''] = arrow.split(' -> ');
    const where = update === undefined ? own : `${own}/${update === 'Respond' ? 'correspond' : 'comment'}`;
    return from === status
      ? [{ ref: 'lifecycle', from, to, label: say(user, label), ...(update && { update }), _url: where }]
      : [];
  });
  const messages = ['correspond', 'comment'].map((ref) => ({ ref, _url: `${own}/${ref}` }));
  return [...looking, ...messages, ...buttons];
}

function readUser(visit: Visit, name: string): CannedResponse {
  const found = USERS.find((each) => each.name === name || String(each.id) === name);
  if (!found) return notFound();
  const times = { Created: stamp(visit.tracker.startedAt), LastUpdated: stamp(visit.tracker.startedAt) };
  const by = { Creator: userLink('RT_System'), LastUpdatedBy: userLink('RT_System') };
  const self = urlOf(`/user/${found.id}`);
  const document = {
    id: found.id,
    Name: found.name,
    RealName: found.realName,
    EmailAddress: `${found.name}@rt.test`,
    // Visible to the user alone.
    ...(found === visit.user && found.language !== null && { Lang: found.language }),
    Disabled: '0',
    Privileged: 1,
    Memberships: [],
    CustomFields: [],
    ...times,
    ...by,
    _hyperlinks: [
      { ref: 'self', type: 'user', id: found.id, _url: self },
      { ref: 'history', _url: `${self}/history` },
    ],
  };
  return answer(200, document, { etag: `"${found.id}"` });
}

function listQueues(visit: Visit): CannedResponse {
  const { user } = visit;
  const seen = QUEUES.filter(({ name }) => user.worksIn.includes(name) || user.looksAt.includes(name));
  const items = seen.map(({ id, name }) => ({
    type: 'queue',
    id: String(id),
    Name: name,
    _url: urlOf(`/queue/${id}`),
  }));
  return answer(200, { count: items.length, total: null, page: 1, per_page: 20, items });
}

// ---- Lists ----------------------------------------------------------------------------------------------

/** 0 and what is not a number are the default; more than 100 is 100. */
function pageSize(query: URLSearchParams): number {
  const wanted = query.get('per_page') ?? '';
  return /^\d+$/.test(wanted) ? Math.min(Number(wanted) || 20, 100) : 20;
}

function pageNumber(query: URLSearchParams): number {
  const wanted = query.get('page') ?? '';
  return /^\d+$/.test(wanted) ? Number(wanted) || 1 : 1;
}

function toPage<Row>(
  visit: Visit,
  rows: readonly Row[],
  toItem: (row: Row) => Unchecked,
  isCounted: boolean,
): Unchecked {
  const { query } = visit.arrival;
  const [perPage, page] = [pageSize(query), pageNumber(query)];
  const items = rows.slice((page - 1) * perPage, page * perPage).map(toItem);
  const pages = Math.ceil(rows.length / perPage);
  const counted = isCounted ? { total: rows.length, pages } : { total: null, pages: null };
  return {
    count: items.length,
    page,
    per_page: perPage,
    items,
    ...counted,
    ...(isCounted && page < pages && { next_page: pageLink(visit, page + 1) }),
    ...(isCounted && page > 1 && { prev_page: pageLink(visit, Math.min(page - 1, pages)) }),
  };
}

/** The page is the last parameter, whatever its place was. */
function pageLink(visit: Visit, page: number): string {
  const query = new URLSearchParams(visit.arrival.query);
  query.delete('page');
  query.append('page', String(page));
  return `${urlOf('/tickets')}?${query.toString()}`;
}

function search(visit: Visit): CannedResponse {
  const { tracker, arrival, user } = visit;
  const { query } = arrival;
  const condition = parseQuery(query.get('query') ?? '');
  if (typeof condition === 'string') return message(400, condition);
  const found = tracker.tickets.filter((ticket) => isFound(ticket) && maySee(user, ticket) && condition(ticket));
  const sorted = sort(found, query.getAll('orderby'), query.getAll('order'));
  const fields = (query.get('fields') ?? '').split(',');
  const toItem = (ticket: Ticket): Unchecked => {
    const document = toDocument(visit, ticket);
    const own = { type: 'ticket', id: String(ticket.id), _url: urlOf(`/ticket/${ticket.id}`) };
    // A missing right and an unknown field are an empty text.
    return { ...own, ...Object.fromEntries(fields.filter(Boolean).map((name) => [name, document[name] ?? ''])) };
  };
  return answer(200, toPage(visit, sorted, toItem, true));
}

const SORT_KEYS: Readonly<Record<string, (ticket: Ticket) => string | number>> = {
  id: ({ id }) => id,
  Created: ({ created }) => created,
  LastUpdated: ({ lastUpdated }) => lastUpdated,
  Status: ({ status }) => status,
};

/** Without an order, any; with an unknown one, nothing is found. */
function sort(tickets: readonly Ticket[], keys: readonly string[], orders: readonly string[]): readonly Ticket[] {
  if (keys.length === 0) return tickets.toSorted((one, other) => (one.id % 7) - (other.id % 7));
  const known = keys.map((key, index) => [SORT_KEYS[key], orders[index] === 'DESC' ? -1 : 1] as const);
  if (known.some(([key]) => key === undefined)) return [];
  return tickets.toSorted((one, other) => {
    for (const [key, direction] of known) {
      const [left, right] = [key!(one), key!(other)];
      if (left !== right) return left < right ? -direction : direction;
    }
    return 0;
  });
}

function listHistory(visit: Visit, ticket: Ticket | undefined): CannedResponse {
  const { arrival, user } = visit;
  // A ticket that is missing or hidden has an empty history.
  const seen = ticket ? visibleHistory(user, ticket) : [];
  const isDescending = arrival.query.get('order') === 'DESC';
  const fields = (arrival.query.get('fields') ?? '').split(',').filter(Boolean);
  const toItem = (one: Transaction): Unchecked => {
    const document: Unchecked = {
      Type: one.type,
      Field: one.field ?? '',
      OldValue: one.oldValue ?? '',
      NewValue: one.newValue ?? '',
      Creator: userLink(one.creator),
      Created: one.created,
    };
    const own = { type: 'transaction', id: String(one.id), _url: urlOf(`/transaction/${one.id}`) };
    return { ...own, ...Object.fromEntries(fields.map((name) => [name, document[name] ?? ''])) };
  };
  return answer(200, toPage(visit, isDescending ? seen.toReversed() : seen, toItem, false));
}

// ---- TicketSQL ------------------------------------------------------------------------------------------

/** Errors quote a place in the program. */
const PLACE = '/usr/share/request-tracker5/lib/RT/Tickets.pm line 3187.\n';

type Condition = (ticket: Ticket) => boolean;

/** Returns the condition, or the error. No condition finds nothing. */
function parseQuery(sql: string): Condition | string {
  if (sql.trim() === '') return () => false;
  const condition = parseTicketSql(sql, toCondition);
  return typeof condition === 'string' ? `${condition} at ${PLACE}` : condition;
}

function toCondition(field: string, operator: string, words: string): Condition | string {
  const isNumber = /^\d+$/.test(words);
  switch (`${field} ${operator}`) {
    case 'id =':
      return ({ id }) => isNumber && id === Number(words);
    case 'id >':
      return ({ id }) => isNumber && id > Number(words);
    case 'Status =':
      return toStatusCondition(words.toLowerCase());
    case 'Subject =':
      return ({ subject }) => subject.toLowerCase() === words.toLowerCase();
    case 'Subject LIKE':
      return ({ subject }) => toLikePattern(words).test(subject);
    default:
      return `Unknown field: ${field}`;
  }
}

function toStatusCondition(word: string): Condition {
  const isInactive = ({ queue, status }: Ticket): boolean => queue.lifecycle.inactive.includes(status);
  if (word === '__inactive__') return isInactive;
  if (word === '__active__') return (ticket) => !isInactive(ticket);
  return ({ status }) => status === word;
}

// ---- Writes ---------------------------------------------------------------------------------------------

/** A value of a body as Perl reads it; empty for an object. */
function toText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function update(visit: Visit, ticket: Ticket, body: Unchecked): CannedResponse {
  const prefix = `Ticket ${ticket.id}: `;
  // Unknown fields are passed over without a word.
  const results = [
    ...(body['Owner'] === undefined ? [] : updateOwner(visit, ticket, toText(body['Owner']))),
    ...(body['Priority'] === undefined ? [] : updatePriority(visit, ticket, body['Priority'])),
    ...(body['Status'] === undefined ? [] : updateStatus(visit, ticket, toText(body['Status']))),
    ...(body['Subject'] === undefined ? [] : updateSubject(visit, ticket, toText(body['Subject']))),
  ];
  const others = [
    ...updateCustomFields(visit, ticket, body['CustomFields']),
    ...mergeInto(visit, ticket, body['MergeInto']),
  ];
  return answer(200, [...results.map((sentence) => `${prefix}${sentence}`), ...others]);
}

const at = ({ tracker }: Visit): string => stamp(tracker.tools.now());

function updateStatus(visit: Visit, ticket: Ticket, wanted: string): string[] {
  const { user, tracker } = visit;
  const to = wanted.toLowerCase();
  const { lifecycle } = ticket.queue;
  if (to === ticket.status) return [];
  if (!Object.hasOwn(lifecycle.transitions, to)) return [`Status '${wanted}' isn't a valid status for this ticket.`];
  if (!lifecycle.transitions[ticket.status]?.includes(to)) {
    return [sayForbidden(user, ticket.status, to)];
  }
  if (!mayWork(user, ticket)) return [say(user, 'Permission Denied')];
  const sentence = sayStatusChanged(user, ticket.status, to);
  changeStatus(tracker, ticket, to, user.name, at(visit));
  return [sentence];
}

/** Longest subject that is stored, in bytes. */
const MAX_SUBJECT = 200;

/** Longest value in the history, in bytes. */
const MAX_HISTORY_VALUE = 255;

function updateSubject(visit: Visit, ticket: Ticket, wanted: string): string[] {
  const { user, tracker } = visit;
  if (!mayWork(user, ticket)) return [say(user, 'Permission Denied')];
  const stored = toStoredSubject(wanted);
  if (stored === ticket.subject) return [];
  // The sentence has what the history has, which is longer than what is stored.
  const told = cut(inOneLine(wanted), MAX_HISTORY_VALUE);
  record(tracker, ticket, 'Set', 'Subject', ticket.subject, told, user.name, at(visit));
  const sentence = `Subject changed from ${sayValue(ticket.subject)} to ${sayValue(told)}`;
  ticket.subject = stored;
  tracker.tools.applied({ what: 'Subject', ticket: String(ticket.id) });
  return [sentence];
}

function toStoredSubject(wanted: string): string {
  return cut(inOneLine(wanted), MAX_SUBJECT);
}

function inOneLine(text: string): string {
  return text.replaceAll(/[\r\n]/g, '');
}

/** Whole characters of at most so many bytes. */
function cut(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}

/** Perl's idea of a value. */
function sayValue(text: string): string {
  return text === '' || text === '0' ? '(no value)' : `'${text}'`;
}

/** What is not a number is 0. */
function updatePriority(visit: Visit, ticket: Ticket, wanted: unknown): string[] {
  const { user, tracker } = visit;
  if (!mayWork(user, ticket)) return [say(user, 'Permission Denied')];
  const priority = Number.parseInt(toText(wanted), 10) || 0;
  if (priority === ticket.priority) return [];
  record(tracker, ticket, 'Set', 'Priority', String(ticket.priority), String(priority), user.name, at(visit));
  const sentence = `Priority changed from '${nameOfPriority(ticket.priority)}' to '${nameOfPriority(priority)}'`;
  ticket.priority = priority;
  tracker.tools.applied({ what: `Priority ${priority}`, ticket: String(ticket.id) });
  return [sentence];
}

function nameOfPriority(priority: number): string {
  return priority >= 100 ? 'High' : priority >= 50 ? 'Medium' : 'Low';
}

function updateOwner(visit: Visit, ticket: Ticket, wanted: string): string[] {
  const { user } = visit;
  const owner = USERS.find(({ name }) => name === wanted);
  if (!owner && wanted !== NOBODY) return ['That user does not exist'];
  if (!mayWork(user, ticket)) return [say(user, 'Permission Denied')];
  if (owner && !mayWork(owner, ticket)) return ['That user may not own tickets in that queue'];
  return setOwner(visit, ticket, wanted);
}

function setOwner(visit: Visit, ticket: Ticket, to: string): string[] {
  if (ticket.owner === to) return [say(visit.user, 'That user already owns that ticket')];
  const { user } = visit;
  const sentence = sayOwnerChanged(user, ticket.owner, to);
  changeOwner(visit.tracker, ticket, to, visit.user.name, at(visit));
  return [sentence];
}

function handOver(visit: Visit, ticket: Ticket, verb: string): CannedResponse {
  return answer(200, [handOverTo(visit, ticket, verb)].flat());
}

function handOverTo(visit: Visit, ticket: Ticket, verb: string): string | string[] {
  const { user } = visit;
  const { owner } = ticket;
  if (!mayWork(user, ticket)) return say(user, 'Permission Denied');
  if (verb === 'take') {
    if (owner !== NOBODY && owner !== user.name) return say(user, 'You can only take tickets that are unowned');
    return setOwner(visit, ticket, user.name);
  }
  if (verb === 'steal') {
    const isStolen = owner !== NOBODY && owner !== user.name;
    return isStolen ? setOwner(visit, ticket, user.name) : 'You can only steal a ticket owned by someone else';
  }
  // With the right to reassign tickets, also one of somebody else.
  return setOwner(visit, ticket, NOBODY);
}

function updateCustomFields({ user, tracker, ...visit }: Visit, ticket: Ticket, wanted: unknown): string[] {
  if (!isObject(wanted) || !mayWork(user, ticket)) return [];
  // Unknown fields are passed over without a word.
  return ticket.queue.customFields.flatMap(({ id, name, options }) => {
    if (wanted[name] === undefined) return [];
    const value = toText(wanted[name]);
    if (options && !options.includes(value)) return ['Invalid value for custom field'];
    const time = at({ user, tracker, ...visit });
    record(
      tracker,
      ticket,
      'CustomField',
      String(id),
      ticket.customFields.get(name)?.[0] ?? null,
      value,
      user.name,
      time,
    );
    ticket.customFields.set(name, [value]);
    tracker.tools.applied({ what: `CustomField ${name}`, ticket: String(ticket.id) });
    return [`${name} ${value} added`];
  });
}

function mergeInto({ user, tracker }: Visit, ticket: Ticket, wanted: unknown): string[] {
  const into = wanted === undefined ? undefined : tracker.tickets[Number(wanted) - 1];
  if (!into || !mayWork(user, ticket)) return [];
  merge(tracker, ticket, into, user.name);
  tracker.tools.applied({ what: `MergeInto ${into.id}`, ticket: String(ticket.id) });
  return ['Merge Successful'];
}

/** A refused status leaves the message, and is 201 as well. */
function addMessage(visit: Visit, ticket: Ticket, kind: 'Comment' | 'Correspond', body: Unchecked): CannedResponse {
  const { tracker, user } = visit;
  if (body['Content'] !== undefined && body['ContentType'] === undefined) {
    return message(400, 'ContentType is a required field for application/json');
  }
  const id = record(tracker, ticket, kind, null, null, null, user.name, at(visit));
  tracker.tools.applied({ what: kind, ticket: String(ticket.id) });
  const said = say(user, kind === 'Comment' ? 'Comments added' : 'Correspondence added');
  const status = body['Status'] === undefined ? [] : updateStatus(visit, ticket, toText(body['Status']));
  if (kind === 'Correspond') ticket.told = at(visit);
  // The stock scrip: a reply opens a ticket again that is not active. RT itself does it, on behalf of the user.
  if (kind === 'Correspond' && ticket.status === 'resolved') {
    changeStatus(tracker, ticket, 'open', 'RT_System', at(visit));
    ticket.lastUpdatedBy = user.name;
  }
  return answer(201, [said, ...status], { location: `${BASE}/transaction/${id}` });
}

/** A plain no is 500. */
function remove(visit: Visit, ticket: Ticket): CannedResponse {
  const { transitions } = ticket.queue.lifecycle;
  const isAllowed = mayWork(visit.user, ticket) && transitions[ticket.status]?.includes('deleted');
  if (!isAllowed) return message(500, 'Internal Server Error');
  changeStatus(visit.tracker, ticket, 'deleted', visit.user.name, at(visit));
  return { status: 204, headers: QUOTED };
}

function create(visit: Visit, body: Unchecked): CannedResponse {
  const { tracker, user } = visit;
  const wanted = body['Queue'];
  if (wanted === undefined || wanted === '') return message(400, 'Could not create ticket. Queue not set');
  const queue = QUEUES.find(({ id, name }) => [name.toLowerCase(), String(id)].includes(toText(wanted).toLowerCase()));
  if (!queue || !user.worksIn.includes(queue.name)) {
    return message(403, `No permission to create tickets in the queue '${toText(wanted)}'`);
  }
  const status = body['Status'];
  const { initial, transitions } = queue.lifecycle;
  if (status !== undefined && !Object.hasOwn(transitions, toText(status).toLowerCase())) {
    return message(400, `Status '${toText(status)}' isn't a valid status for tickets in this queue.`);
  }
  if (status !== undefined && !initial.includes(toText(status).toLowerCase())) {
    return message(400, `New tickets can not have status '${toText(status)}' in this queue.`);
  }
  const requestors = toPeople([body['Requestor'] ?? []].flat().map(toText));
  const ticket = addTicket(tracker, queue, user.name, at(visit), toStoredSubject(toText(body['Subject'])), requestors);
  ticket.priority = Number.parseInt(toText(body['Priority']), 10) || 0;
  // Who may not own it, and a custom field or value that is not known, is dropped without a word.
  const owner = USERS.find(({ name }) => name === body['Owner']);
  if (owner && mayWork(owner, ticket)) ticket.owner = owner.name;
  setCustomFields(ticket, body['CustomFields']);
  if (body['Due'] !== undefined) ticket.due = `${toText(body['Due']).replace(' ', 'T')}Z`;
  tracker.tools.applied({ what: 'Create', ticket: String(ticket.id) });
  const location = `${BASE}/ticket/${ticket.id}`;
  const link = { id: String(ticket.id), type: 'ticket', _url: urlOf(`/ticket/${ticket.id}`) };
  return json(201, link, { ...PLAIN, location });
}

/**
 * One text may name several, separated by commas. Users go by their name; what is neither an address nor a user is dropped
 * without a word.
 */
function toPeople(texts: readonly string[]): string[] {
  const named = texts.flatMap((text) => text.split(',')).map((text) => /<(.*)>/.exec(text)?.[1] ?? text.trim());
  const known = named
    .map((text) => text.toLowerCase())
    .flatMap((text) => findUserName(text) ?? (text.includes('@') ? text : []));
  return [...new Set(known)];
}

function findUserName(text: string): string | undefined {
  return USERS.find(({ name }) => text === name || text === `${name}@rt.test`)?.name;
}

/** Names and values in any letter case. */
function setCustomFields(ticket: Ticket, wanted: unknown): void {
  if (!isObject(wanted)) return;
  const given = new Map(
    Object.entries(wanted).map(([name, value]) => [name.toLowerCase(), [value].flat().map(toText)]),
  );
  for (const { name, options } of ticket.queue.customFields) {
    const values = given.get(name.toLowerCase()) ?? [];
    const known = options
      ? options.filter((option) => values.some((value) => value.toLowerCase() === option.toLowerCase()))
      : values;
    if (known.length > 0) ticket.customFields.set(name, known);
  }
}
