/** The metrics are those that prom-client would print for the same events. */
import fc from 'fast-check';
import { AggregatorRegistry, Counter, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { Observer, Sources } from '../../../datasources/index.ts';
import { CounterFamily, HistogramFamily, byLabel } from '../../../server/telemetry/counters.ts';
import { createMetrics } from '../../../server/telemetry/metrics.ts';
import { RequestRecord } from '../../../server/telemetry/request-record.ts';

type CallEnd = Parameters<NonNullable<Observer['onCallEnd']>>;
type WriteEnd = Parameters<NonNullable<Observer['onWriteEnd']>>[0];

const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** The key of a source: the vendor's, or that of a further installation. */
const source = fc.constantFrom('omnidesk', 'huawei', 'omnidesk@emea', 'a"b\\c\nd');
const caller = fc.constantFrom('anonymous', 'token', 'api_key');
/** Milliseconds, also on the bounds themselves. */
const durationMs = fc.oneof(
  fc.constantFrom(0, ...BOUNDS.map((bound) => bound * 1000)),
  fc.double({ min: 0, max: 90_000, noNaN: true }),
);

const event = fc.oneof(
  fc.record({
    kind: fc.constant('call' as const),
    source,
    operation: fc.constantFrom('GET /a', 'GET /b/:id', 'POST /a'),
    result: fc.constantFrom('ok', 'server_error', 'network_error', 'rejected_locally', 'paused'),
    caller,
    durationMs,
  }),
  fc.record({
    kind: fc.constant('request' as const),
    type: fc.constantFrom('query', 'mutation', null),
    status: fc.constantFrom(null, 200, 400, 500),
    caller,
    durationMs,
  }),
  fc.record({ kind: fc.constant('shared' as const), source }),
  fc.record({ kind: fc.constant('cached' as const), source }),
  fc.record({
    kind: fc.constant('write' as const),
    source: fc.option(source),
    mutation: fc.constantFrom('setStatus', 'executeAction'),
    outcome: fc.constantFrom('APPLIED', 'NOT_APPLIED', 'UNKNOWN'),
    isReplayed: fc.boolean(),
  }),
);
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never;

function toRecord(given: Extract<Event, { kind: 'request' }>): RequestRecord {
  const record = new RequestRecord('POST');
  if (given.type !== null) record.recordOperation(given.type, null);
  record.callerClass = given.caller;
  record.end(given.status);
  record.durationMs = given.durationMs;
  return record;
}

function labelsOf(source: string): { vendor: string; source: string } {
  return { vendor: source.replace(/@.*/, ''), source };
}

/** What `createMetrics` records, in prom-client's own metrics. */
class Expected {
  readonly registry = new Registry();
  readonly #common = { help: 'any', registers: [this.registry] };
  readonly #operations = this.#counter('operations_total', ['type', 'result', 'caller']);
  readonly #requests = this.#histogram('request_duration_seconds', ['type']);
  readonly #calls = this.#counter('upstream_calls_total', ['vendor', 'source', 'operation', 'result', 'caller']);
  readonly #durations = this.#histogram('upstream_call_duration_seconds', ['vendor', 'source', 'operation']);
  readonly #shared = this.#counter('shared_reads_total', ['vendor', 'source']);
  readonly #cached = this.#counter('cached_reads_total', ['vendor', 'source']);
  readonly #writes = this.#counter('writes_total', ['vendor', 'source', 'mutation', 'outcome']);
  readonly #replays = this.#counter('idempotent_replays_total', ['vendor', 'source', 'mutation']);

  #counter(name: string, labelNames: string[]): Counter {
    return new Counter({ ...this.#common, name: `ticketgraph_${name}`, labelNames });
  }

  #histogram(name: string, labelNames: string[]): Histogram {
    return new Histogram({ ...this.#common, name: `ticketgraph_${name}`, labelNames, buckets: BOUNDS });
  }

  record(given: Event): void {
    if (given.kind === 'shared') this.#shared.inc(labelsOf(given.source));
    else if (given.kind === 'cached') this.#cached.inc(labelsOf(given.source));
    else if (given.kind === 'request') {
      const type = given.type ?? 'none';
      this.#operations.inc({ type, result: toRecord(given).result, caller: given.caller });
      this.#requests.observe({ type }, given.durationMs / 1000);
    } else if (given.kind === 'write') {
      const { mutation, outcome, isReplayed } = given;
      const labels = { ...labelsOf(given.source ?? 'none'), mutation };
      if (isReplayed) this.#replays.inc(labels);
      else this.#writes.inc({ ...labels, outcome });
    } else {
      const { operation, result } = given;
      const labels = labelsOf(given.source);
      this.#calls.inc({ ...labels, operation, result, caller: given.caller });
      if (result !== 'rejected_locally' && result !== 'paused') {
        this.#durations.observe({ ...labels, operation }, given.durationMs / 1000);
      }
    }
  }
}

/** A call of a request by such a caller. */
function toCall(given: Extract<Event, { kind: 'call' }>): object {
  const requestKey = new RequestRecord('POST');
  requestKey.callerClass = given.caller;
  return { ...given, call: { requestKey } };
}

function feed({ observer, endRequest }: ReturnType<typeof createMetrics>, given: Event): void {
  if (given.kind === 'request') endRequest(toRecord(given));
  else if (given.kind === 'write') observer.onWriteEnd!(given as unknown as WriteEnd);
  else if (given.kind === 'call')
    observer.onCallEnd!(...([toCall(given), { ...given, cause: undefined }] as unknown as CallEnd));
  else if (given.kind === 'shared') observer.onReadShared!(given as unknown as CallEnd[0]);
  else observer.onReadCached!(given as unknown as CallEnd[0]);
}

const NO_SOURCES = { connected: new Map() } as unknown as Sources;

/** The lines of the metrics named in `names`, without help texts. */
function linesOf(text: string, names: readonly string[]): string[] {
  const isNamed = (line: string): boolean =>
    names.some((name) => line.startsWith(name) || line.startsWith(`# TYPE ${name} `));
  return text.split('\n').filter(isNamed).toSorted();
}

test('prints what prom-client prints for the same events', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
      const metrics = createMetrics();
      const expected = new Expected();
      for (const given of events) {
        feed(metrics, given);
        expected.record(given);
      }
      const names = expected.registry.getMetricsAsArray().map(({ name }) => name);
      const { text } = await metrics.scrape(NO_SOURCES);
      expect(linesOf(text, names)).toEqual(linesOf(await expected.registry.metrics(), names));
    }),
    { numRuns: 60 },
  );
});

test('the values of several processes can be added up', async () => {
  const [own, other] = [0, 1].map(() => new Registry()) as [Registry, Registry];
  const [name, help] = ['calls_total', 'Calls.'];
  const counter = new CounterFamily({ name, help, registry: own });
  const histogram = new HistogramFamily({ name: 'seconds', help, bounds: BOUNDS, registry: own });
  counter.create({ vendor: 'akana' }).value += 3;
  histogram.create({ vendor: 'akana' }).observe(0.01);
  new Counter({ name, help, labelNames: ['vendor'], registers: [other] }).inc({ vendor: 'akana' }, 3);
  const theirs = new Histogram({ name: 'seconds', help, labelNames: ['vendor'], buckets: BOUNDS, registers: [other] });
  theirs.observe({ vendor: 'akana' }, 0.01);
  const addUp = async (registry: Registry): Promise<string> => {
    const values = JSON.parse(JSON.stringify(await registry.getMetricsAsJSON())) as object;
    return AggregatorRegistry.aggregate([values, values]).metrics();
  };
  expect(await addUp(own)).toBe(await addUp(other));
  expect(await addUp(own)).toContain('calls_total{vendor="akana"} 6\n');
  expect(await addUp(own)).toContain('seconds_bucket{le="0.01",vendor="akana"} 2\n');
});

test('creates a value once for each label', () => {
  const created: string[] = [];
  const find = byLabel((vendor) =>
    byLabel((result) => {
      created.push(`${vendor} ${result}`);
      return { vendor, result };
    }),
  );
  expect(find('a')('ok')).toBe(find('a')('ok'));
  expect(find('b')('ok')).not.toBe(find('a')('ok'));
  expect(created).toEqual(['a ok', 'b ok']);
});
