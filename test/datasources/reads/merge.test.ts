/**
 * Property tests of the merged list: random lists that change between calls, hide rows, contain unreadable rows, and
 * report wrong totals. Each walk ends, returns no ticket twice, and returns every ticket that was present throughout.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestScope, ListFilter, Page, PageRequest, Ticket, Datasource } from '../../../datasources/contract.ts';
import { CALL_LIMIT } from '../../../datasources/reads/list-cursor.ts';
import { listTickets, type ListQuery, type TicketPage } from '../../../datasources/reads/list-tickets.ts';
import type { ListedSource } from '../../../datasources/reads/page-source.ts';

// ---------------------------------------------------------------- a vendor's list

interface Row {
  readonly id: string;
  readonly createdAt: string | null;
  readonly matches: boolean;
  readonly kind: 'ticket' | 'unreadable' | 'hidden';
}

type Total = 'true' | 'null' | 'zero' | 'negative' | 'fraction' | 'page' | 'large';

interface Behaviour {
  readonly rows: number;
  readonly dates: 'distinct' | 'tied' | 'missing' | 'some';
  readonly pageLimit: number;
  /** Most rows per page, even if more are requested. */
  readonly cap: number;
  readonly total: Total;
  readonly ignoresOffset: boolean;
  readonly appliesFilter: boolean;
  readonly declaresUnapplied: boolean;
  /** In percent of the rows, like `hidden` and `matching`. */
  readonly unreadable: number;
  readonly hidden: number;
  readonly matching: number;
  readonly changes: readonly Change[];
  readonly seed: number;
}

/** A change before a call: tickets added on top, or tickets removed at a position in thousandths of the list. */
type Change = { readonly added: number } | { readonly removedAt: number; readonly removed: number } | undefined;

class List {
  readonly key: string;
  readonly calls: PageRequest[] = [];
  readonly behaviour: Behaviour;
  rows: Row[];
  /** Ids of the tickets that were present from the beginning and have not been removed. */
  readonly remained: Set<string>;
  #made = 0;
  #changes: Change[];
  #seed: number;

  constructor(key: string, behaviour: Behaviour) {
    this.key = key;
    this.behaviour = behaviour;
    this.#seed = behaviour.seed;
    this.#changes = [...behaviour.changes];
    this.rows = Array.from({ length: behaviour.rows }, () => this.#make()).toReversed();
    const visible = this.rows.filter(({ kind, matches }) => kind === 'ticket' && matches);
    this.remained = new Set(visible.map(({ id }) => id));
    if (behaviour.ignoresOffset) {
      const reached = this.#visible().slice(0, Math.min(behaviour.cap, behaviour.pageLimit));
      this.remained = new Set(reached.filter(({ kind, matches }) => kind === 'ticket' && matches).map(({ id }) => id));
    }
  }

  #random(max: number): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((this.#seed / 2 ** 32) * max);
  }

  #make(): Row {
    const { dates, unreadable, hidden, matching } = this.behaviour;
    const number = (this.#made += 1);
    const hour = dates === 'tied' ? Math.floor(number / 7) : number;
    const isMissing = dates === 'missing' || (dates === 'some' && this.#random(3) === 0);
    const chance = this.#random(100);
    return {
      id: `${this.key}:${number}`,
      createdAt: isMissing ? null : new Date(Date.UTC(2026, 0, 1) + hour * 3_600_000).toISOString(),
      matches: this.#random(100) < matching,
      kind: chance < unreadable ? 'unreadable' : chance < unreadable + hidden ? 'hidden' : 'ticket',
    };
  }

  #visible(): Row[] {
    return this.behaviour.appliesFilter ? this.rows.filter(({ matches }) => matches) : this.rows;
  }

  applyNextChange(): void {
    const change = this.#changes.shift();
    if (!change) return;
    if ('added' in change) {
      for (let count = 0; count < change.added; count += 1) this.rows.unshift(this.#make());
      return;
    }
    const at = Math.floor((change.removedAt / 1_000) * this.rows.length);
    for (const { id } of this.rows.splice(at, change.removed)) this.remained.delete(id);
  }

  async list(request: PageRequest): Promise<Page> {
    this.calls.push(request);
    expect(request.limit).toBeLessThanOrEqual(this.behaviour.pageLimit);
    await Promise.resolve();
    this.applyNextChange();
    const { offset, limit, filter } = request;
    const { cap, ignoresOffset, appliesFilter } = this.behaviour;
    const all = this.#visible();
    const start = ignoresOffset ? 0 : offset;
    const sent = all.slice(start, start + Math.min(limit, cap)).filter(({ kind }) => kind !== 'hidden');
    const rowIndexes = sent.flatMap(({ kind }, index) => (kind === 'ticket' ? [index] : []));
    const isFiltered = filter.search !== undefined;
    return {
      tickets: rowIndexes.map((index) => toTicket(sent[index]!)),
      rowCount: sent.length,
      rowIndexes: rowIndexes.length === sent.length ? undefined : rowIndexes,
      totalCount: this.#total(all.length, sent.length),
      unapplied: isFiltered && !appliesFilter ? ['search'] : [],
    };
  }

  #total(all: number, sent: number): number | null {
    switch (this.behaviour.total) {
      case 'true':
        return all;
      case 'null':
        return null;
      case 'zero':
        return 0;
      case 'negative':
        return -1;
      case 'fraction':
        return all + 0.5;
      case 'page':
        return sent;
      case 'large':
        return all + 1_000;
    }
  }

  get listed(): ListedSource {
    const { pageLimit, appliesFilter, declaresUnapplied } = this.behaviour;
    const unsupported = (): never => {
      throw new TypeError('This vendor only lists tickets.');
    };
    const datasource: Datasource = {
      find: unsupported,
      actions: unsupported,
      writes: {},
      pageLimit,
      list: (request) => this.list(request),
    };
    const unapplied = ({ search }: ListFilter): readonly 'search'[] =>
      search !== undefined && !appliesFilter ? ['search'] : [];
    return {
      source: {
        key: this.key,
        name: this.key,
        vendor: { isReference: () => false, ...(declaresUnapplied && { unapplied }) },
      },
      datasource: (this.#datasource ??= datasource),
      isGranted: true,
    };
  }

  #datasource: Datasource | undefined;
}

function toTicket({ id, createdAt, matches }: Row): Ticket {
  const [vendor, nativeId] = id.split(':') as [string, string];
  const status = { category: null, raw: 'x' };
  const title = matches ? 'A match' : 'Other';
  return { __typename: 'T', id, vendor, nativeId, reference: id, title, status, createdAt, updatedAt: null };
}

// ---------------------------------------------------------------- a walk

const CALL: RequestScope = {
  signal: { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined },
  deadlineAt: Infinity,
  requestKey: {},
};

interface Walk {
  readonly ids: readonly string[];
  readonly pages: number;
}

const QUERY: ListQuery = {
  first: 0,
  after: null,
  categories: null,
  search: null,
  reference: null,
  view: null,
  archived: false,
  group: null,
  patienceMs: 0,
};

async function walk(
  lists: readonly List[],
  sizes: readonly number[],
  filter: Partial<ListQuery>,
  maxPages: number,
): Promise<Walk> {
  const ids: string[] = [];
  const listed = lists.map((list) => list.listed);
  let after: string | null = null;
  for (let pages = 1; pages <= maxPages; pages += 1) {
    const first = sizes[pages % sizes.length]!;
    const before = lists.map(({ calls }) => calls.length);
    const query = { ...QUERY, ...filter, first, after };
    const page: TicketPage = await listTickets(listed, query, CALL);
    ids.push(...page.tickets.map(({ id }) => id));
    for (const [index, { calls }] of lists.entries()) {
      expect(calls.length - before[index]!).toBeLessThanOrEqual(CALL_LIMIT);
    }
    if (!page.hasNextPage) return { ids, pages };
    // As clients do: the cursor of a ticket within the page would start a different walk.
    after = page.endCursor();
    expect(after!.length).toBeLessThan(4_000);
    for (const list of lists) list.applyNextChange();
  }
  throw new Error(`The walk does not end within ${maxPages} pages.`);
}

async function check(lists: readonly List[], sizes: readonly number[], filter: Partial<ListQuery>): Promise<void> {
  const rows = lists.reduce((sum, list) => sum + list.rows.length, 0);
  const { ids } = await walk(lists, sizes, filter, 20 + rows * 3);
  expect(new Set(ids).size, 'no ticket twice').toBe(ids.length);
  for (const list of lists) {
    const seen = ids.filter((id) => list.remained.has(id));
    expect(seen.toSorted(), 'every ticket that remained').toEqual([...list.remained].toSorted());
    const order = list.rows.map(({ id }) => id).filter((id) => list.remained.has(id));
    expect(seen, "in the vendor's order").toEqual(order);
  }
}

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.record({ added: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ removedAt: fc.nat(999), removed: fc.integer({ min: 1, max: 3 }) }) },
);

const stable = {
  rows: fc.nat(90),
  dates: fc.constantFrom('distinct', 'tied', 'missing', 'some' as const),
  pageLimit: fc.integer({ min: 8, max: 40 }),
  cap: fc.oneof(fc.constant(1_000), fc.integer({ min: 5, max: 12 })),
  total: fc.constantFrom<Total>('true', 'null', 'zero', 'negative', 'fraction', 'page', 'large'),
  ignoresOffset: fc.constant(false),
  appliesFilter: fc.boolean(),
  declaresUnapplied: fc.boolean(),
  unreadable: fc.constant(0),
  hidden: fc.constant(0),
  matching: fc.constantFrom(5, 50, 95),
  changes: fc.constant([]),
  seed: fc.nat(),
};

const changing = { ...stable, changes: fc.array(change, { maxLength: 30 }) };

/** A vendor that hides rows ends its list with an empty page, so no page may consist only of hidden rows. */
const UNCAPPED = { cap: fc.constant(1_000), pageLimit: fc.integer({ min: 20, max: 40 }) };

const HIDING = { ...UNCAPPED, hidden: fc.constantFrom(5, 30) };

const sizes = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map((first) => [first]),
  fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 5 }),
);

const filter = fc.constantFrom<Partial<ListQuery>>({}, { search: 'match' });

/** Deterministic by default. Set LIST_SEED for other lists, LIST_RUNS for more of them. */
const RUNS = { seed: Number(process.env['LIST_SEED'] ?? 1), numRuns: Number(process.env['LIST_RUNS'] ?? 100) };

function checkProperty(behaviours: fc.Arbitrary<readonly Behaviour[]>, filters = filter): Promise<void> {
  const property = fc.asyncProperty(behaviours, sizes, filters, async (generated, pageSizes, query) => {
    const unambiguous = generated.map(withoutAmbiguity);
    const lists = unambiguous.map((behaviour, index) => new List(`v${index}`, behaviour));
    // Without a filter, all tickets match.
    if (!query.search) {
      for (const list of lists) {
        list.rows = list.rows.map((row) => ({ ...row, matches: true }));
        list.remained.clear();
        const reach = list.behaviour.ignoresOffset
          ? list.rows.slice(0, Math.min(list.behaviour.cap, list.behaviour.pageLimit))
          : list.rows;
        for (const { id, kind } of reach) if (kind === 'ticket') list.remained.add(id);
      }
    }
    await check(lists, pageSizes, query);
  });
  return fc.assert(property, RUNS);
}

/**
 * Without dates, a new ticket looks like an unread one once the tickets that were read have been removed. Such lists
 * therefore only lose tickets, or only gain some.
 */
function withoutAmbiguity(behaviour: Behaviour): Behaviour {
  if (behaviour.dates === 'distinct' || behaviour.dates === 'tied') return behaviour;
  const onlyGrows = behaviour.seed % 2 === 0;
  return {
    ...behaviour,
    changes: behaviour.changes.map((one) => (one && 'added' in one === onlyGrows ? one : undefined)),
  };
}

const several = (shape: { [Name in keyof Behaviour]: fc.Arbitrary<Behaviour[Name]> }) =>
  fc.array(fc.record(shape), { minLength: 1, maxLength: 3 });

describe('a walk through the lists of several vendors', () => {
  it('a walk returns every ticket once if the lists do not change, for any totals and page sizes', () =>
    checkProperty(several(stable)));

  it('a walk returns every ticket once if tickets are added on top and removed anywhere between calls and pages', () =>
    checkProperty(several(changing)));

  it('a walk returns every ticket once if rows are unreadable', () =>
    checkProperty(several({ ...stable, unreadable: fc.constantFrom(5, 30, 60) })));

  it('a walk returns every ticket once if rows are unreadable and the list changes', () =>
    checkProperty(
      several({ ...changing, ...UNCAPPED, dates: fc.constantFrom('distinct', 'tied'), unreadable: fc.nat(30) }),
    ));

  it('a walk returns every ticket once if rows are hidden after paging', () =>
    checkProperty(several({ ...stable, ...HIDING })));

  it('a walk returns every ticket of the first page once if a vendor ignores offsets', () =>
    checkProperty(several({ ...stable, ignoresOffset: fc.constant(true), appliesFilter: fc.constant(true) })));

  const BASE: Behaviour = {
    rows: 14,
    dates: 'distinct',
    pageLimit: 20,
    cap: 1_000,
    total: 'true',
    ignoresOffset: false,
    appliesFilter: false,
    declaresUnapplied: false,
    unreadable: 0,
    hidden: 0,
    matching: 100,
    changes: [],
    seed: 0,
  };

  it('a walk returns every ticket once if more tickets are added than a page holds, and dates are missing', () => {
    const changes = [undefined, { added: 5 }, { added: 3 }, { added: 1 }];
    return check([new List('v', { ...BASE, dates: 'some', pageLimit: 8, cap: 5, changes })], [1], {});
  });

  it('a walk returns every ticket once if a ticket is removed just after resuming before an unreadable row', () => {
    const removal = { removedAt: 0, removed: 1 };
    const changes = [removal, { added: 1 }, undefined, { removedAt: 0, removed: 3 }, removal, removal];
    const list = new List('v', { ...BASE, rows: 45, unreadable: 2, matching: 95, changes, seed: 470_607_633 });
    return check([list], [1, 26, 1, 1], { search: 'match' });
  });
});
