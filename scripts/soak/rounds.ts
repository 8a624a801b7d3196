/** Runs a load in rounds, and prints its result. */
import type { Load, LoadResult } from './load.ts';
import type { SoakVendors } from './vendors.ts';

export interface Rounds {
  readonly writers: number;
  readonly readers: number;
  /** Tickets reach a final state, so all writers pause at this interval and the tickets are reset. */
  readonly roundMs: number;
  /** When to end, in milliseconds of `performance.now()`. */
  readonly endsAt: number;
}

export async function runRounds(load: Load, vendors: SoakVendors, rounds: Rounds): Promise<void> {
  const { writers, readers, roundMs, endsAt } = rounds;
  const isOver = (): boolean => performance.now() >= endsAt;
  const reading = Promise.all(Array.from({ length: readers }, () => load.read(isOver)));
  while (!isOver()) {
    const roundEndsAt = Math.min(performance.now() + roundMs, endsAt);
    await Promise.all(Array.from({ length: writers }, () => load.write(() => performance.now() >= roundEndsAt)));
    vendors.reset();
  }
  await reading;
}

export type Row = readonly [name: string, value: string | number];

/** Prints a row each, then the first violations. Sets the exit code if there is one. */
export function printReport(rows: readonly Row[], { violations }: LoadResult): void {
  for (const [name, value] of [...rows, ['violations', violations.length]])
    console.log(`${String(name).padEnd(34)}${value}`);
  for (const violation of violations.slice(0, 20)) console.log(`VIOLATION: ${violation}`);
  if (violations.length > 0) process.exitCode = 1;
}

/** The numbers of tickets by their outcome. */
export function outcomeRows({ outcomes }: LoadResult): Row[] {
  return Object.entries(outcomes).map(([outcome, count]) => [`tickets ${outcome}`, count]);
}
