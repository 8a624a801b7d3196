/** CollectFields: https://spec.graphql.org/September2025/#sec-Field-Collection */
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  getDirectiveValues,
  isAbstractType,
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf, type Variables } from '../document.ts';

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

  const doesFragmentTypeApply = (objectType: GraphQLObjectType, typeCondition: string | undefined): boolean => {
    if (typeCondition === undefined || typeCondition === objectType.name) return true;
    const type = schema.getType(typeCondition);
    return isAbstractType(type) && schema.isSubType(type, objectType);
  };

  return (objectType, selectionSets) => {
    const groupedFields = new Map<string, FieldNode[]>();
    const visitedFragments = new Set<string>();
    const collect = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (!shouldInclude(selection, variables)) continue;
        if (selection.kind === Kind.FIELD) {
          const responseName = (selection.alias ?? selection.name).value;
          const group = groupedFields.get(responseName);
          if (group) group.push(selection);
          else groupedFields.set(responseName, [selection]);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          if (doesFragmentTypeApply(objectType, selection.typeCondition?.name.value)) collect(selection.selectionSet);
        } else {
          const fragment = fragments[selection.name.value];
          if (!fragment || visitedFragments.has(selection.name.value)) continue;
          visitedFragments.add(selection.name.value);
          if (doesFragmentTypeApply(objectType, fragment.typeCondition.name.value)) collect(fragment.selectionSet);
        }
      }
    };
    selectionSets.forEach(collect);
    return groupedFields;
  };
}

/** https://spec.graphql.org/September2025/#sec--skip */
function shouldInclude(selection: SelectionNode, variables: Variables): boolean {
  if (!selection.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
  return skip?.['if'] !== true && include?.['if'] !== false;
}
