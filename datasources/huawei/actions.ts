/** The actions on Huawei Cloud's cases. */
import type { ActionInput, Ticket, TicketAction } from '../contract.ts';
import { findName } from '../vendor-kit/action-name.ts';
import { toStatus } from './mapping.ts';

export const mutations = ['executeAction', 'setStatus'] as const;

/** An action in Huawei Cloud's terms: https://support.huaweicloud.com/en-us/api-ticket/UpdateCases.html */
export interface Verb {
  readonly label: string;
  /** Statuses in which the action is offered. No rule is documented, so this only keeps the buttons sensible. */
  readonly offeredOn: readonly string[];
  /**
   * Statuses that show that the action was applied; `undefined` is a case that no longer exists. Empty if the status
   * does not change.
   */
  readonly leadsTo: readonly (string | undefined)[];
  /** Whether the action discards the case. */
  readonly destructive?: boolean;
}

/** The complete documented set (error OSM.01010013). Other names are passed on, since Huawei Cloud may add some. */
export const VERBS: ReadonlyMap<string, Verb> = new Map([
  ['cancel', { label: 'Cancel', offeredOn: ['0', '1', '2', '5', '17'], leadsTo: ['4'], destructive: true }],
  ['close', { label: 'Close', offeredOn: ['0', '1', '2', '5', '17'], leadsTo: ['3'] }],
  ['press', { label: 'Urge', offeredOn: ['0', '1', '2', '17'], leadsTo: [] }],
  // A deleted case no longer exists, or has the status 13 of newer pages: .../api-ticket/ShowCaseStatus.html
  ['delete', { label: 'Delete', offeredOn: ['3', '4'], leadsTo: [undefined, '13'], destructive: true }],
]);

const AMOUNT = { type: 'INTEGER', minimum: 0, maximum: 65_535 } as const;
const NAME = { type: 'STRING', maximumLength: 32 } as const;

/** IncidentSatisfactionV2Do in the documentation. */
const SATISFACTION: readonly ActionInput[] = [
  { name: 'satisfactionId', required: true, type: 'INTEGER', minimum: 0, maximum: 9_999 },
  { name: 'satisfactionValue', required: true, ...AMOUNT },
  { name: 'value', required: false, ...AMOUNT },
  { name: 'satisfactionName', required: false, ...NAME },
  { name: 'perValue', required: false, ...AMOUNT },
  { name: 'satCategoryId', required: false, ...NAME },
  { name: 'satCategoryName', required: false, ...NAME },
];

/** Maximum length of `group_id`. An empty string is valid. */
export const MAX_GROUP_CHARACTERS = 64;

/** Inputs of every action, including unknown ones: all share one endpoint. */
export const INPUTS: readonly ActionInput[] = [
  { name: 'judgement', type: 'STRING', required: false, maximumLength: 400 },
  { name: 'groupId', type: 'ID', required: false, maximumLength: MAX_GROUP_CHARACTERS },
  { name: 'satisfaction', type: 'LIST', required: false, items: SATISFACTION },
];

/** The `comment` of `executeAction` and `setStatus`. */
export const COMMENT: ActionInput = { name: 'comment', type: 'STRING', required: false, maximumLength: 400 };

/** Returns the known action in Huawei Cloud's letter case, or the text itself. */
export function toActionId(text: string): string {
  return findName(VERBS.keys(), text) ?? text;
}

/** Deleting a case needs the scope of `deleteTickets`. Ignores case, since Huawei Cloud may. */
export function equivalentOf(action: string): Pick<TicketAction, 'equivalentMutation'> {
  return action.toLowerCase() === 'delete' ? { equivalentMutation: 'deleteTickets' } : {};
}

export function availableActions({ status }: Ticket): readonly TicketAction[] {
  return [...VERBS].flatMap(([name, verb]) => (verb.offeredOn.includes(status.raw) ? toAction(name, verb) : []));
}

function toAction(name: string, { label, leadsTo, destructive = false }: Verb): TicketAction {
  return {
    __typename: 'HuaweiAction',
    name,
    label,
    mutation: 'executeAction',
    ...equivalentOf(name),
    inputs: INPUTS,
    destructive,
    resultingCategory: leadsTo[0] === undefined ? null : toStatus(leadsTo[0]).category,
  };
}
