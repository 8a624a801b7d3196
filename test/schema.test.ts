/** The schema: the public contract stays compatible, everything has a description, and the subgraph composes. */
import { composeServices } from '@apollo/composition';
import { printSubgraphSchema } from '@apollo/subgraph';
import {
  Kind,
  buildSchema as readSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
  isObjectType,
  isUnionType,
  parse,
  print,
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLObjectType,
  type InputValueDefinitionNode,
} from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Ticket } from '../datasources/contract.ts';
import { vendors } from '../datasources/vendors.ts';
import { loadTypeDefs } from '../schema/index.ts';
import { buildSchema } from '../server/server.ts';
import { startEndpoint } from './support/endpoint.ts';
import { startTestServer, type TestServer } from './support/sandbox.ts';
import { toPlain } from '../datasources/vendor-kit/lazy.ts';

/** The schema of the server, printed and parsed again, without the additions of the federation library. */
const SDL = printSubgraphSchema(buildSchema(loadTypeDefs()));
const schema = readSchema(SDL, { assumeValidSDL: true });

// ---------------------------------------------------------------- the public contract

/**
 * Names, types and nullability that clients depend on. Nothing here may be renamed or change its type. Additions are
 * allowed unless they add a required input.
 */
const PROMISED = `
type Query {
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  ticket(id: ID!): Ticket
  ticketsById(ids: [ID!]!): [Ticket]!
  tickets(first: Int = 25, after: String, filter: TicketFilter): TicketConnection!
  vendors: [VendorInfo!]!
}
interface Node { id: ID! }
input TicketFilter { vendors: [Vendor!]  categories: [StatusCategory!]  search: String  reference: String }
type TicketConnection { edges: [TicketEdge!]!  nodes: [Ticket!]!  pageInfo: PageInfo!  sources: [SourceResult!]! }
type TicketEdge { cursor: String!  node: Ticket! }
type PageInfo { hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String }
type SourceResult { vendor: Vendor!  totalCount: Int  problem: Problem }
type VendorInfo {
  key: Vendor!  name: String!  configured: Boolean!  reachable: Boolean  lists: Boolean!  mutations: [String!]!
}
enum Vendor { REQUESTOR AKANA OMNIDESK HUAWEI JIFELINE }

union Ticket = RequestorTicket | AkanaTicket | OmnideskTicket | HuaweiTicket | JifelineTicket
interface TicketFields implements Node {
  id: ID!  vendor: Vendor!  nativeId: String!  reference: String!  title: String  status: TicketStatus!
  createdAt: DateTime  updatedAt: DateTime  availableActions: [TicketAction!]!
}
type TicketStatus { category: StatusCategory  raw: String! }
enum StatusCategory { NEW OPEN PENDING ON_HOLD SOLVED CLOSED CANCELLED }
enum Priority { LOW MEDIUM HIGH URGENT }
type RequestorTicket implements TicketFields & Node {
  ticketRef: String!  ticketType: String  subject: String  closed: Boolean  closedAt: DateTime  submitter: String
  solver: String  state: String  summaryState: String  serviceId: String  serviceName: String  resolutionText: String
}
type AkanaTicket implements TicketFields & Node {
  apiId: String  appId: String  description: String  environment: String  state: String  authorId: String
  authorName: String  labels: [String!]  tags: [String!]  commentCount: Int  visibility: String
}
type OmnideskTicket implements TicketFields & Node {
  brandId: String  channelId: String  direction: Direction  from: String  fromName: String  to: String
  priority: Priority  customerId: String  assignedGroupId: String  assignedUserId: String  closedAt: DateTime
}
type HuaweiTicket implements TicketFields & Node {
  statusCode: Int  businessType: String  incidentType: String  productCategory: String  customerId: String
  dataCenter: String  rootCause: String  resolution: String  labels: [String!]
}
type JifelineTicket implements TicketFields & Node {
  ticketNumber: String!  customerId: String  vehicleModelId: String  vin: String  serviceStartedAt: DateTime
  operatorId: String  voucherCode: String  outsourced: Boolean  connectionId: String  state: String
}

union TicketAction = RequestorAction | AkanaAction | OmnideskAction | HuaweiAction | JifelineAction
interface TicketActionFields {
  name: String!  label: String!  mutation: String!  inputs: [ActionInput!]!  resultingCategory: StatusCategory
}
type ActionInput { name: String!  type: ActionInputType!  required: Boolean!  options: [ActionInputOption!] }
type ActionInputOption { value: String!  label: String! }
enum ActionInputType { STRING INTEGER BOOLEAN ID LIST }

union Transition = WorkflowTransition | ActionTransition | StatusTransition | OutsourceTransition | CompleteTransition
  | CancelTransition
interface TransitionFields {
  ticketId: ID!  vendor: Vendor!  action: String!  from: TicketStatus  to: TicketStatus  at: DateTime!
}
type WorkflowTransition implements TransitionFields { ticketRef: String  previousTicketRef: String }
type ActionTransition implements TransitionFields { state: String }
type StatusTransition implements TransitionFields { action: String! }
type OutsourceTransition implements TransitionFields { location: String  movedToId: ID }
type CompleteTransition implements TransitionFields { location: String  movedToId: ID }
type CancelTransition implements TransitionFields { location: String  movedToId: ID }
enum Outcome { APPLIED NOT_APPLIED UNKNOWN PARTIAL }
interface MutationPayload {
  outcome: Outcome!  problems: [Problem!]!  plan: [PlannedRequest!]  replayed: Boolean!  reconciled: Boolean!
  clientMutationId: String
}
type Problem {
  code: ProblemCode!  message: String!  vendor: Vendor  ticketId: ID  field: [String!]  retryable: Boolean!
  retryAfterSeconds: Int  upstreamStatus: Int  upstreamCode: String  upstreamMessage: String
}
enum ProblemCode {
  INVALID_INPUT NOT_FOUND ILLEGAL_ACTION UNSUPPORTED VENDOR_NOT_CONFIGURED VENDOR_REJECTED VENDOR_UNAUTHENTICATED
  VENDOR_FORBIDDEN VENDOR_RATE_LIMITED VENDOR_UNAVAILABLE VENDOR_TIMEOUT VENDOR_PROTOCOL VENDOR_OVERLOADED
  OUTCOME_UNKNOWN IDEMPOTENCY_KEY_REUSED IDEMPOTENCY_IN_FLIGHT IDEMPOTENCY_UNAVAILABLE UNAUTHENTICATED FORBIDDEN
}
type PlannedRequest { vendor: Vendor!  method: String!  url: String!  headers: JSONObject!  body: String }
type TicketResult { ticketId: ID!  outcome: Outcome!  ticket: Ticket  transition: Transition  problem: Problem }

type Mutation {
  pushWorkflow(input: PushWorkflowInput!): PushWorkflowPayload!
  executeAction(input: ExecuteActionInput!): ExecuteActionPayload!
  setStatus(input: SetStatusInput!): SetStatusPayload!
  setPriority(input: SetPriorityInput!): SetPriorityPayload!
  transitionInProgress(input: TransitionInProgressInput!): TransitionInProgressPayload!
  assignOperator(input: AssignOperatorInput!): AssignOperatorPayload!
  createTicket(input: CreateTicketInput!): CreateTicketPayload!
  updateTicket(input: UpdateTicketInput!): UpdateTicketPayload!
  deleteTickets(input: DeleteTicketsInput!): DeleteTicketsPayload!
  unlinkCustomer(input: UnlinkCustomerInput!): UnlinkCustomerPayload!
  runBatch(input: RunBatchInput!): RunBatchPayload!
  solveUnfinishedTickets(input: SolveUnfinishedTicketsInput!): SolveUnfinishedTicketsPayload!
}
input PushWorkflowInput {
  ticketId: ID!  action: String!  userProviderKey: String  serviceId: Int  customerId: Int  note: String
}
type PushWorkflowPayload implements MutationPayload { ticket: RequestorTicket  transition: Transition }
input ExecuteActionInput { ticketId: ID!  action: String!  comment: String  inputs: JSONObject }
type ExecuteActionPayload implements MutationPayload { ticket: Ticket  transition: Transition }
input SetStatusInput { ticketIds: [ID!]!  status: StatusCategory!  comment: String }
type SetStatusPayload implements MutationPayload { results: [TicketResult!]! }
input SetPriorityInput { ticketIds: [ID!]!  priority: Priority! }
type SetPriorityPayload implements MutationPayload { results: [TicketResult!]! }
input TransitionInProgressInput { ticketId: ID!  transition: InProgressTransitionInput! }
input InProgressTransitionInput @oneOf { outsource: OutsourceInput  complete: CompleteInput  cancel: CancelInput }
input OutsourceInput {
  productIds: [ID!]!  providerId: ID!  allowCustomerChatWriteAccess: Boolean  shareCustomerInformation: Boolean
}
input CompleteInput { extra: JSONObject }
input CancelInput { cancelReasonId: Int  extra: JSONObject }
type TransitionInProgressPayload implements MutationPayload { ticket: JifelineTicket  transition: Transition }
input AssignOperatorInput { ticketId: ID!  operatorId: ID! }
type AssignOperatorPayload implements MutationPayload { ticket: JifelineTicket }
input CreateTicketInput { ticket: NewTicketInput! }
input NewTicketInput @oneOf { omnidesk: NewOmnideskTicketInput }
input NewOmnideskTicketInput {
  brandId: Int  channelId: Int  direction: Direction  from: String  fromName: String  to: String  title: String
  assignedGroupId: Int  formId: Int
}
enum Direction { INBOUND OUTBOUND }
type CreateTicketPayload implements MutationPayload { ticket: Ticket }
input UpdateTicketInput { ticketId: ID!  title: String  externalCustomerId: String  status: FinalStatus }
enum FinalStatus { SOLVED CLOSED }
type UpdateTicketPayload implements MutationPayload { ticket: Ticket }
input DeleteTicketsInput { ticketIds: [ID!]! }
type DeleteTicketsPayload implements MutationPayload { results: [TicketResult!]! }
input UnlinkCustomerInput { ticketId: ID! }
type UnlinkCustomerPayload implements MutationPayload { ticket: Ticket }
input RunBatchInput { ticketIds: [ID!]!  actions: [BatchActionInput!]! }
input BatchActionInput { actionType: String!  value: String! }
type RunBatchPayload implements MutationPayload { results: [TicketResult!]! }
input SolveUnfinishedTicketsInput { confirm: Boolean! }
type SolveUnfinishedTicketsPayload implements MutationPayload { outcome: Outcome! }
scalar DateTime
scalar JSONObject
`;

describe('the public contract', () => {
  const promised = definitionsOf(PROMISED);
  const actual = definitionsOf(SDL);

  test.each([...promised.keys()])('the public contract of %s is kept', (name) => {
    expect(differences(promised.get(name), actual.get(name))).toEqual([]);
  });

  test('a difference from the public contract is detected', () => {
    const differencesOf = (sdl: string): string[] => {
      const [[name, node] = []] = definitionsOf(sdl);
      return differences(node, actual.get(name ?? ''));
    };
    expect(differencesOf('type TicketStatus { category: StatusCategory!  raw: String! }')).toEqual([
      'category: StatusCategory!',
    ]);
    expect(differencesOf('type Query { tickets(first: Int = 20): TicketConnection! }')).toEqual([
      'tickets(first): Int = 20',
    ]);
    expect(differencesOf('type Query { ticket: Ticket }')).toEqual(['ticket(id) is required']);
    expect(differencesOf('input SetPriorityInput { ticketIds: [ID!]! }')).toEqual(['priority is required']);
    expect(differencesOf('enum Outcome { APPLIED MAYBE }')).toEqual(['MAYBE']);
    expect(differencesOf('union Ticket = AkanaTicket | Problem')).toEqual(['= Problem']);
    expect(differencesOf('type Problem implements Node { message: String! }')).toEqual(['implements Node']);
    expect(differencesOf('input TicketFilter @oneOf { search: String }')).toEqual(['@oneOf']);
    expect(differencesOf('interface Problem { message: String! }')).toEqual(['InterfaceTypeDefinition']);
    expect(differencesOf('type Absent { id: ID! }')).toEqual(['it is missing']);
  });

  test('every mutation takes one input with the common fields and returns a MutationPayload', () => {
    const COMMON_FIELDS = ['clientMutationId: String', 'dryRun: Boolean = false', 'idempotencyKey: String'];
    // A bulk job writes after its mutation has returned: its payload has a job instead of an outcome.
    const mutations = Object.values(schema.getMutationType()!.getFields()).filter(({ name }) => !name.endsWith('Bulk'));
    for (const { name, args, type } of mutations) {
      expect(args.map((arg) => arg.name)).toEqual(['input']);
      expect(factsOf(actual.get(getNamedType(args[0]!.type).name)), name).toEqual(
        expect.arrayContaining(COMMON_FIELDS),
      );
      expect(factsOf(actual.get(getNamedType(type).name)), name).toContain('implements MutationPayload');
    }
    expect(mutations.length).toBeGreaterThanOrEqual(12);
  });
});

function definitionsOf(sdl: string): Map<string, DefinitionNode> {
  return new Map(
    parse(sdl).definitions.flatMap((node) => ('name' in node && node.name ? [[node.name.value, node] as const] : [])),
  );
}

/** What clients of the promised definition lack in the actual one, and inputs that newly became required. */
function differences(promised: DefinitionNode | undefined, actual: DefinitionNode | undefined): string[] {
  if (!actual) return ['it is missing'];
  const known = new Set(factsOf(actual));
  const expected = new Set(requiredOf(promised));
  const newlyRequired = requiredOf(actual).filter((name) => !expected.has(name) && isReachable(name, promised));
  return [
    ...factsOf(promised).filter((fact) => !known.has(fact)),
    ...newlyRequired.map((name) => `${name} is required`),
  ];
}

/** The facts of a definition, one line each. */
function factsOf(node: DefinitionNode | undefined): string[] {
  if (!node) return [];
  const facts: string[] = [node.kind];
  if ('interfaces' in node) facts.push(...(node.interfaces ?? []).map(({ name }) => `implements ${name.value}`));
  if ('types' in node) facts.push(...(node.types ?? []).map(({ name }) => `= ${name.value}`));
  if ('values' in node) facts.push(...(node.values ?? []).map(({ name }) => name.value));
  if ('directives' in node && node.directives?.some(({ name }) => name.value === 'oneOf')) facts.push('@oneOf');
  for (const field of fieldsOf(node)) {
    facts.push(toLine(field.name.value, field));
    facts.push(...argumentsOf(field).map((one) => toLine(`${field.name.value}(${one.name.value})`, one)));
  }
  return facts;
}

/** The required input fields of a type, and the required arguments of its fields. */
function requiredOf(node: DefinitionNode | undefined): string[] {
  return fieldsOf(node).flatMap((field) => [
    ...(field.kind === Kind.INPUT_VALUE_DEFINITION && isRequired(field) ? [field.name.value] : []),
    ...argumentsOf(field)
      .filter(isRequired)
      .map((argument) => `${field.name.value}(${argument.name.value})`),
  ]);
}

/** A required argument breaks clients only if its field was promised. */
function isReachable(name: string, promised: DefinitionNode | undefined): boolean {
  const [field, argument] = name.split('(');
  return argument === undefined || fieldsOf(promised).some((one) => one.name.value === field);
}

type FieldNode = FieldDefinitionNode | InputValueDefinitionNode;

function fieldsOf(node: DefinitionNode | undefined): readonly FieldNode[] {
  return node && 'fields' in node ? (node.fields ?? []) : [];
}

function argumentsOf(field: FieldNode): readonly InputValueDefinitionNode[] {
  return 'arguments' in field ? (field.arguments ?? []) : [];
}

function isRequired({ type, defaultValue }: InputValueDefinitionNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE && !defaultValue;
}

function toLine(name: string, field: FieldNode): string {
  const preset = 'defaultValue' in field && field.defaultValue ? ` = ${print(field.defaultValue)}` : '';
  return `${name}: ${print(field.type)}${preset}`;
}

// ---------------------------------------------------------------- fields of the same name

describe('fields of the same name', () => {
  const unions = Object.values(schema.getTypeMap()).filter((type) => isUnionType(type) && type.name !== '_Entity');

  test.each(unions.map(({ name }) => name))(
    'fields of the same name have the same type in every member of %s',
    (name) => {
      const members = membersOf(name);
      expect(members.length).toBeGreaterThan(1);
      expect(namesOfManyTypes(members, (type) => type)).toEqual([]);
    },
  );

  test('fields of the same name have the same type in every payload, except for the type of the ticket', () => {
    const payloads = schema.getPossibleTypes(schema.getType('MutationPayload') as never);
    const tickets = new Set(membersOf('Ticket').map(({ name }) => name));
    expect(namesOfManyTypes(payloads, (type) => (tickets.has(type) ? 'Ticket' : type))).toEqual([]);
  });

  test('fields of the same name with different types are detected', () => {
    const { WorkflowTransition, RequestorTicket } = schema.getTypeMap() as Record<string, GraphQLObjectType>;
    expect(namesOfManyTypes([WorkflowTransition!, RequestorTicket!], (type) => type)).toEqual(['ticketRef']);
  });
});

function membersOf(union: string): readonly GraphQLObjectType[] {
  const type = schema.getType(union);
  if (!isUnionType(type)) throw new TypeError(`${union} is not a union.`);
  return type.getTypes();
}

function namesOfManyTypes(types: readonly GraphQLObjectType[], toType: (type: string) => string): string[] {
  const fields = types.flatMap((type) => Object.values(type.getFields()));
  const byName = Map.groupBy(fields, ({ name }) => name);
  return [...byName].flatMap(([name, all]) =>
    new Set(all.map(({ type }) => toType(String(type)))).size > 1 ? [name] : [],
  );
}

// ---------------------------------------------------------------- descriptions

test('every type, field, argument, input field and enum value has a description', () => {
  // Additions of the federation library are documented by the library.
  const isOwn = (name: string): boolean => !name.startsWith('_') && !name.includes('__');
  const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && isOwn(type.name));
  const descriptions = new Map<string, string | null | undefined>();
  for (const type of types) {
    const isBuiltIn = ['Int', 'Float', 'String', 'Boolean', 'ID'].includes(type.name);
    if (!isBuiltIn) descriptions.set(type.name, type.description);
    if (isEnumType(type))
      for (const { name, description } of type.getValues()) descriptions.set(`${type.name}.${name}`, description);
    if (isInputObjectType(type)) {
      for (const { name, description } of Object.values(type.getFields()))
        descriptions.set(`${type.name}.${name}`, description);
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { name, description, args } of Object.values(type.getFields()).filter((field) => isOwn(field.name))) {
      descriptions.set(`${type.name}.${name}`, description);
      for (const argument of args) descriptions.set(`${type.name}.${name}(${argument.name})`, argument.description);
    }
  }
  expect(descriptions.size).toBeGreaterThan(400);
  expect([...descriptions].filter(([, description]) => !description?.trim()).map(([name]) => name)).toEqual([]);
});

// ---------------------------------------------------------------- federation

describe('federation', () => {
  /** A subgraph of another team that adds a field to the tickets of all vendors. */
  const MOODS = parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@interfaceObject"])
    type TicketFields @key(fields: "id") @interfaceObject { id: ID!  mood: Mood! }
    enum Mood { CALM CROSS }
  `);

  test('the subgraph composes on its own', async () => {
    const { errors, schema: composed } = composeServices([await subgraphService()]);
    expect(errors).toBeUndefined();
    expect(composed?.toAPISchema().type('TicketFields')).toBeDefined();
  });

  test('the subgraph composes with one that adds a field to every ticket through the interface', async () => {
    const moods = { name: 'moods', url: 'http://127.0.0.1:1', typeDefs: MOODS };
    const { errors, schema: composed } = composeServices([await subgraphService(), moods]);
    expect(errors).toBeUndefined();
    const api = composed!.toAPISchema();
    for (const { name } of [...membersOf('Ticket'), { name: 'TicketFields' }]) {
      const type = api.type(name);
      expect(type && 'field' in type && type.field('mood')?.type?.toString(), name).toBe('Mood!');
    }
  });
});

/** The subgraph as a router reads it, from `_service`. */
async function subgraphService(): Promise<Parameters<typeof composeServices>[0][number]> {
  const endpoint = await startEndpoint({});
  onTestFinished(() => endpoint.close());
  const { data } = await endpoint.ask('{ _service { sdl } }');
  return { name: 'ticketgraph', url: endpoint.url, typeDefs: parse(data._service.sdl) };
}

// ---------------------------------------------------------------- tickets

describe('fields of a ticket', () => {
  /** Computed by a resolver, so mapped tickets do not have it. */
  const RESOLVED = ['sourceSystem', 'availableActions'];

  /** Fields of mapped tickets that are not in the schema. */
  const INTERNAL: Readonly<Record<string, readonly string[]>> = {
    // The actions that come with the ticket; availableActions is computed from them.
    requestor: ['offers'],
  };

  /** Null in every sandbox ticket, because the vendor's page shows no value for them. */
  const ALWAYS_NULL: Readonly<Record<string, readonly string[]>> = {
    requestor: ['updatedAt'],
    akana: ['updatedAt'],
    omnidesk: ['channelAccountId', 'slaNextBreach', 'slaNextBreachCurrentStatus'],
    huawei: ['incidentServiceType', 'judgement', 'updatedAt'],
    jifeline: ['title', 'updatedAt'],
    // Lists and searches do not contain merged tickets.
    rt: ['mergedInto'],
  };

  test.each(vendors.map(({ key }) => key))('a ticket of %s has every promised field, and no other', async (key) => {
    const tickets = await mappedTickets(await startTestServer({ keys: [key] }), key);
    const promised = Object.keys(typeOf(key).getFields()).filter((field) => !RESOLVED.includes(field));
    const expected = ['__typename', ...promised, ...(INTERNAL[key] ?? [])].toSorted();
    expect(tickets.length).toBeGreaterThanOrEqual(48);
    for (const ticket of tickets) expect(Object.keys(toPlain(ticket)).toSorted(), ticket.id).toEqual(expected);
    const alwaysNull = promised.filter((field) => tickets.every((ticket) => valueOf(ticket, field) === null));
    expect(alwaysNull.toSorted()).toEqual(ALWAYS_NULL[key]);
  });

  test('one query can select all fields of the tickets of every vendor', async () => {
    const server = await startTestServer();
    const types = vendors.map(({ key }) => typeOf(key));
    const query = `query ($ids: [ID!]!) { ticketsById(ids: $ids) { __typename ${types.map(toFragment).join(' ')} } }`;
    for (const { key } of vendors) {
      const ids = server
        .vendor(key)
        .vendor.ticketIds()
        .map((id) => `${key}:${id}`);
      const { data, errors } = await server.ask(query, { ids });
      expect(errors).toBeUndefined();
      expect(data.ticketsById.map(({ id }: Ticket) => id)).toEqual(ids);
      expect(new Set(data.ticketsById.map((ticket: Ticket) => ticket.__typename))).toEqual(new Set([typeOf(key).name]));
    }
    expect(server.defects).toEqual([]);
  });
});

function valueOf(ticket: Ticket, field: string): unknown {
  return (ticket as unknown as Record<string, unknown>)[field];
}

function typeOf(key: string): GraphQLObjectType {
  const type = membersOf('Ticket').find(({ name }) => name.toLowerCase() === `${key}ticket`);
  if (!type) throw new TypeError(`No ticket type for the vendor ${key}.`);
  return type;
}

/** A fragment with every scalar and enum field, and the status. */
function toFragment(type: GraphQLObjectType): string {
  const leaves = Object.values(type.getFields()).filter((field) => isLeafType(getNamedType(field.type)));
  return `... on ${type.name} { ${leaves.map(({ name }) => name).join(' ')} status { category raw } }`;
}

/** Every ticket as mapped from its own response, and from a list, whose entries may have other fields. */
async function mappedTickets(server: TestServer, key: string): Promise<Ticket[]> {
  const { datasource } = server.sources.connected.get(key)!;
  const call = { signal: new AbortController().signal, deadlineAt: performance.now() + 60_000, requestKey: {} };
  const ids = server.vendor(key).vendor.ticketIds();
  const found = await Promise.all(ids.map((id) => datasource.find(id, call)));
  const listed = await datasource.list?.({ offset: 0, limit: datasource.pageLimit ?? 100, filter: {} }, call);
  return [...found.map((ticket) => ticket!), ...(listed?.tickets ?? [])];
}
