/**
 * What scalars do. Objects with some of `GraphQLScalarType`'s members: a whole one would replace the description and the
 * `@specifiedBy` of the SDL.
 */
import { GraphQLError, GraphQLID, valueFromASTUntyped, type GraphQLScalarType } from 'graphql';

/** ISO 8601 in UTC with milliseconds, as the datasources return it. No input has this type. */
export const DateTime: Pick<GraphQLScalarType<string, string>, 'serialize' | 'extensions'> = {
  serialize(value) {
    if (typeof value !== 'string') throw new GraphQLError('A DateTime has to be ISO 8601 text.');
    return value;
  },
  // Lets the executor skip `serialize`.
  extensions: { isIdentitySerialized: (value: unknown) => typeof value === 'string' },
};

const { parseValue: parseId } = GraphQLID;

/**
 * Rejects numbers beyond 2^53 - 1, whose digits JSON does not keep. An id in a document is text and keeps them.
 * Changes graphql-js's own `ID`, which every schema of the process shares.
 */
export const ID: Pick<typeof GraphQLID, 'parseValue'> = {
  parseValue(value) {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return parseId.call(GraphQLID, value);
    const message = 'An ID that is a number must be whole and at most 2^53 - 1. Send it as text.';
    throw new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } });
  },
};

/** Any JSON object. Its members are checked where they are read. */
export const JSONObject: Pick<GraphQLScalarType<object, object>, 'serialize' | 'parseValue' | 'parseLiteral'> = {
  serialize: expectObject,
  parseValue: expectObject,
  parseLiteral: (node, variables) => expectObject(valueFromASTUntyped(node, variables)),
};

function expectObject(value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new GraphQLError(`JSONObject cannot represent non-object value: ${String(value)}`);
}
