/**
 * Plans Akana's writes: maps mutation inputs to requests and interprets their responses. Sends nothing. Every write is
 * an action of the ticket workflow.
 */
import type { ExecuteActionInput, SetStatusInput } from '../../schema/__generated__/types.ts';
import type { FailureDetails, Planner, TransitionDetails, Write } from '../contract.ts';
import { checkInputs } from '../vendor-kit/action-input.ts';
import { actionFor, resultingCategoryOf, toActionName, type mutations } from './actions.ts';
import { actionRequest, type Client, type Comments } from './client.ts';
import { toStatus } from './mapping.ts';
import { parseState } from './wire.ts';

/** Printable characters, not all of them spaces. Custom workflows have names of any length. */
const ACTION_NAME = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;

type Comment = string | null | undefined;

/** Builds the transition from the state in Akana's response. */
type ToTransition = (state: string) => TransitionDetails;

/** Format of an action's comment; see `AKANA_COMMENTS`. */
export type CommentsForm = 'text' | 'list';

export function createWrites(client: Client, form: CommentsForm): Record<(typeof mutations)[number], Planner> {
  const write = (ticketId: string, actionName: string, comment: Comment, toTransition: ToTransition): Write => {
    const resultingCategory = resultingCategoryOf(actionName);
    return {
      targets: [ticketId],
      request: actionRequest(ticketId, actionName, toComments(comment, form)),
      interpret(answer) {
        const result = parseState(answer);
        if ('why' in result) return { kind: 'inconclusive', why: result.why };
        return { kind: 'accepted', transition: toTransition(result.state) };
      },
      // Akana also returns 404 for an unsupported content type or Accept header.
      kindIfTicketExists: 'rejected',
      ...(resultingCategory !== undefined && {
        async verify(nativeId, call) {
          const state = (await client.findTicket(nativeId, call))?.State ?? '';
          return toStatus(state).category === resultingCategory ? { transition: toTransition(state) } : undefined;
        },
      }),
    };
  };

  const executeAction: Planner<ExecuteActionInput> = ({ action: name, comment, inputs }, nativeIds) => {
    const failure = checkAction(name) ?? checkInputs([], inputs ?? {});
    if (failure) return [{ targets: nativeIds, failure }];
    const action = toActionName(name);
    const toTransition: ToTransition = (state) => ({
      __typename: 'ActionTransition',
      action,
      to: toStatus(state),
      state,
    });
    return nativeIds.map((ticketId) => write(ticketId, action, comment, toTransition));
  };

  const setStatus: Planner<SetStatusInput> = ({ status, comment }, nativeIds) => {
    const action = actionFor(status);
    if (action === undefined) return [{ targets: nativeIds, failure: unsupportedStatus(status) }];
    const toTransition: ToTransition = (state) => ({ __typename: 'StatusTransition', action, to: toStatus(state) });
    return nativeIds.map((ticketId) => write(ticketId, action, comment, toTransition));
  };

  return { executeAction, setStatus };
}

/** Returns `undefined` if there is no comment, or it is empty. */
function toComments(comment: Comment, form: CommentsForm): Comments | undefined {
  if (!comment) return undefined;
  return form === 'list' ? [comment] : comment;
}

function checkAction(action: string): FailureDetails | undefined {
  if (action.trim() !== '' && ACTION_NAME.test(action)) return undefined;
  const message =
    'Invalid action: expected the name of an Akana action in printable characters, e.g. ticket.action.resolve.';
  return { kind: 'invalid-input', field: ['action'], message };
}

function unsupportedStatus(status: string): FailureDetails {
  const message = `No known Akana action sets the status ${status}. Use executeAction with an action of your site's workflow.`;
  return { kind: 'unsupported', field: ['status'], message };
}
