/** The form of an action, built from its inputs, with a preview of the request. */
import { useEffect, useMemo, useRef, useState, type SyntheticEvent } from 'react';
import { flushSync } from 'react-dom';
import { Status } from '../board/status.tsx';
import { confirm } from '../confirm.tsx';
import { ActionFields } from './action-fields.tsx';
import type { Action, Input } from './action.ts';
import { COMMENT, readInputs, toItemName } from './form-values.ts';
import { Preview } from './preview.tsx';
import type { FormInput } from '../writes/send.ts';
import type { ActPayload } from '../writes/write.ts';
import { readDraft, writeDraft, type Values } from './drafts.ts';

interface ActionFormProps {
  readonly ticketId: string;
  /** The ticket's reference. */
  readonly reference: string;
  readonly action: Action;
  readonly takesFocus: boolean;
  readonly isSending: boolean;
  /** The payload if the last submission was rejected. */
  readonly rejection: ActPayload | undefined;
  onSend(formInput: FormInput): void;
  onCancel(): void;
}

export function ActionForm({
  ticketId,
  reference,
  action,
  takesFocus,
  isSending,
  rejection,
  onSend,
  onCancel,
}: ActionFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [draft] = useState<Values>(() => readDraft(ticketId, action.name));
  const [fieldErrors, setFieldErrors] = useState<ReadonlyMap<string, string>>(new Map());
  const [previewed, setPreviewed] = useState<FormInput>();
  /** A rejection that no longer applies, because rows were added or removed. */
  const [outdated, setOutdated] = useState<ActPayload>();
  useEffect(() => {
    if (takesFocus) firstControl(form.current)?.focus();
  }, []);

  const read = (): FormInput | undefined => {
    if (!form.current) return undefined;
    const data = new FormData(form.current);
    const valueOf = (name: string): string => textOf(data.get(name));
    const { inputs, fieldErrors: found } = readInputs(action.inputs, valueOf);
    // Synchronously, so that a collapsed field is rendered before it is focused.
    flushSync(() => setFieldErrors(found));
    const first = [...found.keys()][0];
    if (first !== undefined) focusField(form.current, first);
    if (found.size > 0) return undefined;
    const comment = valueOf(COMMENT);
    return { ...(action.inputs.length > 0 && { inputs }), ...(comment.trim() !== '' && { comment }) };
  };
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const formInput = read();
    if (!formInput || isSending) return;
    const isConfirmed = !action.destructive || (await confirm(toQuestion(action.label, reference)));
    if (isConfirmed) onSend(formInput);
  };
  const saveDraft = (): void => {
    if (form.current) writeDraft(ticketId, action.name, valuesOf(form.current));
  };
  // Adding or removing rows fires no change event.
  useEffect(saveDraft, [fieldErrors]);
  const onRowsChange = (): void => {
    setFieldErrors(new Map());
    setOutdated(rejection);
    setPreviewed(undefined);
  };
  const allErrors = useMemo(() => {
    const rejected = rejectedFields(rejection === outdated ? undefined : rejection, action.inputs);
    return new Map([...rejected, ...fieldErrors]);
  }, [rejection, outdated, fieldErrors]);
  return (
    <form
      ref={form}
      className="action-form stack"
      aria-label={action.label}
      noValidate
      onSubmit={(event) => void submit(event)}
      onChange={() => {
        // The preview is outdated.
        setPreviewed(undefined);
        saveDraft();
      }}
    >
      {action.resultingCategory && (
        <p className="muted small">
          Changes status to <Status status={{ category: action.resultingCategory }} />
        </p>
      )}
      <ActionFields inputs={action.inputs} draft={draft} fieldErrors={allErrors} onRowsChange={onRowsChange} />
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

/** Never the submit button: a key that is still held would press it. */
function firstControl(form: HTMLFormElement | null): HTMLElement | null | undefined {
  return form?.querySelector<HTMLElement>('[aria-required="true"]') ?? form?.querySelector<HTMLElement>(COMMENT_FIELD);
}

const COMMENT_FIELD = `[id="input-${COMMENT}"]`;

function toQuestion(label: string, reference: string) {
  return {
    title: `Send “${label}” for ${reference}?`,
    text: 'This discards the ticket or the work on it, and cannot be undone here.',
    confirmLabel: `Yes, send “${label}”`,
  };
}

function valuesOf(form: HTMLFormElement): Values {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, textOf(value)]));
}

function focusField(form: HTMLFormElement, name: string): void {
  form.querySelector<HTMLElement>(`[id="input-${name}"]`)?.focus();
}

function textOf(value: FormDataEntryValue | null): string {
  return typeof value === 'string' ? value : '';
}

/** Returns the endpoint's errors by field name. */
function rejectedFields(rejection: ActPayload | undefined, inputs: readonly Input[]): ReadonlyMap<string, string> {
  const pairs = (rejection?.problems ?? []).flatMap(({ field, message }) => {
    const [name, index, item] = (field ?? []).filter((part) => part !== 'inputs');
    if (name === undefined) return [];
    const isInRow = item !== undefined && inputs.some((input) => input.name === name && input.items);
    return [[isInRow ? toItemName(name, Number(index), item) : name, message] as const];
  });
  return new Map(pairs);
}
