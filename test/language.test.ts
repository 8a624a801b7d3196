/**
 * Phrases that the project does not use, since they personify code or hide a condition, in SDL descriptions, documentation
 * and test titles. ESLint (`no-warning-comments`) checks comments for the same list.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, visit, type ASTNode } from 'graphql';
import ts from 'typescript';
import { expect, test } from 'vitest';
import BANNED_PHRASES from '../scripts/banned-phrases.json' with { type: 'json' };

const ROOT = join(import.meta.dirname, '..');
const BANNED = new RegExp(String.raw`\b(${BANNED_PHRASES.join('|')})\b`, 'i');

const filesMatching = (...patterns: string[]): string[] =>
  globSync(patterns, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**', 'test/sixth-vendor/**'] });

/** `file: text` for each text that holds a banned phrase. */
function offending(file: string, texts: readonly string[]): string[] {
  return texts
    .filter((text) => BANNED.test(text))
    .map((text) => `${file}: ${BANNED.exec(text)![0]} in "${text.trim()}"`);
}

test('recognizes a banned phrase, and only as whole words', () => {
  expect(offending('a', ['Called once.', 'Told of each error.', 'a plane'])).toEqual([
    'a: Told in "Told of each error."',
  ]);
});

test('descriptions in the SDL use no banned phrase', () => {
  const files = filesMatching('schema/**/*.graphql');
  expect(files.length).toBeGreaterThan(5);
  expect(files.flatMap((file) => offending(file, descriptionsOf(readFileSync(join(ROOT, file), 'utf8'))))).toEqual([]);
});

test('documentation uses no banned phrase', () => {
  const files = filesMatching('*.md', 'docs/**/*.md', 'console/*.md', 'client/*.md', 'datasources/*/README.md');
  expect(files.length).toBeGreaterThan(20);
  expect(files.flatMap((file) => offending(file, proseOf(readFileSync(join(ROOT, file), 'utf8'))))).toEqual([]);
});

test('test titles use no banned phrase', () => {
  const files = filesMatching('test/**/*.test.ts').filter((file) => file !== 'test/language.test.ts');
  expect(files.length).toBeGreaterThan(80);
  expect(files.flatMap((file) => offending(file, titlesOf(readFileSync(join(ROOT, file), 'utf8'))))).toEqual([]);
});

function descriptionsOf(sdl: string): string[] {
  const found: string[] = [];
  visit(parse(sdl), {
    enter(node: ASTNode) {
      if ('description' in node && node.description) found.push(node.description.value);
    },
  });
  return found;
}

/** Lines outside of code. */
function proseOf(markdown: string): string[] {
  return markdown.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '').split('\n');
}

/** First arguments of `test`, `it` and `describe`, with or without `.each`, `.skipIf` and the like. */
function titlesOf(text: string): string[] {
  const found: string[] = [];
  const visitNode = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /^(test|it|describe)\b/.test(node.expression.getText())) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) found.push(title.text);
    }
    ts.forEachChild(node, visitNode);
  };
  visitNode(ts.createSourceFile('test.ts', text, ts.ScriptTarget.Latest, true));
  return found;
}
