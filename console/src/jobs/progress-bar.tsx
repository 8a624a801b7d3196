/** How many tickets of a job have an outcome. */
import type { BulkJobPartsFragment } from '../__generated__/documents.ts';
import { finishedOf } from './describe.ts';

/** Without a value while the number of tickets is not known. */
export function ProgressBar({ job, label }: { readonly job: BulkJobPartsFragment; readonly label: string }) {
  if (job.state === 'GATHERING') return <progress aria-label={`${label}: finding tickets`} />;
  return <progress aria-label={`${label}: tickets finished`} max={Math.max(1, job.total)} value={finishedOf(job)} />;
}
