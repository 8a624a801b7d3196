/** Which vendors' tickets are missing, and why: said in the list itself, where they would be. */
import { nameOf, type VendorView } from '../vendors/use-vendors.ts';
import { stateWord } from '../words.ts';
import type { BoardState, Source } from './use-board.ts';

interface SourceNoticesProps {
  readonly board: BoardState;
  readonly vendors: readonly VendorView[];
}

export function SourceNotices({ board: { sources, reload }, vendors }: SourceNoticesProps) {
  return sources
    .filter(isInTrouble)
    .map(({ vendor, problem }) => (
      <Notice
        key={`notice-${vendor}`}
        head={`${nameOf(vendors, vendor)}: ${problem ? stateWord(problem.code) : ''}.`}
        text={`Its tickets are missing here. ${problem?.message ?? ''}`}
        onRetry={reload}
      />
    ));
}

interface NoticeProps {
  readonly head?: string;
  readonly text: string;
  onRetry(): void;
}

/** A row of the list that holds no ticket. */
export function Notice({ head, text, onRetry }: NoticeProps) {
  return (
    <tr role="row" className="notice">
      <td role="cell" colSpan={6}>
        <span className="notice-text" role="alert" title={text}>
          {head !== undefined && <strong>{head} </strong>}
          {text}
        </span>
        <button type="button" className="button quiet" onClick={onRetry}>
          Try again
        </button>
      </td>
    </tr>
  );
}

/** That a vendor has no list is how it is, not trouble. */
function isInTrouble({ problem }: Source): boolean {
  return problem !== null && problem.code !== 'UNSUPPORTED';
}
