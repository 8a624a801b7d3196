/** Which tickets are selected. Another filter begins anew: nobody should change what they do not see. */
import { useState } from 'react';
import type { Address } from '../address.ts';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  toggle(id: string): void;
  set(ids: Iterable<string>): void;
}

export function useSelection({ vendors, categories, search }: Address): Selection {
  const view = JSON.stringify([vendors, categories, search]);
  const [state, setState] = useState<{ view: string; ids: ReadonlySet<string> }>({ view, ids: new Set() });
  const ids = state.view === view ? state.ids : NONE;
  return {
    ids,
    toggle: (id) => setState({ view, ids: ids.symmetricDifference(new Set([id])) }),
    set: (chosen) => setState({ view, ids: new Set(chosen) }),
  };
}

const NONE: ReadonlySet<string> = new Set();
