/** Where a ticket stands, as a colour and a word. */
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { categoryWord } from '../words.ts';

interface StatusProps {
  /** `raw` is left out where it is not the vendor's word but an expectation. */
  readonly status: Pick<BoardTicketFragment['status'], 'category'> & { readonly raw?: string };
}

/** The vendor's own word stands where it is in none of the shared ones. */
export function Status({ status: { category, raw } }: StatusProps) {
  const own = raw === undefined || raw === '' ? 'Unknown' : raw;
  return (
    <span
      className="status"
      data-category={category ?? 'NONE'}
      title={raw === undefined ? undefined : `The vendor's own word: ${own}`}
    >
      <span className="status-word">{category ? categoryWord(category) : own}</span>
    </span>
  );
}
