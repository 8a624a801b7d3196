/** Why, in the endpoint's words and in the vendor's own. */
import type { TroubleFragment } from '../__generated__/documents.ts';

interface ReasonsProps {
  readonly problems: readonly TroubleFragment[];
}

export function Reasons({ problems }: ReasonsProps) {
  return problems.map((problem) => <p key={`${problem.code} ${problem.message}`}>{sayWhy(problem)}</p>);
}

export function sayWhy({ message, upstreamMessage, retryAfterSeconds }: TroubleFragment): string {
  const own =
    upstreamMessage !== null && !message.includes(upstreamMessage) ? ` The vendor says: ${upstreamMessage}` : '';
  const later = retryAfterSeconds === null ? '' : ` It may be tried again after ${retryAfterSeconds} s.`;
  return `${message}${own}${later}`;
}
