/** The pages of documentation, and the blocks of code in them: what each is, and what is to be done with it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** Paths from the root of every page that is written for readers. */
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
  /** Where it begins. */
  readonly line: number;
  /** The first word after the fence; empty for a picture made of text. */
  readonly language: string;
  /** The words after it, e.g. `run`. */
  readonly marks: readonly string[];
  readonly text: string;
  /** What stands in a comment above it, e.g. `<!-- not run: it needs a container engine -->`. */
  readonly whyNotRun: string | undefined;
  /** The block right below it, where nothing stands between: what it answers or prints. */
  readonly answer: Block | undefined;
}

const FENCE = /(?:<!-- not run: (?<why>[^\n]+) -->\n)?```(?<head>[^\n]*)\n(?<text>[\s\S]*?)```(?=\n|$)/g;

/** In the order in which they stand. One that is the answer to another is found in that one, and not besides. */
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
