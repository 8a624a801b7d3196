/** Opens and closes the list of bulk jobs. Keeps its space if there are none for this caller, so that nothing moves. */
import { navigate, useAddress } from '../address.ts';
import { useKeys } from '../keyboard.ts';
import { hasEnded } from './describe.ts';
import { useJobs } from './use-jobs.ts';

export const JOBS_BUTTON_ID = 'jobs-button';

export function JobsButton() {
  const { isOffered, jobs } = useJobs();
  const { jobs: open } = useAddress();
  const running = jobs.filter((job) => !hasEnded(job)).length;
  const toggle = (): void => navigate({ jobs: open === undefined ? '' : undefined, ticket: undefined });
  useKeys({ b: () => isOffered && toggle() });
  return (
    <button
      id={JOBS_BUTTON_ID}
      type="button"
      className="button quiet icon jobs-button"
      aria-label={running > 0 ? `Bulk jobs, ${running} running` : 'Bulk jobs'}
      title="Bulk jobs"
      aria-expanded={open !== undefined}
      aria-keyshortcuts="b"
      data-running={running > 0}
      hidden={!isOffered}
      onClick={toggle}
    >
      <span aria-hidden="true">☰</span>
    </button>
  );
}
