/** A point in time, as people say it and exactly. */
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

export function sayAgo(at: number, now: number): string {
  // A vendor's clock may run ahead of this one.
  const minutes = Math.min(0, Math.round((at - now) / MINUTE_MS));
  const [unit, size] = UNITS.find(([, minimum]) => Math.abs(minutes) >= minimum) ?? ['minute', 1];
  return minutes === 0 ? 'just now' : RELATIVE.format(Math.trunc(minutes / size), unit);
}

export function sayExactly(at: number): string {
  return EXACT.format(at);
}

/** Once a minute is often enough for what is said in minutes. */
function useMinute(): number {
  return useSyncExternalStore(everyMinute, () => Math.floor(Date.now() / MINUTE_MS)) * MINUTE_MS;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all times of the page. */
function everyMinute(listener: () => void): () => void {
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
  const now = useMinute();
  const time = Date.parse(at ?? '');
  if (at === null || Number.isNaN(time)) return <span className="muted">{at ?? '—'}</span>;
  return (
    <time dateTime={at} className="time">
      <span>{sayAgo(time, now)}</span> <span className="exact">{sayExactly(time)}</span>
    </time>
  );
}
