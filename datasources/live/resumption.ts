/** What a subscriber that continues after a cursor has missed of what it watches. */
import type { ChangeOrigin, TicketChange } from './change.ts';
import type { LogEntry } from './change-log.ts';
import type { Position } from './cursor.ts';
import type { FilterWatch, IdWatch, Watch } from './watch.ts';
import type { WatchedGroup } from './watched-group.ts';

export type Missed = Pick<TicketChange, 'kind' | 'ticket' | 'changed' | 'origin'> & { readonly ticketId: string };

/** Of one ticket. `undefined` if nothing is known to have happened to it. */
export function missedOfTicket(
  entries: readonly LogEntry[],
  group: WatchedGroup,
  watch: IdWatch,
  after: Position,
): Missed | undefined {
  const own = entries.filter((entry) => concerns(entry, group, null) && namesOf(entry).some((id) => watch.isOf(id)));
  const ticket = watch.ticket ?? null;
  if (own.length === 0 && (wasWatched(watch, after) || !(ticket === null || isLater(ticket.updatedAt, after)))) {
    return undefined;
  }
  const changed = [...new Set(own.flatMap((entry) => entry.changed))];
  return { kind: ticket ? 'CHANGED' : 'LEFT', ticketId: watch.id, ticket, changed, origin: originOf(own) };
}

/** Where the ticket went by the last write that moved it. */
export function movedTo(entries: readonly LogEntry[], watch: IdWatch): string | undefined {
  return entries.findLast((entry) => entry.movedTo !== null && watch.isOf(entry.ticketId))?.movedTo ?? undefined;
}

/** Of all tickets under a filter. */
export async function missedOfFilter(
  entries: readonly LogEntry[],
  group: WatchedGroup,
  watch: FilterWatch,
  after: Position,
): Promise<readonly Missed[]> {
  const own = entries.filter((entry) => concerns(entry, group, watch.key));
  const ids = new Set(own.flatMap(namesOf));
  if (!wasWatched(watch, after)) {
    for (const { id, createdAt, updatedAt } of watch.tickets.values()) {
      if (isLater(createdAt, after) || isLater(updatedAt, after)) ids.add(id);
    }
  }
  const read = await group.readSome([...ids]);
  const missed = new Map<string, Missed>();
  for (const id of ids) {
    const ticket = (read.has(id) ? read.get(id) : watch.tickets.get(id)) ?? null;
    const about = own.filter((entry) => namesOf(entry).includes(id));
    const change = toMissed(ticket?.id ?? id, ticket, about, watch, after);
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
): Missed | undefined {
  const row = watch.tickets.get(ticketId);
  const changed = [...new Set(about.flatMap((entry) => entry.changed))];
  const base = { ticketId, ticket, changed, origin: originOf(about) };
  if (ticket && row) {
    const hasAppeared = about.some(({ kind }) => kind === 'APPEARED') || isLater(row.createdAt, after);
    return { ...base, kind: hasAppeared ? 'APPEARED' : 'CHANGED' };
  }
  // Only what is known to have been under the filter, or can be read: an id is no secret of others then.
  return ticket || about.some(({ kind }) => kind !== 'WRITE') ? { ...base, kind: 'LEFT' } : undefined;
}

function concerns(entry: LogEntry, group: WatchedGroup, filter: string | null): boolean {
  if (entry.kind === 'WRITE') return entry.ticketId.startsWith(`${group.sourceKey}:`);
  return entry.group === group.key && entry.filter === filter;
}

function namesOf({ ticketId, movedTo: moved }: LogEntry): string[] {
  return moved === null ? [ticketId] : [ticketId, moved];
}

/** Whether each change since then is in the log. */
function wasWatched({ knownSince }: Watch, after: Position): boolean {
  return knownSince !== undefined && knownSince <= after.at;
}

function isLater(instant: string | null, after: Position): boolean {
  return instant !== null && Date.parse(instant) > after.at;
}

function originOf(entries: readonly LogEntry[]): ChangeOrigin {
  return entries.at(-1)?.kind === 'WRITE' ? 'OWN_WRITE' : 'POLL';
}
