/** One input of an action as a form field, with its hint and its error. */
import { fieldLabel } from '../labels.ts';
import type { Field } from './action.ts';
import { describeBounds } from './form-values.ts';

interface FormFieldProps {
  readonly input: Field;
  /** Field name in the form. */
  readonly name: string;
  /** Previously typed value. */
  readonly initialValue: string | undefined;
  readonly error: string | undefined;
}

export function FormField({ input, name, initialValue, error }: FormFieldProps) {
  const id = `input-${name}`;
  const hint = hintOf(input);
  return (
    <div className="field">
      <label htmlFor={id}>
        {fieldLabel(input.name)}
        <RequiredMark isRequired={input.required} />
      </label>
      <Control
        input={input}
        name={name}
        initialValue={initialValue}
        id={id}
        error={error}
        describedBy={hint === '' ? undefined : `${id}-hint`}
      />
      {hint !== '' && (
        <p id={`${id}-hint`} className="muted small">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
    </div>
  );
}

export function RequiredMark({ isRequired }: { readonly isRequired: boolean }) {
  return isRequired ? <span className="needed">required</span> : <span className="muted">optional</span>;
}

interface ControlProps extends FormFieldProps {
  readonly id: string;
  readonly describedBy: string | undefined;
}

function Control({ input, name, initialValue, id, error, describedBy }: ControlProps) {
  const described = [describedBy, error === undefined ? undefined : `${id}-error`].filter(Boolean).join(' ');
  const shared = {
    id,
    name,
    'aria-required': input.required,
    defaultValue: initialValue,
    'aria-invalid': error !== undefined,
    ...(described !== '' && { 'aria-describedby': described }),
  };
  const options = input.type === 'BOOLEAN' ? YES_OR_NO : input.options;
  if (options) {
    return (
      <select {...shared} defaultValue={initialValue ?? ''}>
        <option value="">{input.required ? 'Choose…' : 'Not set'}</option>
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  if (input.type === 'LIST' || input.type === 'OBJECT' || isLong(input)) return <textarea {...shared} rows={3} />;
  return <input {...shared} type="text" inputMode={input.type === 'INTEGER' ? 'numeric' : 'text'} autoComplete="off" />;
}

const YES_OR_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

function isLong({ type, maximumLength }: Field): boolean {
  return type === 'STRING' && (maximumLength === null || maximumLength > 100);
}

function hintOf({ type, itemType, options, minimum, maximum, maximumLength }: Field): string {
  if (options || type === 'BOOLEAN') return '';
  if (type === 'OBJECT') return 'A JSON object.';
  if (type === 'LIST' && !itemType) return 'One per line. Write entries with several fields as JSON objects.';
  const [before, after] = type === 'LIST' ? ['One per line. ', ' each'] : ['', ''];
  if ((itemType ?? type) === 'INTEGER') return `${before}A whole number${describeBounds(minimum, maximum)}${after}.`;
  return maximumLength === null ? before.trim() : `${before}At most ${maximumLength} characters${after}.`;
}
