/** Keeps the open ticket up to date. Its fields are in the cache as soon as a change arrives. */
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { TicketChangesDocument } from '../__generated__/documents.ts';
import { markChanged } from './changed-fields.ts';
import { watch } from './stream.ts';

/** @param onChange called when the ticket has changed: its actions may be others now */
export function useLiveTicket(id: string, onChange: () => void): void {
  const client = useApolloClient();
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(
    () =>
      watch({
        client,
        query: TicketChangesDocument,
        variables: { id },
        onChange({ kind, ticketId, changed }) {
          if (kind === 'CHANGED' && ticketId !== null) markChanged(ticketId, changed);
          if (kind === 'CHANGED' || kind === 'LEFT' || kind === 'RESYNC') latest.current();
        },
      }),
    [client, id],
  );
}
