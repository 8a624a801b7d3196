/** Which vendors' tickets are missing, and why: said in the list itself, where they would be. */
import { nameOf, type VendorView } from '../vendors/use-vendors.ts';
import { stateWord } from '../words.ts';
import type { BoardState, Source } from './use-board.ts';

interface SourceNoticesProps {
  readonly board: BoardState;
  readonly vendors: readonly VendorView[];
}

export function SourceNotices({ board: { sources, reload }, vendors }: SourceNoticesProps) {
  return sources.filter(isInTrouble).map(({ vendor, problem }) => (
    <tr key={`notice-${vendor}`} role="row" className="notice">
      <td role="cell" colSpan={6}>
        <span className="notice-text" role="alert" title={problem?.message}>
          <strong>
            {nameOf(vendors, vendor)}: {problem && stateWord(problem.code)}.
          </strong>{' '}
          Its tickets are missing here. {problem?.message}
        </span>
        <button type="button" className="button quiet" onClick={reload}>
          Try again
        </button>
      </td>
    </tr>
  ));
}

/** That a vendor has no list is how it is, not trouble. */
export function isInTrouble({ problem }: Source): boolean {
  return problem !== null && problem.code !== 'UNSUPPORTED';
}
