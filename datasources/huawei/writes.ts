/** The writes: mutation inputs -> requests, with how their answers are read. Nothing is sent here. */
import type { ExecuteActionInput, SetStatusInput } from '../../schema/__generated__/types.ts';
import type {
  RequestScope,
  FailureDetails,
  Planner,
  StatusCategory,
  TransitionDetails,
  UpstreamAnswer,
  WriteResult,
  Write,
} from '../contract.ts';
import { checkInput, checkInputs } from '../vendor-kit/action-input.ts';
import { show } from '../vendor-kit/global-id.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { COMMENT, INPUTS, VERBS, amountOf, toActionId, type mutations } from './actions.ts';
import type { Client } from './client.ts';
import { toFailure } from './failure.ts';
import { fromAction, toStatus, type CaseInputs } from './mapping.ts';
import { isRefusal } from './wire.ts';

/** action_id has 1 to 64 characters; what they may be is not documented, so nothing exotic travels in the query. */
const ACTION = /^[\w.-]{1,64}$/;

/** The verb for a status. Huawei Cloud knows no "solved": a case that its customer closes is completed. */
const VERB_FOR: Readonly<Partial<Record<StatusCategory, string>>> = {
  SOLVED: 'close',
  CLOSED: 'close',
  CANCELLED: 'cancel',
};

/**
 * @param groupId the group for actions whose caller names none.
 * @param groups by case, the group that one incoming request has named for it: it is read with that one afterwards.
 */
export function createWrites(
  client: Client,
  groupId: string | undefined,
  groups: (call: RequestScope) => Map<string, string>,
): Record<(typeof mutations)[number], Planner> {
  /** The same for each case: what differs is whose it is. */
  const planner = (action: string, typename: string, inputs: CaseInputs, comment: Comment, planning: RequestScope) => {
    const given = toGroup(inputs.groupId);
    const group = given ?? groupId;
    const leadsTo = VERBS.get(action)?.leadsTo ?? [];
    const transition = toTransition(typename, action, leadsTo[0]);
    const body = fromAction({ ...inputs, groupId: group }, comment);
    const rest = {
      interpret: (answer: UpstreamAnswer) => judge(answer, transition),
      ...amountOf(action),
      ...(leadsTo.length > 0 && {
        verify: async (nativeId: string, call: RequestScope) =>
          leadsTo.includes(await client.findStatus(nativeId, group, call)) ? { transition } : undefined,
      }),
    };
    return (caseId: string): Write => {
      if (given !== undefined) groups(planning).set(caseId, given);
      return { targets: [caseId], request: client.actionRequest(caseId, action, body, planning), ...rest };
    };
  };

  const executeAction: Planner<ExecuteActionInput> = ({ action, comment, inputs }, nativeIds, call) => {
    const failure = checkAction(action) ?? checkComment(comment) ?? checkInputs(INPUTS, inputs ?? {});
    if (failure) return [{ targets: nativeIds, failure }];
    return nativeIds.map(planner(toActionId(action), 'ActionTransition', inputs ?? {}, comment, call));
  };

  const setStatus: Planner<SetStatusInput> = ({ status, comment }, nativeIds, call) => {
    const action = VERB_FOR[status];
    if (action === undefined) return [{ targets: nativeIds, failure: noVerbFor(status) }];
    const failure = checkComment(comment);
    if (failure) return [{ targets: nativeIds, failure }];
    return nativeIds.map(planner(action, 'StatusTransition', {}, comment, call));
  };

  return { executeAction, setStatus };
}

/** The empty text is one that was given: it takes the configured group away. */
function toGroup(groupId: CaseInputs['groupId']): string | undefined {
  return groupId === undefined || groupId === null ? undefined : String(groupId);
}

type Comment = string | null | undefined;

/**
 * A 2xx without an `error_code` is a yes, also an empty one: the page documents no more than that the two fields of the
 * body are optional. Business errors come with a 200 and an `error_code`.
 */
function judge(answer: UpstreamAnswer, transition: TransitionDetails): WriteResult {
  const { status, text } = answer;
  if (status < 200 || status > 299) return { kind: 'inconclusive', why: `the status is ${status}` };
  if (text.trim() === '') return { kind: 'accepted', transition };
  const body = parseJson(text);
  if (typeof body !== 'object' || Array.isArray(body)) {
    return { kind: 'inconclusive', why: 'the body is not a JSON object' };
  }
  if (!isTextOrNothing((body as { error_code?: unknown } | null)?.error_code)) {
    return { kind: 'inconclusive', why: 'its error_code is not text' };
  }
  return isRefusal(body) ? { kind: 'rejected', failure: toFailure(answer) } : { kind: 'accepted', transition };
}

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

function toTransition(typename: string, action: string, status: string | undefined): TransitionDetails {
  return {
    __typename: typename,
    action,
    to: status === undefined ? null : toStatus(status),
    ...(typename === 'ActionTransition' && { state: null }),
  };
}

function checkAction(action: string): FailureDetails | undefined {
  if (ACTION.test(action)) return undefined;
  const message =
    `${show(action)} cannot be an action of Huawei Cloud, whose names are 1 to 64 letters, digits, dots, hyphens and ` +
    'underscores; it has cancel, close, press and delete.';
  return { kind: 'invalid-input', message, field: ['action'] };
}

function checkComment(comment: Comment): FailureDetails | undefined {
  return checkInput(COMMENT, comment, ['comment']);
}

function noVerbFor(status: StatusCategory): FailureDetails {
  const message =
    `Huawei Cloud has no verb that makes a case ${status}; setStatus can close and cancel, ` +
    "executeAction performs what the ticket's availableActions name.";
  return { kind: 'unsupported', message, field: ['status'] };
}
