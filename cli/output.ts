/** What commands print: tables for people, JSON for programs. Colours only where a terminal shows them. */
import { styleText } from 'node:util';
import Table from 'cli-table3';

type Style = Parameters<typeof styleText>[0];

/** `styleText` minds NO_COLOR and whether the stream is a terminal. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** For what is not the answer itself: warnings, progress, what to do next. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** A vendor's text may hold anything; what would steer a terminal is left out. */
export function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
}

/** Longest cell on a terminal, in characters; a pipe gets all of it. */
const WIDEST_CELL = 60;

const FRAMELESS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** One cell: text, or text with a style of its own. */
export type Cell = string | null | readonly [text: string, style: Style];

/** Columns under their heads, without a frame, so that `cut` and `awk` can read it as well. */
export function printTable(heads: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const table = new Table({
    head: heads.map((head) => paint('bold', head)),
    chars: FRAMELESS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => row.map(toCell)));
  print(table.toString().replace(/ +$/gm, ''));
}

function toCell(cell: Cell): string {
  if (cell === null || cell === '') return '-';
  if (typeof cell === 'string') return shorten(plain(cell));
  const [text, style] = cell;
  return paint(style, shorten(plain(text)));
}

function shorten(text: string): string {
  const letters = [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
  return process.stdout.isTTY && letters.length > WIDEST_CELL ? `${letters.slice(0, WIDEST_CELL - 1).join('')}…` : text;
}
