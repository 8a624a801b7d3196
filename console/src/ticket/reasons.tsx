/** The endpoint's and the vendor's messages of problems. */
import type { ProblemPartsFragment } from '../__generated__/documents.ts';

interface ReasonsProps {
  readonly problems: readonly ProblemPartsFragment[];
}

export function Reasons({ problems }: ReasonsProps) {
  return problems.map((problem) => <p key={`${problem.code} ${problem.message}`}>{formatReason(problem)}</p>);
}

export function formatReason({ message, upstreamMessage, retryAfterSeconds }: ProblemPartsFragment): string {
  const vendorMessage =
    upstreamMessage !== null && !message.includes(upstreamMessage) ? ` Vendor message: ${upstreamMessage}` : '';
  const retry = retryAfterSeconds === null ? '' : ` Retry in ${retryAfterSeconds} s.`;
  return `${message}${vendorMessage}${retry}`;
}
