/** Parses the text of the generated documents. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { Kind, parse, type DefinitionNode, type DocumentNode } from 'graphql';

/** Combines text and the fragments that it spreads into one document that contains each fragment once. */
export function gql<Data, Variables>(
  text: TemplateStringsArray,
  ...fragments: readonly DocumentNode[]
): TypedDocumentNode<Data, Variables> {
  const own = parse(text.join('\n'), { noLocation: true }).definitions;
  const definitions = new Map<string, DefinitionNode>();
  for (const definition of [...own, ...fragments.flatMap((fragment) => fragment.definitions)]) {
    definitions.set(keyOf(definition), definition);
  }
  return { kind: Kind.DOCUMENT, definitions: [...definitions.values()] };
}

/** An operation and a fragment may have the same name. */
function keyOf(definition: DefinitionNode): string {
  const name = 'name' in definition ? definition.name?.value : undefined;
  return `${definition.kind} ${name}`;
}
