import { GraphQLError, GraphQLID, GraphQLScalarType, valueFromASTUntyped } from 'graphql';

/** ISO 8601 in UTC with milliseconds, as the datasources give it; there is no input of this type to parse. */
export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  serialize(value) {
    if (typeof value !== 'string') throw new GraphQLError('A DateTime has to be ISO 8601 text.');
    return value;
  },
  // For the lean lane, which then need not call the above for each time of each ticket.
  extensions: { isIdentitySerialized: (value: unknown) => typeof value === 'string' },
});

const { parseValue: parseId } = GraphQLID;

/**
 * An id that is a number is taken as its digits, and of a large one JSON keeps not all. In a document it is text, where
 * each digit counts. The SDL's `ID` is the one of graphql-js: this changes that.
 */
export const ID: Pick<typeof GraphQLID, 'parseValue'> = {
  parseValue(value) {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return parseId.call(GraphQLID, value);
    const message = 'An ID that is a number must be whole and at most 2^53 - 1. Send it as text.';
    throw new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } });
  },
};

/** What a client gives as an object of its own making; what it may hold is checked by whoever reads it. */
export const JSONObject = new GraphQLScalarType({
  name: 'JSONObject',
  serialize: expectObject,
  parseValue: expectObject,
  parseLiteral: (node, variables) => expectObject(valueFromASTUntyped(node, variables)),
});

function expectObject(value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new GraphQLError(`JSONObject cannot represent non-object value: ${String(value)}`);
}
