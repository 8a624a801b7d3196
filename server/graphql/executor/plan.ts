/**
 * A document turned into a plan, once: for each type that may turn up, its fields with their resolvers, arguments and
 * what becomes of their values. graphql-js works all that out anew for each object of each answer; on a page of a hundred
 * tickets that is most of what it does.
 *
 * What a plan does not know (introspection, subscriptions) has none, and is left to graphql-js.
 */
import {
  GraphQLString,
  OperationTypeNode,
  defaultFieldResolver,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  visit,
  type DocumentNode,
  type GraphQLEnumType,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { prepareArguments } from './coerce-arguments.ts';
import { compileFields } from './compile-fields.ts';
import type { FieldError } from './errors.ts';
import {
  completeAbstract,
  completeList,
  executeInTurn,
  completeNonNull,
  completeNullable,
  type Complete,
  type FieldPlan,
  type ObjectPlan,
  type Run,
} from './execute.ts';
import { IDENTITY_SERIALIZED, type IsIdentitySerialized } from './scalars.ts';
import { createCollect, findConditions, fragmentsOf, type Variables } from './collect-fields.ts';

export interface Result {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly FieldError[];
}

/** Executes an operation with the variables for which it was asked. */
export type Execute = (context: unknown) => Promise<Result>;

/** How to execute it with these variables, coerced; undefined where what they select is not planned. */
export type Plan = (variables: Variables) => Execute | undefined;

/** Most sets of values of `@skip` and `@include` for which a document is planned. */
const MAX_VARIANTS = 16;

/**
 * Undefined for what is left to graphql-js. The document is valid.
 *
 * @param grown told of how many fields more are planned, at once and whenever another type turns up
 */
export function createPlan(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  grown: (fields: number) => void = () => undefined,
): Plan | undefined {
  const rootType = schema.getRootType(operation.operation);
  if (!rootType || operation.operation === OperationTypeNode.SUBSCRIPTION || isBeyond(document)) return undefined;
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const conditions = findConditions(document);
  const variants = new Map<string, ObjectPlan>();
  const variantOf = (variables: Variables): ObjectPlan | undefined => {
    // A default makes room for a null where none may be; graphql-js says what is wrong with it, and where.
    if (conditions.some((name) => variables[name] === null)) return undefined;
    const values = conditions.map((name) => String(variables[name])).join();
    const known = variants.get(values);
    if (known || variants.size >= MAX_VARIANTS) return known;
    const root = createPlanner(schema, document, operation, variables, grown)(rootType, [operation]);
    variants.set(values, root);
    return root;
  };
  return (variables) => {
    const root = variantOf(variables);
    return root && ((context) => execute(root, isMutation, { context, variables, errors: [] }));
  };
}

async function execute(root: ObjectPlan, isMutation: boolean, run: Run): Promise<Result> {
  try {
    const data = isMutation ? await executeInTurn(root, undefined, run) : await root.execute(undefined, undefined, run);
    return { data, errors: run.errors };
  } catch (error) {
    // Thrown by a field that may not be null, with its place.
    return { data: null, errors: [...run.errors, { error, nodes: [], path: undefined }] };
  }
}

/** Questions about the schema itself; and a name in the answer that would change what the answer is. */
function isBeyond(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    Field({ name, alias }) {
      isFound ||= name.value === '__schema' || name.value === '__type' || alias?.value === '__proto__';
    },
  });
  return isFound;
}

type Parents = readonly Pick<FieldNode, 'selectionSet'>[];

/** Plans the fields that are selected of an object type. */
function createPlanner(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: Variables,
  grown: (fields: number) => void,
): (type: GraphQLObjectType, parents: Parents) => ObjectPlan {
  const collect = createCollect(schema, document, conditions);
  const fragments = fragmentsOf(document);

  const planObject = (type: GraphQLObjectType, parents: Parents): ObjectPlan => {
    const selected = collect(
      type,
      parents.flatMap(({ selectionSet = [] }) => selectionSet),
    );
    grown(selected.size);
    const fields = [...selected].map(([key, nodes]) => planField(type, key, nodes));
    return { fields, execute: compileFields(fields) };
  };

  const planField = (parentType: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): FieldPlan => {
    const node = nodes[0]!;
    const name = node.name.value;
    const definition = name === '__typename' ? toTypename(parentType) : parentType.getFields()[name]!;
    const { type, resolve } = definition;
    const named = isNonNullType(type) ? type.ofType : type;
    const place = { nodes, parentTypeName: parentType.name, name };
    return {
      ...place,
      key,
      isNullable: named === type,
      // Arguments may not fit even where nobody looks at them.
      resolve: resolve ?? (definition.args.length > 0 ? defaultFieldResolver : undefined),
      argumentsOf: prepareArguments(definition, node),
      info: {
        fieldName: name,
        fieldNodes: nodes,
        returnType: type,
        parentType,
        schema,
        fragments,
        rootValue: undefined,
        operation,
      },
      complete: planValue(type, place),
      isIdentitySerialized: !resolve && definition.args.length === 0 && isLeafType(named) ? identity(named) : undefined,
      toLeaf: isLeafType(named) ? toLeafOf(named) : undefined,
    };
  };

  const planValue = (
    type: GraphQLOutputType,
    place: Pick<FieldPlan, 'nodes' | 'parentTypeName' | 'name'>,
  ): Complete => {
    if (isNonNullType(type)) return completeNonNull(planValue(type.ofType, place), place);
    if (isListType(type)) {
      return completeNullable(completeList(planValue(type.ofType, place), !isNonNullType(type.ofType), place));
    }
    if (isLeafType(type)) return completeNullable(toLeafOf(type));
    if (isAbstractType(type)) return completeNullable(planAbstract(type, place.nodes));
    const plan = planObject(type, place.nodes);
    return completeNullable(plan.execute);
  };

  /** Planned for each type when the first of it turns up: most documents meet few of them. */
  const planAbstract = (type: GraphQLAbstractType, nodes: readonly FieldNode[]): Complete => {
    const plans = new Map<unknown, ObjectPlan>();
    return completeAbstract(type.name, (typename) => {
      const known = plans.get(typename);
      if (known || typeof typename !== 'string') return known;
      const possible = schema.getType(typename);
      if (!isObjectType(possible) || !schema.isSubType(type, possible)) return undefined;
      const plan = planObject(possible, nodes);
      plans.set(typename, plan);
      return plan;
    });
  };

  return planObject;
}

function toTypename({ name }: GraphQLObjectType): Pick<GraphQLField<unknown, unknown>, 'type' | 'resolve' | 'args'> {
  return { type: GraphQLString, resolve: () => name, args: [] };
}

/** Undefined where nothing is known to go as it is. A scalar of our own says so in its extensions. */
function identity(type: GraphQLLeafType): IsIdentitySerialized | undefined {
  if (isEnumType(type)) return asNamed(type);
  return IDENTITY_SERIALIZED.get(type) ?? (type.extensions['isAsItIs'] as IsIdentitySerialized | undefined);
}

/** The values of an enum that are called what they are. */
function asNamed(type: GraphQLEnumType): IsIdentitySerialized {
  const names = new Set<unknown>(type.getValues().flatMap(({ name, value }) => (name === value ? [name] : [])));
  return (value) => names.has(value);
}

function toLeafOf(type: GraphQLLeafType): (value: unknown) => unknown {
  const isRight = identity(type) ?? (() => false);
  return (value) => {
    if (isRight(value)) return value;
    const leaf: unknown = type.serialize(value);
    if (leaf !== undefined && leaf !== null) return leaf;
    throw new Error(`Expected \`${type.name}.serialize(${String(value)})\` to return non-nullable value.`);
  };
}
