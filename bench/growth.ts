/** How the cost of a ticket grows: with the number of tickets, with the number of vendors, and where each is refused. */
import type { Entrant } from './field.ts';
import { send, type Asked } from './load.ts';
import { shuffle, toSpread, type Spread } from './measure.ts';
import { TICKET_FIELDS, idsOf } from './workloads.ts';
import { REFUSED_FROM, VENDORS } from './tickets.ts';

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
  /** The same, by vendors that 25 tickets are spread over. */
  readonly byVendors: readonly Curve[];
}

/** One field takes no more ids than this; an operation for more has several. */
const IDS_A_FIELD = 200;

/** Tickets of a round, whatever the number in one operation. */
const TICKETS_A_ROUND = 600;

/** Tickets under way at once. */
const TICKETS_AT_ONCE = 150;

const SIZES = [1, 2, 5, 10, 25, 50, 100, 200, 500, 1_000];
const SPREAD_OVER = 25;

interface Case {
  readonly asked: Asked;
  readonly tickets: number;
  readonly allowsErrors: boolean;
}

export async function measureGrowth(entrant: Entrant, rounds: number): Promise<Growth> {
  const found = SIZES.map((tickets) => toCase(tickets, VENDORS.length, 0));
  const refused = SIZES.map((tickets) => toCase(tickets, VENDORS.length, REFUSED_FROM));
  const spread = VENDORS.map((_, index) => toCase(SPREAD_OVER, index + 1, 0));
  const cases = [...found, ...refused, ...spread];
  const costs = new Map<Case, number[]>(cases.map((one) => [one, []]));
  let next = 0;
  // The first two rounds make the code hot.
  for (let round = -2; round < rounds; round += 1) {
    for (const one of shuffle(cases)) {
      const operations = Math.max(1, Math.round(TICKETS_A_ROUND / one.tickets));
      const micros = await run(entrant, one, operations, next);
      if (round >= 0) costs.get(one)!.push(micros / operations / one.tickets);
      next += operations;
    }
  }
  const toPoints = (of: readonly Case[], xs: readonly number[]): Point[] =>
    of.map((one, index) => ({ x: xs[index]!, value: toSpread(costs.get(one)!) }));
  return {
    byTickets: [
      { title: 'found', points: toPoints(found, SIZES) },
      { title: 'refused by the vendor', points: toPoints(refused, SIZES) },
    ],
    byVendors: [
      {
        title: `${SPREAD_OVER} tickets`,
        points: toPoints(
          spread,
          VENDORS.map((_, index) => index + 1),
        ),
      },
    ],
  };
}

async function run({ process, target }: Entrant, one: Case, operations: number, from: number): Promise<number> {
  const { asked, tickets, allowsErrors } = one;
  const concurrency = Math.max(1, Math.min(16, Math.floor(TICKETS_AT_ONCE / tickets)));
  const before = await process.cpuMicros();
  await send(target, asked, { operations, concurrency, from, allowsErrors });
  return (await process.cpuMicros()) - before;
}

function toCase(tickets: number, vendors: number, offset: number): Case {
  const fields = Math.ceil(tickets / IDS_A_FIELD);
  const names = Array.from({ length: fields }, (_, index) => `ids${index}`);
  const declared = names.map((name) => `$${name}: [ID!]!`).join(', ');
  const asked = names.map((name) => `${name}: ticketsById(ids: $${name}) { ...Fields }`).join(' ');
  return {
    tickets,
    allowsErrors: offset > 0,
    asked: {
      query: `query Grow(${declared}) { ${asked} } ${TICKET_FIELDS}`,
      path: '',
      variables: (n) => {
        const ids = idsOf(n, tickets, vendors, offset);
        return Object.fromEntries(
          names.map((name, index) => [name, ids.slice(index * IDS_A_FIELD, (index + 1) * IDS_A_FIELD)]),
        );
      },
    },
  };
}
