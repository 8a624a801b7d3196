/** What a subscriber that continues after a cursor has missed of what it watches. */
import type { Ticket } from '../contract.ts';
import type { ChangeOrigin, TicketChange } from './change.ts';
import type { LogEntry } from './change-log.ts';
import type { Position } from './cursor.ts';
import { GONE, type Seen } from './sent-states.ts';
import type { FilterWatch, IdWatch, Watch } from './watch.ts';
import type { WatchedGroup } from './watched-group.ts';

export type Missed = Pick<TicketChange, 'kind' | 'ticket' | 'changed' | 'origin'> & {
  readonly ticketId: string;
  readonly seen: Seen;
};

/**
 * Of one ticket. `undefined` if nothing is known to have happened to it.
 *
 * @param sent the state that the subscriber was sent last; `undefined` if that is not known
 */
export function missedOfTicket(
  entries: readonly LogEntry[],
  group: WatchedGroup,
  watch: IdWatch,
  after: Position,
  sent: string | undefined,
): Missed | undefined {
  const { id: ticketId, seen } = watch;
  const ticket = watch.ticket ?? null;
  const own = entries.filter((entry) => concerns(entry, group, null) && namesOf(entry).some((id) => watch.isOf(id)));
  const isMissed = sent === undefined ? own.length > 0 || isUnlogged(ticket, watch, after) : sent !== seen.state;
  if (!isMissed) return undefined;
  const changed = ticket ? fieldsOf(own) : [];
  const kind = !ticket ? 'LEFT' : sent === GONE ? 'APPEARED' : 'CHANGED';
  return { kind, ticketId, ticket, changed, origin: originOf(own), seen };
}

/** Whether it may have changed without an entry, since it was not watched. */
function isUnlogged(ticket: Ticket | null, watch: IdWatch, after: Position): boolean {
  return !wasWatched(watch, after) && (ticket === null || isLater(ticket.updatedAt, after));
}

/** Where the ticket went by the last write that moved it. */
export function movedTo(entries: readonly LogEntry[], watch: IdWatch): string | undefined {
  return entries.findLast((entry) => entry.movedTo !== null && watch.isOf(entry.ticketId))?.movedTo ?? undefined;
}

/**
 * Of all tickets under a filter.
 *
 * @param sentStateOf returns the state of a ticket that the subscriber was sent last; `undefined` if that is not known
 */
export async function missedOfFilter(
  entries: readonly LogEntry[],
  group: WatchedGroup,
  watch: FilterWatch,
  after: Position,
  sentStateOf: (seen: Seen) => string | undefined,
): Promise<readonly Missed[]> {
  const own = entries.filter((entry) => concerns(entry, group, watch.key));
  const isSent = (id: string): boolean => sentStateOf(watch.seenOf(id)) === watch.seenOf(id).state;
  const ids = new Set(own.flatMap(namesOf).filter((id) => !isSent(id)));
  for (const { id, createdAt, updatedAt } of watch.tickets.values()) {
    const sent = sentStateOf(watch.seenOf(id));
    const isUnlogged = !wasWatched(watch, after) && (isLater(createdAt, after) || isLater(updatedAt, after));
    if (sent === undefined ? isUnlogged : sent !== watch.seenOf(id).state) ids.add(id);
  }
  const read = await group.readSome([...ids]);
  const missed = new Map<string, Missed>();
  for (const id of ids) {
    const ticket = (read.has(id) ? read.get(id) : watch.tickets.get(id)) ?? null;
    const about = own.filter((entry) => namesOf(entry).includes(id));
    const change = toMissed(ticket?.id ?? id, ticket, about, watch, after, sentStateOf);
    if (change) missed.set(change.ticketId, change);
  }
  return [...missed.values()];
}

function toMissed(
  ticketId: string,
  ticket: Missed['ticket'],
  about: readonly LogEntry[],
  watch: FilterWatch,
  after: Position,
  sentStateOf: (seen: Seen) => string | undefined,
): Missed | undefined {
  const row = watch.tickets.get(ticketId);
  const seen = ticket ? watch.seenOf(ticketId) : { ...watch.seenOf(ticketId), state: GONE };
  const base = { ticketId, ticket, changed: fieldsOf(about), origin: originOf(about), seen };
  if (ticket && row) {
    const hasAppeared =
      sentStateOf(seen) === GONE || about.some(({ kind }) => kind === 'APPEARED') || isLater(row.createdAt, after);
    return { ...base, kind: hasAppeared ? 'APPEARED' : 'CHANGED' };
  }
  // Only what is known to have been under the filter, or can be read: an id is no secret of others then.
  return ticket || about.some(({ kind }) => kind !== 'WRITE') ? { ...base, kind: 'LEFT' } : undefined;
}

function fieldsOf(entries: readonly LogEntry[]): string[] {
  return [...new Set(entries.flatMap(({ changed }) => changed))];
}

function concerns(entry: LogEntry, group: WatchedGroup, filter: string | null): boolean {
  if (entry.kind === 'WRITE') return entry.ticketId.startsWith(`${group.sourceKey}:`);
  return entry.group === group.key && entry.filter === filter;
}

function namesOf({ ticketId, movedTo: moved }: LogEntry): string[] {
  return moved === null ? [ticketId] : [ticketId, moved];
}

/** Whether each change since then is in the log. */
export function wasWatched({ knownSince }: Watch, after: Position): boolean {
  return knownSince !== undefined && knownSince <= after.at;
}

function isLater(instant: string | null, after: Position): boolean {
  return instant !== null && Date.parse(instant) > after.at;
}

function originOf(entries: readonly LogEntry[]): ChangeOrigin {
  return entries.at(-1)?.kind === 'WRITE' ? 'OWN_WRITE' : 'POLL';
}
