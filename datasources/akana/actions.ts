/** What can be done with Akana's tickets: the two actions whose names are documented. */
import { findName } from '../vendor-kit/action-name.ts';
import type { StatusCategory, Ticket, TicketAction } from '../contract.ts';

export const mutations = ['executeAction', 'setStatus'] as const;

interface KnownAction extends TicketAction {
  readonly resultingCategory: StatusCategory;
  /** Where a ticket has to stand for it: http://docs.akana.com/cm/api/aaref/Ref_ExecutingWorkflowActions.htm */
  readonly from: readonly StatusCategory[];
}

const COMMON = { __typename: 'AkanaAction', mutation: 'executeAction', inputs: [] } as const;

const KNOWN: readonly KnownAction[] = [
  { ...COMMON, name: 'ticket.action.resolve', label: 'Resolve', resultingCategory: 'SOLVED', from: ['OPEN'] },
  { ...COMMON, name: 'ticket.action.close', label: 'Close', resultingCategory: 'CLOSED', from: ['OPEN', 'SOLVED'] },
];

/** The known action that a caller's name means; the name itself for one of a site's own workflow. */
export function toActionName(text: string): string {
  const names = KNOWN.map(({ name }) => name);
  return findName(names, text) ?? text;
}

export function availableActions({ status: { category } }: Ticket): readonly TicketAction[] {
  const legal = KNOWN.filter(({ from }) => category !== null && from.includes(category));
  return legal.map(({ from: _, ...action }) => action);
}

/** The action that brings a ticket to that status, or undefined where none is known to. */
export function actionTowards(category: StatusCategory): string | undefined {
  return KNOWN.find(({ resultingCategory }) => resultingCategory === category)?.name;
}

/** Where an action leads, or undefined for one of a site's own workflow. */
export function destinationOf(actionName: string): StatusCategory | undefined {
  return KNOWN.find(({ name }) => name === actionName)?.resultingCategory;
}
