/**
 * The faults of `SANDBOX_FAULTS`: each vendor has each of them, as a caller of the endpoint sees it.
 *
 * @module-tag full
 */
import { describe, expect, test } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { FAULT_NAMES, parseFaults, type FaultName } from '../../sandbox/named-faults.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';

const KEYS = vendors.map(({ key }) => key);

describe('SANDBOX_FAULTS', () => {
  test.each([
    ['akana:reset', [['akana', 'reset']]],
    [
      ' akana:reset , HUAWEI:Down ',
      [
        ['akana', 'reset'],
        ['huawei', 'down'],
      ],
    ],
    ['akana', undefined],
    ['akana:', undefined],
    ['akana:reset,', undefined],
    ['akana:reset,akana:down', undefined],
    ['akana:reset:down', undefined],
    ['akana:toString', undefined],
    ['unknown:reset', undefined],
    ['', undefined],
  ])('parses or rejects the faults as a whole: %o', (text, faults) => {
    expect(parseFaults(text, KEYS)).toEqual(faults && new Map(faults as [string, FaultName][]));
  });
});

interface Doable {
  readonly id: string;
  readonly action: string;
}

/** A ticket with an action that takes nothing, as a client would look for it: reads, and signing in. */
async function findDoable(server: TestServer, key: string): Promise<Doable> {
  const inputs = 'inputs { required }';
  for (const nativeId of server.vendor(key).vendor.ticketIds()) {
    const id = `${key}:${nativeId}`;
    const { data, errors } = await server.ask(
      `{ ticket(id: "${id}") { ... on TicketFields { availableActions { ... on TicketActionFields { name ${inputs} } } } } }`,
    );
    expect(errors).toBeUndefined();
    const actions = data.ticket.availableActions as { name: string; inputs: { required: boolean }[] }[];
    const found = actions.find((action) => action.inputs.every(({ required }) => !required));
    if (found) return { id, action: found.name };
  }
  throw new Error(`Nothing can be done at ${key}.`);
}

async function act(server: TestServer, { id, action }: Doable): Promise<unknown> {
  const { data } = await server.ask(
    `mutation { executeAction(input: { ticketId: "${id}", action: "${action}" }) { outcome reconciled } }`,
  );
  return data.executeAction;
}

function startFailing(key: string, name: FaultName, environment = {}): Promise<TestServer> {
  return startTestServer({ keys: [key], faults: new Map([[key, name]]), environment });
}

describe.each(KEYS)('%s', (key) => {
  test('reset answers reads, carries out writes, and sends no response to them', async () => {
    const server = await startFailing(key, 'reset');
    const payload = await act(server, await findDoable(server, key));
    expect(server.vendor(key).effects).toHaveLength(1);
    // A look at the ticket settles what leads to a state of its own.
    const [settled, unknown] = [
      { outcome: 'APPLIED', reconciled: true },
      { outcome: 'UNKNOWN', reconciled: false },
    ];
    expect([settled, unknown]).toContainEqual(payload);
  });

  test('silent answers reads, does not carry out writes, and sends no response to them', async () => {
    const server = await startFailing(key, 'silent', { [`${key.toUpperCase()}_TIMEOUT_MS`]: '2000' });
    expect(await act(server, await findDoable(server, key))).toEqual({ outcome: 'UNKNOWN', reconciled: false });
    expect(server.vendor(key).effects).toEqual([]);
  });

  test('down answers every request with 503, including sign-ins', async () => {
    const server = await startFailing(key, 'down');
    const [nativeId] = server.vendor(key).vendor.ticketIds();
    const { errors } = await server.ask(`{ ticket(id: "${key}:${nativeId}") { __typename } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'VENDOR_UNAVAILABLE' } }]);
    expect(new Set(server.vendor(key).ledger.map(({ status }) => status))).toEqual(new Set([503]));
  });
});

test("slow delays every response, within the vendor's timeout", async () => {
  const server = await startTestServer({ faults: new Map(KEYS.map((key) => [key, 'slow'])) });
  const startedAt = performance.now();
  const asked = vendors.map(async ({ key, nativeId }) => {
    const { data, errors } = await server.ask(`{ ticket(id: "${key}:${nativeId.example}") { __typename } }`);
    expect(errors).toBeUndefined();
    expect(data.ticket).not.toBeNull();
    expect(performance.now() - startedAt).toBeGreaterThan(2_900);
  });
  await Promise.all(asked);
});

test('has no other named fault', () => {
  expect(FAULT_NAMES).toEqual(['reset', 'silent', 'down', 'slow']);
});
