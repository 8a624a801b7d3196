/**
 * Limits of documents. One validation rule counts everything in one walk, and each fragment once, however often it is
 * spread: a document that would expand to millions of fields is rejected as fast as any other.
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
  /** Bytes of a request body. */
  readonly bodyBytes: number;
  /** Tokens of a document. Enforced by the parser. */
  readonly tokens: number;
  /** Levels of nested fields. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields after fragments are expanded. */
  readonly fields: number;
  readonly rootQueries: number;
  readonly rootMutations: number;
  /** Calls to vendors for one operation, as estimated by `cost.ts`. */
  readonly upstreamCalls: number;
  /** Fields of a response, as estimated by `cost.ts`. */
  readonly answerFields: number;
}

/** Far above what clients need. Introspection queries of explorers have 15 levels. */
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

/** Reports the first limit that a document exceeds, and stops all other rules. */
export function createLimitsRule(limits: Limits): ValidationRule {
  return (context) => ({
    Document(document) {
      const excess = findExcess(document, limits);
      if (!excess) return undefined;
      const [code, message] = excess;
      context.reportError(new GraphQLError(message, { extensions: { code } }));
      // Skips the whole document, for the other rules too.
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
  const maxNesting = depth * BRACKETS_PER_LEVEL;
  if (!Object.values(variables).some((value) => isDeeper(value, maxNesting))) return undefined;
  return codedError('OPERATION_TOO_DEEP', `Variables may be nested at most ${maxNesting} deep.`);
}

function isDeeper(value: unknown, maxNesting: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return maxNesting === 0 || Object.values(value).some((inner) => isDeeper(inner, maxNesting - 1));
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

/** Limits hold for each fragment as well: validation visits unused ones too. */
function compare(size: Size, definition: Executable, limits: Limits): Excess | undefined {
  const { aliases, depth, directives, fields } = limits;
  const maxNesting = depth * BRACKETS_PER_LEVEL;
  const [kind, maxRootFields] = rootLimit(definition, limits);
  if (size.depth > depth) return ['OPERATION_TOO_DEEP', `Fields may be nested at most ${depth} deep.`];
  if (size.nesting > maxNesting) {
    return ['OPERATION_TOO_DEEP', `Braces and brackets may be nested at most ${maxNesting} deep.`];
  }
  if (size.rootFields > maxRootFields) {
    return ['TOO_MANY_ROOT_FIELDS', `A ${kind} may have at most ${maxRootFields} fields at its root.`];
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

/** A fragment has no root: its fields count in the operations that spread it. */
function rootLimit(
  definition: Executable,
  { rootQueries, rootMutations }: Limits,
): readonly [kind: string, maxRootFields: number] {
  if (isFragment(definition)) return ['fragment', Infinity];
  const isMutation = definition.operation === OperationTypeNode.MUTATION;
  return isMutation ? ['mutation', rootMutations] : ['query', rootQueries];
}

// ---------------------------------------------------------------- counting

/** Counts of an operation or a fragment. */
interface Size {
  readonly fields: number;
  /** Fields that are not nested in another. */
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
  readonly depth: number;
  readonly nesting: number;
}

/** Counts without those of spread fragments. */
interface OwnSize extends Size {
  readonly spreads: readonly { readonly name: string; readonly depth: number }[];
}

type Executable = OperationDefinitionNode | FragmentDefinitionNode;

const EMPTY: Size = { fields: 0, rootFields: 0, aliases: 0, directives: 0, depth: 0, nesting: 0 };

/** Nodes that open a brace or a bracket. graphql-js descends into them by recursion, which can overflow the stack. */
const NESTING: ReadonlySet<Kind> = new Set([Kind.SELECTION_SET, Kind.OBJECT, Kind.LIST, Kind.LIST_TYPE]);

/** A level of fields takes one brace; fragments and arguments take some more. */
const BRACKETS_PER_LEVEL = 4;

/** Returns counts with fragments expanded. Each definition is counted once. */
function createExpansion(document: DocumentNode): (definition: Executable) => Size {
  const ownSizes = measure(document);
  const fragments = new Map([...ownSizes.keys()].filter(isFragment).map((fragment) => [fragment.name.value, fragment]));
  const known = new Map<Executable, Size>();

  const expand = (definition: Executable): Size => {
    const size = known.get(definition);
    if (size) return size;
    // Ends the recursion for cyclic fragments, which another validation rule rejects.
    known.set(definition, EMPTY);
    const { spreads, ...own } = ownSizes.get(definition)!;
    const expanded = spreads.reduce((sum: Size, { name, depth }) => {
      const fragment = fragments.get(name);
      return fragment ? add(sum, expand(fragment), depth) : sum;
    }, own);
    known.set(definition, expanded);
    return expanded;
  };
  return expand;
}

function add(size: Size, spread: Size, depth: number): Size {
  return {
    fields: size.fields + spread.fields,
    rootFields: size.rootFields + (depth === 0 ? spread.rootFields : 0),
    aliases: size.aliases + spread.aliases,
    directives: size.directives + spread.directives,
    depth: Math.max(size.depth, depth + spread.depth),
    nesting: Math.max(size.nesting, spread.nesting),
  };
}

/** Counts all definitions in one walk. `visit` does not recurse, so deep documents are no problem. */
function measure(document: DocumentNode): Map<Executable, OwnSize> {
  const sizes = new Map<Executable, OwnSize>();
  let size = { ...EMPTY, spreads: [] as { name: string; depth: number }[] };
  let depth = 0;
  let brackets = 0;
  visit(document, {
    enter(node) {
      if (isExecutable(node)) sizes.set(node, (size = { ...EMPTY, spreads: [] }));
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
