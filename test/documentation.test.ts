/** Every operation in the README and the docs is executed as it stands, and gives the answer printed below it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startWorld } from './support/sandbox.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

interface Example {
  readonly operation: string;
  /** The JSON that stands right below it, where there is one. */
  readonly answer: unknown;
}

const BLOCK = /```graphql\n([\s\S]*?)```(?:\s*```json\n([\s\S]*?)```)?/g;

function examplesOf(page: string): Example[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(BLOCK)].map(([, operation, answer]) => ({
    operation: operation!,
    answer: answer === undefined ? undefined : JSON.parse(answer),
  }));
}

test('the README shows a query and its answer', () => {
  expect(examplesOf('README.md').filter(({ answer }) => answer !== undefined).length).toBeGreaterThanOrEqual(2);
});

describe.each(PAGES.filter((page) => examplesOf(page).length > 0))('%s', (page) => {
  test.each(examplesOf(page))('works as printed: $operation', async ({ operation, answer }) => {
    const world = await startWorld();
    const given = await world.ask(operation);
    expect(given.errors).toBeUndefined();
    if (answer !== undefined) expect(given).toEqual(answer);
  });
});
