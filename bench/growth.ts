/** Measures how the cost of a ticket depends on the number of tickets and vendors, and on failures. */
import type { RunningServer } from './server-group.ts';
import { sendAll, type Operation } from './load.ts';
import { shuffle, toSpread, type Spread } from './measure.ts';
import { TICKET_FIELDS, ticketIds } from './workloads.ts';
import { FORBIDDEN_FROM, VENDORS } from './tickets.ts';

export interface Point {
  readonly x: number;
  readonly value: Spread;
}

export interface Curve {
  readonly title: string;
  readonly points: readonly Point[];
}

export interface Growth {
  /** Microseconds of CPU time for each ticket, by tickets in the operation. */
  readonly byTickets: readonly Curve[];
  /** The same for 25 tickets, by the number of their vendors. */
  readonly byVendors: readonly Curve[];
}

/** Limit of ids per field. Larger operations use several fields. */
const MAX_IDS_PER_FIELD = 200;

/** Tickets per round, regardless of the operation's size. */
const TICKETS_PER_ROUND = 600;

/** Limit of tickets in flight. */
const MAX_TICKETS_IN_FLIGHT = 150;

/** An operation with more of them could make more calls than are allowed. */
const SIZES = [1, 2, 5, 10, 25, 50, 100, 200, 500];
const TICKETS_ACROSS_VENDORS = 25;

interface Case {
  readonly operation: Operation;
  readonly tickets: number;
  readonly allowErrors: boolean;
}

export async function measureGrowth(server: RunningServer, rounds: number): Promise<Growth> {
  const found = SIZES.map((tickets) => toCase(tickets, VENDORS.length, 0));
  const refused = SIZES.map((tickets) => toCase(tickets, VENDORS.length, FORBIDDEN_FROM));
  const spread = VENDORS.map((_, index) => toCase(TICKETS_ACROSS_VENDORS, index + 1, 0));
  const cases = [...found, ...refused, ...spread];
  const costs = new Map<Case, number[]>(cases.map((one) => [one, []]));
  let next = 0;
  // Two warm-up rounds.
  for (let round = -2; round < rounds; round += 1) {
    for (const one of shuffle(cases)) {
      const operations = Math.max(1, Math.round(TICKETS_PER_ROUND / one.tickets));
      const micros = await run(server, one, operations, next);
      if (round >= 0) costs.get(one)!.push(micros / operations / one.tickets);
      next += operations;
    }
  }
  const toPoints = (of: readonly Case[], xs: readonly number[]): Point[] =>
    of.map((one, index) => ({ x: xs[index]!, value: toSpread(costs.get(one)!) }));
  return {
    byTickets: [
      { title: 'found', points: toPoints(found, SIZES) },
      { title: 'rejected by the vendor', points: toPoints(refused, SIZES) },
    ],
    byVendors: [
      {
        title: `${TICKETS_ACROSS_VENDORS} tickets`,
        points: toPoints(
          spread,
          VENDORS.map((_, index) => index + 1),
        ),
      },
    ],
  };
}

async function run({ process, target }: RunningServer, one: Case, operations: number, from: number): Promise<number> {
  const { operation, tickets, allowErrors } = one;
  const concurrency = Math.max(1, Math.min(16, Math.floor(MAX_TICKETS_IN_FLIGHT / tickets)));
  const before = await process.cpuMicros();
  await sendAll(target, operation, { operations, concurrency, from, allowErrors });
  return (await process.cpuMicros()) - before;
}

function toCase(tickets: number, vendors: number, offset: number): Case {
  const fields = Math.ceil(tickets / MAX_IDS_PER_FIELD);
  const names = Array.from({ length: fields }, (_, index) => `ids${index}`);
  const declared = names.map((name) => `$${name}: [ID!]!`).join(', ');
  const operation = names.map((name) => `${name}: ticketsById(ids: $${name}) { ...Fields }`).join(' ');
  return {
    tickets,
    allowErrors: offset > 0,
    operation: {
      query: `query Grow(${declared}) { ${operation} } ${TICKET_FIELDS}`,
      path: '',
      variables: (n) => {
        const ids = ticketIds(n, tickets, vendors, offset);
        return Object.fromEntries(
          names.map((name, index) => [name, ids.slice(index * MAX_IDS_PER_FIELD, (index + 1) * MAX_IDS_PER_FIELD)]),
        );
      },
    },
  };
}
