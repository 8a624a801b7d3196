/** Matches patterns against texts of growing length, in a thread that can be terminated. */
import { parentPort } from 'node:worker_threads';
import type { Pattern, Shape } from './patterns.ts';

export interface Job {
  readonly pattern: Pattern;
  readonly shapes: readonly Shape[];
}

/** A text whose match time grows faster than linearly. */
export interface Slow {
  readonly shape: Shape;
  readonly length: number;
  readonly cpuMs: number;
  /** CPU time for a text of a quarter of the length. */
  readonly shorterMs: number;
}

const LENGTHS = [4_000, 16_000, 64_000];

/** Length for the slowest texts of the first round, among which quadratic ones already stand out. */
const GREATER_LENGTHS = [256_000, 1_024_000];
const MAX_SUSPECTS = 4;

/** Allowed growth for four times the length: linear time grows by 4, quadratic by 16. */
const MAX_GROWTH = 9;

/** Shorter times are too imprecise to compare. */
const MIN_MS = 3;

/** Longer times cannot be due to other processes, so they are not measured again. */
const CLEAR_MS = 300;

parentPort?.on('message', ({ pattern, shapes }: Job) => {
  parentPort?.postMessage(findSlow(pattern, shapes) ?? null);
});

/** Stops after one, because each takes a while. */
function findSlow(pattern: Pattern, shapes: readonly Shape[]): Slow | undefined {
  const suspects: { readonly shape: Shape; readonly cpuMs: number }[] = [];
  for (const shape of shapes) {
    const found = growWith(pattern, shape, LENGTHS, Infinity);
    if (typeof found === 'object') return found;
    suspects.push({ shape, cpuMs: found });
  }
  suspects.sort((left, right) => right.cpuMs - left.cpuMs);
  for (const { shape, cpuMs } of suspects.slice(0, MAX_SUSPECTS)) {
    const found = growWith(pattern, shape, GREATER_LENGTHS, cpuMs);
    if (typeof found === 'object') return found;
  }
  return undefined;
}

/** @returns CPU time of the longest text in milliseconds, unless it is slow. */
function growWith(pattern: Pattern, shape: Shape, lengths: readonly number[], firstMs: number): Slow | number {
  let shorterMs = firstMs;
  for (const length of lengths) {
    const text = textOf(shape, length);
    let cpuMs = measure(pattern, text);
    // Other load only makes times longer, so the minimum is the best estimate.
    for (let again = 0; again < 3 && cpuMs < CLEAR_MS && isSlow(cpuMs, shorterMs); again += 1) {
      cpuMs = Math.min(cpuMs, measure(pattern, text));
    }
    if (isSlow(cpuMs, shorterMs)) return { shape, length, cpuMs, shorterMs };
    shorterMs = cpuMs;
  }
  return shorterMs;
}

function isSlow(cpuMs: number, shorterMs: number): boolean {
  return cpuMs > MAX_GROWTH * Math.max(shorterMs, MIN_MS);
}

function textOf({ head, unit, tail }: Shape, length: number): string {
  const text = head + unit.repeat(Math.ceil(length / unit.length)) + tail;
  // Flattens the string: `repeat` creates a rope, which the first match would flatten within its measured time.
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** CPU time of this thread. */
function measure({ source, flags }: Pattern, text: string): number {
  const once = new RegExp(source, flags.replace(/[gy]/g, ''));
  const all = new RegExp(source, `${flags.replace(/[gy]/g, '')}g`);
  const before = process.threadCpuUsage();
  once.test(text);
  text.replace(all, '');
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
