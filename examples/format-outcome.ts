/**
 * What the examples have in common: what to show for a ticket, a transition and an outcome. Each `switch` names every
 * member there is. Leave one out, or let a newer endpoint have one more, and `assertNever` does not compile.
 */
import {
  assertNever,
  type ExecuteActionMutation,
  type TicketActionDetailsFragment,
  type TicketWithActionsFragment,
  type TransitionDetailsFragment,
} from '../client/index.ts';

/** A ticket in a line, with what only its vendor knows. */
export function describeTicket(ticket: TicketWithActionsFragment): string {
  const line = `${ticket.reference} ${ticket.title ?? ''} (${ticket.status.category ?? ticket.status.raw})`;
  switch (ticket.__typename) {
    case 'RequestorTicket':
      return `${line}, solved by ${ticket.solver ?? 'nobody yet'}`;
    case 'AkanaTicket':
      return `${line}, in ${ticket.environment ?? 'no environment'}`;
    case 'OmnideskTicket':
      return `${line}, priority ${ticket.priority ?? 'unknown'}`;
    case 'HuaweiTicket':
      return `${line}, about ${ticket.businessType ?? 'nothing in particular'}`;
    case 'JifelineTicket':
      return `${line}, vehicle ${ticket.vin ?? 'unknown'}`;
    default:
      return assertNever(ticket);
  }
}

/** A button. */
export function describeAction({ label, inputs }: TicketActionDetailsFragment): string {
  const required = inputs.filter((input) => input.required).map(({ name }) => name);
  return required.length > 0 ? `[${label}: needs ${required.join(', ')}]` : `[${label}]`;
}

/** What was done. */
export function describeTransition(transition: TransitionDetailsFragment): string {
  switch (transition.__typename) {
    case 'WorkflowTransition':
      return `pushed by ${transition.action}, now ${transition.ticketRef ?? transition.ticketId}`;
    case 'ActionTransition':
      return `${transition.action} done, now ${transition.state ?? transition.to?.raw ?? 'in a state not told'}`;
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

/** What to tell the person who pressed the button. */
export function describeOutcome({ outcome, problems, transition }: ExecuteActionMutation['executeAction']): string {
  const why = problems.map(({ message }) => message).join(' ');
  switch (outcome) {
    case 'APPLIED':
      return transition ? describeTransition(transition) : 'done';
    case 'NOT_APPLIED':
      return `not done: ${why}`;
    case 'UNKNOWN':
      return `nobody knows whether it was done; look at the ticket before doing it again. ${why}`;
    case 'PARTIAL':
      return `done in part: ${why}`;
    default:
      return assertNever(outcome);
  }
}
