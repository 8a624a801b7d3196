/** Changes of tickets, as subscribers get them. Types only. */
import type { FailureDetails, RequestScope, Ticket } from '../contract.ts';
import type { ListQuery } from '../reads/list-tickets.ts';

export type ChangeKind = 'CURRENT' | 'CHANGED' | 'APPEARED' | 'LEFT' | 'RESYNC' | 'STALE' | 'FRESH';

export type ChangeOrigin = 'OWN_WRITE' | 'POLL';

export interface TicketChange {
  /** Position after this change. Opaque to clients. */
  readonly cursor: string;
  readonly kind: ChangeKind;
  /** Global id; `null` for `RESYNC`, `STALE` and `FRESH`. */
  readonly ticketId: string | null;
  /** As it was read by the poll that found the change, with the subscriber's credentials; `null` if it is gone. */
  readonly ticket: Ticket | null;
  /** Names of fields of the ticket's type. */
  readonly changed: readonly string[];
  readonly origin: ChangeOrigin;
  /** ISO 8601, UTC. */
  readonly observedAt: string;
  /** Key of the source that `STALE` and `FRESH` concern; `null` for other kinds. */
  readonly source: string | null;
  /** Why a source is `STALE`. */
  readonly failure: FailureDetails | null;
}

/** What a subscriber watches: exactly one of `ids` and `filter`. */
export interface WatchQuery {
  /** Global ids as the client spelled them. */
  readonly ids: readonly string[] | null;
  readonly filter: WatchFilter | null;
  /** A cursor of an earlier change; `null` to start now. */
  readonly after: string | null;
}

export type WatchFilter = Pick<ListQuery, 'categories' | 'search' | 'reference' | 'view' | 'archived' | 'group'> & {
  /** `Vendor` enum values; `null` for all. */
  readonly vendors: readonly string[] | null;
  /** Keys of sources; `null` for all. */
  readonly sources: readonly string[] | null;
};

/** On whose behalf changes are read. A poll is shared by subscribers with the same credentials for a source. */
export type Subscriber = Pick<RequestScope, 'caller' | 'callerCredentials' | 'preferences'>;

/** One subscription. Iterated once; ends when `close` is called. */
export interface ChangeFeed extends AsyncIterable<TicketChange> {
  close(): void;
}

/** How a vendor's sources are polled. */
export interface LiveState {
  readonly everySeconds: number;
  readonly watched: number;
  readonly callsPerMinute: number;
}
