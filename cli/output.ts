/** Output of commands: tables, or JSON for scripts. Colours only on a terminal. */
import { styleText } from 'node:util';
import Table from 'cli-table3';

type Style = Parameters<typeof styleText>[0];

/** `styleText` respects NO_COLOR, and adds no colours if the stream is not a terminal. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints to stderr: warnings, progress, next steps. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Replaces control characters in text from vendors, so that it cannot control the terminal. */
export function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').trim();
}

/** In characters, on a terminal. Text in pipes is never shortened. */
const MAX_CELL_WIDTH = 60;

const WITHOUT_FRAME = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** Text, or text with its style. */
export type Cell = string | null | readonly [text: string, style: Style];

/** Prints columns without a frame, so that `cut` and `awk` can read them. */
export function printTable(heads: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const table = new Table({
    head: heads.map((head) => paint('bold', head)),
    chars: WITHOUT_FRAME,
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
  return process.stdout.isTTY && letters.length > MAX_CELL_WIDTH
    ? `${letters.slice(0, MAX_CELL_WIDTH - 1).join('')}…`
    : text;
}
