/**
 * Regular expressions are matched against texts of callers and vendors, so each must take linear time. Every pattern in
 * the code is found and matched against a megabyte of its own worst texts.
 *
 * @module-tag full
 */
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import type { Job, Slow } from './support/pattern-worker.ts';
import { patternsBelow, patternsIn, worstShapes, type Pattern } from './support/patterns.ts';

const PATTERNS = patternsBelow(['datasources', 'server', 'resolvers']);

/** In time measured by the clock, which other processes lengthen: it only tells "never" from "some day". */
const NEVER_MS = 50_000;

let worker: Worker | undefined;

afterAll(() => worker?.terminate());

/** A text on which a pattern is slow, null if it is fast on all, `never` if it did not return. */
async function findSlow(pattern: Pattern, patienceMs = NEVER_MS): Promise<Slow | null | 'never'> {
  worker ??= new Worker(new URL('support/pattern-worker.ts', import.meta.url));
  const current = worker;
  const answered = Promise.withResolvers<Slow | null | 'never'>();
  const timer = setTimeout(() => answered.resolve('never'), patienceMs);
  current.once('message', answered.resolve);
  current.once('error', answered.reject);
  const job: Job = { pattern, shapes: worstShapes(pattern) };
  current.postMessage(job);
  try {
    const slow = await answered.promise;
    if (slow === 'never') {
      worker = undefined;
      await current.terminate();
    }
    return slow;
  } finally {
    clearTimeout(timer);
    current.removeAllListeners('error');
  }
}

describe('a pattern takes linear time', () => {
  test.each(PATTERNS)('takes linear time: $place $source', { tags: ['full'] }, async (pattern) => {
    expect(await findSlow(pattern)).toBeNull();
  });
});

describe('the search for worst texts', () => {
  test.each([
    ['an open middle', / ?Did you mean .*\?$/s],
    ['an end that is not there', /\/+$/],
    ['spaces around line breaks', /Exception\b|[\r\n]\s*at\s/],
    ['two repetitions of the same', /^at\s+.*(?::\d+)?\s*$/],
    ['a comment that never ends', /<!--[\s\S]*?-->/],
    ['a choice in a repetition', /"(?:[^"\\]|\\.)*"\s*:\s*x/],
    ['repetitions within each other', /^(?:a+)+$/],
    ['choices that are alike', /^(?:\w|\d)+$/],
    ['a repetition in the middle of a word', /[a-z]+@/i],
  ])('finds those of %s', async (_, { source, flags }) => {
    expect(await findSlow({ place: '', source, flags }, 3_000)).not.toBeNull();
  });

  test('the search does not report fast patterns as slow', async () => {
    for (const { source, flags } of [/^[a-z]+$/, /<[^>]*>?/g, /\s+/g, /^(?:\d{1,3}\.){3}/]) {
      expect(await findSlow({ place: '', source, flags })).toBeNull();
    }
  });
});

describe('the search for patterns', () => {
  test('the search finds literals and RegExp calls with their sources', () => {
    const code = `
      const WORDS = ['a', 'b'] as const;
      const ONE: RegExp = /x/i;
      export const MADE = new RegExp(\`^(\${WORDS.join('|')})\${ONE.source.slice(0)}$\`, 'u');
      function f(text: string) { return text.replace(/y/g, '') + RegExp('z').source; }`;
    expect(patternsIn('a.ts', code)).toEqual([
      { place: 'a.ts:3', source: 'x', flags: 'i' },
      { place: 'a.ts:4', source: '^(a|b)x$', flags: 'u' },
      { place: 'a.ts:5', source: 'y', flags: 'g' },
      { place: 'a.ts:5', source: 'z', flags: '' },
    ]);
  });

  test('the search reports patterns that it cannot evaluate', () => {
    expect(() => patternsIn('a.ts', 'export const f = (word: string) => new RegExp(word);')).toThrow(TypeError);
    expect(PATTERNS.length).toBeGreaterThan(80);
  });
});
