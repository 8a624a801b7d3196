/** A bulk job as it proceeds, as an async iterator over Server-Sent Events. */
import { BulkJobChangedDocument, type BulkJobPartsFragment } from './__generated__/operations.ts';
import { toConnectionError, type TicketgraphOptions } from './request.ts';
import { Reconnection, createLeavable, readPayloads, type ResumeOptions, type SignaledOptions } from './resume.ts';

const ENDED: ReadonlySet<string> = new Set(['DONE', 'CANCELLED', 'FAILED']);

/** Whether nothing of the job changes any more: its state is `DONE`, `CANCELLED` or `FAILED`. */
export function hasBulkEnded({ state }: Pick<BulkJobPartsFragment, 'state'>): boolean {
  return ENDED.has(state);
}

/**
 * Watches a bulk job: as it is now, then at most once a second while it changes, and when it ends. The loop ends with the
 * job; to leave it earlier does not cancel the job. A stream that is cut or ended is resumed, with the job as it is then.
 *
 * @throws TicketgraphError if it cannot be resumed: `ABORTED` by the signal, `NOT_FOUND` if the caller has no such job (any
 * more), or `UNAUTHENTICATED`. If `headers` is a function, that is thrown only if new headers are rejected as well.
 */
export function watchBulk(
  client: TicketgraphOptions,
  id: string,
  options: ResumeOptions = {},
): AsyncIterableIterator<BulkJobPartsFragment, undefined> {
  return createLeavable(options.signal, (signal) => statesOf(client, id, { ...options, signal }));
}

async function* statesOf(
  client: TicketgraphOptions,
  id: string,
  options: SignaledOptions,
): AsyncGenerator<BulkJobPartsFragment, undefined> {
  const reconnection = new Reconnection(client, options);
  const onAlive = (): void => reconnection.reset();
  for (;;) {
    try {
      for await (const { data } of readPayloads(client, BulkJobChangedDocument, { id }, options, onAlive)) {
        const job = (data as { readonly bulkJobChanged: BulkJobPartsFragment }).bulkJobChanged;
        yield job;
        if (hasBulkEnded(job)) return;
      }
      // The job was deleted, which the next connection reports, or the stream was ended without a reason.
      throw toConnectionError(options.signal, new Error('The stream has ended before the job.'));
    } catch (error) {
      await reconnection.waitAfter(error);
    }
  }
}
