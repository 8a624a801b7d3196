/** A list of objects: a group of fields for each entry that the user adds. */
import { useEffect, useRef, useState } from 'react';
import { fieldLabel } from '../labels.ts';
import type { Field } from './action.ts';
import type { Values } from './drafts.ts';
import { FormField, RequiredMark } from './form-field.tsx';
import { toItemName } from './form-values.ts';

interface EntryRowsProps {
  readonly input: Field;
  readonly items: readonly Field[];
  /** Previously typed values by field name. */
  readonly draft: Values;
  /** Errors by field name. */
  readonly fieldErrors: ReadonlyMap<string, string>;
  /** Called when rows are added or removed, because errors refer to row numbers. */
  onRowsChange(): void;
}

/** An optional list starts without a row, because every row is sent. */
export function EntryRows({ input, items, draft, fieldErrors, onRowsChange }: EntryRowsProps) {
  const { name } = input;
  // Row numbers are React keys: restored rows first, then a new number for each added row.
  const [restored] = useState(() => firstRows(input, draft));
  const [rows, setRows] = useState<readonly number[]>(restored);
  const next = useRef(restored.length);
  const rowElements = useRef(new Map<number, HTMLFieldSetElement>());
  const added = useRef<number>(undefined);
  const addButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (added.current === undefined) return;
    rowElements.current.get(added.current)?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    added.current = undefined;
  }, [rows]);

  const add = (): void => {
    added.current = next.current++;
    setRows([...rows, added.current]);
    onRowsChange();
  };
  const remove = (row: number): void => {
    setRows(rows.filter((other) => other !== row));
    onRowsChange();
    addButton.current?.focus();
  };
  const error = fieldErrors.get(name);
  return (
    <fieldset className="entries">
      <legend>
        {fieldLabel(name)} <RequiredMark isRequired={input.required} />
      </legend>
      <input type="hidden" name={name} value={rows.length} />
      {rows.map((row, index) => (
        <fieldset
          key={row}
          className="entry stack"
          ref={(element) => {
            if (element) rowElements.current.set(row, element);
            else rowElements.current.delete(row);
          }}
        >
          <legend>Entry {index + 1}</legend>
          {items.map((item) => {
            const itemName = toItemName(name, index, item.name);
            const initialValue = row < restored.length ? draft[toItemName(name, row, item.name)] : undefined;
            return (
              <FormField
                key={item.name}
                name={itemName}
                input={item}
                initialValue={initialValue}
                error={fieldErrors.get(itemName)}
              />
            );
          })}
          <div className="buttons">
            <button type="button" className="button quiet" onClick={() => remove(row)}>
              Remove entry {index + 1}
            </button>
          </div>
        </fieldset>
      ))}
      {error !== undefined && (
        <p id={`input-${name}-error`} className="field-error">
          {error}
        </p>
      )}
      <div className="buttons">
        <button
          type="button"
          id={`input-${name}`}
          ref={addButton}
          className="button"
          aria-describedby={error === undefined ? undefined : `input-${name}-error`}
          onClick={add}
        >
          Add an entry
        </button>
      </div>
    </fieldset>
  );
}

function firstRows({ name, required }: Field, draft: Values): readonly number[] {
  const count = draft[name] === undefined ? Number(required) : Number(draft[name]);
  return Array.from({ length: count }, (_, index) => index);
}
