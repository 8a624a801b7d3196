/** Exit codes of the data of a mutation. */
import { Outcome } from '../../client/index.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { isObject } from '../json.ts';
import { exitOf } from '../writing.ts';

type OutcomeWord = (typeof Outcome)[keyof typeof Outcome];

/**
 * Returns the gravest exit code of the outcomes that were selected under the name `outcome`. A dry run without problems is
 * a success.
 */
export function exitOfData(data: unknown): ExitCode {
  const exits = isObject(data) ? Object.values(data).map(exitOfReport) : [];
  return [EXIT.unknown, EXIT.notDone].find((exit) => exits.includes(exit)) ?? EXIT.done;
}

function exitOfReport(report: unknown): ExitCode {
  const outcome = isObject(report) ? report['outcome'] : undefined;
  if (!isObject(report) || !isOutcome(outcome)) return EXIT.done;
  const { plan, problems } = report;
  const isPlanned = Array.isArray(plan) && Array.isArray(problems) && problems.length === 0;
  return isPlanned ? EXIT.done : exitOf(outcome);
}

function isOutcome(value: unknown): value is OutcomeWord {
  return Object.values(Outcome).some((word) => word === value);
}
