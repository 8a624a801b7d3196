/** Prepared arguments are what graphql-js makes of the same document and variables, and it is asked only where in doubt. */
import fc from 'fast-check';
import {
  Kind,
  buildSchema,
  getArgumentValues,
  getVariableValues,
  parse,
  valueFromASTUntyped,
  GraphQLScalarType,
  type FieldNode,
  type GraphQLEnumType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { describe, expect, test, vi } from 'vitest';
import { prepareArguments } from '../../../server/graphql/executor/coerce-arguments.ts';

vi.mock('graphql', async (importOriginal) => {
  const original: Record<string, unknown> & { getArgumentValues: typeof getArgumentValues } = await importOriginal();
  return { ...original, getArgumentValues: vi.fn(original.getArgumentValues) };
});

const schema = buildSchema(`
  type Query {
    tickets(first: Int = 25, after: String, filter: Filter, ids: [ID!], matrix: [[Int]]): Int
    required(id: ID!, ids: [ID!]! = ["by default"], colour: Colour! = GREEN): Int
    write(input: Input!): Int
    either(one: Either!): Int
    any(any: Any, all: [Any!]): Int
  }
  enum Colour { RED GREEN }
  input Filter { colours: [Colour!], search: String = "all", isOpen: Boolean, score: Float }
  input Input { ids: [ID!]!, colour: Colour! = RED, isDry: Boolean = false, note: String = null, deep: Input, many: [Filter] }
  input Either @oneOf { id: ID, filter: Filter }
  scalar Any
`);
Object.assign(
  schema.getType('Any') as GraphQLScalarType,
  new GraphQLScalarType({
    name: 'Any',
    parseValue: (value) => value,
    parseLiteral(node, variables) {
      if (node.kind === Kind.STRING && node.value === 'throws') throw new TypeError('This is no literal.');
      return node.kind === Kind.INT ? new Date(Number(node.value)) : valueFromASTUntyped(node, variables);
    },
  }),
);
// A name of an enum is not always its value, and some values are objects.
(schema.getType('Colour') as GraphQLEnumType).getValue('RED')!.value = { of: 'red' };

interface Prepared {
  readonly prepared: unknown;
  readonly expected: unknown;
  /** Whether graphql-js was asked. */
  readonly isLeft: boolean;
}

function prepareOf(text: string, over: GraphQLSchema = schema) {
  const document = parse(text);
  const operation = document.definitions[0] as OperationDefinitionNode;
  const node = operation.selectionSet.selections[0] as FieldNode;
  const definition = over.getQueryType()!.getFields()[node.name.value]!;
  const argumentsFor = prepareArguments(definition, node);
  return (given: Readonly<Record<string, unknown>>): Prepared => {
    const { coerced, errors } = getVariableValues(over, operation.variableDefinitions ?? [], given);
    if (!coerced) throw new AggregateError(errors, 'The test gives variables that do not fit.');
    vi.mocked(getArgumentValues).mockClear();
    const prepared = outcomeOf(() => argumentsFor(coerced));
    const isLeft = vi.mocked(getArgumentValues).mock.calls.length > 0;
    return { prepared, expected: outcomeOf(() => getArgumentValues(definition, node, coerced)), isLeft };
  };
}

/** All that anyone could tell of a value: its keys in their order, and of what kind it is. */
function outcomeOf(read: () => unknown): unknown {
  try {
    return describeValue(read());
  } catch (error) {
    const { message, locations, name } = error as Error & { locations?: unknown };
    return { name, message, locations };
  }
}

function describeValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const prototype = Object.getPrototypeOf(value) as { constructor: { name: string } } | null;
  const kind = prototype ? prototype.constructor.name : 'no prototype';
  const entries = Reflect.ownKeys(value).map((key) => [
    key,
    describeValue((value as Record<PropertyKey, unknown>)[key]),
  ]);
  return [kind, value instanceof Date ? value.getTime() : entries];
}

interface Case {
  readonly text: string;
  /** Sets of variables for which the short way is enough. */
  readonly short?: readonly Readonly<Record<string, unknown>>[];
  /** Those for which graphql-js is asked. */
  readonly left?: readonly Readonly<Record<string, unknown>>[];
}

const CASES: readonly Case[] = [
  // Constants.
  { text: '{ tickets }', short: [{}] },
  { text: '{ tickets(ids: ["a", "b"], first: null, filter: { isOpen: true, colours: RED }) }', short: [{}] },
  { text: '{ write(input: { ids: "a", deep: { ids: [], many: [null, {}] } }) }', short: [{}] },
  { text: '{ either(one: { id: "a" }) }', short: [{}] },
  { text: '{ any(any: { z: 1, a: [{ b: "c" }] }, all: 7) }', short: [{}] },
  // Constants that do not fit are refused each time.
  { text: '{ required }', left: [{}, {}] },
  { text: '{ required(id: null) }', left: [{}] },
  { text: '{ required(id: RED) }', left: [{}] },
  { text: '{ either(one: { id: "a", filter: {} }) }', left: [{}] },
  { text: '{ any(any: "throws") }', left: [{}] },
  { text: 'query ($n: Int) { tickets(first: $n, ids: RED) }', left: [{ n: 1 }, {}] },
  // Variables.
  {
    text: 'query ($n: Int, $after: String) { tickets(after: $after, first: $n) }',
    short: [{}, { n: 3 }, { n: null, after: null }, { after: 'x', n: 0 }],
  },
  { text: 'query ($n: Int = 7) { tickets(first: $n) }', short: [{}, { n: null }, { n: 1 }] },
  { text: 'query ($ids: [ID!]) { tickets(ids: $ids) }', short: [{}, { ids: null }, { ids: [] }, { ids: 'a' }] },
  { text: 'query ($filter: Filter) { tickets(filter: $filter) }', short: [{}, { filter: null }, { filter: {} }] },
  { text: 'query ($filter: Filter = { score: 1 }) { tickets(filter: $filter) }', short: [{}, { filter: null }] },
  { text: 'query ($id: ID!) { required(id: $id) }', short: [{ id: 'a' }, { id: 7 }] },
  { text: 'query ($input: Input!) { write(input: $input) }', short: [{ input: { many: [{}], ids: ['a'] } }] },
  { text: 'query ($one: Either!) { either(one: $one) }', short: [{ one: { id: 'a' } }] },
  { text: 'query ($any: Any) { any(any: $any) }', short: [{}, { any: { b: 1, a: 2 } }] },
  // A null or nothing where something has to be: a default of either makes it valid.
  { text: 'query ($id: ID = "a") { required(id: $id) }', short: [{}, { id: 'b' }], left: [{ id: null }] },
  {
    text: 'query ($ids: [ID!], $colour: Colour) { required(id: "a", ids: $ids, colour: $colour) }',
    short: [{}, { ids: [] }, { colour: 'RED' }],
    left: [{ ids: null }, { colour: null }],
  },
  // Input objects that hold variables.
  {
    text: 'query ($ids: [ID!]!, $dry: Boolean) { write(input: { isDry: $dry, ids: $ids, colour: GREEN }) }',
    short: [{ ids: ['a'] }, { ids: [], dry: true }, { ids: [], dry: null }],
  },
  {
    text: 'query ($s: String!) { tickets(first: 100, filter: { colours: [RED], search: $s }) }',
    short: [{ s: 'x' }, { s: '' }],
  },
  {
    text: 'query ($s: String, $score: Float, $c: [Colour!]) { tickets(filter: { score: $score, colours: $c, search: $s }) }',
    short: [{}, { s: null, score: null, c: null }, { s: 'x', score: 1.5, c: 'RED' }],
  },
  {
    text: 'query ($c: Colour, $note: String) { write(input: { ids: "a", colour: $c, note: $note }) }',
    short: [{}, { c: 'GREEN' }, { note: null }, { note: 'x' }],
    left: [{ c: null }],
  },
  {
    text: 'query ($ids: [ID!] = [], $s: String) { write(input: { deep: { ids: $ids, many: [{ search: $s }] }, ids: [] }) }',
    short: [{}, { ids: 'a', s: null }],
    left: [{ ids: null }],
  },
  { text: 'query ($ids: [ID!]!) { write(input: { ids: $ids, deep: { isDry: true } }) }', left: [{ ids: [] }] },
  { text: 'query ($deep: Input) { write(input: { ids: [], deep: $deep }) }', short: [{}, { deep: { ids: 'a' } }] },
  {
    text: 'query ($filter: Filter) { either(one: { filter: $filter }) }',
    left: [{}, { filter: null }, { filter: {} }],
  },
  { text: 'query ($id: ID!) { either(one: { id: $id }) }', left: [{ id: 'a' }] },
  // Lists that hold variables.
  { text: 'query ($id: ID!) { tickets(ids: ["a", $id]) }', short: [{ id: 'b' }] },
  { text: 'query ($id: ID = "b") { tickets(ids: ["a", $id]) }', short: [{}], left: [{ id: null }] },
  { text: 'query ($c: Colour = RED) { tickets(filter: { colours: [$c, GREEN] }) }', short: [{}], left: [{ c: null }] },
  {
    text: 'query ($f: Filter, $g: [Filter]) { write(input: { ids: [], many: [$f, null], deep: { ids: [], many: $g } }) }',
    short: [{ f: {} }, { f: null, g: [null] }],
    left: [{}],
  },
  {
    text: 'query ($row: [Int], $n: Int) { tickets(matrix: [$row, [$n, 1], null]) }',
    short: [
      { row: [1], n: 2 },
      { row: null, n: null },
    ],
    left: [{}, { row: [] }, { n: 1 }],
  },
  // One item stands for a list of one.
  { text: 'query ($s: String) { write(input: { ids: [], many: { search: $s } }) }', left: [{}, { s: 'x' }] },
  { text: 'query ($n: Int) { tickets(matrix: [[$n], 1]) }', short: [{ n: 1 }], left: [{}] },
  // A scalar may make anything of a literal that holds variables.
  { text: 'query ($n: Int) { any(any: { n: $n, z: [$n] }) }', left: [{}, { n: 1 }] },
  { text: 'query ($any: Any!) { any(all: [1, $any, { a: "b" }]) }', short: [{ any: [] }] },
  // Names that every object has.
  { text: 'query ($toString: String, $__proto__: Int) { tickets(after: $toString, first: $__proto__) }', short: [{}] },
  {
    text: 'query ($constructor: [ID!]) { write(input: { ids: [], note: "x", deep: null }) tickets(ids: $constructor) }',
    short: [{}],
  },
  // Not valid, and what graphql-js makes of it all the same.
  { text: 'query ($id: ID) { tickets(ids: $id, unknown: $id, first: $n) }', short: [{ id: 'a' }, { id: null }] },
  { text: 'query ($id: ID) { write(input: { unknown: $id, ids: [] }) }', short: [{ id: 'a' }, {}] },
  { text: 'query ($id: ID) { tickets(filter: [$id], ids: { id: $id }) }', left: [{ id: 'a' }, {}] },
];

const ALL = CASES.flatMap(({ text, short = [], left = [] }) => [
  ...short.map((variables) => ({ text, variables, isLeft: false })),
  ...left.map((variables) => ({ text, variables, isLeft: true })),
]);

describe('prepared arguments', () => {
  test.each(ALL)('of $text for $variables', ({ text, variables, isLeft }) => {
    const { expected, ...actual } = prepareOf(text)(variables);
    expect(actual).toEqual({ prepared: expected, isLeft });
  });

  test('are those of each request, whatever came before', () => {
    for (const { text, short = [], left = [] } of CASES) {
      const read = prepareOf(text);
      for (const variables of [...short, ...left, ...short]) {
        const { prepared, expected } = read(variables);
        expect({ text, variables, prepared }).toEqual({ text, variables, prepared: expected });
      }
    }
  });

  test('are worked out once for the same variables, and what is shared by requests cannot be changed', () => {
    const document = parse(
      'query ($s: String) { tickets(filter: { colours: [RED], search: $s }) either(one: { id: 1 }) }',
    );
    const [tickets, either] = (document.definitions[0] as OperationDefinitionNode).selectionSet.selections;
    const { tickets: ofTickets, either: ofEither } = schema.getQueryType()!.getFields();
    const [judge, execute] = [1, 2].map(() => prepareArguments(ofTickets!, tickets as FieldNode));
    const [once, again] = [{ s: 'x' }, { s: 'x' }];
    const judged = judge!(once);
    expect(execute!(once)).toBe(judged);
    const other = execute!(again);
    expect(other).not.toBe(judged);
    const { filter } = other as { filter: { colours: string[] } };
    expect(() => filter.colours.push('GREEN')).toThrow(TypeError);
    expect(() => Object.assign(filter, { isOpen: true })).not.toThrow();
    const constant = prepareArguments(ofEither!, either as FieldNode)({}) as { one: object };
    expect(() => Object.assign(constant.one, { id: 'other' })).toThrow(TypeError);
  });
});

test('for whatever may be asked', () => {
  const text = fc.letrec<Record<'value' | 'filter' | 'input', string>>((tie) => ({
    value: fc.constantFrom(
      '$s',
      '$n',
      '$c',
      '$ids',
      '$b',
      'null',
      '"x"',
      '3',
      'RED',
      'true',
      '["x"]',
      '["x", $s]',
      '[$c]',
    ),
    filter: object({ colours: tie('value'), search: tie('value'), isOpen: tie('value'), score: tie('value') }),
    input: fc.oneof(
      { maxDepth: 3 },
      fc.constant('$input'),
      object({
        ids: tie('value'),
        colour: tie('value'),
        isDry: tie('value'),
        note: tie('value'),
        deep: tie('input'),
        many: fc.oneof(
          tie('filter'),
          fc.array(tie('filter'), { maxLength: 2 }).map((all) => `[${all.join()}]`),
        ),
      }),
    ),
  }));
  const field = fc.oneof(
    fc.tuple(text.value, text.value, text.filter).map(([n, ids, filter]) => {
      return `tickets(filter: ${filter}, first: ${n}, ids: ${ids})`;
    }),
    text.input.map((input) => `write(input: ${input})`),
    fc.tuple(text.value, text.value).map(([id, colour]) => `required(id: ${id}, colour: ${colour})`),
    fc.tuple(text.value, text.filter).map(([id, filter]) => `either(one: { id: ${id}, filter: ${filter} })`),
    text.filter.map((filter) => `any(any: ${filter}, all: [${filter}])`),
  );
  const orNull = <Value>(value: Value): fc.Arbitrary<Value | null> => fc.constantFrom(value, null);
  const variables = fc.record(
    {
      s: orNull('s'),
      n: orNull(4),
      c: orNull('GREEN'),
      ids: orNull(['i']),
      b: orNull(true),
      input: orNull({ ids: 'i' }),
    },
    { requiredKeys: [] },
  );
  const declared = fc.constantFrom(
    '($s: String, $n: Int, $c: Colour, $ids: [ID!], $b: Boolean, $input: Input)',
    '($s: String = "d", $n: Int = 1, $c: Colour = RED, $ids: [ID!] = [], $b: Boolean = null, $input: Input = { ids: [] })',
  );
  let short = 0;
  fc.assert(
    fc.property(declared, field, variables, (declaration, asked, given) => {
      const { prepared, expected, isLeft } = prepareOf(`query ${declaration} { ${asked} }`)(given);
      expect(prepared).toEqual(expected);
      if (!isLeft) short += 1;
    }),
    { numRuns: 1_500, seed: 20_261_124 },
  );
  expect(short).toBeGreaterThan(100);
});

/** An input object's text: some of its fields, in any order. */
function object(fields: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  return fc
    .shuffledSubarray(Object.keys(fields), { maxLength: 3 })
    .chain((names) => fc.tuple(...names.map((name) => fields[name]!.map((value) => `${name}: ${value}`))))
    .map((all) => `{ ${all.join(', ')} }`);
}
