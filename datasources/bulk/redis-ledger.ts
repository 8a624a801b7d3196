/**
 * The ledger of bulk jobs in Redis, shared by replicas. Each step is one Lua script (redis-scripts.ts). Times are those of the
 * Redis server.
 *
 * An owner is the name of a chunk and, after `#`, of a run: the last run that has taken a chunk is the only one that can
 * mark its tickets, or record what became of them.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { ItemChange, ItemResult, ItemState, Job, JobSource, StoredState, TakenItem, UploadLine } from './job.ts';
import { stoppedAfter, type Ledger } from './ledger.ts';
import { PREFIX, createRunner, type RedisRunner } from './redis-client.ts';
import {
  fromChange,
  fromItem,
  fromJob,
  toFailure,
  toFields,
  toItem,
  toJob,
  toJson,
  toLetters,
  toSources,
  toState,
} from './redis-rows.ts';
import * as scripts from './redis-scripts.ts';

const OPEN = `${PREFIX}:open`;
const ENDED = `${PREFIX}:ended`;
const PAUSES = `${PREFIX}:pauses`;
const ROWS = `${PREFIX}:rows`;

const keyOfJob = (id: string): string => `${PREFIX}:job:${id}`;
const keysOf = ({ id }: Pick<Job, 'id'>): string[] => [keyOfJob(id), OPEN, ENDED, PAUSES];
const keyOfUpload = (id: string): string => `${PREFIX}:upload:${id}`;
const keyOfCaller = (caller: string): string => `${PREFIX}:caller:${hash(caller)}`;
const keyOfKey = (caller: string, key: string): string => `${PREFIX}:key:${hash(JSON.stringify([caller, key]))}`;

/** A chunk that a run has taken. */
export interface TakenChunk {
  readonly job: Job;
  readonly owner: string;
  readonly source: string;
  /** Tickets that an earlier run has marked. */
  readonly orphans: readonly TakenItem[];
  readonly items: readonly TakenItem[];
  /** Until when the source is paused, in milliseconds since the epoch; `null` if it is not. */
  readonly pausedUntil: number | null;
  /** When other waiting tickets of the chunk are due; `null` if there are none. */
  readonly dueAt: number | null;
}

export interface RedisLedger extends Ledger {
  /** Whether a job has not ended. */
  hasOpenJobs(): Promise<boolean>;
  /** Ids of jobs that have not ended. */
  openJobs(): Promise<string[]>;
  /** Ids of jobs that have not ended, and of which nothing was heard for so long. A paused one is not among them. */
  idleJobs(idleMs: number): Promise<string[]>;
  /** The job and, if it is gathering, the owner that holds it from now on. */
  hold(id: string): Promise<{ readonly job: Job; readonly owner: string } | undefined>;
  /** Names of the chunks that are not finished. */
  openChunks(job: Job): Promise<string[]>;
  /** Returns `undefined` if the job is over. No earlier run can mark tickets of the chunk afterwards. */
  take(id: string, chunk: string): Promise<TakenChunk | undefined>;
  /** To be called when a run ends by itself. Returns whether it still held the chunk. */
  release(job: Job, owner: string): Promise<boolean>;
}

/** The source of a chunk, which its name begins with. */
export function sourceOfChunk(chunk: string): string {
  return chunk.slice(0, chunk.lastIndexOf(' '));
}

/**
 * Connects at the first use, and reconnects after a lost connection.
 *
 * @param url e.g. `redis://:password@host:6379/0`
 * @param keptMs for how long uploads are kept
 * @param onEnd called if a step by this process has ended a job
 */
export function createRedisLedger(
  url: string,
  keptMs: number,
  onEnd: (state: StoredState) => void = () => undefined,
): RedisLedger {
  const redis = createRunner(url);
  const ended = (reply: unknown): void => {
    if (typeof reply === 'string' && reply !== '') onEnd(reply as StoredState);
  };
  return {
    ...jobsIn(redis, ended),
    ...runsIn(redis, ended),
    ...uploadsIn(redis, keptMs),
    close: async () => redis.close(),
  };
}

type JobMethods =
  | 'mayHaveJobs'
  | 'create'
  | 'find'
  | 'tickets'
  | 'list'
  | 'sources'
  | 'results'
  | 'cancel'
  | 'hasOpenJobs'
  | 'openJobs'
  | 'idleJobs'
  | 'deleteEndedBefore';

function jobsIn(redis: RedisRunner, ended: (reply: unknown) => void): Pick<RedisLedger, JobMethods> {
  const find = async (id: string, caller?: string): Promise<Job | undefined> => {
    const fields = await redis.run((client) => client.hGetAll(keyOfJob(id)));
    const job = toJob(new Map(Object.entries(fields)));
    return caller === undefined || job?.caller === caller ? job : undefined;
  };
  return {
    mayHaveJobs: () => true,
    async create(job) {
      const keys = [...keysOf(job), keyOfKey(job.caller, job.key), keyOfCaller(job.caller), ROWS];
      const values = [job.id, JSON.stringify(job.tickets), ...fromJob(job)];
      return (await find((await redis.script(scripts.CREATE, keys, values)) as string))!;
    },
    find,
    async tickets({ id }) {
      const text = await redis.run((client) => client.get(`${keyOfJob(id)}:tickets`));
      return JSON.parse(text ?? '{"ids":[]}') as Awaited<ReturnType<RedisLedger['tickets']>>;
    },
    async list(caller, before, limit) {
      const most = before === null ? '+inf' : `(${before}`;
      const options = { BY: 'SCORE', REV: true, LIMIT: { offset: 0, count: limit } } as const;
      const ids = await redis.run((client) => client.zRange(keyOfCaller(caller), most, '-inf', options));
      return (await Promise.all(ids.map((id) => find(id)))).filter((job) => job !== undefined);
    },
    async sources({ id }): Promise<JobSource[]> {
      const [counts, pauses] = await redis.run((client) =>
        Promise.all([client.hGetAll(`${keyOfJob(id)}:sources`), client.hGetAll(PAUSES)]),
      );
      return toSources(new Map(Object.entries(counts)), new Map(Object.entries(pauses)));
    },
    results: (job, after, limit, states) => resultsOf(redis, job, after, limit, states),
    async cancel(job) {
      ended(await redis.script(scripts.CANCEL, keysOf(job), []));
    },
    hasOpenJobs: async () => (await redis.run((client) => client.exists(OPEN))) === 1,
    openJobs: () => redis.run((client) => client.zRange(OPEN, 0, -1)),
    idleJobs: (idleMs) => redis.run((client) => client.zRangeByScore(OPEN, '-inf', Date.now() - idleMs)),
    async deleteEndedBefore(time) {
      const options = { LIMIT: { offset: 0, count: 1 } };
      const [id] = await redis.run((client) => client.zRangeByScore(ENDED, '-inf', time, options));
      if (id === undefined) return false;
      const job = await find(id);
      const key = keyOfJob(id);
      await redis.run((client) => {
        // Frees the memory in the background: https://redis.io/docs/latest/commands/unlink/
        const steps = client.multi().unlink([key, ...scripts.JOB_KEYS.map((name) => key + name)]);
        if (job) steps.unlink(keyOfKey(job.caller, job.key)).zRem(keyOfCaller(job.caller), id);
        return steps.zRem(ENDED, id).exec();
      });
      return true;
    },
  };
}

async function resultsOf(
  redis: RedisRunner,
  job: Job,
  after: number,
  limit: number,
  states: readonly ItemState[] | null,
): Promise<ItemResult[]> {
  if (states?.length === 0) return [];
  const values = [after, limit, states ? toLetters(states) : ''];
  const rows = (await redis.script(scripts.RESULTS, keysOf(job), values)) as [number, string, string][];
  const lines = rows.map(([position, letter, item]) => ({ position, letter, item: toItem(item) }));
  const places = lines.map(({ position, item }) => String(item.original ?? position));
  const failures =
    places.length > 0 ? await redis.run((client) => client.hmGet(`${keyOfJob(job.id)}:failures`, places)) : [];
  return lines.map(({ position, letter, item }, index) => ({
    position,
    ticketId: item.name,
    source: item.source,
    state: toState(letter),
    failure: toFailure(failures[index]),
    isReconciled: letter === 'R',
  }));
}

type RunMethods =
  'hold' | 'openChunks' | 'take' | 'release' | 'clearItems' | 'addItems' | 'setState' | 'markSent' | 'record' | 'pause';

function runsIn(redis: RedisRunner, ended: (reply: unknown) => void): Pick<RedisLedger, RunMethods> {
  return {
    async hold(id) {
      const owner = randomUUID();
      const job = toJob(toFields((await redis.script(scripts.HOLD, keysOf({ id }), [owner])) as string[]));
      return job && { job, owner };
    },
    openChunks: async (job) => (await redis.script(scripts.OPEN_CHUNKS, keysOf(job), [])) as string[],
    async take(id, chunk) {
      const [source, owner] = [sourceOfChunk(chunk), `${chunk}#${randomUUID()}`];
      const reply = (await redis.script(scripts.TAKE, keysOf({ id }), [chunk, source, owner])) as TakeReply | null;
      if (!reply) return undefined;
      const [job, orphans, items, pausedUntil, dueAt] = reply;
      return {
        job: toJob(toFields(job))!,
        owner,
        source,
        orphans: orphans.map(toTaken),
        items: items.map(toTaken),
        pausedUntil: pausedUntil || null,
        dueAt: dueAt || null,
      };
    },
    async release(job, owner) {
      return (await redis.script(scripts.RELEASE, keysOf(job), [chunkOf(owner), owner])) === 1;
    },
    async clearItems(job, owner) {
      await redis.script(scripts.CLEAR_ITEMS, keysOf(job), [owner]);
      return false;
    },
    async addItems(job, owner, start, items) {
      const values = [owner, start, ...items.flatMap(fromItem)];
      return (await redis.script(scripts.ADD_ITEMS, keysOf(job), values)) === 1;
    },
    async setState(job, owner, state, problem = null) {
      ended(await redis.script(scripts.SET_STATE, keysOf(job), [owner, state, toJson(problem)]));
    },
    async markSent(job, owner, positions) {
      const values = [...ownerValues(owner), ...positions];
      return (await redis.script(scripts.MARK_SENT, keysOf(job), values)) === 1;
    },
    async record(job, owner, changes: readonly ItemChange[]) {
      const stopped = JSON.stringify(stoppedAfter('<unknown>'));
      const values = [...ownerValues(owner), stopped, ...changes.flatMap(fromChange)];
      const [changed, state] = (await redis.script(scripts.RECORD, keysOf(job), values)) as [number[], string];
      ended(state);
      return new Set(changed);
    },
    async pause(job, owner, _, until, problem) {
      const values = [...ownerValues(owner), Math.ceil(until ?? 0), toJson(problem)];
      await redis.script(scripts.PAUSE, keysOf(job), values);
    },
  };
}

type Line = readonly [position: string, item: string, attempts: string, taken: number];

type TakeReply = readonly [job: string[], orphans: Line[], items: Line[], pausedUntil: number, dueAt: number];

function toTaken([position, text, attempts, taken]: Line): TakenItem {
  const { ticketId, source, extra } = toItem(text);
  return { position: Number(position), ticketId, source, extra, attempts: Number(attempts), taken };
}

function chunkOf(owner: string): string {
  return owner.slice(0, owner.indexOf('#'));
}

/** Chunk, source, owner. */
function ownerValues(owner: string): string[] {
  const chunk = chunkOf(owner);
  return [chunk, sourceOfChunk(chunk), owner];
}

type UploadMethods = 'createUpload' | 'dropUpload' | 'uploadLines' | 'hasUpload';

function uploadsIn(redis: RedisRunner, keptMs: number): Pick<RedisLedger, UploadMethods> {
  const linesOf = (id: string): string => `${keyOfUpload(id)}:lines`;
  return {
    async createUpload(id, caller, lines) {
      const texts = lines.map(({ ticketId, extra }) => JSON.stringify(extra === null ? [ticketId] : [ticketId, extra]));
      await redis.run((client) =>
        client
          .multi()
          .set(keyOfUpload(id), caller, { expiration: { type: 'PX', value: keptMs } })
          .rPush(linesOf(id), texts)
          .pExpire(linesOf(id), keptMs)
          .exec(),
      );
    },
    async dropUpload(id) {
      await redis.run((client) => client.unlink([keyOfUpload(id), linesOf(id)]));
    },
    async uploadLines(id, after, limit) {
      const texts = await redis.run((client) => client.lRange(linesOf(id), after + 1, after + limit));
      return texts.map((text): UploadLine => {
        const [ticketId, extra = null] = JSON.parse(text) as [string, string?];
        return { ticketId, extra };
      });
    },
    hasUpload: async (id, caller) => (await redis.run((client) => client.get(keyOfUpload(id)))) === caller,
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
