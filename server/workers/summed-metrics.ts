/**
 * The metrics of all workers as one: counters, histograms and memory are added up, other gauges by their aggregator.
 *
 * The counters of workers that have ended stay in the sum. Otherwise it would drop, which Prometheus takes for a restart:
 * https://prometheus.io/docs/prometheus/latest/querying/functions/#rate
 */
import { AggregatorRegistry } from 'prom-client';
import type { MetricValues, MetricsText } from '../telemetry/index.ts';

export interface SummedMetrics {
  /** @param index of the worker's place. */
  set(index: number, values: MetricValues): void;
  /** To be called when the worker has ended. Counts since its last `set` are lost. */
  retire(index: number): void;
  toText(): Promise<MetricsText>;
}

const CUMULATIVE: ReadonlySet<unknown> = new Set(['counter', 'histogram']);

export function createSummedMetrics(): SummedMetrics {
  const current = new Map<number, MetricValues>();
  let retired: Promise<MetricValues> = Promise.resolve([]);
  return {
    set: (index, values) => void current.set(index, values),
    retire(index) {
      const last = (current.get(index) ?? []).filter(({ type }) => CUMULATIVE.has(type));
      current.delete(index);
      retired = retired.then((earlier) => AggregatorRegistry.aggregate([earlier, last]).getMetricsAsJSON());
    },
    async toText() {
      const sum = AggregatorRegistry.aggregate([...current.values(), await retired]);
      return { contentType: sum.contentType, text: await sum.metrics() };
    },
  };
}
