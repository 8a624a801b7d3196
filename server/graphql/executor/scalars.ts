/**
 * The scalars of GraphQL itself: which values they leave as they are, on the way in and on the way out. Their own coercion
 * and serialisation say no less, and take longer. https://spec.graphql.org/September2025/#sec-Scalars.Built-in-Scalars
 */
import { GraphQLBoolean, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLString, type GraphQLType } from 'graphql';

export type IsIdentitySerialized = (value: unknown) => boolean;

const isText: IsIdentitySerialized = (value) => typeof value === 'string';

export const IDENTITY_SERIALIZED: ReadonlyMap<GraphQLType | undefined, IsIdentitySerialized> = new Map<
  GraphQLType | undefined,
  IsIdentitySerialized
>([
  [GraphQLString, isText],
  [GraphQLID, isText],
  [GraphQLBoolean, (value) => typeof value === 'boolean'],
  [GraphQLInt, (value) => typeof value === 'number' && (value | 0) === value],
  [GraphQLFloat, (value) => typeof value === 'number' && Number.isFinite(value)],
]);
