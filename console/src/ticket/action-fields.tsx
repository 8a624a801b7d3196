/** The fields of an action's form: what is needed comes first, many that nobody has to fill in are folded away. */
import { useLayoutEffect, useState, type ReactNode } from 'react';
import { count, spaced } from '../words.ts';
import type { Input } from './action.ts';
import { isNothing, type Values } from './drafts.ts';
import { EntryRows } from './entry-rows.tsx';
import { FormField } from './form-field.tsx';
import { COMMENT } from './form-values.ts';

interface ActionFieldsProps {
  readonly inputs: readonly Input[];
  /** What was typed before, by the name of the field. */
  readonly draft: Values;
  /** By the name of the field. */
  readonly mistakes: ReadonlyMap<string, string>;
  /** Rows have come or gone. */
  onReshape(): void;
}

export function ActionFields({ inputs, draft, mistakes, onReshape }: ActionFieldsProps) {
  const toField = (input: Input): ReactNode => {
    const { name, items } = input;
    if (items) return <EntryRows key={name} {...{ input, items, draft, mistakes, onReshape }} />;
    return <FormField key={name} name={name} input={input} typed={draft[name]} mistake={mistakes.get(name)} />;
  };
  const isWrong = ({ name }: Input): boolean =>
    [...mistakes.keys()].some((at) => at === name || at.startsWith(`${name}.`));
  const { shown, folded } = arrange(inputs);
  const [isUnfolded, setUnfolded] = useState(() => folded.some(({ name }) => !isNothing(draft[name])));
  // Each time that something is said, also to who has folded it meanwhile; nothing but the person folds it again.
  useLayoutEffect(() => {
    if (folded.some(isWrong)) setUnfolded(true);
  }, [mistakes]);
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
  const needed = inputs.filter(({ required }) => required);
  const optional = inputs.filter(({ required }) => !required);
  return optional.length > 2 ? { shown: needed, folded: optional } : { shown: [...needed, ...optional], folded: [] };
}

/** Every action takes one; whether its vendor has a place for it is said by the outcome. */
function Comment({ draft }: Pick<ActionFieldsProps, 'draft'>) {
  return (
    <div className="field">
      <label htmlFor="input-comment">
        {spaced(COMMENT)}
        <span className="muted">optional</span>
      </label>
      <textarea id="input-comment" name={COMMENT} rows={2} defaultValue={draft[COMMENT]} />
    </div>
  );
}
