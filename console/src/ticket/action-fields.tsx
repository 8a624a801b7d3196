/** The fields of an action's form: what is needed comes first, many that nobody has to fill in are folded away. */
import type { ReactNode } from 'react';
import { count, spaced } from '../words.ts';
import type { Input } from './action.ts';
import { FormField } from './form-field.tsx';
import { COMMENT } from './form-values.ts';

interface ActionFieldsProps {
  readonly inputs: readonly Input[];
  mistakeAt(name: string): string | undefined;
}

export function ActionFields({ inputs, mistakeAt }: ActionFieldsProps) {
  const toField = (input: Input): ReactNode => (
    <FormField key={input.name} input={input} mistake={mistakeAt(input.name)} />
  );
  const { shown, folded } = arrange(inputs);
  return (
    <>
      {shown.map(toField)}
      {!inputs.some(({ name }) => name === COMMENT) && <Comment />}
      {folded.length > 0 && (
        <details className="folded" open={folded.some(({ name }) => mistakeAt(name) !== undefined) || undefined}>
          <summary>{count(folded.length, 'more field')}, all optional</summary>
          <div className="stack">{folded.map(toField)}</div>
        </details>
      )}
    </>
  );
}

function arrange(inputs: readonly Input[]): { shown: readonly Input[]; folded: readonly Input[] } {
  const needed = inputs.filter(({ required }) => required);
  const optional = inputs.filter(({ required }) => !required);
  return optional.length > 2 ? { shown: needed, folded: optional } : { shown: [...needed, ...optional], folded: [] };
}

/** Every action takes one; whether its vendor has a place for it is said by the outcome. */
function Comment() {
  return (
    <div className="field">
      <label htmlFor="input-comment">
        {spaced(COMMENT)}
        <span className="muted">optional</span>
      </label>
      <textarea id="input-comment" name={COMMENT} rows={2} />
    </div>
  );
}
