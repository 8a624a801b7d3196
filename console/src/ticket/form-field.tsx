/** One input of an action as a field of a form: options as a select, what is needed marked, what is wrong beside it. */
import { spaced } from '../words.ts';
import type { Field } from './action.ts';
import { describeBounds } from './form-values.ts';

interface FormFieldProps {
  readonly input: Field;
  /** What it is called in the form. */
  readonly name: string;
  /** What it holds at first, because it was typed before. */
  readonly typed: string | undefined;
  readonly mistake: string | undefined;
}

export function FormField({ input, name, typed, mistake }: FormFieldProps) {
  const id = `input-${name}`;
  const hint = hintOf(input);
  return (
    <div className="field">
      <label htmlFor={id}>
        {spaced(input.name)}
        <Needed isRequired={input.required} />
      </label>
      <Control
        input={input}
        name={name}
        typed={typed}
        id={id}
        mistake={mistake}
        describedBy={hint === '' ? undefined : `${id}-hint`}
      />
      {hint !== '' && (
        <p id={`${id}-hint`} className="muted small">
          {hint}
        </p>
      )}
      {mistake !== undefined && (
        <p id={`${id}-mistake`} className="mistake">
          {mistake}
        </p>
      )}
    </div>
  );
}

export function Needed({ isRequired }: { readonly isRequired: boolean }) {
  return isRequired ? <span className="needed">needed</span> : <span className="muted">optional</span>;
}

interface ControlProps extends FormFieldProps {
  readonly id: string;
  readonly describedBy: string | undefined;
}

function Control({ input, name, typed, id, mistake, describedBy }: ControlProps) {
  const described = [describedBy, mistake === undefined ? undefined : `${id}-mistake`].filter(Boolean).join(' ');
  const shared = {
    id,
    name,
    'aria-required': input.required,
    defaultValue: typed,
    'aria-invalid': mistake !== undefined,
    ...(described !== '' && { 'aria-describedby': described }),
  };
  const options = input.type === 'BOOLEAN' ? YES_OR_NO : input.options;
  if (options) {
    return (
      <select {...shared} defaultValue={typed ?? ''}>
        <option value="">{input.required ? 'Choose…' : 'Leave it open'}</option>
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
  if (type === 'LIST' && !itemType) return 'One a line. An entry with fields of its own is a JSON object.';
  const [before, after] = type === 'LIST' ? ['One a line. ', ' each'] : ['', ''];
  if ((itemType ?? type) === 'INTEGER') return `${before}A whole number${describeBounds(minimum, maximum)}${after}.`;
  return maximumLength === null ? before.trim() : `${before}At most ${maximumLength} characters${after}.`;
}
