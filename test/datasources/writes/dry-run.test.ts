/** A dry run shows, byte for byte, what the same call then sends: compared with what arrived at the vendor. */
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Kind, OperationTypeNode, parse, print, visit, type FieldNode, type ObjectFieldNode } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../../../datasources/vendors.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import { startEndpoint, type Endpoint } from '../../support/endpoint.ts';
import { loadExchanges, startReplay, type Exchange, type NamedExchange } from '../../support/exchange.ts';

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

const REQUESTOR = 'requestor:47';
const AKANA = 'akana:ticket25687.acmepaymentscorp';
const OMNIDESK = 'omnidesk:858462';
const HUAWEI = 'huawei:TS-123456';
const JIFELINE = 'jifeline:497f6eca-6276-4993-bfeb-53cbbbba6f08';
const UUID = '3f1c2b9e-0d7a-4c55-9b1e-2f6a8d4c7e10';

/** Text that is easily spoilt on its way: quotes, spaces, signs of forms and of XML, letters beyond ASCII. */
const TEXT = `"50 %" + <b>&amp; = 'č' 🚗 a;b\\c`;

/** At least one input for each mutation at each vendor that has it. */
const SAMPLES: readonly (readonly [vendor: string, mutation: string, input: Input])[] = [
  ['requestor', 'pushWorkflow', { ticketId: REQUESTOR, action: '207', note: TEXT, customerId: 12 }],
  ['requestor', 'pushWorkflow', { ticketId: 'requestor:INC-000047', action: 'IncidentWaitForThirdParty', note: TEXT }],
  ['requestor', 'executeAction', { ticketId: REQUESTOR, action: 'IncidentSolve', comment: TEXT }],
  ['requestor', 'setStatus', { ticketIds: [REQUESTOR], status: 'SOLVED' }],
  ['akana', 'executeAction', { ticketId: AKANA, action: 'ticket.action.resolve', comment: TEXT }],
  ['akana', 'setStatus', { ticketIds: [AKANA], status: 'CLOSED', comment: TEXT }],
  ['omnidesk', 'executeAction', { ticketId: OMNIDESK, action: 'status.holding' }],
  ['omnidesk', 'setStatus', { ticketIds: [OMNIDESK, 'omnidesk:858461'], status: 'SOLVED' }],
  ['omnidesk', 'setPriority', { ticketIds: [OMNIDESK], priority: 'URGENT' }],
  [
    'omnidesk',
    'createTicket',
    {
      ticket: {
        omnidesk: { brandId: 1, channelId: 2, direction: 'INBOUND', from: 'a@b', fromName: TEXT, to: 'c', title: TEXT },
      },
    },
  ],
  ['omnidesk', 'updateTicket', { ticketId: OMNIDESK, title: TEXT, externalCustomerId: TEXT, status: 'SOLVED' }],
  ['omnidesk', 'deleteTickets', { ticketIds: [OMNIDESK, 'omnidesk:858461', OMNIDESK] }],
  ['omnidesk', 'unlinkCustomer', { ticketId: OMNIDESK }],
  ['omnidesk', 'runBatch', { ticketIds: [OMNIDESK], actions: [{ actionType: 'addTag', value: TEXT }] }],
  ['omnidesk', 'solveUnfinishedTickets', { confirm: true }],
  ['huawei', 'executeAction', { ticketId: HUAWEI, action: 'close', comment: TEXT, inputs: { judgement: TEXT } }],
  ['huawei', 'executeAction', { ticketId: HUAWEI, action: 'press' }],
  ['huawei', 'setStatus', { ticketIds: [HUAWEI], status: 'CANCELLED' }],
  ['jifeline', 'executeAction', { ticketId: JIFELINE, action: 'cancel', inputs: { cancelReasonId: 2 } }],
  ['jifeline', 'setStatus', { ticketIds: [JIFELINE], status: 'SOLVED' }],
  ['jifeline', 'transitionInProgress', { ticketId: JIFELINE, transition: { complete: { extra: { text: TEXT } } } }],
  [
    'jifeline',
    'transitionInProgress',
    { ticketId: JIFELINE, transition: { outsource: { productIds: [UUID], providerId: UUID } } },
  ],
  ['jifeline', 'assignOperator', { ticketId: JIFELINE, operatorId: UUID }],
];

/** Other ways to be connected, which change what is sent. */
const CONNECTIONS: readonly (readonly [
  title: string,
  sample: number,
  change: (settings: Environment) => Environment,
])[] = [
  [
    'Akana with a session that is given',
    4,
    without(['USERNAME', 'PASSWORD'], { AUTH_TOKEN: 'to%2Bken', CSRF_TOKEN: 'csrf' }),
  ],
  ['Akana with a token alone', 4, without(['USERNAME', 'PASSWORD'], { AUTH_TOKEN: 'to%2Bken' })],
  ['Omnidesk in JSON', 10, without([], { BODY: 'json' })],
  ['Omnidesk with a key that needs encoding', 10, without([], { API_KEY: 'k=&y /+%' })],
  ['Huawei with a token, a site and a group', 15, without([], { AUTH_TOKEN: 'token', SITE: '1', GROUP_ID: 'g 7' })],
  ['Jifeline without an API key', 22, without(['API_KEY'], {})],
];

function without(names: readonly string[], more: Environment): (settings: Environment) => Environment {
  return (settings) => {
    const key = Object.keys(settings)[0]!.split('_')[0]!;
    const kept = Object.entries(settings).filter(([name]) => !names.includes(name.slice(key.length + 1)));
    const added = Object.entries(more).map(([name, value]) => [`${key}_${name}`, value]);
    return Object.fromEntries([...kept, ...added]) as Environment;
  };
}

async function run(endpoint: Endpoint, mutation: string, input: Input): Promise<Payload> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const { data, errors } = await endpoint.ask(
    `mutation ($input: ${type}) { payload: ${mutation}(input: $input) {
       outcome replayed problems { code } plan { vendor method url headers body } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data.payload as Payload;
}

const SIGN_IN = /^\/(api\/login|v3\/auth\/tokens|oauth2\/token)/;

/** Headers that belong to the connection and not to the request. */
const OF_THE_CONNECTION = ['host', 'connection'];

interface Arrived {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string | undefined;
}

const isWrite = ({ method, target }: Arrived): boolean => method !== 'GET' && !SIGN_IN.test(target);

/** What arrived, in the form of a plan; secrets as they are. */
function toPlanned({ method, target, headers, body }: Arrived, vendor: string, baseUrl: string): Planned {
  const own = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name));
  return {
    vendor,
    method,
    url: baseUrl + target,
    headers: Object.fromEntries(own) as Environment,
    body: body === '' ? null : (body ?? null),
  };
}

/** The arrived text, with its secrets replaced where the planned one says so. */
function redactedLike(planned: string, arrived: string | undefined): string | undefined {
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

/** What nobody may see in a plan: what is configured as one, and what the vendor's sign-in gave out. */
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

async function comparePlan(key: string, mutation: string, input: Input, change = (settings: Environment) => settings) {
  const sandbox = await startSandbox([key]);
  onTestFinished(() => sandbox.close());
  const [vendor] = sandbox.vendors;
  // What the vendor thinks of the credentials does not matter here, and a 401 would be followed by a second try.
  vendor!.faults = ({ method, path }) =>
    method === 'GET' || SIGN_IN.test(path) ? undefined : { kind: 'answer', applied: false, reply: { status: 403 } };
  const settings = change(sandbox.settings);
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
    .map((arrival) => toPlanned(arrival, key.toUpperCase(), vendor!.url));
  expectSame(dry.plan!, arrived);
  const shown = JSON.stringify(dry);
  expect(secretsOf(settings, arrived).filter((secret) => shown.includes(secret))).toEqual([]);
  return { dry, arrived };
}

describe('a dry run sends nothing, and shows what is then sent', () => {
  test('every mutation of every vendor is tried here, or in its exchanges', () => {
    const inExchanges = DOCUMENTED.flatMap(([key, exchanges]) =>
      exchanges.flatMap((exchange) => mutationsIn(exchange).map(({ name }) => `${key} ${name.value}`)),
    );
    const sampled = new Set([...SAMPLES.map(([key, mutation]) => `${key} ${mutation}`), ...inExchanges]);
    const offered = vendors.flatMap(({ key, mutations }) => mutations.map((mutation) => `${key} ${mutation}`));
    expect(offered.filter((each) => !sampled.has(each))).toEqual([]);
  });

  test.each(SAMPLES.map(([key, mutation, input]) => ({ key, mutation, input })))(
    'at $key: $mutation',
    async ({ key, mutation, input }) => {
      const { dry, arrived } = await comparePlan(key, mutation, input);
      if (key === 'requestor' && mutation === 'setStatus') {
        expect(dry).toMatchObject({ plan: [], problems: [{ code: 'UNSUPPORTED' }] });
      } else {
        expect(dry.problems).toEqual([]);
        expect(arrived.length).toBeGreaterThan(0);
      }
    },
  );

  test.each(CONNECTIONS)('to %s', async (_, sample, change) => {
    const [key, mutation, input] = SAMPLES[sample]!;
    const { arrived } = await comparePlan(key, mutation, input, change);
    expect(arrived).toHaveLength(1);
  });

  test('to a base address with a path of its own', async () => {
    const replay = await startReplay([]);
    onTestFinished(() => replay.close());
    const url = `${replay.url}/below/this%20path`;
    const settings = { REQUESTOR_USERNAME: 'user', REQUESTOR_PASSWORD: 'password', REQUESTOR_URL: `${url}/` };
    const endpoint = await startEndpoint(settings);
    onTestFinished(() => endpoint.close());
    const input = { ticketId: REQUESTOR, action: '207' };
    const dry = await run(endpoint, 'pushWorkflow', { ...input, dryRun: true });
    expect(replay.unexpected).toEqual([]);
    await run(endpoint, 'pushWorkflow', input);
    expect(dry.plan?.map((plan) => plan.url)).toEqual([`${url}/api/Tickets/WorkflowPush`]);
    expect(replay.unexpected.map(({ method, target }) => `${method} ${replay.url}${target}`)).toEqual([
      `POST ${dry.plan?.[0]?.url}`,
    ]);
  });

  test('to many vendors at once, with what each of them would be sent', async () => {
    const sandbox = await startSandbox(vendors.map(({ key }) => key));
    onTestFinished(() => sandbox.close());
    const endpoint = await startEndpoint(sandbox.settings);
    onTestFinished(() => endpoint.close());
    const ticketIds = [JIFELINE, HUAWEI, OMNIDESK, AKANA, REQUESTOR, 'nobody:1', HUAWEI];
    const dry = await run(endpoint, 'setStatus', { ticketIds, status: 'CLOSED', dryRun: true });
    expect(sandbox.vendors.flatMap(({ ledger }) => ledger)).toEqual([]);
    expect(dry.problems).toEqual([{ code: 'UNSUPPORTED' }, { code: 'INVALID_INPUT' }]);
    expect(dry.plan!.map(({ vendor }) => vendor)).toEqual(['JIFELINE', 'HUAWEI', 'OMNIDESK', 'AKANA']);
    await run(endpoint, 'setStatus', { ticketIds, status: 'CLOSED' });
    const arrived = sandbox.vendors.flatMap(({ key, url, ledger }) =>
      ledger
        .map(({ arrival }) => arrival)
        .filter(isWrite)
        .map((arrival) => toPlanned(arrival, key.toUpperCase(), url)),
    );
    expectSame(dry.plan!, arrived);
  });

  test('not even a connection is opened', async () => {
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
    for (const [, mutation, input] of SAMPLES) await run(endpoint, mutation, { ...input, dryRun: true });
    expect(connections).toBe(0);
    await run(endpoint, 'executeAction', { ticketId: HUAWEI, action: 'press' });
    expect(connections).toBeGreaterThan(0);
  });
});

// ---------------------------------------------------------------- the documented exchanges

/**
 * Each vendor's exchanges that write once, since a second write may be another for what the first has told; of those that
 * send the same, which differ in what comes back, one.
 */
const DOCUMENTED = vendors.map(({ key }) => {
  const folder = join(import.meta.dirname, '../../../datasources', key, 'exchanges');
  const writing = loadExchanges(folder).filter(
    (exchange) => mutationsIn(exchange).length === 1 && writesOf(exchange).length > 0,
  );
  return [key, [...new Map(writing.map((exchange) => [JSON.stringify(sentBy(exchange)), exchange])).values()]] as const;
});

function writesOf({ exchange }: Exchange): Exchange['exchange'][number]['request'][] {
  return exchange
    .map(({ request }) => request)
    .filter(({ method, target }) => method !== 'GET' && !SIGN_IN.test(target));
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

/** The exchange's mutation as a dry run that shows its plan, each input with `dryRun`, wherever it stands. */
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

describe.each(DOCUMENTED)('a dry run of what is documented of %s shows what is then sent', (key, exchanges) => {
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
    const arrived = replay.seen.map((seen) => seen.arrived).filter(isWrite);
    // After a 401 the same is sent once more with other credentials.
    const once = new Map(arrived.map((seen) => [`${seen.method} ${seen.target} ${seen.body}`, seen]));
    expectSame(
      plan,
      [...once.values()].map((seen) => toPlanned(seen, key.toUpperCase(), replay.url)),
    );
  });
});
