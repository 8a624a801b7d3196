/** Shared by the commands that write: options, exit codes of outcomes, and plans. */
import type { Outcome, PlannedRequestPartsFragment, ProblemPartsFragment } from '../client/index.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { note, paint, plain, print, type Cell } from './output.ts';
import { sourceLabel } from './ticket-text.ts';

export interface WriteOptions {
  readonly comment?: string;
  readonly dryRun?: boolean;
  readonly key?: string;
}

type OutcomeWord = (typeof Outcome)[keyof typeof Outcome];

const EXIT_BY_OUTCOME: Readonly<Record<OutcomeWord, ExitCode>> = {
  APPLIED: EXIT.done,
  NOT_APPLIED: EXIT.notDone,
  PARTIAL: EXIT.notDone,
  UNKNOWN: EXIT.unknown,
};

export function exitOf(outcome: OutcomeWord): ExitCode {
  return EXIT_BY_OUTCOME[outcome];
}

const STYLE_BY_OUTCOME = { APPLIED: 'green', NOT_APPLIED: 'red', PARTIAL: 'yellow', UNKNOWN: 'yellow' } as const;

export function outcomeCell(outcome: OutcomeWord): Cell {
  return [outcome, STYLE_BY_OUTCOME[outcome]];
}

export function noteProblem(problem: ProblemSummary): void {
  note(`${paint('yellow', 'problem:', process.stderr)} ${plain(problemText(problem))}`);
}

/** The printed fields of a problem, from the server or from this program. */
export type ProblemSummary = { readonly code: string } & Pick<ProblemPartsFragment, 'message'> &
  Partial<Pick<ProblemPartsFragment, 'upstreamMessage'>>;

export function problemText({ message, code, upstreamMessage }: ProblemSummary): string {
  return `${message}${upstreamMessage ? ` "${upstreamMessage}"` : ''} (${code})`;
}

/** Prints the requests in HTTP syntax. The server has already redacted secrets. */
export function printPlan(plan: readonly PlannedRequestPartsFragment[]): void {
  for (const { vendor, source, method, url, headers, body } of plan) {
    print(`# dry run: request to ${sourceLabel(vendor, source.id)}`);
    print(`${method} ${plain(url)}`);
    for (const [name, value] of Object.entries(headers)) print(`${name}: ${plain(String(value))}`);
    print(body === null || body === '' ? '' : `\n${body}\n`);
  }
}

/** Quotes a word for POSIX shells. */
export function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
