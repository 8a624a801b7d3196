/**
 * Simulates Requestor, the helpdesk of IPEX, as its own help pages describe it:
 *
 *   {instance}/Help/Api/POST-api-Tickets-WorkflowPush
 *   {instance}/Help/Api/GET-api-Tickets-GetTicket-id_plainTextOnly
 *   {instance}/Help/Api/GET-api-Tickets-GetWorkflowParameters_ticketREF_ticketAction
 *   https://ipexas.atlassian.net/wiki/spaces/VD/pages/3773300850 (sign-in: HTTP Basic)
 *
 * where {instance} is e.g. https://ipex-demo4.servicedesk.net. Requestor documents no way to list
 * tickets, so there is none here: every other path is a 404.
 *
 * Not documented and therefore invented: every enum number except IncidentSuspend = 207 and Incident = 2, the
 * states and which action leads where, action names beyond those of the WorkflowPush page, the key
 * names of an AllAvailableTicketActions entry and of a ServiceItem, the fields of a message, the
 * number in a converted ticket's new reference, the wording of errors, and the statuses 401, 404, 405
 * and 415 (the defaults of ASP.NET Web API). How JSON responses represent enums is not
 * documented: here they are numbers, as in the request sample. XML has names.
 *
 * One file, to be read beside the vendor's documentation: each endpoint is as strict as described there.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { acceptedBy, decodeSegment, isObject, parseJson } from '../reply.ts';
import {
  KINDS,
  ALL_KINDS,
  SERVICES,
  OPERATORS,
  LAST_ID,
  seedTickets,
  referenceOf,
  type Word,
  type Kind,
  type Phase,
  type User,
  type Ticket,
} from '../seeds/requestor.ts';
import type { ReceivedRequest, CannedResponse, SimulatedVendor, Simulation, SimulationTools } from '../simulation.ts';

const USERNAME = 'sandbox';
const PASSWORD = 'sandbox-password';

export const simulation: Simulation = {
  key: 'requestor',
  settings: (url) => ({ REQUESTOR_URL: url, REQUESTOR_USERNAME: USERNAME, REQUESTOR_PASSWORD: PASSWORD }),
  start: startRequestor,
  samples: {
    ticketId: '47',
    unknownId: '999999',
    invalidIds: ['-1', '0', '99999999999', 'INC-', '47?x', '047', 'ІNC-000047'],
    action: '207',
    discardingActions: [],
    acceptedStatus: 200,
    writes: [
      {
        title: 'pushWorkflow by number',
        mutation: 'pushWorkflow',
        input: { ticketId: 'requestor:47', action: '207' },
        ticketIds: ['47'],
        effect: 'WorkflowPush 207',
        // In JSON this installation returns states as numbers, which have no category.
        canBeVerified: false,
        acceptsEmpty: false,
      },
      {
        title: 'pushWorkflow by name, a conversion',
        mutation: 'pushWorkflow',
        input: { ticketId: 'requestor:16558', action: 'TicketConvertToIncident', serviceId: 9 },
        ticketIds: ['16558'],
        effect: 'WorkflowPush 101',
        canBeVerified: true,
        acceptsEmpty: false,
      },
    ],
    keyedAction: { ticketId: 'requestor:47', action: 'IncidentSuspend' },
    rejected: [{ mutation: 'executeAction', input: { ticketId: 'requestor:47', action: 'IncidentReopen' } }],
    inputs: (text) => [
      {
        mutation: 'pushWorkflow',
        input: { ticketId: 'requestor:47', action: '207', note: text, customerId: 12 },
      },
      {
        mutation: 'pushWorkflow',
        input: { ticketId: 'requestor:INC-000047', action: 'IncidentWaitForThirdParty', note: text },
      },
      {
        mutation: 'executeAction',
        input: { ticketId: 'requestor:47', action: 'IncidentSolve', comment: text },
      },
    ],
    errorBody: (message) => ({ Message: message }),
  },
};

// ---------------------------------------------------------------------------------- the workflow

/** `digit` ends the state's number. Frozen stands for a state that an installation has added. */
const PHASES: Record<Phase, { readonly digit: number; readonly summary: Word }> = {
  New: { digit: 0, summary: { code: 1, word: 'New' } },
  InProgress: { digit: 1, summary: { code: 2, word: 'InProgress' } },
  Suspended: { digit: 2, summary: { code: 3, word: 'Waiting' } },
  WaitingForThirdParty: { digit: 3, summary: { code: 3, word: 'Waiting' } },
  Solved: { digit: 4, summary: { code: 4, word: 'Solved' } },
  Closed: { digit: 5, summary: { code: 5, word: 'Closed' } },
  Frozen: { digit: 9, summary: { code: 99, word: 'Frozen' } },
};

interface Verb {
  /** Ends the action's number. Only 207 is documented: TicketActionEnum is not. */
  readonly digits: number;
  readonly kinds: readonly Kind[];
  readonly label: string;
  readonly from: readonly Phase[];
  readonly to: Phase;
  readonly needs?: 'user' | 'service';
  /** Whether it accepts UserProviderKey, CustomerId and Note, all optional. */
  readonly waits?: true;
  readonly becomes?: Kind;
}
const SOLVABLE = ALL_KINDS.filter((kind) => kind !== 'EndUserTicket');
const INCIDENTS_AND_REQUESTS: readonly Kind[] = ['Incident', 'ServiceRequest'];
const CONVERT = { kinds: ['EndUserTicket'], from: ['New', 'InProgress'], to: 'New', needs: 'service' } as const;
const ASSIGN = { from: ['InProgress'], to: 'InProgress', needs: 'user' } as const;
const WORKED: readonly Phase[] = ['New', 'InProgress', 'WaitingForThirdParty'];
const WAITING: readonly Phase[] = ['Suspended', 'WaitingForThirdParty', 'Frozen'];

const VERBS: Readonly<Record<string, Verb>> = {
  ConvertToIncident: { digits: 1, label: 'Convert to incident', becomes: 'Incident', ...CONVERT },
  ConvertToServiceRequest: { digits: 2, label: 'Convert to service request', becomes: 'ServiceRequest', ...CONVERT },
  Assign: { digits: 1, kinds: SOLVABLE, label: 'Assign', ...ASSIGN, from: ['New'] },
  AssignOther: { digits: 2, kinds: INCIDENTS_AND_REQUESTS, label: 'Assign to someone else', ...ASSIGN },
  FunctionEscalate: { digits: 3, kinds: ['Incident'], label: 'Escalate', ...ASSIGN },
  WaitForThirdParty: {
    digits: 4,
    kinds: INCIDENTS_AND_REQUESTS,
    label: 'Wait for third party',
    from: ['InProgress'],
    to: 'WaitingForThirdParty',
    waits: true,
  },
  Solve: { digits: 5, kinds: ALL_KINDS, label: 'Solve', from: WORKED, to: 'Solved' },
  Close: { digits: 6, kinds: ALL_KINDS, label: 'Close', from: ['Solved'], to: 'Closed' },
  Suspend: { digits: 7, kinds: ALL_KINDS, label: 'Suspend', from: ['New', 'InProgress'], to: 'Suspended' },
  Resume: { digits: 8, kinds: ALL_KINDS, label: 'Resume', from: WAITING, to: 'InProgress' },
  Reopen: { digits: 9, kinds: ALL_KINDS, label: 'Reopen', from: ['Solved'], to: 'InProgress' },
};

interface Action extends Word, Verb {
  readonly kind: Kind;
}

/** An action's name is its kind's family followed by the verb. */
const ACTIONS: readonly Action[] = ALL_KINDS.flatMap((kind) =>
  Object.entries(VERBS)
    .filter(([, { kinds }]) => kinds.includes(kind))
    .map(([name, verb]) => ({
      ...verb,
      kind,
      code: KINDS[kind].code * 100 + verb.digits,
      word: KINDS[kind].family + name,
    })),
);

const stateOf = (kind: Kind, phase: Phase): Word => ({
  code: KINDS[kind].code * 10 + PHASES[phase].digit,
  word: KINDS[kind].family + phase,
});
const legalActions = (ticket: Ticket): readonly Action[] =>
  ACTIONS.filter((action) => action.kind === ticket.kind && action.from.includes(ticket.phase));

// ---------------------------------------------------------------------------------- the tickets

/** Returns every state that a kind's workflow can reach, and a Frozen one for two kinds. */
function allStates(): [Kind, Phase][] {
  return ALL_KINDS.flatMap((kind) => {
    const reached = ACTIONS.filter((action) => action.kind === kind && !action.becomes).map((action) => action.to);
    const phases = new Set<Phase>(['New', ...reached]);
    if (kind === 'Incident' || kind === 'Change') phases.add('Frozen');
    return [...phases].map((phase): [Kind, Phase] => [kind, phase]);
  });
}

// ---------------------------------------------------------------------------------- the vendor

/** A rejection. `answer` writes it in the requested media type. */
class Rejection extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

type Wire = string | number | boolean | null | Word | readonly Wire[] | { readonly [name: string]: Wire };

interface Result {
  readonly root: string;
  readonly value: Wire;
}

function startRequestor(tools: SimulationTools): SimulatedVendor {
  const tickets = seedTickets(tools.now(), allStates());
  let nextReference = LAST_ID + 1;
  const convert = (ticket: Ticket, kind: Kind): void => {
    ticket.kind = kind;
    ticket.reference = referenceOf(kind, nextReference++);
  };
  // Tickets converted before the start: their reference does not contain their id.
  for (const ticket of tickets.filter(({ id, kind }) => kind === 'Incident' && id !== 15 && id !== 47).slice(0, 2)) {
    convert(ticket, 'Incident');
  }

  const byId = (id: number): Ticket | undefined => tickets.find((ticket) => ticket.id === id);
  const byReference = (reference: string): Ticket | undefined =>
    tickets.find((ticket) => ticket.reference === reference);

  const push = (arrival: ReceivedRequest): Result => {
    allowQuery(arrival, []);
    const input = readPush(arrival);
    const ticket = input.TicketId === undefined ? byReference(input.TicketREF ?? '') : byId(input.TicketId);
    // 400 is the only error that is documented for WorkflowPush.
    if (!ticket) throw new Rejection(400, 'The ticket was not found.');
    if (!legalActions(ticket).includes(input.action)) throw unavailable(input.action, ticket);
    checkParameters(input, ticket);
    apply(input, ticket);
    return { root: 'WorkflowPushResult', value: { TicketREF: ticket.reference, TicketId: ticket.id } };
  };

  const apply = (input: Push, ticket: Ticket): void => {
    const { action } = input;
    ticket.phase = action.to;
    ticket.closedAt = action.to === 'Closed' ? tools.now() : null;
    if (action.needs === 'user') ticket.solver = operatorOf(input.UserProviderKey) ?? ticket.solver;
    if (input.ServiceId !== undefined) ticket.serviceId = input.ServiceId;
    if (action.becomes) convert(ticket, action.becomes);
    if (input.Note !== undefined) {
      const html = `<p>${escape(input.Note)}</p>`;
      ticket.messages.push({ at: tools.now(), author: 'Sandbox Operator', isPrivate: true, html });
    }
    tools.applied({ what: `WorkflowPush ${action.code}`, ticket: String(ticket.id) });
  };

  const getTicket = (arrival: ReceivedRequest, key: string): Result => {
    allowQuery(arrival, ['plainTextOnly']);
    const plain = (arrival.query.get('plainTextOnly') ?? 'false').toLowerCase();
    if (plain !== 'true' && plain !== 'false') throw new Rejection(400, 'plainTextOnly has to be true or false.');
    const ticket = /^\d+$/.test(key) ? byId(Number(key)) : byReference(key);
    if (!ticket) throw notFound(key);
    return { root: 'GetTicketResult', value: ticketResult(ticket, plain === 'true') };
  };

  const getParameters = (arrival: ReceivedRequest): Result => {
    allowQuery(arrival, ['ticketREF', 'ticketAction']);
    const [reference, named] = [arrival.query.get('ticketREF'), arrival.query.get('ticketAction')];
    if (!reference || !named) throw new Rejection(400, 'ticketREF and ticketAction are required.');
    const action = ACTIONS.find(({ code, word }) => String(code) === named || word === named);
    if (!action) throw new Rejection(400, `The value '${named}' is not valid for ticketAction.`);
    const ticket = byReference(reference);
    if (!ticket) throw notFound(reference);
    if (!legalActions(ticket).includes(action)) throw unavailable(action, ticket);
    return { root: 'GetWorkflowPushParametersResult', value: parametersResult(ticket, action) };
  };

  /** As in ASP.NET, an unknown path or method is rejected before authentication. */
  const route = (arrival: ReceivedRequest): Result => {
    const [, name = '', key] =
      /^\/api\/Tickets\/(WorkflowPush|GetWorkflowParameters|GetTicket(?=\/))(?:\/([^/]+))?$/.exec(arrival.path) ?? [];
    if ((name === 'GetTicket') !== (key !== undefined) || !name) {
      throw new Rejection(404, `No HTTP resource was found that matches the request URI '${arrival.target}'.`);
    }
    const method = name === 'WorkflowPush' ? 'POST' : 'GET';
    if (arrival.method !== method) {
      const message = `The requested resource does not support http method '${arrival.method}'.`;
      throw new Rejection(405, message, { allow: method });
    }
    checkSignIn(arrival);
    if (name === 'WorkflowPush') return push(arrival);
    return key === undefined ? getParameters(arrival) : getTicket(arrival, decode(key));
  };

  return {
    handle: (arrival) => answer(arrival, route),
    ticketIds: () => tickets.map((ticket) => String(ticket.id)).reverse(),
  };
}

const operatorOf = (key: string | undefined): User | undefined => OPERATORS.find((user) => user.key === key);
const notFound = (key: string): Rejection => new Rejection(404, `Ticket '${key}' was not found.`);
const unavailable = (action: Action, ticket: Ticket): Rejection =>
  new Rejection(400, `Action ${action.word} is not available for ticket ${ticket.reference} in its current state.`);

function checkSignIn({ headers }: ReceivedRequest): void {
  const [, token = ''] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(headers.authorization ?? '') ?? [];
  if (Buffer.from(token, 'base64').toString('utf8') === `${USERNAME}:${PASSWORD}`) return;
  const challenge = { 'www-authenticate': 'Basic realm="Requestor"' };
  throw new Rejection(401, 'Authorization has been denied for this request.', challenge);
}

function allowQuery({ query }: ReceivedRequest, names: readonly string[]): void {
  const unknown = [...query.keys()].filter((name) => !names.includes(name) || query.getAll(name).length > 1);
  if (unknown.length) throw new Rejection(400, `The URI parameter '${unknown[0]}' is not valid here.`);
}

function decode(segment: string): string {
  const decoded = decodeSegment(segment);
  if (decoded === undefined) throw new Rejection(400, 'The request URI is not valid.');
  return decoded;
}

/** Returns the users or services that an action needs. Both are null if it needs neither. */
function parametersResult(ticket: Ticket, action: Action): Wire {
  const users = OPERATORS.filter((user) => user !== ticket.solver).map(({ key, fullName, userName }) => ({
    UserProviderKey: key,
    Fullname: fullName,
    UserName: userName,
  }));
  const services = Object.entries(SERVICES).map(([id, name]) => ({
    ServiceId: Number(id),
    ServiceName: name,
  }));
  return {
    Users: action.needs === 'user' ? users : null,
    Services: action.needs === 'service' ? services : null,
  };
}

/** Fields up to IsPrivateMessageSupported are in documentation order; the documentation is truncated after it. */
function ticketResult(ticket: Ticket, isPlain: boolean): Wire {
  const time = (at: number | null): string | null =>
    at === null ? null : new Date(at).toISOString().replace('Z', ticket.isZoned ? 'Z' : '');
  return {
    TicketId: ticket.id,
    TicketREF: ticket.reference,
    TicketType: { code: KINDS[ticket.kind].code, word: ticket.kind },
    Subject: ticket.subject,
    CreatedUTC: time(ticket.createdAt),
    Closed: ticket.phase === 'Closed',
    ClosedUTC: time(ticket.closedAt),
    SubmitterKey: ticket.submitter.key,
    SubmitterFullName: ticket.submitter.fullName,
    SubmitterCompany: ticket.submitter.company,
    SolverKey: ticket.solver?.key ?? null,
    SolverFullName: ticket.solver?.fullName ?? null,
    TicketState: stateOf(ticket.kind, ticket.phase),
    TicketSummaryState: PHASES[ticket.phase].summary,
    Source: ticket.source,
    TicketUserSourceId: ticket.userSourceId,
    ServiceId: ticket.serviceId,
    ServiceName: ticket.serviceId === null ? null : (SERVICES[ticket.serviceId] ?? null),
    ResolutionText: ticket.resolutionText,
    IsPrivateMessageSupported: ticket.kind !== 'EndUserTicket',
    AllAvailableTicketActions: legalActions(ticket).map((action) => ({
      Action: { code: action.code, word: action.word },
      Name: action.word,
      DisplayName: action.label,
      ExtraParameterIsNeeded: action.needs !== undefined,
    })),
    Messages: ticket.messages.map(({ at, author, isPrivate, html }) => ({
      CreatedUTC: time(at),
      AuthorFullName: author,
      IsPrivate: isPrivate,
      Text: isPlain ? toPlainText(html) : html,
    })),
  };
}

const toPlainText = (html: string): string =>
  html
    .replace(/<br\/>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');

// ---------------------------------------------------------------------------------- what is pushed

/** All fields in alphabetical order, which XML requires. */
const FIELDS = ['Action', 'CustomerId', 'Note', 'ServiceId', 'TicketId', 'TicketREF', 'UserProviderKey'] as const;
type Field = (typeof FIELDS)[number];
const NUMBERS: readonly Field[] = ['CustomerId', 'ServiceId', 'TicketId'];

interface Push {
  readonly action: Action;
  readonly TicketId?: number;
  readonly TicketREF?: string;
  readonly UserProviderKey?: string;
  readonly ServiceId?: number;
  readonly CustomerId?: number;
  readonly Note?: string;
}

const isField = (name: string): name is Field => (FIELDS as readonly string[]).includes(name);
const isInt32 = (value: unknown): boolean => typeof value === 'number' && (value | 0) === value;
const malformed = (detail: string): Rejection => new Rejection(400, `The request is invalid. ${detail}`);

function readPush(arrival: ReceivedRequest): Push {
  const [, type = '', charset = 'utf-8'] =
    /^\s*([^;\s]+)\s*(?:;\s*charset="?([^";]+)"?\s*)?$/i.exec(arrival.headers['content-type'] ?? '') ?? [];
  const mediaType = MEDIA_TYPES.find((known) => known === type.toLowerCase());
  if (!mediaType || charset.trim().toLowerCase() !== 'utf-8') {
    throw new Rejection(415, `The request entity's media type '${type}' is not supported for this resource.`);
  }
  const fields = mediaType.endsWith('xml') ? readXmlPush(arrival.body) : readJsonPush(arrival.body);
  const { Action: code, ...rest } = fields;
  const action = ACTIONS.find((known) => known.code === code);
  if (!action) throw malformed(code === undefined ? 'Action is required.' : `Action ${code} is not known.`);
  const input: Push = { ...rest, action };
  // Not documented; the strict interpretation.
  if ((input.TicketId === undefined) === (input.TicketREF === undefined)) {
    throw malformed('Exactly one of TicketId and TicketREF has to be given.');
  }
  return input;
}

type Fields = Omit<Push, 'action'> & { readonly Action?: number };

/** The documented sample has the action as a number. Names are not documented in JSON and are rejected. */
function readJsonPush(body: string): Fields {
  const parsed = parseJson(body);
  if (!isObject(parsed)) throw malformed('A JSON object is expected.');
  const given = Object.entries(parsed).filter(([name, value]) => {
    if (!isField(name)) throw malformed(`The field '${name}' is not known.`);
    const isNumber = name === 'Action' || NUMBERS.includes(name);
    const isRight = value === null || (isNumber ? isInt32(value) : typeof value === 'string');
    if (!isRight) throw malformed(`The value of ${name} is not valid.`);
    return value !== null;
  });
  return Object.fromEntries(given);
}

function readXmlPush(body: string): Fields {
  const given = readXmlFields(body).map(([name, text]) => [name, toXmlValue(name, text)] as const);
  return Object.fromEntries(given);
}

function toXmlValue(name: Field, text: string): string | number {
  if (name === 'Action') {
    const action = ACTIONS.find(({ word }) => word === text.trim());
    if (!action) throw malformed(`Invalid enum value '${text}' cannot be deserialized into type TicketActionEnum.`);
    return action.code;
  }
  if (!NUMBERS.includes(name)) return text;
  if (!/^\s*-?\d{1,10}\s*$/.test(text) || !isInt32(Number(text))) throw malformed(`The value of ${name} is not valid.`);
  return Number(text);
}

/** Checks the documented parameters of each action: the required ones must be present, others must not. */
function checkParameters(input: Push, ticket: Ticket): void {
  const { action } = input;
  checkPresence('UserProviderKey', input, action.needs === 'user', action.waits);
  checkPresence('ServiceId', input, action.needs === 'service');
  checkPresence('CustomerId', input, false, action.waits);
  checkPresence('Note', input, false, action.waits);
  const user = operatorOf(input.UserProviderKey);
  const isUserWrong = !user || (action.needs === 'user' && user === ticket.solver);
  if (input.UserProviderKey !== undefined && isUserWrong) {
    throw new Rejection(400, `UserProviderKey is not a user that action ${action.word} can be given.`);
  }
  if (input.ServiceId !== undefined && !SERVICES[input.ServiceId])
    throw new Rejection(400, 'The service was not found.');
  if (input.CustomerId !== undefined && input.CustomerId < 1) throw new Rejection(400, 'The customer was not found.');
}

function checkPresence(name: Exclude<Field, 'Action'>, input: Push, isNeeded: boolean, isAllowed = isNeeded): void {
  const isGiven = input[name] !== undefined;
  if (isNeeded && !isGiven) throw new Rejection(400, `${name} is required for action ${input.action.word}.`);
  if (isGiven && !isNeeded && !isAllowed) {
    throw new Rejection(400, `${name} is not valid for action ${input.action.word}.`);
  }
}

// ---------------------------------------------------------------------------------- XML, inward

const POSTS = 'http://schemas.datacontract.org/2004/07/RequestorApiDataStructures.Posts';
const RESULTS = 'http://schemas.datacontract.org/2004/07/RequestorApiDataStructures.Results';
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** The parser's output with preserveOrder: one key names the element and holds its content; text is a `#text`. */
type XmlNode = Readonly<Record<string, readonly XmlNode[] | Readonly<Record<string, string>>>> & {
  readonly '#text'?: string;
};
interface XmlElement {
  readonly local: string;
  readonly namespace: string;
  readonly content: readonly XmlNode[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly scope: Readonly<Record<string, string>>;
}

const xml = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  htmlEntities: true,
});

/**
 * Reads as DataContractSerializer does: members are expected in alphabetical order. A member that is out of order, or
 * of another namespace, is silently skipped.
 */
function readXmlFields(body: string): [Field, string][] {
  const root = parseXml(body);
  if (root.local !== 'WorkflowPushPost' || root.namespace !== POSTS) {
    throw malformed(`Expecting element 'WorkflowPushPost' from namespace '${POSTS}'.`);
  }
  const given: [Field, string][] = [];
  let reached = 0;
  for (const child of elements(root.content, root.scope)) {
    if (!isField(child.local)) throw malformed(`The element '${child.local}' is not known.`);
    const at = FIELDS.indexOf(child.local);
    if (child.namespace !== POSTS || at < reached) continue;
    reached = at + 1;
    if (!isNil(child)) given.push([child.local, textOf(child)]);
  }
  return given;
}

function parseXml(body: string): XmlElement {
  // Its successor is a package of its own; the parser alone lets too much pass.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (/<!DOCTYPE/i.test(body) || XMLValidator.validate(body) !== true) throw malformed('The body is not XML.');
  const [root, ...others] = elements(parseNodes(body), { '': '' });
  if (!root || others.length) throw malformed('Root element is missing.');
  return root;
}

/** The parser rejects some XML that the validator accepts, e.g. an element named `constructor`. */
function parseNodes(body: string): XmlNode[] {
  try {
    return xml.parse(body) as XmlNode[];
  } catch {
    throw malformed('The body is not XML.');
  }
}

function elements(nodes: readonly XmlNode[], outer: Readonly<Record<string, string>>): XmlElement[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
    if (name === undefined) return [];
    const attributes = (node[':@'] ?? {}) as Readonly<Record<string, string>>;
    const scope = { ...outer, ...declaredBy(attributes) };
    const [local, namespace] = resolve(name, scope);
    return [{ local, namespace, content: node[name] as readonly XmlNode[], attributes, scope }];
  });
}

function declaredBy(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const declarations = Object.entries(attributes).filter(([name]) => /^xmlns(:|$)/.test(name));
  return Object.fromEntries(declarations.map(([name, value]) => [name.slice('xmlns:'.length), value]));
}

function resolve(name: string, scope: Readonly<Record<string, string>>): [local: string, namespace: string] {
  const [prefix, local] = name.includes(':') ? (name.split(':', 2) as [string, string]) : ['', name];
  const namespace = scope[prefix];
  if (namespace === undefined) throw malformed(`'${prefix}' is an undeclared prefix.`);
  return [local, namespace];
}

function isNil({ attributes, scope }: XmlElement): boolean {
  return Object.entries(attributes).some(([name, value]) => {
    if (!name.includes(':') || /^xml(ns)?:/.test(name)) return false;
    const [local, namespace] = resolve(name, scope);
    return local === 'nil' && namespace === INSTANCE && (value === 'true' || value === '1');
  });
}

function textOf({ local, content, scope }: XmlElement): string {
  if (elements(content, scope).length) throw malformed(`The value of ${local} is not valid.`);
  return content.map((node) => node['#text'] ?? '').join('');
}

// ---------------------------------------------------------------------------------- answers

const MEDIA_TYPES = ['application/json', 'text/json', 'application/xml', 'text/xml'] as const;
type MediaType = (typeof MEDIA_TYPES)[number];

/** Element names of list entries in XML. */
const ENTRIES: Readonly<Record<string, string>> = {
  AllAvailableTicketActions: 'TicketActionItem',
  Messages: 'MessageItem',
  Services: 'ServiceItem',
  Users: 'UserItem',
};

function answer(arrival: ReceivedRequest, route: (arrival: ReceivedRequest) => Result): CannedResponse {
  const mediaType = preferredMediaType(arrival.headers.accept);
  const headers = { 'content-type': `${mediaType}; charset=utf-8` };
  const isXml = mediaType.endsWith('xml');
  try {
    const { root, value } = route(arrival);
    return { status: 200, headers, body: isXml ? xmlDocument(root, value) : toJson(value) };
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    const body = isXml
      ? `<Error><Message>${escape(error.message)}</Message></Error>`
      : toJson({ Message: error.message });
    return { status: error.status, headers: { ...headers, ...error.headers }, body };
  }
}

/** Selects the highest quality, then the more specific range, then JSON. Defaults to JSON if nothing matches. */
function preferredMediaType(accept = ''): MediaType {
  const ranges = acceptedBy(accept).map((range) => {
    return { ...range, rank: range.name.endsWith('/*') ? Number(range.name !== '*/*') : 2 };
  });
  const scored = MEDIA_TYPES.map((type) => {
    const names = [type, type.replace(/\/.*/, '/*'), '*/*'];
    const best = ranges.filter(({ name }) => names.includes(name)).sort((a, b) => b.rank - a.rank)[0];
    return { type, quality: best?.quality ?? 0, rank: best?.rank ?? 0 };
  });
  const [first] = scored.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality || b.rank - a.rank);
  return first?.type ?? 'application/json';
}

const isWord = (value: Wire): value is Word =>
  typeof value === 'object' && value !== null && 'code' in value && 'word' in value;

function toJson(value: Wire): string {
  return JSON.stringify(value, (_, inner: Wire) => (isWord(inner) ? inner.code : inner));
}

function xmlDocument(root: string, value: Wire): string {
  return `<${root} xmlns:i="${INSTANCE}" xmlns="${RESULTS}">${xmlContent(root, value)}</${root}>`;
}

function xmlElement(name: string, value: Wire): string {
  return value === null ? `<${name} i:nil="true"/>` : `<${name}>${xmlContent(name, value)}</${name}>`;
}

/** Writes members in alphabetical order, as they are read. */
function xmlContent(name: string, value: Wire): string {
  if (value === null) return '';
  if (typeof value !== 'object') return escape(String(value));
  if (isWord(value)) return value.word;
  if (Array.isArray(value)) {
    return value.map((entry: Wire) => xmlElement(ENTRIES[name] ?? 'Item', entry)).join('');
  }
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => xmlElement(key, inner))
    .join('');
}

/** Also removes characters that XML does not allow. */
const escape = (text: string): string =>
  text
    .replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
