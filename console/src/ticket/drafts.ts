/** What was typed into a form and not sent: kept for each ticket and action, so that leaving the form loses nothing. */
import { currentOwner } from '../session/session.ts';
import { createStored } from '../stored.ts';
import { COMMENT } from './form-values.ts';

/** By the name of the field in the form. */
export type Values = Readonly<Record<string, string>>;

interface Draft {
  /** The action whose form was open last. */
  readonly action: string;
  readonly values: Readonly<Record<string, Values>>;
  /** The same for all actions of the ticket. */
  readonly comment: string;
}

type Drafts = Readonly<Record<string, Draft>>;

/** The oldest go first. */
const MAX_DRAFTS = 50;

const stored = createStored<Drafts>('drafts');

function all(): Drafts {
  return stored.read(currentOwner()) ?? {};
}

/** The action whose form has unsent text. */
export function draftedAction(ticketId: string): string | undefined {
  return all()[ticketId]?.action;
}

export function readDraft(ticketId: string, action: string): Values {
  const draft = all()[ticketId];
  return draft ? { ...draft.values[action], [COMMENT]: draft.comment } : {};
}

export function writeDraft(ticketId: string, action: string, values: Values): void {
  const { [ticketId]: draft, ...others } = all();
  const comment = values[COMMENT] ?? '';
  const next: Draft = { action, values: { ...draft?.values, [action]: values }, comment };
  const isEmpty = Object.values(next.values).every((of) => Object.values(of).every(isNothing)) && comment === '';
  const kept = Object.entries(others).slice(1 - MAX_DRAFTS);
  stored.write(currentOwner(), { ...Object.fromEntries(kept), ...(!isEmpty && { [ticketId]: next }) });
}

/** A list without an entry says so with 0. */
export function isNothing(value = ''): boolean {
  return value === '' || value === '0';
}

/** What was sent is no longer a draft. */
export function dropDraft(ticketId: string): void {
  const { [ticketId]: _, ...others } = all();
  stored.write(currentOwner(), others);
}
