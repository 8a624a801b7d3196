/**
 * Faults that a user can select by name, as in `SANDBOX_FAULTS=<vendor>:reset`: those that every frontend should be
 * tried with. They are the same for every vendor.
 */
import type { Fault, FaultPlan } from './faults.ts';
import type { ReceivedRequest, Simulation } from './simulation.ts';

interface NamedFault {
  readonly fault: Fault;
  /** Whether it applies to writes only. Otherwise it applies to every request. */
  readonly isForWritesOnly: boolean;
  /** What the vendor does; follows the vendor's name. */
  readonly description: string;
}

/** Long enough to notice. A sign-in and a read together stay within a vendor's default timeout of 10 s. */
const LATE_MS = 3_000;

const UNAVAILABLE = { status: 503, headers: { 'content-type': 'text/plain' }, body: 'Service Unavailable' };

const FAULTS = {
  reset: {
    fault: { kind: 'reset', applied: true },
    isForWritesOnly: true,
    description: 'carries writes out, and resets the connection before it answers',
  },
  silent: {
    fault: { kind: 'silent', applied: false },
    isForWritesOnly: true,
    description: 'takes writes, does not carry them out, and never answers',
  },
  down: {
    fault: { kind: 'answer', reply: UNAVAILABLE, applied: false },
    isForWritesOnly: false,
    description: 'answers every request with 503',
  },
  slow: {
    fault: { kind: 'delay', delayMs: LATE_MS },
    isForWritesOnly: false,
    description: `answers every request ${LATE_MS / 1000} seconds late`,
  },
} as const satisfies Record<string, NamedFault>;

export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

/** The fault of each vendor, by its key. */
export type NamedFaults = ReadonlyMap<string, FaultName>;

/**
 * Parses `vendor:fault` pairs separated by commas. Returns `undefined` if a pair is invalid, or a vendor occurs twice.
 */
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

export function describeFault(name: FaultName): string {
  return FAULTS[name].description;
}

export function toFaultPlan(name: FaultName, { isReadOnly }: Pick<Simulation, 'isReadOnly'>): FaultPlan {
  const { fault, isForWritesOnly } = FAULTS[name];
  const isWrite = (arrival: ReceivedRequest): boolean => !/^(GET|HEAD)$/.test(arrival.method) && !isReadOnly?.(arrival);
  return (arrival) => (!isForWritesOnly || isWrite(arrival) ? fault : undefined);
}
