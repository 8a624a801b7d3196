/** What a bulk job does with each ticket, from the options of `bulk start`. */
import type { BulkWorkInput, Priority, StatusCategory } from '../../client/index.ts';
import { CommandError, EXIT } from '../exit.ts';

export interface WorkOptions {
  readonly setStatus?: StatusCategory;
  readonly setPriority?: Priority;
  readonly action?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly delete?: boolean;
  readonly confirm?: boolean;
  readonly comment?: string;
}

/** @throws CommandError unless exactly one work is named, and nothing that does not belong to it. */
export function toWork(options: WorkOptions): BulkWorkInput {
  const works = [statusWork(options), priorityWork(options), actionWork(options), deletionWork(options)];
  const [work, other] = works.filter((one) => one !== undefined);
  if (!work || other)
    throw new CommandError(EXIT.usage, work ? 'Several works were given.' : 'No work was given.', WORKS);
  const { comment, inputs, confirm } = options;
  if (inputs && !work.executeAction) throw unsuitable('--inputs', '--action');
  if (confirm && !work.deleteTickets) throw unsuitable('--confirm', '--delete');
  if (comment !== undefined && (work.setPriority ?? work.deleteTickets)) {
    throw unsuitable('--comment', '--set-status and --action');
  }
  return work;
}

const WORKS = 'Use one of --set-status, --set-priority, --action and --delete.';

function unsuitable(option: string, others: string): CommandError {
  return new CommandError(EXIT.usage, `${option} does not fit the work.`, `${option} goes with ${others}.`);
}

function statusWork({ setStatus: status, comment }: WorkOptions): BulkWorkInput | undefined {
  return status && { setStatus: { status, ...(comment !== undefined && { comment }) } };
}

function priorityWork({ setPriority: priority }: WorkOptions): BulkWorkInput | undefined {
  return priority && { setPriority: { priority } };
}

function actionWork({ action, comment, inputs }: WorkOptions): BulkWorkInput | undefined {
  if (action === undefined) return undefined;
  return { executeAction: { action, ...(comment !== undefined && { comment }), ...(inputs && { inputs }) } };
}

function deletionWork(options: WorkOptions): BulkWorkInput | undefined {
  if (!options.delete) return undefined;
  if (options.confirm) return { deleteTickets: { confirm: true } };
  throw new CommandError(EXIT.usage, '--delete was not confirmed: a deletion cannot be undone.', 'Add --confirm.');
}
