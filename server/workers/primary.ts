/**
 * The primary process: starts the workers, replaces those that end, and passes on signals. It serves no requests itself.
 * https://nodejs.org/api/cluster.html
 */
import cluster, { type Worker } from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { SettingsError } from '../config/server-settings.ts';
import type { MetricValues, Telemetry } from '../telemetry/index.ts';
import { openChannel, type Addresses, type Channel, type Question } from './channel.ts';
import { toEnvironment } from './place.ts';
import { MAX_RESTARTS, createRestartPolicy, type RestartPolicy } from './restart-policy.ts';
import { createSummedMetrics } from './summed-metrics.ts';

export interface PrimaryOptions {
  /** Number of workers. */
  readonly count: number;
  /** Environment variables of the workers, in addition to those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the vendors are those of the sandbox, which runs in this process. */
  readonly isSandbox: boolean;
  /** Milliseconds after a signal until workers that have not ended are killed. */
  readonly stopWithinMs: number;
  readonly log: Telemetry['log'];
}

/** A place for a worker, and the process that has it now. */
interface Slot {
  readonly index: number;
  readonly restarts: RestartPolicy;
  /** `undefined` until the process is replaced. */
  worker: Worker | undefined;
  channel: Channel | undefined;
  /** Whether its process answers questions. */
  hasJoined: boolean;
  /** `undefined` until its first process listens. */
  addresses: Addresses | undefined;
  /** Ends its turn to stop listening, if it has one. */
  endTurn(): void;
}

type ExitCode = 0 | 1;

/** Applies V8's flags and the compile cache. */
const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));

/** Less than a worker waits for the answer of all. */
const INVALIDATION_TIMEOUT_MS = 400;
const METRICS_TIMEOUT_MS = 2_000;
const START_TIMEOUT_MS = 5_000;

/** @throws SettingsError if this process is itself a worker of another one. */
export function startWorkers(options: PrimaryOptions): Primary {
  if (!cluster.isPrimary) {
    throw new SettingsError(['WORKERS has no effect below another cluster, such as that of pm2. Set it to 1.']);
  }
  // What the system does instead is uneven.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  // In JSON, the NaN of an event loop that was never idle would become null.
  cluster.setupPrimary({ exec: MAIN, args: [], serialization: 'advanced' });
  return new Primary(options);
}

export class Primary {
  readonly #options: PrimaryOptions;
  readonly #environment: Record<string, string>;
  readonly #slots: readonly Slot[];
  readonly #metrics = createSummedMetrics();
  readonly #ready = Promise.withResolvers<Addresses>();
  readonly #ended = Promise.withResolvers<ExitCode>();
  readonly #restarts = new Set<NodeJS.Timeout>();
  /** Set once all workers listen. */
  #addresses: Addresses | undefined;
  #lastTurn: Promise<void> = Promise.resolve();
  /** Whether a worker has given out a position of the log of changes. */
  #isLiveFollowed = false;
  #isStopping = false;
  #exitCode: ExitCode = 0;

  constructor(options: PrimaryOptions) {
    this.#options = options;
    this.#environment = { ...options.environment };
    this.#slots = Array.from({ length: options.count }, (_, index) => createSlot(index));
    for (const slot of this.#slots) this.#fork(slot);
  }

  /** Resolves to the addresses once all workers listen. @throws SettingsError if one of them cannot start. */
  get ready(): Promise<Addresses> {
    return this.#ready.promise;
  }

  /** Resolves when all workers have ended: to 0 if they were stopped and finished their requests, otherwise to 1. */
  get ended(): Promise<ExitCode> {
    return this.#ended.promise;
  }

  /** Makes all workers finish their requests side by side, and end. */
  stop(code: ExitCode = 0): void {
    if (code === 1) this.#exitCode = 1;
    if (this.#isStopping) return;
    this.#isStopping = true;
    for (const timer of this.#restarts) clearTimeout(timer);
    this.#signalAll('SIGTERM');
    setTimeout(() => this.#signalAll('SIGKILL'), this.#options.stopWithinMs).unref();
    this.#endIfDone();
  }

  /** Makes all workers read their files again. By message: a worker that still starts would be ended by a signal. */
  reload(): void {
    void this.#askAll({ kind: 'reload' }, START_TIMEOUT_MS);
  }

  #signalAll(signal: NodeJS.Signals): void {
    for (const { worker } of this.#slots) worker?.process.kill(signal);
  }

  #endIfDone(): void {
    if (this.#slots.every(({ worker }) => !worker)) this.#ended.resolve(this.#exitCode);
  }

  // -------------------------------------------------------------- processes

  #fork(slot: Slot): void {
    const { count, isSandbox } = this.#options;
    const place = toEnvironment({ index: slot.index, count, isSandbox });
    const worker = cluster.fork({ ...this.#environment, ...place });
    slot.worker = worker;
    slot.channel = openChannel(worker, (question) => this.#answer(slot, question));
    worker.once('exit', (code: number | null, signal: string | null) => this.#onExit(slot, code, signal));
    // Without a listener, an error of the process would end this one.
    worker.on('error', (error) => this.#options.log.warn({ err: error }, 'error of a worker process'));
  }

  #onExit(slot: Slot, code: number | null, signal: string | null): void {
    Object.assign(slot, { worker: undefined, channel: undefined, hasJoined: false });
    slot.endTurn();
    this.#metrics.retire(slot.index);
    if (this.#isStopping) {
      // A worker that does not yet handle signals is ended by them.
      if (code !== 0 && signal !== 'SIGTERM' && signal !== 'SIGINT') this.#exitCode = 1;
      this.#endIfDone();
    } else if (this.#addresses === undefined) {
      this.#fail(`A worker ended before it was ready (${signal ?? `code ${code}`}). Its error is above.`);
    } else {
      this.#replace(slot, { worker: slot.index, code, signal });
    }
  }

  /** Before all workers are ready. */
  #fail(message: string): void {
    this.#ready.reject(new SettingsError([message]));
    this.stop(1);
  }

  #replace(slot: Slot, ended: object): void {
    const { log } = this.#options;
    const restartInMs = slot.restarts.next();
    if (restartInMs === undefined) {
      log.error(ended, `A worker ended more than ${MAX_RESTARTS} times within a minute: stopping the server.`);
      this.stop(1);
      return;
    }
    log.warn({ ...ended, restartInMs }, 'A worker ended. Another takes its place.');
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      this.#keepPorts();
      this.#fork(slot);
    }, restartInMs);
    this.#restarts.add(timer);
  }

  /** With PORT=0, workers share the port of the first one, but only as long as one of them is alive. */
  #keepPorts(): void {
    if (this.#addresses === undefined || this.#slots.some(({ worker }) => worker)) return;
    const { endpoint, monitoring } = this.#addresses;
    Object.assign(this.#environment, portOf('PORT', endpoint), portOf('METRICS_PORT', monitoring));
  }

  // -------------------------------------------------------------- questions

  async #answer(slot: Slot, question: Question): Promise<unknown> {
    switch (question.kind) {
      case 'join':
        slot.hasJoined = true;
        return this.#isLiveFollowed;
      case 'listening':
        slot.addresses = question.addresses;
        if (this.#addresses !== undefined) return true;
        if (this.#slots.every(({ addresses }) => addresses !== undefined)) void this.#start(question.addresses);
        return false;
      case 'failed':
        if (this.#addresses === undefined) this.#fail(question.message);
        else this.#options.log.error({ worker: slot.index }, question.message);
        return undefined;
      case 'live-follow':
        this.#isLiveFollowed = true;
        await this.#askAll(question, INVALIDATION_TIMEOUT_MS, slot);
        return undefined;
      case 'invalidate':
      case 'live-writes':
        await this.#askAll(question, INVALIDATION_TIMEOUT_MS, slot);
        return undefined;
      case 'metrics':
        return this.#sumMetrics();
      case 'started':
      case 'reload':
        return undefined;
      case 'turn':
        return this.#takeTurn(slot);
      case 'closed':
        slot.endTurn();
        return undefined;
    }
  }

  /** All workers listen. `/health/ready` of each answers 200 before the server counts as ready. */
  async #start(addresses: Addresses): Promise<void> {
    this.#addresses = addresses;
    await this.#askAll({ kind: 'started' }, START_TIMEOUT_MS);
    const pids = this.#slots.map(({ worker }) => worker?.process.pid);
    this.#options.log.info({ workers: pids.length, pids }, 'all workers listen');
    this.#ready.resolve(addresses);
  }

  /** Resolves when the workers that took a turn before have ended it. */
  #takeTurn(slot: Slot): Promise<void> {
    const before = this.#lastTurn;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    slot.endTurn = () => resolve(undefined);
    this.#lastTurn = before.then(() => promise);
    return before;
  }

  async #sumMetrics(): Promise<unknown> {
    for (const [index, values] of await this.#askAll({ kind: 'metrics' }, METRICS_TIMEOUT_MS)) {
      if (values) this.#metrics.set(index, values as MetricValues);
    }
    return this.#metrics.toText();
  }

  /** Returns the answer of each worker that has joined, with its index. `undefined` from one that has ended meanwhile. */
  async #askAll(question: Question, timeoutMs: number, except?: Slot): Promise<(readonly [number, unknown])[]> {
    const asked = this.#slots.filter((slot) => slot !== except && slot.hasJoined);
    return Promise.all(
      asked.map(async ({ index, channel }) => [index, await channel?.ask(question, timeoutMs)] as const),
    );
  }
}

/** Empty for the scheme's own port, which was not chosen by the system. */
function portOf(variable: string, address: string | undefined): Record<string, string> {
  const port = address === undefined ? '' : new URL(address).port;
  return port === '' ? {} : { [variable]: port };
}

function createSlot(index: number): Slot {
  return {
    index,
    restarts: createRestartPolicy(),
    worker: undefined,
    channel: undefined,
    hasJoined: false,
    addresses: undefined,
    endTurn: () => undefined,
  };
}
