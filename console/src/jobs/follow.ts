/** Keeps a running job up to date: by its stream, or by polls while that brings nothing. */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useEffect } from 'react';
import { BulkJobChangesDocument, OneBulkJobDocument } from '../__generated__/documents.ts';
import { subscribe } from '../live/stream.ts';

const POLL_MS = 2_000;

/** A stream that has brought nothing for so long may be cut without the browser noticing, or the job is paused. */
const SILENT_MS = 10_000;

/** A browser has six connections to a server, of which the board and the open ticket each have one for their streams. */
const MAX_STREAMS = 1;

const followed = new Map<string, { users: number; readonly stop: () => void }>();
let streams = 0;

/** @param id of a job that has not ended, or `undefined` for none */
export function useFollow(id: string | undefined): void {
  const client = useApolloClient();
  useEffect(() => (id === undefined ? undefined : follow(client, id)), [client, id]);
}

/** Views of the same job share one stream. Returns a function that ends the use. */
function follow(client: ApolloClient, id: string): () => void {
  const entry = followed.get(id) ?? { users: 0, stop: begin(client, id) };
  followed.set(id, entry);
  entry.users += 1;
  return () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    followed.delete(id);
    entry.stop();
  };
}

function begin(client: ApolloClient, id: string): () => void {
  let lastDataAt = -Infinity;
  const hasStream = streams < MAX_STREAMS;
  if (hasStream) streams += 1;
  const unsubscribe = hasStream
    ? subscribe({
        client,
        query: BulkJobChangesDocument,
        variables: () => ({ id }),
        // The job is in the cache already, where the views read it.
        onData: () => (lastDataAt = performance.now()),
        onDisconnect: () => (lastDataAt = -Infinity),
      })
    : undefined;
  let isPolling = false;
  const timer = setInterval(() => {
    if (isPolling || document.hidden || performance.now() - lastDataAt < SILENT_MS) return;
    isPolling = true;
    client
      .query({ query: OneBulkJobDocument, variables: { id }, fetchPolicy: 'network-only' })
      .catch(() => undefined)
      .finally(() => (isPolling = false));
  }, POLL_MS);
  return () => {
    clearInterval(timer);
    unsubscribe?.();
    if (hasStream) streams -= 1;
  };
}
