/** Keeps the board up to date: what has changed is shown in its row, and what has come or gone is offered. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { BoardChangesDocument, type BoardChangesSubscription, type TicketFilter } from '../__generated__/documents.ts';
import { markChanged } from './changed-fields.ts';
import { watch } from './stream.ts';

type Change = BoardChangesSubscription['ticketChanged'];

export interface LiveBoard {
  /** Ids of tickets that match the filter now and are not on the board. */
  readonly appeared: ReadonlySet<string>;
  /** Ids of tickets on the board that no longer match. */
  readonly left: ReadonlySet<string>;
  /** Why changes of a source arrive late, by its id. */
  readonly stale: ReadonlyMap<string, string>;
  /** How many tickets have changed since the page was loaded. */
  readonly changeCount: number;
}

const NOTHING: LiveBoard = { appeared: new Set(), left: new Set(), stale: new Map(), changeCount: 0 };

/**
 * @param filter the same object as long as it is the same filter
 * @param loadedAt changes with each load of the board, which shows what has come or gone
 * @param reload loads the board again
 */
export function useLiveBoard(filter: TicketFilter, loadedAt: unknown, reload: () => void): LiveBoard {
  const client = useApolloClient();
  const [live, setLive] = useState(NOTHING);
  useEffect(() => setLive(({ stale }) => ({ ...NOTHING, stale })), [filter, loadedAt]);
  useEffect(
    () =>
      watch({
        client,
        query: BoardChangesDocument,
        variables: { filter },
        onChange(change) {
          if (change.kind === 'RESYNC') reload();
          else setLive((before) => apply(before, change));
          if (change.kind === 'CHANGED' && change.ticketId !== null) markChanged(change.ticketId, change.changed);
        },
      }),
    [client, filter],
  );
  return live;
}

function apply(before: LiveBoard, { kind, ticketId, source, problem }: Change): LiveBoard {
  if (kind === 'STALE' || kind === 'FRESH') {
    const stale = new Map(before.stale);
    if (kind === 'STALE' && source) stale.set(source.id, problem?.message ?? '');
    else if (source) stale.delete(source.id);
    return { ...before, stale };
  }
  if (ticketId === null) return before;
  const [appeared, left] = [new Set(before.appeared), new Set(before.left)];
  (kind === 'LEFT' ? appeared : left).delete(ticketId);
  if (kind === 'APPEARED') appeared.add(ticketId);
  if (kind === 'LEFT') left.add(ticketId);
  return { ...before, appeared, left, changeCount: before.changeCount + 1 };
}
