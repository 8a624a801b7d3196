/**
 * What an operation would cost in calls to vendors, estimated from the document and its variables before anything is
 * asked. Calls are what is scarce: a vendor's limits are for all of us together.
 *
 * A root field says how many tickets it is about, and what is selected of each ticket may cost more. That is all there
 * is to know, and it stands in the two tables below.
 */
import type { ApolloServerPlugin } from '@apollo/server';
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  OperationTypeNode,
  getArgumentValues,
  getDirectiveValues,
  getVariableValues,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { refusal } from './refusals.ts';

/** A root field's arguments, coerced. Each is there only where the field has it. */
interface Arguments {
  readonly ids?: readonly unknown[];
  readonly representations?: readonly unknown[];
  readonly first?: number | null;
  readonly filter?: { readonly vendors?: readonly string[] | null } | null;
  readonly input?: { readonly ticketIds?: readonly unknown[] };
}

/** What a root field costs itself, and how many tickets stand below it. */
interface Reach {
  readonly calls: number;
  readonly tickets: number;
}

const NONE: Reach = { calls: 0, tickets: 0 };
const ONE: Reach = { calls: 1, tickets: 1 };

/** Each field of Query. A vendor is asked for its list once; a page takes a few calls where a filter is not its own. */
export const QUERIES: Readonly<Record<string, (args: Arguments, vendors: number) => Reach>> = {
  node: () => ONE,
  nodes: ({ ids }) => each(ids),
  ticket: () => ONE,
  ticketsById: ({ ids }) => each(ids),
  tickets: ({ first, filter }, vendors) => ({
    calls: filter?.vendors ? new Set(filter.vendors).size : vendors,
    tickets: Math.min(Math.max(first ?? 0, 0), MOST_LISTED),
  }),
  vendors: () => NONE,
  _entities: ({ representations }) => each(representations),
  _service: () => NONE,
};

/** What these fields cost for each ticket, wherever they stand. */
export const FIELDS: Readonly<Record<string, number>> = {
  /** Of a mutation's answer: the ticket is read after the write. */
  ticket: 1,
  /** Of an action: some vendors are asked for the options of each action that has some. */
  inputs: 3,
};

/** Most ids that a field takes. One that is given more refuses before any call, by itself. */
const MOST_LISTED = 200;

function each(list: readonly unknown[] = []): Reach {
  return list.length > MOST_LISTED ? NONE : { calls: list.length, tickets: list.length };
}

/** A mutation writes to the tickets that its input names, or makes one. */
function reachOfMutation({ input }: Arguments): Reach {
  return input?.ticketIds ? each(input.ticketIds) : ONE;
}

export interface CostOptions {
  /** Most calls to vendors that one operation may cost. */
  readonly upstreamCalls: number;
  /** How many vendors are asked where an operation names none. */
  readonly vendors: number;
}

/** Refuses operations that would cost too many calls, before the first is made. */
export function createCostLimit({ upstreamCalls, vendors }: CostOptions): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (!operation) return;
          const cost = estimate({ schema, document, operation, variables: request.variables ?? {}, vendors });
          if (cost <= upstreamCalls) return;
          throw refusal(
            'OPERATION_TOO_COSTLY',
            `The operation would make about ${cost} calls to vendors; at most ${upstreamCalls} are allowed. ` +
              'Ask for fewer tickets at once, or for less of each.',
          );
        },
      };
    },
  };
}

interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly vendors: number;
}

/** Calls to vendors, about. */
function estimate({ schema, document, operation, variables, vendors }: Asked): number {
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 1 });
  // Variables that do not fit are refused by whoever executes, before any call.
  if (!coerced) return 0;
  const select = createSelection(document, coerced);
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};

  const costOf = (nodes: readonly FieldNode[]): number => {
    const [node] = nodes as [FieldNode];
    const definition = fields[node.name.value];
    if (!definition) return 0;
    const args: Arguments = orNothing(() => getArgumentValues(definition, node, coerced)) ?? {};
    if ((args.representations?.length ?? 0) > MOST_LISTED) {
      throw refusal('INVALID_INPUT', `_entities takes at most ${MOST_LISTED} representations.`);
    }
    const reach = isMutation ? reachOfMutation(args) : QUERIES[node.name.value]?.(args, vendors);
    return reach ? reach.calls + reach.tickets * costOfTicket(nodes) : 0;
  };

  const costOfTicket = (nodes: readonly FieldNode[]): number =>
    sum(select(nodes.flatMap(({ selectionSet = [] }) => selectionSet)), (same) => {
      return (FIELDS[same[0]!.name.value] ?? 0) + costOfTicket(same);
    });

  return sum(select([operation.selectionSet]), costOf);
}

/** The fields of selections, fragments expanded, those that are answered together in one list. */
function createSelection(document: DocumentNode, variables: Readonly<Record<string, unknown>>) {
  const fragments = new Map(document.definitions.filter(isFragment).map((fragment) => [fragment.name.value, fragment]));
  return (selectionSets: readonly SelectionSetNode[]): FieldNode[][] => {
    const groups = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const collect = (node: SelectionNode): void => {
      if (!isSelected(node, variables)) return;
      if (node.kind === Kind.FIELD) {
        const name = (node.alias ?? node.name).value;
        groups.set(name, [...(groups.get(name) ?? []), node]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        node.selectionSet.selections.forEach(collect);
      } else if (!spread.has(node.name.value)) {
        spread.add(node.name.value);
        fragments.get(node.name.value)?.selectionSet.selections.forEach(collect);
      }
    };
    selectionSets.forEach(({ selections }) => selections.forEach(collect));
    return [...groups.values()];
  };
}

/** https://spec.graphql.org/October2021/#sec--skip */
function isSelected(node: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
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

function sum<Item>(items: readonly Item[], toNumber: (item: Item) => number): number {
  return items.reduce((total, item) => total + toNumber(item), 0);
}

function isFragment(node: DocumentNode['definitions'][number]): node is FragmentDefinitionNode {
  return node.kind === Kind.FRAGMENT_DEFINITION;
}
