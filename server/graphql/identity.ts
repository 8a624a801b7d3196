/**
 * Which values leaf types leave as they are, as results and as inputs. Checking a value is faster than coercing it.
 * https://spec.graphql.org/September2025/#sec-Scalars.Built-in-Scalars
 */
import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLString,
  isEnumType,
  type GraphQLEnumType,
  type GraphQLLeafType,
  type GraphQLType,
} from 'graphql';

export type IsIdentity = (value: unknown) => boolean;

export const isString: IsIdentity = (value) => typeof value === 'string';

const BUILT_IN: ReadonlyMap<GraphQLLeafType, IsIdentity> = new Map<GraphQLLeafType, IsIdentity>([
  [GraphQLString, isString],
  [GraphQLID, isString],
  [GraphQLBoolean, (value) => typeof value === 'boolean'],
  [GraphQLInt, (value) => typeof value === 'number' && (value | 0) === value],
  [GraphQLFloat, (value) => typeof value === 'number' && Number.isFinite(value)],
]);

const NEVER: IsIdentity = () => false;

/** As a result. Custom scalars declare it in `extensions.isIdentitySerialized`. Defaults to no value. */
export function identitySerializedBy(type: GraphQLLeafType): IsIdentity {
  if (isEnumType(type)) return isNameOf(type);
  return BUILT_IN.get(type) ?? (type.extensions['isIdentitySerialized'] as IsIdentity | undefined) ?? NEVER;
}

/** As the value of a variable. No value of a list, an input object or a custom scalar. */
export function identityCoercedBy(type: GraphQLType | undefined): IsIdentity {
  if (isEnumType(type)) return isNameOf(type);
  return BUILT_IN.get(type as GraphQLLeafType) ?? NEVER;
}

/** Whether a value is the name of an enum value that is represented by its own name. */
function isNameOf(type: GraphQLEnumType): IsIdentity {
  const names = new Set<unknown>(type.getValues().flatMap(({ name, value }) => (name === value ? [name] : [])));
  return (value) => names.has(value);
}
