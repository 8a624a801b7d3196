/** The examples for live updates: real clients over real streams, with each event read before the next one is made. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startCuttableProxy } from '../support/cuttable-proxy.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const FOLDER = join(import.meta.dirname, '../../examples/live');
const CLIENTS = ['ticketgraph-client', 'apollo-client', 'urql', 'relay', 'event-source'];
const ID = 'omnidesk:858462';

interface Example {
  watch(url: string, ids: readonly string[], onChange: (line: string) => void, signal: AbortSignal): Promise<void>;
}

/** Starts an example. Stopped after the test. */
async function start(name: string, url: string): Promise<{ lines: string[]; has(text: string): Promise<void> }> {
  const { watch } = (await import(`../../examples/live/${name}.ts`)) as Example;
  const lines: string[] = [];
  const failures: unknown[] = [];
  const stopping = new AbortController();
  const watching = watch(url, [ID], (line) => lines.push(line), stopping.signal).catch((error: unknown) => {
    failures.push(error);
  });
  onTestFinished(async () => {
    stopping.abort();
    await watching;
    expect(failures).toEqual([]);
  });
  const has = (text: string): Promise<void> =>
    vi.waitFor(() => expect(lines.join('\n'), String(failures)).toContain(text), { timeout: 60_000, interval: 5 });
  return { lines, has };
}

async function rename(server: TestServer, title: string): Promise<void> {
  const { data } = await server.ask(
    'mutation ($input: UpdateTicketInput!) { updateTicket(input: $input) { outcome } }',
    { input: { ticketId: ID, title } },
  );
  expect(data.updateTicket.outcome).toBe('APPLIED');
}

/** Delivery is at least once: a repetition of the latest state is no second change. */
function titlesOf(lines: readonly string[]): string[] {
  const titles = lines.map((line) => /^CHANGED \S+(?: \(.*\))?: (.*)$/.exec(line)![1]!);
  return titles.filter((title, index) => title !== titles[index - 1]);
}

test.each(CLIENTS)('%s gets each event before the next one is made', async (name) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const { lines, has } = await start(name, server.url);
  await has(`CURRENT ${ID}`);
  for (const title of ['first', 'second', 'third']) {
    await rename(server, title);
    await has(`: ${title}`);
  }
  expect(titlesOf(lines.slice(1))).toEqual(['first', 'second', 'third']);
  expect(server.defects).toEqual([]);
});

test.each(CLIENTS)('%s resumes after a cut without losing or repeating a change', { tags: ['full'] }, async (name) => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const proxy = await startCuttableProxy(server.url);
  const { lines, has } = await start(name, proxy.url);
  await has(`CURRENT ${ID}`);
  await rename(server, 'before the cut');
  await has('before the cut');
  proxy.cut();
  await rename(server, 'during the cut');
  proxy.restore();
  await has('during the cut');
  await rename(server, 'after the cut');
  await has('after the cut');
  expect(titlesOf(lines.slice(1))).toEqual(['before the cut', 'during the cut', 'after the cut']);
});

test('every example for live updates is tested', () => {
  const names = readdirSync(FOLDER).filter((file) => !['format-change.ts', 'resume.ts'].includes(file));
  expect(names.toSorted()).toEqual(CLIENTS.map((name) => `${name}.ts`).toSorted());
});
