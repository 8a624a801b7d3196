/** A source in memory whose tickets a test changes, for live updates over minutes that take no time. */
import { onTestFinished, vi } from 'vitest';
import type { Datasource, FailureDetails, Ticket, TicketSource, Vendor } from '../../datasources/contract.ts';
import { createLiveUpdates, type LiveSettings, type LiveUpdates } from '../../datasources/live/index.ts';
import type { Connected } from '../../datasources/upstream/connect-source.ts';
import { Failure } from '../../datasources/vendor-kit/failure.ts';
import type { WriteItem, WriteReport } from '../../datasources/writes/report.ts';

export interface LiveSource {
  readonly live: LiveUpdates;
  /** When calls were made, in milliseconds since the start, and for which ticket. */
  readonly calls: { readonly at: number; readonly nativeId: string }[];
  readonly unexpected: unknown[];
  /** Every call fails with it, until it is undefined. */
  failure: FailureDetails | undefined;
  /** Every call waits for it. */
  gate: Promise<unknown> | undefined;
  set(nativeId: string, title: string): void;
  remove(nativeId: string): void;
  /** What a mutation would report for it. */
  report(nativeId: string, outcome: WriteItem['outcome'], movedTo?: string): WriteReport;
}

export const KEY = 'acme';

export interface LiveSourceOptions extends Partial<LiveSettings> {
  /** Defaults to 60. */
  readonly callsPerMinute?: number;
  /** Reads all ids by one call. */
  readonly readsMany?: boolean;
}

/** Time stands still, and is moved by `vi.advanceTimersByTimeAsync`. */
export function startLiveSource({
  callsPerMinute = 60,
  readsMany = false,
  ...settings
}: LiveSourceOptions = {}): LiveSource {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const startedAt = Date.now();
  const tickets = new Map<string, Ticket>();
  const unexpected: unknown[] = [];
  const calls: LiveSource['calls'] = [];
  const call = async (nativeId: string, budget: { take(calls: number): void } | undefined): Promise<void> => {
    budget?.take(1);
    calls.push({ at: Date.now() - startedAt, nativeId });
    await world.gate;
    if (world.failure) throw new Failure(world.failure);
  };
  const datasource: Datasource = {
    writes: {},
    actions: () => [],
    async find(nativeId, { budget }) {
      await call(nativeId, budget);
      return tickets.get(nativeId);
    },
    ...(readsMany && {
      async findMany(nativeIds, { budget }) {
        await call(nativeIds.join(','), budget);
        return nativeIds.map((nativeId) => tickets.get(nativeId));
      },
    }),
    async list(page, { budget }) {
      await call('list', budget);
      const all = [...tickets.values()];
      const rows = all.slice(page.offset, page.offset + page.limit);
      return { tickets: rows, rowCount: rows.length, totalCount: all.length, unapplied: ['categories', 'search'] };
    },
  };
  const nativeId = { pattern: /^\d+$/, maximumLength: 9, example: '1' };
  const vendor = {
    key: KEY,
    name: 'Acme',
    nativeId,
    lists: true,
    mutations: [],
    isReference: () => false,
  } as unknown as Vendor;
  const source: TicketSource = { key: KEY, name: 'Acme', vendor };
  const connected = { source, datasource, forwards: [], prefers: [], liveCallsPerMinute: callsPerMinute };
  const live = createLiveUpdates({
    everyMs: 5_000,
    atMostMs: 60_000,
    random: () => 0.5,
    ...settings,
    known: new Map([[KEY, source]]),
    connected: new Map([[KEY, connected as unknown as Connected]]),
    now: Date.now,
    events: undefined,
    reportUnexpected: (error) => unexpected.push(error),
  });
  const world: LiveSource = {
    live,
    calls,
    unexpected,
    failure: undefined,
    gate: undefined,
    set: (id, title) => void tickets.set(id, toTicket(id, title)),
    remove: (id) => void tickets.delete(id),
    report: toReport,
  };
  onTestFinished(async () => {
    await live.close();
    vi.useRealTimers();
  });
  return world;
}

function toTicket(nativeId: string, title: string): Ticket {
  return {
    __typename: 'AcmeTicket',
    id: `${KEY}:${nativeId}`,
    vendor: KEY.toUpperCase(),
    nativeId,
    reference: nativeId,
    title,
    status: { category: 'OPEN', raw: 'open' },
    createdAt: `2026-01-01T00:00:${nativeId.padStart(2, '0').slice(-2)}Z`,
    updatedAt: null,
  };
}

function toReport(nativeId: string, outcome: WriteItem['outcome'], movedTo?: string): WriteReport {
  const ticketId = `${KEY}:${nativeId}`;
  const item: WriteItem = {
    ticketId,
    vendor: KEY.toUpperCase(),
    source: KEY,
    outcome,
    failure: null,
    transition: null,
    readId: movedTo === undefined ? ticketId : `${KEY}:${movedTo}`,
    isReconciled: false,
    wasSent: true,
  };
  return { outcome, failures: [], items: [item], order: [0], names: [ticketId], plan: null, isReplayed: false };
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  await vi.advanceTimersByTimeAsync(0);
}
