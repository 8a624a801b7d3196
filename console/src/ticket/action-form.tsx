/** The form of an action, made from its inputs: send it, or see first what would be sent. */
import { useEffect, useMemo, useRef, useState, type SyntheticEvent } from 'react';
import { flushSync } from 'react-dom';
import { Status } from '../board/status.tsx';
import { confirm } from '../confirm.tsx';
import { ActionFields } from './action-fields.tsx';
import type { Action, Input } from './action.ts';
import { COMMENT, readInputs, toItemName } from './form-values.ts';
import { Preview } from './preview.tsx';
import type { Given } from '../writes/send.ts';
import type { ActPayload } from '../writes/write.ts';
import { readDraft, writeDraft, type Values } from './drafts.ts';

interface ActionFormProps {
  readonly ticketId: string;
  /** What people call the ticket. */
  readonly reference: string;
  readonly action: Action;
  readonly takesFocus: boolean;
  readonly isSending: boolean;
  /** What was said to this form when it was last sent. */
  readonly refusal: ActPayload | undefined;
  onSend(given: Given): void;
  onCancel(): void;
}

export function ActionForm({
  ticketId,
  reference,
  action,
  takesFocus,
  isSending,
  refusal,
  onSend,
  onCancel,
}: ActionFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [draft] = useState<Values>(() => readDraft(ticketId, action.name));
  const [mistakes, setMistakes] = useState<ReadonlyMap<string, string>>(new Map());
  const [previewed, setPreviewed] = useState<Given>();
  /** What was said of rows that are others now. */
  const [outdated, setOutdated] = useState<ActPayload>();
  useEffect(() => {
    if (takesFocus) firstControl(form.current)?.focus();
  }, []);

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
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const given = read();
    if (!given || isSending) return;
    const isMeant = !action.destructive || (await confirm(toQuestion(action.label, reference)));
    if (isMeant) onSend(given);
  };
  const keep = (): void => {
    if (form.current) writeDraft(ticketId, action.name, valuesOf(form.current));
  };
  // Rows that have come or gone make no change event.
  useEffect(keep, [mistakes]);
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
      onSubmit={(event) => void submit(event)}
      onChange={() => {
        // What was shown is not what would be sent any more.
        setPreviewed(undefined);
        keep();
      }}
    >
      {action.resultingCategory && (
        <p className="muted small">
          Leads to <Status status={{ category: action.resultingCategory }} />
        </p>
      )}
      <ActionFields inputs={action.inputs} draft={draft} mistakes={wrong} onReshape={reshape} />
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

/** Never the button that sends: a key that is still held would press it. */
function firstControl(form: HTMLFormElement | null): HTMLElement | null | undefined {
  return form?.querySelector<HTMLElement>('[aria-required="true"]') ?? form?.querySelector<HTMLElement>(COMMENT_FIELD);
}

const COMMENT_FIELD = `[id="input-${COMMENT}"]`;

function toQuestion(label: string, reference: string) {
  return {
    title: `Send “${label}” for ${reference}?`,
    text: 'It discards the ticket or the work on it. It cannot be taken back here.',
    yes: `Yes, send “${label}”`,
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

/** What the endpoint found wrong with a field stands at that field. */
function refusedFields(refusal: ActPayload | undefined, inputs: readonly Input[]): ReadonlyMap<string, string> {
  const pairs = (refusal?.problems ?? []).flatMap(({ field, message }) => {
    const [name, index, item] = (field ?? []).filter((part) => part !== 'inputs');
    if (name === undefined) return [];
    const isInRow = item !== undefined && inputs.some((input) => input.name === name && input.items);
    return [[isInRow ? toItemName(name, Number(index), item) : name, message] as const];
  });
  return new Map(pairs);
}
