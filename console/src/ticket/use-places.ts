/** Keeps each action where it is while the ticket changes, so that nothing moves under the pointer. */
import { useRef } from 'react';
import type { TicketWithActionsFragment } from '../__generated__/documents.ts';

type Action = Pick<TicketWithActionsFragment['availableActions'][number], 'name' | 'label'>;

export interface Place extends Action {
  readonly isAvailable: boolean;
}

/**
 * The places of the actions: an action that is no longer available leaves its place to one that has come, or stays there
 * without being available.
 */
export function usePlaces(actions: readonly Action[]): readonly Place[] {
  const places = useRef<readonly Place[]>([]);
  places.current = assignPlaces(places.current, actions);
  return places.current;
}

export function assignPlaces(before: readonly Place[], actions: readonly Action[]): readonly Place[] {
  const present = new Map(actions.map((action) => [action.name, action]));
  const known = new Set(before.map(({ name }) => name));
  const added = actions.filter(({ name }) => !known.has(name)).map((action) => ({ ...action, isAvailable: true }));
  const kept = before.map((place): Place => {
    const action = present.get(place.name);
    return action ? { ...action, isAvailable: true } : (added.shift() ?? { ...place, isAvailable: false });
  });
  return [...kept, ...added];
}
