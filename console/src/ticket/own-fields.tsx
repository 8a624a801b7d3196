/** What only this vendor's tickets have, by the SDL: names, kinds and what they mean come from there. */
import { VENDOR_FIELDS, type VendorField } from '../__generated__/vendor-fields.ts';
import type { ToldTicketFragment } from '../__generated__/documents.ts';
import { Time } from '../time.tsx';
import { spaced } from '../words.ts';

interface OwnFieldsProps {
  readonly ticket: ToldTicketFragment;
}

export function OwnFields({ ticket }: OwnFieldsProps) {
  const values = ticket as unknown as Readonly<Record<string, unknown>>;
  const fields = VENDOR_FIELDS[ticket.__typename] ?? [];
  const told = fields.filter(({ name }) => !isEmpty(values[name]));
  const untold = fields.filter(({ name }) => isEmpty(values[name]));
  return (
    <section aria-labelledby="fields-title">
      <h3 id="fields-title">Fields</h3>
      <dl className="fields">
        {told.map((field) => (
          <div key={field.name} className={isLong(values[field.name]) ? 'long' : undefined}>
            <dt title={field.about}>{spaced(field.name)}</dt>
            <dd>
              <Value field={field} value={values[field.name]} />
            </dd>
          </div>
        ))}
      </dl>
      {untold.length > 0 && (
        <p className="muted small">Not told: {untold.map(({ name }) => spaced(name).toLowerCase()).join(', ')}.</p>
      )}
    </section>
  );
}

interface ValueProps {
  readonly field: VendorField;
  readonly value: unknown;
}

function Value({ field, value }: ValueProps) {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) {
    return (
      <ul className="values">
        {value.map((entry) => (
          <li key={String(entry)}>{String(entry)}</li>
        ))}
      </ul>
    );
  }
  const text = String(value);
  return field.type === 'DateTime' ? <Time at={text} /> : text;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function isLong(value: unknown): boolean {
  return typeof value === 'string' && value.length > 60;
}
