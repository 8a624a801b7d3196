/**
 * Bulk jobs that this tab has started. Each is stored before its request is sent: if the response is lost, or the page is
 * reloaded, the request can be repeated under the same key, which gives the same job.
 */
import { useSyncExternalStore } from 'react';
import type { StartBulkInput } from '../__generated__/documents.ts';
import { createListeners } from '../listeners.ts';
import { currentCaller, subscribeSession } from '../session/session.ts';
import { createTabStorage } from '../tab-storage.ts';
import { KEY_LIFETIME_MS } from '../writes/write.ts';

/** State of a start. The state names are stored in the tab's session storage. */
export type StartProgress =
  | { readonly state: 'sending' }
  /** There is no response. The server may have started the job. */
  | { readonly state: 'lost'; readonly message: string }
  /** The server has not started the job. */
  | { readonly state: 'refused'; readonly message: string }
  | { readonly state: 'started'; readonly jobId: string };

export interface Start {
  /** The idempotency key. */
  readonly key: string;
  /** What the job does, e.g. `Closed`. Jobs do not have this themselves. */
  readonly label: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** `undefined` once the job has started. */
  readonly input: StartBulkInput | undefined;
  readonly progress: StartProgress;
  /** Whether the user has closed its progress. The label is kept. */
  readonly isClosed: boolean;
}

/** Labels of more jobs are not kept. */
const MAX_KEPT = 50;

const stored = createTabStorage<readonly Start[]>('jobs');
const restored = new Set<string>();
const listeners = createListeners();
const NO_STARTS: readonly Start[] = [];

/** Those of the current caller, oldest first. Returns the same array until one changes. */
export function allStarts(owner = currentCaller()): readonly Start[] {
  if (!restored.has(owner)) {
    restored.add(owner);
    const kept = stored.read(owner);
    if (kept) stored.write(owner, kept.map(markInterrupted));
  }
  return stored.read(owner) ?? NO_STARTS;
}

/** A reload discards pending responses. */
function markInterrupted(start: Start): Start {
  if (start.progress.state !== 'sending') return start;
  return { ...start, progress: { state: 'lost', message: 'The page was reloaded before the response arrived.' } };
}

export function useStarts(): readonly Start[] {
  return useSyncExternalStore(subscribe, allStarts);
}

function subscribe(listener: () => void): () => void {
  const unsubscribes = [listeners.subscribe(listener), subscribeSession(listener)];
  return () => unsubscribes.forEach((unsubscribe) => unsubscribe());
}

export function addStart(start: Start): void {
  const owner = currentCaller();
  replace(owner, [...allStarts(owner), start].slice(-MAX_KEPT));
}

/** @param owner the caller of the start. Another user may have signed in since. */
export function changeStart(key: string, changes: Partial<Start>, owner = currentCaller()): void {
  replace(
    owner,
    allStarts(owner).map((start) => (start.key === key ? { ...start, ...changes } : start)),
  );
}

export function removeStart(key: string): void {
  const owner = currentCaller();
  replace(
    owner,
    allStarts(owner).filter((start) => start.key !== key),
  );
}

function replace(owner: string, next: readonly Start[]): void {
  stored.write(owner, next.length === 0 ? undefined : next);
  listeners.notify();
}

/** Whether a repeat gives the same job. Afterwards, it might start another one. */
export function canRepeat({ input, sentAt }: Start): boolean {
  return input !== undefined && Date.now() - sentAt < KEY_LIFETIME_MS;
}

/** Whether leaving the page now would lose the response of a start. */
export function isStarting(): boolean {
  return allStarts().some(({ progress }) => progress.state === 'sending');
}

/** The start of a job by this tab, or `undefined` if another one has started it. */
export function findStart(starts: readonly Start[], jobId: string): Start | undefined {
  return starts.find(({ progress }) => progress.state === 'started' && progress.jobId === jobId);
}
