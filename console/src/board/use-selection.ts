/** Which tickets are selected. Another filter begins anew: nobody should change what they do not see. */
import { useCallback, useMemo, useState } from 'react';
import type { BoardTicketFragment } from '../__generated__/documents.ts';
import type { Address } from '../address.ts';
import type { VendorView } from '../vendors/use-vendors.ts';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Whether the caller may give tickets of this vendor another status: nothing else is done with a selection. */
  maySelect(ticket: Pick<BoardTicketFragment, 'vendor'>): boolean;
  /** Whether there is any vendor whose tickets can be selected. */
  readonly isOffered: boolean;
  toggle(id: string): void;
  set(ids: Iterable<string>): void;
}

export function useSelection({ vendors, categories, search }: Address, views: readonly VendorView[]): Selection {
  const view = JSON.stringify([vendors, categories, search]);
  const [state, setState] = useState<{ view: string; ids: ReadonlySet<string> }>({ view, ids: NONE });
  const ids = state.view === view ? state.ids : NONE;
  const open = useMemo(() => new Set(views.filter(({ takesStatus }) => takesStatus).map(({ key }) => key)), [views]);
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
  // Its place is kept until the vendors are known.
  const isOffered = views.length === 0 || open.size > 0;
  return { ids, maySelect: ({ vendor }) => open.has(vendor), isOffered, toggle, set };
}

const NONE: ReadonlySet<string> = new Set();
