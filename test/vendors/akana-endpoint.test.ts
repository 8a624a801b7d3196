/** What Akana alone has, through the endpoint: inputs, settings and numbers. */
import { expect, test } from 'vitest';
import { startTestServer } from '../support/sandbox.ts';

test.each([
  [{}, '"Fixed."'],
  [{ AKANA_COMMENTS: 'text' }, '"Fixed."'],
  [{ AKANA_COMMENTS: 'list' }, '["Fixed."]'],
])("sends Akana's comment as a string or as a list, depending on AKANA_COMMENTS: %o", async (environment, comments) => {
  const server = await startTestServer({ keys: ['akana'], environment: environment });
  // The sandbox reads the page of the action, and so refuses a list: what counts here is what was sent.
  await server.ask(
    'mutation { executeAction(input: { ticketId: "akana:ticket25687.acmepaymentscorp", action: "ticket.action.resolve", comment: "Fixed." }) { outcome } }',
  );
  expect(server.calls('akana')[0]!.arrival.body).toBe(`{"ActionName":"ticket.action.resolve","Comments":${comments}}`);
});
