/**
 * The writes: mutation inputs -> requests, with how their answers are read. Nothing is sent here.
 * Every one is an action of the ticket workflow.
 */
import type { ExecuteActionInput, SetStatusInput } from '../../schema/__generated__/types.ts';
import type { FailureDetails, Planner, TransitionDetails, Write } from '../contract.ts';
import { checkInputs } from '../vendor-kit/action-input.ts';
import { actionTowards, destinationOf, toActionName, type mutations } from './actions.ts';
import { actionRequest, type Client, type Comments } from './client.ts';
import { toStatus } from './mapping.ts';
import { parseState } from './wire.ts';

/** Characters that can be seen, not all of them spaces. A site's workflow may have names of its own, of any length. */
const ACTION_NAME = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;

type Comment = string | null | undefined;

/** What is known of a transition, made of the state that Akana named. */
type ToTransition = (state: string) => TransitionDetails;

/** How an action carries its comment; see `AKANA_COMMENTS`. */
export type CommentsForm = 'text' | 'list';

export function createWrites(client: Client, form: CommentsForm): Record<(typeof mutations)[number], Planner> {
  const write = (ticketId: string, actionName: string, comment: Comment, toTransition: ToTransition): Write => {
    const destination = destinationOf(actionName);
    return {
      targets: [ticketId],
      request: actionRequest(ticketId, actionName, toComments(comment, form)),
      interpret(answer) {
        const said = parseState(answer);
        if ('why' in said) return { kind: 'inconclusive', why: said.why };
        return { kind: 'accepted', transition: toTransition(said.state) };
      },
      // Akana says 404 for a content type or Accept that it does not like, too.
      kindIfTicketExists: 'rejected',
      ...(destination !== undefined && {
        async verify(nativeId, call) {
          const state = (await client.findTicket(nativeId, call))?.State ?? '';
          return toStatus(state).category === destination ? { transition: toTransition(state) } : undefined;
        },
      }),
    };
  };

  const executeAction: Planner<ExecuteActionInput> = ({ action: given, comment, inputs }, nativeIds) => {
    const failure = checkAction(given) ?? checkInputs([], inputs ?? {});
    if (failure) return [{ targets: nativeIds, failure }];
    const action = toActionName(given);
    const toTransition: ToTransition = (state) => ({
      __typename: 'ActionTransition',
      action,
      to: toStatus(state),
      state,
    });
    return nativeIds.map((ticketId) => write(ticketId, action, comment, toTransition));
  };

  const setStatus: Planner<SetStatusInput> = ({ status, comment }, nativeIds) => {
    const action = actionTowards(status);
    if (action === undefined) return [{ targets: nativeIds, failure: noActionTowards(status) }];
    const toTransition: ToTransition = (state) => ({ __typename: 'StatusTransition', action, to: toStatus(state) });
    return nativeIds.map((ticketId) => write(ticketId, action, comment, toTransition));
  };

  return { executeAction, setStatus };
}

/** Nothing for no comment, and for an empty one. */
function toComments(comment: Comment, form: CommentsForm): Comments | undefined {
  if (!comment) return undefined;
  return form === 'list' ? [comment] : comment;
}

function checkAction(action: string): FailureDetails | undefined {
  if (action.trim() !== '' && ACTION_NAME.test(action)) return undefined;
  const message = 'action must be the name of an Akana action: printable characters, e.g. ticket.action.resolve.';
  return { kind: 'invalid-input', field: ['action'], message };
}

function noActionTowards(status: string): FailureDetails {
  const message = `No action of Akana's is known to lead to ${status}; name one of your site's workflow with executeAction.`;
  return { kind: 'unsupported', field: ['status'], message };
}
