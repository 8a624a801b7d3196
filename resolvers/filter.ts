/** The filter of tickets as the datasources take it. */
import { invalidInput } from '../datasources/vendor-kit/failure.ts';
import type { TicketFilter } from '../schema/__generated__/types.ts';

/** Longest text of a filter. */
const MAX_CHARACTERS = 256;

/** The filter with its defaults. @throws Failure `invalid-input` for a text that is too long. */
export function toFilter({ vendors, sources, categories, search, reference, view, archived, group }: TicketFilter) {
  return {
    vendors: vendors ?? null,
    sources: sources ?? null,
    categories: categories ?? null,
    search: checkText(search, 'search'),
    reference: checkText(reference, 'reference'),
    view: checkText(view, 'view'),
    archived: archived ?? false,
    // Unlike other texts, an empty one is a value.
    group: group ?? null,
  };
}

/** Returns the trimmed text; null if it is empty. @throws Failure `invalid-input` if it is too long. */
function checkText(value: string | null | undefined, name: string): string | null {
  const text = value?.trim() ?? '';
  if (text.length > MAX_CHARACTERS) {
    throw invalidInput(`filter.${name} must have at most ${MAX_CHARACTERS} characters.`, 'filter', name);
  }
  return text === '' ? null : text;
}
