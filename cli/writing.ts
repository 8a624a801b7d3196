/** What the commands that write have in common: their options, how outcomes become exit codes, and plans. */
import type { Outcome, PlannedRequestPartsFragment, ProblemPartsFragment } from '../client/index.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { note, paint, plain, print, type Cell } from './output.ts';

export interface WriteOptions {
  readonly comment?: string;
  readonly dryRun?: boolean;
  readonly key?: string;
}

type Word = (typeof Outcome)[keyof typeof Outcome];

const EXIT_OF: Readonly<Record<Word, ExitCode>> = {
  APPLIED: EXIT.done,
  NOT_APPLIED: EXIT.notDone,
  PARTIAL: EXIT.notDone,
  UNKNOWN: EXIT.unknown,
};

export function exitOf(outcome: Word): ExitCode {
  return EXIT_OF[outcome];
}

const STYLE_OF = { APPLIED: 'green', NOT_APPLIED: 'red', PARTIAL: 'yellow', UNKNOWN: 'yellow' } as const;

export function outcomeCell(outcome: Word): Cell {
  return [outcome, STYLE_OF[outcome]];
}

export function noteProblem(problem: Told): void {
  note(`${paint('yellow', 'problem:', process.stderr)} ${plain(problemText(problem))}`);
}

/** What is told of a problem, ours or the server's. */
export type Told = { readonly code: string } & Pick<ProblemPartsFragment, 'message'> &
  Partial<Pick<ProblemPartsFragment, 'upstreamMessage'>>;

export function problemText({ message, code, upstreamMessage }: Told): string {
  return `${message}${upstreamMessage ? ` "${upstreamMessage}"` : ''} (${code})`;
}

/** The requests as HTTP writes them; what is in them has been made fit to show by the server. */
export function printPlan(plan: readonly PlannedRequestPartsFragment[]): void {
  for (const { vendor, method, url, headers, body } of plan) {
    print(`# would be sent to ${vendor}`);
    print(`${method} ${plain(url)}`);
    for (const [name, value] of Object.entries(headers)) print(`${name}: ${plain(String(value))}`);
    print(body === null || body === '' ? '' : `\n${body}\n`);
  }
}

/** As a shell reads it back. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
