/** Reads the documentation pages and their code blocks. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Paths of all documentation pages, from the root. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...below('docs'),
  ...below('client'),
  ...below('datasources'),
].filter((file) => file.endsWith('.md'));

function below(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => !file.includes('node_modules'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .toSorted();
}

export interface Block {
  readonly page: string;
  /** Line of its first line. */
  readonly line: number;
  /** The first word after the fence. Empty for text diagrams. */
  readonly language: string;
  /** The words after it, e.g. `run`. */
  readonly marks: readonly string[];
  readonly text: string;
  /** The comment above it, e.g. `<!-- not run: it needs a container engine -->`. */
  readonly whyNotRun: string | undefined;
  /** The block directly below it, which is its expected output. */
  readonly answer: Block | undefined;
}

const FENCE = /(?:<!-- not run: (?<why>[^\n]+) -->\n)?```(?<head>[^\n]*)\n(?<text>[\s\S]*?)```(?=\n|$)/g;

/** Returns the blocks in order. A block that is another one's output is only part of that one. */
export function blocksOf(page: string): Block[] {
  const source = readFileSync(join(ROOT, page), 'utf8');
  const found = [...source.matchAll(FENCE)];
  const blocks: Block[] = [];
  for (let index = found.length - 1; index >= 0; index -= 1) {
    const match = found[index]!;
    const next = found[index + 1];
    const gap = next && source.slice(match.index + match[0].length, next.index);
    const isAnswered = gap?.trim() === '' && isAnswer(blocks[0]!);
    const answer = isAnswered ? blocks.shift() : undefined;
    blocks.unshift(toBlock(page, source, match, answer));
  }
  return blocks;
}

function toBlock(page: string, source: string, match: RegExpExecArray, answer: Block | undefined): Block {
  const { why, head = '', text = '' } = match.groups!;
  const [language = '', ...marks] = head.trim().split(/\s+/);
  const line = source.slice(0, match.index).split('\n').length;
  return { page, line, language, marks, text, whyNotRun: why, answer };
}

function isAnswer({ language }: Block): boolean {
  return language === 'json' || language === 'text';
}
