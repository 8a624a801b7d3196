/**
 * Estimates what an operation would cost before the first call: calls to vendors, whose limits all callers share, and
 * fields of the response, since a short document can select many.
 *
 * A root field determines the number of tickets, and some fields of a ticket cost further calls. Both are in the tables
 * `QUERIES` and `FIELDS`.
 */
import type { GraphQLError } from 'graphql';
import {
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { prepareArguments } from './coercion.ts';
import {
  collectFields,
  conditionKey,
  conditionVariablesOf,
  fragmentsOf,
  shouldInclude,
  type Variables,
} from './document.ts';
import { codedError } from './error-codes.ts';

type Category = 'NEW' | 'OPEN' | 'PENDING' | 'ON_HOLD' | 'SOLVED' | 'CLOSED' | 'CANCELLED';

/** Arguments of a root field after coercion. Each field has some of them. */
interface Arguments {
  readonly id?: string;
  readonly ids?: readonly unknown[];
  readonly representations?: readonly unknown[];
  readonly first?: number | null;
  readonly filter?: {
    readonly vendors?: readonly string[] | null;
    readonly sources?: readonly string[] | null;
    readonly reference?: string | null;
    readonly search?: string | null;
    readonly categories?: readonly Category[] | null;
  } | null;
  readonly input?: { readonly ticketId?: unknown; readonly ticketIds?: readonly unknown[]; readonly tickets?: unknown };
}

/** Cost of a root field, and the number of tickets that it returns. */
interface FieldCost {
  readonly calls: number;
  readonly tickets: number;
  /** Calls for reading each of those tickets once. */
  readonly finds: number;
}

type FieldCostOf = (args: Arguments, costs: Costs) => FieldCost;

const NONE: FieldCost = { calls: 0, tickets: 0, finds: 0 };

/** Cost of each field of Query. */
export const QUERIES: Readonly<Record<string, FieldCostOf>> = {
  node: ({ id }, costs) => costOfReads([id], costs),
  nodes: ({ ids }, costs) => costOfReads(ids, costs),
  ticket: ({ id }, costs) => costOfReads([id], costs),
  ticketsById: ({ ids }, costs) => costOfReads(ids, costs),
  tickets: costOfList,
  liveCursor: () => NONE,
  vendors: () => NONE,
  bulkJob: () => NONE,
  bulkJobs: ({ first }) => ({ ...NONE, tickets: Math.min(Math.max(first ?? DEFAULT_PAGE_SIZE, 0), MAX_IDS) }),
  _entities: ({ representations }, costs) => costOfReads(representations, costs),
  _service: () => NONE,
};

/** The field of a mutation payload that reads the ticket after the write. */
const TICKET_AFTER_WRITE = 'ticket';

/** Calls that a field costs for each ticket, at any depth. `ticket` costs as many as finding the ticket. */
export const FIELDS: Readonly<Record<string, number>> = {
  [TICKET_AFTER_WRITE]: 1,
  /** Of an action: some vendors need a call for the options of each action. */
  inputs: 3,
};

/** The field of a bulk job that has a page of its own, and the most results on it. */
const BULK_RESULTS = 'results';
const MAX_RESULTS = 200;

/** Whether a mutation writes by itself. A bulk job does later, and its results are those of a job. */
function returnsResults(mutation: string): boolean {
  return mutation !== 'startBulk' && mutation !== 'cancelBulk';
}

/** Maximum number of ids of a field. Resolvers reject longer lists before any call. */
const MAX_IDS = 200;

/** Tickets on a page if `first` is omitted. */
const DEFAULT_PAGE_SIZE = 25;

/** The parts of a filter that some vendors cannot apply themselves. */
interface ListFilter {
  readonly search?: string;
  readonly categories?: readonly Category[];
}

/** Calls that reads of one connected source take. */
export interface SourceCost {
  readonly key: string;
  /** `Vendor` enum value. */
  readonly vendor: string;
  /** Maximum for finding one ticket by its id. */
  readonly findCalls: number;
  /** Maximum for one page of its list. */
  listCalls(first: number, filter: ListFilter): number;
}

type Costs = readonly SourceCost[];

/** Cost of reading tickets by id, or by the representations of a router. */
function costOfReads(list: readonly unknown[] = [], costs: Costs): FieldCost {
  if (list.length > MAX_IDS) return NONE;
  let finds = 0;
  for (const entry of list) finds += findCallsFor(entry, costs);
  return { calls: finds, tickets: list.length, finds };
}

/** @param entry an id, or a representation with one. */
function findCallsFor(entry: unknown, costs: Costs): number {
  const id = typeof entry === 'object' && entry !== null ? (entry as { readonly id?: unknown }).id : entry;
  if (typeof id !== 'string') return 1;
  const key = id.slice(0, Math.max(0, id.indexOf(':')));
  return costs.find((source) => source.key === key)?.findCalls ?? 1;
}

/** A page takes several calls if a vendor returns fewer tickets at a time, or cannot apply the whole filter. */
function costOfList({ first, filter }: Arguments, costs: Costs): FieldCost {
  const { vendors, sources: keys, reference, search, categories } = filter ?? {};
  // Clients may send null for an omitted value.
  const tickets = Math.min(Math.max(first ?? DEFAULT_PAGE_SIZE, 0), MAX_IDS);
  const parts: ListFilter = { ...(categories && { categories }), ...(search?.trim() && { search }) };
  let calls = 0;
  for (const { key, vendor, findCalls, listCalls } of costs) {
    if ((vendors && !vendors.includes(vendor)) || (keys && !keys.includes(key))) continue;
    calls += reference?.trim() ? findCalls : listCalls(tickets, parts);
  }
  return { calls, tickets, finds: tickets };
}

/** A mutation writes to the tickets that its input names, or creates one. */
function costOfMutation({ input }: Arguments, costs: Costs): FieldCost {
  const { tickets, finds } = costOfReads(input?.ticketIds ?? [input?.ticketId], costs);
  return { calls: tickets, tickets, finds };
}

export interface CostOptions {
  /** Maximum number of calls to vendors for one operation. */
  readonly upstreamCalls: number;
  /** Maximum number of fields of one response. */
  readonly answerFields: number;
  /** Costs of the connected sources. */
  readonly sources: Costs;
}

/** Returns an error if the operation would cost too much. Takes variables after coercion. */
export type CostCheck = (variables: Variables) => GraphQLError | undefined;

/** Computes once what depends on the document alone. */
export function prepareCostCheck(
  { upstreamCalls, answerFields, sources }: CostOptions,
  { schema, document, operation }: CostRequest,
): CostCheck {
  const estimate = prepareEstimate(schema, document, operation, sources);
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

function costExceeded(reason: string): GraphQLError {
  const nextStep = 'Ask for fewer tickets at once, or for less of each.';
  return codedError('OPERATION_TOO_COSTLY', `The operation would ${reason}. ${nextStep}`);
}

interface CostRequest {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** Estimated cost. */
interface Cost {
  /** Calls to vendors. */
  readonly calls: number;
  /** Reads of each ticket after a write. */
  readonly reads: number;
  /** Fields of the response, for each ticket. A field that may repeat a long text of the client counts as several. */
  readonly fields: number;
}

const NOTHING: Cost = { calls: 0, reads: 0, fields: 0 };

/** A root field, with the cost of each of its tickets. */
interface RootField {
  readonly coerceArgumentValues: (variables: Variables) => Arguments;
  readonly costOf: FieldCostOf;
  readonly perItem: Cost;
}

type Estimate = (variables: Variables) => Omit<Cost, 'reads'> & { readonly excess?: GraphQLError };

/** Maximum number of value sets of `@skip` and `@include` for which root fields are kept. */
const MAX_VARIANTS = 16;

function prepareEstimate(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  costs: Costs,
): Estimate {
  const conditions = conditionVariablesOf(document);
  const variants = new Map<string, readonly RootField[]>();
  const rootFieldsFor = (variables: Variables): readonly RootField[] => {
    const key = conditionKey(conditions, variables);
    const known = variants.get(key);
    if (known) return known;
    const rootFields = findRootFields({ schema, document, operation }, variables);
    if (variants.size < MAX_VARIANTS) variants.set(key, rootFields);
    return rootFields;
  };
  return (variables) => {
    let [calls, fields] = [0, 0];
    for (const { coerceArgumentValues, costOf, perItem } of rootFieldsFor(variables)) {
      const args = valueOrUndefined(() => coerceArgumentValues(variables)) ?? {};
      if ((args.representations?.length ?? 0) > MAX_IDS) {
        const excess = codedError('INVALID_INPUT', `_entities takes at most ${MAX_IDS} representations.`);
        return { ...NOTHING, excess };
      }
      const { calls: own, tickets, finds } = costOf(args, costs);
      calls += own + tickets * perItem.calls + finds * perItem.reads;
      fields += Math.max(tickets, 1) * perItem.fields * repetitionFactor(args);
    }
    return { calls, fields };
  };
}

function findRootFields({ schema, document, operation }: CostRequest, variables: Variables): readonly RootField[] {
  const collectFields = createFieldCollector(document, variables);
  const definitions = schema.getRootType(operation.operation)?.getFields() ?? {};
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const costOfSelection = (nodes: readonly FieldNode[], resultsPerJob: number): Cost => {
    const selectionSets = nodes.flatMap(({ selectionSet = [] }) => selectionSet);
    return collectFields(selectionSets).reduce((total, group) => {
      const name = group[0]!.name.value;
      const { calls, reads, fields } = costOfSelection(group, resultsPerJob);
      const count = name === BULK_RESULTS ? resultsPerJob : 1;
      const own = FIELDS[name] ?? 0;
      const isRead = name === TICKET_AFTER_WRITE;
      return {
        calls: total.calls + (isRead ? 0 : own) + calls,
        reads: total.reads + (isRead ? own : 0) + reads,
        fields: total.fields + 1 + fields * count,
      };
    }, NOTHING);
  };
  return collectFields([operation.selectionSet]).flatMap((nodes) => {
    const node = nodes[0]!;
    const definition = definitions[node.name.value];
    if (!definition) return [];
    const name = node.name.value;
    const ofQuery = QUERIES[name] ?? (() => NONE);
    const costOf = !isMutation ? ofQuery : returnsResults(name) ? costOfMutation : () => NONE;
    const perItem = costOfSelection(nodes, isMutation && returnsResults(name) ? 1 : MAX_RESULTS);
    return { coerceArgumentValues: prepareArguments(definition, node), costOf, perItem };
  });
}

/** A field of the response counts once more for each of these many characters that it may repeat. */
const CHARACTERS_PER_FIELD = 250;

/**
 * The number of fields that each field counts for, by the text that it may repeat: errors quote ids, and plans quote the
 * input of a write. Otherwise a hundred aliases would multiply a long text of the client.
 */
function repetitionFactor({ id = '', ids, representations, input }: Arguments): number {
  let longest = 0;
  for (const entry of ids ?? representations ?? input?.ticketIds ?? []) longest = Math.max(longest, textLength(entry));
  // A bulk job's payload repeats none of its ids.
  const { tickets: _, ...repeated } = input ?? {};
  const rest = input ? textLength(repeated, 'ticketIds') : 0;
  return Math.max(1, Math.ceil((id.length + longest + rest) / CHARACTERS_PER_FIELD));
}

/** Characters in a value, names included, except for one property. */
export function textLength(value: unknown, excluded?: string): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  let length = 0;
  for (const name of Object.keys(value)) {
    if (name !== excluded) length += name.length + textLength((value as Readonly<Record<string, unknown>>)[name]);
  }
  return length;
}

/** Collects fields for all types at once: which will occur is not known yet. */
function createFieldCollector(document: DocumentNode, variables: Variables) {
  const rules = {
    fragments: fragmentsOf(document),
    doesFragmentTypeApply: () => true,
    shouldInclude: (selection: SelectionNode) => mayBeIncluded(selection, variables),
  };
  return (selectionSets: readonly SelectionSetNode[]): FieldNode[][] => [
    ...collectFields(selectionSets, rules).values(),
  ];
}

/** Counts a selection whose condition is null: execution rejects it. */
function mayBeIncluded(selection: SelectionNode, variables: Variables): boolean {
  return valueOrUndefined(() => shouldInclude(selection, variables)) ?? true;
}

/** Ignores null for a non-null argument: execution rejects it. */
function valueOrUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
