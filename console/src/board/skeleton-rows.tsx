/** Placeholder rows of the same height as real rows, to avoid layout shifts. */

interface SkeletonRowsProps {
  readonly count: number;
}

export function SkeletonRows({ count }: SkeletonRowsProps) {
  return Array.from({ length: count }, (_, index) => (
    <tr key={`skeleton-${index}`} className="row skeleton" aria-hidden="true">
      <td className="cell-check" />
      <td className="cell-status">
        <i className="bone" />
      </td>
      <td className="cell-title">
        <i className="bone" />
        <i className="bone small" />
      </td>
      <td className="cell-vendor">
        <i className="bone" />
      </td>
      <td className="cell-created">
        <i className="bone" />
      </td>
      <td className="cell-updated">
        <i className="bone" />
      </td>
    </tr>
  ));
}
