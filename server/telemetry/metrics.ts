/**
 * Numbers for Prometheus. Labels come from the schema, the vendors and their endpoints, never from what a client sends:
 * whoever chooses labels decides how much memory they take.
 */
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Observer, Sources } from '../../datasources/index.ts';
import type { RequestRecord } from './request-record.ts';
import { createHistogram, createCounter } from './counters.ts';

export interface Metrics {
  readonly observer: Observer;
  requestEnded(record: RequestRecord): void;
  internalError(): void;
  /** A write could not be written down in the audit trail. */
  unrecorded(): void;
  /** All of it as Prometheus reads it. Breakers and queues are looked at now. */
  scrape(sources: Sources): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Seconds, from an answer out of memory to the deadline of a request. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Codes that are counted for themselves; all others together are `other`. */
const MAX_CAUSES = 50;

const BREAKER_STATES = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const;

export function createMetrics(): Metrics {
  const own = new Registry();
  const registers = [own];
  const countOperation = createCounter({
    name: 'ticketgraph_operations_total',
    help: 'Requests to the GraphQL endpoint by type of operation and by how they ended.',
    labelNames: ['type', 'result'],
    registers,
  });
  const noteDuration = createHistogram(
    {
      name: 'ticketgraph_request_duration_seconds',
      help: 'Time from a request to the end of its answer.',
      labelNames: ['type'],
      registers,
    },
    BUCKETS,
  );
  const defects = new Counter({
    name: 'ticketgraph_defects_total',
    help: 'Errors of our own.',
    registers,
  });
  const unrecorded = new Counter({
    name: 'ticketgraph_audit_failures_total',
    help: 'Writes that could not be written down in the audit trail.',
    registers,
  });
  const storeFailures = new Counter({
    name: 'ticketgraph_idempotency_store_errors_total',
    help: 'Failed calls to the store of idempotency keys. While it is down, writes with a key are rejected.',
    registers,
  });
  const observer: Observer = { ...countUpstream(registers), onStoreFailure: () => storeFailures.inc() };
  const look = gaugeUpstreams(registers);
  const whole = Registry.merge([own, processMetrics()]);
  return {
    observer,
    requestEnded({ operationType, result, durationMs = 0 }) {
      const type = operationType ?? 'none';
      countOperation(type, result);
      noteDuration(durationMs, type);
    },
    internalError: () => defects.inc(),
    unrecorded: () => unrecorded.inc(),
    async scrape(sources) {
      look(sources);
      return { contentType: whole.contentType, text: await whole.metrics() };
    },
  };
}

function countUpstream(registers: Registry[]): Observer {
  const countCall = createCounter({
    name: 'ticketgraph_upstream_calls_total',
    help: 'Exchanges with vendors, each try for itself, by endpoint and by how they ended.',
    labelNames: ['vendor', 'operation', 'result'],
    registers,
  });
  const countBreak = createCounter({
    name: 'ticketgraph_upstream_breaks_total',
    help: 'Connections to vendors that could not be made or broke, by the code of the cause.',
    labelNames: ['vendor', 'cause'],
    registers,
  });
  const causes = new Set<string>();
  const noteDuration = createHistogram(
    {
      name: 'ticketgraph_upstream_call_duration_seconds',
      help: 'Time of an exchange with a vendor, without the wait for its turn.',
      labelNames: ['vendor', 'operation'],
      registers,
    },
    BUCKETS,
  );
  const countShared = createCounter({
    name: 'ticketgraph_shared_reads_total',
    help: 'Reads that joined an identical one under way.',
    labelNames: ['vendor'],
    registers,
  });
  const countCached = createCounter({
    name: 'ticketgraph_cached_reads_total',
    help: 'Reads that were answered from what is kept for <VENDOR>_CACHE_MS.',
    labelNames: ['vendor'],
    registers,
  });
  const countWrite = createCounter({
    name: 'ticketgraph_writes_total',
    help: 'Tickets of writes by what became of them. Replays are not counted again.',
    labelNames: ['vendor', 'mutation', 'outcome'],
    registers,
  });
  const countReplay = createCounter({
    name: 'ticketgraph_idempotent_replays_total',
    help: 'Tickets of writes that were told again under their idempotency key.',
    labelNames: ['vendor', 'mutation'],
    registers,
  });
  return {
    onCallEnd({ vendor, operation }, { result, durationMs, cause }) {
      countCall(vendor, operation, result);
      if (result !== 'held-back' && result !== 'paused') noteDuration(durationMs, vendor, operation);
      if (cause === undefined || result === 'held-back') return;
      if (causes.size < MAX_CAUSES) causes.add(cause);
      countBreak(vendor, causes.has(cause) ? cause : 'other');
    },
    onReadShared: ({ vendor }) => countShared(vendor),
    onReadCached: ({ vendor }) => countCached(vendor),
    onWriteEnd({ vendor: key, mutation, outcome, isReplayed }) {
      const vendor = key ?? 'none';
      if (isReplayed) countReplay(vendor, mutation);
      else countWrite(vendor, mutation, outcome);
    },
  };
}

/** The function given back sets the gauges to what is true now. */
function gaugeUpstreams(registers: Registry[]): (sources: Sources) => void {
  const breaker = new Gauge({
    name: 'ticketgraph_breaker_state',
    help: 'Whether the breaker of a vendor is in this state: 1 or 0.',
    labelNames: ['vendor', 'state'],
    registers,
  });
  const queue = new Gauge({
    name: 'ticketgraph_queue_length',
    help: 'Calls to a vendor that wait for their turn.',
    labelNames: ['vendor'],
    registers,
  });
  return ({ connected }) => {
    for (const [vendor, { upstream }] of connected) {
      const { breaker: now, queued } = upstream.health;
      queue.set({ vendor }, queued);
      for (const state of BREAKER_STATES) breaker.set({ vendor, state: state.toLowerCase() }, state === now ? 1 : 0);
    }
  };
}

let ofProcess: Registry | undefined;

/** Memory, processor, event loop: there is one process, however many servers are in it. */
function processMetrics(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}
