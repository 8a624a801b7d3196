/** The vendors at the top, or their sources where there are several: the health of each, and a filter button. */
import { VENDORS } from '../__generated__/vendor-fields.ts';
import { navigate, type Address } from '../address.ts';
import { count } from '../labels.ts';
import type { VendorView } from './use-vendors.ts';

interface VendorStripProps {
  readonly vendors: readonly VendorView[];
  readonly address: Address;
}

export function VendorStrip({ vendors, address }: VendorStripProps) {
  return (
    <section className="vendors" aria-label="Vendors" aria-busy={vendors.length === 0}>
      {vendors.length === 0 && VENDORS.map((key) => <span key={key} className="vendor" aria-hidden="true" />)}
      {vendors.map((vendor) => {
        return (
          <button
            key={vendor.sourceId}
            type="button"
            className="vendor"
            data-health={vendor.health}
            aria-pressed={isChosen(vendor, address)}
            title={vendor.detail === '' ? `Show only tickets of ${vendor.name}` : vendor.detail}
            onClick={() => navigate(toggled(vendor, vendors, address))}
          >
            <span className="vendor-name">{vendor.name}</span>
            <span className="vendor-state">
              <span className="vendor-word">{vendor.label}</span>
              {vendor.totalCount !== null && <span className="vendor-count">{count(vendor.totalCount, 'ticket')}</span>}
            </span>
          </button>
        );
      })}
    </section>
  );
}

function isChosen({ key, sourceId }: VendorView, { vendors, sources }: Address): boolean {
  if (vendors.length + sources.length === 0) return false;
  return (vendors.length === 0 || vendors.includes(key)) && (sources.length === 0 || sources.includes(sourceId));
}

/** By source if there are several of any vendor: a filter of some vendors and of some sources would be both at once. */
function toggled(view: VendorView, views: readonly VendorView[], address: Address): Partial<Address> {
  const isBySource = address.sources.length > 0 || views.some(({ isOneOfSeveral }) => isOneOfSeveral);
  if (!isBySource) return { vendors: [...new Set(address.vendors).symmetricDifference(new Set([view.key]))] };
  const chosen = views.filter((one) => isChosen(one, address)).map(({ sourceId }) => sourceId);
  return { vendors: [], sources: [...new Set(chosen).symmetricDifference(new Set([view.sourceId]))] };
}
