/** What can be done with Omnidesk's tickets: any of its statuses, any of its priorities. */
import type { TicketAction } from '../contract.ts';
import { CATEGORY_OF_STATUS, PRIORITY_OF_WORD, type OmnideskTicket } from './mapping.ts';

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

/** The page has no rule for what may follow on what, so all are offered but those that the ticket has. */
export function availableActions({ status, priority }: OmnideskTicket): readonly TicketAction[] {
  return [
    ...[...STATUS_ACTIONS].filter(([word]) => CATEGORY_OF_STATUS.get(word) !== status.category),
    ...[...PRIORITY_ACTIONS].filter(([word]) => PRIORITY_OF_WORD.get(word) !== priority),
  ].map(([, action]) => action);
}

const STATUS_ACTIONS: ReadonlyMap<string, TicketAction> = new Map(
  [...CATEGORY_OF_STATUS].map(([word, category]) => [
    word,
    toAction(`status.${word}`, `Mark as ${word === 'holding' ? 'on hold' : word}`, 'setStatus', category),
  ]),
);

const PRIORITY_ACTIONS: ReadonlyMap<string, TicketAction> = new Map(
  [...PRIORITY_OF_WORD.keys()].map((word) => [
    word,
    toAction(`priority.${word}`, `Set priority to ${word}`, 'setPriority', null),
  ]),
);

/** All names that `executeAction` takes, for a message. */
export const ACTION_NAMES: readonly string[] = [...STATUS_ACTIONS.values(), ...PRIORITY_ACTIONS.values()].map(
  ({ name }) => name,
);

/** Takes an action's name apart; undefined for one that is not in the table. */
export function findAction(name: string): { readonly verb: 'status' | 'priority'; readonly word: string } | undefined {
  const [verb, word = '', ...rest] = name.split('.');
  if (rest.length > 0) return undefined;
  if (verb === 'status' && STATUS_ACTIONS.has(word)) return { verb, word };
  if (verb === 'priority' && PRIORITY_ACTIONS.has(word)) return { verb, word };
  return undefined;
}

function toAction(
  name: string,
  label: string,
  mutation: (typeof mutations)[number],
  resultingCategory: TicketAction['resultingCategory'],
): TicketAction {
  return { __typename: 'OmnideskAction', name, label, mutation, inputs: [], resultingCategory };
}
