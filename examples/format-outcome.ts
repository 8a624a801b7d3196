/**
 * Formats tickets, transitions and outcomes for all examples. Each `switch` is exhaustive: if a member is missing, or a
 * newer schema adds one, `assertNever` does not compile.
 */
import {
  assertNever,
  type ExecuteActionMutation,
  type TicketActionDetailsFragment,
  type TicketWithActionsFragment,
  type TransitionDetailsFragment,
} from '../client/index.ts';

/** One line for a ticket, with a field that only its vendor has. */
export function describeTicket(ticket: TicketWithActionsFragment): string {
  const line = `${ticket.reference} ${ticket.title ?? ''} (${ticket.status.category ?? ticket.status.raw})`;
  switch (ticket.__typename) {
    case 'RequestorTicket':
      return `${line}, solver ${ticket.solver ?? 'not assigned'}`;
    case 'AkanaTicket':
      return `${line}, environment ${ticket.environment ?? 'unknown'}`;
    case 'OmnideskTicket':
      return `${line}, priority ${ticket.priority ?? 'unknown'}`;
    case 'HuaweiTicket':
      return `${line}, category ${ticket.businessType ?? 'unknown'}`;
    case 'JifelineTicket':
      return `${line}, vehicle ${ticket.vin ?? 'unknown'}`;
    case 'RtTicket':
      return `${line}, queue ${ticket.queue ?? 'unknown'}`;
    default:
      return assertNever(ticket);
  }
}

/** The label of an action's button. */
export function describeAction({ label, inputs }: TicketActionDetailsFragment): string {
  const required = inputs.filter((input) => input.required).map(({ name }) => name);
  return required.length > 0 ? `[${label}: requires ${required.join(', ')}]` : `[${label}]`;
}

/** One clause for the effect of an action. */
export function describeTransition(transition: TransitionDetailsFragment): string {
  switch (transition.__typename) {
    case 'WorkflowTransition':
      return `${transition.action} done, now ${transition.ticketRef ?? transition.ticketId}`;
    case 'ActionTransition':
      return `${transition.action} done, now ${transition.state ?? transition.to?.raw ?? 'in an unknown state'}`;
    case 'StatusTransition':
      return `now ${transition.to?.raw ?? transition.action}`;
    case 'OutsourceTransition':
    case 'CompleteTransition':
    case 'CancelTransition':
      return `${transition.action} done, now ${transition.movedToId ?? transition.ticketId}`;
    default:
      return assertNever(transition);
  }
}

/** The message for the user who started the action. */
export function describeOutcome({ outcome, problems, transition }: ExecuteActionMutation['executeAction']): string {
  const reasons = problems.map(({ message }) => message).join(' ');
  switch (outcome) {
    case 'APPLIED':
      return transition ? describeTransition(transition) : 'done';
    case 'NOT_APPLIED':
      return `not applied: ${reasons}`;
    case 'UNKNOWN':
      return `outcome unknown; check the ticket before you retry. ${reasons}`;
    case 'PARTIAL':
      return `partly applied: ${reasons}`;
    default:
      return assertNever(outcome);
  }
}
