/**
 * Limits before work: what a document may hold, counted before the first of its fields is even looked up. One validation
 * rule counts everything in one walk, each fragment once, however often it is spread: a document that would expand to
 * millions of fields is refused as fast as any other.
 */
import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  visit,
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type ValidationRule,
} from 'graphql';
import { codedError } from './error-codes.ts';

export interface Limits {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Words, numbers and signs of a document, for the parser. */
  readonly tokens: number;
  /** Fields within fields. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields after fragments are expanded. */
  readonly fields: number;
  readonly rootQueries: number;
  readonly rootMutations: number;
  /** Calls that an operation may make to vendors, as `cost.ts` estimates them. */
  readonly upstreamCalls: number;
  /** Fields of an answer, estimated likewise; a field that may repeat a long text counts as several. */
  readonly answerFields: number;
}

/** Far above what clients need. The introspection of explorers is 15 deep. */
export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 1_000_000,
  tokens: 15_000,
  depth: 15,
  aliases: 100,
  directives: 50,
  fields: 5_000,
  rootQueries: 30,
  rootMutations: 20,
  upstreamCalls: 1_000,
  answerFields: 50_000,
};

/** The first limit that a document exceeds, as one error; nothing else of that document is looked at then. */
export function createLimitsRule(limits: Limits): ValidationRule {
  return (context) => ({
    Document(document) {
      const excess = findExcess(document, limits);
      if (!excess) return undefined;
      const [code, message] = excess;
      context.reportError(new GraphQLError(message, { extensions: { code } }));
      // Nothing is left to visit, for the other rules too.
      return null;
    },
  });
}

/**
 * Returns an error if variables are nested deeper than a document may be, which would overflow the stack of recursive
 * code. Takes variables before coercion.
 */
export function findDeepVariable(
  variables: Readonly<Record<string, unknown>>,
  { depth }: Limits,
): GraphQLError | undefined {
  const brackets = depth * BRACKETS_A_LEVEL;
  if (!Object.values(variables).some((value) => isDeeper(value, brackets))) return undefined;
  return codedError('OPERATION_TOO_DEEP', `Variables may be nested at most ${brackets} deep.`);
}

function isDeeper(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((inner) => isDeeper(inner, most - 1));
}

type Excess = readonly [code: string, message: string];

function findExcess(document: DocumentNode, limits: Limits): Excess | undefined {
  const expand = createExpansion(document);
  for (const definition of document.definitions.filter(isExecutable)) {
    const excess = compare(expand(definition), definition, limits);
    if (excess) return excess;
  }
  return undefined;
}

/** Fragments are held to the limits as well, since rules look at those that no operation uses. */
function compare(size: Size, definition: Executable, limits: Limits): Excess | undefined {
  const { aliases, depth, directives, fields } = limits;
  const brackets = depth * BRACKETS_A_LEVEL;
  const [kind, rootFields] = rootLimit(definition, limits);
  if (size.depth > depth) return ['OPERATION_TOO_DEEP', `Fields may be nested at most ${depth} deep.`];
  if (size.nesting > brackets) {
    return ['OPERATION_TOO_DEEP', `Braces and brackets may be nested at most ${brackets} deep.`];
  }
  if (size.rootFields > rootFields) {
    return ['TOO_MANY_ROOT_FIELDS', `A ${kind} may have at most ${rootFields} fields at its root.`];
  }
  if (size.aliases > aliases) return ['TOO_MANY_ALIASES', `An operation may have at most ${aliases} aliases.`];
  if (size.directives > directives) {
    return ['TOO_MANY_DIRECTIVES', `An operation may have at most ${directives} directives.`];
  }
  if (size.fields > fields) {
    return ['TOO_MANY_FIELDS', `An operation may have at most ${fields} fields, with its fragments expanded.`];
  }
  return undefined;
}

/** A fragment has no root of its own: it counts where it is spread. */
function rootLimit(
  definition: Executable,
  { rootQueries, rootMutations }: Limits,
): readonly [kind: string, most: number] {
  if (isFragment(definition)) return ['fragment', Infinity];
  const isMutation = definition.operation === OperationTypeNode.MUTATION;
  return isMutation ? ['mutation', rootMutations] : ['query', rootQueries];
}

// ---------------------------------------------------------------- counting

/** Of an operation or a fragment. */
interface Size {
  readonly fields: number;
  /** Fields that are not within another. */
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
  readonly depth: number;
  readonly nesting: number;
}

/** As it is written, with the fragments that it spreads and the depth at which it does. */
interface Written extends Size {
  readonly spreads: readonly { readonly name: string; readonly depth: number }[];
}

type Executable = OperationDefinitionNode | FragmentDefinitionNode;

const NOTHING: Size = { fields: 0, rootFields: 0, aliases: 0, directives: 0, depth: 0, nesting: 0 };

/** What opens a brace or a bracket. Those who come after us walk into them by recursion, which has an end. */
const NESTING: ReadonlySet<Kind> = new Set([Kind.SELECTION_SET, Kind.OBJECT, Kind.LIST, Kind.LIST_TYPE]);

/** A field within a field takes one brace; fragments and arguments, some more. */
const BRACKETS_A_LEVEL = 4;

/** Sizes with fragments expanded. Each definition is counted once. */
function createExpansion(document: DocumentNode): (definition: Executable) => Size {
  const written = measure(document);
  const fragments = new Map([...written.keys()].filter(isFragment).map((fragment) => [fragment.name.value, fragment]));
  const known = new Map<Executable, Size>();

  const expand = (definition: Executable): Size => {
    const size = known.get(definition);
    if (size) return size;
    // A fragment within itself is refused by a rule of GraphQL's own; here it must only come to an end.
    known.set(definition, NOTHING);
    const { spreads, ...own } = written.get(definition)!;
    const expanded = spreads.reduce((sum: Size, { name, depth }) => {
      const fragment = fragments.get(name);
      return fragment ? add(sum, expand(fragment), depth) : sum;
    }, own);
    known.set(definition, expanded);
    return expanded;
  };
  return expand;
}

function add(one: Size, spread: Size, depth: number): Size {
  return {
    fields: one.fields + spread.fields,
    rootFields: one.rootFields + (depth === 0 ? spread.rootFields : 0),
    aliases: one.aliases + spread.aliases,
    directives: one.directives + spread.directives,
    depth: Math.max(one.depth, depth + spread.depth),
    nesting: Math.max(one.nesting, spread.nesting),
  };
}

/** All definitions in one walk, without recursion, so that no document is too deep to be refused. */
function measure(document: DocumentNode): Map<Executable, Written> {
  const sizes = new Map<Executable, Written>();
  let size = { ...NOTHING, spreads: [] as { name: string; depth: number }[] };
  let depth = 0;
  let brackets = 0;
  visit(document, {
    enter(node) {
      if (isExecutable(node)) sizes.set(node, (size = { ...NOTHING, spreads: [] }));
      if (NESTING.has(node.kind)) size.nesting = Math.max(size.nesting, ++brackets);
      if (node.kind === Kind.DIRECTIVE) size.directives += 1;
      if (node.kind === Kind.FRAGMENT_SPREAD) size.spreads.push({ name: node.name.value, depth });
      if (node.kind !== Kind.FIELD) return;
      if (depth === 0) size.rootFields += 1;
      if (node.alias) size.aliases += 1;
      size.fields += 1;
      size.depth = Math.max(size.depth, ++depth);
    },
    leave(node) {
      if (NESTING.has(node.kind)) brackets -= 1;
      if (node.kind === Kind.FIELD) depth -= 1;
    },
  });
  return sizes;
}

function isExecutable(node: ASTNode): node is Executable {
  return node.kind === Kind.OPERATION_DEFINITION || node.kind === Kind.FRAGMENT_DEFINITION;
}

function isFragment(node: ASTNode): node is FragmentDefinitionNode {
  return node.kind === Kind.FRAGMENT_DEFINITION;
}
