/**
 * Simulates the ticket controller of Omnidesk (omnidesk.io, the Dutch helpdesk), as read from
 * https://docs.omnidesk.io/omnidesk/api-specification/ticket (operations, list query),
 * https://docs.omnidesk.io/omnidesk/api/authentication (the key in the query),
 * https://docs.omnidesk.io/omnidesk/ticket (the item) and https://docs.omnidesk.io/app/ticket (its timeline).
 *
 * Invented, where the pages are silent: the list envelope and its order, the answers to writes (those of the
 * sibling resource formfield), all bodies of 401, 404 and 405, the spelling of the `sla_breach_*` fields, the
 * names of views and batch actions, what is archived and that it takes no write, the zone of times (UTC), and every ticket but the number 858462.

 */
import { z } from 'zod';
import { decodeSegment, isObject, json, mediaTypeOf, parseJson } from '../reply.ts';
import {
  PRIORITIES,
  isUnfinished,
  createItem,
  createEvent,
  stamp,
  seedTickets,
  seedArchive,
  type Item,
  type Ticket,
} from '../seeds/omnidesk.ts';
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
