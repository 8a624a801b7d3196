/** What the run of a job is doing now, for metrics. */
export type Phase = 'gathering' | 'running' | 'paused' | 'cancelling';

export interface Progress {
  readonly phase: Phase;
  /** Milliseconds since the last ticket was found or got its outcome. */
  ageMs(): number;
}

export function createProgress(now: () => number = () => performance.now()) {
  const writing = new Set<string>();
  const paused = new Set<string>();
  let entered: Exclude<Phase, 'paused'> = 'gathering';
  let advancedAt = now();
  return {
    /** Paused if every source that has waiting tickets is. */
    get phase(): Phase {
      return entered === 'running' && writing.size > 0 && paused.size === writing.size ? 'paused' : entered;
    },
    ageMs: () => now() - advancedAt,
    enter: (phase: Exclude<Phase, 'paused'>) => void (entered = phase),
    advance: () => void (advancedAt = now()),
    begin: (source: string) => void writing.add(source),
    pause: (source: string) => void paused.add(source),
    resume: (source: string) => void paused.delete(source),
    end: (source: string) => void writing.delete(source),
  };
}
