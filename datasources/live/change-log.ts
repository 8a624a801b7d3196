/**
 * The log of changes: what subscribers that resume have missed, and how replicas learn of each other's finds. It has ids
 * and names of fields, never the contents of tickets: each reader reads the ticket with its own credentials.
 */
import type { Position } from './cursor.ts';

export type EntryKind =
  /** A poll has found a change of a watched ticket, or of a row of a watched filter. */
  | 'CHANGED'
  | 'APPEARED'
  | 'LEFT'
  /** This endpoint has written to the ticket. */
  | 'WRITE';

export interface NewEntry {
  readonly kind: EntryKind;
  /** Canonical global id. */
  readonly ticketId: string;
  /** Key of the watched group whose poll has found it; `null` for a write, which concerns all groups of the source. */
  readonly group: string | null;
  /** Key of the watched filter; `null` for a watched id, and for a write. */
  readonly filter: string | null;
  /** Names of fields. Empty if it is not known which. */
  readonly changed: readonly string[];
  /** Of a write: the global id under which the ticket is found from now on, if it is another one. */
  readonly movedTo: string | null;
}

export interface LogEntry extends NewEntry {
  readonly entry: string;
}

/** @param found what the appending process has found, if it is this one */
export type EntryListener<Found> = (entry: LogEntry, found: Found | undefined) => void;

export interface ChangeLog<Found> {
  /** Whether entries reach all replicas. */
  readonly isConnected: boolean;
  /** Whether other processes read it. */
  readonly isShared: boolean;
  /** The position now, with everything that this process has appended. @throws Failure if it is not known */
  position(): Promise<Position>;
  /** The position after the last entry that the listener was called with. */
  readonly heard: Position;
  /**
   * To be called when this process gives out its first position: from now on it must get the entries of the others. Omit if
   * it gets them anyway.
   */
  follow?(): void;
  /**
   * Appends an entry. Resolves after the listener was called with it. Never rejects: while the log is not connected, the
   * listener of this process alone is called.
   */
  append(entry: NewEntry, found?: Found): Promise<void>;
  /** The entries after a position; `undefined` if some of them may be missing, or it is of another life. */
  since(position: Position): Promise<readonly LogEntry[] | undefined>;
  /**
   * To be called once. The listener is called with each entry in the order of the log.
   *
   * @param onLost called when entries may have been missed, because the log has begun another life
   */
  listen(listener: EntryListener<Found>, onLost: () => void): void;
  close(): Promise<void>;
}
