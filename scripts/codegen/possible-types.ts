/** graphql-codegen plugin: the possible types of unions and interfaces, as the caches of clients need them. */
import { isAbstractType, type GraphQLSchema } from 'graphql';

export function plugin(schema: GraphQLSchema): string {
  const entries = Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map(
      (type) =>
        `  ${type.name}: [${schema
          .getPossibleTypes(type)
          .map(({ name }) => `'${name}'`)
          .join(', ')}],`,
    );
  return `export const possibleTypes = {\n${entries.join('\n')}\n};\n`;
}
