/** The simulated vendors of a soak: they fail now and then, begin anew on demand, and count what is done to each ticket. */
import type { Fault } from '../../sandbox/faults.ts';
import { loadSimulation } from '../../sandbox/index.ts';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import type {
  ReceivedRequest,
  AppliedEffect,
  CannedResponse,
  SimulatedVendor,
  Simulation,
} from '../../sandbox/simulation.ts';

export interface SoakVendors {
  /** The environment with which ticketgraph talks to them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Global ids of all tickets. */
  tickets(): string[];
  /** What has been done to a ticket, and by how many requests it could have been, so far. */
  count(ticket: string): Count;
  /** All tickets are again as they were at first; to be called while nothing is under way. */
  beginAnew(): void;
  /** Ends all tokens that were given out. */
  expireTokens(): void;
  /** While slow, every answer is long in coming. */
  beSlow(isSlow: boolean): void;
  /** Requests that arrived. */
  readonly arrivals: number;
  close(): Promise<void>;
}

export interface Count {
  /** Changes that the vendor made. */
  readonly effects: number;
  /** Writes that arrived and were not clearly refused. */
  readonly sent: number;
}

/** Chances in a thousand of what goes wrong with a request. */
const MISHAPS: readonly (readonly [chance: number, fault: Fault])[] = [
  [10, { kind: 'silent', applied: true }],
  [10, { kind: 'silent', applied: false }],
  [10, { kind: 'reset', applied: true }],
  [10, { kind: 'reset', applied: false }],
  [10, { kind: 'answer', applied: true, reply: { status: 500 } }],
  [10, { kind: 'answer', applied: false, reply: { status: 503 } }],
  [20, { kind: 'answer', applied: false, reply: { status: 429 } }],
  [10, { kind: 'answer', applied: true, reply: { status: 200, body: '<html>' } }],
  [10, { kind: 'answer', applied: false, reply: { status: 307, headers: { location: '/elsewhere' } } }],
  [10, { kind: 'truncate' }],
  [40, { kind: 'delay', delayMs: 100 }],
];

const SLOW: Fault = { kind: 'delay', delayMs: 600 };

/** @param isWell whether nothing ever goes wrong with them. */
export async function startSoakVendors(keys: readonly string[], isWell = false): Promise<SoakVendors> {
  let isSlow = false;
  const drawFault = (): Fault | undefined => {
    if (isSlow) return SLOW;
    return isWell ? undefined : drawMishap();
  };
  const vendors = await Promise.all(keys.map((key) => startOne(key, drawFault)));
  const find = (ticket: string): SoakVendor => vendors.find(({ key }) => ticket.startsWith(`${key}:`))!;
  return {
    settings: Object.assign({}, ...vendors.map(({ running }) => running.settings)) as Record<string, string>,
    tickets: () => vendors.flatMap(({ key, running }) => running.vendor.ticketIds().map((id) => `${key}:${id}`)),
    count: (ticket) => find(ticket).count(ticket.slice(ticket.indexOf(':') + 1)),
    beginAnew: () => vendors.forEach((vendor) => vendor.beginAnew()),
    expireTokens: () => vendors.forEach(({ running }) => running.vendor.expireTokens?.()),
    beSlow: (value) => {
      isSlow = value;
    },
    get arrivals() {
      return vendors.reduce((sum, { arrivals }) => sum + arrivals, 0);
    },
    async close() {
      await Promise.all(vendors.map(({ running }) => running.close()));
    },
  };
}

interface SoakVendor {
  readonly key: string;
  readonly running: RunningVendor;
  readonly arrivals: number;
  count(id: string): Count;
  beginAnew(): void;
}

async function startOne(key: string, drawFault: () => Fault | undefined): Promise<SoakVendor> {
  const counts = new Map<string, { effects: number; sent: number }>();
  const of = (id: string): { effects: number; sent: number } => {
    const count = counts.get(id) ?? { effects: 0, sent: 0 };
    counts.set(id, count);
    return count;
  };
  let arrivals = 0;
  let fault: Fault | undefined;
  const noteSent = (arrival: ReceivedRequest): void => {
    if (arrival.method === 'GET') return;
    for (const id of running.vendor.ticketIds()) if (isAbout(arrival, id)) of(id).sent += 1;
  };
  const anew = withNewBeginnings(await loadSimulation(key), {
    applied: (id) => (of(id).effects += 1),
    // An answer that arrives as it is, of a request that did nothing, is a refusal, whatever its status.
    answered: (arrival, { status }, didNothing) => {
      const isPlain = fault === undefined || fault.kind === 'delay';
      if (!isRefusal(status) && !(didNothing && isPlain)) noteSent(arrival);
    },
  });
  const running = await startVendor(anew.simulation, { keepLedger: false });
  running.faults = (arrival) => {
    arrivals += 1;
    fault = drawFault();
    const isCarriedOut = !fault || !('applied' in fault) || fault.applied;
    // What is carried out is noted when it is answered, in this same turn.
    if (!isCarriedOut && !(fault?.kind === 'answer' && isRefusal(fault.reply.status))) noteSent(arrival);
    return fault;
  };
  return {
    key,
    running,
    get arrivals() {
      return arrivals;
    },
    count: (id) => ({ ...of(id) }),
    beginAnew: () => anew.begin(),
  };
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500;
}

/** Whether a request names the ticket, as a word of its own. */
function isAbout({ path, body }: ReceivedRequest, id: string): boolean {
  const text = `${path} ${body}`;
  for (let at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
    const [before = '', after = ''] = [text[at - 1], text[at + id.length]];
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}

function drawMishap(): Fault | undefined {
  let draw = Math.random() * 1000;
  for (const [chance, fault] of MISHAPS) {
    if (draw < chance) return fault;
    draw -= chance;
  }
  return undefined;
}

interface Watch {
  applied(ticketId: string): void;
  answered(arrival: ReceivedRequest, reply: CannedResponse, didNothing: boolean): void;
}

/** A simulation that can begin anew while it runs, and is watched. */
function withNewBeginnings(simulation: Simulation, watch: Watch): { simulation: Simulation; begin(): void } {
  let current: SimulatedVendor;
  let begin = (): void => undefined;
  const start: Simulation['start'] = (tools) => {
    let effects = 0;
    const applied = ({ ticket }: AppliedEffect): void => {
      effects += 1;
      watch.applied(ticket);
    };
    begin = () => {
      current = simulation.start({ ...tools, applied });
    };
    begin();
    return {
      handle(arrival) {
        effects = 0;
        const reply = current.handle(arrival);
        watch.answered(arrival, reply, effects === 0);
        return reply;
      },
      ticketIds: () => current.ticketIds(),
      expireTokens: () => current.expireTokens?.(),
    };
  };
  return { simulation: { ...simulation, start }, begin: () => begin() };
}
