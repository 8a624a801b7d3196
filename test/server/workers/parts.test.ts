/** The parts of the primary process: the channel to a worker, the sum of metrics, and when a worker is replaced. */
import { EventEmitter } from 'node:events';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Batch } from '../../../server/workers/batch.ts';
import { openChannel, type Port, type Question } from '../../../server/workers/channel.ts';
import { MAX_RESTARTS, createRestartPolicy } from '../../../server/workers/restart-policy.ts';
import { createSummedMetrics } from '../../../server/workers/summed-metrics.ts';

test('a batch sends together what is added within its time, in order, and nothing twice', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const sent: (readonly number[])[] = [];
  const batch = new Batch<number>(10, (items) => sent.push(items));
  batch.add(1);
  vi.advanceTimersByTime(9);
  batch.add(2);
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(1);
  batch.add(3);
  vi.advanceTimersByTime(60_000);
  expect(sent).toEqual([[1, 2], [3]]);
});

describe('the channel', () => {
  /** Two ends of a channel. What one sends, the other receives in a later tick. */
  function createPorts(): [EventEmitter & Port, EventEmitter & Port] {
    const [one, other] = [new EventEmitter(), new EventEmitter()];
    const connect = (from: EventEmitter, to: EventEmitter): EventEmitter & Port => {
      const send: NonNullable<Port['send']> = (message, onSent) =>
        setImmediate(() => {
          onSent(null);
          to.emit('message', structuredClone(message));
        });
      return Object.assign(from, { send });
    };
    return [connect(one, other), connect(other, one)];
  }

  test('each question gets its own answer, in whichever order they come', async () => {
    const [one, other] = createPorts();
    const slow = Promise.withResolvers<string>();
    openChannel(other, ({ kind }) => (kind === 'join' ? slow.promise : `the answer to ${kind}`));
    const channel = openChannel(one, () => undefined);
    const joined = channel.ask({ kind: 'join' });
    expect(await channel.ask({ kind: 'metrics' })).toBe('the answer to metrics');
    slow.resolve('joined');
    expect(await joined).toBe('joined');
  });

  test('both ends ask and answer', async () => {
    const [one, other] = createPorts();
    const answer = (name: string) => (question: Question) => [name, question];
    const [first, second] = [openChannel(one, answer('one')), openChannel(other, answer('other'))];
    expect(await first.ask({ kind: 'closed' })).toEqual(['other', { kind: 'closed' }]);
    expect(await second.ask({ kind: 'turn' })).toEqual(['one', { kind: 'turn' }]);
  });

  test('a question without an answer resolves to undefined in time, or when the other process ends', async () => {
    const [one, other] = createPorts();
    openChannel(other, () => new Promise(() => undefined));
    const channel = openChannel(one, () => undefined);
    expect(await channel.ask({ kind: 'metrics' }, 1)).toBeUndefined();
    const asked = channel.ask({ kind: 'metrics' });
    one.emit('disconnect');
    expect(await asked).toBeUndefined();
  });

  test('a question that cannot be sent resolves to undefined', async () => {
    const send: Port['send'] = (_, onSent) => setImmediate(() => onSent(new Error('channel closed')));
    const channel = openChannel(Object.assign(new EventEmitter(), { send }), () => undefined);
    expect(await channel.ask({ kind: 'closed' })).toBeUndefined();
  });

  test('messages of others are ignored', () => {
    const [one] = createPorts();
    const answer = vi.fn();
    openChannel(one, answer);
    for (const message of [null, 'text', 7, { 'watch:import': ['file'] }]) one.emit('message', message);
    expect(answer).not.toHaveBeenCalled();
  });
});

describe('summed metrics', () => {
  function createWorker(count: number, seconds: number, memory: number, isOpen: boolean): Registry {
    const registry = new Registry();
    const registers = [registry];
    new Counter({ name: 'requests_total', help: 'r', labelNames: ['type'], registers }).inc({ type: 'query' }, count);
    new Histogram({ name: 'seconds', help: 's', buckets: [1, 2], registers }).observe(seconds);
    new Gauge({ name: 'memory_bytes', help: 'm', registers }).set(memory);
    new Gauge({ name: 'is_open', help: 'o', registers, aggregator: 'max' }).set(isOpen ? 1 : 0);
    return registry;
  }

  const linesOf = (text: string): string[] => text.split('\n').filter((line) => line && !line.startsWith('#'));

  test('counters, histograms and gauges are added up, or by their aggregator', async () => {
    const metrics = createSummedMetrics();
    metrics.set(0, await createWorker(3, 0.5, 100, false).getMetricsAsJSON());
    metrics.set(1, await createWorker(4, 1.5, 50, true).getMetricsAsJSON());
    const { text, contentType } = await metrics.toText();
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(linesOf(text)).toEqual([
      'requests_total{type="query"} 7',
      'seconds_bucket{le="1"} 1',
      'seconds_bucket{le="2"} 2',
      'seconds_bucket{le="+Inf"} 2',
      'seconds_sum 2',
      'seconds_count 2',
      'memory_bytes 150',
      'is_open 1',
    ]);
  });

  test('a worker that has ended counts for counters and histograms, but no longer for gauges', async () => {
    const metrics = createSummedMetrics();
    metrics.set(0, await createWorker(3, 0.5, 100, true).getMetricsAsJSON());
    metrics.set(1, await createWorker(4, 1.5, 50, false).getMetricsAsJSON());
    metrics.retire(0);
    // Its successor.
    metrics.set(0, await createWorker(1, 0.5, 10, false).getMetricsAsJSON());
    metrics.retire(0);
    metrics.retire(0);
    const lines = linesOf((await metrics.toText()).text);
    expect(lines).toContain('requests_total{type="query"} 8');
    expect(lines).toContain('seconds_count 3');
    expect(lines).toContain('memory_bytes 50');
    expect(lines).toContain('is_open 0');
  });

  test('a value that is not a number stays one', async () => {
    const metrics = createSummedMetrics();
    metrics.set(0, await createWorker(1, 1, NaN, false).getMetricsAsJSON());
    expect(linesOf((await metrics.toText()).text)).toContain('memory_bytes Nan');
  });
});

describe('the restart policy', () => {
  test('waits longer each time, and gives up when a worker keeps ending', () => {
    const policy = createRestartPolicy(() => 0);
    const delays = Array.from({ length: MAX_RESTARTS + 1 }, () => policy.next());
    expect(delays).toEqual([100, 200, 400, 800, 1600, undefined]);
  });

  test('forgets what was more than a minute ago', () => {
    let now = 0;
    const policy = createRestartPolicy(() => now);
    for (let n = 0; n < MAX_RESTARTS; n += 1) policy.next();
    now = 59_999;
    expect(policy.next()).toBeUndefined();
    now = 60_000;
    expect(policy.next()).toBe(200);
    now = 200_000;
    expect(policy.next()).toBe(100);
  });
});
