/** What Huawei alone has, through the endpoint: inputs, settings and numbers. */
import { expect, test } from 'vitest';
import { startTestServer } from '../support/sandbox.ts';

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
])("acts on a Huawei case and reads it with the caller's group: %s", async (_, inputs, sent, read) => {
  const server = await startTestServer(GROUPED);
  const { data } = await server.ask(PRESS, { inputs });
  expect(data.executeAction).toEqual({ outcome: 'APPLIED', ticket: { id: CASE } });
  const [action, look] = server.calls('huawei').map(({ arrival }) => arrival);
  expect(JSON.parse(action!.body)).toEqual({ group_id: sent });
  expect([look!.method, look!.query.get('group_id')]).toEqual(['GET', read]);
});

test('forgets the group of a case after the request', async () => {
  const server = await startTestServer(GROUPED);
  await server.ask(PRESS, { inputs: { groupId: 'theirs' } });
  server.forget();
  await server.ask(`{ ticket(id: "${CASE}") { __typename } }`);
  expect(server.calls('huawei').map(({ arrival }) => arrival.query.get('group_id'))).toEqual(['ours']);
});

test("lists Huawei cases with the filter's group, which other vendors do not support", async () => {
  const server = await startTestServer({ ...GROUPED, keys: ['huawei', 'omnidesk'] });
  const list = (filter: string) =>
    server.ask(`{ tickets(first: 2, filter: ${filter}) { nodes { __typename } sources { vendor problem { code } } } }`);
  for (const group of ['"theirs"', '""', 'null']) await list(`{ vendors: [HUAWEI], group: ${group} }`);
  const asked = server.calls('huawei').map(({ arrival }) => arrival.query.get('group_id'));
  expect(asked).toEqual(['theirs', null, 'ours']);
  const { data } = await list('{ group: "theirs" }');
  expect(data.tickets.sources).toEqual([
    { vendor: 'OMNIDESK', problem: { code: 'UNSUPPORTED' } },
    { vendor: 'HUAWEI', problem: null },
  ]);
});

test('keeps every digit of an integer that exceeds a double', async () => {
  const server = await startTestServer({ keys: ['huawei'] });
  const { vendor } = server.vendor('huawei');
  const { handle } = vendor;
  vendor.handle = (arrival) => {
    const { body, ...reply } = handle(arrival);
    return body === undefined
      ? reply
      : { ...reply, body: body.replace(/"customer_id":"[^"]*"/, '"customer_id":18446744073709551615') };
  };
  const { data } = await server.ask('{ ticket(id: "huawei:TS-123456") { ... on HuaweiTicket { customerId } } }');
  expect(data.ticket).toEqual({ customerId: '18446744073709551615' });
});
