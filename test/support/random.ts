/** Property tests: a tenth of the cases in the short suite, all of them in the full suite. */
import { test } from 'vitest';

/** @param run receives the number of cases. */
export function testAtRandom(title: string, cases: number, run: (cases: number) => Promise<void>): void {
  const tenth = Math.ceil(cases / 10);
  const timeout = 360_000;
  test(`${title} (${tenth} cases)`, { timeout }, () => run(tenth));
  test(`${title} (${cases} cases)`, { tags: ['full'], timeout }, () => run(cases));
}
