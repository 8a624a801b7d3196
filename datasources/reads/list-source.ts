/** What a page says of each source: its count, or why its tickets are missing or incomplete. */
import type { FailureDetails } from '../contract.ts';
import { asFailure } from '../vendor-kit/failure.ts';
import type { EarlyStop, ListCursor } from './list-cursor.ts';

export interface ListSource {
  /** Key of the source. */
  readonly source: string;
  readonly totalCount: number | null;
  readonly failure: FailureDetails | null;
}

/** @throws the cursor's failure if it is unexpected, or concerns the whole request. */
export function toListSource(source: string, cursor: ListCursor, patienceMs: number): ListSource {
  const { failure, stoppedBy, totalCount, unreadable } = cursor;
  if (failure !== undefined) {
    const known = asFailure(failure);
    // A request over its budget is rejected as a whole.
    if (!known || known.kind === 'too-costly') throw failure as Error;
    return { source, totalCount: null, failure: known.details };
  }
  if (stoppedBy) return { source, totalCount, failure: explainStop(stoppedBy, cursor, patienceMs) };
  if (unreadable > 0) return { source, totalCount: null, failure: explainUnreadable(unreadable) };
  return { source, totalCount, failure: null };
}

function explainUnreadable(count: number): FailureDetails {
  return { kind: 'protocol', message: `None of the ${count} entries that the vendor listed can be read.` };
}

const CONTINUE = 'Continue with pageInfo.endCursor';

function explainStop(stop: EarlyStop, { scanned }: ListCursor, patienceMs: number): FailureDetails {
  switch (stop) {
    case 'late':
      return {
        kind: 'timeout',
        message:
          `The vendor did not answer within patienceMs (${patienceMs} ms). ` +
          `${CONTINUE}: the next page waits for it. Set patienceMs to 0 to wait for all.`,
      };
    case 'deadline':
      return {
        kind: 'timeout',
        message:
          `The request ran out of time after ${scanned} tickets of the vendor. ` +
          `${CONTINUE} to search the next ones.`,
      };
    case 'scan-limit':
      return {
        kind: 'unsupported',
        message:
          `The vendor cannot apply this filter, and ${scanned} of its tickets were searched for this page. ` +
          `${CONTINUE} to search the next ones.`,
      };
    case 'call-limit':
    case 'failed':
      return {
        kind: 'unsupported',
        message: `The vendor sends few tickets at a time: ${scanned} were read for this page. ${CONTINUE}.`,
      };
  }
}
