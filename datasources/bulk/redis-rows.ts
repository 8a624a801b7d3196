/** What the fields of the ledger in Redis mean. */
import type { FailureDetails } from '../contract.ts';
import type { Counts, ItemChange, ItemState, Job, JobSource, NewItem, NewJob, StoredState } from './job.ts';

/** The letter of a state. A reconciled `APPLIED` has its own. */
export const LETTERS: Readonly<Record<ItemState, string>> = {
  WAITING: 'W',
  SENT: 'S',
  APPLIED: 'A',
  NOT_APPLIED: 'N',
  UNKNOWN: 'U',
};

export const RECONCILED = 'R';

const STATES = new Map(Object.entries(LETTERS).map(([state, letter]) => [letter, state as ItemState]));

export function toState(letter: string): ItemState {
  return letter === RECONCILED ? 'APPLIED' : STATES.get(letter)!;
}

/** All letters of these states. */
export function toLetters(states: readonly ItemState[]): string {
  return states.map((state) => (state === 'APPLIED' ? LETTERS.APPLIED + RECONCILED : LETTERS[state])).join('');
}

export function fromChange({ position, from, to, failure, isReconciled, attempts, dueAt }: ItemChange): string[] {
  const after = to === 'APPLIED' && isReconciled ? RECONCILED : LETTERS[to];
  return [String(position), LETTERS[from], after, toJson(failure), String(attempts), String(Math.ceil(dueAt))];
}

/** A line as stored: what does not change. */
export interface StoredItem {
  readonly ticketId: string;
  readonly source: string | null;
  /** As the caller spelled it. */
  readonly name: string;
  readonly extra: string | null;
  readonly original: number | null;
}

/** Letter, source, original, item and failure. */
export function fromItem({ ticketId, source, name, extra, original, failure }: NewItem): string[] {
  // Most lines have an id and a source alone.
  const item: unknown[] = [ticketId, source, name === ticketId ? null : name, extra, original];
  while (item.at(-1) === null) item.pop();
  const letter = failure ? LETTERS.NOT_APPLIED : LETTERS.WAITING;
  return [letter, source ?? '', original === null ? '' : String(original), JSON.stringify(item), toJson(failure)];
}

export function toItem(text: string): StoredItem {
  const [ticketId, source = null, name, extra = null, original = null] = JSON.parse(text) as [
    string,
    (string | null)?,
    (string | null)?,
    (string | null)?,
    (number | null)?,
  ];
  return { ticketId, source, name: name ?? ticketId, extra, original };
}

/** Names and values in turn. */
export function fromJob({ caller, key, fingerprint, mutation, input, grants, ...limits }: NewJob): string[] {
  const fields: Record<string, string> = {
    caller,
    key,
    fingerprint,
    mutation,
    input: JSON.stringify(input),
    grants: JSON.stringify(grants),
  };
  if (limits.atMostPerSecond !== null) fields['perSecond'] = String(limits.atMostPerSecond);
  if (limits.stopAfterUnknown !== null) fields['stopAfter'] = String(limits.stopAfterUnknown);
  return Object.entries(fields).flat();
}

export type Fields = ReadonlyMap<string, string>;

/** @param flat names and values in turn, as a script returns a hash */
export function toFields(flat: readonly string[]): Fields {
  const fields = new Map<string, string>();
  for (let index = 0; index < flat.length; index += 2) fields.set(flat[index]!, flat[index + 1]!);
  return fields;
}

/** Returns `undefined` if there is no such job. */
export function toJob(fields: Fields): Job | undefined {
  if (!fields.has('state')) return undefined;
  const text = (name: string): string => fields.get(name)!;
  return {
    row: Number(text('row')),
    id: text('id'),
    caller: text('caller'),
    key: text('key'),
    fingerprint: text('fingerprint'),
    mutation: text('mutation'),
    input: JSON.parse(text('input')) as Job['input'],
    grants: JSON.parse(text('grants')) as readonly string[],
    atMostPerSecond: toNumber(fields.get('perSecond')),
    stopAfterUnknown: toNumber(fields.get('stopAfter')),
    state: text('state') as StoredState,
    problem: toFailure(fields.get('problem')),
    createdAt: Number(text('createdAt')),
    startedAt: toNumber(fields.get('startedAt')),
    endedAt: toNumber(fields.get('endedAt')),
    // Some replica does, or will: chunks that wait have no owner.
    isHeld: true,
    total: Number(text('total')),
    ...toCounts((state) => fields.get(state)),
  };
}

/** By name. @param counts of one job @param pauses of all sources */
export function toSources(counts: Fields, pauses: Fields): JobSource[] {
  const names = new Set(Array.from(counts.keys(), (field) => field.slice(0, field.lastIndexOf('|'))));
  return [...names].toSorted().map((source) => ({
    source,
    pausedUntil: toNumber(pauses.get(`${source}|pausedUntil`)),
    problem: toFailure(pauses.get(`${source}|problem`)),
    ...toCounts((state) => counts.get(`${source}|${state}`)),
  }));
}

function toCounts(countOf: (state: ItemState) => string | undefined): Counts {
  const count = (state: ItemState): number => Number(countOf(state) ?? 0);
  return {
    waiting: count('WAITING'),
    inFlight: count('SENT'),
    applied: count('APPLIED'),
    notApplied: count('NOT_APPLIED'),
    unknown: count('UNKNOWN'),
  };
}

function toNumber(text: string | undefined): number | null {
  return text === undefined || text === '' ? null : Number(text);
}

export function toFailure(text: string | null | undefined): FailureDetails | null {
  return text ? (JSON.parse(text) as FailureDetails) : null;
}

export function toJson(failure: FailureDetails | null): string {
  return failure ? JSON.stringify(failure) : '';
}
