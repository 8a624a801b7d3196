/** The vendors at the top: the health of each, and a filter button. */
import type { Vendor } from '../__generated__/documents.ts';
import { VENDORS } from '../__generated__/vendor-fields.ts';
import { navigate } from '../address.ts';
import { count } from '../labels.ts';
import type { VendorView } from './use-vendors.ts';

interface VendorStripProps {
  readonly vendors: readonly VendorView[];
  readonly chosen: readonly Vendor[];
}

export function VendorStrip({ vendors, chosen }: VendorStripProps) {
  return (
    <section className="vendors" aria-label="Vendors" aria-busy={vendors.length === 0}>
      {vendors.length === 0 && VENDORS.map((key) => <span key={key} className="vendor" aria-hidden="true" />)}
      {vendors.map((vendor) => {
        const isChosen = chosen.includes(vendor.key);
        const next = isChosen ? chosen.filter((key) => key !== vendor.key) : [...chosen, vendor.key];
        return (
          <button
            key={vendor.key}
            type="button"
            className="vendor"
            data-health={vendor.health}
            aria-pressed={isChosen}
            title={vendor.detail === '' ? `Show only tickets of ${vendor.name}` : vendor.detail}
            onClick={() => navigate({ vendors: next })}
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
