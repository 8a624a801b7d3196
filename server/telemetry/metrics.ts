/**
 * Metrics for Prometheus. Label values come from the schema, the vendors and their endpoints, never from a client, so that
 * clients cannot create an unbounded number of time series.
 */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Observer, Sources } from '../../datasources/index.ts';
import type { RequestRecord } from './request-record.ts';

export interface Metrics {
  readonly observer: Observer;
  recordRequest(record: RequestRecord): void;
  recordInternalError(): void;
  recordAuditFailure(): void;
  /** All metrics in Prometheus's text format. Reads the state of circuit breakers and queues first. */
  scrape(sources: Sources): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Seconds, from a response out of memory to the deadline of a request. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Maximum number of different error codes. All others count as `other`. */
const MAX_CAUSES = 50;

const BREAKER_STATES = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const;

export function createMetrics(): Metrics {
  const own = new Registry();
  const registers = [own];
  const requests = createRequestMetrics(registers);
  const internalErrors = new Counter({
    name: 'ticketgraph_internal_errors_total',
    help: 'Unexpected errors.',
    registers,
  });
  const auditFailures = new Counter({
    name: 'ticketgraph_audit_failures_total',
    help: 'Writes that could not be appended to the audit log.',
    registers,
  });
  const storeErrors = new Counter({
    name: 'ticketgraph_idempotency_store_errors_total',
    help: 'Failed calls to the idempotency store. While it is down, writes with a key are rejected.',
    registers,
  });
  const observer: Observer = {
    ...observeCalls(registers),
    ...observeReads(registers),
    ...observeWrites(registers),
    ...observeWords(registers),
    onStoreFailure: () => storeErrors.inc(),
  };
  const updateGauges = createUpstreamGauges(registers);
  // Copies the list of metrics: all must be registered before.
  const all = Registry.merge([own, processMetrics()]);
  return {
    observer,
    recordRequest: requests,
    recordInternalError: () => internalErrors.inc(),
    recordAuditFailure: () => auditFailures.inc(),
    async scrape(sources) {
      updateGauges(sources);
      return { contentType: all.contentType, text: await all.metrics() };
    },
  };
}

function createRequestMetrics(registers: Registry[]): Metrics['recordRequest'] {
  const operations = new Counter({
    name: 'ticketgraph_operations_total',
    help: 'Requests to the GraphQL endpoint by type of operation and result.',
    labelNames: ['type', 'result'],
    registers,
  });
  const durations = new Histogram({
    name: 'ticketgraph_request_duration_seconds',
    help: 'Time from receiving a request to the end of its response.',
    labelNames: ['type'],
    buckets: BUCKETS,
    registers,
  });
  return ({ operationType, result, durationMs = 0 }) => {
    const type = operationType ?? 'none';
    operations.inc({ type, result });
    durations.observe({ type }, durationMs / 1000);
  };
}

function observeCalls(registers: Registry[]): Observer {
  const calls = new Counter({
    name: 'ticketgraph_upstream_calls_total',
    help: 'Calls to vendors by endpoint and result. Each attempt counts.',
    labelNames: ['vendor', 'operation', 'result'],
    registers,
  });
  const networkErrors = new Counter({
    name: 'ticketgraph_upstream_network_errors_total',
    help: 'Failed or broken connections to vendors by error code.',
    labelNames: ['vendor', 'cause'],
    registers,
  });
  const durations = new Histogram({
    name: 'ticketgraph_upstream_call_duration_seconds',
    help: 'Duration of calls to vendors, without the time spent in the queue.',
    labelNames: ['vendor', 'operation'],
    buckets: BUCKETS,
    registers,
  });
  const causes = new Set<string>();
  return {
    onCallEnd({ vendor, operation }, { result, durationMs, cause }) {
      calls.inc({ vendor, operation, result });
      if (result !== 'rejected_locally' && result !== 'paused') {
        durations.observe({ vendor, operation }, durationMs / 1000);
      }
      if (cause === undefined || result === 'rejected_locally') return;
      if (causes.size < MAX_CAUSES) causes.add(cause);
      networkErrors.inc({ vendor, cause: causes.has(cause) ? cause : 'other' });
    },
  };
}

function observeReads(registers: Registry[]): Observer {
  const shared = new Counter({
    name: 'ticketgraph_shared_reads_total',
    help: 'Reads that joined an identical one in flight.',
    labelNames: ['vendor'],
    registers,
  });
  const cached = new Counter({
    name: 'ticketgraph_cached_reads_total',
    help: 'Reads answered from the response cache (<VENDOR>_CACHE_MS).',
    labelNames: ['vendor'],
    registers,
  });
  return {
    onReadShared: ({ vendor }) => shared.inc({ vendor }),
    onReadCached: ({ vendor }) => cached.inc({ vendor }),
  };
}

function observeWrites(registers: Registry[]): Observer {
  const writes = new Counter({
    name: 'ticketgraph_writes_total',
    help: 'Tickets of writes by outcome. Replays do not count.',
    labelNames: ['vendor', 'mutation', 'outcome'],
    registers,
  });
  const replays = new Counter({
    name: 'ticketgraph_idempotent_replays_total',
    help: 'Tickets of writes answered with the stored result of their idempotency key.',
    labelNames: ['vendor', 'mutation'],
    registers,
  });
  return {
    onWriteEnd({ vendor: key, mutation, outcome, isReplayed }) {
      const vendor = key ?? 'none';
      if (isReplayed) replays.inc({ vendor, mutation });
      else writes.inc({ vendor, mutation, outcome });
    },
  };
}

/** The word itself is not a label: there may be any number of them. */
function observeWords(registers: Registry[]): Observer {
  const unknown = new Counter({
    name: 'ticketgraph_unknown_words_total',
    help: 'Lookups of a word of a vendor, e.g. of a status, that has no meaning here, by the field that is null for it.',
    labelNames: ['vendor', 'field'],
    registers,
  });
  return { onUnknownWord: (vendor, field) => unknown.inc({ vendor, field }) };
}

/** Returns a function that sets the gauges to the current state. */
function createUpstreamGauges(registers: Registry[]): (sources: Sources) => void {
  const breaker = new Gauge({
    name: 'ticketgraph_breaker_state',
    help: 'Whether the circuit breaker of a vendor is in this state: 1 or 0.',
    labelNames: ['vendor', 'state'],
    registers,
  });
  const queue = new Gauge({
    name: 'ticketgraph_queue_length',
    help: 'Queued calls to a vendor.',
    labelNames: ['vendor'],
    registers,
  });
  return ({ connected }) => {
    for (const [vendor, { upstream }] of connected) {
      const { breaker: current, queued } = upstream.health;
      queue.set({ vendor }, queued);
      for (const state of BREAKER_STATES) {
        breaker.set({ vendor, state: state.toLowerCase() }, state === current ? 1 : 0);
      }
    }
  };
}

let ofProcess: Registry | undefined;

/** Memory, CPU and event loop. One registry for all servers of the process. */
function processMetrics(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}
