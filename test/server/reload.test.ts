/**
 * SIGHUP and changed files, with real processes.
 *
 * @module-tag full
 */
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../sandbox/index.ts';
import { samplesOf } from '../support/samples.ts';
import { makeFolder, moveToFiles, renewed, rotateAt } from '../support/secrets.ts';
import { startProcess } from '../support/process.ts';
import { startWithWorkers } from '../support/workers.ts';

/** Only the event matters, no matter when. */
const SOON = { interval: 20 };

const { id: TICKET } = samplesOf('omnidesk');
const QUERY = JSON.stringify({ query: `{ ticket(id: "${TICKET}") { __typename } }` });

const lineOf = (name: string): string =>
  `${name} ${createHash('sha256').update(`key of ${name}`).digest('hex')} ticket:read\n`;

/** A simulated vendor, and settings with its secret and the API keys in files. */
async function prepare() {
  const sandbox = await startSandbox(['omnidesk']);
  onTestFinished(() => sandbox.close());
  const folder = makeFolder();
  const { files, environment } = moveToFiles('omnidesk', sandbox.settings, folder);
  const keys = join(folder, 'keys');
  writeFileSync(keys, lineOf('desk') + lineOf('bot'));
  return {
    vendor: sandbox.vendors[0]!,
    secret: files[0]!,
    settings: { ...sandbox.settings, ...environment, AUTH_API_KEYS_FILE: keys },
    writeKeys(...names: string[]) {
      writeFileSync(`${keys}.new`, names.map(lineOf).join(''));
      renameSync(`${keys}.new`, keys);
    },
  };
}

async function statusOf(url: string, name: string): Promise<number> {
  const headers = { 'content-type': 'application/json', 'x-api-key': `key of ${name}` };
  return (await fetch(url, { method: 'POST', headers, body: QUERY })).status;
}

test('SIGHUP does not end the process, and makes it use other API keys and secrets', async () => {
  const { vendor, secret, settings, writeKeys } = await prepare();
  const running = startProcess(settings);
  onTestFinished(() => running.end());
  const url = await running.ready;
  expect(await statusOf(url, 'desk')).toBe(200);
  rotateAt(vendor, [secret.first], renewed);
  secret.write(renewed(secret.first));
  writeKeys('bot');
  running.signal('SIGHUP');
  await expect.poll(() => statusOf(url, 'desk'), SOON).toBe(401);
  await expect.poll(() => running.output(), SOON).toContain('New secrets are in use: OMNIDESK_API_KEY.');
  vendor.ledger.length = 0;
  expect(await statusOf(url, 'bot')).toBe(200);
  expect(vendor.ledger.map(({ status }) => status)).toEqual([200]);
  expect(running.output()).toContain('SIGHUP: reading');
  expect(running.output()).not.toContain(secret.first);
  running.signal('SIGTERM');
  expect(await running.exited).toBe(0);
});

test('several SIGHUPs at the same time do not end the process', async () => {
  const { settings } = await prepare();
  const running = startProcess(settings);
  onTestFinished(() => running.end());
  const url = await running.ready;
  for (let count = 0; count < 5; count += 1) running.signal('SIGHUP');
  expect(await statusOf(url, 'desk')).toBe(200);
});

test('API keys that change are in use without a signal', async () => {
  const { settings, writeKeys } = await prepare();
  const running = startProcess(settings);
  onTestFinished(() => running.end());
  const url = await running.ready;
  writeKeys('desk', 'night');
  await expect.poll(() => statusOf(url, 'night'), SOON).toBe(200);
  expect(await statusOf(url, 'bot')).toBe(401);
});

test('SIGHUP to the primary process reaches every worker', async () => {
  const { settings, vendor, secret, writeKeys } = await prepare();
  const running = startWithWorkers(settings);
  const url = await running.ready;
  rotateAt(vendor, [secret.first], renewed);
  secret.write(renewed(secret.first));
  writeKeys('bot');
  running.signal('SIGHUP');
  const inUse = () => running.log().filter(({ msg }) => String(msg).includes('New secrets are in use'));
  await expect.poll(() => new Set(inUse().map(({ pid }) => pid)).size, SOON).toBe(2);
  const keys = () => running.log().filter(({ msg }) => String(msg).startsWith('AUTH_API_KEYS_FILE has changed.'));
  await expect.poll(() => new Set(keys().map(({ pid }) => pid)).size, SOON).toBe(2);
  for (let count = 0; count < 4; count += 1) expect(await statusOf(url, 'desk')).toBe(401);
  vendor.ledger.length = 0;
  for (let count = 0; count < 4; count += 1) expect(await statusOf(url, 'bot')).toBe(200);
  expect(vendor.ledger.every(({ status }) => status === 200)).toBe(true);
  running.signal('SIGTERM');
  expect(await running.exited).toBe(0);
});
