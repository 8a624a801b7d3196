/** The selected tickets. Changing the filter clears them, so that only visible tickets are changed. */
import { useCallback, useMemo, useState } from 'react';
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { filterKeyOf, type Address } from '../address.ts';
import { readKept, useKept } from '../session/kept.ts';
import type { VendorView } from '../vendors/use-vendors.ts';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Whether all tickets that fit the filter are selected, shown or not. `ids` is what was selected before. */
  readonly isAll: boolean;
  /** Whether the caller may set the status of this vendor's tickets. */
  canSelect(ticket: Pick<BoardTicketFragment, 'vendor'>): boolean;
  /** Whether any vendor's tickets can be selected. */
  readonly isOffered: boolean;
  toggle(id: string): void;
  /** Selects these tickets, instead of all that fit. */
  set(ids: Iterable<string>): void;
  /** Selects all tickets that fit the filter, or again those in `ids`. */
  setAll(isAll: boolean): void;
}

export function useSelection(address: Address, vendors: readonly VendorView[]): Selection {
  const filterKey = filterKeyOf(address);
  const [state, setState] = useState<State>(() => ({
    filterKey,
    ids: new Set(readKept('selection') as readonly string[] | undefined),
    isAll: false,
  }));
  const { ids, isAll } = state.filterKey === filterKey ? state : NOTHING;
  useKept('selection', [...ids]);
  const selectableVendors = useMemo(
    () => new Set(vendors.filter(({ canSetStatus }) => canSetStatus).map(({ key }) => key)),
    [vendors],
  );
  const toggle = useCallback(
    (id: string) => {
      setState((before) => {
        const chosen = before.filterKey === filterKey ? before.ids : NOTHING.ids;
        return { filterKey, ids: chosen.symmetricDifference(new Set([id])), isAll: false };
      });
    },
    [filterKey],
  );
  const set = useCallback(
    (chosen: Iterable<string>) => setState({ filterKey, ids: new Set(chosen), isAll: false }),
    [filterKey],
  );
  const setAll = useCallback((all: boolean) => setState((before) => ({ ...before, isAll: all })), []);
  // Reserves the space until the vendors are loaded.
  const isOffered = vendors.length === 0 || selectableVendors.size > 0;
  return { ids, isAll, canSelect: ({ vendor }) => selectableVendors.has(vendor), isOffered, toggle, set, setAll };
}

interface State {
  readonly filterKey: string;
  readonly ids: ReadonlySet<string>;
  readonly isAll: boolean;
}

const NOTHING = { ids: new Set<string>(), isAll: false } as const;
