/**
 * The arguments of a field. What an operation would cost is judged by them, and it is executed with them a moment later:
 * for an input object, working them out takes as long as sending a write does.
 */
import { getArgumentValues, type FieldNode, type GraphQLField } from 'graphql';

type Variables = Readonly<Record<string, unknown>>;
type Arguments = Readonly<Record<string, unknown>>;

let last: { readonly node: FieldNode; readonly variables: Variables; readonly args: Arguments } | undefined;

/**
 * @param variables coerced; the same object for the same operation
 * @throws GraphQLError where they do not fit
 */
export function argumentsOf(
  definition: Pick<GraphQLField<unknown, unknown>, 'args'>,
  node: FieldNode,
  variables: Variables,
): Arguments {
  if (last?.node === node && last.variables === variables) return last.args;
  const args = getArgumentValues(definition as GraphQLField<unknown, unknown>, node, variables);
  last = { node, variables, args };
  return args;
}
