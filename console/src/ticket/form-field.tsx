/** One input of an action as a field of a form: options as a select, what is needed marked, what is wrong beside it. */
import { spaced } from '../words.ts';
import type { Input } from './action.ts';
import { describeBounds } from './form-values.ts';

interface FormFieldProps {
  readonly input: Input;
  readonly mistake: string | undefined;
}

export function FormField({ input, mistake }: FormFieldProps) {
  const id = `input-${input.name}`;
  const hint = hintOf(input);
  return (
    <div className="field">
      <label htmlFor={id}>
        {spaced(input.name)}
        {input.required ? <span className="needed">needed</span> : <span className="muted">optional</span>}
      </label>
      <Control input={input} id={id} mistake={mistake} describedBy={hint === '' ? undefined : `${id}-hint`} />
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

interface ControlProps extends FormFieldProps {
  readonly id: string;
  readonly describedBy: string | undefined;
}

function Control({ input, id, mistake, describedBy }: ControlProps) {
  const described = [describedBy, mistake === undefined ? undefined : `${id}-mistake`].filter(Boolean).join(' ');
  const shared = {
    id,
    name: input.name,
    'aria-required': input.required,
    'aria-invalid': mistake !== undefined,
    ...(described !== '' && { 'aria-describedby': described }),
  };
  const options = input.type === 'BOOLEAN' ? YES_OR_NO : input.options;
  if (options) {
    return (
      <select {...shared} defaultValue="">
        <option value="">{input.required ? 'Choose…' : 'Leave it open'}</option>
        {options.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  if (input.type === 'LIST' || isLong(input)) return <textarea {...shared} rows={3} />;
  return <input {...shared} type="text" inputMode={input.type === 'INTEGER' ? 'numeric' : 'text'} autoComplete="off" />;
}

const YES_OR_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

function isLong({ type, maximumLength }: Input): boolean {
  return type === 'STRING' && (maximumLength === null || maximumLength > 100);
}

function hintOf({ type, options, minimum, maximum, maximumLength }: Input): string {
  if (options || type === 'BOOLEAN') return '';
  if (type === 'LIST') return 'One a line. An entry with fields of its own is a JSON object.';
  if (type === 'INTEGER') return `A whole number${describeBounds(minimum, maximum)}.`;
  return maximumLength === null ? '' : `At most ${maximumLength} characters.`;
}
