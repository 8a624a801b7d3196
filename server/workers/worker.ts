/** A worker's side: reports to the primary process, and shares metrics and invalidations with the other workers. */
import cluster from 'node:cluster';
import { setImmediate } from 'node:timers/promises';
import type { NewEntry, WriteChannel } from '../../datasources/live/index.ts';
import type { InvalidationBus } from '../../datasources/upstream/invalidation/bus.ts';
import type { MetricValues, MetricsText } from '../telemetry/index.ts';
import { Batch } from './batch.ts';
import { openChannel, type Addresses, type Question } from './channel.ts';
import type { Place } from './place.ts';

/** The HTTP server of `node:http`. */
export interface Listener {
  readonly listening: boolean;
}

export interface Worker {
  readonly place: Place;
  /** Reaches the other workers. */
  readonly invalidations: InvalidationBus;
  /** Announces writes to the live updates of the other workers. */
  readonly liveWrites: WriteChannel;
  /** Whether all workers have listened. */
  isReady(): boolean;
  /** To be called before listening. @param collect returns the metrics of this worker. */
  join(collect: () => Promise<MetricValues>): Promise<void>;
  /** To be called once this worker listens. */
  reportListening(addresses: Addresses): void;
  /** Passes on why this worker cannot start. */
  reportFailure(message: string): Promise<void>;
  /** Calls `reload` when the primary process gets SIGHUP. */
  onReload(reload: () => void): void;
  /** The metrics of all workers. @throws Error if the primary process does not answer. */
  scrape(): Promise<MetricsText>;
  /**
   * Closes the server in turn: the workers stop listening one after the other, and finish their requests side by side.
   * Until the last one, a connection that arrives meanwhile goes to another worker.
   *
   * @param close closes the server. Resolves when its requests are finished.
   */
  closeInTurn(http: Listener, close: () => Promise<void>): Promise<void>;
  /** Calls `stop` if the primary process ends. Node would end this process at once, with its requests. */
  onPrimaryEnd(stop: () => void): void;
}

/** Milliseconds that a write waits until the other workers have dropped their cached reads. */
const INVALIDATION_TIMEOUT_MS = 500;

const ANSWER_TIMEOUT_MS = 5_000;

/** A turn takes some milliseconds, unless a worker hangs. */
const TURN_TIMEOUT_MS = 1_000;

/**
 * Milliseconds for which writes are collected before the other workers hear of them. Four messages for each ticket cost more
 * than the write (docs/performance.md#workers).
 */
const BATCH_MS = 10;

/** To be called in a process that the primary process has started. */
export function openWorker(place: Place): Worker {
  let collect: () => Promise<MetricValues> = async () => [];
  let onWrite: (sourceKey: string) => void = () => undefined;
  let onReload: () => void = () => undefined;
  let onLiveWrite: Parameters<WriteChannel['listen']>[0] = () => undefined;
  /** By any of the workers. */
  let isLiveFollowed = false;
  let hasJoined = false;
  let isReady = false;
  const channel = openChannel(process, (question: Question) => {
    if (question.kind === 'metrics') return collect().catch(() => []);
    if (question.kind === 'invalidate') onWrite(question.sourceKey);
    if (question.kind === 'live-writes') for (const entry of question.entries) onLiveWrite(entry);
    if (question.kind === 'live-follow') isLiveFollowed = true;
    if (question.kind === 'started') isReady = true;
    if (question.kind === 'reload') onReload();
    return undefined;
  });

  const liveWrites = new Batch<NewEntry>(BATCH_MS, (entries) => {
    // Decided when they are sent: a worker may have been followed since the write.
    if (isLiveFollowed) void channel.ask({ kind: 'live-writes', entries }, ANSWER_TIMEOUT_MS);
  });

  return {
    place,
    invalidations: {
      get isListening() {
        return hasJoined && process.connected;
      },
      async announce(sourceKey) {
        await channel.ask({ kind: 'invalidate', sourceKey }, INVALIDATION_TIMEOUT_MS);
      },
      listen(listener) {
        onWrite = listener;
      },
      close: async () => undefined,
    },
    liveWrites: {
      announce: (entry) => liveWrites.add(entry),
      follow() {
        isLiveFollowed = true;
        void channel.ask({ kind: 'live-follow' }, INVALIDATION_TIMEOUT_MS);
      },
      listen(listener) {
        onLiveWrite = listener;
      },
    },
    isReady: () => isReady,
    async join(collectMetrics) {
      collect = collectMetrics;
      isLiveFollowed = (await channel.ask({ kind: 'join' })) === true || isLiveFollowed;
      hasJoined = true;
    },
    reportListening(addresses) {
      void channel.ask({ kind: 'listening', addresses }).then((hasStarted) => {
        isReady ||= hasStarted === true;
      });
    },
    async reportFailure(message) {
      await channel.ask({ kind: 'failed', message }, ANSWER_TIMEOUT_MS);
    },
    onReload(reload) {
      onReload = reload;
    },
    async scrape() {
      const text = await channel.ask({ kind: 'metrics' }, ANSWER_TIMEOUT_MS);
      if (text === undefined) throw new Error('The primary process did not answer within 5 s.');
      return text as MetricsText;
    },
    async closeInTurn(http, close) {
      await channel.ask({ kind: 'turn' }, TURN_TIMEOUT_MS);
      const closing = close();
      await stopsListening(http, closing);
      // Awaited before this process ends: a connection on its way here is now passed on to another worker.
      await Promise.all([closing, channel.ask({ kind: 'closed' }, ANSWER_TIMEOUT_MS)]);
    },
    onPrimaryEnd(stop) {
      cluster.worker?.on('disconnect', () => {
        // Node ends this process after this event unless this is set.
        // https://nodejs.org/api/cluster.html#workerexitedafterdisconnect
        cluster.worker!.exitedAfterDisconnect = true;
        stop();
      });
    },
  };
}

/** Fastify closes the listener a few ticks after `close` was called, and has no event for it. */
async function stopsListening(http: Listener, closing: Promise<void>): Promise<void> {
  const state = { isClosed: false };
  const end = (): void => {
    state.isClosed = true;
  };
  closing.then(end, end);
  while (http.listening && !state.isClosed) await setImmediate();
}
