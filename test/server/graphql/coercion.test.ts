/** Variables and arguments are coerced as graphql-js does it. */
import fc from 'fast-check';
import {
  Kind,
  buildSchema,
  getArgumentValues,
  getVariableValues,
  parse,
  validate,
  type FieldNode,
  type OperationDefinitionNode,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { prepareArguments, prepareVariables } from '../../../server/graphql/coercion.ts';
import { testAtRandom } from '../../support/random.ts';

const schema = buildSchema(`
  enum Color { RED GREEN }
  input Point { x: Int! y: Int = 7 tags: [String!] color: Color = RED }
  type Query {
    f(
      id: ID text: String! = "t" int: Int float: Float flag: Boolean = true color: Color
      ids: [ID!] point: Point points: [Point!] = [{ x: 1 }] plain: String
    ): Int
  }
`);
const field = schema.getQueryType()!.getFields()['f']!;

/** The type of the variable for each argument, with a default for some. */
const DECLARATIONS: Readonly<Record<string, string>> = {
  id: 'ID',
  text: 'String! = "d"',
  int: 'Int',
  float: 'Float = 1.5',
  flag: 'Boolean',
  color: 'Color',
  ids: '[ID!]',
  point: 'Point',
  points: '[Point!]! = [{ x: 2 }]',
};

const LITERALS: Readonly<Record<string, readonly string[]>> = {
  id: ['"a"', '7', 'null', '$id'],
  text: ['"b"', '$text'],
  int: ['1', 'null', '$int'],
  float: ['1', '2.5', '$float'],
  flag: ['true', '$flag'],
  color: ['RED', '$color'],
  ids: ['["a", 1]', '"a"', '[]', '$ids', '[$some]'],
  point: ['{ x: 1 }', '{ x: $count, y: null }', '{ x: 2, tags: "a", color: GREEN }', '$point'],
  points: ['[]', '[{ x: 1 }, { x: $count }]', '$points'],
};

const point = fc.record(
  { x: fc.integer(), y: fc.option(fc.integer()), tags: fc.array(fc.string()) },
  { requiredKeys: [] },
);
const anyValue = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined, 'RED', 'BLUE', 2 ** 40),
  fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { maxLength: 3 }),
  point,
  fc.array(point, { maxLength: 2 }),
);
const names = Object.keys(DECLARATIONS);
const variables = fc.dictionary(fc.constantFrom(...names, 'some', 'count', 'other'), anyValue);

const chosen = fc.tuple(...names.map((name) => fc.option(fc.constantFrom(...LITERALS[name]!))));

function toDocument(literals: readonly (string | null)[]): string {
  const args = names.flatMap((name, index) => (literals[index] === null ? [] : [`${name}: ${literals[index]}`]));
  const declared = [...names.map((name) => `$${name}: ${DECLARATIONS[name]}`), '$some: ID = "s"', '$count: Int! = 3'];
  const used = args.join(' ');
  const needed = declared.filter((text) => new RegExp(`\\${text.slice(0, text.indexOf(':'))}\\b`).test(used));
  const head = needed.length > 0 ? `query (${needed.join(', ')})` : 'query';
  return `${head} { f${args.length > 0 ? `(${used})` : ''} }`;
}

function operationOf(text: string): { operation: OperationDefinitionNode; node: FieldNode } {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const operation = document.definitions[0] as OperationDefinitionNode;
  const node = operation.selectionSet.selections[0]!;
  if (node.kind !== Kind.FIELD) throw new TypeError('Expected a field.');
  return { operation, node };
}

/** The value, or the message of what is thrown. */
function attempt<Value>(read: () => Value): Value | string {
  try {
    return read();
  } catch (error) {
    return (error as Error).message;
  }
}

describe('coercion', () => {
  const compare = (literals: readonly (string | null)[], raw: Readonly<Record<string, unknown>>): void => {
    const { operation, node } = operationOf(toDocument(literals));
    const expected = getVariableValues(schema, operation.variableDefinitions ?? [], raw, { maxErrors: 1 });
    const { coerced, errors } = prepareVariables(schema, operation)(raw);
    expect(coerced).toEqual(expected.coerced);
    expect(errors?.map(({ message }) => message)).toEqual(expected.errors?.map(({ message }) => message));
    if (!coerced) return;
    const coerceArguments = prepareArguments(field, node);
    // The second time, they are remembered.
    for (let turn = 0; turn < 2; turn += 1) {
      expect(attempt(() => coerceArguments(coerced))).toEqual(attempt(() => getArgumentValues(field, node, coerced)));
    }
  };
  testAtRandom('variables and arguments are coerced as by graphql-js', 5_000, async (numRuns) => {
    fc.assert(fc.property(chosen, variables, compare), { numRuns });
  });

  test('arguments of other variables are not those of the last ones', () => {
    const { node } = operationOf('query ($id: ID) { f(id: $id) }');
    const coerceArguments = prepareArguments(field, node);
    expect([{ id: 'a' }, { id: 'b' }].map((values) => coerceArguments(values)['id'])).toEqual(['a', 'b']);
  });
});
