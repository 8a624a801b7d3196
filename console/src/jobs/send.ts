/** Starts, plans and cancels bulk jobs. Never retries automatically. */
import type { ApolloClient } from '@apollo/client';
import {
  BulkJobsDocument,
  CancelBulkDocument,
  PlanBulkDocument,
  StartBulkDocument,
  type PlanBulkMutation,
  type StartBulkInput,
} from '../__generated__/documents.ts';
import { newIdempotencyKey } from '../idempotency-key.ts';
import { asError, describeError, isDisconnected } from '../session/errors.ts';
import { currentCaller } from '../session/session.ts';
import { formatReason } from '../ticket/reasons.tsx';
import { inconclusiveReason } from '../writes/write.ts';
import { addStart, canRepeat, changeStart, type Start, type StartProgress } from './starts.ts';

/** The work and its tickets. */
export type JobInput = Pick<StartBulkInput, 'work' | 'tickets'>;

export type Plan = NonNullable<PlanBulkMutation['startBulk']['plan']>;

/**
 * A dry run: sends nothing that changes a ticket.
 *
 * @throws Error with a message for users
 */
export async function planJob(client: ApolloClient, input: JobInput, signal: AbortSignal): Promise<Plan> {
  const { data, error } = await client.mutate({
    mutation: PlanBulkDocument,
    variables: { input: { ...input, dryRun: true, idempotencyKey: newIdempotencyKey() } },
    errorPolicy: 'all',
    context: { fetchOptions: { signal } },
  });
  if (!data) throw new Error(describeError(asError(error)));
  const { plan, problems } = data.startBulk;
  if (!plan) throw new Error(problems.map(formatReason).join(' '));
  return plan;
}

/** @param label what the job does, e.g. `Closed`. Returns whether the server may have started the job. */
export function beginJob(client: ApolloClient, label: string, input: JobInput): Promise<boolean> {
  const key = newIdempotencyKey();
  const start: Start = {
    key,
    label,
    sentAt: Date.now(),
    input: { ...input, idempotencyKey: key },
    progress: { state: 'sending' },
    isClosed: false,
  };
  addStart(start);
  return send(client, start, false);
}

/** Repeats a start under the same key. Sends nothing if the key has expired. */
export async function beginAgain(client: ApolloClient, start: Start): Promise<void> {
  if (!canRepeat(start)) {
    // The key expired after the button was rendered: render again.
    changeStart(start.key, {});
    return;
  }
  const isRepeat = start.progress.state === 'lost';
  changeStart(start.key, { progress: { state: 'sending' } });
  await send(client, start, isRepeat);
}

async function send(client: ApolloClient, start: Start, isRepeat: boolean): Promise<boolean> {
  const owner = currentCaller();
  const progress = await attempt(client, start.input!, isRepeat);
  const isStarted = progress.state === 'started';
  changeStart(start.key, { progress, ...(isStarted && { input: undefined }) }, owner);
  // The list shows it, and with it the progress.
  if (isStarted) client.refetchQueries({ include: [BulkJobsDocument] }).catch(() => undefined);
  return progress.state !== 'refused';
}

/** @param isRepeat whether an earlier attempt is unknown. It stays unknown if the response does not cover it. */
async function attempt(client: ApolloClient, input: StartBulkInput, isRepeat: boolean): Promise<StartProgress> {
  try {
    const { data, error } = await client.mutate({
      mutation: StartBulkDocument,
      variables: { input },
      errorPolicy: 'all',
    });
    if (!data) throw asError(error);
    const { job, problems } = data.startBulk;
    if (job) return { state: 'started', jobId: job.id };
    const isUnknown = isRepeat && inconclusiveReason(problems) !== undefined;
    return { state: isUnknown ? 'lost' : 'refused', message: problems.map(formatReason).join(' ') };
  } catch (error) {
    return { state: isRepeat || isDisconnected(error) ? 'lost' : 'refused', message: describeError(error) };
  }
}

/** Returns why the job was not canceled, or `undefined` if it was. Canceling twice is the same as once. */
export async function cancelJob(client: ApolloClient, id: string): Promise<string | undefined> {
  try {
    const { data, error } = await client.mutate({
      mutation: CancelBulkDocument,
      variables: { input: { id } },
      errorPolicy: 'all',
    });
    if (!data) throw asError(error);
    const { job, problems } = data.cancelBulk;
    if (job) return undefined;
    return problems.length > 0 ? problems.map(formatReason).join(' ') : 'The server has no such job.';
  } catch (error) {
    return describeError(error);
  }
}
