/** The documented actions on Akana's tickets. */
import { findName } from '../vendor-kit/action-name.ts';
import type { StatusCategory, Ticket, TicketAction } from '../contract.ts';

export const mutations = ['executeAction', 'setStatus'] as const;

interface KnownAction extends TicketAction {
  readonly resultingCategory: StatusCategory;
  /** Categories in which the action is allowed: http://docs.akana.com/cm/api/aaref/Ref_ExecutingWorkflowActions.htm */
  readonly from: readonly StatusCategory[];
}

const COMMON = { __typename: 'AkanaAction', mutation: 'executeAction', inputs: [] } as const;

const KNOWN: readonly KnownAction[] = [
  { ...COMMON, name: 'ticket.action.resolve', label: 'Resolve', resultingCategory: 'SOLVED', from: ['OPEN'] },
  { ...COMMON, name: 'ticket.action.close', label: 'Close', resultingCategory: 'CLOSED', from: ['OPEN', 'SOLVED'] },
];

/** Returns the known action in Akana's letter case, or the text itself for an action of a custom workflow. */
export function toActionName(text: string): string {
  const names = KNOWN.map(({ name }) => name);
  return findName(names, text) ?? text;
}

export function availableActions({ status: { category } }: Ticket): readonly TicketAction[] {
  const legal = KNOWN.filter(({ from }) => category !== null && from.includes(category));
  return legal.map(({ from: _, ...action }) => action);
}

/** Returns the action that sets the status, or `undefined` if none is known. */
export function actionFor(category: StatusCategory): string | undefined {
  return KNOWN.find(({ resultingCategory }) => resultingCategory === category)?.name;
}

/** Returns the category after the action, or `undefined` for an action of a custom workflow. */
export function resultingCategoryOf(actionName: string): StatusCategory | undefined {
  return KNOWN.find(({ name }) => name === actionName)?.resultingCategory;
}
