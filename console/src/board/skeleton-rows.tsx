/** Rows before there are any: of the same height, so that nothing moves when they come. */

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
