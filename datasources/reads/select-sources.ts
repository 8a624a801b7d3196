/** Which sources a list asks. */
import type { TicketSource } from '../contract.ts';
import type { Connected } from '../upstream/connect-source.ts';
import { invalidInput } from '../vendor-kit/failure.ts';
import { show } from '../vendor-kit/global-id.ts';
import { toVendorEnum } from '../vendor-kit/source-key.ts';

/**
 * The sources that a list asks: all configured ones, or those of the given vendors, or the given ones. A vendor that is
 * named and has no configured source is asked too, so that the page says why it has none of its tickets.
 *
 * @throws Failure `invalid-input` if a key is not that of a source
 */
export function selectSources(
  known: ReadonlyMap<string, TicketSource>,
  connected: ReadonlyMap<string, Connected>,
  vendors: readonly string[] | null,
  keys: readonly string[] | null,
): readonly TicketSource[] {
  const unknown = keys?.find((key) => !known.has(key));
  if (unknown !== undefined) {
    const message = `filter.sources contains ${show(unknown)}, which is no source here. Known sources: ${[...known.keys()].join(', ')}.`;
    throw invalidInput(message, 'filter', 'sources');
  }
  const hasConfigured = new Set(Array.from(connected.values(), ({ source }) => source.vendor));
  return [...known.values()].filter(({ key, vendor }) => {
    if (vendors !== null && !vendors.includes(toVendorEnum(key))) return false;
    if (keys !== null) return keys.includes(key);
    return connected.has(key) || (vendors !== null && !hasConfigured.has(vendor));
  });
}
