/** The fields of an action's form: required fields first. More than two optional fields are collapsed. */
import { useLayoutEffect, useState, type ReactNode } from 'react';
import { count, fieldLabel } from '../labels.ts';
import type { Input } from './action.ts';
import { isBlank, type Values } from './drafts.ts';
import { EntryRows } from './entry-rows.tsx';
import { FormField } from './form-field.tsx';
import { COMMENT } from './form-values.ts';

interface ActionFieldsProps {
  readonly inputs: readonly Input[];
  /** Previously typed values by field name. */
  readonly draft: Values;
  /** Errors by field name. */
  readonly fieldErrors: ReadonlyMap<string, string>;
  /** Called when rows are added or removed. */
  onRowsChange(): void;
}

export function ActionFields({ inputs, draft, fieldErrors, onRowsChange }: ActionFieldsProps) {
  const toField = (input: Input): ReactNode => {
    const { name, items } = input;
    if (items) return <EntryRows key={name} {...{ input, items, draft, fieldErrors, onRowsChange }} />;
    return <FormField key={name} name={name} input={input} initialValue={draft[name]} error={fieldErrors.get(name)} />;
  };
  const hasError = ({ name }: Input): boolean =>
    [...fieldErrors.keys()].some((path) => path === name || path.startsWith(`${name}.`));
  const { shown, folded } = arrange(inputs);
  const [isUnfolded, setUnfolded] = useState(() => folded.some(({ name }) => !isBlank(draft[name])));
  // Expands on every new error, even if the user collapsed it. Only the user collapses it.
  useLayoutEffect(() => {
    if (folded.some(hasError)) setUnfolded(true);
  }, [fieldErrors]);
  return (
    <>
      {shown.map(toField)}
      {!inputs.some(({ name }) => name === COMMENT) && <Comment draft={draft} />}
      {folded.length > 0 && (
        <details className="folded" open={isUnfolded} onToggle={({ currentTarget }) => setUnfolded(currentTarget.open)}>
          <summary>{count(folded.length, 'more field')}, all optional</summary>
          <div className="stack">{folded.map(toField)}</div>
        </details>
      )}
    </>
  );
}

function arrange(inputs: readonly Input[]): { shown: readonly Input[]; folded: readonly Input[] } {
  const required = inputs.filter((input) => input.required);
  const optional = inputs.filter((input) => !input.required);
  return optional.length > 2
    ? { shown: required, folded: optional }
    : { shown: [...required, ...optional], folded: [] };
}

/** Offered for every action. The outcome reports if the vendor does not support comments. */
function Comment({ draft }: Pick<ActionFieldsProps, 'draft'>) {
  return (
    <div className="field">
      <label htmlFor="input-comment">
        {fieldLabel(COMMENT)}
        <span className="muted">optional</span>
      </label>
      <textarea id="input-comment" name={COMMENT} rows={2} defaultValue={draft[COMMENT]} />
    </div>
  );
}
