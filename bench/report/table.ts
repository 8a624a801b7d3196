/** Renders the results as Markdown tables. */
import type { Growth, Point } from '../growth.ts';
import type { Startup } from '../lifetime.ts';
import type { Result, Spread } from '../measure.ts';
import { SERVERS } from '../servers/index.ts';
import { WORKLOADS } from '../workloads.ts';

export function toComparison(results: readonly Result[]): string {
  const workloads = [...new Set(results.map(({ workload }) => workload))];
  return workloads
    .map((workload) => {
      const rows = results.filter((result) => result.workload === workload).map(toRow);
      return `**${WORKLOADS[workload].title}**\n\n${toTable(COMPARISON_HEAD, rows)}`;
    })
    .join('\n\n');
}

const COMPARISON_HEAD = ['', 'share of limit', 'CPU µs per operation', 'upstream calls', 'memory MB'];

function toRow({ server, ratio, cpuMicros, upstreamCalls, memoryBytes }: Result): string[] {
  return [
    SERVERS[server].title,
    // NaN in a run without `limit`.
    Number.isNaN(ratio.median) ? '' : toText(ratio, (value) => value.toFixed(2)),
    toText(cpuMicros, (value) => String(Math.round(value))),
    String(Number(upstreamCalls.toFixed(2))),
    String(Math.round(memoryBytes / 1_000_000)),
  ];
}

/** How much two processes of the same server differ, per workload. */
export function toNoise(results: readonly Result[]): string {
  const pairs = results.flatMap((result) => {
    const copy = results.find(
      ({ workload, server }) => workload === result.workload && server === `${result.server}-copy`,
    );
    return copy ? [[result, copy] as const] : [];
  });
  const rows = pairs.map(([one, copy]) => {
    const difference = copy.cpuMicros.median / one.cpuMicros.median - 1;
    const medians = [one, copy].map(({ cpuMicros }) => String(Math.round(cpuMicros.median)));
    return [WORKLOADS[one.workload].title, SERVERS[one.server].title, ...medians, `${(difference * 100).toFixed(1)} %`];
  });
  return toTable(['', '', 'CPU µs per operation', 'of the second process', 'difference'], rows);
}

export function toGrowth({ byTickets, byVendors }: Growth): string {
  const whole = (value: number): string => String(Math.round(value));
  const tables = [
    ['tickets in one operation', byTickets],
    ['vendors', byVendors],
  ] as const;
  return tables
    .map(([name, curves]) => {
      const head = [name, ...curves.map(({ title }) => `${title}, CPU µs per ticket`)];
      const rows = curves[0]!.points.map(({ x }, index) => [
        String(x),
        ...curves.map(({ points }) => toText(points[index]!.value, whole)),
      ]);
      return toTable(head, rows);
    })
    .join('\n\n');
}

export function toStartups(startups: readonly Startup[]): string {
  const head = ['', 'ready, ms', 'CPU until ready, ms', 'first request, ms', 'warm request, ms', 'after idling, ms'];
  const rows = startups.map(({ title, readyMs, readyCpuMs, firstMs, warmMs: hotMs, afterIdleMs: restedMs }) => [
    title,
    ...[readyMs, readyCpuMs, firstMs].map((spread) => spread && toText(spread, (value) => String(Math.round(value)))),
    ...[hotMs, restedMs].map((spread) => spread && toText(spread, (value) => value.toFixed(1))),
  ]);
  return toTable(
    head,
    rows.map((row) => row.map((cell) => cell ?? '')),
  );
}

/** Lists ten of the points. */
export function toMemory(points: readonly Point[]): string {
  const every = Math.ceil(points.length / 10);
  const rows = points
    .filter((_, index) => (index + 1) % every === 0)
    .map(({ x, value }) => [x.toLocaleString('en'), String(Math.round(value.median))]);
  return toTable(['operations', 'memory MB'], rows);
}

function toText({ median, minimum: least, maximum: most }: Spread, format: (value: number) => string): string {
  return `${format(median)} (${format(least)}–${format(most)})`;
}

function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
