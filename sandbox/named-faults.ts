/**
 * The faults that a person may ask for by name, as in `SANDBOX_FAULTS=<vendor>:reset`: what whoever makes a frontend has to
 * have seen once. They are the same for every vendor.
 */
import type { Fault, FaultPlan } from './faults.ts';
import type { ReceivedRequest, Simulation } from './simulation.ts';

interface NamedFault {
  readonly fault: Fault;
  /** Whether it meets writes alone; every request where not. */
  readonly isForWrites: boolean;
  /** What the vendor does, after its name. */
  readonly says: string;
}

/** Longer than anybody overlooks; a sign-in and a read after it are well within a vendor's ten seconds each. */
const LATE_MS = 3_000;

const UNAVAILABLE = { status: 503, headers: { 'content-type': 'text/plain' }, body: 'Service Unavailable' };

const FAULTS = {
  reset: {
    fault: { kind: 'reset', applied: true },
    isForWrites: true,
    says: 'carries writes out, and resets the connection before it answers',
  },
  silent: {
    fault: { kind: 'silent', applied: false },
    isForWrites: true,
    says: 'takes writes, does not carry them out, and never answers',
  },
  down: {
    fault: { kind: 'answer', reply: UNAVAILABLE, applied: false },
    isForWrites: false,
    says: 'answers every request with 503',
  },
  slow: {
    fault: { kind: 'delay', delayMs: LATE_MS },
    isForWrites: false,
    says: `answers every request ${LATE_MS / 1000} seconds late`,
  },
} as const satisfies Record<string, NamedFault>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

/** What each vendor does, by its key; one that is not named does nothing of the kind. */
export type NamedFaults = ReadonlyMap<string, FaultName>;

/** `vendor:fault`, separated by commas; undefined where one is none, or a vendor is named twice. */
export function parseFaults(text: string, keys: readonly string[]): NamedFaults | undefined {
  const pairs = text.split(',').map((pair) => pair.trim().toLowerCase().split(':'));
  const faults = new Map<string, FaultName>();
  for (const [key = '', name = '', ...rest] of pairs) {
    if (!keys.includes(key) || !isFaultName(name) || rest.length > 0 || faults.has(key)) return undefined;
    faults.set(key, name);
  }
  return faults;
}

function isFaultName(text: string): text is FaultName {
  return Object.hasOwn(FAULTS, text);
}

export function sayFault(name: FaultName): string {
  return FAULTS[name].says;
}

export function toPlan(name: FaultName, { changesNothing }: Pick<Simulation, 'changesNothing'>): FaultPlan {
  const { fault, isForWrites } = FAULTS[name];
  const isWrite = (arrival: ReceivedRequest): boolean =>
    !/^(GET|HEAD)$/.test(arrival.method) && !changesNothing?.(arrival);
  return (arrival) => (!isForWrites || isWrite(arrival) ? fault : undefined);
}
