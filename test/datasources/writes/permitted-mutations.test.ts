/** What a client reads before it offers a button: permitted mutations, and actions that discard a ticket. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SETTING_STATUS, SOURCES } from '../../support/samples.ts';
import { startTestServer } from '../../support/sandbox.ts';

const VENDORS = '{ vendors { key mutations permittedMutations } }';

interface Info {
  readonly key: string;
  readonly mutations: readonly string[];
  readonly permittedMutations: readonly string[];
}

test('permits every mutation of every vendor, connected or not, if authentication is off', async () => {
  const server = await startTestServer({ keys: ['omnidesk'] });
  const { vendors } = (await server.ask(VENDORS)).data as { vendors: Info[] };
  expect(vendors.map(({ permittedMutations }) => permittedMutations)).toEqual(
    vendors.map(({ mutations }) => mutations),
  );
});

test.each([
  ['ticket:read', []],
  ['ticket:read,omnidesk/ticket:status', ['OMNIDESK setStatus']],
  ['ticket:status', SETTING_STATUS.map(({ key }) => `${key.toUpperCase()} setStatus`)],
])('permits setStatus at the vendors that the scopes %s include, on both execution paths', async (scopes, expected) => {
  const server = await startTestServer({ environment: writeKey('desk', scopes) });
  const ask = async (): Promise<string[]> => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': 'key of desk' },
      body: JSON.stringify({ query: VENDORS }),
    });
    const { data } = (await response.json()) as { data: { vendors: Info[] } };
    return data.vendors
      .filter(({ permittedMutations }) => permittedMutations.includes('setStatus'))
      .map(({ key }) => `${key} setStatus`);
  };
  // The first response comes from Apollo Server, later ones from the fast path.
  for (let round = 0; round < 3; round += 1) expect((await ask()).toSorted()).toEqual(expected.toSorted());
});

test.each(SOURCES.map(({ key, id, samples }) => [id, samples.discardingActions, key] as const))(
  'marks the actions on %s that discard it',
  async (id, expected, key) => {
    const server = await startTestServer({ keys: [key] });
    const { data, errors } = await server.ask(
      'query ($id: ID!) { ticket(id: $id) { ... on TicketFields { availableActions { ... on TicketActionFields { name destructive } } } } }',
      { id },
    );
    expect(errors).toBeUndefined();
    const actions = data.ticket.availableActions as { name: string; destructive: boolean }[];
    expect(actions.length).toBeGreaterThan(expected.length);
    expect(actions.filter(({ destructive }) => destructive).map(({ name }) => name)).toEqual(expected);
  },
);

function writeKey(name: string, scopes: string): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-permitted-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'keys');
  writeFileSync(path, `${name} ${createHash('sha256').update(`key of ${name}`).digest('hex')} ${scopes}\n`);
  return { AUTH_API_KEYS_FILE: path };
}
