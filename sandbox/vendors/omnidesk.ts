/**
 * Simulates the ticket controller of Omnidesk (omnidesk.io, the Dutch helpdesk), as read from
 * https://docs.omnidesk.io/omnidesk/api-specification/ticket (operations, list query),
 * https://docs.omnidesk.io/omnidesk/api/authentication (the key in the query),
 * https://docs.omnidesk.io/omnidesk/ticket (the item) and https://docs.omnidesk.io/app/ticket (its timeline).
 *
 * Invented, where the pages are silent: the list envelope and its order, the answers to writes (those of the
 * sibling resource formfield), all bodies of 401, 404 and 405, the spelling of the `sla_breach_*` fields, the
 * names of views and batch actions, what is archived and that it takes no write, the zone of times (UTC), and every ticket but the number 858462.
 *
 * The file is long because the controller has twelve operations, which take forms and JSON alike, and because a ticket
 * of the page has close to forty fields; the tickets and their text are a third of it.
 */
import { z } from 'zod';
import { decodeSegment, isObject, json, mediaTypeOf, parseJson } from '../reply.ts';
import { createSeed, type Seed } from '../seed.ts';
import type {
  ReceivedRequest,
  CannedResponse,
  SimulatedVendor,
  Simulation,
  SimulationTools,
  SampleInput,
} from '../simulation.ts';

const API_KEY = 'sandbox-key';
const BASE = '/api/v2/ticket';
const STATUSES = ['new', 'open', 'pending', 'holding', 'solved', 'closed'] as const;
const PRIORITIES = ['low', 'medium', 'high', 'urgent'] as const;

/** The fields that a rule here reads or writes; the others only travel. */
interface Item {
  readonly id: number;
  readonly from: string;
  readonly from_name: string;
  assigned_user_id: number;
  customer_id: number;
  title: string;
  status: string;
  priority: string;
  closed_at: string | null;
  last_update: string;
  [field: string]: string | number | null;
}

interface Ticket {
  readonly item: Item;
  readonly timeline: Entry[];
}

/** The tickets, the clock and the ledger; what every operation works on. */
interface Desk {
  tickets: Ticket[];
  /** What only `searchArchived` lists, and what is read by its number all the same. Newest first. */
  readonly archived: readonly Ticket[];
  nextId: number;
  /** Customers by their external primary id; one that is not known yet is made. */
  readonly customers: Map<string, number>;
  readonly tools: SimulationTools;
}

export const simulation: Simulation = {
  key: 'omnidesk',
  settings: (url) => ({ OMNIDESK_URL: url, OMNIDESK_API_KEY: API_KEY }),
  start: startOmnidesk,
  samples: {
    ticketId: '858462',
    unknownId: '1',
    invalidIds: ['multi', '1/../2', '0x1', '', '١٢', '007', '+858462', '８５８４６２', ' 858462'],
    action: 'status.solved',
    discardingActions: [],
    acceptedStatus: 200,
    writes: [
      {
        title: 'setStatus of two',
        mutation: 'setStatus',
        input: { ticketIds: ['omnidesk:858462', 'omnidesk:858400'], status: 'SOLVED' },
        ticketIds: ['858462', '858400'],
        effect: 'setStatus solved',
        canBeVerified: true,
        acceptsEmpty: true,
      },
      {
        title: 'deleteTickets',
        mutation: 'deleteTickets',
        input: { ticketIds: ['omnidesk:858462'] },
        ticketIds: ['858462'],
        effect: 'delete',
        canBeVerified: true,
        acceptsEmpty: true,
      },
    ],
    keyedAction: { ticketId: 'omnidesk:858462', action: 'priority.urgent' },
    rejected: [
      { mutation: 'executeAction', input: { ticketId: 'omnidesk:1', action: 'status.solved' } },
      { mutation: 'createTicket', input: { ticket: { omnidesk: { title: 'without a brand' } } } },
    ],
    inputs: sampleInputs,
    connections: [
      { title: 'Omnidesk in JSON', settings: { OMNIDESK_BODY: 'json' }, write: sampleUpdate('in JSON') },
      {
        title: 'Omnidesk with a key that needs encoding',
        settings: { OMNIDESK_API_KEY: 'k=&y /+%' },
        write: sampleUpdate('encoded'),
      },
    ],
    errorBody: (message) => ({ status: 'error', message }),
    list: {
      path: '/api/v2/ticket',
      total: 52,
      offset: 'itemStart',
      limit: 'itemLimit',
      entry: (n, createdAt) => ({ id: n + 1, title: `Ticket ${n}`, status: 'open', created_at: createdAt }),
      page: (items, total) => ({ items, ...(total !== null && { total }) }),
    },
  },
};

function sampleUpdate(text: string): SampleInput {
  const changes = { title: text, externalCustomerId: text, status: 'SOLVED' };
  return { mutation: 'updateTicket', input: { ticketId: 'omnidesk:858462', ...changes } };
}

function sampleInputs(text: string): SampleInput[] {
  const ticketId = 'omnidesk:858462';
  const ends = { from: 'a@b', fromName: text, to: 'c' };
  const omnidesk = { brandId: 1, channelId: 2, direction: 'INBOUND', ...ends, title: text };
  return [
    { mutation: 'executeAction', input: { ticketId, action: 'status.holding' } },
    { mutation: 'setStatus', input: { ticketIds: [ticketId, 'omnidesk:858461'], status: 'SOLVED' } },
    { mutation: 'setPriority', input: { ticketIds: [ticketId], priority: 'URGENT' } },
    { mutation: 'createTicket', input: { ticket: { omnidesk } } },
    sampleUpdate(text),
    { mutation: 'deleteTickets', input: { ticketIds: [ticketId, 'omnidesk:858461', ticketId] } },
    { mutation: 'unlinkCustomer', input: { ticketId } },
    { mutation: 'runBatch', input: { ticketIds: [ticketId], actions: [{ actionType: 'addTag', value: text }] } },
    { mutation: 'solveUnfinishedTickets', input: { confirm: true } },
  ];
}

function startOmnidesk(tools: SimulationTools): SimulatedVendor {
  const tickets = seedTickets(tools.now());
  const archived = seedArchive(tools.now(), tickets.at(-1)!.item.id);
  const desk: Desk = { tickets, archived, nextId: tickets[0]!.item.id + 1, customers: new Map(), tools };
  return {
    handle: (arrival) => handle(desk, arrival),
    ticketIds: () => desk.tickets.map(({ item }) => String(item.id)),
  };
}

// ---- Answers --------------------------------------------------------------------------------------------

const refuse = (status: number, message: string): CannedResponse => json(status, { status: 'error', message });
const succeed = (): CannedResponse => json(200, { type: 'result', message: 'Successful response' });
const itemReply = ({ item, timeline }: Ticket, withHistory: boolean): CannedResponse =>
  json(200, { type: 'item', item: { ...item, timeline: withHistory ? timeline : [] } });

// ---- Routes ---------------------------------------------------------------------------------------------

type Operation = (desk: Desk, arrival: ReceivedRequest) => CannedResponse;
type ItemOperation = (desk: Desk, arrival: ReceivedRequest, ticket: Ticket) => CannedResponse;

function handle(desk: Desk, arrival: ReceivedRequest): CannedResponse {
  const keys = arrival.query.getAll('apiKey');
  if (keys.length !== 1 || keys[0] !== API_KEY) return refuse(401, 'Invalid or missing API key');
  const name = resourceName(arrival.path);
  if (name === undefined) return refuse(404, 'Resource not found');
  const operation = OPERATIONS[`${arrival.method} ${name}`];
  if (operation) return operation(desk, arrival);
  if (name === '') return notAllowed('GET, POST');
  return handleItem(desk, arrival, name);
}

/** What follows the collection's path: empty for the collection itself. Decoded, as routers do. */
function resourceName(path: string): string | undefined {
  if (path === BASE) return '';
  const name = path.startsWith(`${BASE}/`) ? path.slice(BASE.length + 1) : '';
  return name === '' || name.includes('/') ? undefined : decodeSegment(name);
}

function handleItem(desk: Desk, arrival: ReceivedRequest, name: string): CannedResponse {
  const isNumber = /^[0-9]+$/.test(name);
  const operation = ITEM_OPERATIONS[arrival.method];
  if (!operation) return isNumber ? notAllowed('GET, PUT, DELETE') : refuse(404, 'Resource not found');
  const tickets = arrival.method === 'GET' ? [...desk.tickets, ...desk.archived] : desk.tickets;
  const ticket = tickets.find(({ item }) => String(item.id) === name);
  return ticket ? operation(desk, arrival, ticket) : refuse(404, 'Ticket not found');
}

function notAllowed(allow: string): CannedResponse {
  return json(405, { status: 'error', message: 'Method not allowed' }, { allow });
}

// ---- Input ----------------------------------------------------------------------------------------------

/** An equals sign after a type on the page means optional; a parameter without one is required (INFERRED). */
const number = z.union([z.int().nonnegative(), z.string().regex(/^[0-9]+$/)]).transform(Number);
const text = z.string().min(1);
const ticketIDs = z.array(number).min(1);
const status = z.enum(STATUSES);
const priority = z.enum(PRIORITIES);
const nothing = z.strictObject({});

const listQuery = z.strictObject({
  query: text.default(''),
  itemStart: number.default(0),
  itemLimit: number.refine((limit) => limit <= 9999, 'must be at most 9999').default(15),
  applyView: z
    .string()
    .min(2)
    .regex(/^[0-9a-zA-Z\-_]+$/)
    .optional(),
  // The enum's other value is not visible on the page; taken to add the archived tickets to the others.
  searchArchived: z.enum(['no', 'yes']).default('no'),
  // The values are not visible either; the six words of setStatus are the likeliest.
  status: status.optional(),
});
const itemQuery = z.strictObject({ getTicketHistory: z.enum(['true', 'false', '1', '0']).optional() });
const creation = z.strictObject({
  brandID: number,
  channelID: number,
  direction: z.enum(['inbound', 'outbound']),
  from: text,
  fromName: z.string().nullish(),
  to: text,
  title: text,
  assignedGroupID: number.nullish(),
  // Its default is null, which a form can only write as an empty value.
  formID: z.preprocess((value) => (value === '' ? null : value), number.nullish()),
});
const update = z.strictObject({
  externalPrimaryID: text.nullish(),
  title: text.nullish(),
  status: z.enum(['solved', 'closed']).nullish(),
});
const statusChange = z.strictObject({ status, ticketIDs });
const priorityChange = z.strictObject({ priority, ticketIDs });
const unlinking = z.strictObject({ ticketID: number });
/** The page gives no values for actionType; these three are invented. */
const batchAction = z.discriminatedUnion('actionType', [
  z.strictObject({ actionType: z.literal('setStatus'), value: status }),
  z.strictObject({ actionType: z.literal('setPriority'), value: priority }),
  z.strictObject({ actionType: z.literal('addTag'), value: text }),
]);
const batching = z.strictObject({
  TicketIDs: z
    .string()
    .regex(/^[0-9, ]+$/)
    .transform((list) => (list.match(/[0-9]+/g) ?? []).map(Number))
    .refine((ids) => ids.length > 0, 'names no ticket'),
  actions: z.array(batchAction).min(1),
});

/** Checks `input` against the documented parameters and goes on, or refuses in the vendor's way. */
function checked<T>(schema: z.ZodType<T>, input: unknown, go: (value: T) => CannedResponse): CannedResponse {
  const result = schema.safeParse(input);
  if (result.success) return go(result.data);
  const [issue] = result.error.issues;
  return refuse(400, `Invalid parameter ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

/** A read takes its parameters from the query. */
function read<T>(schema: z.ZodType<T>, arrival: ReceivedRequest, go: (value: T) => CannedResponse): CannedResponse {
  if (arrival.body !== '') return refuse(400, 'Unexpected body');
  return checked(schema, queryParameters(arrival), go);
}

/** A write takes its parameters from the body, and nothing but the key from the query. */
function write<T>(schema: z.ZodType<T>, arrival: ReceivedRequest, go: (value: T) => CannedResponse): CannedResponse {
  return checked(nothing, queryParameters(arrival), () => {
    const body = decodeBody(arrival);
    return typeof body === 'string' ? refuse(400, body) : checked(schema, body, go);
  });
}

function queryParameters({ query }: ReceivedRequest): Record<string, string> {
  return Object.fromEntries([...query].filter(([name]) => name !== 'apiKey'));
}

/** The body as an object, or what is wrong with it. Both media types are taken: the page names none. */
function decodeBody(arrival: ReceivedRequest): object | string {
  const { body } = arrival;
  if (body === '') return {};
  switch (mediaTypeOf(arrival)) {
    case 'application/x-www-form-urlencoded':
      return decodeForm(body);
    case 'application/json':
      return decodeJson(body);
    default:
      return 'Unsupported content type';
  }
}

function decodeJson(body: string): object | string {
  const value = parseJson(body);
  return isObject(value) ? value : 'Malformed body';
}

interface FormTree {
  [key: string]: string | FormTree;
}

/** Reads bracketed names as PHP does: `a[]=1&a[]=2` is a list, `a[0][b]=1` a list of objects. */
function decodeForm(body: string): object {
  const root = Object.create(null) as FormTree;
  for (const [name, value] of new URLSearchParams(body)) {
    const brackets = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name);
    const inner = brackets?.[2] ? brackets[2].slice(1, -1).split('][') : [];
    plant(root, [brackets?.[1] ?? name, ...inner], value);
  }
  return Object.fromEntries(Object.entries(root).map(([name, value]) => [name, toLists(value)]));
}

function plant(tree: FormTree, [head = '', ...rest]: readonly string[], value: string): void {
  const key = head === '' ? String(Object.keys(tree).length) : head;
  if (rest.length === 0) {
    tree[key] = value;
    return;
  }
  const child = tree[key];
  const branch = typeof child === 'object' ? child : (Object.create(null) as FormTree);
  tree[key] = branch;
  plant(branch, rest, value);
}

function toLists(value: string | FormTree): unknown {
  if (typeof value === 'string') return value;
  const entries = Object.entries(value).map(([key, child]) => [key, toLists(child)] as const);
  const isList = entries.every(([key], position) => key === String(position));
  return isList ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

// ---- Operations -----------------------------------------------------------------------------------------

const OPERATIONS: Readonly<Record<string, Operation | undefined>> = {
  'GET ': (desk, arrival) => read(listQuery, arrival, (query) => list(desk, query)),
  'POST ': (desk, arrival) => write(creation, arrival, (input) => create(desk, input)),
  'POST setStatus': (desk, arrival) =>
    write(statusChange, arrival, (input) =>
      changeEach(desk, input.ticketIDs, `setStatus ${input.status}`, ({ item }) => setStatus(desk, item, input.status)),
    ),
  'POST setPriority': (desk, arrival) =>
    write(priorityChange, arrival, (input) =>
      changeEach(desk, input.ticketIDs, `setPriority ${input.priority}`, ({ item }) => {
        item.priority = input.priority;
      }),
    ),
  'POST unlinkCustomerFromTicket': (desk, arrival) =>
    write(unlinking, arrival, ({ ticketID }) =>
      changeEach(desk, [ticketID], 'unlinkCustomerFromTicket', ({ item }) => {
        // 0 is "none" for the assigned user in the page's sample, so it is here.
        item.customer_id = 0;
      }),
    ),
  'POST batch': (desk, arrival) => write(batching, arrival, (input) => batch(desk, input)),
  // The page gives no path for it; this is the one that the others' pattern gives.
  'PUT solveUnfinishedTickets': (desk, arrival) => write(nothing, arrival, () => solveUnfinished(desk)),
  'DELETE multi': deleteMulti,
};

const ITEM_OPERATIONS: Readonly<Record<string, ItemOperation | undefined>> = {
  GET: (_desk, arrival, ticket) =>
    read(itemQuery, arrival, ({ getTicketHistory = 'false' }) =>
      itemReply(ticket, getTicketHistory === 'true' || getTicketHistory === '1'),
    ),
  PUT: (desk, arrival, ticket) => write(update, arrival, (input) => updateItem(desk, ticket, input)),
  DELETE: (desk, arrival, ticket) =>
    write(nothing, arrival, () => {
      remove(desk, ticket, 'delete');
      return succeed();
    }),
};

const isUnfinished = (item: Item): boolean => item.status !== 'solved' && item.status !== 'closed';

/** View names are not on the page; these are invented, and another name is refused. */
const VIEWS: ReadonlyMap<string, (item: Item) => boolean> = new Map([
  ['all', () => true],
  ['unassigned', (item: Item) => item.assigned_user_id === 0],
  ['unfinished', isUnfinished],
]);

function list({ tickets, archived }: Desk, query: z.output<typeof listQuery>): CannedResponse {
  const view = VIEWS.get(query.applyView ?? 'all');
  if (!view) return refuse(400, 'Unknown view');
  const word = query.query.toLowerCase();
  const found = (query.searchArchived === 'yes' ? [...tickets, ...archived] : tickets)
    .map(({ item }) => item)
    .filter((item) => view(item) && (query.status === undefined || item.status === query.status))
    .filter((item) => `${item.id} ${item.title} ${item.from} ${item.from_name}`.toLowerCase().includes(word));
  const page = found.slice(query.itemStart, query.itemStart + query.itemLimit);
  return json(200, {
    type: 'list',
    items: page.map((item) => ({ ...item, timeline: [] })),
    total: found.length,
  });
}

function create(desk: Desk, input: z.output<typeof creation>): CannedResponse {
  const item = createItem({
    id: desk.nextId++,
    at: stamp(desk.tools.now()),
    customer: 0,
    // Brands and channels are not on this page, so any number is taken.
    brand: input.brandID,
    channel: input.channelID,
    direction: input.direction,
    from: input.from,
    fromName: input.fromName ?? ' ',
    to: input.to,
    title: input.title,
    group: input.assignedGroupID ?? 0,
    form: input.formID ?? null,
  });
  const ticket = { item, timeline: [createEvent(item, 'create', item.last_update)] };
  desk.tickets.unshift(ticket);
  desk.tools.applied({ what: 'create', ticket: String(item.id) });
  return itemReply(ticket, false);
}

function updateItem(desk: Desk, ticket: Ticket, input: z.output<typeof update>): CannedResponse {
  const { externalPrimaryID, title, status: word } = input;
  // Every parameter is optional: with none there is nothing to do, and the vendor says yes to that.
  if (!externalPrimaryID && !title && !word) return succeed();
  if (externalPrimaryID) ticket.item.customer_id = customerOf(desk, externalPrimaryID);
  if (title) ticket.item.title = title;
  if (word) setStatus(desk, ticket.item, word);
  record(desk, ticket, 'update');
  return succeed();
}

function customerOf({ customers }: Desk, externalId: string): number {
  const id = customers.get(externalId) ?? 60001 + customers.size;
  customers.set(externalId, id);
  return id;
}

/** All tickets or none: what happens to the rest when one is unknown is not on the page. */
function changeEach(
  desk: Desk,
  ids: readonly number[],
  what: string,
  change: (ticket: Ticket) => void,
): CannedResponse {
  const wanted = [...new Set(ids)];
  const found = desk.tickets.filter(({ item }) => wanted.includes(item.id));
  if (found.length < wanted.length) return refuse(400, 'Ticket not found');
  for (const ticket of found) {
    change(ticket);
    record(desk, ticket, what);
  }
  return succeed();
}

function batch(desk: Desk, { TicketIDs: ids, actions }: z.output<typeof batching>): CannedResponse {
  const what = actions.map(({ actionType, value }) => `${actionType} ${value}`).join(', ');
  return changeEach(desk, ids, `batch ${what}`, ({ item }) => {
    for (const { actionType, value } of actions) {
      if (actionType === 'setStatus') setStatus(desk, item, value);
      if (actionType === 'setPriority') item.priority = value;
      // The item has no field for tags; a tag shows in the timeline alone.
    }
  });
}

function solveUnfinished(desk: Desk): CannedResponse {
  const ids = desk.tickets.filter(({ item }) => isUnfinished(item)).map(({ item }) => item.id);
  return changeEach(desk, ids, 'solveUnfinishedTickets', ({ item }) => setStatus(desk, item, 'solved'));
}

/**
 * The route clash: an id of `multi` lands here. It is recorded even where it deletes nothing, so that a
 * client which gets here by accident is seen. Its parameter has no name on the page: ticketIDs[] is a guess.
 */
function deleteMulti(desk: Desk, { query }: ReceivedRequest): CannedResponse {
  const ids = query.getAll('ticketIDs[]');
  const found = desk.tickets.filter(({ item }) => ids.includes(String(item.id)));
  if (found.length < new Set(ids).size) return refuse(400, 'Ticket not found');
  if (found.length === 0) desk.tools.applied({ what: 'multi', ticket: '' });
  for (const ticket of found) remove(desk, ticket, 'multi');
  return succeed();
}

function setStatus(desk: Desk, item: Item, word: string): void {
  item.status = word;
  item.closed_at = word === 'closed' ? stamp(desk.tools.now()) : null;
}

function remove(desk: Desk, ticket: Ticket, what: string): void {
  desk.tickets = desk.tickets.filter((other) => other !== ticket);
  desk.tools.applied({ what, ticket: String(ticket.item.id) });
}

/** A write that is carried out leaves a trace on the ticket, even where it repeats what was so already. */
function record(desk: Desk, { item, timeline }: Ticket, what: string): void {
  item.last_update = stamp(desk.tools.now());
  timeline.push(createEvent(item, what, item.last_update, timeline.length));
  desk.tools.applied({ what, ticket: String(item.id) });
}

// ---- Tickets --------------------------------------------------------------------------------------------

const BRANDS = ['Zilverlinde', 'Kadekoffie', 'Wolkentuin'];
const CHANNELS = ['E-mail', 'Telefoon', 'Webchat', 'Contactformulier'];
const CHANNEL_ICONS = ['envelope', 'phone', 'comments', 'pencil'];
const AGENTS = ['Sanne de Wit', 'Youssef Amrani', 'Lotte Verhagen', 'Bram Oosterhuis'];
const CUSTOMERS = (
  'Anouk Brouwer,Daan Hoekstra,Fatima El Idrissi,Pieter van Dalen,Mirjam Schouten,Tomasz Nowicki,' +
  'Ilse Vermeer,Jeroen Kuipers,Ayşe Demir,Hannah Whitfield,Ruben Postma,Chloé Lambert,Koen Terpstra,' +
  'Nadia Özturk,Wim Visser'
).split(',');

type OpeningNumber = 'id' | 'customer' | 'brand' | 'channel' | 'group';
type OpeningText = 'at' | 'direction' | 'from' | 'fromName' | 'to' | 'title';
type Opening = Record<OpeningNumber, number> & Record<OpeningText, string> & { readonly form: number | null };

/** A ticket as it is born: every field of the page's sample, in the sample's order. */
function createItem(opening: Opening): Item {
  const { id, at, brand, channel, direction } = opening;
  return {
    assigned_group_id: opening.group,
    assigned_user_id: 0,
    channel_account_id: '0',
    channel_id: channel,
    closed_at: null,
    created_at: at,
    customer_id: opening.customer,
    direction,
    external_gui_url: `https://account.omnidesk.com/ticket/${id}`,
    external_id: '',
    form_id: opening.form,
    from: opening.from,
    from_name: opening.fromName,
    grade_by_customer: null,
    icon: direction === 'inbound' ? 'arrow-down' : 'arrow-up',
    last_update: at,
    last_update_agent: null,
    last_update_customer: at,
    priority: 'medium',
    show_timeline: 1,
    sla_breach_first_reply: 0,
    sla_breach_next_reply: 0,
    sla_breach_resolution: 0,
    sla_next_breach: null,
    sla_next_breach_current_status: null,
    sla_policy_id: 1,
    snooze_time: null,
    snooze_time_sent: null,
    title: opening.title,
    to: opening.to,
    to_name: BRANDS[brand - 1] ?? ' ',
    status: 'new',
    id,
    channel_name: CHANNELS[channel - 1] ?? `Kanaal ${channel}`,
    channel_icon: CHANNEL_ICONS[channel - 1] ?? 'inbox',
    brand_name: BRANDS[brand - 1] ?? `Merk ${brand}`,
    brand_id: brand,
  };
}

type Entry = Record<string, string | number | null>;

function createEvent(item: Item, what: string, at: string, position = 0): Entry {
  return {
    type: 'event',
    id: item.id * 100 + position,
    ticket_id: item.id,
    item_type: 'ticket',
    item_type_id: String(item.id),
    description: what,
    initiated_by: what === 'create' ? item.from_name : 'API',
    created_at: at,
  };
}

/** Milliseconds to the vendor's form, which names no zone; read here as UTC. */
function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

function seedTickets(now: number): Ticket[] {
  const seed = createSeed(858462);
  return TITLES.map((line, position) => seedTicket(seed, now, line, position));
}

/** Ages grow from twelve minutes to 59 days, thinning out: most of a helpdesk's list is of this week. */
function seedTicket(seed: Seed, now: number, line: string, position: number): Ticket {
  const minutesOld = 12 + (position / (TITLES.length - 1)) ** 1.6 * 59 * 24 * 60 + seed.integer(0, 9);
  const at = now - Math.round(minutesOld * 60) * 1000;
  const [, word = '', direction, title = ''] = /^([a-z]+)([>|])(.*)$/.exec(line) ?? [];
  const item = createItem(seedOpening(seed, position, at, direction === '>' ? 'outbound' : 'inbound', title));
  item.status = word;
  if (position === 0) return { item, timeline: [createEvent(item, 'create', stamp(at))] };
  const touched = Math.min(now - 60_000, at + seed.integer(5, 2880) * 60_000);
  item.priority = PRIORITIES[(position * 5 + seed.integer(0, 1)) % PRIORITIES.length]!;
  if (word === 'holding') item.snooze_time = stamp(now + seed.integer(1, 10) * 86_400_000);
  return word === 'new'
    ? { item, timeline: [createEvent(item, 'create', stamp(at))] }
    : answerTicket(seed, item, stamp(at), stamp(touched));
}

/** Closed more than a year ago. */
function seedArchive(now: number, lastId: number): Ticket[] {
  const seed = createSeed(lastId);
  const yearAgo = now - 400 * 24 * 3_600_000;
  return ARCHIVED_TITLES.map((title, position) => {
    const at = yearAgo - position * 9 * 24 * 3_600_000 - seed.integer(0, 3_600) * 1000;
    const id = lastId - 1000 - position * 61;
    const item = createItem({ ...seedOpening(seed, position + 1, at, 'inbound', title), id });
    item.status = 'closed';
    return answerTicket(seed, item, stamp(at), stamp(at + 2 * 24 * 3_600_000));
  });
}

function seedOpening(seed: Seed, position: number, at: number, direction: string, title: string): Opening {
  const name = seed.pick(CUSTOMERS);
  const brand = seed.integer(1, 3);
  const channel = seed.integer(1, 4);
  const contact = channel === 2 ? `+31 6 0000 0${seed.integer(100, 999)}` : addressOf(name);
  const desk = `service@${BRANDS[brand - 1]!.toLowerCase()}.example`;
  const [from, to] = direction === 'inbound' ? [contact, desk] : [desk, contact];
  const fromName = direction === 'outbound' ? BRANDS[brand - 1]! : seed.chance(0.1) ? ' ' : name;
  const group = seed.integer(0, 3);
  const customer = seed.chance(0.9) ? 51200 + CUSTOMERS.indexOf(name) : 0;
  const form = channel === 4 ? 12 : null;
  // Other tickets of the account lie between, so the numbers have gaps.
  const id = position === 0 ? 858462 : 858462 - position * 37 - seed.integer(0, 30);
  return { id, at: stamp(at), customer, brand, channel, direction, from, fromName, to, title, group, form };
}

function addressOf(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/[^A-Za-z ]/g, '')
    .toLowerCase();
  return `${plain.replaceAll(' ', '.')}@post.example`;
}

/** What an agent leaves on a ticket that is no longer new. */
function answerTicket(seed: Seed, item: Item, at: string, touched: string): Ticket {
  const agent = seed.integer(1, AGENTS.length);
  item.assigned_user_id = seed.chance(0.8) ? 400 + agent : 0;
  item.last_update = touched;
  item.last_update_agent = touched;
  item.external_id = seed.chance(0.3) ? `WEB-${seed.integer(10000, 99999)}` : '';
  item.sla_breach_first_reply = seed.integer(0, 1);
  if (item.status === 'closed') item.closed_at = touched;
  if (!isUnfinished(item)) item.grade_by_customer = seed.chance(0.5) ? seed.integer(1, 10) : null;
  const note = {
    type: 'note',
    id: String(seed.integer(300000, 399999)),
    status_new: item.status,
    user_id: 400 + agent,
    user_name: AGENTS[agent - 1]!,
    content: 'Klant geantwoord.',
    created_at: touched,
  };
  return { item, timeline: [createEvent(item, 'create', at), note] };
}

const ARCHIVED_TITLES: readonly string[] = [
  'Kerstactie: cadeaubon niet ontvangen',
  'Archive copy of invoice 2231 requested',
  'Oude bestelling: onderdelen nog leverbaar?',
];

/** Status, `>` for outbound else `|`, title; newest first. The page does not know `merged` and `spam`. */
const TITLES: readonly string[] = [
  'new|Bestelling niet compleet: er ontbreken twee stoelpoten',
  'new|Waar blijft mijn pakket?',
  'new|Discount code LENTE15 does not work at checkout',
  'open|Koffiemachine lekt na ontkalken',
  'open>Terugbelverzoek: afspraak voor montage verzetten',
  'new|Can I change the delivery address of my order?',
  'pending|Factuur met verkeerd btw-nummer',
  'open|Wachtwoord vergeten, resetmail komt niet aan',
  'merged|Wachtwoord vergeten, resetmail komt niet aan (2)',
  'holding|Tuinset "Eik & Linde" – levertijd onbekend bij leverancier',
  'open|Dubbel afgeschreven via automatische incasso',
  'new|Vraag over garantie na verhuizing naar België',
  'pending|Retourlabel niet ontvangen',
  'solved|Abonnement op koffiebonen een maand pauzeren',
  'open|Wrong colour delivered: ordered moss green, got navy',
  'spam|You have been selected!!! Claim your voucher now',
  'pending>Foto’s nodig van beschadigde verpakking',
  'holding>Wacht op reparateur: afzuigkap maakt ratelend geluid',
  'solved|Openingstijden showroom tijdens feestdagen',
  'open|Bezorger heeft pakket bij onbekende buren afgegeven en er is geen briefje achtergelaten; ik heb nu ' +
    'op drie adressen aangebeld, de chatbot verwijst steeds naar dezelfde pagina en mijn dochter is morgen ' +
    'jarig, kunnen jullie alsjeblieft vandaag nog nagaan waar het pakket gebleven is?',
  'solved|Account verwijderen (AVG-verzoek)',
  'pending|Invoice for purchase order 4410 missing our reference',
  'closed|Klacht over lange wachttijd aan de telefoon',
  'solved|Maatwerkgordijnen: opmeten aan huis mogelijk?',
  'open|Maalwerk vervangen onder garantie?',
  'closed|Cadeaubon al gebruikt volgens kassa',
  'solved|Newsletter: please unsubscribe me',
  'holding>Backorder kussens, verwacht in week 32',
  'closed|Ticket from voicemail: caller asks for price of ten desks',
  'pending>Offerte voor kantoorinrichting, 24 werkplekken',
  'solved|Verzendkosten naar Waddeneilanden',
  'closed|Kras op tafelblad bij aflevering',
  'solved|App toont oude bestelhistorie',
  'closed|Betaling mislukt maar bedrag is gereserveerd',
  'open|Tweede aanmaning ontvangen terwijl factuur betaald is',
  'closed|Samenwerking met influencer – persverzoek',
  'solved|Filter size for the KK-200 grinder?',
  'closed|Bestelling annuleren binnen bedenktijd',
  'pending|Huisnummer ontbreekt op pakbon',
  'closed|Retour ontvangen maar nog niet terugbetaald',
  'solved>Handleiding zoekgeraakt, graag als pdf',
  'closed|Zakelijk account aanvragen',
  'holding>Terugroepactie lamp Vuurvlieg: vervangend onderdeel volgt',
  'closed|Levering op zaterdag mogelijk?',
  'solved|Website geeft foutmelding 500 bij afrekenen',
  'closed|Compliment voor monteur Rik',
  'closed|Plantenbak lekt aan onderkant',
  'solved|Pickup point moved, where is my parcel now?',
  'closed|Stofstalen aanvragen',
  'closed|Verkeerde naam op factuur',
  'solved|Spaarpunten verdwenen na update',
  'closed|Re: Re: Fwd: bestelling 20418',
];
