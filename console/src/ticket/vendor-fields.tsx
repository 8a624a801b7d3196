/** Fields that only this vendor's tickets have. Names, types and descriptions come from the SDL. */
import { VENDOR_FIELDS, type VendorField } from '../__generated__/vendor-fields.ts';
import type { TicketDetailsFragment } from '../__generated__/documents.ts';
import { Breakable } from '../breakable.tsx';
import { useChangedFields } from '../live/changed-fields.ts';
import { Time } from '../time.tsx';
import { fieldLabel, enumLabel } from '../labels.ts';

interface VendorFieldsProps {
  readonly ticket: TicketDetailsFragment;
}

export function VendorFields({ ticket }: VendorFieldsProps) {
  const values = ticket as unknown as Readonly<Record<string, unknown>>;
  const fields = VENDOR_FIELDS[ticket.__typename] ?? [];
  const changed = useChangedFields().get(ticket.id);
  const filled = fields.filter(({ name }) => !isEmpty(values[name]));
  const empty = fields.filter(({ name }) => isEmpty(values[name]));
  return (
    <section aria-labelledby="fields-title">
      <h3 id="fields-title">Fields</h3>
      <dl className="fields">
        {filled.map((field) => (
          <div
            key={field.name}
            className={isLong(field, values[field.name]) ? 'long' : undefined}
            data-changed={changed?.has(field.name) ?? false}
          >
            <dt title={field.about}>{fieldLabel(field.name)}</dt>
            <dd>
              <Value field={field} value={values[field.name]} />
            </dd>
          </div>
        ))}
      </dl>
      {empty.length > 0 && (
        <p className="muted small">Empty: {empty.map(({ name }) => fieldLabel(name).toLowerCase()).join(', ')}.</p>
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
        {value
          .filter((entry) => !isEmpty(entry))
          .map((entry, index) => (
            <li key={index}>
              <Text field={field} text={String(entry)} />
            </li>
          ))}
      </ul>
    );
  }
  return field.type === 'DateTime' ? <Time at={String(value)} /> : <Text field={field} text={String(value)} />;
}

/** Formats enum values as text, with the raw value as tooltip. */
function Text({ field, text }: { readonly field: VendorField; readonly text: string }) {
  const label = field.isEnum || text.includes('_') ? enumLabel(text) : text;
  return label === text ? <Breakable text={text} /> : <span title={text}>{label}</span>;
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isEmpty);
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** Whether the text does not fit into one column. */
function isLong({ type }: VendorField, value: unknown): boolean {
  if (typeof value !== 'string' || type === 'DateTime') return false;
  return value.length > 60 || value.split(/\s/).some((word) => word.length > 16);
}
