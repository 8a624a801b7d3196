/**
 * Simulates the ticket controller of Omnidesk (omnidesk.io, the Dutch helpdesk), as documented at
 * https://docs.omnidesk.io/omnidesk/api-specification/ticket (operations, list query),
 * https://docs.omnidesk.io/omnidesk/api/authentication (the key in the query),
 * https://docs.omnidesk.io/omnidesk/ticket (the item) and https://docs.omnidesk.io/app/ticket (its timeline).
 *
 * Not documented and therefore invented: the list envelope and its order, the responses to writes (those of
 * the similar resource formfield), all bodies of 401, 404 and 405, the spelling of the `sla_breach_*` fields, the
 * names of views and batch actions, the archive and that it rejects writes, the zone of times (UTC), and every
 * ticket except the number 858462.
 *
 * One file, to be read beside the vendor's documentation: each endpoint is as strict as described there.
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

/** The tickets and the tools that every operation uses. */
interface Helpdesk {
  tickets: Ticket[];
  /** Tickets that only `searchArchived` lists. They can be read by number. Newest first. */
  readonly archived: readonly Ticket[];
  nextId: number;
  /** Customers by their external primary id, created on first use. */
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
  const helpdesk: Helpdesk = { tickets, archived, nextId: tickets[0]!.item.id + 1, customers: new Map(), tools };
  return {
    handle: (arrival) => handle(helpdesk, arrival),
    ticketIds: () => helpdesk.tickets.map(({ item }) => String(item.id)),
  };
}

// ---- Answers --------------------------------------------------------------------------------------------

const reject = (status: number, message: string): CannedResponse => json(status, { status: 'error', message });
const succeed = (): CannedResponse => json(200, { type: 'result', message: 'Successful response' });
const itemReply = ({ item, timeline }: Ticket, withHistory: boolean): CannedResponse =>
  json(200, { type: 'item', item: { ...item, timeline: withHistory ? timeline : [] } });

// ---- Routes ---------------------------------------------------------------------------------------------

type Operation = (helpdesk: Helpdesk, arrival: ReceivedRequest) => CannedResponse;
type ItemOperation = (helpdesk: Helpdesk, arrival: ReceivedRequest, ticket: Ticket) => CannedResponse;

function handle(helpdesk: Helpdesk, arrival: ReceivedRequest): CannedResponse {
  const keys = arrival.query.getAll('apiKey');
  if (keys.length !== 1 || keys[0] !== API_KEY) return reject(401, 'Invalid or missing API key');
  const name = resourceName(arrival.path);
  if (name === undefined) return reject(404, 'Resource not found');
  const operation = OPERATIONS[`${arrival.method} ${name}`];
  if (operation) return operation(helpdesk, arrival);
  if (name === '') return notAllowed('GET, POST');
  return handleItem(helpdesk, arrival, name);
}

/** Returns the part after the collection's path: empty for the collection itself. Decoded, as routers do. */
function resourceName(path: string): string | undefined {
  if (path === BASE) return '';
  const name = path.startsWith(`${BASE}/`) ? path.slice(BASE.length + 1) : '';
  return name === '' || name.includes('/') ? undefined : decodeSegment(name);
}

function handleItem(helpdesk: Helpdesk, arrival: ReceivedRequest, name: string): CannedResponse {
  const isNumber = /^[0-9]+$/.test(name);
  const operation = ITEM_OPERATIONS[arrival.method];
  if (!operation) return isNumber ? notAllowed('GET, PUT, DELETE') : reject(404, 'Resource not found');
  const tickets = arrival.method === 'GET' ? [...helpdesk.tickets, ...helpdesk.archived] : helpdesk.tickets;
  const ticket = tickets.find(({ item }) => String(item.id) === name);
  return ticket ? operation(helpdesk, arrival, ticket) : reject(404, 'Ticket not found');
}

function notAllowed(allow: string): CannedResponse {
  return json(405, { status: 'error', message: 'Method not allowed' }, { allow });
}

// ---- Input ----------------------------------------------------------------------------------------------

/** An equals sign after a type in the documentation means optional; a parameter without one is required (INFERRED). */
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
  // The enum's other value is not documented. It is assumed to include the archived tickets.
  searchArchived: z.enum(['no', 'yes']).default('no'),
  // The values are not documented either. The six words of setStatus are assumed.
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
  // Its default is null, which a form can only express as an empty value.
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
/** The values of actionType are not documented. These three are invented. */
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

/** Validates `input` against the documented parameters and calls `go`, or returns the vendor's rejection. */
function checked<T>(schema: z.ZodType<T>, input: unknown, go: (value: T) => CannedResponse): CannedResponse {
  const result = schema.safeParse(input);
  if (result.success) return go(result.data);
  const [issue] = result.error.issues;
  return reject(400, `Invalid parameter ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

/** A read takes its parameters from the query. */
function read<T>(schema: z.ZodType<T>, arrival: ReceivedRequest, go: (value: T) => CannedResponse): CannedResponse {
  if (arrival.body !== '') return reject(400, 'Unexpected body');
  return checked(schema, queryParameters(arrival), go);
}

/** A write takes its parameters from the body, and only the key from the query. */
function write<T>(schema: z.ZodType<T>, arrival: ReceivedRequest, go: (value: T) => CannedResponse): CannedResponse {
  return checked(nothing, queryParameters(arrival), () => {
    const body = decodeBody(arrival);
    return typeof body === 'string' ? reject(400, body) : checked(schema, body, go);
  });
}

function queryParameters({ query }: ReceivedRequest): Record<string, string> {
  return Object.fromEntries([...query].filter(([name]) => name !== 'apiKey'));
}

/** Returns the body as an object, or the error as a string. Both media types are accepted: none is documented. */
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

/** Parses bracketed names as PHP does: `a[]=1&a[]=2` is a list, `a[0][b]=1` a list of objects. */
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
  'GET ': (helpdesk, arrival) => read(listQuery, arrival, (query) => list(helpdesk, query)),
  'POST ': (helpdesk, arrival) => write(creation, arrival, (input) => create(helpdesk, input)),
  'POST setStatus': (helpdesk, arrival) =>
    write(statusChange, arrival, (input) =>
      changeEach(helpdesk, input.ticketIDs, `setStatus ${input.status}`, ({ item }) =>
        setStatus(helpdesk, item, input.status),
      ),
    ),
  'POST setPriority': (helpdesk, arrival) =>
    write(priorityChange, arrival, (input) =>
      changeEach(helpdesk, input.ticketIDs, `setPriority ${input.priority}`, ({ item }) => {
        item.priority = input.priority;
      }),
    ),
  'POST unlinkCustomerFromTicket': (helpdesk, arrival) =>
    write(unlinking, arrival, ({ ticketID }) =>
      changeEach(helpdesk, [ticketID], 'unlinkCustomerFromTicket', ({ item }) => {
        // In the documented sample, 0 means none for the assigned user, so it does for the customer.
        item.customer_id = 0;
      }),
    ),
  'POST batch': (helpdesk, arrival) => write(batching, arrival, (input) => batch(helpdesk, input)),
  // Its path is not documented. This one follows the pattern of the others.
  'PUT solveUnfinishedTickets': (helpdesk, arrival) => write(nothing, arrival, () => solveUnfinished(helpdesk)),
  'DELETE multi': deleteMulti,
};

const ITEM_OPERATIONS: Readonly<Record<string, ItemOperation | undefined>> = {
  GET: (_helpdesk, arrival, ticket) =>
    read(itemQuery, arrival, ({ getTicketHistory = 'false' }) =>
      itemReply(ticket, getTicketHistory === 'true' || getTicketHistory === '1'),
    ),
  PUT: (helpdesk, arrival, ticket) => write(update, arrival, (input) => updateItem(helpdesk, ticket, input)),
  DELETE: (helpdesk, arrival, ticket) =>
    write(nothing, arrival, () => {
      remove(helpdesk, ticket, 'delete');
      return succeed();
    }),
};

/** View names are not documented. These are invented, and any other name is rejected. */
const VIEWS: ReadonlyMap<string, (item: Item) => boolean> = new Map([
  ['all', () => true],
  ['unassigned', (item: Item) => item.assigned_user_id === 0],
  ['unfinished', isUnfinished],
]);

function list({ tickets, archived }: Helpdesk, query: z.output<typeof listQuery>): CannedResponse {
  const view = VIEWS.get(query.applyView ?? 'all');
  if (!view) return reject(400, 'Unknown view');
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

function create(helpdesk: Helpdesk, input: z.output<typeof creation>): CannedResponse {
  const item = createItem({
    id: helpdesk.nextId++,
    at: stamp(helpdesk.tools.now()),
    customer: 0,
    // Brands and channels are documented elsewhere, so any number is accepted.
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
  helpdesk.tickets.unshift(ticket);
  helpdesk.tools.applied({ what: 'create', ticket: String(item.id) });
  return itemReply(ticket, false);
}

function updateItem(helpdesk: Helpdesk, ticket: Ticket, input: z.output<typeof update>): CannedResponse {
  const { externalPrimaryID, title, status: word } = input;
  // Every parameter is optional. Without any there is nothing to do, and the vendor accepts that.
  if (!externalPrimaryID && !title && !word) return succeed();
  if (externalPrimaryID) ticket.item.customer_id = customerOf(helpdesk, externalPrimaryID);
  if (title) ticket.item.title = title;
  if (word) setStatus(helpdesk, ticket.item, word);
  record(helpdesk, ticket, 'update');
  return succeed();
}

function customerOf({ customers }: Helpdesk, externalId: string): number {
  const id = customers.get(externalId) ?? 60001 + customers.size;
  customers.set(externalId, id);
  return id;
}

/** Changes all tickets or none: partial failure is not documented. */
function changeEach(
  helpdesk: Helpdesk,
  ids: readonly number[],
  what: string,
  change: (ticket: Ticket) => void,
): CannedResponse {
  const wanted = [...new Set(ids)];
  const found = helpdesk.tickets.filter(({ item }) => wanted.includes(item.id));
  if (found.length < wanted.length) return reject(400, 'Ticket not found');
  for (const ticket of found) {
    change(ticket);
    record(helpdesk, ticket, what);
  }
  return succeed();
}

function batch(helpdesk: Helpdesk, { TicketIDs: ids, actions }: z.output<typeof batching>): CannedResponse {
  const what = actions.map(({ actionType, value }) => `${actionType} ${value}`).join(', ');
  return changeEach(helpdesk, ids, `batch ${what}`, ({ item }) => {
    for (const { actionType, value } of actions) {
      if (actionType === 'setStatus') setStatus(helpdesk, item, value);
      if (actionType === 'setPriority') item.priority = value;
      // The item has no field for tags. A tag is only visible in the timeline.
    }
  });
}

function solveUnfinished(helpdesk: Helpdesk): CannedResponse {
  const ids = helpdesk.tickets.filter(({ item }) => isUnfinished(item)).map(({ item }) => item.id);
  return changeEach(helpdesk, ids, 'solveUnfinishedTickets', ({ item }) => setStatus(helpdesk, item, 'solved'));
}

/**
 * The route conflict: an id of `multi` matches this route. An effect is recorded even if nothing is deleted, so that a
 * client that calls it by accident is detected. The parameter name is not documented: ticketIDs[] is a guess.
 */
function deleteMulti(helpdesk: Helpdesk, { query }: ReceivedRequest): CannedResponse {
  const ids = query.getAll('ticketIDs[]');
  const found = helpdesk.tickets.filter(({ item }) => ids.includes(String(item.id)));
  if (found.length < new Set(ids).size) return reject(400, 'Ticket not found');
  if (found.length === 0) helpdesk.tools.applied({ what: 'multi', ticket: '' });
  for (const ticket of found) remove(helpdesk, ticket, 'multi');
  return succeed();
}

function setStatus(helpdesk: Helpdesk, item: Item, word: string): void {
  item.status = word;
  item.closed_at = word === 'closed' ? stamp(helpdesk.tools.now()) : null;
}

function remove(helpdesk: Helpdesk, ticket: Ticket, what: string): void {
  helpdesk.tickets = helpdesk.tickets.filter((other) => other !== ticket);
  helpdesk.tools.applied({ what, ticket: String(ticket.item.id) });
}

/** Records an applied write on the ticket, even if it changes nothing. */
function record(helpdesk: Helpdesk, { item, timeline }: Ticket, what: string): void {
  item.last_update = stamp(helpdesk.tools.now());
  timeline.push(createEvent(item, what, item.last_update, timeline.length));
  helpdesk.tools.applied({ what, ticket: String(item.id) });
}

// ---- Tickets --------------------------------------------------------------------------------------------
