/** The actions on Omnidesk's tickets: setting any status and any priority. */
import type { TicketAction } from '../contract.ts';
import { findName } from '../vendor-kit/action-name.ts';
import { asList, asObject, asText } from '../vendor-kit/coerce.ts';
import { PRIORITIES, STATUSES, type OmnideskTicket } from './mapping.ts';

export const mutations = [
  'executeAction',
  'setStatus',
  'setPriority',
  'createTicket',
  'updateTicket',
  'deleteTickets',
  'unlinkCustomer',
  'runBatch',
  'solveUnfinishedTickets',
] as const;

/** Omnidesk documents no rule for transitions, so everything but the current status and priority is offered. */
export function availableActions({ status, priority }: OmnideskTicket): readonly TicketAction[] {
  return [
    ...[...STATUS_ACTIONS].filter(([word]) => STATUSES.find(word) !== status.category),
    ...[...PRIORITY_ACTIONS].filter(([word]) => PRIORITIES.find(word) !== priority),
  ].map(([, action]) => action);
}

const STATUS_ACTIONS: ReadonlyMap<string, TicketAction> = new Map(
  [...STATUSES].map(([word, category]) => [
    word,
    toAction(`status.${word}`, `Mark as ${word === 'holding' ? 'on hold' : word}`, 'setStatus', category),
  ]),
);

const PRIORITY_ACTIONS: ReadonlyMap<string, TicketAction> = new Map(
  [...PRIORITIES].map(([word]) => [word, toAction(`priority.${word}`, `Set priority to ${word}`, 'setPriority', null)]),
);

/** Maximum number of action types in the audit log. */
const MAX_DESCRIBED = 20;

/**
 * Describes the input for the audit log: the action types of `runBatch`, the field names of `updateTicket`. Values are
 * omitted, since they may contain personal data.
 */
export function describe(mutation: string, input: Readonly<Record<string, unknown>>): string | undefined {
  if (mutation === 'runBatch') {
    const types = asList(input['actions']).flatMap((action) => asText(asObject(action)?.['actionType']) ?? []);
    return types.slice(0, MAX_DESCRIBED).join(' ');
  }
  if (mutation !== 'updateTicket') return undefined;
  return ['title', 'externalCustomerId', 'status'].filter((name) => (input[name] ?? null) !== null).join(' ');
}

/** All names that `executeAction` accepts, for error messages. */
export const ACTION_NAMES: readonly string[] = [...STATUS_ACTIONS.values(), ...PRIORITY_ACTIONS.values()].map(
  ({ name }) => name,
);

export interface KnownAction {
  /** As listed by `availableActions`. */
  readonly name: string;
  readonly verb: 'status' | 'priority';
  readonly word: string;
}

/** Parses an action's name, ignoring case. Returns `undefined` if it is not known. */
export function findAction(text: string): KnownAction | undefined {
  const name = findName(ACTION_NAMES, text);
  if (name === undefined) return undefined;
  const [verb, word = ''] = name.split('.');
  return { name, verb: verb === 'status' ? 'status' : 'priority', word };
}

function toAction(
  name: string,
  label: string,
  mutation: (typeof mutations)[number],
  resultingCategory: TicketAction['resultingCategory'],
): TicketAction {
  return { __typename: 'OmnideskAction', name, label, mutation, inputs: [], resultingCategory };
}
