/** What request checks and the executor read from a document besides its fields. */
import { Kind, visit, type DocumentNode, type FragmentDefinitionNode } from 'graphql';

/** Variables by name, after coercion unless stated otherwise. */
export type Variables = Readonly<Record<string, unknown>>;

export function fragmentsOf(document: DocumentNode): Readonly<Record<string, FragmentDefinitionNode>> {
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
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
