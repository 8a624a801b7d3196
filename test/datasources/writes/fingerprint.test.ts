/** Which writes count as the same under one idempotency key: those that would send the same bytes. By the ledgers. */
import { DatabaseSync } from 'node:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSqliteStore } from '../../../datasources/writes/idempotency/sqlite-store.ts';
import { startWorld, type World } from '../../support/sandbox.ts';

const UUID = '497f6eca-6276-4993-bfeb-53cbbbba6f08';

type Input = Readonly<Record<string, unknown>>;

async function run(world: World, mutation: string, input: Input) {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const results = ['setStatus', 'setPriority', 'runBatch'].includes(mutation)
    ? 'results { ticketId outcome problem { code } }'
    : '';
  const { data, errors } = await world.ask(
    `mutation ($input: ${type}) { payload: ${mutation}(input: $input) { outcome replayed problems { code } ${results} } }`,
    { input: { idempotencyKey: 'one key', ...input } },
  );
  expect(errors).toBeUndefined();
  return data.payload;
}

const writes = (world: World, key: string) => world.calls(key).filter(({ arrival }) => arrival.method !== 'GET');

const REUSED = { outcome: 'NOT_APPLIED', replayed: false, problems: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] };
const AGAIN = { outcome: 'APPLIED', replayed: true };

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-fingerprint-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'store');
}

test('null inside free JSON is sent, so it is another write', async () => {
  const world = await startWorld({ keys: ['jifeline'] });
  const input = (extra: Input) => ({ ticketId: `jifeline:${UUID}`, transition: { complete: { extra } } });
  expect((await run(world, 'transitionInProgress', input({ note: null }))).outcome).toBe('APPLIED');
  expect(await run(world, 'transitionInProgress', input({}))).toMatchObject(REUSED);
  expect(await run(world, 'transitionInProgress', input({ note: 'text' }))).toMatchObject(REUSED);
  expect(await run(world, 'transitionInProgress', input({ note: null }))).toMatchObject(AGAIN);
  expect(writes(world, 'jifeline')).toHaveLength(1);
});

test('absent, null and default arguments send the same bytes, so they are the same write', async () => {
  const world = await startWorld({ keys: ['requestor'] });
  const push = { ticketId: 'requestor:INC-000047', action: '207' };
  expect((await run(world, 'pushWorkflow', push)).outcome).toBe('APPLIED');
  expect(await run(world, 'pushWorkflow', { ...push, note: null, serviceId: null })).toMatchObject(AGAIN);
  // The number of this name is documented, so the same bytes are sent.
  expect(await run(world, 'pushWorkflow', { ...push, action: 'IncidentSuspend' })).toMatchObject(AGAIN);
  expect(await run(world, 'pushWorkflow', { ...push, note: 'why' })).toMatchObject(REUSED);
  expect(writes(world, 'requestor')).toHaveLength(1);
});

test('a replayed report has one result for each id of the repeating request', async () => {
  const world = await startWorld({ keys: ['omnidesk', 'huawei'] });
  const [one, other] = world.vendor('omnidesk').vendor.ticketIds().slice(0, 2);
  const ids = [`omnidesk:${one}`, 'huawei:TS-123456', `omnidesk:${other}`];
  await run(world, 'setStatus', { ticketIds: ids, status: 'CLOSED' });
  const repeated = [...ids, 'omnidesk:multi', `omnidesk:${one}`, 'huawei:ts-123456'];
  const again = await run(world, 'setStatus', { ticketIds: repeated, status: 'CLOSED' });
  expect(again.replayed).toBe(true);
  expect(again.outcome).toBe('PARTIAL');
  expect(again.results.map(({ ticketId }: { ticketId: string }) => ticketId)).toEqual(repeated);
  expect(again.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
    'APPLIED',
    'APPLIED',
    'APPLIED',
    'NOT_APPLIED',
    'APPLIED',
    'APPLIED',
  ]);
  expect([writes(world, 'omnidesk').length, writes(world, 'huawei').length]).toEqual([1, 1]);
});

test('one ticket more or less is another write, which is rejected', async () => {
  const world = await startWorld({ keys: ['huawei', 'akana'] });
  const [huawei, akana] = ['huawei:TS-123456', 'akana:ticket25687.acmepaymentscorp'];
  await run(world, 'setStatus', { ticketIds: [huawei, akana], status: 'CLOSED' });
  expect(await run(world, 'setStatus', { ticketIds: [huawei], status: 'CLOSED' })).toMatchObject(REUSED);
  expect(await run(world, 'setStatus', { ticketIds: [huawei, akana], status: 'SOLVED' })).toMatchObject(REUSED);
  expect([writes(world, 'huawei').length, writes(world, 'akana').length]).toEqual([1, 1]);
});

test('a dry run neither uses a key nor is rejected by a used one', async () => {
  const world = await startWorld({ keys: ['akana'] });
  const input = { ticketId: 'akana:ticket25687.acmepaymentscorp', action: 'ticket.action.resolve' };
  await run(world, 'executeAction', { ...input, action: 'ticket.action.close', dryRun: true });
  expect((await run(world, 'executeAction', input)).outcome).toBe('APPLIED');
  const dry = await run(world, 'executeAction', { ...input, comment: 'other', dryRun: true });
  expect(dry.problems).toEqual([]);
  expect(await run(world, 'executeAction', { ...input, comment: 'other' })).toMatchObject(REUSED);
  expect(writes(world, 'akana')).toHaveLength(1);
});

test('the same arguments are the same write, even if a changed setting would send other bytes', async () => {
  const path = newPath();
  const input = { ticketId: 'huawei:TS-123456', action: 'close' };
  const before = await startWorld({ keys: ['huawei'], store: createSqliteStore(path) });
  expect((await run(before, 'executeAction', input)).outcome).toBe('APPLIED');
  await before.close();
  const after = await startWorld({
    keys: ['huawei'],
    environment: { HUAWEI_GROUP_ID: 'another-group' },
    store: createSqliteStore(path),
  });
  expect(await run(after, 'executeAction', input)).toMatchObject(AGAIN);
  expect(writes(after, 'huawei')).toHaveLength(0);
});

test('a record with the argument fingerprint of an earlier release is replayed', async () => {
  const path = newPath();
  const world = await startWorld({ keys: ['jifeline'], store: createSqliteStore(path) });
  const input = { ticketId: `jifeline:${UUID.toUpperCase()}`, transition: { complete: { extra: { note: 'ok' } } } };
  await run(world, 'transitionInProgress', input);
  const database = new DatabaseSync(path);
  onTestFinished(() => database.close());
  // As that release stored them: a hash of the arguments without nulls, and the id as the caller spelled it.
  const fingerprint = 'YR9sHtwGgBLX1L6p_O7l3Lbj8Voeh_rMgqXoJZWIDHU';
  const row = database.prepare('SELECT fingerprint, result FROM keys').get() as { fingerprint: string; result: string };
  expect(row.fingerprint).toMatch(/^2:[\w-]{43}:[\w-]{43}$/);
  const result = row.result.replaceAll(`"ticketId":"jifeline:${UUID}"`, `"ticketId":"jifeline:${UUID.toUpperCase()}"`);
  database.prepare('UPDATE keys SET fingerprint = ?, result = ?').run(fingerprint, result);
  expect(await run(world, 'transitionInProgress', input)).toMatchObject(AGAIN);
  const other = { ...input, transition: { complete: { extra: { note: 'no' } } } };
  expect(await run(world, 'transitionInProgress', other)).toMatchObject(REUSED);
  expect(writes(world, 'jifeline')).toHaveLength(1);
});
