/** The form of an action, made from its inputs: send it, or see first what would be sent. */
import { useEffect, useMemo, useRef, useState, type SyntheticEvent } from 'react';
import { flushSync } from 'react-dom';
import { Status } from '../board/status.tsx';
import { ActionFields } from './action-fields.tsx';
import type { Action, Input } from './action.ts';
import { COMMENT, readInputs, toItemName } from './form-values.ts';
import { Preview } from './preview.tsx';
import type { Given, Payload } from './use-attempt.ts';

interface ActionFormProps {
  readonly ticketId: string;
  readonly action: Action;
  readonly isSending: boolean;
  /** What was said to this form when it was last sent. */
  readonly refusal: Payload | undefined;
  onSend(given: Given): void;
  onCancel(): void;
}

export function ActionForm({ ticketId, action, isSending, refusal, onSend, onCancel }: ActionFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [mistakes, setMistakes] = useState<ReadonlyMap<string, string>>(new Map());
  const [previewed, setPreviewed] = useState<Given>();
  /** What was said of rows that are others now. */
  const [outdated, setOutdated] = useState<Payload>();
  useEffect(() => firstControl(form.current)?.focus(), []);

  const read = (): Given | undefined => {
    if (!form.current) return undefined;
    const data = new FormData(form.current);
    const typed = (name: string): string => textOf(data.get(name));
    const { inputs, mistakes: found } = readInputs(action.inputs, typed);
    // At once, so that a folded field is there to have the focus.
    flushSync(() => setMistakes(found));
    const first = [...found.keys()][0];
    if (first !== undefined) focusField(form.current, first);
    if (found.size > 0) return undefined;
    const comment = typed(COMMENT);
    return { ...(action.inputs.length > 0 && { inputs }), ...(comment.trim() !== '' && { comment }) };
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    const given = read();
    if (given) onSend(given);
  };
  const reshape = (): void => {
    setMistakes(new Map());
    setOutdated(refusal);
    setPreviewed(undefined);
  };
  const wrong = useMemo(() => {
    const said = refusedFields(refusal === outdated ? undefined : refusal, action.inputs);
    return new Map([...said, ...mistakes]);
  }, [refusal, outdated, mistakes]);
  return (
    <form
      ref={form}
      className="action-form stack"
      aria-label={action.label}
      noValidate
      onSubmit={submit}
      // What was shown is not what would be sent any more.
      onChange={() => setPreviewed(undefined)}
    >
      {action.resultingCategory && (
        <p className="muted small">
          Leads to <Status status={{ category: action.resultingCategory }} />
        </p>
      )}
      <ActionFields inputs={action.inputs} mistakes={wrong} onReshape={reshape} />
      <div className="buttons">
        <button type="submit" className="button primary" disabled={isSending}>
          {isSending ? 'Sending…' : action.label}
        </button>
        <button type="button" className="button" disabled={isSending} onClick={() => setPreviewed(read())}>
          Preview
        </button>
        <button type="button" className="button quiet" disabled={isSending} onClick={onCancel}>
          Back
        </button>
      </div>
      {previewed && <Preview key={JSON.stringify(previewed)} input={{ ticketId, action: action.name, ...previewed }} />}
    </form>
  );
}

/** A form without anything to fill in is confirmed with one more key. */
function firstControl(form: HTMLFormElement | null): HTMLElement | null | undefined {
  return (
    form?.querySelector<HTMLElement>('[aria-required="true"]') ?? form?.querySelector<HTMLElement>('[type=submit]')
  );
}

function focusField(form: HTMLFormElement, name: string): void {
  form.querySelector<HTMLElement>(`[id="input-${name}"]`)?.focus();
}

function textOf(value: FormDataEntryValue | null): string {
  return typeof value === 'string' ? value : '';
}

/** What the endpoint found wrong with a field stands at that field. */
function refusedFields(refusal: Payload | undefined, inputs: readonly Input[]): ReadonlyMap<string, string> {
  const pairs = (refusal?.problems ?? []).flatMap(({ field, message }) => {
    const [name, index, item] = (field ?? []).filter((part) => part !== 'inputs');
    if (name === undefined) return [];
    const isInRow = item !== undefined && inputs.some((input) => input.name === name && input.items);
    return [[isInRow ? toItemName(name, Number(index), item) : name, message] as const];
  });
  return new Map(pairs);
}
