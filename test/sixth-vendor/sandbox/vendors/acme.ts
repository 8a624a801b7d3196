/**
 * Simulates Acme, a ticket system that exists only in `test/architecture.test.ts`: `GET /tickets/{number}`, `GET /tickets?from=&limit=` and `POST /tickets/{number}/shut`, with a token in a header.
 */
import { isObject, json, mediaTypeOf, parseJson } from '../reply.ts';
import type { ReceivedRequest, CannedResponse, SimulatedVendor, Simulation, SimulationTools } from '../simulation.ts';

const TOKEN = 'token-of-acme';
const COUNT = 48;
const HOUR_MS = 3_600_000;
const SUBJECTS = ['Anvil too light', 'Rocket skates pull to the left', 'Tunnel does not open', null];
const SHELVES = ['A1', 'B7', null];

interface Ticket {
  readonly number: string;
  readonly subject: string | null;
  state: 'open' | 'shut';
  readonly created: string;
  readonly shelf: string | null;
}

export const simulation: Simulation = {
  key: 'acme',
  settings: (url) => ({ ACME_URL: url, ACME_TOKEN: TOKEN }),
  start: startAcme,
  samples: {
    ticketId: '48',
    unknownId: '4800',
    invalidIds: ['', '-1', '48/shut', '0x30', '1234567890'],
    action: 'shut',
    discardingActions: [],
    acceptedStatus: 200,
    writes: [
      {
        title: 'executeAction shut',
        mutation: 'executeAction',
        input: { ticketId: 'acme:48', action: 'shut' },
        ticketIds: ['48'],
        effect: 'shut',
        canBeVerified: true,
        acceptsEmpty: false,
      },
    ],
    keyedAction: { ticketId: 'acme:48', action: 'shut', comment: 'Done.' },
    // Ticket 45 is already shut.
    rejected: [{ mutation: 'executeAction', input: { ticketId: 'acme:45', action: 'shut' } }],
    inputs: (text) => [{ mutation: 'executeAction', input: { ticketId: 'acme:48', action: 'shut', comment: text } }],
    errorBody: (message) => ({ sorry: message }),
    list: {
      path: '/tickets',
      total: COUNT,
      offset: 'from',
      limit: 'limit',
      entry: (n, createdAt) => ({
        number: String(n + 1),
        subject: null,
        state: 'open',
        created: createdAt,
        shelf: null,
      }),
      page: (tickets, total) => ({ tickets, ...(total !== null && { total }) }),
    },
  },
};

function startAcme(tools: SimulationTools): SimulatedVendor {
  const tickets = seedTickets(tools.now());

  const list = ({ query }: ReceivedRequest): CannedResponse => {
    const [from, limit] = [Number(query.get('from') ?? 0), Number(query.get('limit') ?? 25)];
    if (!Number.isInteger(from) || !Number.isInteger(limit) || from < 0 || limit < 0) return sorry(400, 'no such page');
    return json(200, { tickets: tickets.slice(from, from + limit), total: tickets.length });
  };

  const shut = (arrival: ReceivedRequest, ticket: Ticket): CannedResponse => {
    const body = mediaTypeOf(arrival) === 'application/json' ? parseJson(arrival.body) : undefined;
    if (!isObject(body) || Object.keys(body).join() !== 'reason') return sorry(400, 'a reason is required');
    if (ticket.state === 'shut') return sorry(409, 'already shut');
    ticket.state = 'shut';
    tools.applied({ what: 'shut', ticket: ticket.number });
    return json(200, {});
  };

  const handle = (arrival: ReceivedRequest): CannedResponse => {
    if (arrival.headers['x-acme-token'] !== TOKEN) return sorry(401, 'invalid token');
    const line = `${arrival.method} ${arrival.path}`;
    if (line === 'GET /tickets') return list(arrival);
    const [, verb, number, shutting] = /^(GET|POST) \/tickets\/(\d+)(\/shut)?$/.exec(line) ?? [];
    const ticket = tickets.find((each) => each.number === number);
    if (!ticket || (verb === 'POST') !== (shutting !== undefined)) return sorry(404, 'not found');
    return shutting ? shut(arrival, ticket) : json(200, ticket);
  };

  return { handle, ticketIds: () => tickets.map(({ number }) => number) };
}

function sorry(status: number, why: string): CannedResponse {
  return json(status, { sorry: why });
}

/** Newest first, one per hour. Every fourth is shut. */
function seedTickets(now: number): Ticket[] {
  return Array.from({ length: COUNT }, (_, age): Ticket => {
    return {
      number: String(COUNT - age),
      subject: SUBJECTS[age % SUBJECTS.length] ?? null,
      state: age % 4 === 3 ? 'shut' : 'open',
      created: new Date(now - (age + 1) * HOUR_MS).toISOString(),
      shelf: SHELVES[age % SHELVES.length] ?? null,
    };
  });
}
