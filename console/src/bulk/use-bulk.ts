/**
 * Sets the status of many tickets in small sequential requests, so that progress is visible and the user can stop. Each
 * request has its own idempotency key, and repeats use the same key, even after a page reload.
 */
import { useApolloClient } from '@apollo/client/react';
import { useMemo, useRef, useState } from 'react';
import type { StatusCategory } from '../__generated__/documents.ts';
import { newIdempotencyKey } from '../idempotency-key.ts';
import { sendAgain } from '../writes/send.ts';
import { addWrites, allWrites, changeWrite, removeWrites, useWrites } from '../writes/store.ts';
import { hasLiveKey, isUnknown, type StatusWrite, type Write } from '../writes/write.ts';

const CHUNK_SIZE = 10;

export interface Bulk {
  readonly status: StatusCategory;
  readonly parts: readonly StatusWrite[];
  readonly isRunning: boolean;
}

export interface BulkState {
  readonly bulk: Bulk | undefined;
  begin(ids: readonly string[], status: StatusCategory, comment: string): void;
  /** Sends the waiting and the disconnected requests under the same keys. */
  resume(): void;
  /** Stops after the current request. */
  stop(): void;
  /** Closes the results. Unknown ones are then listed in the tray. */
  close(): void;
}

/** @param onEnd called with all parts after the last request. */
export function useBulk(onEnd: (parts: readonly StatusWrite[]) => void): BulkState {
  const client = useApolloClient();
  const writes = useWrites();
  const parts = useMemo(() => writes.filter(isCurrent), [writes]);
  const [first] = parts;
  const [isRunning, setRunning] = useState(false);
  const isStopped = useRef(false);

  const canContinue = (): boolean => !isStopped.current;
  const run = async (pending: readonly StatusWrite[]): Promise<void> => {
    isStopped.current = false;
    setRunning(true);
    const remaining = [...pending];
    for (let part = remaining.shift(); part && canContinue(); part = remaining.shift()) await sendAgain(client, part);
    setRunning(false);
    onEnd(allWrites().filter(isCurrent));
  };

  return {
    bulk: first && { status: first.input.status, parts, isRunning },
    begin: (ids, status, comment) => {
      closeResults();
      const added = toParts(ids, status, comment);
      addWrites(added);
      void run(added);
    },
    resume: () => {
      if (!isRunning) void run(parts.filter(isUnfinished));
    },
    stop: () => {
      isStopped.current = true;
    },
    close: closeResults,
  };
}

/** Whether its results are shown at the bottom of the page. */
function isCurrent(write: Write): write is StatusWrite {
  return write.kind === 'status' && !write.isFiled;
}

export function isUnfinished(write: StatusWrite): boolean {
  return write.progress.state === 'waiting' || (write.progress.state === 'lost' && hasLiveKey(write));
}

function closeResults(): void {
  removeWrites((write) => isCurrent(write) && !isUnknown(write));
  for (const { key } of allWrites().filter(isCurrent))
    changeWrite(key, (write) => ({ ...write, isFiled: true }) as Write);
}

function toParts(ids: readonly string[], status: StatusCategory, comment: string): readonly StatusWrite[] {
  return Array.from({ length: Math.ceil(ids.length / CHUNK_SIZE) }, (_, index) => {
    const key = newIdempotencyKey();
    const ticketIds = ids.slice(index * CHUNK_SIZE, (index + 1) * CHUNK_SIZE);
    return {
      kind: 'status',
      key,
      startedAt: Date.now(),
      isSeen: false,
      isFiled: false,
      seenIds: [],
      input: { ticketIds, status, idempotencyKey: key, ...(comment !== '' && { comment }) },
      progress: { state: 'waiting' },
    };
  });
}
