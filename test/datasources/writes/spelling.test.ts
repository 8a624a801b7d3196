/** One ticket under several spellings of its id: what was sent and how often, by the ledgers, and what clients got. */
import { describe, expect, test } from 'vitest';
import type { LedgerEntry } from '../../../sandbox/server.ts';
import { SAMPLED, SOURCES, samplesOf } from '../../support/samples.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

const UUID = samplesOf('jifeline').samples.ticketId;
const AKANA_UUID = '132f7a34-b71f-448f-9a49-6e8777de2b4c';

/** For each source that has several, its spelling and others that name the same ticket. */
const SPELLINGS = SOURCES.flatMap(({ key, id, mutations, samples: { otherSpellings } }) => {
  const others = otherSpellings?.map((spelling) => `${key}:${spelling}`) ?? [];
  const spellings = [id, ...others] as [canonical: string, ...others: string[]];
  return others.length > 0 ? [{ key, spellings, mutations }] : [];
});

const JIFELINE = SPELLINGS.find(({ key }) => key === 'jifeline')!.spellings;

const writes = (server: TestServer, key: string): LedgerEntry[] =>
  server.calls(key).filter(({ arrival }) => arrival.method !== 'GET');

const SET_STATUS = `mutation ($input: SetStatusInput!) { payload: setStatus(input: $input) {
  outcome replayed problems { code }
  results { ticketId outcome problem { ticketId } ticket { ... on TicketFields { id } }
    transition { ... on TransitionFields { ticketId } } } } }`;

describe.each(SPELLINGS)('$key', ({ key, spellings }) => {
  const [canonical] = spellings;

  test('several spellings of one ticket are one read, returned in the requested order', async () => {
    const server = await startTestServer({ keys: [key] });
    const representations = spellings.map((id) => ({ __typename: 'TicketFields', id }));
    const { data, errors } = await server.ask(
      `query ($ids: [ID!]!, $representations: [_Any!]!, $id: ID!) {
        ticketsById(ids: $ids) { ... on TicketFields { id } }
        nodes(ids: $ids) { id }
        _entities(representations: $representations) { ... on TicketFields { id } }
        ticket(id: $id) { ... on TicketFields { id } } }`,
      { ids: spellings, representations, id: spellings[1] },
    );
    expect(errors).toBeUndefined();
    const same = spellings.map(() => ({ id: canonical }));
    expect(data).toEqual({ ticketsById: same, nodes: same, _entities: same, ticket: { id: canonical } });
    expect(server.calls(key)).toHaveLength(1);
  });
});

describe.each(SPELLINGS.filter(({ mutations }) => mutations.includes('setStatus')))('$key', ({ key, spellings }) => {
  const [canonical] = spellings;

  test('several spellings of one ticket are one write, with a result for each id as given', async () => {
    const server = await startTestServer({ keys: [key] });
    const ticketIds = [spellings[1], ...spellings];
    const { data, errors } = await server.ask(SET_STATUS, { input: { ticketIds, status: 'CLOSED' } });
    expect(errors).toBeUndefined();
    expect(data.payload.outcome).toBe('APPLIED');
    expect(data.payload.results.map(({ ticketId }: { ticketId: string }) => ticketId)).toEqual(ticketIds);
    for (const result of data.payload.results) {
      expect(result).toMatchObject({ outcome: 'APPLIED', transition: { ticketId: canonical } });
    }
    expect(writes(server, key)).toHaveLength(1);
    expect(writes(server, key)[0]!.arrival.path).toContain(canonical.slice(key.length + 1));
  });

  test('several spellings of one ticket are the same write under one idempotency key', async () => {
    const server = await startTestServer({ keys: [key] });
    const replies = [];
    for (const id of spellings) {
      const input = { ticketIds: [id], status: 'CLOSED', idempotencyKey: 'one key' };
      replies.push((await server.ask(SET_STATUS, { input })).data.payload);
    }
    expect(replies.map(({ outcome, replayed }) => [outcome, replayed])).toEqual(
      spellings.map((_, index) => ['APPLIED', index > 0]),
    );
    expect(replies.map(({ results }) => results[0].ticketId)).toEqual(spellings);
    expect(writes(server, key)).toHaveLength(1);
  });
});

test('a problem names its ticket as the caller spelled it, in a replayed report as well', async () => {
  const server = await startTestServer({ keys: ['jifeline'] });
  server.vendor('jifeline').faults = ({ method }) =>
    method === 'PATCH' ? { kind: 'answer', applied: false, reply: { status: 403 } } : undefined;
  const complete = `mutation ($input: TransitionInProgressInput!) { payload: transitionInProgress(input: $input) {
    replayed problems { code ticketId } } }`;
  const rest = { transition: { complete: {} }, idempotencyKey: 'one' };
  for (const [index, ticketId] of JIFELINE.entries()) {
    const { data } = await server.ask(complete, { input: { ticketId, ...rest } });
    expect(data.payload).toEqual({ replayed: index > 0, problems: [{ code: 'VENDOR_FORBIDDEN', ticketId }] });
  }
  const ticketIds = ['omnidesk:x', JIFELINE[1], JIFELINE[0]];
  const many = `mutation ($input: SetStatusInput!) { payload: setStatus(input: $input) { problems { ticketId } } }`;
  const { data } = await server.ask(many, { input: { ticketIds, status: 'CLOSED' } });
  expect(data.payload.problems).toEqual(ticketIds.slice(0, 2).map((ticketId) => ({ ticketId })));
});

test('Akana ids use a UUID in lower case and the tenant as the settings spell it', async () => {
  const server = await startTestServer({ keys: ['akana'], environment: { AKANA_TENANT: 'acmepaymentscorp' } });
  const ids = [`akana:${AKANA_UUID}.acmepaymentscorp`, `akana:${AKANA_UUID.toUpperCase()}.ACMEPAYMENTSCORP`];
  await server.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(server.calls('akana').map(({ arrival }) => arrival.path)).toEqual([
    `/api/tickets/${AKANA_UUID}.acmepaymentscorp`,
  ]);
});

test('an id that may be case-sensitive is sent unchanged', async () => {
  const server = await startTestServer({ keys: ['akana', 'huawei'] });
  const ids = ['akana:Site-Name7.acmepaymentscorp', 'huawei:aB3dE', 'huawei:Ab3De'];
  await server.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(server.calls('akana').map(({ arrival }) => arrival.path)).toEqual([
    '/api/tickets/Site-Name7.acmepaymentscorp',
  ]);
  const cases = server.calls('huawei').map(({ arrival }) => arrival.path.split('/').pop());
  expect(cases.toSorted()).toEqual(['Ab3De', 'aB3dE']);
});

test('a Requestor reference in lower case is the same as in capitals, for reads and under one key', async () => {
  const server = await startTestServer({ keys: ['requestor'] });
  const ids = ['requestor:INC-000047', 'requestor:inc-000047'];
  const { data } = await server.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(data.nodes[0]).toEqual(data.nodes[1]);
  expect(server.calls('requestor').map(({ arrival }) => arrival.path)).toEqual(['/api/Tickets/GetTicket/INC-000047']);
  server.forget();
  const push = `mutation ($input: PushWorkflowInput!) { payload: pushWorkflow(input: $input) {
    outcome replayed problems { code } transition { ... on TransitionFields { ticketId } } } }`;
  const replies = [];
  for (const ticketId of ids) {
    const input = { ticketId, action: '207', idempotencyKey: 'one key' };
    replies.push((await server.ask(push, { input })).data.payload);
  }
  expect(replies[0]).toMatchObject({ outcome: 'APPLIED', transition: { ticketId: 'requestor:47' } });
  expect(replies[1]).toEqual({ ...replies[0], replayed: true });
  expect(writes(server, 'requestor')).toHaveLength(1);
});

test('the number of a Requestor ticket under the key of its reference is rejected, not sent again', async () => {
  const server = await startTestServer({ keys: ['requestor'] });
  const push = `mutation ($input: PushWorkflowInput!) { payload: pushWorkflow(input: $input) {
    outcome problems { code } } }`;
  const run = (ticketId: string) =>
    server
      .ask(push, { input: { ticketId, action: '207', idempotencyKey: 'one key' } })
      .then(({ data }) => data.payload);
  expect(await run('requestor:INC-000047')).toEqual({ outcome: 'APPLIED', problems: [] });
  expect(await run('requestor:47')).toEqual({
    outcome: 'NOT_APPLIED',
    problems: [{ code: 'IDEMPOTENCY_KEY_REUSED' }],
  });
  expect(writes(server, 'requestor')).toHaveLength(1);
});

test('invalid ids of every vendor are rejected before anything is sent', async () => {
  const server = await startTestServer();
  const ids = SAMPLED.flatMap(({ key, id, samples }) => [
    ...samples.invalidIds.map((invalid) => `${key}:${invalid}`),
    id.replace(key, key.toUpperCase()),
  ]);
  const { data } = await server.ask(SET_STATUS, { input: { ticketIds: ids, status: 'CLOSED' } });
  expect(data.payload.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual(ids.map(() => 'NOT_APPLIED'));
  expect(data.payload.problems.map(({ code }: { code: string }) => code)).toEqual(ids.map(() => 'INVALID_INPUT'));
  expect(SAMPLED.flatMap(({ key }) => server.calls(key))).toEqual([]);
});

const ASKED = `outcome ticket { id status { category } } transition { __typename
    ... on TransitionFields { ticketId } ... on OutsourceTransition { movedToId } ... on CompleteTransition { movedToId }
    ... on CancelTransition { movedToId } ... on ActionTransition { movedToId } }`;

test.each([
  ['transitionInProgress', 'TransitionInProgressInput', { transition: { complete: {} } }],
  ['executeAction', 'ExecuteActionInput', { action: 'complete' }],
])(
  'the transition of %s names a moved ticket by its old id, and reads it by its new one',
  async (mutation, type, rest) => {
    const server = await startTestServer({ keys: ['jifeline'] });
    const movedTo = '0D0C3BD4-7a2e-4c3c-9d6c-5f0c4ce1e000';
    const closed = { id: movedTo.toLowerCase(), ticket_number: 1 };
    server.vendor('jifeline').faults = ({ method, path }) => {
      if (method === 'PATCH') {
        const headers = { location: `/v2/tickets/closed-tickets/${movedTo}` };
        return { kind: 'answer', applied: false, reply: { status: 303, headers, body: '' } };
      }
      if (path !== `/v2/tickets/closed-tickets/${movedTo.toLowerCase()}`) return undefined;
      const headers = { 'content-type': 'application/json' };
      return { kind: 'answer', applied: false, reply: { status: 200, headers, body: JSON.stringify(closed) } };
    };
    const ticketFields = mutation === 'executeAction' ? '... on TicketFields { id status { category } }' : '';
    const asked = ticketFields ? ASKED.replace('id status { category }', ticketFields) : ASKED;
    const { data, errors } = await server.ask(
      `mutation ($input: ${type}!) { payload: ${mutation}(input: $input) { ${asked} } }`,
      { input: { ticketId: `jifeline:${UUID.toUpperCase()}`, ...rest } },
    );
    expect(errors).toBeUndefined();
    expect(data.payload).toMatchObject({
      outcome: 'APPLIED',
      ticket: { id: `jifeline:${movedTo.toLowerCase()}`, status: { category: 'CLOSED' } },
      transition: { ticketId: `jifeline:${UUID}`, movedToId: `jifeline:${movedTo.toLowerCase()}` },
    });
  },
);
