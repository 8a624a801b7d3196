/** The selected tickets. Changing the filter clears them, so that only visible tickets are changed. */
import { useCallback, useMemo, useState } from 'react';
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import { filterKeyOf, type Address } from '../address.ts';
import { readKept, useKept } from '../session/kept.ts';
import type { VendorView } from '../vendors/use-vendors.ts';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Whether the caller may set the status of this vendor's tickets. */
  canSelect(ticket: Pick<BoardTicketFragment, 'vendor'>): boolean;
  /** Whether any vendor's tickets can be selected. */
  readonly isOffered: boolean;
  toggle(id: string): void;
  set(ids: Iterable<string>): void;
}

export function useSelection(address: Address, vendors: readonly VendorView[]): Selection {
  const filterKey = filterKeyOf(address);
  const [state, setState] = useState<{ filterKey: string; ids: ReadonlySet<string> }>(() => ({
    filterKey,
    ids: new Set(readKept('selection') as readonly string[] | undefined),
  }));
  const ids = state.filterKey === filterKey ? state.ids : NONE;
  useKept('selection', [...ids]);
  const selectableVendors = useMemo(
    () => new Set(vendors.filter(({ canSetStatus }) => canSetStatus).map(({ key }) => key)),
    [vendors],
  );
  const toggle = useCallback(
    (id: string) => {
      setState((before) => {
        const chosen = before.filterKey === filterKey ? before.ids : NONE;
        return { filterKey, ids: chosen.symmetricDifference(new Set([id])) };
      });
    },
    [filterKey],
  );
  const set = useCallback((chosen: Iterable<string>) => setState({ filterKey, ids: new Set(chosen) }), [filterKey]);
  // Reserves the space until the vendors are loaded.
  const isOffered = vendors.length === 0 || selectableVendors.size > 0;
  return { ids, canSelect: ({ vendor }) => selectableVendors.has(vendor), isOffered, toggle, set };
}

const NONE: ReadonlySet<string> = new Set();
