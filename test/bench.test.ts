/**
 * The servers that the benchmark compares do the same work.
 *
 * @module-tag full
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { queryAll, startServers, type ServerGroup } from '../bench/server-group.ts';
import { createTarget, sendAll } from '../bench/load.ts';
import { compare, toSpread } from '../bench/measure.ts';
import { start } from '../bench/processes.ts';
import { readProfiles } from '../bench/profile.ts';
import { drawComparison, drawCurves } from '../bench/report/picture.ts';
import { SERVERS, SERVER_NAMES } from '../bench/servers/index.ts';
import { FORBIDDEN_FROM, VENDORS } from '../bench/tickets.ts';
import { WORKLOADS, WORKLOAD_NAMES, ticketIds } from '../bench/workloads.ts';

describe('the servers of the benchmark', () => {
  let group: ServerGroup;
  beforeAll(async () => {
    group = await startServers(SERVER_NAMES);
  });
  afterAll(() => group.stop());

  test.each(WORKLOAD_NAMES)(
    'all servers return the same response with the same number of upstream calls: %s',
    async (name) => {
      const [limit, ...others] = await queryAll(group, name);
      expect(limit!.calls).toBe(WORKLOADS[name].upstreamCalls);
      expect(others.map(({ server }) => server)).toEqual(SERVER_NAMES.slice(1));
      for (const { server, response, calls } of others)
        expect({ server, response, calls }).toEqual({ ...limit, server });
    },
  );

  test('the servers return complete tickets of each vendor in the order of the ids', async () => {
    const answered = await queryAll(group, 'many');
    const { ticketsById: tickets } = (answered[0]!.response as { data: { ticketsById: Record<string, unknown>[] } })
      .data;
    expect(tickets.map(({ id }) => id)).toEqual(WORKLOADS.many.variables(2)['ids']);
    expect(new Set(tickets.map(({ vendor }) => vendor)).size).toBe(VENDORS.length);
    const missing = tickets.flatMap((ticket) => Object.entries(ticket).filter(([, value]) => value === null));
    // One vendor has no titles.
    expect(new Set(missing.map(([name]) => name))).toEqual(new Set(['title']));
  });

  test('measured operations all succeed, each with its own ids', { tags: ['full'] }, async () => {
    const results = await compare(group, ['one'], { rounds: 1, warmUp: 0 });
    expect(results.map(({ server }) => server)).toEqual(SERVER_NAMES);
    for (const { upstreamCalls, cpuMicros, memoryBytes } of results) {
      expect(upstreamCalls).toBe(1);
      expect(cpuMicros.median).toBeGreaterThan(0);
      expect(memoryBytes).toBeGreaterThan(0);
    }
  });

  test('a failed operation stops the benchmark', { tags: ['full'] }, async () => {
    const { process } = group.servers.find(({ name }) => name === 'ticketgraph')!;
    const target = createTarget(process.url, SERVERS.ticketgraph);
    onTestFinished(() => target.close());
    const rejected = { ...WORKLOADS.many, variables: (n: number) => ({ ids: ticketIds(n, 5, 5, FORBIDDEN_FROM) }) };
    const load = { operations: 1, concurrency: 1, from: 0 };
    await expect(sendAll(target, rejected, load)).rejects.toThrow('VENDOR_FORBIDDEN');
    await sendAll(target, rejected, { ...load, allowErrors: true });
    const { errors } = JSON.parse(await target.send(rejected, 1)) as { errors: unknown[] };
    expect(errors).toHaveLength(5);
  });
});

test('a spread has median, minimum and maximum', () => {
  expect(toSpread([3, 1, 2])).toEqual({ median: 2, minimum: 1, maximum: 3 });
  expect(toSpread([4, 1, 2, 3])).toEqual({ median: 2.5, minimum: 1, maximum: 4 });
});

test('a profile attributes time in Node to the calling package, from a given time on', () => {
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

test('a process reports its own usage on systems without /proc', async () => {
  const upstream = await start('bench/upstream.ts', { isMeasured: false, reportsUsage: true });
  onTestFinished(() => upstream.stop());
  expect(await upstream.cpuMicros()).toBeGreaterThan(0);
  expect(await upstream.memoryBytes()).toBeGreaterThan(1_000_000);
});

test('pictures have a bar per server and workload, and a line per curve', () => {
  const spread = { median: 0.5, minimum: 0.4, maximum: 0.6 };
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

test('docs/benchmarks.md has markers for each part of the results', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/benchmarks.md'), 'utf8');
  for (const part of ['machine', 'comparison', 'growth', 'startup', 'memory']) {
    const [from, to] = [page.indexOf(`<!-- ${part} -->`), page.indexOf(`<!-- end of ${part} -->`)];
    expect(from).toBeGreaterThan(0);
    expect(to).toBeGreaterThan(from);
  }
});
