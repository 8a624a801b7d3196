/** Writes the results to the docs: tables between the page's markers, and pictures. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DOCS = fileURLToPath(new URL('../../docs', import.meta.url));
const PAGE = `${DOCS}/benchmarks.md`;

/** Replaces the text between `<!-- <part> -->` and `<!-- end of <part> -->`. */
export function writePart(part: string, markdown: string): void {
  const [begin, end] = [`<!-- ${part} -->`, `<!-- end of ${part} -->`];
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no markers for ${part}.`);
  writeFileSync(PAGE, `${page.slice(0, from + begin.length)}\n\n${markdown}\n\n${page.slice(to)}`);
}

export function writePicture(name: string, svg: string): void {
  mkdirSync(`${DOCS}/images`, { recursive: true });
  writeFileSync(`${DOCS}/images/${name}.svg`, svg);
}
