/** What can be done with Jifeline's tickets while they are in progress: the table. */
import type { ActionInput, RequestScope, Ticket, TicketAction } from '../contract.ts';
import { findName } from '../vendor-kit/action-name.ts';
import { asFailure } from '../vendor-kit/failure.ts';
import { asObject } from '../vendor-kit/coerce.ts';
import type { Client } from './client.ts';
import { toStatus } from './mapping.ts';
import { UUID, type Collection } from './wire.ts';

export const mutations = ['executeAction', 'setStatus', 'transitionInProgress', 'assignOperator'] as const;

/** The transitions of the PATCH, in Jifeline's words. Only that of `outsource` is fully documented. */
export type Verb = 'outsource' | 'complete' | 'cancel';

export type ActionName = Verb | 'assignOperator';

export interface Action {
  readonly label: string;
  readonly mutation: (typeof mutations)[number];
  readonly inputs: readonly ActionInput[];
  /** The collection in which it leaves the ticket. */
  readonly leadsTo: Collection;
  /** True if it discards the ticket's work. */
  readonly destructive?: boolean;
}

const uuid = { type: 'ID', maximumLength: 36, pattern: UUID, patternHint: 'a UUID' } as const;

/** 32 bits, as on a ticket; the reasons' own ids are documented with 64. */
const CANCEL_REASON: ActionInput = {
  name: 'cancelReasonId',
  type: 'INTEGER',
  required: false,
  minimum: 0,
  maximum: 0x7fffffff,
};

/** What else goes with a transition of which `type` alone is documented, in Jifeline's own spelling. */
const EXTRA: ActionInput = { name: 'extra', type: 'OBJECT', required: false };

export const ACTIONS: Readonly<Record<ActionName, Action>> = {
  outsource: {
    label: 'Outsource',
    mutation: 'transitionInProgress',
    inputs: [
      { name: 'productIds', type: 'LIST', required: true, minimumItems: 1, items: uuid },
      { name: 'providerId', required: true, ...uuid },
      { name: 'allowCustomerChatWriteAccess', type: 'BOOLEAN', required: false },
      { name: 'shareCustomerInformation', type: 'BOOLEAN', required: false },
    ],
    leadsTo: 'outsourced',
  },
  complete: { label: 'Complete', mutation: 'transitionInProgress', inputs: [EXTRA], leadsTo: 'closed' },
  cancel: {
    label: 'Cancel',
    mutation: 'transitionInProgress',
    inputs: [CANCEL_REASON, EXTRA],
    leadsTo: 'cancelled',
    destructive: true,
  },
  assignOperator: {
    label: 'Assign operator',
    mutation: 'assignOperator',
    inputs: [{ name: 'operatorId', required: true, ...uuid }],
    leadsTo: 'in-progress',
  },
};

/** Of `transitionInProgress`: which transition. Of `assignOperator`: to whom. */
export function describe(mutation: string, input: Readonly<Record<string, unknown>>): string | undefined {
  if (mutation === 'assignOperator') {
    const { operatorId } = input;
    return typeof operatorId === 'string' && UUID.test(operatorId) ? `assignOperator ${operatorId}` : undefined;
  }
  if (mutation !== 'transitionInProgress') return undefined;
  return Object.keys(ACTIONS).find((verb) => asObject(input['transition'])?.[verb]);
}

/** The action that a caller's name means; undefined where Jifeline has none such. */
export function findAction(text: string): ActionName | undefined {
  return findName(Object.keys(ACTIONS) as ActionName[], text);
}

/** Every documented action is one on a ticket in progress. */
export function availableActions(ticket: Ticket, call: RequestScope, client: Client): readonly TicketAction[] {
  if (ticket.status.category !== 'OPEN') return [];
  return Object.entries(ACTIONS).map(([name, { label, mutation, inputs, leadsTo, destructive = false }]) => ({
    __typename: 'JifelineAction',
    name,
    label,
    mutation,
    inputs: inputs.includes(CANCEL_REASON) ? () => withReasons(inputs, call, client) : inputs,
    resultingCategory: toStatus(leadsTo).category,
    destructive,
  }));
}

async function withReasons(
  inputs: readonly ActionInput[],
  call: RequestScope,
  client: Client,
): Promise<readonly ActionInput[]> {
  const options = await cancelReasons(call, client);
  return inputs.map((input) => (input === CANCEL_REASON ? { ...input, options } : input));
}

/** The reasons that an operator may choose; null where Jifeline does not give them, which must not spoil the form. */
async function cancelReasons(call: RequestScope, client: Client): Promise<ActionInput['options']> {
  try {
    const reasons = await client.listCancelReasons(call);
    return reasons
      .filter(({ manually_applicable }) => manually_applicable !== false)
      .map(({ id, name }) => ({ value: String(id), label: name ?? String(id) }));
  } catch (error) {
    if (asFailure(error)) return null;
    throw error;
  }
}
