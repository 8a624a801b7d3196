/** The fields that an operation selects for an object type. */
import {
  isAbstractType,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { collectFields, fragmentsOf, shouldInclude, type Variables } from '../document.ts';

/** Returns the fields selected for an object type by response name, in order. */
export type CollectFields = (
  objectType: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
) => ReadonlyMap<string, readonly FieldNode[]>;

/** @param variables only those of `@skip` and `@include` are read. */
export function createCollectFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
): CollectFields {
  const fragments = fragmentsOf(document);
  return (objectType, selectionSets) =>
    collectFields(selectionSets, {
      fragments,
      doesFragmentTypeApply: (typeCondition) => doesFragmentTypeApply(schema, objectType, typeCondition),
      shouldInclude: (selection: SelectionNode) => shouldInclude(selection, variables),
    });
}

function doesFragmentTypeApply(
  schema: GraphQLSchema,
  objectType: GraphQLObjectType,
  typeCondition: string | undefined,
): boolean {
  if (typeCondition === undefined || typeCondition === objectType.name) return true;
  const type = schema.getType(typeCondition);
  return isAbstractType(type) && schema.isSubType(type, objectType);
}
