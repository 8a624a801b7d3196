/** Reads after a write see it, in one request and across requests. Checked by the ledgers. */
import { expect, test } from 'vitest';
import { startTestServer } from '../support/sandbox.ts';

const ID = 'omnidesk:858462';
const READ = `{ ticket(id: "${ID}") { ... on TicketFields { status { category } } } }`;
const act = (action: string): string => `executeAction(input: { ticketId: "${ID}", action: "${action}" })`;
const SOON = { interval: 5 };

test('a read after a write does not join an identical one that began before it', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const release = Promise.withResolvers<void>();
  const reads = () => server.calls('omnidesk').filter(({ arrival }) => arrival.method === 'GET');
  server.vendor('omnidesk').faults = ({ method }) =>
    method === 'GET' && reads().length <= 1 ? { kind: 'hold', until: release.promise } : undefined;
  const before = server.ask(READ);
  await expect.poll(() => reads().length, SOON).toBe(1);
  const solved = server.ask(
    `mutation { ${act('status.solved')} { outcome ticket { ... on TicketFields { status { category } } } } }`,
  );
  await expect.poll(() => reads().length, SOON).toBe(2);
  expect((await solved).data.executeAction).toEqual({
    outcome: 'APPLIED',
    ticket: { status: { category: 'SOLVED' } },
  });
  release.resolve();
  await before;
});

test('each mutation of one document returns the ticket in its state after that mutation', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const fields = '{ outcome ticket { ... on TicketFields { status { category } } } }';
  const { data } = await server.ask(
    `mutation { first: ${act('status.solved')} ${fields} second: ${act('status.pending')} ${fields} }`,
  );
  expect(data).toEqual({
    first: { outcome: 'APPLIED', ticket: { status: { category: 'SOLVED' } } },
    second: { outcome: 'APPLIED', ticket: { status: { category: 'PENDING' } } },
  });
  expect(server.calls('omnidesk').map(({ arrival }) => arrival.method)).toEqual(['POST', 'GET', 'POST', 'GET']);
});
