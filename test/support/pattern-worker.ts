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

const LENGTHS = [4_000, 16_000, 64_000, 256_000, 1_024_000];

/** For a text four times as long: linear time grows by 4, quadratic by 16. */
const MOST_GROWTH = 9;

/** Shorter times say nothing of growth. */
const LEAST_MS = 3;

parentPort?.on('message', ({ pattern, shapes }: Job) => {
  // One is enough to tell, and each takes a while.
  let slow: Slow | undefined;
  for (const shape of shapes) slow ??= findSlow(pattern, shape);
  parentPort?.postMessage(slow ?? null);
});

function findSlow(pattern: Pattern, shape: Shape): Slow | undefined {
  let shorterMs = Infinity;
  for (const [index, length] of LENGTHS.entries()) {
    const text = textOf(shape, length);
    let cpuMs = measure(pattern, text);
    // Whatever else the machine does makes a time longer, never shorter.
    for (let again = 0; again < 3 && isSlow(cpuMs, shorterMs, index); again += 1) {
      cpuMs = Math.min(cpuMs, measure(pattern, text));
    }
    if (isSlow(cpuMs, shorterMs, index)) return { shape, length, cpuMs, shorterMs };
    shorterMs = cpuMs;
  }
  return undefined;
}

function isSlow(cpuMs: number, shorterMs: number, index: number): boolean {
  return index > 0 && cpuMs > MOST_GROWTH * Math.max(shorterMs, LEAST_MS);
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
