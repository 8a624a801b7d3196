/**
 * The writes of this page, and those that a reload interrupted. They outlive the ticket pane and the filter, and are listed
 * until the user has seen their outcome.
 */
import { useSyncExternalStore } from 'react';
import { createListeners } from '../listeners.ts';
import { currentCaller, subscribeSession } from '../session/session.ts';
import { createTabStorage } from '../tab-storage.ts';
import { unknownTicketsOf, type Write } from './write.ts';

const stored = createTabStorage<readonly Write[]>('writes');
const restored = new Set<string>();
const listeners = createListeners();

const NO_WRITES: readonly Write[] = [];

/** The writes of the current caller, oldest first. Returns the same array until one changes. */
export function allWrites(owner = currentCaller()): readonly Write[] {
  if (!restored.has(owner)) {
    restored.add(owner);
    const kept = stored.read(owner);
    if (kept) stored.write(owner, kept.map(markInterrupted));
  }
  return stored.read(owner) ?? NO_WRITES;
}

/** A reload discards pending responses. */
function markInterrupted(write: Write): Write {
  if (write.progress.state !== 'sending') return write;
  return { ...write, progress: { state: 'lost', message: 'The page was reloaded before the response arrived.' } };
}

export function useWrites(): readonly Write[] {
  return useSyncExternalStore(subscribe, allWrites);
}

function subscribe(listener: () => void): () => void {
  const unsubscribes = [listeners.subscribe(listener), subscribeSession(listener)];
  return () => unsubscribes.forEach((unsubscribe) => unsubscribe());
}

function replace(owner: string, next: readonly Write[]): void {
  stored.write(owner, next.length === 0 ? undefined : next);
  listeners.notify();
}

export function addWrites(added: readonly Write[]): void {
  const owner = currentCaller();
  replace(owner, [...allWrites(owner), ...added]);
}

/** @param owner the caller of the write. Another user may have signed in since. */
export function changeWrite(key: string, change: (write: Write) => Write, owner = currentCaller()): void {
  const writes = allWrites(owner);
  if (writes.some((write) => write.key === key)) {
    replace(
      owner,
      writes.map((write) => (write.key === key ? change(write) : write)),
    );
  }
}

export function removeWrites(shouldRemove: (write: Write) => boolean): void {
  const owner = currentCaller();
  const writes = allWrites(owner);
  const remaining = writes.filter((write) => !shouldRemove(write));
  if (remaining.length !== writes.length) replace(owner, remaining);
}

/** @param ticketId the only ticket of a bulk write that was checked. Omit for all. */
export function markSeen(keys: readonly string[], ticketId?: string): void {
  for (const key of keys) changeWrite(key, (write) => withSeen(write, ticketId));
}

function withSeen(write: Write, ticketId: string | undefined): Write {
  if (write.kind === 'action' || ticketId === undefined) return { ...write, isSeen: true };
  return { ...write, seenIds: [...write.seenIds, ticketId] };
}

/** Whether leaving the page now would interrupt a write. */
export function isBusy(): boolean {
  return allWrites().some(
    ({ kind, progress }) => progress.state === 'sending' || (kind === 'status' && progress.state === 'waiting'),
  );
}

/** Makes the browser ask before it leaves the page during a write. */
export function warnBeforeUnload(isWriting: () => boolean): void {
  window.addEventListener('beforeunload', (event) => {
    if (isWriting()) event.preventDefault();
  });
}

/** Whether the tray lists it while its ticket is not open. */
export function needsAttention(write: Write): boolean {
  if (write.isSeen) return false;
  if (write.kind === 'action') return true;
  return write.isFiled && (write.progress.state === 'sending' || unknownTicketsOf(write).length > 0);
}
