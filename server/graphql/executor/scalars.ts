/**
 * Which values leaf types serialize to themselves. Checking a value is faster than serializing it.
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
} from 'graphql';

export type IsIdentitySerialized = (value: unknown) => boolean;

export const isString: IsIdentitySerialized = (value) => typeof value === 'string';

const BUILT_IN: ReadonlyMap<GraphQLLeafType, IsIdentitySerialized> = new Map<GraphQLLeafType, IsIdentitySerialized>([
  [GraphQLString, isString],
  [GraphQLID, isString],
  [GraphQLBoolean, (value) => typeof value === 'boolean'],
  [GraphQLInt, (value) => typeof value === 'number' && (value | 0) === value],
  [GraphQLFloat, (value) => typeof value === 'number' && Number.isFinite(value)],
]);

/** Custom scalars declare it in `extensions.isIdentitySerialized`. Defaults to no value. */
export function identitySerializedBy(type: GraphQLLeafType): IsIdentitySerialized {
  if (isEnumType(type)) return isNameOf(type);
  const custom = type.extensions['isIdentitySerialized'] as IsIdentitySerialized | undefined;
  return BUILT_IN.get(type) ?? custom ?? (() => false);
}

/** Whether a value is the name of an enum value that is represented by its own name. */
function isNameOf(type: GraphQLEnumType): IsIdentitySerialized {
  const names = new Set<unknown>(type.getValues().flatMap(({ name, value }) => (name === value ? [name] : [])));
  return (value) => names.has(value);
}
