import { GraphQLError, GraphQLScalarType, valueFromASTUntyped } from 'graphql';

/** ISO 8601 in UTC with milliseconds, as the datasources give it; there is no input of this type to parse. */
export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  serialize(value) {
    if (typeof value !== 'string') throw new GraphQLError('A DateTime has to be ISO 8601 text.');
    return value;
  },
  // For the lean lane, which then need not call the above for each time of each ticket.
  extensions: { isAsItIs: (value: unknown) => typeof value === 'string' },
});

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
