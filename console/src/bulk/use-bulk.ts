/**
 * A status for many tickets. They are sent in small parts, one after another, so that the progress shown is true and a
 * person can stop. Each part has a key of its own, and is sent again under that key, also after a reload of the page.
 */
import { useApolloClient } from '@apollo/client/react';
import { useMemo, useRef, useState } from 'react';
import type { StatusCategory } from '../__generated__/documents.ts';
import { newKey } from '../key.ts';
import { sendAgain } from '../writes/send.ts';
import { addWrites, allWrites, changeWrite, removeWrites, useWrites } from '../writes/store.ts';
import { hasLiveKey, isUnknown, type StatusWrite, type Write } from '../writes/write.ts';

const PART_SIZE = 10;

export interface Bulk {
  readonly status: StatusCategory;
  readonly parts: readonly StatusWrite[];
  readonly isRunning: boolean;
}

export interface BulkState {
  readonly bulk: Bulk | undefined;
  begin(ids: readonly string[], status: StatusCategory, comment: string): void;
  /** Goes on with what is waiting, and with what was lost, under the same keys. */
  resume(): void;
  /** After the part that is under way. */
  stop(): void;
  /** Closes the results. What is unknown is listed in the tray from then on. */
  file(): void;
}

/** @param onEnd called with all parts when no more is sent. */
export function useBulk(onEnd: (parts: readonly StatusWrite[]) => void): BulkState {
  const client = useApolloClient();
  const writes = useWrites();
  const parts = useMemo(() => writes.filter(isCurrent), [writes]);
  const [first] = parts;
  const [isRunning, setRunning] = useState(false);
  const isStopped = useRef(false);

  const mayGoOn = (): boolean => !isStopped.current;
  const run = async (todo: readonly StatusWrite[]): Promise<void> => {
    isStopped.current = false;
    setRunning(true);
    const left = [...todo];
    for (let part = left.shift(); part && mayGoOn(); part = left.shift()) await sendAgain(client, part);
    setRunning(false);
    onEnd(allWrites().filter(isCurrent));
  };

  return {
    bulk: first && { status: first.input.status, parts, isRunning },
    begin: (ids, status, comment) => {
      file();
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
    file,
  };
}

/** The results that are shown at the bottom of the page. */
function isCurrent(write: Write): write is StatusWrite {
  return write.kind === 'status' && !write.isFiled;
}

export function isUnfinished(write: StatusWrite): boolean {
  return write.progress.state === 'waiting' || (write.progress.state === 'lost' && hasLiveKey(write));
}

function file(): void {
  removeWrites((write) => isCurrent(write) && !isUnknown(write));
  for (const { key } of allWrites().filter(isCurrent))
    changeWrite(key, (write) => ({ ...write, isFiled: true }) as Write);
}

function toParts(ids: readonly string[], status: StatusCategory, comment: string): readonly StatusWrite[] {
  return Array.from({ length: Math.ceil(ids.length / PART_SIZE) }, (_, index) => {
    const key = newKey();
    const ticketIds = ids.slice(index * PART_SIZE, (index + 1) * PART_SIZE);
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
