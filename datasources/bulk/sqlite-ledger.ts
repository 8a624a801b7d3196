/**
 * The ledger of bulk jobs in a local SQLite file: what each ticket's state is, and which process runs a job. Survives a
 * kill of the process; processes of one machine share the file.
 *
 * Each method is one short transaction, since node:sqlite is synchronous: long ones would block the event loop. The counts
 * are kept with each change, never counted. Each statement reads only the rows that it returns, whatever the size of the
 * job: `INDEXED BY` makes SQLite fail instead of scanning the job, which it prefers without statistics.
 *
 * One file, although long: every method relies on the lease, the counts and the transactions below.
 */
import { existsSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isFileError, openDatabase } from '../writes/idempotency/sqlite-file.ts';
import type {
  ItemChange,
  ItemResult,
  ItemState,
  Job,
  JobSource,
  NewItem,
  NewJob,
  StoredState,
  TakenItem,
  TicketsSpec,
  UploadLine,
} from './job.ts';
import { LEASE_MS } from './ledger.ts';
import { SCHEMA, toItemResult, toJob, toJobSource, toTakenItem } from './sqlite-rows.ts';

const COLUMNS: Readonly<Record<ItemState, string>> = {
  WAITING: 'waiting',
  SENT: 'sent',
  APPLIED: 'applied',
  NOT_APPLIED: 'not_applied',
  UNKNOWN: 'unknown',
};

/** Indexes of the tickets in these states. */
const FEW: Readonly<Partial<Record<ItemState, string>>> = {
  NOT_APPLIED: 'item_not_applied',
  UNKNOWN: 'item_unknown',
};

/** Times that a ticket is taken together with others, without being finished, before it is taken alone. */
const SUSPECT_AFTER = 3;

/** Rows that one deletion of expired jobs removes. */
const DELETED_AT_ONCE = 2_000;

/** A `Ledger` that one run holds a whole job of. */
export type SqliteLedger = ReturnType<typeof createSqliteLedger>;

/** Opens the file at the first use. */
export function createSqliteLedger(path: string, now: () => number = Date.now) {
  let opening: Promise<Store> | undefined;
  const open = (): Promise<Store> =>
    (opening ??= openDatabase(path, (database) => new Store(database, now)).catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  /** Closes the file after an error that makes it unusable, so that the next use opens it again. */
  const use = async <Value>(operation: (store: Store) => Value): Promise<Value> => {
    const store = await open();
    try {
      return operation(store);
    } catch (error) {
      if (isFileError(error)) {
        opening = undefined;
        store.close();
      }
      throw error;
    }
  };
  return {
    path,
    mayHaveJobs: () => existsSync(path),
    /** Stores a job, or returns the one with the same caller and key. */
    create: (job: NewJob) => use((store) => store.create(job)),
    find: (id: string, caller?: string) => use((store) => store.find(id, caller)),
    tickets: (job: Job) => use((store) => store.tickets(job)),
    findByKey: (caller: string, key: string) => use((store) => store.findByKey(caller, key)),
    /** The caller's jobs, newest first. */
    list: (caller: string, before: number | null, limit: number) => use((store) => store.list(caller, before, limit)),
    sources: (job: Job) => use((store) => store.sources(job)),
    results: (job: Job, after: number, limit: number, states: readonly ItemState[] | null) =>
      use((store) => store.results(job, after, limit, states)),
    /** A job that no process runs ends at once, unless tickets of it are in flight. */
    cancel: (job: Job) => use((store) => store.cancel(job)),
    /** Leases a job that no process runs; `undefined` if there is none. */
    lease: (owner: string) => use((store) => store.lease(owner)),
    /** Renews the lease. Returns the state of the job; `undefined` if another process holds it. */
    renew: (job: Job, owner: string) => use((store) => store.renew(job, owner)),
    release: (job: Job, owner: string) => use((store) => store.release(job, owner)),
    clearItems: (job: Job, owner: string) => use((store) => store.clearItems(job, owner)),
    addItems: (job: Job, owner: string, start: number, items: readonly NewItem[]) =>
      use((store) => store.addItems(job, owner, start, items)),
    setState: (job: Job, owner: string, state: StoredState, problem: Job['problem'] = null) =>
      use((store) => store.setState(job, owner, state, problem)),
    take: (job: Job, owner: string, source: string, limit: number) =>
      use((store) => store.take(job, owner, source, limit)),
    /** When the next waiting ticket of a source may be sent; `undefined` if none waits. */
    nextDue: (job: Job, source: string) => use((store) => store.nextDue(job, source)),
    /** Tickets that an earlier run has marked. */
    orphans: (job: Job, limit: number) => use((store) => store.orphans(job, limit)),
    countRecovery: (job: Job, owner: string, positions: readonly number[]) =>
      use((store) => store.countRecovery(job, owner, positions)),
    /** Marks tickets as SENT, flushed to disk. Returns whether all were; otherwise none is. */
    markSent: (job: Job, owner: string, positions: readonly number[]) =>
      use((store) => store.markSent(job, owner, positions)),
    record: (job: Job, owner: string, changes: readonly ItemChange[]) =>
      use((store) => store.record(job, owner, changes)),
    pause: (job: Job, owner: string, source: string, until: number | null, problem: Job['problem']) =>
      use((store) => store.pause(job, owner, source, until, problem)),
    createUpload: (id: string, caller: string, lines: readonly UploadLine[], start: number) =>
      use((store) => store.createUpload(id, caller, lines, start)),
    dropUpload: (id: string) => use((store) => store.dropUpload(id)),
    uploadLines: (id: string, after: number, limit: number) => use((store) => store.uploadLines(id, after, limit)),
    hasUpload: (id: string, caller: string) => use((store) => store.hasUpload(id, caller)),
    /** Deletes a part of what ended before. Returns whether there is more. */
    deleteEndedBefore: (time: number) => use((store) => store.deleteEndedBefore(time)),
    async close() {
      const store = await opening?.catch(() => undefined);
      opening = undefined;
      store?.close();
    },
  };
}

type Value = string | number | null;
type Row = Readonly<Record<string, Value>>;

class Store {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database;
    this.#now = now;
    database.exec(SCHEMA);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  create(job: NewJob): Job {
    return this.#transaction(() => {
      const known = this.findByKey(job.caller, job.key);
      if (known) return known;
      this.#run(
        `INSERT INTO job (id, caller, key, fingerprint, mutation, input, grants, per_second, stop_after, state,
           created_at, lease_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'GATHERING', ?, 0)`,
        job.id,
        job.caller,
        job.key,
        job.fingerprint,
        job.mutation,
        JSON.stringify(job.input),
        JSON.stringify(job.grants),
        job.atMostPerSecond,
        job.stopAfterUnknown,
        this.#now(),
      );
      const created = this.findByKey(job.caller, job.key)!;
      this.#run('INSERT INTO job_tickets (job, tickets) VALUES (?, ?)', created.row, JSON.stringify(job.tickets));
      return created;
    });
  }

  find(id: string, caller?: string): Job | undefined {
    const row = this.#get('SELECT * FROM job WHERE id = ?', id);
    return row && (caller === undefined || row['caller'] === caller) ? toJob(row, this.#now()) : undefined;
  }

  tickets({ row }: Job): TicketsSpec {
    const found = this.#get('SELECT tickets FROM job_tickets WHERE job = ?', row);
    return JSON.parse(found!['tickets'] as string) as TicketsSpec;
  }

  findByKey(caller: string, key: string): Job | undefined {
    const row = this.#get('SELECT * FROM job WHERE caller = ? AND key = ?', caller, key);
    return row && toJob(row, this.#now());
  }

  list(caller: string, before: number | null, limit: number): Job[] {
    const sql = 'SELECT * FROM job WHERE caller = ? AND row < ? ORDER BY row DESC LIMIT ?';
    const now = this.#now();
    return this.#all(sql, caller, before ?? Number.MAX_SAFE_INTEGER, limit).map((row) => toJob(row, now));
  }

  sources({ row }: Job): JobSource[] {
    return this.#all('SELECT * FROM job_source WHERE job = ? ORDER BY source', row).map(toJobSource);
  }

  results({ row }: Job, after: number, limit: number, states: readonly ItemState[] | null): ItemResult[] {
    if (states?.every((state) => state in FEW)) return this.#fewResults(row, after, limit, states);
    const marks = states?.map(() => '?').join(', ');
    const condition = marks === undefined ? '' : `AND state IN (${marks})`;
    const sql = `SELECT * FROM item WHERE job = ? AND position > ? ${condition} ORDER BY position LIMIT ?`;
    return this.#all(sql, row, after, ...(states ?? []), limit).map(toItemResult);
  }

  /** Results of which there are usually a few among many, by an index for each state. */
  #fewResults(row: number, after: number, limit: number, states: readonly ItemState[]): ItemResult[] {
    const found = [...new Set(states)].flatMap((state) => {
      const from = `item INDEXED BY ${FEW[state]} WHERE state = '${state}'`;
      return this.#all(
        `SELECT * FROM ${from} AND job = ? AND position > ? ORDER BY position LIMIT ?`,
        row,
        after,
        limit,
      );
    });
    return found
      .map(toItemResult)
      .toSorted((one, other) => one.position - other.position)
      .slice(0, limit);
  }

  cancel({ row }: Job): void {
    const set = `UPDATE job SET state = ?, ended_at = ? WHERE row = ? AND state IN ('GATHERING', 'RUNNING')`;
    this.#transaction(() => {
      const now = this.#now();
      const isEnded = this.#run(`${set} AND sent = 0 AND lease_until <= ?`, 'CANCELLED', now, row, now) > 0;
      if (!isEnded) this.#run(set, 'CANCELLING', null, row);
    });
  }

  lease(owner: string): Job | undefined {
    const free = `state IN ('GATHERING', 'RUNNING', 'CANCELLING') AND (lease_until <= ? OR lease_until > ?)`;
    const sql = `SELECT row FROM job WHERE ${free} ORDER BY row LIMIT 1`;
    // A lease that ends later than one can last is from before the clock was set back.
    const times = [this.#now(), this.#now() + LEASE_MS] as const;
    if (!this.#get(sql, ...times)) return undefined;
    return this.#transaction(() => {
      const found = this.#get(sql, ...times);
      if (!found) return undefined;
      this.#run('UPDATE job SET lease_owner = ?, lease_until = ? WHERE row = ?', owner, times[1], found['row']!);
      return toJob(this.#get('SELECT * FROM job WHERE row = ?', found['row']!)!, this.#now());
    });
  }

  renew({ row }: Job, owner: string): StoredState | undefined {
    const until = this.#now() + LEASE_MS;
    const sql = 'UPDATE job SET lease_until = ? WHERE row = ? AND lease_owner = ? RETURNING state';
    return this.#get(sql, until, row, owner)?.['state'] as StoredState | undefined;
  }

  release({ row }: Job, owner: string): void {
    this.#run('UPDATE job SET lease_until = 0, lease_owner = NULL WHERE row = ? AND lease_owner = ?', row, owner);
  }

  clearItems(job: Job, owner: string): boolean {
    return this.#transaction(() => {
      if (!this.#isHeld(job, owner, ['GATHERING'])) return false;
      const deleted = this.#deleteItems(job.row);
      if (deleted === DELETED_AT_ONCE) return true;
      this.#run('DELETE FROM job_source WHERE job = ?', job.row);
      this.#run(
        'UPDATE job SET total = 0, copies = 0, waiting = 0, sent = 0, applied = 0, not_applied = 0, unknown = 0 WHERE row = ?',
        job.row,
      );
      return false;
    });
  }

  addItems(job: Job, owner: string, start: number, items: readonly NewItem[]): boolean {
    return this.#transaction(() => {
      if (!this.#isHeld(job, owner, ['GATHERING'])) return false;
      const counts = new CountChanges();
      items.forEach((item, index) => {
        const { state, failure } = this.#stateOf(job, item);
        const position = start + index;
        this.#run(
          `INSERT INTO item (job, position, original, ticket, name, source, extra, state, failure)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          job.row,
          position,
          item.original,
          item.ticketId,
          item.name === item.ticketId ? null : item.name,
          item.source,
          item.extra,
          state,
          toJson(failure),
        );
        counts.add(item.source, state, 1);
      });
      const copies = items.filter(({ original }) => original !== null).length;
      this.#run('UPDATE job SET total = total + ?, copies = copies + ? WHERE row = ?', items.length, copies, job.row);
      this.#applyCounts(job, counts);
      return true;
    });
  }

  /** That of the line that names the same ticket first: an earlier process may have stored it, with other settings. */
  #stateOf({ row }: Job, { original, failure }: NewItem): { state: ItemState; failure: NewItem['failure'] } {
    const sql = 'SELECT * FROM item WHERE job = ? AND position = ?';
    const first = original === null ? undefined : this.#get(sql, row, original);
    return first ? toItemResult(first) : { state: failure ? 'NOT_APPLIED' : 'WAITING', failure };
  }

  setState(job: Job, owner: string, state: StoredState, problem: Job['problem']): void {
    const isEnd = state === 'DONE' || state === 'CANCELLED' || state === 'FAILED';
    this.#run(
      `UPDATE job SET state = ?, problem = coalesce(?, problem), ended_at = ?, started_at = coalesce(started_at, ?)
         WHERE row = ? AND lease_owner = ? AND (state <> 'CANCELLING' OR ? = 'CANCELLED')`,
      state,
      toJson(problem),
      isEnd ? this.#now() : null,
      this.#now(),
      job.row,
      owner,
      state,
    );
  }

  take(job: Job, owner: string, source: string, limit: number): TakenItem[] {
    return this.#transaction(() => {
      if (!this.#isHeld(job, owner, ['RUNNING'])) return [];
      const rows = this.#all(
        `SELECT * FROM item INDEXED BY item_waiting WHERE job = ? AND source = ? AND state = 'WAITING'
           AND original IS NULL AND due_at <= ? ORDER BY due_at, position LIMIT ?`,
        job.row,
        source,
        this.#now(),
        limit,
      ).map(toTakenItem);
      const taken = withoutSuspects(rows);
      this.#countTaken(
        job.row,
        taken.map(({ position }) => position),
      );
      return taken;
    });
  }

  nextDue({ row }: Job, source: string): number | undefined {
    const sql = `SELECT min(due_at) AS due FROM item INDEXED BY item_waiting
      WHERE job = ? AND source = ? AND state = 'WAITING' AND original IS NULL`;
    return (this.#get(sql, row, source)?.['due'] as number | null | undefined) ?? undefined;
  }

  orphans({ row }: Job, limit: number): TakenItem[] {
    const sql = `SELECT * FROM item INDEXED BY item_sent WHERE job = ? AND state = 'SENT' AND original IS NULL
      ORDER BY position LIMIT ?`;
    return this.#all(sql, row, limit).map(toTakenItem);
  }

  countRecovery(job: Job, owner: string, positions: readonly number[]): void {
    this.#transaction(() => {
      if (this.#isHeld(job, owner)) this.#countTaken(job.row, positions);
    });
  }

  markSent(job: Job, owner: string, positions: readonly number[]): boolean {
    // Flushed to disk before it returns: losing the mark would let the write be sent again.
    // https://sqlite.org/pragma.html#pragma_synchronous
    this.#database.exec('PRAGMA synchronous = FULL');
    try {
      return this.#transaction(() => this.#isHeld(job, owner, ['RUNNING']) && this.#mark(job, positions));
    } catch (error) {
      if (error === NOT_ALL) return false;
      throw error;
    } finally {
      if (this.#database.isOpen) this.#database.exec('PRAGMA synchronous = NORMAL');
    }
  }

  /** @throws NOT_ALL if one of them does not wait any more; then the transaction is rolled back */
  #mark(job: Job, positions: readonly number[]): boolean {
    const counts = new CountChanges();
    for (const position of positions) {
      if (!this.#move(job, { position, from: 'WAITING', to: 'SENT' }, counts)) throw NOT_ALL;
    }
    this.#applyCounts(job, counts);
    return true;
  }

  /** Ignores changes of lines that are not in the expected state any more. Returns the positions that have changed. */
  record(job: Job, owner: string, changes: readonly ItemChange[]): ReadonlySet<number> {
    return this.#transaction(() => {
      const changed = new Set<number>();
      if (!this.#isHeld(job, owner)) return changed;
      const counts = new CountChanges();
      for (const change of changes) if (this.#move(job, change, counts)) changed.add(change.position);
      this.#applyCounts(job, counts);
      return changed;
    });
  }

  /** Changes the state of a line and of those that repeat its ticket. */
  #move({ row }: Job, change: Partial<Omit<ItemChange, 'from' | 'to'>> & Move, counts: CountChanges): boolean {
    const { position, from, to, failure = null, isReconciled = false, attempts, dueAt = 0 } = change;
    const set = `SET state = ?, failure = ?, reconciled = ?, attempts = coalesce(?, attempts), due_at = ?,
      taken = CASE WHEN ? = 'WAITING' THEN 0 ELSE taken END`;
    const values = [to, toJson(failure), Number(isReconciled), attempts ?? null, dueAt, to] as const;
    const found = this.#get(
      `UPDATE item ${set} WHERE job = ? AND position = ? AND state = ? RETURNING source`,
      ...values,
      row,
      position,
      from,
    );
    if (!found) return false;
    const copies = this.#run(
      `UPDATE item INDEXED BY item_copies ${set} WHERE job = ? AND original = ?`,
      ...values,
      row,
      position,
    );
    const source = found['source'] as string | null;
    counts.add(source, from, -1 - copies);
    counts.add(source, to, 1 + copies);
    return true;
  }

  pause({ row }: Job, owner: string, source: string, until: number | null, problem: Job['problem']): void {
    this.#run(
      `UPDATE job_source SET paused_until = ?, problem = ? WHERE job = ? AND source = ?
         AND EXISTS (SELECT 1 FROM job WHERE row = ? AND lease_owner = ?)`,
      until,
      toJson(problem),
      row,
      source,
      row,
      owner,
    );
  }

  createUpload(id: string, caller: string, lines: readonly UploadLine[], start: number): void {
    this.#transaction(() => {
      this.#run('INSERT OR IGNORE INTO upload (id, caller, created_at) VALUES (?, ?, ?)', id, caller, this.#now());
      lines.forEach(({ ticketId, extra }, index) =>
        this.#run(
          'INSERT INTO upload_line (upload, position, ticket, extra) VALUES (?, ?, ?, ?)',
          id,
          start + index,
          ticketId,
          extra,
        ),
      );
    });
  }

  dropUpload(id: string): void {
    // Its lines are deleted later, in parts, with what has expired.
    this.#run(`UPDATE upload SET caller = '', created_at = 0 WHERE id = ?`, id);
  }

  uploadLines(id: string, after: number, limit: number): UploadLine[] {
    const sql = 'SELECT ticket, extra FROM upload_line WHERE upload = ? AND position > ? ORDER BY position LIMIT ?';
    return this.#all(sql, id, after, limit).map(({ ticket, extra }) => ({
      ticketId: ticket as string,
      extra: extra as string | null,
    }));
  }

  hasUpload(id: string, caller: string): boolean {
    return this.#get('SELECT 1 AS found FROM upload WHERE id = ? AND caller = ?', id, caller) !== undefined;
  }

  deleteEndedBefore(time: number): boolean {
    return this.#transaction(() => {
      if (this.#deleteUpload(time)) return true;
      const job = this.#get('SELECT row FROM job WHERE ended_at < ? LIMIT 1', time);
      if (!job) return false;
      if (this.#deleteItems(job['row'] as number) < DELETED_AT_ONCE) {
        this.#run('DELETE FROM job_source WHERE job = ?', job['row']!);
        this.#run('DELETE FROM job_tickets WHERE job = ?', job['row']!);
        this.#run('DELETE FROM job WHERE row = ?', job['row']!);
      }
      return true;
    });
  }

  /** Deletes a part of an expired upload. Returns whether there was one. */
  #deleteUpload(time: number): boolean {
    // A job that is still gathering may read it.
    const sql = `SELECT id FROM upload WHERE created_at < ?
      AND (caller = '' OR NOT EXISTS (SELECT 1 FROM job WHERE state = 'GATHERING')) LIMIT 1`;
    const id = this.#get(sql, time)?.['id'];
    if (id === undefined) return false;
    const positions = 'SELECT position FROM upload_line WHERE upload = ? LIMIT ?';
    const lines = `DELETE FROM upload_line WHERE upload = ? AND position IN (${positions})`;
    if (this.#run(lines, id, id, DELETED_AT_ONCE) < DELETED_AT_ONCE) this.#run('DELETE FROM upload WHERE id = ?', id);
    return true;
  }

  #deleteItems(row: number): number {
    const positions = 'SELECT position FROM item WHERE job = ? LIMIT ?';
    const sql = `DELETE FROM item WHERE job = ? AND position IN (${positions})`;
    return this.#run(sql, row, row, DELETED_AT_ONCE);
  }

  #countTaken(row: number, positions: readonly number[]): void {
    for (const position of positions) {
      this.#run('UPDATE item SET taken = taken + 1 WHERE job = ? AND position = ?', row, position);
    }
  }

  /** Whether this process may still change the job: the fence against a process that was replaced. */
  #isHeld({ row }: Job, owner: string, states?: readonly StoredState[]): boolean {
    const found = this.#get('SELECT state FROM job WHERE row = ? AND lease_owner = ?', row, owner);
    return found !== undefined && (states?.includes(found['state'] as StoredState) ?? true);
  }

  #applyCounts({ row }: Job, counts: CountChanges): void {
    for (const [source, changes] of counts.bySource) {
      const sum = (state: ItemState): number => changes[state] ?? 0;
      const values = [sum('WAITING'), sum('SENT'), sum('APPLIED'), sum('NOT_APPLIED'), sum('UNKNOWN')] as const;
      const set = Object.values(COLUMNS)
        .map((column) => `${column} = ${column} + ?`)
        .join(', ');
      this.#run(`UPDATE job SET ${set} WHERE row = ?`, ...values, row);
      if (source === null) continue;
      this.#run('INSERT OR IGNORE INTO job_source (job, source) VALUES (?, ?)', row, source);
      this.#run(`UPDATE job_source SET ${set} WHERE job = ? AND source = ?`, ...values, row, source);
    }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  #get(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  #all(sql: string, ...values: readonly Value[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  #run(sql: string, ...values: readonly Value[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  #transaction<Result>(change: () => Result): Result {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = change();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite rolls back by itself after some errors, such as a full disk. Keep the first error.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

interface Move {
  readonly position: number;
  readonly from: ItemState;
  readonly to: ItemState;
}

/**
 * The rows up to the first that was often taken in vain, or that one alone: if it is what ends the process each time, the
 * others are not held up by it.
 */
function withoutSuspects(rows: readonly TakenItem[]): TakenItem[] {
  const suspect = rows.findIndex(({ taken }) => taken >= SUSPECT_AFTER);
  return suspect < 0 ? [...rows] : rows.slice(0, Math.max(suspect, 1));
}

const NOT_ALL = new Error('Not all of the tickets wait.');

/** Changes of counts, by source. */
class CountChanges {
  readonly bySource = new Map<string | null, Partial<Record<ItemState, number>>>();

  add(source: string | null, state: ItemState, count: number): void {
    const changes = this.bySource.get(source) ?? {};
    changes[state] = (changes[state] ?? 0) + count;
    this.bySource.set(source, changes);
  }
}

function toJson(value: object | null): string | null {
  return value && JSON.stringify(value);
}
