/** Lists over HTTP, with and without the fast path: requests to the vendors, their number, and the result. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UpstreamCallBudget, LightAbortController, forRequest } from '../../../datasources/index.ts';
import type { WriteReport } from '../../../datasources/writes/report.ts';
import type { FaultPlan } from '../../../sandbox/faults.ts';
import type { SampleList } from '../../../sandbox/simulation.ts';
import { LISTING_SOURCES, samplesOf } from '../../support/samples.ts';
import { startTestServer, type TestServer } from '../../support/sandbox.ts';

// ---------------------------------------------------------------- vendors with given lists

type Entry = Readonly<Record<string, unknown>> | null;

const DAY = Date.UTC(2026, 0, 1);

/** The n-th newest entry. Entries are an hour apart, at the same times for all vendors. */
function entryOf(key: string, n: number): Entry {
  return listOf(key).entry(n, new Date(DAY - n * 3_600_000).toISOString());
}

function listOf(key: string): SampleList {
  return samplesOf(key).samples.list!;
}

/** Serves these entries as the vendor's list, paged as requested, with at most `cap` entries per page. */
function listing(
  key: string,
  entries: readonly Entry[],
  totalOf: (sent: number) => number | null,
  cap = Infinity,
): FaultPlan {
  const list = listOf(key);
  return ({ method, path, query }) => {
    if (method !== 'GET' || path !== list.path) return undefined;
    const limit = Number(query.get(list.limit));
    const start = Number(query.get(list.offset) ?? 0);
    const offset = list.isByPage ? (start - 1) * limit : start;
    const sent = entries.slice(offset, offset + Math.min(cap, limit));
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(list.page(sent, totalOf(sent.length)));
    return { kind: 'answer', applied: false, reply: { status: 200, headers, body } };
  };
}

const LISTING_KEYS = LISTING_SOURCES.map(({ key }) => key);

function entriesOf(key: string, count: number): Entry[] {
  return Array.from({ length: count }, (_, n) => entryOf(key, n));
}

interface Page {
  readonly ids: readonly string[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
  readonly sources: readonly { vendor: string; totalCount: number | null; problem: Problem | null }[];
  readonly errors?: readonly { extensions?: Record<string, unknown> }[] | undefined;
}

interface Problem {
  readonly code: string;
  readonly retryable: boolean;
  readonly message: string;
}

const QUERY = `query ($first: Int, $after: String, $filter: TicketFilter, $patienceMs: Int) {
  tickets(first: $first, after: $after, filter: $filter, patienceMs: $patienceMs) {
    nodes { ... on TicketFields { id } }
    pageInfo { hasNextPage endCursor }
    sources { vendor totalCount problem { code retryable message } }
  } }`;

async function read(server: TestServer, variables: Readonly<Record<string, unknown>>, headers = {}): Promise<Page> {
  const { data, errors } = await server.ask(QUERY, variables, { headers });
  const { nodes = [], pageInfo = { hasNextPage: false, endCursor: null }, sources = [] } = data?.tickets ?? {};
  return { ids: (nodes as { id: string }[]).map(({ id }) => id), ...pageInfo, sources, errors };
}

async function walk(server: TestServer, variables: Readonly<Record<string, unknown>>): Promise<Page[]> {
  const pages: Page[] = [];
  for (let after: string | null = null; pages.length < 200;) {
    const page: Page = await read(server, { ...variables, after });
    expect(page.errors).toBeUndefined();
    pages.push(page);
    if (!page.hasNextPage) return pages;
    after = page.endCursor;
  }
  throw new Error('The walk does not end.');
}

const idsOf = (pages: readonly Page[]): string[] => pages.flatMap(({ ids }) => ids);

// ---------------------------------------------------------------- filters

describe('search without vendor support', () => {
  it('a search without vendor support fetches full pages and finds every match over several cursors', async () => {
    const server = await startTestServer({ keys: ['akana'] });
    const entries = entriesOf('akana', 2_000);
    entries[1_990] = { ...entries[1_990], Title: 'The one' };
    server.vendor('akana').faults = listing('akana', entries, () => null);
    const pages = await walk(server, { first: 1, filter: { search: 'the one' }, patienceMs: 0 });
    expect(idsOf(pages)).toEqual(['akana:ticket1990.acmepaymentscorp']);
    expect(pages[0]!.sources[0]!.problem).toMatchObject({ code: 'UNSUPPORTED' });
    const calls = server.calls('akana');
    expect(calls.length).toBeLessThanOrEqual(24);
    expect(calls[0]!.arrival.query.get('count')).toBe('100');
  });

  it('a search without vendor support returns a cursor before the request times out', async () => {
    const server = await startTestServer({ keys: ['akana'], environment: { REQUEST_TIMEOUT_MS: '1500' } });
    const list = listing('akana', entriesOf('akana', 400), () => null);
    let isSlow = true;
    server.vendor('akana').faults = (arrival) => {
      const answer = list(arrival);
      if (!answer || !isSlow) return answer;
      // The second call leaves too little time for a third.
      return arrival.query.get('start') === null ? answer : { kind: 'delay', delayMs: 900 };
    };
    const first = await read(server, { first: 1, patienceMs: 0, filter: { search: 'no such text' } });
    expect(first).toMatchObject({ ids: [], hasNextPage: true });
    expect(first.sources[0]!.problem).toMatchObject({ code: 'VENDOR_TIMEOUT', retryable: true });
    expect(first.errors).toBeUndefined();
    isSlow = false;
    const rest = await read(server, { first: 1, after: first.endCursor, filter: { search: 'no such text' } });
    expect(rest).toMatchObject({ ids: [], hasNextPage: false, sources: [{ problem: null }] });
  });
});

// ---------------------------------------------------------------- totals and rows

describe('totals and rows', () => {
  it.each(LISTING_KEYS.flatMap((key) => ['page', 0, -1, null].map((total) => [key, total] as const)))(
    'the list of %s is read to its end if the total is %s, and that total is not shown',
    async (key, total) => {
      const server = await startTestServer({ keys: [key] });
      const totalOf = (sent: number): number | null => (total === 'page' ? sent : (total as number | null));
      server.vendor(key).faults = listing(key, entriesOf(key, 40), totalOf);
      const pages = await walk(server, { first: 7, filter: { sources: [key] } });
      expect(idsOf(pages)).toHaveLength(40);
      expect(new Set(idsOf(pages)).size).toBe(40);
      for (const { sources } of pages) expect(sources).toMatchObject([{ totalCount: null, problem: null }]);
    },
  );

  it.each(LISTING_KEYS)('the list of %s shows every readable ticket around an unreadable one', async (key) => {
    const server = await startTestServer({ keys: [key] });
    const entries = entriesOf(key, 40).map((entry, n) => (n === 5 || n === 20 ? null : entry));
    server.vendor(key).faults = listing(key, entries, () => 40);
    for (const first of [1, 7, 50]) {
      const pages = await walk(server, { first, filter: { sources: [key] } });
      expect(new Set(idsOf(pages)).size).toBe(38);
      expect(idsOf(pages)).toHaveLength(38);
    }
  });

  it.each(LISTING_KEYS)('the list of %s is a problem, not an empty list, if no row is readable', async (key) => {
    const server = await startTestServer({ keys: [key] });
    server.vendor(key).faults = listing(key, Array<Entry>(40).fill({ nonsense: 1 }), () => 40);
    for (const first of [1, 25]) {
      const page = await read(server, { first, filter: { sources: [key] } });
      expect(page).toMatchObject({ ids: [], sources: [{ totalCount: null, problem: { code: 'VENDOR_PROTOCOL' } }] });
    }
  });

  it('a cursor that was issued before cursors had anchors stays valid', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    server.vendor('omnidesk').faults = listing('omnidesk', entriesOf('omnidesk', 30), () => 30);
    const scope = { categories: null, search: null, reference: null, vendors: ['omnidesk'] };
    const f = createHash('sha256').update(JSON.stringify(scope)).digest('base64url').slice(0, 12);
    const p = { omnidesk: [10, 'omnidesk:10', new Date(DAY - 9 * 3_600_000).toISOString()] };
    const after = Buffer.from(JSON.stringify({ v: 1, f, p })).toString('base64url');
    const page = await read(server, { first: 3, after });
    expect(page.ids).toEqual(['omnidesk:11', 'omnidesk:12', 'omnidesk:13']);
  });
});

// ---------------------------------------------------------------- rights and settings

describe('lists without a readable source', () => {
  function keysFile(scopes: string): Record<string, string> {
    const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-keys-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'keys');
    writeFileSync(file, `one ${createHash('sha256').update('secret').digest('hex')} ${scopes}\n`);
    return { AUTH_API_KEYS_FILE: file };
  }

  it('a list is FORBIDDEN if the caller may read none of its sources, and returned if the caller may read one', async () => {
    const server = await startTestServer({
      keys: ['akana', 'omnidesk'],
      environment: keysFile('omnidesk/ticket:read'),
    });
    const headers = { 'x-api-key': 'secret' };
    // Twice: the second request finds the document in the cache and takes the fast path.
    for (let round = 0; round < 2; round += 1) {
      const denied = await read(server, { filter: { vendors: ['AKANA'] } }, headers);
      expect(denied.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN', vendor: 'AKANA' } }]);
      const { errors, sources } = await read(server, { first: 1 }, headers);
      expect(errors).toBeUndefined();
      expect(sources).toMatchObject([
        { vendor: 'AKANA', problem: { code: 'FORBIDDEN' } },
        { vendor: 'OMNIDESK', problem: null },
      ]);
    }
    expect(server.calls('akana')).toEqual([]);
  });

  it('a list is VENDOR_NOT_CONFIGURED if none of its vendors is configured', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    for (let round = 0; round < 2; round += 1) {
      const page = await read(server, { filter: { vendors: ['HUAWEI', 'AKANA'] } });
      expect(page.errors).toMatchObject([{ extensions: { code: 'VENDOR_NOT_CONFIGURED' } }]);
      const some = await read(server, { first: 1, filter: { vendors: ['HUAWEI', 'OMNIDESK'] } });
      expect(some).toMatchObject({ ids: { length: 1 }, errors: undefined });
    }
  });
});

// ---------------------------------------------------------------- slow sources

describe('slow sources', () => {
  it('a slow source is omitted from the page, reported in sources, and awaited on the next page', async () => {
    const server = await startTestServer({ keys: ['omnidesk', 'huawei'] });
    const answer = Promise.withResolvers<undefined>();
    server.vendor('huawei').faults = ({ path }) =>
      path === listOf('huawei').path ? { kind: 'hold', until: answer.promise } : undefined;
    const first = await read(server, { first: 5, patienceMs: 100 });
    expect(first.ids.every((id) => id.startsWith('omnidesk:'))).toBe(true);
    expect(first).toMatchObject({ ids: { length: 5 }, hasNextPage: true });
    expect(first.sources).toMatchObject([
      { vendor: 'OMNIDESK', problem: null },
      { vendor: 'HUAWEI', problem: { code: 'VENDOR_TIMEOUT', retryable: true } },
    ]);
    const next = read(server, { first: 200, patienceMs: 100, after: first.endCursor });
    await expect.poll(() => server.calls('huawei').length).toBeGreaterThan(1);
    // Longer than patienceMs: this page waits for the late source anyway.
    await new Promise((resolve) => setTimeout(resolve, 300));
    answer.resolve(undefined);
    const second = await next;
    expect(second.sources).toMatchObject([{ problem: null }, { problem: null }]);
    const rest = second.hasNextPage ? await walkFrom(server, second.endCursor) : [];
    const all = [...first.ids, ...second.ids, ...rest];
    const held = ['omnidesk', 'huawei'].flatMap((key) =>
      server
        .vendor(key)
        .vendor.ticketIds()
        .map((id) => `${key}:${id}`),
    );
    expect(all.toSorted()).toEqual(held.toSorted());
  });

  it('a slow source does not use up the time of the others: a source that needs a second call still makes it', async () => {
    const server = await startTestServer({ keys: ['omnidesk', 'huawei', 'akana'] });
    const answer = Promise.withResolvers<undefined>();
    server.vendor('huawei').faults = ({ path }) =>
      path === listOf('huawei').path ? { kind: 'hold', until: answer.promise } : undefined;
    server.vendor('omnidesk').faults = listing('omnidesk', entriesOf('omnidesk', 40), () => 40);
    // Without a total, only a second call shows that there are no more than three.
    server.vendor('akana').faults = listing('akana', entriesOf('akana', 3), () => null);
    const page = await read(server, { first: 20, patienceMs: 1_000 });
    answer.resolve(undefined);
    expect(page).toMatchObject({ ids: { length: 20 }, hasNextPage: true });
    expect(page.sources).toMatchObject([
      { vendor: 'AKANA', problem: null },
      { vendor: 'OMNIDESK', problem: null },
      { vendor: 'HUAWEI', problem: { code: 'VENDOR_TIMEOUT' } },
    ]);
    expect(server.calls('akana')).toHaveLength(2);
  });

  it('a page on which every source is late is empty, and the next page continues', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const answer = Promise.withResolvers<undefined>();
    server.vendor('omnidesk').faults = () => ({ kind: 'hold', until: answer.promise });
    const first = await read(server, { first: 5, patienceMs: 50 });
    expect(first).toMatchObject({ ids: [], hasNextPage: true, endCursor: expect.any(String) });
    answer.resolve(undefined);
    expect((await read(server, { first: 5, patienceMs: 50, after: first.endCursor })).ids).toHaveLength(5);
  });

  it('patienceMs: 0 waits for a slow source', async () => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    server.vendor('omnidesk').faults = () => ({ kind: 'delay', delayMs: 300 });
    expect(await read(server, { first: 5, patienceMs: 0 })).toMatchObject({ ids: { length: 5 } });
  });

  it('a source that becomes late within its list ends the page there, and no ticket is lost or out of order', async () => {
    const server = await startTestServer({ keys: ['omnidesk', 'akana'] });
    const uncapped = listing('akana', entriesOf('akana', 40), () => null);
    const capped = listing('akana', entriesOf('akana', 40), () => null, 4);
    const answer = Promise.withResolvers<undefined>();
    // Four entries per call, and the second call is late.
    server.vendor('akana').faults = (arrival) =>
      arrival.query.has('start') ? { kind: 'hold', until: answer.promise } : capped(arrival);
    server.vendor('omnidesk').faults = listing('omnidesk', entriesOf('omnidesk', 40), () => 40);
    const first = await read(server, { first: 20, patienceMs: 200 });
    expect(first).toMatchObject({ hasNextPage: true, sources: [{ problem: { code: 'VENDOR_TIMEOUT' } }, {}] });
    expect(first.ids.length).toBeLessThan(20);
    server.vendor('akana').faults = uncapped;
    answer.resolve(undefined);
    const all = [...first.ids, ...(await walkFrom(server, first.endCursor))];
    expect(new Set(all).size).toBe(80);
    const numbers = all.map((id) => Number(/\d+/.exec(id)![0]) - (id.startsWith('omnidesk') ? 1 : 0));
    expect(numbers).toEqual(numbers.toSorted((one, other) => one - other));
  });

  it.each([-1, 600_001])('patienceMs: %i is rejected', async (patienceMs) => {
    const server = await startTestServer({ keys: ['omnidesk'] });
    const { errors } = await read(server, { patienceMs });
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: ['patienceMs'] } }]);
    expect(server.calls('omnidesk')).toEqual([]);
  });

  async function walkFrom(server: TestServer, cursor: string | null): Promise<string[]> {
    const ids: string[] = [];
    for (let after = cursor, more = true; more;) {
      const page = await read(server, { first: 25, after, patienceMs: 0 });
      ids.push(...page.ids);
      [after, more] = [page.endCursor, page.hasNextPage];
    }
    return ids;
  }
});

// ---------------------------------------------------------------- the bound on calls

describe('MAX_UPSTREAM_CALLS', () => {
  const many = (field: string): string =>
    `{ ${Array.from({ length: 30 }, (_, n) => `a${n}: ${field.replace('N', String(n))}`).join(' ')} }`;

  it('MAX_UPSTREAM_CALLS rejects searches that could exceed it before any call, since a search may scan whole lists', async () => {
    const server = await startTestServer({ keys: ['akana'], environment: { MAX_UPSTREAM_CALLS: '30' } });
    server.vendor('akana').faults = listing('akana', entriesOf('akana', 2_000), () => null);
    const { errors } = await server.ask(many('tickets(first: 1, filter: { search: "N no" }) { nodes { __typename } }'));
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COSTLY' } }]);
    expect(server.calls('akana')).toEqual([]);
  });

  it('MAX_UPSTREAM_CALLS rejects the call that would exceed it if a vendor takes more calls than estimated', async () => {
    const server = await startTestServer({ keys: ['akana'], environment: { MAX_UPSTREAM_CALLS: '6' } });
    server.vendor('akana').faults = listing('akana', entriesOf('akana', 100), () => null, 5);
    for (let round = 0; round < 2; round += 1) {
      server.forget();
      const { data, errors } = await server.ask('{ tickets(first: 90) { nodes { __typename } } }');
      expect(data ?? null).toBeNull();
      expect(errors).toMatchObject([{ path: ['tickets'], extensions: { code: 'OPERATION_TOO_COSTLY' } }]);
      expect(server.calls('akana')).toHaveLength(6);
    }
  });

  it('MAX_UPSTREAM_CALLS limits the calls that finding a ticket may take, and counts shared reads once', async () => {
    const id = (n: number): string => `"jifeline:00000000-0000-4000-9000-${String(n).padStart(12, '0')}"`;
    const strict = await startTestServer({ keys: ['jifeline'], environment: { MAX_UPSTREAM_CALLS: '9' } });
    const { errors } = await strict.ask(`{ ticketsById(ids: [${id(1)}, ${id(2)}]) { __typename } }`);
    expect(errors).toMatchObject([{ extensions: { code: 'OPERATION_TOO_COSTLY' } }]);
    expect(strict.calls('jifeline')).toEqual([]);
    const server = await startTestServer({ keys: ['jifeline'], environment: { MAX_UPSTREAM_CALLS: '10' } });
    const query = `{ ticket(id: ${id(1)}) { __typename } node(id: ${id(1)}) { id } }`;
    expect(await server.ask(query)).toEqual({ data: { ticket: null, node: null } });
    expect(server.calls('jifeline')).toHaveLength(5);
  });

  it('MAX_UPSTREAM_CALLS sends no write of a mutation that would exceed it and reports NOT_APPLIED', async () => {
    const server = await startTestServer({ keys: ['omnidesk', 'huawei'] });
    const write = (maxCalls: number): Promise<WriteReport> => {
      const call = {
        signal: new LightAbortController(),
        deadlineAt: Infinity,
        requestKey: {},
        budget: new UpstreamCallBudget(maxCalls),
      };
      const requested = forRequest(server.sources, call, { id: 'one', can: () => true });
      const ticketIds = ['omnidesk:858462', 'huawei:TS-123456'];
      return requested.write('setStatus', { ticketIds, status: 'CLOSED' });
    };
    const rejected = await write(1);
    expect(rejected).toMatchObject({ outcome: 'NOT_APPLIED', failures: [{ kind: 'too-costly' }] });
    for (const key of ['omnidesk', 'huawei']) expect(server.calls(key)).toEqual([]);
    expect(await write(2)).toMatchObject({ failures: [] });
    for (const key of ['omnidesk', 'huawei']) expect(server.vendor(key).effects.length).toBeGreaterThan(0);
  });
});
