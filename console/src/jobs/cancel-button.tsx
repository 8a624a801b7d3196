/** Cancels a job after a confirmation. Keeps its space once the job has ended, so that nothing moves. */
import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import type { BulkJobPartsFragment } from '../__generated__/documents.ts';
import { confirm } from '../confirm.tsx';
import { hasEnded, ticketCount } from './describe.ts';
import { cancelJob } from './send.ts';

interface CancelButtonProps {
  readonly job: BulkJobPartsFragment;
  readonly className: string;
}

export function CancelButton({ job, className }: CancelButtonProps) {
  const client = useApolloClient();
  const [problem, setProblem] = useState<string>();
  const cancel = async (): Promise<void> => {
    const isConfirmed = await confirm({
      title: 'Cancel this job?',
      text:
        'Tickets that have been changed stay changed, and those that are being sent are finished. ' +
        `${job.waiting > 0 ? `The ${ticketCount(job.waiting)} that still wait` : 'Tickets that still wait'} stay as they are.`,
      confirmLabel: 'Yes, cancel the job',
    });
    if (isConfirmed) setProblem(await cancelJob(client, job.id));
  };
  const isCanceling = job.state === 'CANCELLING';
  return (
    <>
      {problem !== undefined && (
        <p className="field-error" role="alert">
          Not canceled: {problem}
        </p>
      )}
      {/* Not disabled, which would drop the focus. */}
      <button
        type="button"
        className={className}
        aria-disabled={isCanceling}
        data-gone={hasEnded(job)}
        onClick={() => void (isCanceling ? undefined : cancel())}
      >
        {isCanceling ? 'Canceling…' : 'Cancel…'}
      </button>
    </>
  );
}
