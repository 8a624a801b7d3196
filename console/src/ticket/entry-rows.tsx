/** A list whose entries are objects: a row of fields for each, as many as the person adds. */
import { useEffect, useRef, useState } from 'react';
import { spaced } from '../words.ts';
import type { Field } from './action.ts';
import type { Values } from './drafts.ts';
import { FormField, Needed } from './form-field.tsx';
import { toItemName } from './form-values.ts';

interface EntryRowsProps {
  readonly input: Field;
  readonly items: readonly Field[];
  /** What was typed before, by the name of the field. */
  readonly draft: Values;
  /** By the name of the field. */
  readonly mistakes: ReadonlyMap<string, string>;
  /** The rows are others now, and what was said of them does not hold any more. */
  onReshape(): void;
}

/** What is there is meant: a list that may be left out begins without a row. */
export function EntryRows({ input, items, draft, mistakes, onReshape }: EntryRowsProps) {
  const { name } = input;
  // As many as were left, then one number for each that is added: none is used again.
  const [restored] = useState(() => firstRows(input, draft));
  const [rows, setRows] = useState<readonly number[]>(restored);
  const next = useRef(restored.length);
  const places = useRef(new Map<number, HTMLFieldSetElement>());
  const added = useRef<number>(undefined);
  const adding = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (added.current === undefined) return;
    places.current.get(added.current)?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    added.current = undefined;
  }, [rows]);

  const add = (): void => {
    added.current = next.current++;
    setRows([...rows, added.current]);
    onReshape();
  };
  const remove = (row: number): void => {
    setRows(rows.filter((other) => other !== row));
    onReshape();
    adding.current?.focus();
  };
  const mistake = mistakes.get(name);
  return (
    <fieldset className="entries">
      <legend>
        {spaced(name)} <Needed isRequired={input.required} />
      </legend>
      <input type="hidden" name={name} value={rows.length} />
      {rows.map((row, index) => (
        <fieldset
          key={row}
          className="entry stack"
          ref={(place) => {
            if (place) places.current.set(row, place);
            else places.current.delete(row);
          }}
        >
          <legend>Entry {index + 1}</legend>
          {items.map((item) => {
            const itemName = toItemName(name, index, item.name);
            const typed = row < restored.length ? draft[toItemName(name, row, item.name)] : undefined;
            return (
              <FormField key={item.name} name={itemName} input={item} {...{ typed }} mistake={mistakes.get(itemName)} />
            );
          })}
          <div className="buttons">
            <button type="button" className="button quiet" onClick={() => remove(row)}>
              Remove entry {index + 1}
            </button>
          </div>
        </fieldset>
      ))}
      {mistake !== undefined && (
        <p id={`input-${name}-mistake`} className="mistake">
          {mistake}
        </p>
      )}
      <div className="buttons">
        <button
          type="button"
          id={`input-${name}`}
          ref={adding}
          className="button"
          aria-describedby={mistake === undefined ? undefined : `input-${name}-mistake`}
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
