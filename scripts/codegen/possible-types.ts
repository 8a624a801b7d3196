/** A plugin of graphql-codegen: which types a union or an interface may turn out to be, as caches want to be told. */
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
