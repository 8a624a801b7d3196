/** What can be done with Huawei Cloud's cases: the table. */
import type { ActionInput, Ticket, TicketAction } from '../contract.ts';
import { findName } from '../vendor-kit/action-name.ts';
import { toStatus } from './mapping.ts';

export const mutations = ['executeAction', 'setStatus'] as const;

/** A verb of Huawei Cloud's: https://support.huaweicloud.com/en-us/api-ticket/UpdateCases.html */
export interface Verb {
  readonly label: string;
  /** Statuses on which it is offered. Which are legal is not documented, so this only keeps buttons sensible. */
  readonly offeredOn: readonly string[];
  /** The statuses that show it was done; `undefined` is a case that no longer exists. None where it moves nothing. */
  readonly leadsTo: readonly (string | undefined)[];
  /** True if it discards the case. */
  readonly destructive?: boolean;
}

/** Documented as the complete set, by error OSM.01010013. Others are passed on, as the vendor may have learnt more. */
export const VERBS: ReadonlyMap<string, Verb> = new Map([
  ['cancel', { label: 'Cancel', offeredOn: ['0', '1', '2', '5', '17'], leadsTo: ['4'], destructive: true }],
  ['close', { label: 'Close', offeredOn: ['0', '1', '2', '5', '17'], leadsTo: ['3'] }],
  ['press', { label: 'Urge', offeredOn: ['0', '1', '2', '17'], leadsTo: [] }],
  // A deleted case is gone, or has the status 13 that newer pages know: .../api-ticket/ShowCaseStatus.html
  ['delete', { label: 'Delete', offeredOn: ['3', '4'], leadsTo: [undefined, '13'], destructive: true }],
]);

const AMOUNT = { type: 'INTEGER', minimum: 0, maximum: 65_535 } as const;
const NAME = { type: 'STRING', maximumLength: 32 } as const;

/** IncidentSatisfactionV2Do of the page. */
const SATISFACTION: readonly ActionInput[] = [
  { name: 'satisfactionId', required: true, type: 'INTEGER', minimum: 0, maximum: 9_999 },
  { name: 'satisfactionValue', required: true, ...AMOUNT },
  { name: 'value', required: false, ...AMOUNT },
  { name: 'satisfactionName', required: false, ...NAME },
  { name: 'perValue', required: false, ...AMOUNT },
  { name: 'satCategoryId', required: false, ...NAME },
  { name: 'satCategoryName', required: false, ...NAME },
];

/** Bound of `group_id`. The empty text is within it. */
export const MAX_GROUP_CHARACTERS = 64;

/** What every action takes, also one that is not known here: they share one endpoint. */
export const INPUTS: readonly ActionInput[] = [
  { name: 'judgement', type: 'STRING', required: false, maximumLength: 400 },
  { name: 'groupId', type: 'ID', required: false, maximumLength: MAX_GROUP_CHARACTERS },
  { name: 'satisfaction', type: 'LIST', required: false, items: SATISFACTION },
];

/** What `executeAction` and `setStatus` take as `comment`. */
export const COMMENT: ActionInput = { name: 'comment', type: 'STRING', required: false, maximumLength: 400 };

/** The verb that a caller's name means; the name itself for one that the vendor may have learnt. */
export function toActionId(text: string): string {
  return findName(VERBS.keys(), text) ?? text;
}

/** Deleting a case is that, whatever asks for it. Names are compared without letter case, since the vendor may. */
export function amountOf(action: string): Pick<TicketAction, 'equivalentMutation'> {
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
    ...amountOf(name),
    inputs: INPUTS,
    destructive,
    resultingCategory: leadsTo[0] === undefined ? null : toStatus(leadsTo[0]).category,
  };
}
