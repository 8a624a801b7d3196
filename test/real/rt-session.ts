/** ticketgraph in front of a Request Tracker, with a proxy in between, and what RT recorded of each write. */
import { afterAll, beforeAll } from 'vitest';
import { startEndpoint, type Endpoint, type EndpointOptions } from '../support/endpoint.ts';
import { inputTypeOf } from '../support/samples.ts';
import { startCuttingProxy, type CuttingProxy, type ProxiedRequest } from './cutting-proxy.ts';
import { historyOf, settingsFor, type Change, type RtUser, type RtWorld } from './rt-world.ts';

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly upstreamMessage: string | null;
  readonly ticketId: string | null;
}

/** The payload of a mutation. Bulk mutations have `results`, the others `ticket` and, unless they create, `transition`. */
export interface Payload {
  readonly outcome: string;
  readonly reconciled: boolean;
  readonly replayed: boolean;
  readonly problems: readonly Problem[];
  readonly ticket?: { readonly id: string; readonly status: { readonly raw: string } } | null;
  readonly transition?: TransitionFields | null;
  readonly results?: readonly {
    readonly ticketId: string;
    readonly outcome: string;
    readonly problem: Problem | null;
  }[];
}

export interface TransitionFields {
  readonly ticketId: string;
  readonly action: string;
  readonly from: { readonly raw: string } | null;
  readonly to: { readonly raw: string; readonly category: string | null } | null;
}

const PROBLEM = '{ code message upstreamMessage ticketId }';
const TICKET = 'ticket { ... on TicketFields { id status { raw } } }';
const TRANSITION = 'transition { ... on TransitionFields { ticketId action from { raw } to { raw category } } }';
const RESULTS = `results { ticketId outcome problem ${PROBLEM} }`;

const SELECTIONS: Readonly<Record<string, string>> = {
  executeAction: `${TICKET} ${TRANSITION}`,
  updateTicket: TICKET,
  createTicket: TICKET,
  setStatus: RESULTS,
  deleteTickets: RESULTS,
};

export type Input = Readonly<Record<string, unknown>>;

/** Performs a mutation. Leaves out the ticket if `isBare`, so that nothing but the write itself calls upstream. */
export async function perform(
  endpoint: Pick<Endpoint, 'ask'>,
  mutation: string,
  input: Input,
  isBare = false,
): Promise<Payload> {
  const selection = isBare ? SELECTIONS[mutation]!.replace(TICKET, '') : SELECTIONS[mutation]!;
  const { data, errors } = await endpoint.ask(
    `mutation ($input: ${inputTypeOf(mutation)}) {
      done: ${mutation}(input: $input) { outcome reconciled replayed problems ${PROBLEM} ${selection} }
    }`,
    { input },
  );
  if (errors) throw new Error(`The mutation failed: ${JSON.stringify(errors)}`);
  return data.done as Payload;
}

/** Returns what RT recorded on some tickets while `run` ran, besides its result. */
export async function observe<Result>(
  world: RtWorld,
  ids: readonly number[],
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly changes: readonly Change[][] }> {
  const read = (): Promise<Change[][]> => Promise.all(ids.map((id) => historyOf(world, id)));
  const before = await read();
  const result = await run();
  const after = await read();
  return { result, changes: after.map((changes, index) => changes.slice(before[index]!.length)) };
}

/** Mutations that name tickets in the plural. */
const BULK = new Set(['setStatus', 'deleteTickets']);

export interface ObservedWrite {
  readonly payload: Payload;
  /** What RT recorded on the ticket meanwhile. */
  readonly changes: readonly Change[];
}

/**
 * Performs a write on one ticket.
 *
 * @param endpoint another one than the session's; its payload does not select the ticket, which its account may not see.
 */
export async function writeTo(
  { world, endpoint: own }: Session,
  id: number,
  mutation: string,
  input: Input,
  endpoint: Endpoint = own,
): Promise<ObservedWrite> {
  const named = BULK.has(mutation) ? { ticketIds: [`rt:${id}`] } : { ticketId: `rt:${id}` };
  const run = (): Promise<Payload> => perform(endpoint, mutation, { ...named, ...input }, endpoint !== own);
  const { result, changes } = await observe(world, [id], run);
  return { payload: result, changes: changes[0]! };
}

/** The change of a status as RT records it. */
export function statusChange(from: string, to: string, by: RtUser = 'gateway'): Omit<Change, 'id'> {
  return { type: 'Status', field: 'Status', from, to, by };
}

export interface Session {
  readonly world: RtWorld;
  readonly proxy: CuttingProxy;
  /** Connected as `gateway` through the proxy. */
  readonly endpoint: Endpoint;
  /** Starts another one in front of the same proxy. Closed after the last test. */
  connect(settings?: Readonly<Record<string, string>>, options?: EndpointOptions): Promise<Endpoint>;
  /** Starts one as another user. */
  connectAs(user: RtUser): Promise<Endpoint>;
}

/** Starts all of it before the first test of the surrounding `describe`. @returns a function, for use in tests only. */
export function useSession(open: () => Promise<RtWorld>): () => Session {
  let session: Session;
  const endpoints: Endpoint[] = [];
  beforeAll(async () => {
    const world = await open();
    const proxy = await startCuttingProxy(world.url);
    const connect: Session['connect'] = async (settings = {}, options) => {
      const endpoint = await startEndpoint({ ...settingsFor(proxy.url), ...settings }, options);
      endpoints.push(endpoint);
      return endpoint;
    };
    const connectAs = (user: RtUser): Promise<Endpoint> => connect(settingsFor(proxy.url, user));
    session = { world, proxy, endpoint: await connect(), connect, connectAs };
  });
  afterAll(async () => {
    await Promise.all(endpoints.map((endpoint) => endpoint.close()));
    await session.proxy.close();
    await session.world.close();
  });
  return () => session;
}

export function isWrite({ method }: Pick<ProxiedRequest, 'method'>): boolean {
  return method !== 'GET';
}

/** The writes that arrived at the proxy since a moment that `ledger.length` marks. */
export function writesSince({ ledger }: CuttingProxy, mark: number): ProxiedRequest[] {
  return ledger
    .slice(mark)
    .map(({ request }) => request)
    .filter(isWrite);
}
