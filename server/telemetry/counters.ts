/**
 * Counters and histograms for what happens in every request. The code that counts keeps the number itself; prom-client's
 * own metrics look it up each time by a text made of its labels (docs/performance.md#counters). The registry prints both.
 */
import type { Metric, Registry } from 'prom-client';

interface Options {
  readonly name: string;
  readonly help: string;
  readonly registry: Registry;
}

type Labels = Readonly<Record<string, string>>;

interface Value {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Defaults to the name of the metric. */
  readonly metricName?: string;
}

/** What prom-client's registry needs of a metric. */
abstract class MetricFamily {
  readonly name: string;
  readonly help: string;
  abstract readonly type: 'counter' | 'histogram';
  /** How prom-client combines the values of several processes. */
  readonly aggregator = 'sum';

  constructor({ name, help, registry }: Options) {
    this.name = name;
    this.help = help;
    registry.registerMetric(this as unknown as Metric);
  }

  async get(): Promise<object> {
    const { name, help, type, aggregator } = this;
    return { name, help, type, aggregator, values: this.read() };
  }

  protected abstract read(): readonly Value[];
}

/** The counter of one combination of labels. */
export class CounterChild {
  value = 0;
}

export class CounterFamily extends MetricFamily {
  readonly type = 'counter';
  readonly #children: { readonly labels: Labels; readonly child: CounterChild }[] = [];

  /** To be called once for each combination of labels, when it first occurs. */
  create(labels: Labels): CounterChild {
    const child = new CounterChild();
    this.#children.push({ labels, child });
    return child;
  }

  protected read(): readonly Value[] {
    return this.#children.map(({ labels, child }) => ({ labels, value: child.value }));
  }
}

/** The histogram of one combination of labels. */
export class HistogramChild {
  readonly #bounds: readonly number[];
  /** By bucket, not cumulative. The last one is for what exceeds all bounds. */
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = [...bounds, Infinity].map(() => 0);
  }

  observe(value: number): void {
    const bounds = this.#bounds;
    let index = 0;
    while (index < bounds.length && value > bounds[index]!) index += 1;
    this.counts[index]! += 1;
    this.sum += value;
  }
}

export class HistogramFamily extends MetricFamily {
  readonly type = 'histogram';
  readonly #bounds: readonly number[];
  readonly #children: { readonly labels: Labels; readonly child: HistogramChild }[] = [];

  /** @param options `bounds` are the upper bounds of the buckets, ascending and without infinity */
  constructor(options: Options & { readonly bounds: readonly number[] }) {
    super(options);
    this.#bounds = options.bounds;
  }

  /** To be called once for each combination of labels, when it first occurs. */
  create(labels: Labels): HistogramChild {
    const child = new HistogramChild(this.#bounds);
    this.#children.push({ labels, child });
    return child;
  }

  protected read(): readonly Value[] {
    return this.#children.flatMap(({ labels, child: { counts, sum } }) => {
      let count = 0;
      const buckets = [...this.#bounds, '+Inf'].map((le, index) => {
        count += counts[index]!;
        return { labels: { le, ...labels }, value: count, metricName: `${this.name}_bucket` };
      });
      return [
        ...buckets,
        { labels, value: sum, metricName: `${this.name}_sum` },
        { labels, value: count, metricName: `${this.name}_count` },
      ];
    });
  }
}

/**
 * Returns a function that creates a value when its label first occurs, and returns the same one from then on. Nest it for
 * several labels.
 */
export function byLabel<Value>(create: (label: string) => Value): (label: string) => Value {
  const values = new Map<string, Value>();
  return (label) => {
    let value = values.get(label);
    if (value === undefined) {
      value = create(label);
      values.set(label, value);
    }
    return value;
  };
}
