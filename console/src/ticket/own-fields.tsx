/** What only this vendor's tickets have, by the SDL: names, kinds and what they mean come from there. */
import { VENDOR_FIELDS, type VendorField } from '../__generated__/vendor-fields.ts';
import type { ToldTicketFragment } from '../__generated__/documents.ts';
import { Breakable } from '../breakable.tsx';
import { Time } from '../time.tsx';
import { spaced, unscreamed } from '../words.ts';

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
          <div key={field.name} className={isLong(field, values[field.name]) ? 'long' : undefined}>
            <dt title={field.about}>{spaced(field.name)}</dt>
            <dd>
              <Value field={field} value={values[field.name]} />
            </dd>
          </div>
        ))}
      </dl>
      {untold.length > 0 && (
        <p className="muted small">Empty: {untold.map(({ name }) => spaced(name).toLowerCase()).join(', ')}.</p>
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

/** Words of a list of words are shown as people write them; the word itself can still be read by pointing at it. */
function Text({ field, text }: { readonly field: VendorField; readonly text: string }) {
  const words = field.isEnum || text.includes('_') ? unscreamed(text) : text;
  return words === text ? <Breakable text={text} /> : <span title={text}>{words}</span>;
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isEmpty);
  return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

/** Longer than a column: several words, or one that would have to be broken. */
function isLong({ type }: VendorField, value: unknown): boolean {
  if (typeof value !== 'string' || type === 'DateTime') return false;
  return value.length > 60 || value.split(/\s/).some((word) => word.length > 16);
}
