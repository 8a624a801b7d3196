/**
 * Coerces variables and arguments as graphql-js does, without what it does for each value again: plain values are taken as
 * they are, and what depends on the document alone is computed once (docs/performance.md#coercion). All other values go
 * through graphql-js, so that every error is its own.
 */
import {
  Kind,
  getArgumentValues,
  getNullableType,
  getVariableValues,
  isInputObjectType,
  isListType,
  isNonNullType,
  typeFromAST,
  valueFromAST,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
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
  const values = new Map(node.arguments?.map((argument) => [argument.name.value, argument.value]));
  const readers = definition.args.map((argument) => toReader(argument, values.get(argument.name)));
  return (variables) => {
    if (last?.node === node && last.variables === variables) return last.args;
    const args = readAll(readers, variables) ?? coerce(variables);
    last = { node, variables, args };
    return args;
  };
}

/** Reads a value. `undefined` if graphql-js has to coerce it, `ABSENT` if there is none. */
type Read = (variables: Variables) => unknown;

/** Of an argument, or of a field of an input object. */
interface Reader {
  readonly name: string;
  readonly read: Read;
}

const ABSENT = Symbol('absent');

type Definition = Pick<GraphQLArgument | GraphQLInputField, 'name' | 'type' | 'defaultValue'>;

function toReader({ name, type, defaultValue }: Definition, node: ValueNode | undefined): Reader {
  if (node) return { name, read: prepareValue(type, node) };
  const value: unknown = defaultValue === undefined && !isNonNullType(type) ? ABSENT : defaultValue;
  return { name, read: () => value };
}

function prepareValue(type: GraphQLInputType, node: ValueNode): Read {
  if (node.kind === Kind.VARIABLE) return (variables) => variables[node.name.value] ?? undefined;
  if (!hasVariable(node)) {
    const constant: unknown = valueFromAST(node, type);
    return () => constant;
  }
  const named = getNullableType(type);
  if (node.kind !== Kind.OBJECT || !isInputObjectType(named) || named.isOneOf) return () => undefined;
  const values = new Map(node.fields.map((field) => [field.name.value, field.value]));
  const readers = Object.values(named.getFields()).map((field) => toReader(field, values.get(field.name)));
  return (variables) => readAll(readers, variables);
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
