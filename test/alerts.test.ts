/** Dashboard, alerts and runbook: valid, about metrics and labels that exist, and leading to each other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createTicketgraph } from '../client/index.ts';
import { startSandbox } from '../sandbox/index.ts';
import { SOLVE, startBulk } from './support/bulk.ts';
import { startEndpoint } from './support/endpoint.ts';
import { until } from './support/until.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly type: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

const { groups } = parse(read('deploy/prometheus/alerts.yaml')) as { groups: { name: string; rules: Alert[] }[] };
const ALERTS = groups.flatMap(({ rules }) => rules);
const { panels: PANELS, templating: TEMPLATING } = JSON.parse(read('deploy/grafana/dashboard.json')) as Dashboard;
const TARGETS = PANELS.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));

/** An expression, taken apart. */
interface Query {
  /** What the grammar cannot make sense of. */
  readonly errors: readonly string[];
  readonly selectors: readonly { readonly metric: string; readonly labels: readonly string[] }[];
  /** Labels of `by (…)`. */
  readonly groupings: readonly string[];
}

/** Reads an expression with the grammar of Prometheus's own editor, after Grafana's variables are replaced. */
function readQuery(expression: string): Query {
  const text = expression.replaceAll('$__rate_interval', '5m');
  const errors: string[] = [];
  const selectors: { metric: string; labels: string[] }[] = [];
  const groupings: string[] = [];
  parser.parse(text).iterate({
    enter({ type, name, from, to, node }) {
      const source = text.slice(from, to);
      if (type.isError) errors.push(`at ${from}: ${text.slice(from, from + 20)}`);
      if (name === 'Identifier') selectors.push({ metric: source, labels: [] });
      if (name !== 'LabelName') return;
      if (node.parent?.name === 'GroupingLabels') groupings.push(source);
      else selectors.at(-1)?.labels.push(source);
    },
  });
  return { errors, selectors, groupings };
}

async function scrape({ url }: { readonly url: string }): Promise<string> {
  return (await fetch(new URL('/metrics', url))).text();
}

/** The labels of each metric of a server on which everything has happened that is counted. */
async function scrapeLabels(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const sandbox = await startSandbox(['omnidesk']);
  const server = await startEndpoint({
    ...sandbox.settings,
    OMNIDESK_CACHE_MS: '60000',
    RATE_LIMIT_PER_SECOND: '1',
    RATE_LIMIT_BURST: '20',
  });
  const readOne = '{ ticket(id: "omnidesk:858462") { ... on TicketFields { status { category } } } }';
  await Promise.all([server.ask(readOne), server.ask(readOne)]);
  await server.ask(readOne);
  // Some of its tickets have a status that is not known.
  await server.ask('{ tickets(first: 50) { nodes { ... on TicketFields { status { category } } } } }');
  const write = (key: string, status = 'SOLVED') => `mutation { setStatus(input: {
    ticketIds: ["omnidesk:858462"], status: ${status}, idempotencyKey: "${key}" }) { outcome } }`;
  // A bulk job that is paused by a rate limit at first.
  let limited = 0;
  sandbox.vendors[0]!.faults = ({ method }) =>
    method === 'POST' && limited++ === 0
      ? { kind: 'answer', reply: { status: 429, headers: { 'retry-after': '0' }, body: '{}' }, applied: false }
      : undefined;
  await startBulk(server, { work: SOLVE, tickets: { ids: ['omnidesk:858462'] } });
  await until(async () => expect(await scrape(server)).toContain('ticketgraph_bulk_jobs_ended_total{'));
  sandbox.vendors[0]!.faults = undefined;
  // A stream that gets a change and is left.
  const changes = createTicketgraph({ url: server.url }).watch({ ids: ['omnidesk:858462'] });
  await changes.next();
  await server.ask(write('two', 'OPEN'));
  await changes.next();
  await changes.return!();
  await server.ask(write('one'));
  await server.ask(write('one'));
  sandbox.vendors[0]!.faults = () => ({ kind: 'reset', applied: false });
  await server.ask(readOne);
  // More than the caller may send.
  for (let more = 0; more < 20; more += 1) await server.ask('{ __typename }');
  const text = await until(async () => {
    const scraped = await scrape(server);
    expect(scraped).toContain('ticketgraph_streams_ended_total{');
    return scraped;
  });
  await server.close();
  await sandbox.close();
  const labels = new Map<string, Set<string>>();
  for (const [, name] of text.matchAll(/^# TYPE (\S+) /gm)) labels.set(name!, new Set());
  for (const [, name, list = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
    const names = [...list.matchAll(/(\w+)="/g)].map(([, label]) => label!);
    labels.set(name!, new Set([...(labels.get(name!) ?? []), ...names]));
  }
  return labels;
}

/** Added by Prometheus. */
const OF_TARGETS = ['job', 'instance'];

let labelsOf: ReadonlyMap<string, ReadonlySet<string>>;
beforeAll(async () => {
  labelsOf = await scrapeLabels();
});

const EXPRESSIONS = [
  ...ALERTS.map(({ alert, expr }) => [alert, expr] as const),
  ...TARGETS.map(({ title, legendFormat, expr }) => [`${title} ${legendFormat}`, expr] as const),
];

describe('expressions', () => {
  test('an invalid expression is found', () => {
    expect(readQuery('sum by (a (b').errors).not.toEqual([]);
    expect(readQuery('sum(rate(x[5m])').errors).not.toEqual([]);
    expect(readQuery('max by (source) (x{state="open"}) == 1')).toEqual({
      errors: [],
      selectors: [{ metric: 'x', labels: ['state'] }],
      groupings: ['source'],
    });
  });

  test.each(EXPRESSIONS)('%s is a valid expression over metrics and labels that exist', (_, expression) => {
    const { errors, selectors, groupings } = readQuery(expression);
    expect(errors).toEqual([]);
    expect(selectors.length).toBeGreaterThan(0);
    expect(selectors.map(({ metric }) => metric).filter((metric) => !labelsOf.has(metric))).toEqual([]);
    const known = (metric: string) => [...OF_TARGETS, ...labelsOf.get(metric)!];
    const absent = selectors.flatMap(({ metric, labels }) =>
      labels.filter((label) => !known(metric).includes(label)).map((label) => `${metric} ${label}`),
    );
    expect(absent).toEqual([]);
    const all = selectors.flatMap(({ metric }) => known(metric));
    expect(groupings.filter((label) => !all.includes(label))).toEqual([]);
  });

  test('every metric of ticketgraph is on the dashboard', () => {
    const shown = new Set(TARGETS.flatMap(({ expr }) => readQuery(expr).selectors.map(({ metric }) => metric)));
    const families = new Set([...labelsOf.keys()].map((name) => name.replace(/_(bucket|sum|count)$/, '')));
    const own = [...families].filter((name) => name.startsWith('ticketgraph_'));
    expect(own.length).toBeGreaterThan(15);
    expect(own.filter((name) => ![name, `${name}_bucket`].some((one) => shown.has(one)))).toEqual([]);
  });

  test('metrics follow the naming conventions of Prometheus, and have the source beside the vendor', () => {
    // https://prometheus.io/docs/practices/naming/: base units, and _total for counters.
    const names = [...labelsOf.keys()].filter((name) => name.startsWith('ticketgraph_'));
    expect(names.filter((name) => /milli|_ms(_|$)|minutes|_kb|_mb/i.test(name))).toEqual([]);
    const labelled = names.filter((name) => labelsOf.get(name)!.has('vendor'));
    expect(labelled.length).toBeGreaterThan(8);
    // Words are those of the vendor, whichever of its installations sends them.
    const withoutSource = labelled.filter((name) => !labelsOf.get(name)!.has('source'));
    expect(withoutSource).toEqual(['ticketgraph_unknown_words_total']);
  });
});

describe('alerts', () => {
  test.each(ALERTS)('the alert $alert is complete', ({ alert, annotations, labels, ...rule }) => {
    expect(Object.keys(rule).filter((key) => !['expr', 'for'].includes(key))).toEqual([]);
    expect(alert).toMatch(/^Ticketgraph[A-Za-z]+$/);
    expect(rule.for ?? '1m').toMatch(/^\d+[mh]$/);
    expect(['critical', 'warning', 'info']).toContain(labels['severity']);
    expect(Object.keys(annotations).toSorted()).toEqual(['description', 'runbook_url', 'summary']);
    expect(annotations['runbook_url']).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
  });

  test.each(ALERTS)('the texts of $alert use labels that its expression keeps', ({ expr, annotations }) => {
    const { groupings, selectors } = readQuery(expr);
    const kept = groupings.length > 0 ? groupings : [...OF_TARGETS, ...labelsOf.get(selectors[0]!.metric)!];
    const used = [
      ...Object.values(annotations)
        .join('')
        .matchAll(/\$labels\.(\w+)/g),
    ].map(([, label]) => label!);
    expect(used.filter((label) => !kept.includes(label))).toEqual([]);
  });

  test('the names of alerts are unique', () => {
    const names = ALERTS.map(({ alert }) => alert);
    expect(names.length).toBeGreaterThan(12);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the runbook', () => {
  const sections = read('docs/runbook.md').split(/^## /m).slice(1);
  const titleOf = (section: string): string => section.split('\n')[0]!;

  test('the runbook has a section for each alert, in the same order, and no other', () => {
    expect(sections.map(titleOf)).toEqual(ALERTS.map(({ alert }) => alert));
  });

  test.each(sections.map((section) => [titleOf(section), section] as const))(
    'the section %s says what the alert means, what to look at and what to do',
    (_, section) => {
      const parts = [...section.matchAll(/^\*\*(.+?):\*\* (.+)$/gm)];
      expect(parts.map(([, part]) => part)).toEqual(['Means', 'Look at', 'Do']);
      for (const [, part, text] of parts) expect(text!.length, part).toBeGreaterThan(40);
    },
  );

  test('panels that the runbook names are on the dashboard', () => {
    const titles = new Set(PANELS.map(({ title }) => title));
    const named = [...sections.join('\n').matchAll(/(?<!\*)\*([A-Z][^*]+)\*(?!\*)/g)].map(([, title]) => title!);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((title) => !titles.has(title))).toEqual([]);
  });
});

describe('the dashboard', () => {
  test('panels have unique ids, say what they show, and do not overlap', () => {
    expect(new Set(PANELS.map(({ id }) => id)).size).toBe(PANELS.length);
    const shown = PANELS.filter(({ type }) => type !== 'row');
    expect(shown.filter(({ description = '' }) => description === '').map(({ title }) => title)).toEqual([]);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of PANELS) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.get(`${x},${y}`), title).toBeUndefined();
          taken.set(`${x},${y}`, title);
        }
      }
    }
  });

  test('legends name labels that the expression keeps', () => {
    const lost = TARGETS.flatMap(({ title, expr, legendFormat }) => {
      const { groupings } = readQuery(expr);
      const kept = groupings.length > 0 ? groupings : OF_TARGETS;
      const used = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
      return used.filter((label) => !kept.includes(label)).map((label) => `${title}: ${label}`);
    });
    expect(lost).toEqual([]);
  });

  test('variables read labels that exist, and all variables in expressions are defined', () => {
    const defined = TEMPLATING.list.map(({ name }) => name);
    const used = new Set(TARGETS.flatMap(({ expr }) => [...expr.matchAll(/"\$(\w+)"/g)].map(([, name]) => name!)));
    expect([...used].filter((name) => !defined.includes(name))).toEqual([]);
    expect(used).toContain('source');
    for (const { name, definition } of TEMPLATING.list.filter((variable) => variable.definition !== undefined)) {
      const [, metric, label] = /^label_values\((\w+)(?:\{.*\})?, (\w+)\)$/.exec(definition!)!;
      expect([...OF_TARGETS, ...labelsOf.get(metric!)!], name).toContain(label);
    }
  });
});
