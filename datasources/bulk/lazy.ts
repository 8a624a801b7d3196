/**
 * Loads bulk jobs when they are first used, or when there is a ledger, which may have jobs of a process that has ended. A
 * server without bulk jobs loads nothing and needs no file.
 */
import { existsSync } from 'node:fs';
import type { BulkJobs, BulkOptions, BulkStatus, BulkTools } from './index.ts';

/** How often a process looks for a ledger that another one has created. */
const POLL_MS = 2_000;

export interface LazyBulkJobs {
  open(): Promise<BulkJobs>;
  /** Begins no further ticket. Resolves when those in flight are finished. */
  stop(): Promise<void>;
  abort(): void;
  close(): Promise<void>;
  /** The jobs that this process runs; `undefined` before it has had any. */
  status(): BulkStatus | undefined;
}

export function createLazyBulkJobs(options: BulkOptions, tools: BulkTools): LazyBulkJobs {
  let opening: Promise<BulkJobs> | undefined;
  let opened: BulkJobs | undefined;
  const open = async (): Promise<BulkJobs> => {
    clearInterval(timer);
    const { openBulkJobs } = await import('./index.ts');
    return (opened = openBulkJobs(options, tools));
  };
  const openOnce = (): Promise<BulkJobs> => (opening ??= open());
  const openIfUsed = (): void => {
    if (existsSync(options.path)) openOnce().catch(tools.reportUnexpected);
  };
  const timer = setInterval(openIfUsed, POLL_MS);
  timer.unref();
  openIfUsed();
  return {
    open: openOnce,
    async stop() {
      clearInterval(timer);
      await (await opening)?.stop();
    },
    abort: () => opened?.abort(),
    status: () => opened?.status(),
    async close() {
      await (await opening)?.close();
    },
  };
}
