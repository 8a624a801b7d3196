/**
 * Variables of an operation, coerced: https://spec.graphql.org/September2025/#sec-Coercing-Variable-Values
 *
 * A text where an id is wanted, and the like, is what it is: those values are taken as they came. All others go through
 * graphql-js. It saves 5 µs of one ticket, and 20 of 25.
 */
import {
  getVariableValues,
  isListType,
  isNonNullType,
  typeFromAST,
  type GraphQLSchema,
  type GraphQLType,
  type VariableDefinitionNode,
} from 'graphql';
import { IDENTITY_SERIALIZED, type IsIdentitySerialized } from './scalars.ts';
import type { Variables } from './collect-fields.ts';

/** The variables coerced; undefined where they do not fit. */
export type CoerceVariables = (given: Variables) => Variables | undefined;

export function prepareVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): CoerceVariables {
  const expected = definitions.map(({ variable, type }) => ({
    name: variable.name.value,
    isAsItIs: identity(typeFromAST(schema, type)),
  }));
  return (given) => {
    const taken: Record<string, unknown> = {};
    for (const { name, isAsItIs } of expected) {
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (!isAsItIs(value)) return getVariableValues(schema, definitions, given, { maxErrors: 1 }).coerced;
      taken[name] = value;
    }
    return taken;
  };
}

const NEVER: IsIdentitySerialized = () => false;

/** Which values of a type coercion leaves as they are; where in doubt, none. */
function identity(type: GraphQLType | undefined): IsIdentitySerialized {
  if (isNonNullType(type)) return identity(type.ofType);
  if (isListType(type)) {
    const isEntry = identity(type.ofType);
    return (value) => Array.isArray(value) && value.every(isEntry);
  }
  return IDENTITY_SERIALIZED.get(type) ?? NEVER;
}
