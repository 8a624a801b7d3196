/**
 * graphql-codegen plugin: each operation and fragment as a typed document node. The standard plugin writes parsed trees,
 * five times the size, or text in which a fragment lacks those that it spreads.
 */
import {
  Kind,
  OperationTypeNode,
  print,
  visit,
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
} from 'graphql';

type Executable = FragmentDefinitionNode | OperationDefinitionNode;

export function plugin(_schema: unknown, files: readonly { readonly document?: DocumentNode }[]) {
  const definitions = files.flatMap(({ document }) => document?.definitions ?? []).filter(isExecutable);
  return {
    prepend: ["import { gql } from '../document.ts';"],
    content: inOrder(definitions).map(toConstant).join('\n'),
  };
}

function isExecutable(definition: DefinitionNode): definition is Executable {
  return definition.kind === Kind.FRAGMENT_DEFINITION || definition.kind === Kind.OPERATION_DEFINITION;
}

/** Sorts fragments before the documents that spread them. */
function inOrder(definitions: readonly Executable[]): Executable[] {
  const fragments = new Map(definitions.filter(isFragment).map((fragment) => [fragment.name.value, fragment]));
  const ordered = new Set<Executable>();
  const add = (definition: Executable | undefined): void => {
    if (!definition || ordered.has(definition)) return;
    for (const name of spreadsOf(definition)) add(fragments.get(name));
    ordered.add(definition);
  };
  definitions.forEach(add);
  return [...ordered];
}

function isFragment(definition: Executable): definition is FragmentDefinitionNode {
  return definition.kind === Kind.FRAGMENT_DEFINITION;
}

function spreadsOf(definition: Executable): string[] {
  const names = new Set<string>();
  visit(definition, { FragmentSpread: ({ name }) => void names.add(name.value) });
  return [...names];
}

const SUFFIXES: Readonly<Record<OperationTypeNode, string>> = {
  [OperationTypeNode.QUERY]: 'Query',
  [OperationTypeNode.MUTATION]: 'Mutation',
  [OperationTypeNode.SUBSCRIPTION]: 'Subscription',
};

/** Uses the type names of the typescript-operations plugin. */
function toConstant(definition: Executable): string {
  const name = definition.name!.value;
  const fragments = spreadsOf(definition).map((spread) => `\n\${${spread}FragmentDoc}`);
  const text = `\`\n${print(definition)}${fragments.join('')}\n\``;
  if (isFragment(definition)) {
    return `export const ${name}FragmentDoc = /*#__PURE__*/ gql<${name}Fragment, unknown>${text};`;
  }
  const type = `${name}${SUFFIXES[definition.operation]}`;
  return `export const ${name}Document = /*#__PURE__*/ gql<${type}, ${type}Variables>${text};`;
}
