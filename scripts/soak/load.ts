/** Clients that read, and that write with idempotency keys until the result is final. Verifies each result. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../test/support/post.ts';
import type { Replica } from '../../test/support/replica.ts';
import { inputTypeOf } from '../../test/support/samples.ts';
import type { Count, SoakVendors } from './vendors.ts';

/** Where requests are sent: to a random replica, or to a load balancer. */
export interface Target {
  pick(): Pick<Replica, 'ask'>;
}

export interface LoadOptions {
  /** Pause of each client between two requests. */
  readonly pauseMs: number;
  /** Whether connections may break: then the client retries. Otherwise the request counts as lost. */
  readonly canDisconnect: boolean;
  /** Awaited before each request, to limit the rate. */
  pace?(): Promise<void>;
}

export interface LoadResult {
  /** Number of tickets by final outcome. */
  readonly outcomes: Record<string, number>;
  /** Requests with a response. */
  requests: number;
  writes: number;
  /** Final results that were stored by an earlier request with the key. */
  replayed: number;
  /** Retries, because the connection broke or the problem was retryable. */
  retries: number;
  reads: number;
  /** Reads with errors, which are expected if a vendor fails. */
  partialReads: number;
  /** Broken guarantees. */
  readonly violations: string[];
}

export function newLoadResult(): LoadResult {
  return { outcomes: {}, requests: 0, writes: 0, replayed: 0, retries: 0, reads: 0, partialReads: 0, violations: [] };
}

/** Timeout of a client's request. */
const REQUEST_TIMEOUT_MS = 20_000;

/** Attempts after which the load test fails. */
const MAX_ATTEMPTS = 300;

export interface Load {
  /** Writes until `until` returns true. Resolves when the last write has its final result. */
  write(until: () => boolean): Promise<void>;
  read(until: () => boolean): Promise<void>;
}

export function createLoad(target: Target, vendors: SoakVendors, result: LoadResult, options: LoadOptions): Load {
  const inUse = new Set<string>();
  const send = createSender(target, result, options);
  const { pauseMs } = options;

  const writeOnce = async (): Promise<void> => {
    const wanted = pickSome(vendors.tickets(), inUse, Math.random() < 0.2 ? 4 : 1);
    wanted.forEach((ticket) => inUse.add(ticket));
    try {
      const write = await planWrite(wanted, send);
      if (write) await executeWrite(write, send, vendors, result);
    } finally {
      wanted.forEach((ticket) => inUse.delete(ticket));
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
        const { errors } = await send(READS[result.reads % READS.length]!, { ids });
        result.reads += 1;
        if (errors) result.partialReads += 1;
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

// ---------------------------------------------------------------- requests

type Send = (query: string, variables: Readonly<Record<string, unknown>>) => Promise<Answer>;

/** Sends a request. Retries after a lost connection, which is expected when a replica is killed. */
function createSender(target: Target, result: LoadResult, { canDisconnect, pace }: LoadOptions): Send {
  return async (query, variables) => {
    for (let attempts = 1; ; attempts += 1) {
      if (pace) await pace();
      try {
        const response = await target.pick().ask(query, variables, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
        result.requests += 1;
        const internalError = response.errors?.find(
          ({ extensions }) => extensions?.['code'] === 'INTERNAL_SERVER_ERROR',
        );
        if (internalError) result.violations.push(`internal server error: ${JSON.stringify(internalError)}`);
        return response;
      } catch (error) {
        if (!canDisconnect) result.violations.push(`request lost: ${String(error)}`);
        if (attempts >= MAX_ATTEMPTS) throw error;
        result.retries += 1;
        await sleep(50 + Math.random() * 100);
      }
    }
  };
}

function pickSome(tickets: readonly string[], inUse: ReadonlySet<string>, count: number): string[] {
  const free = tickets.filter((ticket) => !inUse.has(ticket));
  return Array.from({ length: Math.min(count, free.length) }, () => {
    return free.splice(Math.floor(Math.random() * free.length), 1)[0]!;
  });
}

// ---------------------------------------------------------------- planning a write

interface PlannedWrite {
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

const ACTIONS_QUERY = `query ($ids: [ID!]!) { tickets: ticketsById(ids: $ids) { ... on TicketFields { id status { category }
  availableActions { ... on TicketActionFields { name inputs { required } } } } } }`;

/**
 * Plans a write that changes these tickets. Reads them first, because a write to the current status could be reported as
 * applied without having an effect.
 */
async function planWrite(wanted: readonly string[], send: Send): Promise<PlannedWrite | undefined> {
  const data = (await send(ACTIONS_QUERY, { ids: wanted })).data as
    { tickets: (SeenTicket | null)[] } | null | undefined;
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

// ---------------------------------------------------------------- executing and verifying

interface Payload {
  readonly outcome: string;
  readonly replayed: boolean;
  readonly problems: readonly { readonly retryable: boolean }[];
  readonly results?: readonly { readonly ticketId: string; readonly outcome: string }[];
}

async function executeWrite(write: PlannedWrite, send: Send, vendors: SoakVendors, result: LoadResult): Promise<void> {
  const key = randomUUID();
  const before = write.tickets.map((ticket) => vendors.count(ticket));
  const final = await sendUntilFinal(write, key, send, result);
  // Results that were not applied may be retried, so they are not all stored.
  if (final.outcome !== 'NOT_APPLIED' && Math.random() < 0.3) await expectSameReplay(write, key, final, send, result);
  result.writes += 1;
  if (final.replayed) result.replayed += 1;
  write.tickets.forEach((ticket, index) => {
    const outcome = final.results?.find(({ ticketId }) => ticketId === ticket)?.outcome ?? final.outcome;
    result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1;
    const violation = findViolation(outcome, before[index]!, vendors.count(ticket));
    if (violation) result.violations.push(`${ticket} ${JSON.stringify(write.input)} ${outcome}: ${violation}`);
  });
}

/** Compares an outcome with the vendor's counts. Returns the violation, or `undefined` if they match. */
function findViolation(outcome: string, before: Count, after: Count): string | undefined {
  const effects = after.effects - before.effects;
  const sent = after.sent - before.sent;
  if (sent > 1 || effects > 1) return `sent ${sent} times with one key, ${effects} effects`;
  if (outcome === 'APPLIED' && effects !== 1) return 'it had no effect';
  if (outcome === 'NOT_APPLIED' && effects !== 0) return 'it had an effect';
  return undefined;
}

/** Repeats the request with one key until its result is not retryable. */
async function sendUntilFinal(write: PlannedWrite, key: string, send: Send, result: LoadResult): Promise<Payload> {
  for (let attempts = 1; ; attempts += 1) {
    const payload = await sendOnce(write, key, send);
    const isRetryable = payload.problems.length > 0 && payload.problems.every(({ retryable }) => retryable);
    if (payload.outcome !== 'NOT_APPLIED' || !isRetryable || attempts >= MAX_ATTEMPTS) return payload;
    result.retries += 1;
    await sleep(100 + Math.random() * 200);
  }
}

async function sendOnce({ mutation, input }: PlannedWrite, key: string, send: Send): Promise<Payload> {
  const results = 'ticketIds' in input ? 'results { ticketId outcome }' : '';
  const query = `mutation ($input: ${inputTypeOf(mutation)}) { payload: ${mutation}(input: $input) { outcome replayed
    problems { code retryable } ${results} } }`;
  const response = await send(query, { input: { ...input, idempotencyKey: key } });
  const data = response.data as { payload: Payload } | null | undefined;
  if (!data) throw new Error(`The mutation returned no payload: ${JSON.stringify(response.errors)}`);
  return data.payload;
}

/** Verifies that every replica returns the stored result. */
async function expectSameReplay(
  write: PlannedWrite,
  key: string,
  final: Payload,
  send: Send,
  result: LoadResult,
): Promise<void> {
  const repeated = await sendUntilFinal(write, key, send, result);
  if (
    JSON.stringify({ ...repeated, replayed: null }) === JSON.stringify({ ...final, replayed: null }) &&
    repeated.replayed
  )
    return;
  result.violations.push(`${key}: first ${JSON.stringify(final)}, then ${JSON.stringify(repeated)}`);
}
