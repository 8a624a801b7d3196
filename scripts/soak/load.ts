/** Clients that read, and that write with keys until they have a final answer; and the audit of each answer. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../test/support/endpoint.ts';
import type { Replica } from '../../test/support/replica.ts';
import type { Count, SoakVendors } from './vendors.ts';

/** Whom the clients ask: any replica, or the one address in front of them all. */
export interface Target {
  pick(): Pick<Replica, 'ask'>;
}

export interface Manner {
  /** Milliseconds between two writes of one writer, and two reads of one reader. */
  readonly pauseMs: number;
  /** Whether a connection may break: then the client asks again, else the request counts as lost. */
  readonly mayBreak: boolean;
  /** Awaited before each request: holds the rate. */
  pace?(): Promise<void>;
}

export interface Tally {
  /** Tickets by the outcome that their writes had in the end. */
  readonly outcomes: Record<string, number>;
  /** Requests that were answered. */
  requests: number;
  keys: number;
  /** Final answers that came from an earlier call with the key. */
  replayed: number;
  /** Calls made again, because the connection broke or the answer said that it may be. */
  again: number;
  reads: number;
  /** Reads of which a part failed, as it must where a vendor does. */
  partialReads: number;
  /** What must never be. */
  readonly violations: string[];
}

export function newTally(): Tally {
  return { outcomes: {}, requests: 0, keys: 0, replayed: 0, again: 0, reads: 0, partialReads: 0, violations: [] };
}

/** Milliseconds after which a client gives a call up, and calls again. */
const PATIENCE_MS = 20_000;

/** Calls for one answer, after which something is wrong. */
const MAX_CALLS = 300;

export interface Load {
  /** Writes until the time is over; resolves when the last key has its final answer. */
  write(until: () => boolean): Promise<void>;
  read(until: () => boolean): Promise<void>;
}

export function createLoad(target: Target, vendors: SoakVendors, tally: Tally, manner: Manner): Load {
  const taken = new Set<string>();
  const ask = createAsking(target, tally, manner);
  const { pauseMs } = manner;

  const writeOnce = async (): Promise<void> => {
    const wanted = pickSome(vendors.tickets(), taken, Math.random() < 0.2 ? 4 : 1);
    wanted.forEach((ticket) => taken.add(ticket));
    try {
      const order = await chooseOrder(wanted, ask);
      if (order) await carryOut(order, ask, vendors, tally);
    } finally {
      wanted.forEach((ticket) => taken.delete(ticket));
    }
  };

  return {
    async write(until) {
      while (!until()) {
        await writeOnce();
        await sleep(pauseMs);
      }
    },
    async read(until) {
      while (!until()) {
        const ids = pickSome(vendors.tickets(), new Set(), 10);
        const { errors } = await ask(READS[tally.reads % READS.length]!, { ids });
        tally.reads += 1;
        if (errors) tally.partialReads += 1;
        await sleep(pauseMs);
      }
    },
  };
}

const READS = [
  'query ($ids: [ID!]!) { ticketsById(ids: $ids) { ... on TicketFields { id title status { category raw } } } }',
  `{ tickets(first: 50) { nodes { ... on TicketFields { id reference createdAt } }
       sources { vendor totalCount problem { code } } } }`,
] as const;

// ---------------------------------------------------------------- asking

type Ask = (query: string, variables: Readonly<Record<string, unknown>>) => Promise<Answer>;

/** Asks until somebody answers, where connections may break as they do when a replica is killed. */
function createAsking(target: Target, tally: Tally, { mayBreak, pace }: Manner): Ask {
  return async (query, variables) => {
    for (let calls = 1; ; calls += 1) {
      if (pace) await pace();
      try {
        const answer = await target.pick().ask(query, variables, { signal: AbortSignal.timeout(PATIENCE_MS) });
        tally.requests += 1;
        const defect = answer.errors?.find(({ extensions }) => extensions?.['code'] === 'INTERNAL_SERVER_ERROR');
        if (defect) tally.violations.push(`a defect was answered: ${JSON.stringify(defect)}`);
        return answer;
      } catch (error) {
        if (!mayBreak) tally.violations.push(`a request was lost: ${String(error)}`);
        if (calls >= MAX_CALLS) throw error;
        tally.again += 1;
        await sleep(50 + Math.random() * 100);
      }
    }
  };
}

function pickSome(tickets: readonly string[], taken: ReadonlySet<string>, count: number): string[] {
  const free = tickets.filter((ticket) => !taken.has(ticket));
  return Array.from({ length: Math.min(count, free.length) }, () => {
    return free.splice(Math.floor(Math.random() * free.length), 1)[0]!;
  });
}

// ---------------------------------------------------------------- what to do

interface Order {
  readonly mutation: string;
  readonly tickets: readonly string[];
  readonly input: Readonly<Record<string, unknown>>;
}

interface SeenTicket {
  readonly id: string;
  readonly status: { readonly category: string | null };
  readonly availableActions: readonly {
    readonly name: string;
    readonly inputs: readonly { readonly required: boolean }[];
  }[];
}

const LOOK = `query ($ids: [ID!]!) { tickets: ticketsById(ids: $ids) { ... on TicketFields { id status { category }
  availableActions { ... on TicketActionFields { name inputs { required } } } } } }`;

/**
 * Something that changes these tickets: they are looked at first, since a write that leads where its ticket stands
 * already could be told as applied without having done anything.
 */
async function chooseOrder(wanted: readonly string[], ask: Ask): Promise<Order | undefined> {
  const data = (await ask(LOOK, { ids: wanted })).data as { tickets: (SeenTicket | null)[] } | null | undefined;
  const seen = (data?.tickets ?? []).filter((ticket) => ticket !== null);
  if (wanted.length > 1) {
    const tickets = seen.filter(({ status }) => status.category === 'OPEN').map(({ id }) => id);
    return tickets.length > 0
      ? { mutation: 'setStatus', tickets, input: { ticketIds: tickets, status: 'SOLVED' } }
      : undefined;
  }
  const [ticket] = seen;
  const ready = ticket?.availableActions.filter(({ inputs }) => inputs.every(({ required }) => !required)) ?? [];
  const action = ready[Math.floor(Math.random() * ready.length)];
  if (!ticket || !action) return undefined;
  return { mutation: 'executeAction', tickets: [ticket.id], input: { ticketId: ticket.id, action: action.name } };
}

// ---------------------------------------------------------------- doing it, and the audit

interface Payload {
  readonly outcome: string;
  readonly replayed: boolean;
  readonly problems: readonly { readonly retryable: boolean }[];
  readonly results?: readonly { readonly ticketId: string; readonly outcome: string }[];
}

async function carryOut(order: Order, ask: Ask, vendors: SoakVendors, tally: Tally): Promise<void> {
  const key = randomUUID();
  const before = order.tickets.map((ticket) => vendors.count(ticket));
  const final = await untilFinal(order, key, ask, tally);
  // Of what was not applied, only what the vendor said is kept; the rest may go better the next time.
  if (final.outcome !== 'NOT_APPLIED' && Math.random() < 0.3) await expectSame(order, key, final, ask, tally);
  tally.keys += 1;
  if (final.replayed) tally.replayed += 1;
  order.tickets.forEach((ticket, index) => {
    const outcome = final.results?.find(({ ticketId }) => ticketId === ticket)?.outcome ?? final.outcome;
    tally.outcomes[outcome] = (tally.outcomes[outcome] ?? 0) + 1;
    const fault = findViolation(outcome, before[index]!, vendors.count(ticket));
    if (fault) tally.violations.push(`${ticket} ${JSON.stringify(order.input)} ${outcome}: ${fault}`);
  });
}

/** What the vendor's own counts say against an outcome. */
function findViolation(outcome: string, before: Count, after: Count): string | undefined {
  const effects = after.effects - before.effects;
  const sent = after.sent - before.sent;
  if (sent > 1 || effects > 1) return `sent ${sent} times with one key, ${effects} effects`;
  if (outcome === 'APPLIED' && effects !== 1) return 'it had no effect';
  if (outcome === 'NOT_APPLIED' && effects !== 0) return 'it had an effect';
  return undefined;
}

/** Calls with one key until the answer is not one that asks for another call. */
async function untilFinal(order: Order, key: string, ask: Ask, tally: Tally): Promise<Payload> {
  for (let calls = 1; ; calls += 1) {
    const payload = await callOnce(order, key, ask);
    const mayCallAgain = payload.problems.length > 0 && payload.problems.every(({ retryable }) => retryable);
    if (payload.outcome !== 'NOT_APPLIED' || !mayCallAgain || calls >= MAX_CALLS) return payload;
    tally.again += 1;
    await sleep(100 + Math.random() * 200);
  }
}

async function callOnce({ mutation, input }: Order, key: string, ask: Ask): Promise<Payload> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
  const results = 'ticketIds' in input ? 'results { ticketId outcome }' : '';
  const query = `mutation ($input: ${type}) { payload: ${mutation}(input: $input) { outcome replayed
    problems { code retryable } ${results} } }`;
  const answer = await ask(query, { input: { ...input, idempotencyKey: key } });
  const data = answer.data as { payload: Payload } | null | undefined;
  if (!data) throw new Error(`A mutation must always have a payload: ${JSON.stringify(answer.errors)}`);
  return data.payload;
}

/** The kept answer is the answer, whoever gives it. */
async function expectSame(order: Order, key: string, final: Payload, ask: Ask, tally: Tally): Promise<void> {
  const again = await untilFinal(order, key, ask, tally);
  if (JSON.stringify({ ...again, replayed: null }) === JSON.stringify({ ...final, replayed: null }) && again.replayed)
    return;
  tally.violations.push(`${key}: first ${JSON.stringify(final)}, then ${JSON.stringify(again)}`);
}
