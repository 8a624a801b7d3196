/** The schema as clients see it, in SDL: one definition per type, without what only a router needs. */
import { Kind, parse, print, printSchema, visit, type DefinitionNode, type GraphQLSchema } from 'graphql';

/** @returns SDL without `extend`, directive definitions, and the types and fields of Apollo Federation. */
export function printClientSchema(schema: GraphQLSchema): string {
  const isMachinery = ({ name: { value } }: { name: { value: string } }): boolean =>
    value.startsWith('_') || value.includes('__');
  const document = visit(parse(printSchema(schema)), {
    FieldDefinition: (field) => (isMachinery(field) ? null : undefined),
  });
  const isKept = (node: DefinitionNode): boolean => {
    if (node.kind === Kind.DIRECTIVE_DEFINITION) return false;
    return !('name' in node && node.name && isMachinery({ name: node.name }));
  };
  return print({ ...document, definitions: document.definitions.filter(isKept) });
}
