/**
 * Plans an operation: for each object type that may occur, its fields with their resolvers and how to complete their
 * values. graphql-js works that out again for each object of each response, which is most of its time on a long page.
 */
import {
  GraphQLString,
  defaultFieldResolver,
  getOperationAST,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  visit,
  type DocumentNode,
  type FieldNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { prepareArguments } from '../coercion.ts';
import { conditionKey, conditionVariablesOf, fragmentsOf, type Variables } from '../document.ts';
import { createCollectFields } from './collect-fields.ts';
import { compileFields } from './compile-fields.ts';
import {
  completeAbstract,
  completeList,
  completeNonNull,
  completeNullable,
  type CompleteValue,
  type FieldPlan,
  type LeafPlan,
  type SelectionPlan,
} from './execute-fields.ts';
import { identitySerializedBy } from '../identity.ts';

export interface OperationPlan {
  readonly operation: OperationDefinitionNode;
  /** Returns the fields of the root type, or `undefined` if graphql-js has to execute the operation. */
  rootFields(variables: Variables): SelectionPlan | undefined;
}

/** Maximum number of value sets of `@skip` and `@include` for which a document is planned. */
const MAX_VARIANTS = 16;

/**
 * Plans an operation of a valid document.
 *
 * @param onPlanned called with the number of fields whenever some are planned: at once, and when a type first occurs.
 * @returns `undefined` for introspection and unknown operations, which graphql-js has to execute.
 */
export function planOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  onPlanned: (fields: number) => void,
): OperationPlan | undefined {
  const operation = getOperationAST(document, operationName);
  const rootType = operation && schema.getRootType(operation.operation);
  if (!rootType || !isPlannable(document)) return undefined;
  const conditions = conditionVariablesOf(document);
  const variants = new Map<string, SelectionPlan>();
  return {
    operation,
    rootFields(variables) {
      // A default allows null for a non-null argument; graphql-js reports that error.
      if (conditions.some((name) => variables[name] === null)) return undefined;
      const key = conditionKey(conditions, variables);
      const known = variants.get(key);
      if (known || variants.size >= MAX_VARIANTS) return known;
      const fields = createPlanner(schema, document, operation, variables, onPlanned)(rootType, [operation]);
      variants.set(key, fields);
      return fields;
    },
  };
}

/** Introspection is not planned, nor a response name that would replace the prototype of a response object. */
function isPlannable(document: DocumentNode): boolean {
  let isFound = false;
  visit(document, {
    Field({ name, alias }) {
      isFound ||= name.value === '__schema' || name.value === '__type' || alias?.value === '__proto__';
    },
  });
  return !isFound;
}

type Parents = readonly Pick<FieldNode, 'selectionSet'>[];

/** @param conditions variables of `@skip` and `@include`. */
function createPlanner(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: Variables,
  onPlanned: (fields: number) => void,
): (objectType: GraphQLObjectType, parents: Parents) => SelectionPlan {
  const collectFields = createCollectFields(schema, document, conditions);
  const fragments = fragmentsOf(document);

  const planFields = (objectType: GraphQLObjectType, parents: Parents): SelectionPlan => {
    const selectionSets = parents.flatMap(({ selectionSet = [] }) => selectionSet);
    const groupedFields = collectFields(objectType, selectionSets);
    onPlanned(groupedFields.size);
    const fields = [...groupedFields].map(([responseName, nodes]) => planField(objectType, responseName, nodes));
    return { fields, execute: compileFields(fields) };
  };

  const planField = (
    parentType: GraphQLObjectType,
    responseName: string,
    fieldNodes: readonly FieldNode[],
  ): FieldPlan => {
    const node = fieldNodes[0]!;
    const fieldName = node.name.value;
    const definition = fieldName === '__typename' ? typenameField(parentType) : parentType.getFields()[fieldName]!;
    const { type, resolve, args } = definition;
    const nullableType = isNonNullType(type) ? type.ofType : type;
    const place = { fieldNodes, parentTypeName: parentType.name, fieldName };
    return {
      ...place,
      responseName,
      isNullable: nullableType === type,
      // Arguments can be invalid even if no resolver reads them.
      resolve: resolve ?? (args.length > 0 ? defaultFieldResolver : undefined),
      coerceArgumentValues: prepareArguments(definition, node),
      info: {
        fieldName,
        fieldNodes,
        returnType: type,
        parentType,
        schema,
        fragments,
        rootValue: undefined,
        operation,
      },
      completeValue: planValue(type, place),
      leaf: isLeafType(nullableType) ? planLeaf(nullableType) : undefined,
    };
  };

  const planValue = (
    type: GraphQLOutputType,
    place: Pick<FieldPlan, 'fieldNodes' | 'parentTypeName' | 'fieldName'>,
  ): CompleteValue => {
    if (isNonNullType(type)) return completeNonNull(planValue(type.ofType, place), place);
    if (isListType(type)) {
      return completeNullable(completeList(planValue(type.ofType, place), !isNonNullType(type.ofType), place));
    }
    if (isLeafType(type)) return completeNullable(planLeaf(type).serialize);
    if (isAbstractType(type)) return completeNullable(planAbstract(type, place.fieldNodes));
    return completeNullable(planFields(type, place.fieldNodes).execute);
  };

  /** Plans an object type when it first occurs: most responses hold few of the possible types. */
  const planAbstract = (abstractType: GraphQLAbstractType, fieldNodes: readonly FieldNode[]): CompleteValue => {
    const plans = new Map<unknown, SelectionPlan>();
    return completeAbstract(abstractType.name, (typename) => {
      const known = plans.get(typename);
      if (known || typeof typename !== 'string') return known;
      const objectType = schema.getType(typename);
      if (!isObjectType(objectType) || !schema.isSubType(abstractType, objectType)) return undefined;
      const fields = planFields(objectType, fieldNodes);
      plans.set(typename, fields);
      return fields;
    });
  };

  return planFields;
}

function typenameField({ name }: GraphQLObjectType): GraphQLField<unknown, unknown> {
  return { name: '__typename', type: GraphQLString, resolve: () => name, args: [] } as unknown as GraphQLField<
    unknown,
    unknown
  >;
}

function planLeaf(type: GraphQLLeafType): LeafPlan {
  const isIdentitySerialized = identitySerializedBy(type);
  return {
    isIdentitySerialized,
    serialize(value) {
      if (isIdentitySerialized(value)) return value;
      const serialized: unknown = type.serialize(value);
      if (serialized !== undefined && serialized !== null) return serialized;
      throw new Error(`Expected \`${type.name}.serialize(${String(value)})\` to return non-nullable value.`);
    },
  };
}
