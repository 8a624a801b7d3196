/**
 * A status for many tickets. They are sent in small parts, one after another, so that the progress shown is true and a
 * person can stop; each part has a key of its own, and is sent again under that key if its answer was lost.
 */
import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useReducer, useRef } from 'react';
import { SetStatusDocument, type SetStatusMutation, type StatusCategory } from '../__generated__/documents.ts';
import { newKey } from '../key.ts';
import { asError, describeError, isLost } from '../session/refusal.ts';

const PART_SIZE = 10;

export type Result = SetStatusMutation['setStatus']['results'][number];

export interface Part {
  readonly ids: readonly string[];
  readonly key: string;
  readonly state: 'waiting' | 'sending' | 'answered' | 'lost' | 'refused';
  readonly results: readonly Result[];
  /** Why there are no results. */
  readonly message: string;
}

export interface Bulk {
  readonly status: StatusCategory;
  readonly comment: string;
  readonly parts: readonly Part[];
  readonly isRunning: boolean;
}

type Step =
  | { readonly what: 'begin'; readonly bulk: Bulk }
  | { readonly what: 'part'; readonly key: string; readonly changes: Partial<Part> }
  | { readonly what: 'run'; readonly isRunning: boolean }
  | { readonly what: 'forget' };

export interface BulkState {
  readonly bulk: Bulk | undefined;
  begin(ids: readonly string[], status: StatusCategory, comment: string): void;
  /** Goes on with what is waiting, and with what was lost, under the same keys. */
  resume(): void;
  /** After the part that is under way. */
  stop(): void;
  forget(): void;
}

/** @param onEnd told of all parts when no more is sent. */
export function useBulk(onEnd: (parts: readonly Part[]) => void): BulkState {
  const client = useApolloClient();
  const [bulk, tell] = useReducer(reduce, undefined);
  const isStopped = useRef(false);

  const run = async (from: Bulk): Promise<void> => {
    isStopped.current = false;
    tell({ what: 'run', isRunning: true });
    const parts: Part[] = [];
    for (const part of from.parts) {
      const isOver = part.state === 'answered' || isStopped.current;
      if (!isOver) tell({ what: 'part', key: part.key, changes: { state: 'sending' } });
      const changes = isOver ? {} : await send(client, from, part);
      tell({ what: 'part', key: part.key, changes });
      parts.push({ ...part, ...changes });
    }
    tell({ what: 'run', isRunning: false });
    onEnd(parts);
  };

  return {
    bulk,
    begin: (ids, status, comment) => {
      const next = { status, comment, parts: toParts(ids), isRunning: true };
      tell({ what: 'begin', bulk: next });
      void run(next);
    },
    resume: () => {
      if (bulk) void run(bulk);
    },
    stop: () => {
      isStopped.current = true;
    },
    forget: () => tell({ what: 'forget' }),
  };
}

function reduce(bulk: Bulk | undefined, step: Step): Bulk | undefined {
  if (step.what === 'begin') return step.bulk;
  if (step.what === 'forget' || !bulk) return undefined;
  if (step.what === 'run') return { ...bulk, isRunning: step.isRunning };
  return { ...bulk, parts: bulk.parts.map((part) => (part.key === step.key ? { ...part, ...step.changes } : part)) };
}

function toParts(ids: readonly string[]): readonly Part[] {
  return Array.from({ length: Math.ceil(ids.length / PART_SIZE) }, (_, index) => ({
    ids: ids.slice(index * PART_SIZE, (index + 1) * PART_SIZE),
    key: newKey(),
    state: 'waiting',
    results: [],
    message: '',
  }));
}

async function send(client: ApolloClient, { status, comment }: Bulk, { ids, key }: Part): Promise<Partial<Part>> {
  const input = { ticketIds: ids, status, idempotencyKey: key, ...(comment !== '' && { comment }) };
  try {
    const { data, error } = await client.mutate({
      mutation: SetStatusDocument,
      variables: { input },
      errorPolicy: 'all',
    });
    if (!data) throw asError(error);
    const { results, problems } = data.setStatus;
    if (results.length > 0) return { state: 'answered', results, message: '' };
    return { state: 'refused', message: problems.map(({ message }) => message).join(' ') };
  } catch (error) {
    return { state: isLost(error) ? 'lost' : 'refused', message: describeError(error) };
  }
}
