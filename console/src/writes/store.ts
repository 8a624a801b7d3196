/**
 * The writes of this page, and those that a reload has interrupted. A write outlives the pane and the filter that it was
 * begun from: it is listed until somebody has seen its outcome.
 */
import { useSyncExternalStore } from 'react';
import { currentOwner, subscribe as subscribeSession } from '../session/session.ts';
import { createStored } from '../stored.ts';
import { unknownTicketsOf, type Write } from './write.ts';

const stored = createStored<readonly Write[]>('writes');
const restored = new Set<string>();
const listeners = new Set<() => void>();

const NONE: readonly Write[] = [];

/** The writes of the current caller, oldest first. The same array until one changes. */
export function allWrites(owner = currentOwner()): readonly Write[] {
  if (!restored.has(owner)) {
    restored.add(owner);
    const kept = stored.read(owner);
    if (kept) stored.write(owner, kept.map(interrupt));
  }
  return stored.read(owner) ?? NONE;
}

/** The page that was waiting for the answer is gone. */
function interrupt(write: Write): Write {
  if (write.progress.state !== 'sending') return write;
  return { ...write, progress: { state: 'lost', message: 'The page was reloaded before the answer came.' } };
}

export function useWrites(): readonly Write[] {
  return useSyncExternalStore(subscribe, allWrites);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const unsubscribe = subscribeSession(listener);
  return () => {
    listeners.delete(listener);
    unsubscribe();
  };
}

function replace(owner: string, next: readonly Write[]): void {
  stored.write(owner, next.length === 0 ? undefined : next);
  for (const listener of listeners) listener();
}

export function addWrites(added: readonly Write[]): void {
  const owner = currentOwner();
  replace(owner, [...allWrites(owner), ...added]);
}

/** @param owner the caller who began the write; somebody else may have signed in since. */
export function changeWrite(key: string, change: (write: Write) => Write, owner = currentOwner()): void {
  const writes = allWrites(owner);
  if (writes.some((write) => write.key === key)) {
    replace(
      owner,
      writes.map((write) => (write.key === key ? change(write) : write)),
    );
  }
}

export function removeWrites(isOver: (write: Write) => boolean): void {
  const owner = currentOwner();
  const writes = allWrites(owner);
  const left = writes.filter((write) => !isOver(write));
  if (left.length !== writes.length) replace(owner, left);
}

/** @param ticketId of a write to many: only this ticket has been looked at. */
export function markSeen(keys: readonly string[], ticketId?: string): void {
  for (const key of keys) changeWrite(key, (write) => see(write, ticketId));
}

function see(write: Write, ticketId: string | undefined): Write {
  if (write.kind === 'action' || ticketId === undefined) return { ...write, isSeen: true };
  return { ...write, seenIds: [...write.seenIds, ticketId] };
}

/** Whether leaving the page now would interrupt something. */
export function isBusy(): boolean {
  return allWrites().some(
    ({ kind, progress }) => progress.state === 'sending' || (kind === 'status' && progress.state === 'waiting'),
  );
}

/** The browser asks before it leaves the page in the middle of a write. */
export function guardUnload(): void {
  window.addEventListener('beforeunload', (event) => {
    if (isBusy()) event.preventDefault();
  });
}

/** Whether it is still to be listed while its ticket is not open. */
export function isOpenQuestion(write: Write): boolean {
  if (write.isSeen) return false;
  if (write.kind === 'action') return true;
  return write.isFiled && (write.progress.state === 'sending' || unknownTicketsOf(write).length > 0);
}
