/** The options that filter tickets, of the commands that list and watch them. */
import type { StatusCategory, TicketFilter, Vendor } from '../client/index.ts';

export interface FilterOptions {
  readonly vendor?: readonly Vendor[];
  /** Ids of sources. */
  readonly source?: readonly string[];
  readonly category?: readonly StatusCategory[];
  readonly search?: string;
  readonly reference?: string;
  readonly view?: string;
  readonly archived?: boolean;
}

export function toFilter({ vendor, source, category, search, reference, view, archived }: FilterOptions): TicketFilter {
  return {
    ...(vendor && { vendors: vendor }),
    ...(source && { sources: source }),
    ...(category && { categories: category }),
    ...(search !== undefined && { search }),
    ...(reference !== undefined && { reference }),
    ...(view !== undefined && { view }),
    ...(archived && { archived }),
  };
}
