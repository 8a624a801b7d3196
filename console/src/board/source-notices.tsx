/** Notices in the list about sources whose tickets are missing. */
import { nameOf, type VendorView } from '../vendors/use-vendors.ts';
import { problemLabel } from '../labels.ts';
import { isLate, type BoardState, type Source } from './use-board.ts';

interface SourceNoticesProps {
  readonly board: BoardState;
  readonly vendors: readonly VendorView[];
}

export function SourceNotices({ board: { sources, reload }, vendors }: SourceNoticesProps) {
  return sources.filter(hasProblem).map((one) => {
    const { vendor, source, problem } = one;
    const canStillAnswer = isLate(one);
    return (
      <Notice
        key={`notice-${source.id}`}
        head={`${nameOf(vendors, vendor, source.id)}: ${canStillAnswer ? 'No response yet' : problemLabel(problem?.code ?? 'VENDOR_UNAVAILABLE')}.`}
        text={`${canStillAnswer ? 'Its tickets have not loaded yet. Reload to try again.' : 'Its tickets are missing.'} ${problem?.message ?? ''}`}
        retryLabel={canStillAnswer ? 'Reload' : 'Try again'}
        onRetry={reload}
      />
    );
  });
}

interface NoticeProps {
  readonly head?: string;
  readonly text: string;
  readonly retryLabel?: string;
  onRetry(): void;
}

/** A row without a ticket. */
export function Notice({ head, text, retryLabel = 'Try again', onRetry }: NoticeProps) {
  return (
    <tr role="row" className="notice">
      <td role="cell" colSpan={6}>
        <span className="notice-text" role="alert" title={text}>
          {head !== undefined && <strong>{head} </strong>}
          {text}
        </span>
        <button type="button" className="button quiet" onClick={onRetry}>
          {retryLabel}
        </button>
      </td>
    </tr>
  );
}

/** A source without a list is not a problem. */
export function hasProblem({ problem }: Source): boolean {
  return problem !== null && problem.code !== 'UNSUPPORTED';
}
