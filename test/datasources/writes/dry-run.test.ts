/** A dry run shows byte for byte what the same mutation sends: compared with what arrives at the vendor. */
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Kind, OperationTypeNode, parse, print, visit, type FieldNode, type ObjectFieldNode } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toVendorEnum } from '../../../datasources/vendor-kit/source-key.ts';
import { vendors } from '../../../datasources/vendors.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import { startEndpoint, type Endpoint } from '../../support/endpoint.ts';
import { loadExchanges, startReplay, type Exchange, type NamedExchange } from '../../support/exchange.ts';
import { SAMPLED, SETTING_STATUS, SOURCES, inputTypeOf, isWrite, samplesOf } from '../../support/samples.ts';
import { bystandersOf, expectNothingReceived } from '../../support/sandbox.ts';

type Input = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string>>;

interface Planned {
  readonly vendor: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

interface Payload {
  readonly outcome: string;
  readonly replayed: boolean;
  readonly problems: readonly { readonly code: string }[];
  readonly plan: readonly Planned[] | null;
}

/** Text that needs escaping in JSON, forms and XML, and characters beyond ASCII. */
const TEXT = `"50 %" + <b>&amp; = 'č' 🚗 a;b\\c`;

/** At least one input for each mutation of each source, and setStatus for every source. */
const SAMPLES: readonly (readonly [source: string, mutation: string, input: Input])[] = SOURCES.flatMap(
  ({ key, id, mutations, samples }) => [
    ...samples.inputs(TEXT).map(({ mutation, input }) => [key, mutation, input] as const),
    ...(mutations.includes('setStatus') ? [] : [[key, 'setStatus', { ticketIds: [id], status: 'SOLVED' }] as const]),
  ],
);

/** Other connection settings, which change what is sent. */
const CONNECTIONS = SOURCES.flatMap(({ key, samples: { connections = [] } }) =>
  connections.map(({ title, settings, write }) => [title, { key, settings, ...write }] as const),
);

async function run(endpoint: Endpoint, mutation: string, input: Input): Promise<Payload> {
  const { data, errors } = await endpoint.ask(
    `mutation ($input: ${inputTypeOf(mutation)}) { payload: ${mutation}(input: $input) {
       outcome replayed problems { code } plan { vendor method url headers body } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data.payload as Payload;
}

/** Headers that belong to the connection and not to the request. */
const CONNECTION_HEADERS = ['host', 'connection'];

interface Arrived {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | undefined;
}

/** What arrived in the form of a plan, with its secrets. */
function toPlanned({ method, target, headers, body }: Arrived, vendor: string, baseUrl: string): Planned {
  const own = Object.entries(headers).filter(([name]) => !CONNECTION_HEADERS.includes(name));
  return {
    vendor,
    method,
    url: baseUrl + target,
    headers: Object.fromEntries(own) as Environment,
    body: body === '' ? null : (body ?? null),
  };
}

/** What a planned header has whose value a read just before sending decides. */
const PREPARED = '<read before sending>';

/** The arrived text with `REDACTED` in the places where the planned text has it. */
function redactedLike(planned: string, arrived: string | undefined): string | undefined {
  if (planned === PREPARED) return arrived === undefined || arrived.includes('read') ? arrived : planned;
  if (!planned.includes('REDACTED') || arrived === undefined) return arrived;
  const pattern = planned
    .split('REDACTED')
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^&;\\s]+(?: [^&;\\s]+)?');
  expect(arrived).not.toContain('REDACTED');
  return new RegExp(`^${pattern}$`).test(arrived) ? planned : arrived;
}

function expectSame(planned: readonly Planned[], arrived: readonly Planned[]): void {
  const order = (plans: readonly Planned[]) => plans.toSorted((a, b) => (a.url < b.url ? -1 : 1));
  const lowered = order(planned).map((plan) => ({
    ...plan,
    headers: Object.fromEntries(Object.entries(plan.headers).map(([name, value]) => [name.toLowerCase(), value])),
  }));
  const redacted = order(arrived).map((entry, index) => ({
    ...entry,
    url: redactedLike(lowered[index]?.url ?? '', entry.url),
    headers: Object.fromEntries(
      Object.entries(entry.headers).map(([name, value]) => [
        name,
        redactedLike(lowered[index]?.headers[name] ?? '', value),
      ]),
    ),
  }));
  expect(lowered).toEqual(redacted);
}

/** Texts that must not be in a plan: configured secrets, and credentials from the vendor's sign-in. */
function secretsOf(settings: Environment, arrived: readonly Planned[]): string[] {
  const configured = Object.entries(settings).filter(([name]) => /(PASSWORD|SECRET|TOKEN|KEY)$/.test(name));
  const carried = arrived.flatMap(({ headers }) =>
    ['authorization', 'x-auth-token', 'x-api-key', 'cookie'].flatMap((name) => headers[name] ?? []),
  );
  return [
    ...configured.map(([, value]) => value),
    ...carried,
    ...carried.flatMap((value) => value.split(/[ =;]+/)),
  ].filter((text) => text.length > 3 && !/^(Basic|Bearer|AtmoAuthToken_\w+|Csrf-Token_\w+)$/.test(text));
}

async function comparePlan(key: string, mutation: string, input: Input, change: Environment = {}) {
  const sandbox = await startSandbox([key, ...bystandersOf([key])]);
  onTestFinished(() => sandbox.close());
  const [vendor, ...bystanders] = sandbox.vendors;
  // Rejected, so that nothing changes. Not with a 401, which would be replayed.
  vendor!.faults = (arrival) =>
    isWrite(arrival) ? { kind: 'answer', applied: false, reply: { status: 403 } } : undefined;
  const settings = { ...sandbox.settings, ...change };
  const endpoint = await startEndpoint(settings);
  onTestFinished(() => endpoint.close());

  const dry = await run(endpoint, mutation, { ...input, dryRun: true });
  expect([dry.outcome, dry.replayed]).toEqual(['NOT_APPLIED', false]);
  expect(vendor!.ledger).toEqual([]);

  const real = await run(endpoint, mutation, input);
  expect(real.plan).toBeNull();
  const arrived = vendor!.ledger
    .map(({ arrival }) => arrival)
    .filter(isWrite)
    .map((arrival) => toPlanned(arrival, toVendorEnum(key), vendor!.url));
  expectSame(dry.plan!, arrived);
  expectNothingReceived(bystanders);
  const shown = JSON.stringify(dry);
  expect(secretsOf(settings, arrived).filter((secret) => shown.includes(secret))).toEqual([]);
  return { dry, arrived };
}

test('dry runs cover every mutation of every vendor', () => {
  const inExchanges = DOCUMENTED.flatMap(([key, exchanges]) =>
    exchanges.flatMap((exchange) => mutationsIn(exchange).map(({ name }) => `${key} ${name.value}`)),
  );
  const sampled = new Set([...SAMPLES.map(([key, mutation]) => `${key} ${mutation}`), ...inExchanges]);
  const offered = vendors.flatMap(({ key, mutations }) => mutations.map((mutation) => `${key} ${mutation}`));
  expect(offered.filter((each) => !sampled.has(each))).toEqual([]);
});

test.each(SAMPLES.map(([key, mutation, input]) => ({ key, mutation, input })))(
  'a dry run shows what $mutation sends to $key',
  async ({ key, mutation, input }) => {
    const { dry, arrived } = await comparePlan(key, mutation, input);
    if (samplesOf(key).mutations.includes(mutation)) {
      expect(dry.problems).toEqual([]);
      expect(arrived.length).toBeGreaterThan(0);
    } else {
      expect(dry).toMatchObject({ plan: [], problems: [{ code: 'UNSUPPORTED' }] });
    }
  },
);

test.each(CONNECTIONS)('a dry run shows what is sent to %s', async (_, { key, mutation, input, settings }) => {
  const { arrived } = await comparePlan(key, mutation, input, settings);
  expect(arrived).toHaveLength(1);
});

test('a dry run shows the whole address if the base address has a path', async () => {
  const replay = await startReplay([]);
  onTestFinished(() => replay.close());
  const url = `${replay.url}/below/this%20path`;
  const settings = { REQUESTOR_USERNAME: 'user', REQUESTOR_PASSWORD: 'password', REQUESTOR_URL: `${url}/` };
  const endpoint = await startEndpoint(settings);
  onTestFinished(() => endpoint.close());
  const input = { ticketId: 'requestor:47', action: '207' };
  const dry = await run(endpoint, 'pushWorkflow', { ...input, dryRun: true });
  expect(replay.unexpected).toEqual([]);
  await run(endpoint, 'pushWorkflow', input);
  expect(dry.plan?.map((plan) => plan.url)).toEqual([`${url}/api/Tickets/WorkflowPush`]);
  expect(replay.unexpected.map(({ method, target }) => `${method} ${replay.url}${target}`)).toEqual([
    `POST ${dry.plan?.[0]?.url}`,
  ]);
});

test('a dry run over several vendors shows what is sent to each', async () => {
  const sandbox = await startSandbox(vendors.map(({ key }) => key));
  onTestFinished(() => sandbox.close());
  const endpoint = await startEndpoint(sandbox.settings);
  onTestFinished(() => endpoint.close());
  const all = SAMPLED.toReversed();
  const ticketIds = [...all.map(({ id }) => id), 'unknown:1', SETTING_STATUS[0]!.id];
  const dry = await run(endpoint, 'setStatus', { ticketIds, status: 'SOLVED', dryRun: true });
  expect(sandbox.vendors.flatMap(({ ledger }) => ledger)).toEqual([]);
  const unsupported = all.filter((sampled) => !SETTING_STATUS.includes(sampled));
  expect(dry.problems).toEqual([...unsupported.map(() => ({ code: 'UNSUPPORTED' })), { code: 'INVALID_INPUT' }]);
  const planned = SETTING_STATUS.map(({ key }) => key.toUpperCase());
  expect(dry.plan!.map(({ vendor }) => vendor)).toEqual(planned.toReversed());
  await run(endpoint, 'setStatus', { ticketIds, status: 'SOLVED' });
  const arrived = sandbox.vendors.flatMap(({ key, url, ledger }) =>
    ledger
      .map(({ arrival }) => arrival)
      .filter(isWrite)
      .map((arrival) => toPlanned(arrival, key.toUpperCase(), url)),
  );
  expectSame(dry.plan!, arrived);
});

test('a dry run opens no connection', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sandbox = await startSandbox(vendors.map(({ key }) => key));
  await sandbox.close();
  const settings = Object.entries(sandbox.settings).map(([name, value]) => [
    name,
    value.replace(/^http:\/\/127\.0\.0\.1:\d+/, url),
  ]);
  const endpoint = await startEndpoint(Object.fromEntries(settings) as Environment);
  onTestFinished(() => endpoint.close());
  const defaults = SAMPLES.filter(([key]) => vendors.some((vendor) => vendor.key === key));
  for (const [, mutation, input] of defaults) await run(endpoint, mutation, { ...input, dryRun: true });
  expect(connections).toBe(0);
  const [example] = SAMPLED;
  await run(endpoint, 'executeAction', { ticketId: example!.id, action: example!.samples.action });
  expect(connections).toBeGreaterThan(0);
});

// ---------------------------------------------------------------- the documented exchanges

/**
 * Each vendor's exchanges with one write: a second one may depend on the answer to the first. Of exchanges that send the
 * same and differ in the answer only, one.
 */
const DOCUMENTED = vendors.map(({ key }) => {
  const folder = join(import.meta.dirname, '../../../datasources', key, 'exchanges');
  const writing = loadExchanges(folder).filter(
    (exchange) => mutationsIn(exchange).length === 1 && writesOf(exchange).length > 0,
  );
  return [key, [...new Map(writing.map((exchange) => [JSON.stringify(sentBy(exchange)), exchange])).values()]] as const;
});

function writesOf({ exchange }: Exchange): Exchange['exchange'][number]['request'][] {
  return exchange.map(({ request }) => request).filter((request) => isWrite(withPath(request)));
}

function withPath({ method, target }: Pick<Arrived, 'method' | 'target'>): { method: string; path: string } {
  return { method, path: target.split('?', 1)[0]! };
}

function sentBy(exchange: Exchange): unknown {
  const mutations = mutationsIn(exchange).map(({ name }) => name.value);
  return [mutations, exchange.settings, writesOf(exchange).map(({ method, target, body }) => [method, target, body])];
}

function mutationsIn({ operation }: Pick<Exchange, 'operation'>): FieldNode[] {
  return parse(operation.join('\n')).definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.MUTATION
      ? node.selectionSet.selections.filter((selection) => selection.kind === Kind.FIELD)
      : [],
  );
}

const DRY: ObjectFieldNode = {
  kind: Kind.OBJECT_FIELD,
  name: { kind: Kind.NAME, value: 'dryRun' },
  value: { kind: Kind.BOOLEAN, value: true },
};

/** The exchange's mutation as a dry run that selects its plan, with `dryRun` in the input or its variable. */
function toDryRun({ operation, variables = {} }: NamedExchange): { query: string; variables: Input } {
  const dry = new Set<string>();
  const document = parse(operation.join('\n'));
  const fields = mutationsIn({ operation });
  const names = new Set(fields.map(({ name }) => name.value));
  const query = visit(document, {
    Field(node, _key, _parent, path) {
      // definitions, 0, selectionSet, selections, 0: the fields at the top.
      if (path.length !== 5 || !names.has(node.name.value)) return undefined;
      const plan = parse('{ plan { vendor method url headers body } }').definitions[0];
      const shown = plan?.kind === Kind.OPERATION_DEFINITION ? plan.selectionSet.selections : [];
      const args = node.arguments?.map((argument) => {
        const { value } = argument;
        if (value.kind === Kind.VARIABLE) dry.add(value.name.value);
        if (value.kind !== Kind.OBJECT) return argument;
        const others = value.fields.filter(({ name }) => name.value !== 'dryRun');
        return { ...argument, value: { ...value, fields: [...others, DRY] } };
      });
      const kept = node.selectionSet!.selections.filter(
        (selection) => !('name' in selection) || selection.name.value !== 'plan',
      );
      return { ...node, arguments: args, selectionSet: { ...node.selectionSet!, selections: [...kept, ...shown] } };
    },
  });
  const changed = Object.entries(variables).map(([name, value]) => [
    name,
    dry.has(name) ? { ...(value as object), dryRun: true } : value,
  ]);
  return { query: print(query), variables: Object.fromEntries(changed) as Input };
}

function settingsOf(key: string, { settings }: Exchange, url: string): Environment {
  const own = Object.entries(settings).map(([name, value]) => [
    `${key.toUpperCase()}_${name}`,
    value.replaceAll('{url}', url),
  ]);
  return { [`${key.toUpperCase()}_URL`]: url, ...(Object.fromEntries(own) as Environment) };
}

describe.each(DOCUMENTED)('a dry run shows what the documented exchange of %s sends', (key, exchanges) => {
  test.for(exchanges.map((exchange) => [exchange.file, exchange] as const))('%s', async ([, exchange]) => {
    const replay = await startReplay(exchange.exchange);
    onTestFinished(() => replay.close());
    const endpoint = await startEndpoint(settingsOf(key, exchange, replay.url));
    onTestFinished(() => endpoint.close());

    const dry = toDryRun(exchange);
    const { data, errors } = await endpoint.ask(dry.query, dry.variables);
    expect(errors).toBeUndefined();
    expect([...replay.seen, ...replay.unexpected]).toEqual([]);
    const plan = Object.values(data as Readonly<Record<string, Payload>>).flatMap((payload) => payload.plan ?? []);

    await endpoint.ask(exchange.operation.join('\n'), exchange.variables);
    const arrived = replay.seen.map((seen) => seen.arrived).filter((seen) => isWrite(withPath(seen)));
    // Without the replay after a 401, which differs in its credentials only.
    const once = new Map(arrived.map((seen) => [`${seen.method} ${seen.target} ${seen.body}`, seen]));
    expectSame(
      plan,
      [...once.values()].map((seen) => toPlanned(seen, key.toUpperCase(), replay.url)),
    );
  });
});
