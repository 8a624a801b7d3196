/** The selected tickets. Changing the filter clears them, so that only visible tickets are changed. */
import { useCallback, useMemo, useState } from 'react';
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import type { Address } from '../address.ts';
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

export function useSelection({ vendors, categories, search }: Address, views: readonly VendorView[]): Selection {
  const view = JSON.stringify([vendors, categories, search]);
  const [state, setState] = useState<{ view: string; ids: ReadonlySet<string> }>({ view, ids: NONE });
  const ids = state.view === view ? state.ids : NONE;
  const selectableVendors = useMemo(
    () => new Set(views.filter(({ canSetStatus }) => canSetStatus).map(({ key }) => key)),
    [views],
  );
  const toggle = useCallback(
    (id: string) => {
      setState((before) => {
        const chosen = before.view === view ? before.ids : NONE;
        return { view, ids: chosen.symmetricDifference(new Set([id])) };
      });
    },
    [view],
  );
  const set = useCallback((chosen: Iterable<string>) => setState({ view, ids: new Set(chosen) }), [view]);
  // Reserves the space until the vendors are loaded.
  const isOffered = views.length === 0 || selectableVendors.size > 0;
  return { ids, canSelect: ({ vendor }) => selectableVendors.has(vendor), isOffered, toggle, set };
}

const NONE: ReadonlySet<string> = new Set();
