/** The servers that the benchmark compares do the same work. What it takes them is not asked here. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { askAll, startField, type Field } from '../bench/field.ts';
import { createTarget, send } from '../bench/load.ts';
import { compare, toSpread } from '../bench/measure.ts';
import { start } from '../bench/processes.ts';
import { readProfiles } from '../bench/profile.ts';
import { drawComparison, drawCurves } from '../bench/report/picture.ts';
import { CONTESTANTS, SERVER_NAMES } from '../bench/servers/index.ts';
import { REFUSED_FROM, VENDORS } from '../bench/tickets.ts';
import { WORKLOADS, WORKLOAD_NAMES, idsOf } from '../bench/workloads.ts';

describe('the servers of the benchmark', () => {
  let field: Field;
  beforeAll(async () => {
    field = await startField(SERVER_NAMES);
  });
  afterAll(() => field.stop());

  test.each(WORKLOAD_NAMES)('answer the same with the same number of upstream calls: %s', async (name) => {
    const [limit, ...others] = await askAll(field, name);
    expect(limit!.calls).toBe(WORKLOADS[name].upstreamCalls);
    expect(others.map(({ server }) => server)).toEqual(SERVER_NAMES.slice(1));
    for (const { server, answer, calls } of others) expect({ server, answer, calls }).toEqual({ ...limit, server });
  });

  test('give whole tickets, of each vendor, in the order of the ids', async () => {
    const answered = await askAll(field, 'many');
    const { ticketsById: tickets } = (answered[0]!.answer as { data: { ticketsById: Record<string, unknown>[] } }).data;
    expect(tickets.map(({ id }) => id)).toEqual(WORKLOADS.many.variables(2)['ids']);
    expect(new Set(tickets.map(({ vendor }) => vendor)).size).toBe(VENDORS.length);
    const missing = tickets.flatMap((ticket) => Object.entries(ticket).filter(([, value]) => value === null));
    // One vendor has no titles.
    expect(new Set(missing.map(([name]) => name))).toEqual(new Set(['title']));
  });

  test('are measured by operations that all go through, each with its own ids', { tags: ['full'] }, async () => {
    const results = await compare(field, ['one'], { rounds: 1, warmUp: 0 });
    expect(results.map(({ server }) => server)).toEqual(SERVER_NAMES);
    for (const { upstreamCalls, cpuMicros, memoryBytes } of results) {
      expect(upstreamCalls).toBe(1);
      expect(cpuMicros.median).toBeGreaterThan(0);
      expect(memoryBytes).toBeGreaterThan(0);
    }
  });

  test('stop the benchmark where an operation fails', { tags: ['full'] }, async () => {
    const { process } = field.entrants.find(({ name }) => name === 'ticketgraph')!;
    const target = createTarget(process.url, CONTESTANTS.ticketgraph);
    onTestFinished(() => target.close());
    const refused = { ...WORKLOADS.many, variables: (n: number) => ({ ids: idsOf(n, 5, 5, REFUSED_FROM) }) };
    const load = { operations: 1, concurrency: 1, from: 0 };
    await expect(send(target, refused, load)).rejects.toThrow('VENDOR_FORBIDDEN');
    await send(target, refused, { ...load, allowsErrors: true });
    const { errors } = JSON.parse(await target.ask(refused, 1)) as { errors: unknown[] };
    expect(errors).toHaveLength(5);
  });
});

test('a spread has the middle of its values, and both ends', () => {
  expect(toSpread([3, 1, 2])).toEqual({ median: 2, least: 1, most: 3 });
  expect(toSpread([4, 1, 2, 3])).toEqual({ median: 2.5, least: 1, most: 4 });
});

test('a profile counts the work of Node for the package that asked for it, from a point in time on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-profile-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 0 });
  const nodes = [
    { id: 1, callFrame: frame('(root)', ''), children: [2, 4, 5] },
    { id: 2, callFrame: frame('render', 'file:///app/node_modules/@a/b/index.js'), children: [3] },
    { id: 3, callFrame: frame('write', 'node:net') },
    { id: 4, callFrame: frame('(idle)', '') },
    { id: 5, callFrame: frame('boot', 'file:///app/main.ts') },
  ];
  const profile = { nodes, startTime: 1_000, samples: [5, 2, 3, 4], timeDeltas: [100, 25, 75, 1_000] };
  writeFileSync(join(folder, 'a.cpuprofile'), JSON.stringify(profile));
  expect(readProfiles(folder, 1_101)).toEqual([
    '100.0 %  @a/b',
    '',
    ' 75.0 %  write node:net:1',
    ' 25.0 %  render @a/b/index.js:1',
  ]);
});

test('a process tells what it has used where the system does not', async () => {
  const upstream = await start('bench/upstream.ts', { isMeasured: false, tellsUsage: true });
  onTestFinished(() => upstream.stop());
  expect(await upstream.cpuMicros()).toBeGreaterThan(0);
  expect(await upstream.memoryBytes()).toBeGreaterThan(1_000_000);
});

test('the pictures have a bar for each server and workload, and a line for each curve', () => {
  const spread = { median: 0.5, least: 0.4, most: 0.6 };
  const results = WORKLOAD_NAMES.flatMap((workload) =>
    SERVER_NAMES.map((server) => {
      return { workload, server, ratio: spread, cpuMicros: spread, upstreamCalls: 1, memoryBytes: 1 };
    }),
  );
  const bars = drawComparison(results);
  expect(bars.match(/<rect /g)).toHaveLength(WORKLOAD_NAMES.length * (SERVER_NAMES.length - 1));
  const points = [1, 10, 100].map((x) => ({ x, value: spread }));
  const lines = drawCurves([{ title: 'Cost', curves: [{ title: 'of one', points }], isLogarithmic: true }]);
  expect(lines.match(/<polyline /g)).toHaveLength(1);
  expect(`${bars}${lines}`).not.toMatch(/NaN|undefined|Infinity/);
});

test('the page of the docs has a place for each part of the results', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/benchmarks.md'), 'utf8');
  for (const part of ['machine', 'comparison', 'growth', 'beginnings', 'memory']) {
    const [from, to] = [page.indexOf(`<!-- ${part} -->`), page.indexOf(`<!-- end of ${part} -->`)];
    expect(from).toBeGreaterThan(0);
    expect(to).toBeGreaterThan(from);
  }
});
