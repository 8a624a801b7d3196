/** A ticket's status, as a colour and a label. */
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { categoryLabel } from '../labels.ts';

interface StatusProps {
  /** Omit `raw` for an expected status. */
  readonly status: Pick<BoardTicketFragment['status'], 'category'> & { readonly raw?: string };
}

/** Shows the raw status if it maps to no category. */
export function Status({ status: { category, raw } }: StatusProps) {
  const rawLabel = raw === undefined || raw === '' ? 'Unknown' : raw;
  return (
    <span
      className="status"
      data-category={category ?? 'NONE'}
      title={raw === undefined ? undefined : `Vendor status: ${rawLabel}`}
    >
      <span className="status-word">{category ? categoryLabel(category) : rawLabel}</span>
    </span>
  );
}
