/**
 * Metrics for Prometheus, named by its conventions: https://prometheus.io/docs/practices/naming/. Label values come from
 * the schema, the vendors and their endpoints, never from a client, so that clients cannot create an unbounded number of
 * time series.
 *
 * Over 300 lines: it is the list of all metrics.
 */
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Observer, Sources } from '../../datasources/index.ts';
import { vendorKeyOf } from '../../datasources/vendor-kit/source-key.ts';
import { CounterFamily, HistogramFamily, byLabel } from './counters.ts';
import { recordOf, type RequestRecord } from './request-record.ts';
import packageFile from '../../package.json' with { type: 'json' };

export interface Metrics {
  readonly observer: Observer;
  startRequest(): void;
  /** To be called once for each request that was started. */
  endRequest(record: RequestRecord): void;
  recordInternalError(): void;
  readonly streams: StreamMetrics;
  recordAuditFailure(): void;
  /** @param callerClass what kind of caller it is: one of a few words, never a name */
  recordRateLimited(callerClass: string): void;
  /** A request that was counted by this process alone, although replicas share the limit. */
  recordUnsharedRateLimit(): void;
  /** All metrics in Prometheus's text format. Reads the state of circuit breakers and queues first. */
  scrape(sources: Sources): Promise<MetricsText>;
  /** The same as values, to be added to those of other processes. */
  collect(sources: Sources): Promise<MetricValues>;
}

/** Of streams of live updates. */
export interface StreamMetrics {
  recordOpen(): void;
  recordEvent(): void;
  /** @param reason a code, or `CLOSED` by the client. */
  recordEnd(reason: string): void;
}

export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

export type MetricValues = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Seconds, from a response out of memory to beyond the deadline of a request. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Maximum number of different error codes. All others count as `other`. */
const MAX_CAUSES = 50;

const BREAKER_STATES = ['CLOSED', 'HALF_OPEN', 'OPEN'] as const;

export function createMetrics(): Metrics {
  const own = new Registry();
  const registers = [own];
  registerBuildInfo(registers);
  const { startRequest, endRequest, startStream } = createRequestMetrics(own);
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
  const rateLimits = createRateLimitMetrics(registers);
  const streams = createStreamMetrics(registers, startStream);
  const storeErrors = new Counter({
    name: 'ticketgraph_idempotency_store_errors_total',
    help: 'Failed calls to the idempotency store, or to the ledger of bulk jobs. While it is down, writes with a key are rejected and bulk jobs send nothing.',
    registers,
  });
  const observer: Observer = {
    ...observeCalls(own),
    ...observeReads(own),
    ...observeWrites(own),
    ...observeWords(registers),
    ...observeLive(registers),
    ...observeBulk(registers),
    onStoreFailure: () => storeErrors.inc(),
  };
  const updaters = [createUpstreamGauges(registers), createBulkGauges(registers)];
  const updateGauges = (sources: Sources): void => updaters.forEach((update) => update(sources));
  // Copies the list of metrics: all must be registered before.
  const all = Registry.merge([own, processMetrics()]);
  return {
    observer,
    startRequest,
    endRequest,
    recordInternalError: () => internalErrors.inc(),
    streams,
    recordAuditFailure: () => auditFailures.inc(),
    ...rateLimits,
    async scrape(sources) {
      updateGauges(sources);
      return { contentType: all.contentType, text: await all.metrics() };
    },
    collect(sources) {
      updateGauges(sources);
      return all.getMetricsAsJSON();
    },
  };
}

function registerBuildInfo(registers: Registry[]): void {
  const info = new Gauge({
    name: 'ticketgraph_build_info',
    help: 'Always 1. Its labels are the versions of ticketgraph and of Node.',
    labelNames: ['version', 'node_version'],
    registers,
    // One for all workers, which are of the same version.
    aggregator: 'max',
  });
  info.set({ version: packageFile.version, node_version: process.versions.node }, 1);
}

function createRequestMetrics(
  registry: Registry,
): Pick<Metrics, 'startRequest' | 'endRequest'> & { readonly startStream: () => void } {
  const operations = new CounterFamily({
    name: 'ticketgraph_operations_total',
    help: 'Requests to the GraphQL endpoint by type of operation, result, and how the caller has authenticated.',
    registry,
  });
  const durations = new HistogramFamily({
    name: 'ticketgraph_request_duration_seconds',
    help: 'Time from receiving a request to the end of its response.',
    bounds: BUCKETS,
    registry,
  });
  let inFlight = 0;
  new Gauge({
    name: 'ticketgraph_requests_in_flight',
    help: 'Requests to the GraphQL endpoint whose response has not ended.',
    registers: [registry],
    collect() {
      this.set(inFlight);
    },
  });
  const counterOf = byLabel((type) =>
    byLabel((result) => byLabel((caller) => operations.create({ type, result, caller }))),
  );
  const histogramOf = byLabel((type) => durations.create({ type }));
  return {
    startRequest() {
      inFlight += 1;
    },
    startStream() {
      inFlight -= 1;
    },
    endRequest({ isStream, operationType, result, callerClass, durationMs = 0 }) {
      // Streams have metrics of their own: they would distort the durations of requests.
      if (isStream) return;
      inFlight -= 1;
      const type = operationType ?? 'none';
      counterOf(type)(result)(callerClass).value += 1;
      histogramOf(type).observe(durationMs / 1000);
    },
  };
}

function createRateLimitMetrics(registers: Registry[]): Pick<Metrics, 'recordRateLimited' | 'recordUnsharedRateLimit'> {
  const rejected = new Counter({
    name: 'ticketgraph_rate_limited_total',
    help: 'Requests rejected because their caller had sent too many, by how the caller authenticates.',
    labelNames: ['caller'],
    registers,
  });
  const unshared = new Counter({
    name: 'ticketgraph_rate_limit_unshared_total',
    help: 'Requests counted by one process alone because Redis did not answer, so that replicas admit more together.',
    registers,
  });
  return {
    recordRateLimited: (callerClass) => rejected.inc({ caller: callerClass }),
    recordUnsharedRateLimit: () => unshared.inc(),
  };
}

/** Both are bounded: by the vendors, and by the settings. */
function labelsOf(source: string): { readonly vendor: string; readonly source: string } {
  return { vendor: vendorKeyOf(source), source };
}

function observeCalls(registry: Registry): Observer {
  const calls = new CounterFamily({
    name: 'ticketgraph_upstream_calls_total',
    help: 'Calls to vendors by endpoint, result, and how the caller has authenticated. Each attempt counts.',
    registry,
  });
  const networkErrors = new Counter({
    name: 'ticketgraph_upstream_network_errors_total',
    help: 'Failed or broken connections to vendors by error code.',
    labelNames: ['vendor', 'source', 'cause'],
    registers: [registry],
  });
  const durations = new HistogramFamily({
    name: 'ticketgraph_upstream_call_duration_seconds',
    help: 'Duration of calls to vendors, without the time spent in the queue.',
    bounds: BUCKETS,
    registry,
  });
  const counterOf = byLabel((source) =>
    byLabel((operation) =>
      byLabel((result) => byLabel((caller) => calls.create({ ...labelsOf(source), operation, result, caller }))),
    ),
  );
  const histogramOf = byLabel((source) => byLabel((operation) => durations.create({ ...labelsOf(source), operation })));
  const causes = new Set<string>();
  return {
    onCallEnd({ source, operation, call }, { result, durationMs, cause }) {
      counterOf(source)(operation)(result)(recordOf(call)?.callerClass ?? 'none').value += 1;
      if (result !== 'rejected_locally' && result !== 'paused') {
        histogramOf(source)(operation).observe(durationMs / 1000);
      }
      if (cause === undefined || result === 'rejected_locally') return;
      if (causes.size < MAX_CAUSES) causes.add(cause);
      networkErrors.inc({ ...labelsOf(source), cause: causes.has(cause) ? cause : 'other' });
    },
  };
}

function observeReads(registry: Registry): Observer {
  const shared = new CounterFamily({
    name: 'ticketgraph_shared_reads_total',
    help: 'Reads that joined an identical one in flight.',
    registry,
  });
  const cached = new CounterFamily({
    name: 'ticketgraph_cached_reads_total',
    help: 'Reads answered from the response cache (<VENDOR>_CACHE_MS).',
    registry,
  });
  const sharedOf = byLabel((source) => shared.create(labelsOf(source)));
  const cachedOf = byLabel((source) => cached.create(labelsOf(source)));
  return {
    onReadShared({ source }) {
      sharedOf(source).value += 1;
    },
    onReadCached({ source }) {
      cachedOf(source).value += 1;
    },
  };
}

function observeWrites(registry: Registry): Observer {
  const writes = new CounterFamily({
    name: 'ticketgraph_writes_total',
    help: 'Tickets of writes by outcome. Replays do not count.',
    registry,
  });
  const replays = new CounterFamily({
    name: 'ticketgraph_idempotent_replays_total',
    help: 'Tickets of writes answered with the stored result of their idempotency key.',
    registry,
  });
  const writesOf = byLabel((source) =>
    byLabel((mutation) => byLabel((outcome) => writes.create({ ...labelsOf(source), mutation, outcome }))),
  );
  const replaysOf = byLabel((source) => byLabel((mutation) => replays.create({ ...labelsOf(source), mutation })));
  return {
    onWriteEnd({ source: key, mutation, outcome, isReplayed }) {
      const source = key ?? 'none';
      const child = isReplayed ? replaysOf(source)(mutation) : writesOf(source)(mutation)(outcome);
      child.value += 1;
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

/** @param startStream called for each stream, whose request is no longer in flight */
function createStreamMetrics(registers: Registry[], startStream: () => void): StreamMetrics {
  const open = new Gauge({
    name: 'ticketgraph_streams',
    help: 'Open streams of live updates.',
    registers,
    aggregator: 'sum',
  });
  const events = new Counter({
    name: 'ticketgraph_stream_events_total',
    help: 'Events written to streams of live updates.',
    registers,
  });
  const ends = new Counter({
    name: 'ticketgraph_streams_ended_total',
    help: 'Ended streams of live updates by reason: a code, or CLOSED by the client.',
    labelNames: ['reason'],
    registers,
  });
  return {
    recordOpen() {
      startStream();
      open.inc();
    },
    recordEvent: () => events.inc(),
    recordEnd(reason) {
      open.dec();
      ends.inc({ reason });
    },
  };
}

/** Returns a function that sets the gauges to the current state. */
function observeLive(registers: Registry[]): Observer {
  const polls = new Counter({
    name: 'ticketgraph_live_polls_total',
    help: 'Reads of watched tickets and filters for live updates by result: ok or failed.',
    labelNames: ['vendor', 'source', 'result'],
    registers,
  });
  const changes = new Counter({
    name: 'ticketgraph_live_changes_total',
    help: 'Changes of watched tickets, whatever the number of their subscribers, by kind.',
    labelNames: ['vendor', 'source', 'kind'],
    registers,
  });
  return {
    onLivePoll: (source, isRead) => polls.inc({ ...labelsOf(source), result: isRead ? 'ok' : 'failed' }),
    onLiveChange: (source, kind) => changes.inc({ ...labelsOf(source), kind: kind.toLowerCase() }),
  };
}

/** Of tickets and sources, all bounded: by the schema, and by the settings. */
function observeBulk(registers: Registry[]): Observer {
  const tickets = new Counter({
    name: 'ticketgraph_bulk_tickets_total',
    help: 'Tickets of bulk jobs by outcome: APPLIED, NOT_APPLIED or UNKNOWN. A repeated ticket counts once.',
    labelNames: ['vendor', 'source', 'outcome'],
    registers,
  });
  const pauses = new Counter({
    name: 'ticketgraph_bulk_pauses_total',
    help: 'Pauses of a source within a bulk job by reason, e.g. rate-limited.',
    labelNames: ['vendor', 'source', 'reason'],
    registers,
  });
  const ended = new Counter({
    name: 'ticketgraph_bulk_jobs_ended_total',
    help: 'Ended bulk jobs by state: done, cancelled or failed.',
    labelNames: ['state'],
    registers,
  });
  return {
    onBulkTicket: (source, outcome) => tickets.inc({ ...labelsOf(source ?? 'none'), outcome }),
    onBulkPause: (source, reason) => pauses.inc({ ...labelsOf(source), reason }),
    onBulkEnd: (state) => ended.inc({ state: state.toLowerCase() }),
  };
}

function createBulkGauges(registers: Registry[]): (sources: Sources) => void {
  const jobs = new Gauge({
    name: 'ticketgraph_bulk_jobs',
    help: 'Bulk jobs that run here by state: gathering, running, paused or cancelling.',
    labelNames: ['state'],
    registers,
    aggregator: 'sum',
  });
  const progressAge = new Gauge({
    name: 'ticketgraph_bulk_progress_age_seconds',
    help: 'Time since the last progress of the bulk job that stands still the longest; 0 if there is none. With REDIS_URL, of all replicas.',
    registers,
    aggregator: 'max',
  });
  return ({ bulk }) => {
    const status = bulk?.status();
    for (const state of ['gathering', 'running', 'paused', 'cancelling'] as const) {
      jobs.set({ state }, status?.jobs[state] ?? 0);
    }
    progressAge.set((status?.progressAgeMs ?? 0) / 1_000);
  };
}

function createUpstreamGauges(registers: Registry[]): (sources: Sources) => void {
  const watched = new Gauge({
    name: 'ticketgraph_live_watched',
    help: 'Tickets and filters of a source that are watched for live updates.',
    labelNames: ['vendor', 'source'],
    registers,
  });
  const breaker = new Gauge({
    name: 'ticketgraph_breaker_state',
    help: 'Whether the circuit breaker of a source is in this state: 1 or 0.',
    labelNames: ['vendor', 'source', 'state'],
    registers,
    // With several workers: whether that of any is in this state.
    aggregator: 'max',
  });
  const queue = new Gauge({
    name: 'ticketgraph_queue_length',
    help: 'Queued calls to a source.',
    labelNames: ['vendor', 'source'],
    registers,
  });
  return ({ connected, live }) => {
    for (const [key, { upstream }] of connected) {
      const labels = labelsOf(key);
      watched.set(labels, live?.stateOf(key)?.watched ?? 0);
      const { breaker: current, queued } = upstream.health;
      queue.set(labels, queued);
      for (const state of BREAKER_STATES) {
        breaker.set({ ...labels, state: state.toLowerCase() }, state === current ? 1 : 0);
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
