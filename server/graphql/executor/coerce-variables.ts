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
import { AS_IT_IS, type IsAsItIs } from './scalars.ts';
import type { Variables } from './collect-fields.ts';

/** The variables coerced; undefined where they do not fit. */
export type CoerceVariables = (given: Variables) => Variables | undefined;

export function prepareVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): CoerceVariables {
  const expected = definitions.map(({ variable, type }) => ({
    name: variable.name.value,
    isAsItIs: asItIs(typeFromAST(schema, type)),
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

const NEVER: IsAsItIs = () => false;

/** Which values of a type coercion leaves as they are; where in doubt, none. */
function asItIs(type: GraphQLType | undefined): IsAsItIs {
  if (isNonNullType(type)) return asItIs(type.ofType);
  if (isListType(type)) {
    const isEntry = asItIs(type.ofType);
    return (value) => Array.isArray(value) && value.every(isEntry);
  }
  return AS_IT_IS.get(type) ?? NEVER;
}
