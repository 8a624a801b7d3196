/** Maps Request Tracker's documents to ours, and ours to its. Pure functions. */
import type * as Schema from '../../schema/__generated__/types.ts';
import type { ListFilter, StatusCategory } from '../contract.ts';
import { asInstant } from '../vendor-kit/coerce.ts';
import { toGlobalId } from '../vendor-kit/global-id.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';
import { onlyGiven } from '../vendor-kit/request.ts';
import { defineWords, type Words } from '../vendor-kit/words.ts';
import type { WireTicket, WireTicketList } from './wire.ts';

export type RtTicket = Omit<Schema.RtTicket, 'availableActions' | 'sourceSystem'>;

/** Categories of statuses, in lower case. */
export type Categories = ReadonlyMap<string, StatusCategory>;

/** The statuses of the lifecycle that every installation has: `RT_Config.pm`, `%Lifecycles`. */
export const STOCK_CATEGORIES: Categories = new Map([
  ['new', 'NEW'],
  ['open', 'OPEN'],
  ['stalled', 'ON_HOLD'],
  ['resolved', 'SOLVED'],
  ['rejected', 'CANCELLED'],
  ['deleted', 'CANCELLED'],
]);

/** The statuses of this installation, with their categories. */
export type Statuses = Words<StatusCategory>;

export function defineStatuses(categories: Categories): Statuses {
  return defineWords('rt', 'status', categories, { fold: (status) => status.toLowerCase() });
}

interface TicketContext {
  readonly sourceKey: string;
  /** The number that was asked for; that of the ticket itself in a list. */
  readonly asked: string;
  readonly statuses: Statuses;
}

const lazyTicket = defineLazyRecord<WireTicket, RtTicket, TicketContext>({
  __typename: () => 'RtTicket',
  id: (_, { sourceKey, asked }) => toGlobalId(sourceKey, asked),
  vendor: () => 'RT',
  nativeId: (_, { asked }) => asked,
  reference: (_, { asked }) => asked,
  title: ({ Subject }) => Subject,
  status: ({ Status }, { statuses }) => toStatus(Status, statuses),
  createdAt: ({ Created }) => toInstant(Created),
  updatedAt: ({ LastUpdated }) => toInstant(LastUpdated),
  queue: ({ Queue }) => Queue,
  owner: ({ Owner }) => Owner,
  creator: ({ Creator }) => Creator,
  requestors: ({ Requestor }) => Requestor,
  priorityNumber: ({ Priority }) => Priority,
  state: ({ Status }) => Status || null,
  dueAt: ({ Due }) => toInstant(Due),
  startedAt: ({ Started }) => toInstant(Started),
  resolvedAt: ({ Resolved }) => toInstant(Resolved),
  timeWorkedMinutes: ({ TimeWorked }) => TimeWorked,
  customFields: ({ CustomFields }) => CustomFields as RtTicket['customFields'],
  mergedInto: ({ id }, { sourceKey, asked }) => (id === asked ? null : toGlobalId(sourceKey, id)),
});

/** @param asked the number that was asked for: a merged ticket is answered as the one into which it was merged */
export function toTicket(wire: WireTicket, sourceKey: string, statuses: Statuses, asked = wire.id): RtTicket {
  return lazyTicket(wire, { sourceKey, asked, statuses });
}

export function toStatus(raw: string, statuses: Statuses): Schema.TicketStatus {
  return { __typename: 'TicketStatus', category: statuses.find(raw), raw };
}

/** Returns the status for a category, or `undefined` if there is none. `deleted` is never the one for `CANCELLED`. */
export function fromCategory(
  category: StatusCategory,
  categories: Iterable<readonly [string, StatusCategory]>,
): string | undefined {
  return [...categories].find(([, known]) => known === category)?.[0];
}

/** 1970 means that a time is not set. */
function toInstant(value: unknown): string | null {
  const instant = asInstant(value);
  return instant?.startsWith('1970-01-01T00:00:00') ? null : instant;
}

// ---------------------------------------------------------------- searches

/** A search in TicketSQL, and what is left to be applied to its tickets. */
export interface WireFilter {
  readonly query: string;
  readonly unapplied: readonly (keyof ListFilter)[];
}

/** A condition that every ticket meets: a search without one finds nothing. */
const ALL = 'id > 0';

/** Returns `undefined` if no ticket can match. */
export function fromFilter(
  filter: ListFilter,
  categories: Iterable<readonly [string, StatusCategory]>,
): WireFilter | undefined {
  const { categories: wanted, search = '' } = filter;
  const statuses = [...categories].filter(([, category]) => wanted?.includes(category)).map(([status]) => status);
  if (wanted && statuses.length === 0) return undefined;
  const conditions = [
    ...(wanted ? [anyOf(statuses.map((status) => `Status = ${quote(status)}`))] : []),
    ...(search === '' ? [] : [`Subject LIKE ${quote(withWildcards(search))}`]),
  ];
  return { query: conditions.join(' AND ') || ALL, unapplied: unapplied(filter) };
}

/** Searches with `%` or `_`, which are wildcards, find too much, so that they are repeated here. */
export function unapplied({ search }: ListFilter): readonly (keyof ListFilter)[] {
  return search !== undefined && /[%_]/.test(withWildcards(search)) ? ['search'] : [];
}

/**
 * Replaces by a wildcard what the databases below Request Tracker compare in different ways: a backslash escapes the next
 * character in PostgreSQL, and SQLite ignores letter case within ASCII only.
 */
function withWildcards(search: string): string {
  return search.replace(/\\|[^\u0000-\u007f]/gu, (character) =>
    character === '\\' || character.toLowerCase() !== character.toUpperCase() ? '_' : character,
  );
}

/** `IN (…)` is a syntax error in RT 5. */
export function fromIds(ids: readonly string[]): string {
  return ids.map((id) => `id = ${id}`).join(' OR ');
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions[0]! : `(${conditions.join(' OR ')})`;
}

/** TicketSQL escapes with a backslash; a doubled quote is a syntax error. */
function quote(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** A page of a list, and the rows before the wanted ones. */
export interface WirePage {
  /** From 1. */
  readonly page: number;
  readonly perPage: number;
  readonly skip: number;
}

/** The rows of a page that were wanted, with their places among these. */
export interface WantedRows {
  readonly tickets: readonly WireTicket[];
  readonly rowCount: number;
  readonly rowIndexes: readonly number[];
  readonly totalCount: number | null;
}

/** @param limit 0 for the count alone */
export function pickRows(answer: WireTicketList, { page, perPage, skip }: WirePage, limit: number): WantedRows {
  // RT 6 answers a page past the last one with the last one.
  if (answer.page !== null && answer.page !== page) {
    return { tickets: [], rowCount: 0, rowIndexes: [], totalCount: answer.total };
  }
  const places = answer.tickets.map((ticket, index) => ({
    ticket,
    place: (answer.rowIndexes?.[index] ?? index) - skip,
  }));
  const wanted = places.filter(({ place }) => place >= 0 && place < limit);
  return {
    tickets: wanted.map(({ ticket }) => ticket),
    rowCount: Math.max(0, Math.min(answer.rowCount - skip, limit)),
    rowIndexes: wanted.map(({ place }) => place),
    totalCount: limit === 0 ? answer.total : believableTotal(answer, { page, perPage, skip }, limit),
  };
}

/**
 * Null for a total that may count the page: the rows that are left out would make it look like the list's. An answer that
 * names its page is of the documented form, and its total that of the list.
 */
function believableTotal(
  { total, rowCount, page: answered }: WireTicketList,
  { page, perPage, skip }: WirePage,
  limit: number,
) {
  if (answered !== null) return total;
  const through = (page - 1) * perPage + rowCount;
  const isPartOfPage = skip > 0 || limit < rowCount;
  return total === null || total < through || (total === through && isPartOfPage) ? null : total;
}

/** Largest `per_page`. A larger one counts as 100. */
export const MAX_PER_PAGE = 100;

/**
 * Returns the page that holds the most of the wanted rows, and as few others as possible: Request Tracker has numbered
 * pages, no offsets.
 */
export function toWirePage(offset: number, limit: number): WirePage {
  let best: WirePage & { readonly rows: number } = { page: 1, perPage: 1, skip: 0, rows: 0 };
  for (let perPage = 1; perPage <= MAX_PER_PAGE; perPage += 1) {
    const skip = offset % perPage;
    const rows = Math.min(limit, perPage - skip);
    if (rows > best.rows) best = { page: Math.floor(offset / perPage) + 1, perPage, skip, rows };
    if (best.rows === limit) break;
  }
  return best;
}

// ---------------------------------------------------------------- new tickets

/** Only the given fields. */
export function fromNewTicket(ticket: Schema.NewRtTicketInput): Readonly<Record<string, unknown>> {
  const { queue, subject, requestors, content, owner, priority, customFields } = ticket;
  return onlyGiven<unknown>({
    Queue: queue,
    Subject: subject,
    Requestor: requestors && oneOrMany(requestors),
    Content: content,
    ContentType: content === undefined || content === null ? undefined : 'text/plain',
    Owner: owner,
    Priority: priority,
    CustomFields: customFields && Object.fromEntries(customFields.map(({ name, values }) => [name, oneOrMany(values)])),
  });
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? values[0]! : values;
}
