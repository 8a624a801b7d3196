/** Unsent form values, stored by ticket and action, so that leaving a form loses nothing. */
import { currentCaller } from '../session/session.ts';
import { createTabStorage } from '../tab-storage.ts';
import { COMMENT } from './form-values.ts';

/** Values by field name. */
export type Values = Readonly<Record<string, string>>;

interface Draft {
  /** The action whose form was opened last. */
  readonly action: string;
  readonly values: Readonly<Record<string, Values>>;
  /** Shared by all actions of the ticket. */
  readonly comment: string;
}

type Drafts = Readonly<Record<string, Draft>>;

/** Older drafts are dropped. */
const MAX_DRAFTS = 50;

const stored = createTabStorage<Drafts>('drafts');

function readAll(): Drafts {
  return stored.read(currentCaller()) ?? {};
}

/** Returns the action with a saved draft, or `undefined`. */
export function draftedAction(ticketId: string): string | undefined {
  return readAll()[ticketId]?.action;
}

export function readDraft(ticketId: string, action: string): Values {
  const draft = readAll()[ticketId];
  return draft ? { ...draft.values[action], [COMMENT]: draft.comment } : {};
}

export function writeDraft(ticketId: string, action: string, values: Values): void {
  const { [ticketId]: draft, ...others } = readAll();
  const comment = values[COMMENT] ?? '';
  const next: Draft = { action, values: { ...draft?.values, [action]: values }, comment };
  const isEmpty = Object.values(next.values).every((form) => Object.values(form).every(isBlank)) && comment === '';
  const kept = Object.entries(others).slice(1 - MAX_DRAFTS);
  stored.write(currentCaller(), { ...Object.fromEntries(kept), ...(!isEmpty && { [ticketId]: next }) });
}

/** `0` is the value of a list without entries. */
export function isBlank(value = ''): boolean {
  return value === '' || value === '0';
}

/** Called after the form was sent. */
export function dropDraft(ticketId: string): void {
  const { [ticketId]: _, ...others } = readAll();
  stored.write(currentCaller(), others);
}
