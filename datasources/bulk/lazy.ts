/**
 * Loads bulk jobs when they are first used, or when the ledger may have jobs: of a process that has ended, or of another
 * replica. A server without bulk jobs loads no engine, and needs no file.
 */
import { existsSync } from 'node:fs';
import type { BulkJobs, BulkOptions, BulkStatus, BulkTools } from './index.ts';

/** How often a process looks whether another one has jobs. */
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
  const probe = 'path' in options ? createFileProbe(options.path) : createRedisProbe(options.redisUrl);
  const open = async (): Promise<BulkJobs> => {
    clearInterval(timer);
    const { openBulkJobs } = await import('./index.ts');
    opened = await openBulkJobs(options, tools);
    probe.close();
    return opened;
  };
  const openOnce = (): Promise<BulkJobs> => (opening ??= open());
  const openIfUsed = (): void => probe.look(() => void openOnce().catch(tools.reportUnexpected));
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
      probe.close();
      await (await opening)?.close();
    },
  };
}

/** Looks whether there may be jobs, without creating anything. */
interface Probe {
  look(onUsed: () => void): void;
  close(): void;
}

function createFileProbe(path: string): Probe {
  return {
    look(onUsed) {
      if (existsSync(path)) onUsed();
    },
    close: () => undefined,
  };
}

function createRedisProbe(url: string): Probe {
  let isClosed = false;
  const loading = import('./redis-ledger.ts').then(({ createRedisLedger }) => createRedisLedger(url, 0));
  return {
    look(onUsed) {
      loading
        .then((ledger) => !isClosed && ledger.hasOpenJobs())
        .then(
          (isUsed) => isUsed && !isClosed && onUsed(),
          // The store of idempotency keys, which is in the same Redis, reports that it is down.
          () => undefined,
        );
    },
    close() {
      isClosed = true;
      loading.then((ledger) => ledger.close()).catch(() => undefined);
    },
  };
}
