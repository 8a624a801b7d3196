/**
 * Random lists that move while they are read, hide rows, hold rows that cannot be read, and lie about their size, walked
 * to their end. Every ticket that was there throughout is seen once, none is seen twice, and the walk ends.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  RequestScope,
  ListFilter,
  Page,
  PageRequest,
  Ticket,
  VendorSource,
} from '../../../datasources/contract.ts';
import { CALL_LIMIT } from '../../../datasources/reads/list-cursor.ts';
import { listTickets, type ListQuery, type TicketPage } from '../../../datasources/reads/list-tickets.ts';
import type { ListedVendor } from '../../../datasources/reads/page-source.ts';

// ---------------------------------------------------------------- a vendor's list

interface Row {
  readonly id: string;
  readonly createdAt: string | null;
  readonly fits: boolean;
  readonly kind: 'ticket' | 'unreadable' | 'hidden';
}

type Total = 'true' | 'null' | 'zero' | 'negative' | 'fraction' | 'page' | 'large';

interface Behaviour {
  readonly rows: number;
  readonly dates: 'distinct' | 'tied' | 'missing' | 'some';
  readonly pageLimit: number;
  /** Rows that it sends at most, whatever is asked for. */
  readonly cap: number;
  readonly total: Total;
  readonly ignoresOffset: boolean;
  readonly appliesFilter: boolean;
  readonly saysSo: boolean;
  /** Of 100 rows. */
  readonly unreadable: number;
  readonly hidden: number;
  readonly fitting: number;
  readonly moves: readonly Move[];
  readonly seed: number;
}

/** Something that happens before a call: how many tickets come on top, or at which of 1,000 places how many go. */
type Move = { readonly come: number } | { readonly goAt: number; readonly go: number } | undefined;

class List {
  readonly key: string;
  readonly calls: PageRequest[] = [];
  readonly behaviour: Behaviour;
  rows: Row[];
  /** Those that were there from the beginning, and have not gone. */
  readonly stayed: Set<string>;
  #made = 0;
  #moves: Move[];
  #seed: number;

  constructor(key: string, behaviour: Behaviour) {
    this.key = key;
    this.behaviour = behaviour;
    this.#seed = behaviour.seed;
    this.#moves = [...behaviour.moves];
    this.rows = Array.from({ length: behaviour.rows }, () => this.#make()).toReversed();
    const visible = this.rows.filter(({ kind, fits }) => kind === 'ticket' && fits);
    this.stayed = new Set(visible.map(({ id }) => id));
    if (behaviour.ignoresOffset) {
      const reached = this.#visible().slice(0, Math.min(behaviour.cap, behaviour.pageLimit));
      this.stayed = new Set(reached.filter(({ kind, fits }) => kind === 'ticket' && fits).map(({ id }) => id));
    }
  }

  #random(most: number): number {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((this.#seed / 2 ** 32) * most);
  }

  #make(): Row {
    const { dates, unreadable, hidden, fitting } = this.behaviour;
    const number = (this.#made += 1);
    const hour = dates === 'tied' ? Math.floor(number / 7) : number;
    const isMissing = dates === 'missing' || (dates === 'some' && this.#random(3) === 0);
    const chance = this.#random(100);
    return {
      id: `${this.key}:${number}`,
      createdAt: isMissing ? null : new Date(Date.UTC(2026, 0, 1) + hour * 3_600_000).toISOString(),
      fits: this.#random(100) < fitting,
      kind: chance < unreadable ? 'unreadable' : chance < unreadable + hidden ? 'hidden' : 'ticket',
    };
  }

  #visible(): Row[] {
    return this.behaviour.appliesFilter ? this.rows.filter(({ fits }) => fits) : this.rows;
  }

  move(): void {
    const move = this.#moves.shift();
    if (!move) return;
    if ('come' in move) {
      for (let count = 0; count < move.come; count += 1) this.rows.unshift(this.#make());
      return;
    }
    const at = Math.floor((move.goAt / 1_000) * this.rows.length);
    for (const { id } of this.rows.splice(at, move.go)) this.stayed.delete(id);
  }

  async list(request: PageRequest): Promise<Page> {
    this.calls.push(request);
    expect(request.limit).toBeLessThanOrEqual(this.behaviour.pageLimit);
    await Promise.resolve();
    this.move();
    const { offset, limit, filter } = request;
    const { cap, ignoresOffset, appliesFilter } = this.behaviour;
    const all = this.#visible();
    const start = ignoresOffset ? 0 : offset;
    const came = all.slice(start, start + Math.min(limit, cap)).filter(({ kind }) => kind !== 'hidden');
    const rowIndexes = came.flatMap(({ kind }, index) => (kind === 'ticket' ? [index] : []));
    const isFiltered = filter.search !== undefined;
    return {
      tickets: rowIndexes.map((index) => toTicket(came[index]!)),
      rowCount: came.length,
      rowIndexes: rowIndexes.length === came.length ? undefined : rowIndexes,
      totalCount: this.#total(all.length, came.length),
      unapplied: isFiltered && !appliesFilter ? ['search'] : [],
    };
  }

  #total(all: number, came: number): number | null {
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
        return came;
      case 'large':
        return all + 1_000;
    }
  }

  get asked(): ListedVendor {
    const { pageLimit, appliesFilter, saysSo } = this.behaviour;
    const unsupported = (): never => {
      throw new TypeError('Lists alone are asked for.');
    };
    const source: VendorSource = {
      find: unsupported,
      actions: unsupported,
      writes: {},
      pageLimit,
      list: (request) => this.list(request),
    };
    const unapplied = ({ search }: ListFilter): readonly 'search'[] =>
      search !== undefined && !appliesFilter ? ['search'] : [];
    return {
      key: this.key,
      name: this.key,
      source: (this.#source ??= source),
      isGranted: true,
      isReference: () => false,
      ...(saysSo && { unapplied }),
    };
  }

  #source: VendorSource | undefined;
}

function toTicket({ id, createdAt, fits }: Row): Ticket {
  const [vendor, nativeId] = id.split(':') as [string, string];
  const status = { category: null, raw: 'x' };
  const title = fits ? 'It fits' : 'Other';
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
  mostPages: number,
): Promise<Walk> {
  const ids: string[] = [];
  const asked = lists.map((list) => list.asked);
  let after: string | null = null;
  for (let pages = 1; pages <= mostPages; pages += 1) {
    const first = sizes[pages % sizes.length]!;
    const before = lists.map(({ calls }) => calls.length);
    const query = { ...QUERY, ...filter, first, after };
    const page: TicketPage = await listTickets(asked, query, CALL);
    ids.push(...page.tickets.map(({ id }) => id));
    for (const [index, { calls }] of lists.entries()) {
      expect(calls.length - before[index]!).toBeLessThanOrEqual(CALL_LIMIT);
    }
    if (!page.hasNextPage) return { ids, pages };
    // As a client does: a cursor of a ticket in the middle would be one of another walk.
    after = page.endCursor();
    expect(after!.length).toBeLessThan(4_000);
    for (const list of lists) list.move();
  }
  throw new Error(`The walk does not end within ${mostPages} pages.`);
}

async function check(lists: readonly List[], sizes: readonly number[], filter: Partial<ListQuery>): Promise<void> {
  const rows = lists.reduce((sum, list) => sum + list.rows.length, 0);
  const { ids } = await walk(lists, sizes, filter, 20 + rows * 3);
  expect(new Set(ids).size, 'none twice').toBe(ids.length);
  for (const list of lists) {
    const seen = ids.filter((id) => list.stayed.has(id));
    expect(seen.toSorted(), 'all that stayed').toEqual([...list.stayed].toSorted());
    const order = list.rows.map(({ id }) => id).filter((id) => list.stayed.has(id));
    expect(seen, "in the vendor's own order").toEqual(order);
  }
}

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.record({ come: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ goAt: fc.nat(999), go: fc.integer({ min: 1, max: 3 }) }) },
);

const usual = {
  rows: fc.nat(90),
  dates: fc.constantFrom('distinct', 'tied', 'missing', 'some' as const),
  pageLimit: fc.integer({ min: 8, max: 40 }),
  cap: fc.oneof(fc.constant(1_000), fc.integer({ min: 5, max: 12 })),
  total: fc.constantFrom<Total>('true', 'null', 'zero', 'negative', 'fraction', 'page', 'large'),
  ignoresOffset: fc.constant(false),
  appliesFilter: fc.boolean(),
  saysSo: fc.boolean(),
  unreadable: fc.constant(0),
  hidden: fc.constant(0),
  fitting: fc.constantFrom(5, 50, 95),
  moves: fc.constant([]),
  seed: fc.nat(),
};

const moving = { ...usual, moves: fc.array(move, { maxLength: 30 }) };

/** A vendor that hides rows shows no end but by an empty page: one that it hides whole can only be told by its total. */
const WHOLE = { cap: fc.constant(1_000), pageLimit: fc.integer({ min: 20, max: 40 }) };

const HIDING = { ...WHOLE, hidden: fc.constantFrom(5, 30) };

const sizes = fc.oneof(
  fc.integer({ min: 1, max: 30 }).map((first) => [first]),
  fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 5 }),
);

const filter = fc.constantFrom<Partial<ListQuery>>({}, { search: 'fits' });

/** The same lists each time; others with LIST_SEED, more of them with LIST_RUNS. */
const RUNS = { seed: Number(process.env['LIST_SEED'] ?? 1), numRuns: Number(process.env['LIST_RUNS'] ?? 100) };

function holds(behaviours: fc.Arbitrary<readonly Behaviour[]>, filters = filter): Promise<void> {
  const property = fc.asyncProperty(behaviours, sizes, filters, async (all, pageSizes, wanted) => {
    const several = all.map(withoutRiddles);
    const lists = several.map((behaviour, index) => new List(`v${index}`, behaviour));
    // Without a filter all tickets are wanted.
    if (!wanted.search) {
      for (const list of lists) {
        list.rows = list.rows.map((row) => ({ ...row, fits: true }));
        list.stayed.clear();
        const reach = list.behaviour.ignoresOffset
          ? list.rows.slice(0, Math.min(list.behaviour.cap, list.behaviour.pageLimit))
          : list.rows;
        for (const { id, kind } of reach) if (kind === 'ticket') list.stayed.add(id);
      }
    }
    await check(lists, pageSizes, wanted);
  });
  return fc.assert(property, RUNS);
}

/**
 * Without dates a new ticket cannot be told from one that has not been read, once those that were read have
 * gone: such lists only lose tickets, or only get some.
 */
function withoutRiddles(behaviour: Behaviour): Behaviour {
  if (behaviour.dates === 'distinct' || behaviour.dates === 'tied') return behaviour;
  const grows = behaviour.seed % 2 === 0;
  return { ...behaviour, moves: behaviour.moves.map((one) => (one && 'come' in one === grows ? one : undefined)) };
}

const several = (shape: { [Name in keyof Behaviour]: fc.Arbitrary<Behaviour[Name]> }) =>
  fc.array(fc.record(shape), { minLength: 1, maxLength: 3 });

describe('a walk through lists of several vendors sees every ticket once', () => {
  it('if the lists stand still, whatever the vendors say of their totals and send at a time', () =>
    holds(several(usual)));

  it('if tickets come on top and go anywhere, between calls and between pages', () => holds(several(moving)));

  it('if rows cannot be read', () => holds(several({ ...usual, unreadable: fc.constantFrom(5, 30, 60) })));

  it('if rows cannot be read and the list moves', () =>
    holds(several({ ...moving, ...WHOLE, dates: fc.constantFrom('distinct', 'tied'), unreadable: fc.nat(30) })));

  it('if rows are hidden after paging', () => holds(several({ ...usual, ...HIDING })));

  it('as far as a vendor that ignores offsets gives them', () =>
    holds(several({ ...usual, ignoresOffset: fc.constant(true), appliesFilter: fc.constant(true) })));

  const still: Behaviour = {
    rows: 14,
    dates: 'distinct',
    pageLimit: 20,
    cap: 1_000,
    total: 'true',
    ignoresOffset: false,
    appliesFilter: false,
    saysSo: false,
    unreadable: 0,
    hidden: 0,
    fitting: 100,
    moves: [],
    seed: 0,
  };

  it('if more tickets come on top than fit on a page, and dates are missing', () => {
    const moves = [undefined, { come: 5 }, { come: 3 }, { come: 1 }];
    return check([new List('v', { ...still, dates: 'some', pageLimit: 8, cap: 5, moves })], [1], {});
  });

  it('if a ticket goes just after the place to go on has been found before a row that cannot be read', () => {
    const gone = { goAt: 0, go: 1 };
    const moves = [gone, { come: 1 }, undefined, { goAt: 0, go: 3 }, gone, gone];
    const list = new List('v', { ...still, rows: 45, unreadable: 2, fitting: 95, moves, seed: 470_607_633 });
    return check([list], [1, 26, 1, 1], { search: 'fits' });
  });
});
