/**
 * What an operation would cost, estimated from the document and its variables before anything is asked: calls to vendors,
 * since a vendor's limits are for all of us together, and fields of the answer, since a short document can ask for many.
 *
 * A root field says how many tickets it is about, and what is selected of each ticket may cost more. That is all there
 * is to know, and it stands in the two tables below.
 */
import type { GraphQLError } from 'graphql';
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  OperationTypeNode,
  getArgumentValues,
  getDirectiveValues,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { conditionKey, conditionVariablesOf, fragmentsOf, type Variables } from './document.ts';
import { codedError } from './error-codes.ts';

type Category = 'NEW' | 'OPEN' | 'PENDING' | 'ON_HOLD' | 'SOLVED' | 'CLOSED' | 'CANCELLED';

/** A root field's arguments, coerced. Each is there only where the field has it. */
interface Arguments {
  readonly id?: string;
  readonly ids?: readonly unknown[];
  readonly representations?: readonly unknown[];
  readonly first?: number | null;
  readonly filter?: {
    readonly vendors?: readonly string[] | null;
    readonly reference?: string | null;
    readonly search?: string | null;
    readonly categories?: readonly Category[] | null;
  } | null;
  readonly input?: { readonly ticketId?: unknown; readonly ticketIds?: readonly unknown[] };
}

/** What a root field costs itself, and how many tickets stand below it. */
interface FieldCost {
  readonly calls: number;
  readonly tickets: number;
  /** Calls that reading each of those tickets once takes. */
  readonly finds: number;
}

type FieldCostOf = (args: Arguments, vendors: Vendors) => FieldCost;

const NONE: FieldCost = { calls: 0, tickets: 0, finds: 0 };

/** Each field of Query. */
export const QUERIES: Readonly<Record<string, FieldCostOf>> = {
  node: ({ id }, vendors) => read([id], vendors),
  nodes: ({ ids }, vendors) => read(ids, vendors),
  ticket: ({ id }, vendors) => read([id], vendors),
  ticketsById: ({ ids }, vendors) => read(ids, vendors),
  tickets: costOfList,
  vendors: () => NONE,
  _entities: ({ representations }, vendors) => read(representations, vendors),
  _service: () => NONE,
};

/** The field of a mutation's answer for which the ticket is read after the write. */
const READ_AFTERWARDS = 'ticket';

/** What these fields cost for each ticket, wherever they stand; `ticket` as often as finding it takes. */
export const FIELDS: Readonly<Record<string, number>> = {
  [READ_AFTERWARDS]: 1,
  /** Of an action: some vendors are asked for the options of each action that has some. */
  inputs: 3,
};

/** Most ids that a field takes. One that is given more refuses before any call, by itself. */
const MAX_LISTED = 200;

/** Tickets on a page whose length is not said. */
const DEFAULT_PAGE = 25;

/** The parts of a list's filter that vendors may have to leave to us. */
interface ListFilter {
  readonly search?: string;
  readonly categories?: readonly Category[];
}

/** What the reads of one connected vendor cost, in calls. */
export interface VendorCost {
  readonly key: string;
  /** Most that finding one ticket by its id takes. */
  readonly findCalls: number;
  /** Most that a page of its list takes. */
  listCalls(first: number, filter: ListFilter): number;
}

type Vendors = readonly VendorCost[];

/** The reads of tickets by id, or by what a router names. */
function read(list: readonly unknown[] = [], vendors: Vendors): FieldCost {
  if (list.length > MAX_LISTED) return NONE;
  let finds = 0;
  for (const entry of list) finds += findCalls(entry, vendors);
  return { calls: finds, tickets: list.length, finds };
}

/** Calls that finding the ticket of an id takes at most. */
function findCalls(named: unknown, vendors: Vendors): number {
  const id = typeof named === 'object' && named !== null ? (named as { readonly id?: unknown }).id : named;
  if (typeof id !== 'string') return 1;
  const key = id.slice(0, Math.max(0, id.indexOf(':')));
  return vendors.find((vendor) => vendor.key === key)?.findCalls ?? 1;
}

/** A page takes several calls of a vendor that gives fewer tickets at a time, or leaves part of the filter to us. */
function costOfList({ first, filter }: Arguments, vendors: Vendors): FieldCost {
  const { vendors: named, reference, search, categories } = filter ?? {};
  // Null is what a client sends to say nothing, and then the page is as long as by default.
  const tickets = Math.min(Math.max(first ?? DEFAULT_PAGE, 0), MAX_LISTED);
  const parts: ListFilter = { ...(categories && { categories }), ...(search?.trim() && { search }) };
  let calls = 0;
  for (const { key, findCalls: ofReference, listCalls } of vendors) {
    if (named && !named.includes(key.toUpperCase())) continue;
    calls += reference?.trim() ? ofReference : listCalls(tickets, parts);
  }
  return { calls, tickets, finds: tickets };
}

/** A mutation writes to the tickets that its input names, or makes one. */
function costOfMutation({ input }: Arguments, vendors: Vendors): FieldCost {
  const { tickets, finds } = read(input?.ticketIds ?? [input?.ticketId], vendors);
  return { calls: tickets, tickets, finds };
}

export interface CostOptions {
  /** Most calls to vendors that one operation may cost. */
  readonly upstreamCalls: number;
  /** Most fields that one answer may have. */
  readonly answerFields: number;
  /** What the connected vendors cost. */
  readonly vendors: Vendors;
}

/** What is wrong with an operation that would cost too much; undefined for others. Variables are coerced already. */
export type CostCheck = (variables: Variables) => GraphQLError | undefined;

/** What depends on the document alone is worked out once. */
export function prepareCostCheck(
  { upstreamCalls, answerFields, vendors }: CostOptions,
  { schema, document, operation }: CostRequest,
): CostCheck {
  const estimate = prepareEstimate(schema, document, operation, vendors);
  return (variables) => {
    const { calls, fields, excess } = estimate(variables);
    if (excess) return excess;
    if (calls > upstreamCalls) {
      return costExceeded(`make about ${calls} calls to vendors; at most ${upstreamCalls} are allowed`);
    }
    if (fields > answerFields) {
      return costExceeded(`be answered with about ${fields} fields; at most ${answerFields} are allowed`);
    }
    return undefined;
  };
}

function costExceeded(what: string): GraphQLError {
  const advice = 'Ask for fewer tickets at once, or for less of each.';
  return codedError('OPERATION_TOO_COSTLY', `The operation would ${what}. ${advice}`);
}

interface CostRequest {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** About. */
interface Cost {
  /** To vendors. */
  readonly calls: number;
  /** How often each ticket is read after a write. */
  readonly reads: number;
  /** Of the answer, those of each ticket counted; one that may repeat a long text of the caller's counts as several. */
  readonly fields: number;
}

const NOTHING: Cost = { calls: 0, reads: 0, fields: 0 };

/** A field of the root: what depends on its arguments, and what each of its tickets costs. */
interface RootField {
  readonly argumentsFor: (variables: Variables) => Arguments;
  readonly costOf: FieldCostOf;
  readonly perItem: Cost;
}

type Estimate = (variables: Variables) => Omit<Cost, 'reads'> & { readonly excess?: GraphQLError };

/** Sets of values of `@skip` and `@include` for which root fields are kept at hand. */
const MAX_VARIANTS = 16;

function prepareEstimate(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  vendors: Vendors,
): Estimate {
  const conditions = conditionVariablesOf(document);
  const variants = new Map<string, readonly RootField[]>();
  const rootFieldsFor = (variables: Variables): readonly RootField[] => {
    const values = conditionKey(conditions, variables);
    const known = variants.get(values);
    if (known) return known;
    const found = findRootFields({ schema, document, operation }, variables);
    if (variants.size < MAX_VARIANTS) variants.set(values, found);
    return found;
  };
  return (variables) => {
    let [calls, fields] = [0, 0];
    for (const { argumentsFor, costOf, perItem } of rootFieldsFor(variables)) {
      const args = orNothing(() => argumentsFor(variables)) ?? {};
      if ((args.representations?.length ?? 0) > MAX_LISTED) {
        const excess = codedError('INVALID_INPUT', `_entities takes at most ${MAX_LISTED} representations.`);
        return { ...NOTHING, excess };
      }
      const { calls: own, tickets, finds } = costOf(args, vendors);
      calls += own + tickets * perItem.calls + finds * perItem.reads;
      fields += Math.max(tickets, 1) * perItem.fields * repetition(args);
    }
    return { calls, fields };
  };
}

function findRootFields({ schema, document, operation }: CostRequest, variables: Variables): readonly RootField[] {
  const select = createSelection(document, variables);
  const definitions = schema.getRootType(operation.operation)?.getFields() ?? {};
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const costOfSelection = (nodes: readonly FieldNode[]): Cost => {
    const below = nodes.flatMap(({ selectionSet = [] }) => selectionSet);
    return select(below).reduce((total, same) => {
      const { calls, reads, fields } = costOfSelection(same);
      const name = same[0]!.name.value;
      const own = FIELDS[name] ?? 0;
      const isRead = name === READ_AFTERWARDS;
      return {
        calls: total.calls + (isRead ? 0 : own) + calls,
        reads: total.reads + (isRead ? own : 0) + reads,
        fields: total.fields + 1 + fields,
      };
    }, NOTHING);
  };
  return select([operation.selectionSet]).flatMap((nodes) => {
    const node = nodes[0]!;
    const definition = definitions[node.name.value];
    if (!definition) return [];
    const costOf = isMutation ? costOfMutation : (QUERIES[node.name.value] ?? (() => NONE));
    const argumentsFor = (given: Variables): Arguments => getArgumentValues(definition, node, given);
    return { argumentsFor, costOf, perItem: costOfSelection(nodes) };
  });
}

/** Characters of an argument that a field of the answer may repeat before it counts as one more. */
const CHARACTERS_OF_A_FIELD = 250;

/**
 * For how many fields each counts, by the text that it may repeat: ids come back with what is wrong with them, a write's
 * input in its plan. A megabyte sent once and asked for by a hundred names would be a hundred.
 */
function repetition({ id = '', ids, representations, input }: Arguments): number {
  let longest = 0;
  for (const entry of ids ?? representations ?? input?.ticketIds ?? []) longest = Math.max(longest, textLength(entry));
  const rest = input ? textLength(input, 'ticketIds') : 0;
  return Math.max(1, Math.ceil((id.length + longest + rest) / CHARACTERS_OF_A_FIELD));
}

/** All text in a value, names included, but for one property. */
export function textLength(value: unknown, without?: string): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let length = 0;
  for (const name of Object.keys(value)) {
    if (name !== without) length += name.length + textLength((value as Readonly<Record<string, unknown>>)[name]);
  }
  return length;
}

/** The fields of selections, fragments expanded, those that are answered together in one list. */
function createSelection(document: DocumentNode, variables: Variables) {
  const fragments = fragmentsOf(document);
  return (selectionSets: readonly SelectionSetNode[]): FieldNode[][] => {
    const groups = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const collect = (node: SelectionNode): void => {
      if (!isSelected(node, variables)) return;
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value;
        const same = groups.get(name);
        if (same) same.push(node);
        else groups.set(name, [node]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        node.selectionSet.selections.forEach(collect);
      } else if (!spread.has(node.name.value)) {
        spread.add(node.name.value);
        fragments[node.name.value]?.selectionSet.selections.forEach(collect);
      }
    };
    selectionSets.forEach(({ selections }) => selections.forEach(collect));
    return [...groups.values()];
  };
}

/** https://spec.graphql.org/October2021/#sec--skip */
function isSelected(node: SelectionNode, variables: Variables): boolean {
  if (!node.directives?.length) return true;
  const skip = orNothing(() => getDirectiveValues(GraphQLSkipDirective, node, variables));
  const include = orNothing(() => getDirectiveValues(GraphQLIncludeDirective, node, variables));
  return skip?.['if'] !== true && include?.['if'] !== false;
}

/** A null variable where none may be is refused by whoever executes. */
function orNothing<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
