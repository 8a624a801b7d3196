/** The results as text: a table for people. */
import type { Result, Spread } from './measure.ts';
import { CONTESTANTS } from './servers/index.ts';
import { WORKLOADS } from './workloads.ts';

const HEAD = ['', 'share of limit', 'CPU µs per operation', 'upstream calls', 'memory MB'];

/** A Markdown table for each workload. */
export function toTable(results: readonly Result[]): string {
  const workloads = [...new Set(results.map(({ workload }) => workload))];
  return workloads
    .map((workload) => {
      const rows = results.filter((result) => result.workload === workload).map(toRow);
      return `### ${WORKLOADS[workload].title}\n\n${[HEAD, HEAD.map(() => '---'), ...rows].map(toLine).join('\n')}\n`;
    })
    .join('\n');
}

function toRow({ server, ratio, cpuMicros, upstreamCalls, memoryBytes }: Result): string[] {
  return [
    CONTESTANTS[server].title,
    toText(ratio, (value) => value.toFixed(2)),
    toText(cpuMicros, (value) => String(Math.round(value))),
    String(Number(upstreamCalls.toFixed(2))),
    String(Math.round(memoryBytes / 1_000_000)),
  ];
}

function toText({ median, least, most }: Spread, format: (value: number) => string): string {
  return `${format(median)} (${format(least)}–${format(most)})`;
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
