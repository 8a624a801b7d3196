/** A point in time, relative and exact. */
import { useSyncExternalStore } from 'react';

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const EXACT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

const MINUTE_MS = 60_000;
const UNITS = [
  ['year', 525_600],
  ['month', 43_200],
  ['week', 10_080],
  ['day', 1_440],
  ['hour', 60],
  ['minute', 1],
] as const;

export function formatRelative(at: number, now: number): string {
  // A vendor's clock may be ahead of this one.
  const minutes = Math.min(0, Math.round((at - now) / MINUTE_MS));
  const [unit, size] = UNITS.find(([, minimum]) => Math.abs(minutes) >= minimum) ?? ['minute', 1];
  return minutes === 0 ? 'just now' : RELATIVE.format(Math.trunc(minutes / size), unit);
}

export function formatExact(at: number): string {
  return EXACT.format(at);
}

/** Updates once a minute, the precision of relative times. */
function useCurrentMinute(): number {
  return useSyncExternalStore(subscribeToMinutes, () => Math.floor(Date.now() / MINUTE_MS)) * MINUTE_MS;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One shared timer for all times on the page. */
function subscribeToMinutes(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const one of listeners) one();
  }, MINUTE_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

interface TimeProps {
  readonly at: string | null;
}

export function Time({ at }: TimeProps) {
  const now = useCurrentMinute();
  const time = Date.parse(at ?? '');
  if (at === null || Number.isNaN(time)) return <span className="muted">{at ?? '—'}</span>;
  return (
    <time dateTime={at} className="time">
      <span>{formatRelative(time, now)}</span> <span className="exact">{formatExact(time)}</span>
    </time>
  );
}
