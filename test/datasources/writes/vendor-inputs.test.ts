/** What callers can say in an input and vendors can hear: empty texts, nulls, and settings of how a vendor wants it. */
import { expect, test } from 'vitest';
import { startWorld } from '../../support/sandbox.ts';

const CASE = 'huawei:TS-123456';
const GROUPED = { keys: ['huawei'], environment: { HUAWEI_GROUP_ID: 'ours' } } as const;

const PRESS = `mutation ($inputs: JSONObject) {
  executeAction(input: { ticketId: "${CASE}", action: "press", inputs: $inputs }) {
    outcome ticket { ... on TicketFields { id } }
  }
}`;

test.each([
  ['no group', {}, 'ours', 'ours'],
  ['null', { groupId: null }, 'ours', 'ours'],
  ['an empty group', { groupId: '' }, '', null],
  ['another group', { groupId: 'theirs' }, 'theirs', 'theirs'],
])('a Huawei case is acted on and read with what the caller says: %s', async (_, inputs, sent, read) => {
  const world = await startWorld(GROUPED);
  const { data } = await world.ask(PRESS, { inputs });
  expect(data.executeAction).toEqual({ outcome: 'APPLIED', ticket: { id: CASE } });
  const [action, look] = world.calls('huawei').map(({ arrival }) => arrival);
  expect(JSON.parse(action!.body)).toEqual({ group_id: sent });
  expect([look!.method, look!.query.get('group_id')]).toEqual(['GET', read]);
});

test('a group that was named for one case is forgotten with the request', async () => {
  const world = await startWorld(GROUPED);
  await world.ask(PRESS, { inputs: { groupId: 'theirs' } });
  world.forget();
  await world.ask(`{ ticket(id: "${CASE}") { __typename } }`);
  expect(world.calls('huawei').map(({ arrival }) => arrival.query.get('group_id'))).toEqual(['ours']);
});

test('a list of Huawei cases is asked for with the group of the filter, and other vendors have none', async () => {
  const world = await startWorld({ ...GROUPED, keys: ['huawei', 'omnidesk'] });
  const list = (filter: string) =>
    world.ask(`{ tickets(first: 2, filter: ${filter}) { nodes { __typename } sources { vendor problem { code } } } }`);
  for (const group of ['"theirs"', '""', 'null']) await list(`{ vendors: [HUAWEI], group: ${group} }`);
  const asked = world.calls('huawei').map(({ arrival }) => arrival.query.get('group_id'));
  expect(asked).toEqual(['theirs', null, 'ours']);
  const { data } = await list('{ group: "theirs" }');
  expect(data.tickets.sources).toEqual([
    { vendor: 'OMNIDESK', problem: { code: 'UNSUPPORTED' } },
    { vendor: 'HUAWEI', problem: null },
  ]);
});

test.each([
  [{}, '"Fixed."'],
  [{ AKANA_COMMENTS: 'text' }, '"Fixed."'],
  [{ AKANA_COMMENTS: 'list' }, '["Fixed."]'],
])("Akana's comment is text, or a list where the setting says so: %o", async (environment, comments) => {
  const world = await startWorld({ keys: ['akana'], environment: environment });
  // The sandbox reads the page of the action, and so refuses a list: what counts here is what was sent.
  await world.ask(
    'mutation { executeAction(input: { ticketId: "akana:ticket25687.acmepaymentscorp", action: "ticket.action.resolve", comment: "Fixed." }) { outcome } }',
  );
  expect(world.calls('akana')[0]!.arrival.body).toBe(`{"ActionName":"ticket.action.resolve","Comments":${comments}}`);
});

test.each([
  ['form', /&formID=$/],
  ['json', /,"formID":null\}$/],
])(
  'a new Omnidesk ticket can be given no form explicitly, as %s, in a literal and in a variable',
  async (format, body) => {
    const world = await startWorld({ keys: ['omnidesk'], environment: { OMNIDESK_BODY: format } });
    const fields = 'brandId: 1, channelId: 2, direction: INBOUND, from: "a@b.example", to: "c@d.example", title: "x"';
    const literal = `mutation { createTicket(input: { ticket: { omnidesk: { ${fields}, formId: null } } }) { outcome } }`;
    const variable = `mutation ($form: Int) { createTicket(input: { ticket: { omnidesk: { ${fields}, formId: $form } } }) { outcome } }`;
    // The second time, the operation is a prepared one.
    for (const [query, variables] of [
      [literal],
      [literal],
      [variable, { form: null }],
      [variable, { form: null }],
    ] as const) {
      expect((await world.ask(query, variables)).data.createTicket.outcome).toBe('APPLIED');
    }
    for (const { arrival } of world.calls('omnidesk')) expect(arrival.body).toMatch(body);
    world.forget();
    await world.ask(variable, {});
    expect(world.calls('omnidesk')[0]!.arrival.body).not.toContain('formID');
  },
);

test('a batch of Omnidesk may have more than 20 actions', async () => {
  const world = await startWorld({ keys: ['omnidesk'] });
  const actions = Array.from({ length: 40 }, (_, index) => ({ actionType: 'addTag', value: `tag-${index}` }));
  const { data } = await world.ask(
    'mutation ($actions: [BatchActionInput!]!) { runBatch(input: { ticketIds: ["omnidesk:858462"], actions: $actions }) { outcome problems { code } } }',
    { actions },
  );
  expect(data.runBatch).toEqual({ outcome: 'APPLIED', problems: [] });
  expect(new URLSearchParams(world.calls('omnidesk')[0]!.arrival.body).get('actions[39][value]')).toBe('tag-39');
});

test("Jifeline's transitions take further members by executeAction as by their own mutation", async () => {
  const extra = { note: 'done', parts: [1, { two: null }] };
  const sent: string[] = [];
  for (const [query, variables] of [
    [
      'mutation ($extra: JSONObject) { transitionInProgress(input: { ticketId: "jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08", transition: { complete: { extra: $extra } }, dryRun: true }) { plan { body } } }',
      { extra },
    ],
    [
      'mutation ($inputs: JSONObject) { executeAction(input: { ticketId: "jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08", action: "complete", inputs: $inputs, dryRun: true }) { plan { body } } }',
      { inputs: { extra } },
    ],
  ] as const) {
    const world = await startWorld({ keys: ['jifeline'] });
    const { data } = await world.ask(query, variables);
    sent.push((data.transitionInProgress ?? data.executeAction).plan[0].body as string);
  }
  expect(sent[0]).toBe(JSON.stringify({ transition: { type: 'complete', ...extra } }));
  expect(sent[1]).toBe(sent[0]);
});

test('a page of Jifeline is as large as Jifeline allows, if MAX_UPSTREAM_BYTES can hold it', async () => {
  const limitsIn = async (environment: Record<string, string>): Promise<number[]> => {
    const world = await startWorld({ keys: ['jifeline'], environment });
    const { data } = await world.ask('{ tickets(first: 200) { sources { problem { code } } } }');
    expect(data.tickets.sources).toEqual([{ problem: null }]);
    return world.calls('jifeline').map(({ arrival }) => Number(arrival.query.get('limit')));
  };
  expect(Math.max(...(await limitsIn({})))).toBeGreaterThan(200);
  const bounded = await limitsIn({ MAX_UPSTREAM_BYTES: '40000' });
  expect(Math.max(...bounded)).toBeLessThanOrEqual(20);
});
