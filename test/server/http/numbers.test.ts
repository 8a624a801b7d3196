/** Numbers in JSON that a double cannot represent: none reaches a vendor changed. */
import { describe, expect, test } from 'vitest';
import { SAMPLED } from '../../support/samples.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

const TICKET = 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08';

interface Problem {
  readonly code: string;
  readonly message: string;
  readonly field: readonly string[];
}

/** Sends JSON text unchanged three times: a new document, and twice on the fast path. */
async function sendThrice(server: TestServer, body: string): Promise<{ status: number; text: string }> {
  const send = async (): Promise<{ status: number; text: string }> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(server.url, { method: 'POST', headers, body });
    return { status: response.status, text: await response.text() };
  };
  const first = await send();
  for (let turn = 0; turn < 2; turn += 1) expect(await send()).toEqual(first);
  expect(server.defects).toEqual([]);
  return first;
}

function problemsIn(text: string): unknown {
  const { data } = JSON.parse(text) as {
    data: Record<string, { outcome: string; problems: readonly Problem[] }>;
  };
  return Object.values(data)[0];
}

const COMPLETE =
  'mutation ($id: ID!, $t: InProgressTransitionInput!) { transitionInProgress(input: { ticketId: $id, transition: $t }) { outcome problems { code message field } } }';
const ACTION =
  'mutation ($i: ExecuteActionInput!) { executeAction(input: $i) { outcome problems { code message field } } }';
const PROBLEMS = 'outcome problems { code message field }';

const TOO_LARGE = [
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '1e20',
  '1e999',
  '-1e999',
  '9'.repeat(400),
];

describe('numbers that JSON does not preserve', () => {
  test.each(TOO_LARGE)(
    'an unsafe number in variables is a problem with its path, and nothing is sent: %s',
    async (number) => {
      const server = await startTestServer({ keys: ['jifeline'] });
      const extra = `{"complete":{"extra":{"a":[1,{"n":${number}}]}}}`;
      const { status, text } = await sendThrice(
        server,
        `{"query":${JSON.stringify(COMPLETE)},"variables":{"id":"${TICKET}","t":${extra}}}`,
      );
      expect(status).toBe(200);
      expect(problemsIn(text)).toEqual({
        outcome: 'NOT_APPLIED',
        problems: [
          {
            code: 'INVALID_INPUT',
            message: expect.stringMatching(
              /^transition\.complete\.extra\.a\.1\.n cannot be sent exactly: .* Send it as text\.$/,
            ),
            field: ['transition', 'complete', 'extra', 'a', '1', 'n'],
          },
        ],
      });
      expect(server.calls('jifeline')).toEqual([]);
    },
  );

  test.each(TOO_LARGE)('an unsafe number in a document is a problem, also of a dry run: %s', async (number) => {
    const server = await startTestServer({ keys: ['jifeline'] });
    const write = (dryRun: boolean): string =>
      `mutation { transitionInProgress(input: { ticketId: "${TICKET}", dryRun: ${dryRun}, transition: { cancel: { extra: { n: ${number} } } } }) { ${PROBLEMS} } }`;
    for (const dryRun of [false, true]) {
      const { text } = await sendThrice(server, JSON.stringify({ query: write(dryRun) }));
      expect(problemsIn(text)).toMatchObject({
        outcome: 'NOT_APPLIED',
        problems: [{ code: 'INVALID_INPUT', field: ['transition', 'cancel', 'extra', 'n'] }],
      });
    }
    expect(server.calls('jifeline')).toEqual([]);
  });

  test.each(SAMPLED.map(({ key, id, samples }) => [id, samples.action, key] as const))(
    'an unsafe number in the inputs of an action is a problem: %s',
    async (ticketId, action, key) => {
      const server = await startTestServer({ keys: [key] });
      const input = `{"ticketId":"${ticketId}","action":"${action}","inputs":{"groupId":9007199254740993}}`;
      const { text } = await sendThrice(server, `{"query":${JSON.stringify(ACTION)},"variables":{"i":${input}}}`);
      expect(problemsIn(text)).toMatchObject({
        outcome: 'NOT_APPLIED',
        problems: [{ code: 'INVALID_INPUT', field: ['inputs', 'groupId'] }],
      });
      expect(server.calls(key)).toEqual([]);
    },
  );

  test.each(['9007199254740993', '1e21', '1e999'])(
    'an unsafe number as an id in a variable is an error: %s',
    async (number) => {
      const server = await startTestServer({ keys: ['jifeline'] });
      const assign =
        'mutation ($o: ID!) { assignOperator(input: { ticketId: "TICKET", operatorId: $o }) { outcome } }'.replace(
          'TICKET',
          TICKET,
        );
      const outsource =
        'mutation ($t: InProgressTransitionInput!) { transitionInProgress(input: { ticketId: "TICKET", transition: $t }) { outcome } }'.replace(
          'TICKET',
          TICKET,
        );
      const bodies = [
        `{"query":${JSON.stringify(assign)},"variables":{"o":${number}}}`,
        `{"query":${JSON.stringify(outsource)},"variables":{"t":{"outsource":{"productIds":[1,${number}],"providerId":"7"}}}}`,
      ];
      for (const body of bodies) {
        const { status, text } = await sendThrice(server, body);
        expect([status, text]).toEqual([400, expect.stringContaining('"code":"INVALID_INPUT"')]);
        expect(text).toContain('Send it as text.');
      }
      expect(server.calls('jifeline')).toEqual([]);
    },
  );

  test.each(['9007199254740993', '1e999'])('an unsafe number is not a 32-bit integer: %s', async (number) => {
    const server = await startTestServer({ keys: ['jifeline'] });
    const query = JSON.stringify('query ($n: Int) { tickets(first: $n) { nodes { __typename } } }');
    const { status, text } = await sendThrice(server, `{"query":${query},"variables":{"n":${number}}}`);
    expect([status, text]).toEqual([400, expect.stringContaining('"code":"BAD_USER_INPUT"')]);
  });
});

test('safe numbers and text with any digits reach the vendor unchanged', async () => {
  const server = await startTestServer({ keys: ['jifeline'] });
  const numbers =
    '{"a":9007199254740991,"b":-9007199254740991,"c":1.5,"d":-0.25,"e":1e-7,"f":"9007199254740993","g":0,"h":1e15}';
  const body = `{"query":${JSON.stringify(COMPLETE)},"variables":{"id":"${TICKET}","t":{"complete":{"extra":${numbers}}}}}`;
  await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const sent = server.calls('jifeline').find(({ arrival }) => arrival.method === 'PATCH')?.arrival.body ?? '{}';
  expect(JSON.parse(sent)).toEqual({ transition: { type: 'complete', ...(JSON.parse(numbers) as object) } });
});

test('an integer literal as an id keeps all its digits', async () => {
  const server = await startTestServer({ keys: ['jifeline'] });
  const query = 'query ($id: ID!) { ticket(id: $id) { __typename } a: ticket(id: 9007199254740993) { __typename } }';
  const { errors = [] } = await server.ask(query, { id: 9_007_199_254_740_991 });
  expect(errors.map(({ message }) => /\d+/.exec(message)?.[0])).toEqual(['9007199254740991', '9007199254740993']);
});
