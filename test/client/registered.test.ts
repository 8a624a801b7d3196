/**
 * The client with a server that executes registered operations only: those of the client's own folder.
 *
 * @module-tag full
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client/core';
import { parse } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { expect, onTestFinished, test } from 'vitest';
import { TicketDocument, createTicketgraph, possibleTypes } from '../../client/index.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const ROOT = join(import.meta.dirname, '../..');
const HUAWEI = 'huawei:TS-123456';

async function startRegistered(...options: readonly string[]): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-registered-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const OPERATIONS_MANIFEST = join(folder, 'operations.json');
  const words = ['scripts/register-operations.ts', ...options, 'client/documents'];
  const env = { PATH: process.env['PATH'], OPERATIONS_MANIFEST };
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: ROOT, env, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return startTestServer({ environment: { OPERATIONS: 'registered', OPERATIONS_MANIFEST } });
}

test('registered documents are accepted, others are not', async () => {
  const server = await startRegistered();
  const client = createTicketgraph({ url: server.url });
  expect(await client.ticket({ id: HUAWEI })).toMatchObject({ id: HUAWEI });
  expect(await client.executeAction({ input: { ticketId: HUAWEI, action: 'close' } })).toMatchObject({
    outcome: 'APPLIED',
  });
  const other = parse('{ vendors { key } }') as TypedDocumentNode<unknown, Record<string, never>>;
  await expect(client.request(other)).rejects.toMatchObject({ code: 'OPERATION_NOT_REGISTERED' });
});

test('bulk jobs work with the registered documents: upload, job, stream and results', async () => {
  const server = await startRegistered();
  const client = createTicketgraph({ url: server.url });
  const uploadId = await client.uploadTickets([HUAWEI]);
  const work = { setStatus: { status: 'CLOSED' } } as const;
  const { job } = await client.startBulk({ input: { work, tickets: { uploadId }, idempotencyKey: 'monday' } });
  const states: string[] = [];
  for await (const { state } of client.watchBulk(job!.id)) states.push(state);
  expect(states.at(-1)).toBe('DONE');
  expect((await client.bulkResults(job!.id).next()).value).toMatchObject({ ticketId: HUAWEI, outcome: 'APPLIED' });
  expect(server.vendor('huawei').effects).toEqual([{ what: 'close', ticket: 'TS-123456' }]);
});

test('Apollo Client is accepted if its documents are registered with --typename', async () => {
  const server = await startRegistered('--typename');
  const cache = new InMemoryCache({ possibleTypes });
  const client = new ApolloClient({ link: new HttpLink({ uri: server.url }), cache });
  const { data } = await client.query({ query: TicketDocument, variables: { id: HUAWEI } });
  expect(data?.ticket).toMatchObject({ id: HUAWEI, __typename: 'HuaweiTicket' });
});
