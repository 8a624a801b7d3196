/** Simulated vendors that fail at random, can be reset, and count the writes to each ticket. */
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
  /** Environment variables for ticketgraph. */
  readonly settings: Readonly<Record<string, string>>;
  /** Global ids of all tickets. */
  tickets(): string[];
  /** Returns the counts of a ticket so far. */
  count(ticket: string): Count;
  /** Resets all tickets. Must not be called while requests are in flight. */
  reset(): void;
  /** Expires all issued tokens. */
  expireTokens(): void;
  /** Delays every response while set. */
  setSlow(isSlow: boolean): void;
  /** Requests received by all vendors. */
  readonly receivedCount: number;
  close(): Promise<void>;
}

export interface Count {
  /** Changes that the vendor made. */
  readonly effects: number;
  /** Writes received and not clearly rejected. */
  readonly sent: number;
}

/** Faults per thousand requests. */
const FAULT_RATES: readonly (readonly [chance: number, fault: Fault])[] = [
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

/** @param isHealthy whether they never fail. Defaults to false. */
export async function startSoakVendors(keys: readonly string[], isHealthy = false): Promise<SoakVendors> {
  let isSlow = false;
  const drawFault = (): Fault | undefined => {
    if (isSlow) return SLOW;
    return isHealthy ? undefined : drawRandomFault();
  };
  const vendors = await Promise.all(keys.map((key) => startOne(key, drawFault)));
  const find = (ticket: string): SoakVendor => vendors.find(({ key }) => ticket.startsWith(`${key}:`))!;
  return {
    settings: Object.assign({}, ...vendors.map(({ running }) => running.settings)) as Record<string, string>,
    tickets: () => vendors.flatMap(({ key, running }) => running.vendor.ticketIds().map((id) => `${key}:${id}`)),
    count: (ticket) => find(ticket).count(ticket.slice(ticket.indexOf(':') + 1)),
    reset: () => vendors.forEach((vendor) => vendor.reset()),
    expireTokens: () => vendors.forEach(({ running }) => running.vendor.expireTokens?.()),
    setSlow: (value) => {
      isSlow = value;
    },
    get receivedCount() {
      return vendors.reduce((sum, { receivedCount }) => sum + receivedCount, 0);
    },
    async close() {
      await Promise.all(vendors.map(({ running }) => running.close()));
    },
  };
}

interface SoakVendor {
  readonly key: string;
  readonly running: RunningVendor;
  readonly receivedCount: number;
  count(id: string): Count;
  reset(): void;
}

async function startOne(key: string, drawFault: () => Fault | undefined): Promise<SoakVendor> {
  const counts = new Map<string, { effects: number; sent: number }>();
  const of = (id: string): { effects: number; sent: number } => {
    const count = counts.get(id) ?? { effects: 0, sent: 0 };
    counts.set(id, count);
    return count;
  };
  let receivedCount = 0;
  let fault: Fault | undefined;
  const recordSent = (received: ReceivedRequest): void => {
    if (received.method === 'GET') return;
    for (const id of running.vendor.ticketIds()) if (mentionsTicket(received, id)) of(id).sent += 1;
  };
  const resettable = makeResettable(await loadSimulation(key), {
    applied: (id) => (of(id).effects += 1),
    // A request without an effect, whose response was not altered by a fault, was rejected, whatever its status.
    responded: (received, { status }, hadNoEffect) => {
      const isUnaltered = fault === undefined || fault.kind === 'delay';
      if (!isClientError(status) && !(hadNoEffect && isUnaltered)) recordSent(received);
    },
  });
  const running = await startVendor(resettable.simulation, { keepLedger: false });
  running.faults = (received) => {
    receivedCount += 1;
    fault = drawFault();
    const isApplied = !fault || !('applied' in fault) || fault.applied;
    // An applied request is recorded when the simulation responds.
    if (!isApplied && !(fault?.kind === 'answer' && isClientError(fault.reply.status))) recordSent(received);
    return fault;
  };
  return {
    key,
    running,
    get receivedCount() {
      return receivedCount;
    },
    count: (id) => ({ ...of(id) }),
    reset: () => resettable.reset(),
  };
}

function isClientError(status: number): boolean {
  return status >= 400 && status < 500;
}

/** Whether a request contains the ticket's id as a whole word. */
function mentionsTicket({ path, body }: ReceivedRequest, id: string): boolean {
  const text = `${path} ${body}`;
  for (let at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
    const [before = '', after = ''] = [text[at - 1], text[at + id.length]];
    if (!/[\w-]/.test(before) && !/[\w-]/.test(after)) return true;
  }
  return false;
}

function drawRandomFault(): Fault | undefined {
  let draw = Math.random() * 1000;
  for (const [chance, fault] of FAULT_RATES) {
    if (draw < chance) return fault;
    draw -= chance;
  }
  return undefined;
}

interface SimulationObserver {
  applied(ticketId: string): void;
  responded(received: ReceivedRequest, reply: CannedResponse, hadNoEffect: boolean): void;
}

/** Wraps a simulation so that it can be reset while it runs, and is observed. */
function makeResettable(
  simulation: Simulation,
  observer: SimulationObserver,
): { simulation: Simulation; reset(): void } {
  let current: SimulatedVendor;
  let reset = (): void => undefined;
  const start: Simulation['start'] = (tools) => {
    let effects = 0;
    const applied = ({ ticket }: AppliedEffect): void => {
      effects += 1;
      observer.applied(ticket);
    };
    reset = () => {
      current = simulation.start({ ...tools, applied });
    };
    reset();
    return {
      handle(received) {
        effects = 0;
        const reply = current.handle(received);
        observer.responded(received, reply, effects === 0);
        return reply;
      },
      ticketIds: () => current.ticketIds(),
      expireTokens: () => current.expireTokens?.(),
    };
  };
  return { simulation: { ...simulation, start }, reset: () => reset() };
}
