import { GraphQLJSONObject } from 'graphql-scalars';
import { GraphQLError, GraphQLScalarType } from 'graphql';

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

/** Without the library's description: ours stands in the SDL. */
export const JSONObject = new GraphQLScalarType({ ...GraphQLJSONObject.toConfig(), description: undefined });
