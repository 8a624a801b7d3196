/** The executor returns what graphql-js returns, for any document, variables and resolved values. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import {
  GraphQLError,
  GraphQLScalarType,
  buildSchema,
  execute,
  getVariableValues,
  parse,
  type DocumentNode,
  type ExecutionResult,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExecutor } from '../../../server/graphql/executor/index.ts';
import { planOperation } from '../../../server/graphql/executor/plan.ts';
import { makeDocument } from '../../support/documents.ts';
import { testAtRandom } from '../../support/random.ts';

const SDL = `
  type Query {
    node: Node  nodeN: Node!  list: [Node!]  lists: [[Node]!]!  listNN: [[Int!]!]
    u: U  us: [U]  a: A  an: A!  as: [A!]!  e: E  s: String  sn: String!  i: Int  f: Float  b: Boolean  id: ID!  d: Custom
    echo(n: Int = 3, t: String!, in: In): String
    plain(n: Int!): A
    plainLeaf(n: Int!): Int
  }
  interface Node { id: ID!  name: String  next: Node  kids: [Node!]! }
  type A implements Node { id: ID!  name: String  next: Node  kids: [Node!]!  e: E!  b: B  s: [String!]  d: Custom! }
  type B implements Node { id: ID!  name: String  next: Node  kids: [Node!]!  a: A!  as: [A]  ui: U!  n: [Int] }
  union U = A | B
  enum E { X Y }
  scalar Custom
  input In { x: Int! = 1  y: [E!]  deep: In }
`;

const schema = buildSchema(SDL);
const queryFields = schema.getQueryType()!.getFields();
queryFields['echo']!.resolve = (_, args) => JSON.stringify(args);
Object.assign(
  schema.getType('Custom') as GraphQLScalarType,
  new GraphQLScalarType({
    name: 'Custom',
    serialize(value) {
      if (value === 'throws') throw new TypeError('This does not serialise.');
      return value === 'nothing' ? null : { of: value };
    },
  }),
);

const WORDING = {
  variables:
    '($p: Boolean!, $q: Boolean = true, $n: Int, $t: String!, $d: String = "d", $in: In, $m: Int = 1, $x: Int = 7, $e: [E!])',
  conditions: ['$p', '$q'],
  argumentsOf: {
    'Query.echo': ['(t: "given")', '(n: $n, t: $t)', '(t: $d, in: $in)', '(t: $t, in: { x: $x, y: $e, deep: {} })'],
    'Query.plain': ['(n: $m)', '(n: 2)'],
    'Query.plainLeaf': ['(n: 2)', '(n: $m)'],
  },
};

/** Values that a resolver may return for any field. */
const ODD: readonly unknown[] = [
  null,
  undefined,
  '',
  'text',
  0,
  -0,
  1.5,
  2 ** 40,
  Number.NaN,
  true,
  'X',
  'Z',
  'throws',
  'nothing',
  new Error('As a value.'),
  [],
  ['x', null, 3],
  {},
  { __typename: 'A' },
  { __typename: 'B', id: 3, kids: [] },
  { __typename: 'Nobody' },
  { __typename: 7 },
  new Set([1, 2]),
  new Date(0),
];

/** Values that mostly fit their fields. Equal for the same seed, but new objects for each execution. */
function createValues(seed: number, hasPromises: boolean) {
  let state = seed >>> 0;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const failure = (): unknown =>
    [new Error('Rejected.'), new GraphQLError('Located elsewhere.', { extensions: { code: 'OWN' } }), 'no error'][
      next(3)
    ];

  /** The value itself, a function that returns it or throws, or a promise. */
  const wrap = (value: unknown): unknown => {
    const form = next(12);
    if (form === 0) return () => value;
    if (form === 1 && next(2) === 0) {
      const error = failure();
      return () => {
        throw error;
      };
    }
    if (!hasPromises) return value;
    if (form === 2) return Promise.resolve(value);
    if (form === 3) return async () => value;
    if (form === 4 && next(2) === 0) {
      const error = failure();
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- resolvers may
      return () => Promise.reject(error);
    }
    return value;
  };

  const item = (value: unknown): unknown => {
    if (!hasPromises || next(6) > 0) return value;
    if (next(5) > 0) return Promise.resolve(value);
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- resolvers may
    const rejected = Promise.reject(failure());
    rejected.catch(() => undefined);
    return rejected;
  };

  const odd = (otherwise: () => unknown): unknown => (next(12) === 0 ? ODD[next(ODD.length)] : otherwise());

  /** The same object, perhaps with a getter that returns the value of a property or throws. */
  const withGetter = (object: Record<string, unknown>): object => {
    const form = next(10);
    if (form > 1) return object;
    const names = Object.keys(object);
    const name = names[next(names.length)]!;
    const value = object[name];
    const error = failure();
    return Object.defineProperty(object, name, {
      get() {
        if (form === 0) throw error;
        return value;
      },
    });
  };

  const node = (depth: number, name = ['A', 'B'][next(2)]!): unknown =>
    odd(() => {
      if (depth <= 0) return null;
      const own = { __typename: name, id: wrap(`id${next(9)}`), name: wrap(odd(() => 'name')) };
      const kids = Array.from({ length: next(3) }, () => item(node(depth - 1)));
      const both = { ...own, next: wrap(node(depth - 1)), kids: wrap(odd(() => kids)) };
      if (name === 'A') {
        const s = wrap(odd(() => [item('one'), item(odd(() => 'two'))]));
        return withGetter({
          ...both,
          e: wrap(odd(() => 'X')),
          b: wrap(node(depth - 1, 'B')),
          s,
          d: wrap(odd(() => 1)),
        });
      }
      const as = [item(node(depth - 1, 'A')), item(null)];
      const n = [item(1), item(odd(() => 2))];
      return withGetter({
        ...both,
        a: wrap(node(depth - 1, 'A')),
        as: wrap(as),
        ui: wrap(node(depth - 1)),
        n: wrap(n),
      });
    });

  const nodes = (name?: string): unknown => odd(() => [item(node(2, name)), item(node(2, name))]);
  return {
    node: wrap(node(3)),
    nodeN: wrap(node(3)),
    list: wrap(nodes()),
    lists: wrap([item(nodes()), item(nodes())]),
    listNN: wrap([item([item(1), item(odd(() => 2))]), item([3])]),
    u: wrap(node(2)),
    us: wrap(nodes()),
    a: wrap(node(3, 'A')),
    an: wrap(node(3, 'A')),
    as: wrap(nodes('A')),
    e: wrap(odd(() => 'Y')),
    s: wrap(odd(() => 's')),
    sn: wrap(odd(() => 'sn')),
    i: wrap(odd(() => 3)),
    f: wrap(odd(() => 0.5)),
    b: wrap(odd(() => false)),
    id: wrap(odd(() => 'id')),
    d: wrap(odd(() => 'd')),
    plain: wrap(node(1, 'A')),
    plainLeaf: wrap(4),
  };
}

type Values = ReturnType<typeof createValues>;

/** There is no root value: fields of the root are resolved from the context. */
for (const [name, field] of Object.entries(queryFields)) {
  if (name === 'echo' || name.startsWith('plain')) continue;
  field.resolve = (_, args, context: Values, info) => {
    const value = context[name as keyof Values];
    return typeof value === 'function' ? (value as (...given: unknown[]) => unknown)(args, context, info) : value;
  };
}

/** Whether the executor itself executes a document, rather than graphql-js. */
function isPlanned(document: DocumentNode, variables: Readonly<Record<string, unknown>>): boolean {
  const plan = planOperation(schema, document, undefined, () => undefined);
  const definitions = plan?.operation.variableDefinitions ?? [];
  const { coerced } = getVariableValues(schema, definitions, variables);
  return (coerced && plan?.rootFields(coerced)) !== undefined;
}

function toErrors(errors: ExecutionResult['errors'] = []): string[] {
  return errors.map((error) => {
    // How graphql-js prints a value in messages that clients never see.
    const message = error.message
      .replace(/serialize\(.*$/s, 'serialize(…)')
      .replace(/^.*(is not a possible type of|Abstract type|Runtime Object type).*$/s, 'Unknown type.');
    return JSON.stringify({ ...error.toJSON(), message });
  });
}

interface Comparison {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly expected: ExecutionResult;
  readonly actual: ExecutionResult;
  readonly isOwn: boolean;
}

/** Unhandled rejections. graphql-js leaves some of list items; the executor must not. */
const uncaught: unknown[] = [];
const record = (error: unknown): void => void uncaught.push(error);
let otherListeners: NodeJS.UnhandledRejectionListener[] = [];

beforeAll(() => {
  otherListeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', record);
});

afterAll(() => {
  process.off('unhandledRejection', record);
  otherListeners.forEach((listener) => process.on('unhandledRejection', listener));
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Executes the same random documents with both. @returns how many the executor itself executed */
async function compareAll(
  hasPromises: boolean,
  runs: number,
  check: (comparison: Comparison) => void,
): Promise<number> {
  const executor = createExecutor(schema);
  let planned = 0;
  await fc.assert(
    fc.asyncProperty(fc.gen(), fc.nat(), async (choose, seed) => {
      const made = makeDocument(schema, WORDING, choose);
      if (!made) return;
      const { document, text } = made;
      // Typed as object: the compiler would work out all combinations of the variables below.
      const maybe = (...values: readonly object[]): object => values[choose(fc.nat, { max: values.length - 1 })]!;
      const variables = {
        ...maybe({ p: true }, { p: false }),
        t: 't',
        ...maybe({}, { q: null }, { q: false }, { q: true }),
        ...maybe({}, {}, { n: null }, { n: 4 }, { n: '4' }),
        ...maybe({}, { d: null }, { d: 'e' }),
        ...maybe({}, {}, { in: null }, { in: { y: ['X'] } }, { in: { y: ['Z'], deep: 3 } }),
        ...maybe({}, { m: null }, { m: 5 }),
        ...maybe({}, { x: null }),
        ...maybe({}, { e: ['Y'] }, { e: 'Y' }, { e: null }),
      };
      const run = (execution: typeof execute): PromiseOrValue<ExecutionResult> =>
        execution({ schema, document, variableValues: variables, contextValue: createValues(seed, hasPromises) });
      const isOwn = isPlanned(document, variables);
      const actual = await run(executor.execute);
      // Fields that an error cut off may still settle, and must not be left unhandled.
      await nextTurn();
      if (isOwn) expect(uncaught).toEqual([]);
      const expected = await run(execute);
      await nextTurn();
      uncaught.length = 0;
      if (isOwn) planned += 1;
      check({ text, variables, expected, actual, isOwn });
    }),
    { numRuns: runs, seed: 20_261_124, endOnFailure: true },
  );
  return planned;
}

type PromiseOrValue<Value> = Value | Promise<Value>;

testAtRandom(
  'the executor returns what graphql-js returns for resolved values, with errors in order',
  600,
  async (cases) => {
    const planned = await compareAll(false, cases, ({ text, variables, expected, actual }) => {
      expect({ data: JSON.stringify(actual.data), errors: toErrors(actual.errors), text, variables }).toEqual({
        data: JSON.stringify(expected.data),
        errors: toErrors(expected.errors),
        text,
        variables,
      });
      expect(Object.keys(actual).toSorted()).toEqual(Object.keys(expected).toSorted());
    });
    expect(planned).toBeGreaterThan(cases / 3);
  },
);

testAtRandom('the executor returns what graphql-js returns for promises', 600, async (cases) => {
  const planned = await compareAll(true, cases, ({ text, variables, expected, actual, isOwn }) => {
    expect({ data: JSON.stringify(actual.data), text, variables }).toEqual({
      data: JSON.stringify(expected.data),
      text,
      variables,
    });
    // If several fields fail below one that becomes null, either error may come first.
    expect(actual.errors === undefined).toBe(expected.errors === undefined);
    if (isOwn) expect((actual.errors ?? []).every(({ path }) => path !== undefined)).toBe(true);
  });
  expect(planned).toBeGreaterThan(cases / 3);
});

test.each([
  ['introspection', '{ __schema { queryType { name } } __type(name: "A") { kind } }', {}],
  ['a response name that is __proto__', '{ __proto__: i i }', {}],
  ['a missing variable', 'query ($t: String!) { echo(t: $t) }', {}],
  ['several invalid variables', 'query ($n: Int, $t: String!) { echo(n: $n, t: $t) }', { n: 'x', t: 3 }],
  ['several operations and no name', 'query A { i } query B { f }', {}],
])('the executor leaves %s to graphql-js', async (_, text, variableValues) => {
  const args = { schema, document: parse(text), variableValues, contextValue: createValues(1, false) };
  expect(isPlanned(args.document, variableValues)).toBe(false);
  const [actual, expected] = [await createExecutor(schema).execute(args), await execute(args)];
  expect(JSON.parse(JSON.stringify(actual))).toEqual(JSON.parse(JSON.stringify(expected)));
  expect(Object.keys(actual)).toEqual(Object.keys(expected).toSorted());
});

test('the executor executes the operation of the given name', async () => {
  const { execute: executeNamed } = createExecutor(schema);
  const document = parse('query A { i } query B { f }');
  const contextValue = { i: 3, f: 0.5 };
  for (const [operationName, data] of [
    ['A', { i: 3 }],
    ['B', { f: 0.5 }],
    ['A', { i: 3 }],
  ] as const) {
    expect(await executeNamed({ document, operationName, contextValue })).toEqual({ data });
  }
});

test('plans of documents that are not executed again are released', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const executor = createExecutor(schema);
  const COUNT = 2_500;
  const executeNew = async (first: number): Promise<void> => {
    for (let n = first; n < first + COUNT; n += 1) {
      await executor.execute({
        document: parse(`{ ${Array.from({ length: 10 }, (_, index) => `n${n}_${index}: i`).join(' ')} }`),
        contextValue: {},
      });
    }
  };
  // More than the cache holds.
  await executeNew(0);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  await executeNew(COUNT);
  collectGarbage();
  expect((process.memoryUsage().heapUsed - before) / COUNT).toBeLessThan(1_000);
});
