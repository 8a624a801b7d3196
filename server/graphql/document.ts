/** What request checks and the executor read from a document besides its fields. */
import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  getDirectiveValues,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Variables by name, after coercion unless stated otherwise. */
export type Variables = Readonly<Record<string, unknown>>;

export function fragmentsOf(document: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
}

export interface CollectFieldsRules {
  readonly fragments: ReturnType<typeof fragmentsOf>;
  /** Whether a fragment with this type condition applies; `undefined` for an inline fragment without one. */
  doesFragmentTypeApply(typeCondition: string | undefined): boolean;
  shouldInclude(selection: SelectionNode): boolean;
}

/** Fields by response name, in order. CollectFields: https://spec.graphql.org/September2025/#sec-Field-Collection */
export function collectFields(
  selectionSets: readonly SelectionSetNode[],
  { fragments, doesFragmentTypeApply, shouldInclude: isIncluded }: CollectFieldsRules,
): Map<string, FieldNode[]> {
  const groupedFields = new Map<string, FieldNode[]>();
  const visitedFragments = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (!isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const responseName = (selection.alias ?? selection.name).value;
        const group = groupedFields.get(responseName);
        if (group) group.push(selection);
        else groupedFields.set(responseName, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (doesFragmentTypeApply(selection.typeCondition?.name.value)) collect(selection.selectionSet);
      } else {
        const fragment = fragments[selection.name.value];
        if (!fragment || visitedFragments.has(selection.name.value)) continue;
        visitedFragments.add(selection.name.value);
        if (doesFragmentTypeApply(fragment.typeCondition.name.value)) collect(fragment.selectionSet);
      }
    }
  };
  selectionSets.forEach(collect);
  return groupedFields;
}

/**
 * https://spec.graphql.org/September2025/#sec--skip
 *
 * @throws GraphQLError if a nullable variable is null.
 */
export function shouldInclude(selection: SelectionNode, variables: Variables): boolean {
  if (!selection.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
  return skip?.['if'] !== true && include?.['if'] !== false;
}

/** Names of the variables that `@skip` and `@include` use: the selected fields depend on them alone. */
export function conditionVariablesOf(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ name, arguments: args = [] }) {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of args) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/** A key that is equal for variables that select the same fields. */
export function conditionKey(names: readonly string[], variables: Variables): string {
  return names.map((name) => String(variables[name])).join();
}
