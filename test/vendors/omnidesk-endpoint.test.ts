/** What Omnidesk alone has, through the endpoint: inputs, settings and numbers. */
import { expect, test } from 'vitest';
import { startTestServer } from '../support/sandbox.ts';

test.each([
  ['form', /&formID=$/],
  ['json', /,"formID":null\}$/],
])(
  'creates an Omnidesk ticket with an explicit null form, as %s, in a literal and in a variable',
  async (format, body) => {
    const server = await startTestServer({ keys: ['omnidesk'], environment: { OMNIDESK_BODY: format } });
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
      expect((await server.ask(query, variables)).data.createTicket.outcome).toBe('APPLIED');
    }
    for (const { arrival } of server.calls('omnidesk')) expect(arrival.body).toMatch(body);
    server.forget();
    await server.ask(variable, {});
    expect(server.calls('omnidesk')[0]!.arrival.body).not.toContain('formID');
  },
);

test('runs an Omnidesk batch with more than 20 actions', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const actions = Array.from({ length: 40 }, (_, index) => ({ actionType: 'addTag', value: `tag-${index}` }));
  const { data } = await server.ask(
    'mutation ($actions: [BatchActionInput!]!) { runBatch(input: { ticketIds: ["omnidesk:858462"], actions: $actions }) { outcome problems { code } } }',
    { actions },
  );
  expect(data.runBatch).toEqual({ outcome: 'APPLIED', problems: [] });
  expect(new URLSearchParams(server.calls('omnidesk')[0]!.arrival.body).get('actions[39][value]')).toBe('tag-39');
});

test('keeps every digit of an integer that exceeds a double', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const { vendor } = server.vendor('omnidesk');
  const { handle } = vendor;
  vendor.handle = (arrival) => {
    const { body, ...reply } = handle(arrival);
    return body === undefined
      ? reply
      : { ...reply, body: body.replace(/"customer_id":\d+/, '"customer_id":9007199254740993') };
  };
  const { data } = await server.ask('{ ticket(id: "omnidesk:858462") { ... on OmnideskTicket { customerId } } }');
  expect(data.ticket).toEqual({ customerId: '9007199254740993' });
});
