/** Long texts of callers take linear time, with Apollo Server and on the fast path, and are not repeated in responses. */
import { describe, expect, test } from 'vitest';
import { createTidyMessage, cutMessage, withoutSuggestion } from '../../../server/graphql/messages.ts';
import { createLog } from '../../../server/telemetry/logger.ts';
import type { Answer } from '../../support/endpoint.ts';
import { startWorld, type World } from '../../support/sandbox.ts';

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly answer: Answer;
  /** CPU time of this process, which runs the server. */
  readonly cpuMs: number;
}

async function post(world: World, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const text = JSON.stringify(body);
  const before = process.cpuUsage();
  const response = await fetch(world.url, {
    method: 'POST',
    body: text,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const answer = await response.text();
  const { user, system } = process.cpuUsage(before);
  return { status: response.status, text: answer, answer: JSON.parse(answer), cpuMs: (user + system) / 1000 };
}

/** Far above linear time, far below quadratic time for so much text. */
const MAX_CPU_MS = 3_000;

const SIZE = 950_000;

const fill = (text: string): string => text.repeat(Math.floor(SIZE / text.length));

const many = (count: number, make: (index: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => make(i));

const IDS = 'query ($v: [ID!]!) { nodes(ids: $v) { id } }';
const ONE = 'query ($v: ID!) { node(id: $v) { id } }';
const FILTER = 'query ($v: TicketFilter) { tickets(filter: $v) { nodes { __typename } } }';
const ACT =
  'mutation ($v: JSONObject) { executeAction(input: { ticketId: "omnidesk:858462", action: "status.solved", inputs: $v }) { outcome problems { message } } }';

const SHAPES: readonly (readonly [what: string, body: Readonly<Record<string, unknown>>])[] = [
  ['suggestions, as a wrong list', { query: ONE, variables: { v: [fill('Did you mean ')] } }],
  ['suggestions, as an id', { query: ONE, variables: { v: fill('Did you mean ') } }],
  ['suggestions, as one of several ids', { query: IDS, variables: { v: [fill('Did you mean ')] } }],
  ['suggestions with question marks', { query: ONE, variables: { v: [fill('Did you mean "a"? ')] } }],
  ['suggestions on lines of their own', { query: ONE, variables: { v: [fill('Did you mean \n')] } }],
  ['words of an enum', { query: FILTER, variables: { v: { categories: many(80, () => 'SOLVE'.repeat(2_000)) } } }],
  ['one word of an enum', { query: FILTER, variables: { v: { categories: [fill('Did you mean ')] } } }],
  [
    'unknown names beside a long text',
    {
      query: FILTER,
      variables: { v: { search: fill('x'), ...Object.fromEntries(many(60, (i) => `k${i}`).map((k) => [k, 1])) } },
    },
  ],
  [
    'unknown names',
    { query: FILTER, variables: { v: Object.fromEntries(many(80_000, (i) => `k${i}`).map((k) => [k, 1])) } },
  ],
  ['one unknown name', { query: FILTER, variables: { v: { [fill('Did you mean ')]: 1 } } }],
  ['a text for an object', { query: ACT, variables: { v: fill('Did you mean ') } }],
  ['names of inputs', { query: ACT, variables: { v: { [fill('Did you mean ')]: 1 } } }],
  ['a name in a document', { query: `{ ${fill('a')} }` }],
  ['names in a document', { query: `{ vendors { ${many(100, (i) => `k${i}${'a'.repeat(9_400)}`).join(' ')} } }` }],
  ['a text in a document', { query: `{ node(id: { a: "${fill('Did you mean ')}" }) { id } }` }],
  ['a block in a document', { query: `{ node(id: { a: """${fill('Did you mean ')}""" }) { id } }` }],
  ['a text that never ends', { query: `{ node(id: "${fill('Did you mean ')}` }],
  ['lines in front of many errors', { query: `{ vendors {${fill('\n')} ${many(100, (i) => `k${i}`).join(' ')} } }` }],
  ['lines in front of types', { query: `${fill('\r')} ${many(100, (i) => `scalar T${i}`).join(' ')}` }],
  ['lines in front of the end', { query: `{${fill('\r\n')}` }],
  ['fields of one name', { query: `{ vendors { ${'key '.repeat(4_900)} } }` }],
  ['the name of an operation', { query: 'query A { __typename }', operationName: fill('Did you mean ') }],
  ['a hash', { extensions: { persistedQuery: { version: 1, sha256Hash: fill('Did you mean ') } } }],
];

describe.each(['on', 'off'])('long texts with introspection %s', { tags: ['full'] }, (INTROSPECTION) => {
  test.each(SHAPES)('takes linear time for %s, and responds with a short message', async (_, body) => {
    const world = await startWorld({ keys: ['omnidesk'], environment: { INTROSPECTION } });
    // Again for the fast path, and once more with a named media type.
    for (const accept of ['*/*', '*/*', 'application/json', 'application/graphql-response+json']) {
      const { cpuMs, answer, text } = await post(world, body, { accept });
      expect(cpuMs).toBeLessThan(MAX_CPU_MS);
      for (const { message } of answer.errors ?? []) expect(message.length).toBeLessThanOrEqual(1_000);
      // The response repeats an id once, beside the message.
      expect(text.length).toBeLessThan(SIZE + 100_000);
    }
    expect(world.defects).toEqual([]);
  });
});

test.each([
  ['*/*', 400, 'application/json; charset=utf-8'],
  ['application/json', 400, 'application/json; charset=utf-8'],
  ['application/graphql-response+json', 400, 'application/graphql-response+json; charset=utf-8'],
])(
  'rejects a document with too many lines before it is parsed, for a client that accepts %s',
  async (accept, status, type) => {
    const world = await startWorld({ keys: ['omnidesk'] });
    const response = await fetch(world.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query: `{ __typename ${'\n'.repeat(15_000)} }` }),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, type]);
    expect(await response.json()).toEqual({
      errors: [{ message: 'A document may have at most 15000 lines.', extensions: { code: 'TOO_MANY_LINES' } }],
    });
    expect((await post(world, { query: `{ __typename ${'\n'.repeat(14_998)} }` })).answer.data).toEqual({
      __typename: 'Query',
    });
  },
);

test('a document that quotes the message of the token limit is an ordinary syntax error', async () => {
  const world = await startWorld({ keys: ['omnidesk'] });
  const { answer } = await post(world, { query: '"Document contains more than 5 tokens. Parsing aborted."' });
  expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  expect(answer.errors?.[0]?.message).toMatch(/^Syntax Error: /);
});

test('reports every error in short variables, and the first one in long variables', async () => {
  const world = await startWorld({ keys: ['omnidesk'] });
  const count = async (length: number): Promise<unknown> => {
    const v = { categories: ['x'.repeat(length), 'SOLVE', 'OPE'] };
    const { status, answer } = await post(world, { query: FILTER, variables: { v } });
    return [status, answer.errors?.length, new Set(answer.errors?.map(({ extensions }) => extensions?.['code']))];
  };
  expect(await count(10)).toEqual([400, 3, new Set(['BAD_USER_INPUT'])]);
  expect(await count(30_000)).toEqual([400, 1, new Set(['BAD_USER_INPUT'])]);
});

describe('error messages', () => {
  const hide = createTidyMessage({ hideSuggestions: true });

  test.each([
    ['Unknown.', 'Unknown.'],
    ['Unknown field "kee". Did you mean "key"?', 'Unknown field "kee".'],
    ['Unknown field "kee". Did you mean "key" or "name"?', 'Unknown field "kee".'],
    ['Got "Did you mean this"; unknown. Did you mean the enum value "NEW"?', 'Got "Did you mean this"; unknown.'],
    ['Got "Did you mean this"; unknown.', 'Got "Did you mean this"; unknown.'],
    ['Did you mean "key"?', ''],
  ])('removes suggestions from a message: %s', (message, expected) => {
    expect(withoutSuggestion(message)).toBe(expected);
    expect(hide(message)).toBe(expected);
  });

  test.each([995, 985, 980, 975, 970])('removes a suggestion that was cut after %s characters', (length) => {
    const message = hide(`${'x'.repeat(length)}. Did you mean "secret", "hidden" or "private"?`);
    expect(message.slice(0, length)).toBe('x'.repeat(length));
    expect(message.slice(length)).not.toContain('"');
  });

  test('cuts a message at 1,000 characters, also in the log and in its stack', () => {
    expect(cutMessage('x'.repeat(1_000))).toBe('x'.repeat(1_000));
    expect(cutMessage('x'.repeat(1_001))).toBe(`${'x'.repeat(999)}…`);
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    log.redacting.error({ err: new TypeError('short') }, 'one');
    log.redacting.error({ err: new TypeError(`${'x'.repeat(500_000)}\n    at home`) }, 'two');
    const [short, long] = lines.map((line) => (JSON.parse(line) as { err: { message: string; stack: string } }).err);
    expect(short!.stack).toMatch(/^TypeError: short\n {4}at .*long-texts/);
    expect(long!.message).toBe(`${'x'.repeat(999)}…`);
    expect(long!.stack.length).toBeLessThan(12_000);
    expect(long!.stack).toMatch(/^TypeError: x{999}…\n/);
    expect(long!.stack).toContain('long-texts.test.ts');
  });
});
