/** The actions on Jifeline's tickets in progress. */
import type { ActionInput, RequestScope, Ticket, TicketAction } from '../contract.ts';
import { findName } from '../vendor-kit/action-name.ts';
import { asFailure } from '../vendor-kit/failure.ts';
import { asObject } from '../vendor-kit/coerce.ts';
import type { Client } from './client.ts';
import { toStatus } from './mapping.ts';
import { UUID, type Collection } from './wire.ts';

export const mutations = ['executeAction', 'setStatus', 'transitionInProgress', 'assignOperator'] as const;

/** The transitions of the PATCH, in Jifeline's terms. Only `outsource` is fully documented. */
export type Verb = 'outsource' | 'complete' | 'cancel';

export type ActionName = Verb | 'assignOperator';

export interface Action {
  readonly label: string;
  readonly mutation: (typeof mutations)[number];
  readonly inputs: readonly ActionInput[];
  /** The collection that holds the ticket after the action. */
  readonly leadsTo: Collection;
  /** Whether the action discards work on the ticket. */
  readonly destructive?: boolean;
}

const uuid = { type: 'ID', maximumLength: 36, pattern: UUID, patternHint: 'a UUID' } as const;

/** 32 bits, as in a ticket. The ids of the reasons themselves are documented as 64 bits. */
const CANCEL_REASON: ActionInput = {
  name: 'cancelReasonId',
  type: 'INTEGER',
  required: false,
  minimum: 0,
  maximum: 0x7fffffff,
};

/** Further members of a transition, in Jifeline's own spelling. Only `type` is documented. */
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

/**
 * Describes the input for the audit log: the transition of `transitionInProgress`, the operator of `assignOperator`.
 */
export function describe(mutation: string, input: Readonly<Record<string, unknown>>): string | undefined {
  if (mutation === 'assignOperator') {
    const { operatorId } = input;
    return typeof operatorId === 'string' && UUID.test(operatorId) ? `assignOperator ${operatorId}` : undefined;
  }
  if (mutation !== 'transitionInProgress') return undefined;
  return Object.keys(ACTIONS).find((verb) => asObject(input['transition'])?.[verb]);
}

/** Returns the known action in our letter case, or `undefined` if there is none. */
export function findAction(text: string): ActionName | undefined {
  return findName(Object.keys(ACTIONS) as ActionName[], text);
}

/** All documented actions require a ticket in progress. */
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

/** Returns the reasons that an operator may choose, or null if they cannot be read, so that the form still works. */
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
