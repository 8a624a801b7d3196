/**
 * Decides what of one source is polled next, and when: what is due longest, within the budget of calls, one poll at a
 * time, so that polls never keep interactive requests waiting for more than one connection.
 */
import type { CallMeter } from './call-meter.ts';
import type { LiveState } from './change.ts';
import type { IntervalSettings } from './interval.ts';
import type { Watch } from './watch.ts';
import type { WatchedGroup } from './watched-group.ts';

export interface PollerOptions {
  readonly settings: IntervalSettings;
  readonly meter: CallMeter;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether this process polls a group; otherwise another one does. */
  readonly isPolledHere: (group: WatchedGroup) => boolean;
  /** Whether polls are to be as rare as possible, since the replicas cannot share them. */
  readonly isDegraded: () => boolean;
  reportUnexpected(error: unknown): void;
}

interface Due {
  readonly group: WatchedGroup;
  readonly watch: Watch;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Longest time that a timer of Node can wait. */
const MAX_TIMER_MS = 2_147_483_647;

export class SourcePoller {
  readonly meter: CallMeter;
  readonly groups = new Map<string, WatchedGroup>();
  readonly #options: PollerOptions;
  #timer: NodeJS.Timeout | undefined;
  /** What the timer is for. */
  #next: Due | undefined;
  #isPolling = false;
  #isClosed = false;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.meter = options.meter;
  }

  /**
   * To be called whenever something else is due, or earlier.
   *
   * @param changed the only watch whose time has changed. Omit to look at all.
   */
  schedule(changed?: { readonly group: WatchedGroup; readonly watch: Watch }): void {
    if (changed && this.#isLater(changed)) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isPolling || this.#isClosed) return;
    const next = this.#findNext();
    if (!next || next.at === Infinity) return;
    this.#next = next;
    const waitMs = this.meter.isOff ? 0 : this.meter.waitMs(next.watch.cost);
    const delayMs = Math.max(next.at - this.#options.now(), waitMs, 0);
    this.#timer = setTimeout(() => void this.#poll(next), Math.min(delayMs, MAX_TIMER_MS)).unref();
  }

  /** Most watches are due after the next one: with thousands of them, it is not looked for after each read. */
  #isLater({ group, watch }: { readonly group: WatchedGroup; readonly watch: Watch }): boolean {
    if (!this.#timer || !this.#next || this.#next.watch === watch) return false;
    return Math.max(this.#dueAt(watch), group.retryAt) >= this.#next.at;
  }

  async #poll({ group, watch }: Due): Promise<void> {
    this.#isPolling = true;
    try {
      if (watch.isUsed) await group.poll(watch);
    } catch (error) {
      this.#options.reportUnexpected(error);
    } finally {
      this.#isPolling = false;
      this.schedule();
    }
  }

  #findNext(): Due | undefined {
    let next: Due | undefined;
    for (const group of this.groups.values()) {
      const isPolled = !this.meter.isOff && this.#options.isPolledHere(group);
      for (const watch of group.watches) {
        // No other process reads what could not be read here.
        if (!isPolled && watch.readAt !== undefined && !watch.failure && !group.isStale) continue;
        const at = Math.max(this.#dueAt(watch), group.retryAt);
        if (!next || at < next.at) next = { group, watch, at };
      }
    }
    return next;
  }

  #dueAt({ nextAt, readAt }: Watch): number {
    const { isDegraded, settings } = this.#options;
    return readAt !== undefined && isDegraded() ? Math.max(nextAt, readAt + settings.atMostMs) : nextAt;
  }

  /** `undefined` if nothing is watched. */
  get state(): LiveState | undefined {
    const watches = [...this.groups.values()].flatMap((group) => group.watches);
    if (watches.length === 0) return undefined;
    const shortestMs = Math.min(...watches.map(({ interval }) => interval.ms));
    const calls = watches.reduce((sum, { cost }) => sum + cost, 0);
    const everySeconds = Math.round(Math.max(shortestMs, this.meter.spreadMs(calls))) / 1000;
    return { everySeconds, watched: watches.length, callsPerMinute: this.meter.lastMinute };
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}
