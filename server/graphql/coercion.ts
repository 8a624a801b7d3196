/**
 * Coerces variables and arguments as graphql-js does, without what it does for each value again: plain values are taken as
 * they are, and what depends on the document alone is computed once (docs/performance.md#coercion). All other values go
 * through graphql-js, so that every error is its own.
 */
import {
  Kind,
  getArgumentValues,
  getVariableValues,
  isListType,
  isNonNullType,
  typeFromAST,
  valueFromAST,
  type ArgumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLSchema,
  type GraphQLType,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import type { Variables } from './document.ts';
import { identityCoercedBy, type IsIdentity } from './identity.ts';

type CoercionResult = ReturnType<typeof getVariableValues>;

/** CoerceVariableValues for one operation: https://spec.graphql.org/September2025/#sec-Coercing-Variable-Values */
export function prepareVariables(
  schema: GraphQLSchema,
  { variableDefinitions: definitions = [] }: OperationDefinitionNode,
): (raw: Variables) => CoercionResult {
  const expected = definitions.map(({ variable, type }) => ({
    name: variable.name.value,
    isIdentity: identityOf(typeFromAST(schema, type)),
  }));
  return (raw) => {
    const coerced: Record<string, unknown> = {};
    for (const { name, isIdentity } of expected) {
      const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
      if (!isIdentity(value)) return getVariableValues(schema, definitions, raw, { maxErrors: 1 });
      coerced[name] = value;
    }
    return { coerced };
  };
}

/** Which values of a type coercion does not change. Null and absent values are left to graphql-js. */
function identityOf(type: GraphQLType | undefined): IsIdentity {
  if (isNonNullType(type)) return identityOf(type.ofType);
  if (!isListType(type)) return identityCoercedBy(type);
  const isItemIdentity = identityOf(type.ofType);
  return (value) => Array.isArray(value) && value.every(isItemIdentity);
}

export type Arguments = Readonly<Record<string, unknown>>;

/** @throws GraphQLError if an argument is invalid */
type CoerceArguments = (variables: Variables) => Arguments;

/** Of the last field. The cost check and the execution of a request coerce the same arguments one after the other. */
let last: { readonly node: FieldNode; readonly variables: Variables; readonly args: Arguments } | undefined;

/** CoerceArgumentValues for one field of a valid document: https://spec.graphql.org/September2025/#sec-Coercing-Field-Arguments */
export function prepareArguments(definition: GraphQLField<unknown, unknown>, node: FieldNode): CoerceArguments {
  if (definition.args.length === 0) return () => ({});
  const coerce: CoerceArguments = (variables) => getArgumentValues(definition, node, variables);
  const readers = definition.args.map((argument) => toReader(argument, findArgument(node, argument.name)));
  return (variables) => {
    if (last?.node === node && last.variables === variables) return last.args;
    const args = readAll(readers, variables) ?? coerce(variables);
    last = { node, variables, args };
    return args;
  };
}

function findArgument({ arguments: nodes }: FieldNode, name: string): ArgumentNode | undefined {
  return nodes?.find((node) => node.name.value === name);
}

/** Reads an argument. `undefined` if graphql-js has to coerce it, `ABSENT` if it has no value. */
interface Reader {
  readonly name: string;
  read(variables: Variables): unknown;
}

const ABSENT = Symbol('absent');

function toReader({ name, type, defaultValue }: GraphQLArgument, node: ArgumentNode | undefined): Reader {
  if (!node) {
    const value = defaultValue === undefined && !isNonNullType(type) ? ABSENT : defaultValue;
    return { name, read: () => value };
  }
  if (node.value.kind === Kind.VARIABLE) {
    const variable = node.value.name.value;
    return { name, read: (variables) => variables[variable] ?? undefined };
  }
  const constant = hasVariable(node.value) ? undefined : valueFromAST(node.value, type);
  return { name, read: () => constant };
}

function readAll(readers: readonly Reader[], variables: Variables): Arguments | undefined {
  const args: Record<string, unknown> = {};
  for (const { name, read } of readers) {
    const value = read(variables);
    if (value === undefined) return undefined;
    if (value !== ABSENT) args[name] = value;
  }
  return args;
}

function hasVariable(value: ValueNode): boolean {
  switch (value.kind) {
    case Kind.VARIABLE:
      return true;
    case Kind.LIST:
      return value.values.some(hasVariable);
    case Kind.OBJECT:
      return value.fields.some((field) => hasVariable(field.value));
    default:
      return false;
  }
}
