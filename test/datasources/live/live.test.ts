/** Live updates over simulated vendors on loopback: what subscribers get, and what the vendors' ledgers say of it. */
import { describe, expect, test } from 'vitest';
import type { Observer } from '../../../datasources/index.ts';
import { invalidInput } from '../../../datasources/vendor-kit/failure.ts';
import { inputTypeOf, LISTING, SAMPLED, samplesOf } from '../../support/samples.ts';
import { ANY_TICKET, kindsOf, listen } from '../../support/live-listener.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../support/sandbox.ts';

/** Polls often; with a budget that nothing here exceeds. */
const QUICK = { LIVE_EVERY_MS: '20', LIVE_AT_MOST_MS: '40' };
/** Polls so rarely that only a write can be the reason for a read. */
const RARE = { LIVE_EVERY_MS: '3600000', LIVE_AT_MOST_MS: '3600000' };

const WITHOUT_LIST = SAMPLED.filter(({ key }) => !LISTING.some((one) => one.key === key));

function start(key: string, environment: Record<string, string>, options: TestServerOptions = {}): Promise<TestServer> {
  const budget = { [`${key.toUpperCase()}_LIVE_CALLS_PER_MINUTE`]: '1000000' };
  return startTestServer({ keys: [key], environment: { ...budget, ...environment }, ...options });
}

async function write(server: TestServer, mutation: string, input: unknown): Promise<unknown> {
  const query = `mutation ($input: ${inputTypeOf(mutation)}) { ${mutation}(input: $input) { outcome } }`;
  const { data, errors } = await server.ask(query, { input });
  expect(errors).toBeUndefined();
  return data[mutation] as unknown;
}

const reads = (server: TestServer, key: string): number =>
  server.calls(key).filter(({ arrival }) => arrival.method === 'GET').length;

describe.each(SAMPLED)('$key', ({ key, id, samples }) => {
  test('a ticket is CURRENT at the start, and nothing follows while nothing changes', async () => {
    const server = await start(key, QUICK);
    const listener = listen(server.sources, { ids: [id] });
    expect(await listener.next()).toMatchObject({ kind: 'CURRENT', ticketId: id, ticket: { id }, changed: [] });
    const before = reads(server, key);
    await expect.poll(() => reads(server, key)).toBeGreaterThan(before + 5);
    expect(kindsOf(listener.events)).toEqual(['CURRENT']);
    expect(server.defects).toEqual([]);
  });

  test('an own write is seen at once, by one event, whatever the interval', async () => {
    const server = await start(key, RARE);
    const listener = listen(server.sources, { ids: [id] });
    await listener.next();
    expect(await write(server, 'executeAction', { ticketId: id, action: samples.action })).toEqual({
      outcome: 'APPLIED',
    });
    const event = await listener.next();
    expect(event).toMatchObject({ ticketId: id, origin: 'OWN_WRITE' });
    expect(['CHANGED', 'LEFT']).toContain(event.kind);
    if (event.kind === 'CHANGED') expect(event.changed.length).toBeGreaterThan(0);
    const again = listen(server.sources, { ids: [id], after: event.cursor });
    await new Promise(setImmediate);
    expect(again.events).toEqual([]);
    expect(listener.events.filter(({ ticketId }) => ticketId === id)).toHaveLength(2);
  });

  test('a cursor taken before an own write brings that write, though it had no subscriber', async () => {
    const server = await start(key, RARE);
    const cursor = (await server.ask('{ liveCursor }')).data.liveCursor;
    await write(server, 'executeAction', { ticketId: id, action: samples.action });
    const listener = listen(server.sources, { ids: [id], after: cursor });
    expect(await listener.next()).toMatchObject({ ticketId: id, origin: 'OWN_WRITE' });
    const later = (await server.ask('{ liveCursor }')).data.liveCursor;
    const second = listen(server.sources, { ids: [id], after: later });
    await expect.poll(() => listener.events.length).toBeGreaterThan(0);
    expect(second.events).toEqual([]);
  });

  test('a change made behind our back is found by the next poll, with the fields that differ', async () => {
    const server = await start(key, QUICK);
    const listener = listen(server.sources, { ids: [id] });
    const { ticket: before } = await listener.next();
    // Another endpoint over the same vendor: for this one, somebody else.
    const other = await startTestServer({ keys: [], environment: server.vendor(key).settings });
    await write(other, 'executeAction', { ticketId: id, action: samples.action });
    const event = await listener.next();
    expect(event).toMatchObject({ ticketId: id, origin: 'POLL' });
    if (event.kind === 'LEFT') expect(event.ticket).toBeNull();
    else {
      expect(event.changed.length).toBeGreaterThan(0);
      const differs = (name: string): boolean =>
        JSON.stringify(Reflect.get(before!, name)) !== JSON.stringify(Reflect.get(event.ticket!, name));
      expect(event.changed.filter((name) => !differs(name))).toEqual([]);
    }
    expect(server.defects).toEqual([]);
  });

  test('500 subscribers of one ticket cost as many calls as one', async () => {
    const server = await start(key, RARE);
    const first = listen(server.sources, { ids: [id] });
    await first.next();
    const ofOne = server.calls(key).length;
    const others = Array.from({ length: 499 }, () => listen(server.sources, { ids: [id] }));
    await Promise.all(others.map(async (other) => other.next()));
    expect(server.calls(key)).toHaveLength(ofOne);
    await write(server, 'executeAction', { ticketId: id, action: samples.action });
    await first.next();
    const afterWrite = server.calls(key).length;
    await Promise.all(others.map(async (other) => other.next()));
    expect(server.calls(key)).toHaveLength(afterWrite);
  });

  test('an unknown ticket is LEFT at the start', async () => {
    const server = await start(key, RARE);
    const listener = listen(server.sources, { ids: [`${key}:${samples.unknownId}`] });
    expect(await listener.next()).toMatchObject({ kind: 'LEFT', ticket: null });
  });
});

describe.each(LISTING)('a filter of $key', ({ key, id, samples }) => {
  test('starts without events, and stays without while nothing changes', async () => {
    const server = await start(key, QUICK);
    const listener = listen(server.sources, { filter: ANY_TICKET });
    await expect.poll(() => reads(server, key)).toBeGreaterThan(5);
    expect(listener.events).toEqual([]);
  });

  test('an own write to a listed ticket brings one event, with the whole ticket', async () => {
    const server = await start(key, RARE);
    const listener = listen(server.sources, { filter: ANY_TICKET });
    await expect.poll(() => server.sources.live!.stateOf(key)?.watched).toBe(1);
    await expect.poll(() => reads(server, key)).toBeGreaterThan(0);
    await write(server, 'executeAction', { ticketId: id, action: samples.action });
    const event = await listener.next();
    expect(event.origin).toBe('OWN_WRITE');
    expect(['CHANGED', 'LEFT', 'APPEARED']).toContain(event.kind);
  });
});

test('a created ticket appears under filters that it matches', async () => {
  const server = await start('omnidesk', RARE);
  const listener = listen(server.sources, { filter: { ...ANY_TICKET, search: 'Printer' } });
  const others = listen(server.sources, { filter: { ...ANY_TICKET, search: 'no ticket has this' } });
  await expect.poll(() => reads(server, 'omnidesk')).toBeGreaterThan(1);
  const { input } = samplesOf('omnidesk')
    .samples.inputs('Printer')
    .find(({ mutation }) => mutation === 'createTicket')!;
  await write(server, 'createTicket', input);
  expect(await listener.next()).toMatchObject({
    kind: 'APPEARED',
    origin: 'OWN_WRITE',
    ticket: { vendor: 'OMNIDESK' },
  });
  expect(others.events).toEqual([]);
});

test('a source that has no list is STALE at the start of a filter, and not polled', async () => {
  const server = await startTestServer({ environment: QUICK });
  const listener = listen(server.sources, { filter: ANY_TICKET });
  await expect.poll(() => server.sources.live!.stateOf(LISTING[0]!.key)?.watched).toBe(1);
  await expect.poll(() => listener.events.length).toBe(WITHOUT_LIST.length);
  expect(listener.events.map(({ kind, source, failure }) => [kind, source, failure?.kind])).toEqual(
    WITHOUT_LIST.map(({ key }) => ['STALE', key, 'unsupported']),
  );
});

test.each(WITHOUT_LIST)('a reference of $key, which has no list, is watched', async ({ key, id, samples }) => {
  const server = await start(key, QUICK);
  const { data } = await server.ask(`{ ticket(id: "${id}") { ... on TicketFields { reference } } }`);
  const { reference } = data.ticket;
  const listener = listen(server.sources, { filter: { ...ANY_TICKET, reference } });
  await expect.poll(() => reads(server, key)).toBeGreaterThan(1);
  await write(server, 'executeAction', { ticketId: id, action: samples.action });
  expect(await listener.next()).toMatchObject({ ticket: { reference } });
});

test('a ticket that leaves the filter is LEFT with its state, and one that is gone without', async () => {
  const server = await start('omnidesk', RARE);
  const listener = listen(server.sources, { filter: { ...ANY_TICKET, categories: ['OPEN'] } });
  await expect.poll(() => server.sources.live!.stateOf('omnidesk')?.callsPerMinute).toBeGreaterThan(0);
  await expect.poll(() => reads(server, 'omnidesk')).toBeGreaterThan(0);
  const { data } = await server.ask(
    '{ tickets(first: 2, filter: { categories: [OPEN] }) { nodes { ... on TicketFields { id } } } }',
  );
  const [first, second] = data.tickets.nodes.map(({ id }: { id: string }) => id);
  await write(server, 'setStatus', { ticketIds: [first], status: 'CLOSED' });
  const left = await listener.next();
  expect(left).toMatchObject({ kind: 'LEFT', ticketId: first, origin: 'OWN_WRITE', ticket: { id: first } });
  await write(server, 'deleteTickets', { ticketIds: [second] });
  expect(await listener.next()).toMatchObject({ kind: 'LEFT', ticketId: second });
});

test('a cursor that is no cursor is rejected, one of another life brings RESYNC', async () => {
  const [one, other] = [await start('omnidesk', RARE), await start('omnidesk', RARE)];
  const { id } = samplesOf('omnidesk');
  expect(() => listen(one.sources, { ids: [id], after: 'garbage' })).toThrow(/after is not a cursor/);
  const listener = listen(one.sources, { ids: [id], after: await other.sources.live!.cursor() });
  expect(await listener.next()).toMatchObject({ kind: 'RESYNC', ticketId: null });
  await write(one, 'setStatus', { ticketIds: [id], status: 'CLOSED' });
  expect(await listener.next()).toMatchObject({ kind: 'CHANGED', ticketId: id });
});

test('a subscriber that comes back gets what was changed in between, though it was the only one', async () => {
  const server = await start('omnidesk', RARE);
  const { id } = samplesOf('omnidesk');
  const first = listen(server.sources, { ids: [id] });
  const { cursor } = await first.next();
  first.close();
  const other = await startTestServer({ keys: [], environment: server.vendor('omnidesk').settings });
  await write(other, 'setStatus', { ticketIds: [id], status: 'CLOSED' });
  const second = listen(server.sources, { ids: [id], after: cursor });
  const event = await second.next();
  expect(event).toMatchObject({ kind: 'CHANGED', ticketId: id, origin: 'POLL' });
  expect(event.changed).toContain('status');
});

test('rights are checked for each subscriber', async () => {
  const server = await startTestServer({ keys: ['omnidesk', 'huawei'], environment: RARE });
  const denial = { kind: 'not-granted', message: 'Missing scope.' } as const;
  const ids = [samplesOf('omnidesk').id, samplesOf('huawei').id];
  expect(() => listen(server.sources, { ids, denialFor: () => denial })).toThrow('Missing scope.');
  const listener = listen(server.sources, { ids, denialFor: (key) => (key === 'huawei' ? denial : undefined) });
  const events = await listener.until(({ kind }) => kind === 'CURRENT');
  expect(events.map(({ kind, source, ticketId }) => [kind, source ?? ticketId])).toEqual([
    ['STALE', 'huawei'],
    ['CURRENT', ids[0]],
  ]);
  expect(server.calls('huawei')).toEqual([]);
});

test('an invalid id is rejected before anything is sent', async () => {
  const server = await start('omnidesk', RARE);
  expect(() => listen(server.sources, { ids: ['nonsense'] })).toThrow(invalidInput('').constructor);
  expect(server.vendor('omnidesk').ledger).toEqual([]);
});

const FORWARDING = {
  HUAWEI_FORWARD_TOKEN: 'x-huawei-token',
  HUAWEI_IAM_URL: '',
  HUAWEI_DOMAIN: '',
  HUAWEI_USERNAME: '',
  HUAWEI_PASSWORD: '',
};

test('subscribers with other credentials have their own polls', async () => {
  const server = await start('huawei', { ...RARE, ...FORWARDING });
  const { id } = samplesOf('huawei');
  const as = (token: string) => ({ callerCredentials: new Map([['x-huawei-token', token]]) });
  const [one, same, other] = ['a', 'a', 'b'].map((text) =>
    listen(server.sources, { ids: [id], subscriber: as(`token-${text}`) }),
  );
  await Promise.all([one!.next(), same!.next(), other!.next()]);
  const tokens = server.calls('huawei').map(({ arrival }) => arrival.headers['x-auth-token']);
  expect(new Set(tokens).size).toBe(2);
  expect(server.sources.live!.stateOf('huawei')?.watched).toBe(2);
});

describe.each(SAMPLED)('a failing $key', ({ key, id, samples }) => {
  const ANSWER = { '503': 503, '429': 429 } as const;

  test.each(Object.keys(ANSWER) as (keyof typeof ANSWER)[])(
    'is STALE once while it answers %s, then FRESH, then what was missed follows',
    async (name) => {
      const server = await start(key, QUICK);
      const listener = listen(server.sources, { ids: [id] });
      await listener.next();
      const vendor = server.vendor(key);
      const headers: Record<string, string> = name === '429' ? { 'retry-after': '1' } : {};
      vendor.faults = ({ method }) =>
        method === 'GET' ? { kind: 'answer', applied: false, reply: { status: ANSWER[name], headers } } : undefined;
      expect(await listener.next()).toMatchObject({ kind: 'STALE', source: key, ticketId: null });
      const before = vendor.ledger.length;
      await expect.poll(() => vendor.ledger.length).toBeGreaterThan(before);
      vendor.faults = undefined;
      const other = await startTestServer({ keys: [], environment: vendor.settings });
      const events = listener.until(({ kind }) => kind === 'FRESH');
      await write(other, 'executeAction', { ticketId: id, action: samples.action });
      expect(kindsOf(await events)).toEqual(['FRESH']);
      expect(await listener.next()).toMatchObject({ ticketId: id, origin: 'POLL' });
      expect(kindsOf(listener.events).filter((kind) => kind === 'STALE')).toHaveLength(1);
    },
  );
});

test('while the circuit is open, nothing is sent, and the source stays STALE', async () => {
  let rejected = 0;
  const onCallEnd: Observer['onCallEnd'] = (_, { result }) => {
    if (result === 'rejected_locally') rejected += 1;
  };
  const server = await start('omnidesk', QUICK, { observe: [{ onCallEnd }] });
  const { id } = samplesOf('omnidesk');
  const listener = listen(server.sources, { ids: [id] });
  await listener.next();
  const vendor = server.vendor('omnidesk');
  vendor.faults = () => ({ kind: 'answer', applied: false, reply: { status: 500 } });
  await expect.poll(() => server.sources.connected.get('omnidesk')!.upstream.health.breaker).toBe('OPEN');
  const before = vendor.ledger.length;
  await expect.poll(() => rejected).toBeGreaterThan(3);
  expect(vendor.ledger).toHaveLength(before);
  expect(kindsOf(listener.events)).toEqual(['CURRENT', 'STALE']);
});

test('closing does not wait for a poll in flight', async () => {
  const server = await start('omnidesk', QUICK);
  const listener = listen(server.sources, { ids: [samplesOf('omnidesk').id] });
  await listener.next();
  const vendor = server.vendor('omnidesk');
  const { promise, resolve } = Promise.withResolvers<undefined>();
  vendor.faults = () => ({ kind: 'hold', until: promise });
  const before = vendor.ledger.length;
  await expect.poll(() => vendor.ledger.length).toBeGreaterThan(before);
  await server.sources.close();
  expect(vendor.ledger.at(-1)!.end).not.toBe('answered');
  resolve(undefined);
});
