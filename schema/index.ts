/** The promise: all SDL files as one document, and what it says of scopes. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  Kind,
  parse,
  visit,
  type DocumentNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
} from 'graphql';

const FOLDER = import.meta.dirname;

/** Every `.graphql` file below `folder`; a vendor joins in by its file being there. */
export function loadTypeDefs(folder = FOLDER): DocumentNode {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.graphql'));
  const sdl = files.toSorted().map((file) => readFileSync(join(folder, file), 'utf8'));
  return describeScopes(parse(sdl.join('\n'), { noLocation: true }));
}

/** The scope that each mutation needs. */
export function scopesOfMutations(typeDefs: DocumentNode): ReadonlyMap<string, string> {
  const mutations = typeDefs.definitions.filter(isMutation).flatMap(({ fields = [] }) => fields);
  return new Map(mutations.flatMap((field) => [[field.name.value, scopeOf(field) ?? 'none']]));
}

/** Explorers show descriptions and no directives: each field says in words what it needs. */
function describeScopes(typeDefs: DocumentNode): DocumentNode {
  return visit(typeDefs, {
    FieldDefinition(field) {
      const scope = scopeOf(field);
      if (scope === undefined || !field.description) return undefined;
      const value = `${field.description.value}\n\nNeeds the scope \`${scope}\`.`;
      return { ...field, description: { ...field.description, value } };
    },
  });
}

function scopeOf({ directives = [] }: FieldDefinitionNode): string | undefined {
  const scope = directives.find(({ name }) => name.value === 'needs')?.arguments?.[0]?.value;
  return scope?.kind === Kind.STRING ? scope.value : undefined;
}

function isMutation(
  node: DocumentNode['definitions'][number],
): node is ObjectTypeDefinitionNode | ObjectTypeExtensionNode {
  const isObject = node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
  return isObject && node.name.value === 'Mutation';
}
