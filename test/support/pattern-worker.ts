/** Matches patterns against texts of growing length, in a thread that can be ended if one of them never comes back. */
import { parentPort } from 'node:worker_threads';
import type { Pattern, Shape } from './patterns.ts';

export interface Job {
  readonly pattern: Pattern;
  readonly shapes: readonly Shape[];
}

/** A text that takes much longer than its length explains. */
export interface Slow {
  readonly shape: Shape;
  readonly length: number;
  readonly cpuMs: number;
  /** On a text a quarter as long. */
  readonly shorterMs: number;
}

const LENGTHS = [4_000, 16_000, 64_000];

/** For the texts that took longest at the lengths above: what takes quadratic time has shown up among these by then. */
const GREATER_LENGTHS = [256_000, 1_024_000];
const MAX_SUSPECTS = 4;

/** For a text four times as long: linear time grows by 4, quadratic by 16. */
const MAX_GROWTH = 9;

/** Shorter times say nothing of growth. */
const MIN_MS = 3;

/** No other process makes such a time of a short one: it is not measured again. */
const CLEAR_MS = 300;

parentPort?.on('message', ({ pattern, shapes }: Job) => {
  parentPort?.postMessage(findSlow(pattern, shapes) ?? null);
});

/** One is enough to tell, and each takes a while. */
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

/** @returns the CPU for the longest text, in milliseconds, if it is not slow */
function growWith(pattern: Pattern, shape: Shape, lengths: readonly number[], firstMs: number): Slow | number {
  let shorterMs = firstMs;
  for (const length of lengths) {
    const text = textOf(shape, length);
    let cpuMs = measure(pattern, text);
    // Whatever else the machine does makes a time longer, never shorter.
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
  // One flat text: repeating makes a tree of parts, which the first match would flatten on its own account.
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

/** CPU of this thread: other processes do not count. */
function measure({ source, flags }: Pattern, text: string): number {
  const once = new RegExp(source, flags.replace(/[gy]/g, ''));
  const all = new RegExp(source, `${flags.replace(/[gy]/g, '')}g`);
  const before = process.threadCpuUsage();
  once.test(text);
  text.replace(all, '');
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
