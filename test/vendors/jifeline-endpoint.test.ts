/** What Jifeline alone has, through the endpoint: inputs, settings and numbers. */
import { expect, test } from 'vitest';
import { startTestServer } from '../support/sandbox.ts';

test("accepts extra members of Jifeline's transitions in executeAction and in transitionInProgress", async () => {
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
    const server = await startTestServer({ keys: ['jifeline'] });
    const { data } = await server.ask(query, variables);
    sent.push((data.transitionInProgress ?? data.executeAction).plan[0].body as string);
  }
  expect(sent[0]).toBe(JSON.stringify({ transition: { type: 'complete', ...extra } }));
  expect(sent[1]).toBe(sent[0]);
});

test("limits Jifeline's page size by its maximum and MAX_UPSTREAM_BYTES", async () => {
  const limitsIn = async (environment: Record<string, string>): Promise<number[]> => {
    const server = await startTestServer({ keys: ['jifeline'], environment });
    const { data } = await server.ask('{ tickets(first: 200) { sources { problem { code } } } }');
    expect(data.tickets.sources).toEqual([{ problem: null }]);
    return server.calls('jifeline').map(({ arrival }) => Number(arrival.query.get('limit')));
  };
  expect(Math.max(...(await limitsIn({})))).toBeGreaterThan(200);
  const bounded = await limitsIn({ MAX_UPSTREAM_BYTES: '40000' });
  expect(Math.max(...bounded)).toBeLessThanOrEqual(20);
});

test('keeps every digit of an integer that exceeds a double', async () => {
  const server = await startTestServer({ keys: ['jifeline'] });
  const { vendor } = server.vendor('jifeline');
  const { handle } = vendor;
  vendor.handle = (arrival) => {
    const { body, ...reply } = handle(arrival);
    return body === undefined
      ? reply
      : { ...reply, body: body.replace(/"ticket_number":\d+/, '"ticket_number":-9223372036854775808') };
  };
  const { data } = await server.ask(
    '{ ticket(id: "jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08") { ... on JifelineTicket { ticketNumber } } }',
  );
  expect(data.ticket).toEqual({ ticketNumber: '-9223372036854775808' });
});
