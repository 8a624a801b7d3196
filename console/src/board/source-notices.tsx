/** Which vendors' tickets are missing, and why: said in the list itself, where they would be. */
import { nameOf, type VendorView } from '../vendors/use-vendors.ts';
import { stateWord } from '../words.ts';
import type { BoardState, Source } from './use-board.ts';

interface SourceNoticesProps {
  readonly board: BoardState;
  readonly vendors: readonly VendorView[];
}

export function SourceNotices({ board: { sources, reload }, vendors }: SourceNoticesProps) {
  return sources.filter(isInTrouble).map(({ vendor, problem }) => {
    const isLate = problem?.code === 'VENDOR_TIMEOUT' && problem.retryable;
    return (
      <Notice
        key={`notice-${vendor}`}
        head={`${nameOf(vendors, vendor)}: ${isLate ? 'No answer yet' : stateWord(problem?.code ?? 'VENDOR_UNAVAILABLE')}.`}
        text={`${isLate ? 'Its tickets are not here yet; reload to ask again.' : 'Its tickets are missing here.'} ${problem?.message ?? ''}`}
        retryWord={isLate ? 'Reload' : 'Try again'}
        onRetry={reload}
      />
    );
  });
}

interface NoticeProps {
  readonly head?: string;
  readonly text: string;
  readonly retryWord?: string;
  onRetry(): void;
}

/** A row of the list that holds no ticket. */
export function Notice({ head, text, retryWord = 'Try again', onRetry }: NoticeProps) {
  return (
    <tr role="row" className="notice">
      <td role="cell" colSpan={6}>
        <span className="notice-text" role="alert" title={text}>
          {head !== undefined && <strong>{head} </strong>}
          {text}
        </span>
        <button type="button" className="button quiet" onClick={onRetry}>
          {retryWord}
        </button>
      </td>
    </tr>
  );
}

/** That a vendor has no list is how it is, not trouble. */
export function isInTrouble({ problem }: Source): boolean {
  return problem !== null && problem.code !== 'UNSUPPORTED';
}
