/** Plans Huawei Cloud's writes: maps mutation inputs to requests and interprets their responses. Sends nothing. */
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
import { COMMENT, INPUTS, VERBS, equivalentOf, toActionId, type mutations } from './actions.ts';
import type { Client } from './client.ts';
import { toFailure } from './failure.ts';
import { fromAction, toStatus, type CaseInputs } from './mapping.ts';
import { isRejection } from './wire.ts';

/** action_id has 1 to 64 characters. The allowed ones are not documented, so only unreserved characters are sent. */
const ACTION = /^[\w.-]{1,64}$/;

/** The action that sets a status. Huawei Cloud has no "solved": a case that its customer closes is completed. */
const VERB_FOR: Readonly<Partial<Record<StatusCategory, string>>> = {
  SOLVED: 'close',
  CLOSED: 'close',
  CANCELLED: 'cancel',
};

/**
 * @param groupId the default group of actions.
 * @param groups the group by case id that one incoming request has given, used to read the case afterwards.
 */
export function createWrites(
  client: Client,
  groupId: string | undefined,
  groups: (call: RequestScope) => Map<string, string>,
): Record<(typeof mutations)[number], Planner> {
  /** Builds what is the same for each case, and returns a function that plans one case. */
  const planner = (action: string, typename: string, inputs: CaseInputs, comment: Comment, planning: RequestScope) => {
    const ownGroup = toGroupId(inputs.groupId);
    const group = ownGroup ?? groupId;
    const leadsTo = VERBS.get(action)?.leadsTo ?? [];
    const transition = toTransition(typename, action, leadsTo[0]);
    const body = fromAction({ ...inputs, groupId: group }, comment);
    const rest = {
      interpret: (answer: UpstreamAnswer) => interpretResponse(answer, transition),
      ...equivalentOf(action),
      ...(leadsTo.length > 0 && {
        verify: async (nativeId: string, call: RequestScope) =>
          leadsTo.includes(await client.findStatus(nativeId, group, call)) ? { transition } : undefined,
      }),
    };
    return (caseId: string): Write => {
      if (ownGroup !== undefined) groups(planning).set(caseId, ownGroup);
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
    if (action === undefined) return [{ targets: nativeIds, failure: unsupportedStatus(status) }];
    const failure = checkComment(comment);
    if (failure) return [{ targets: nativeIds, failure }];
    return nativeIds.map(planner(action, 'StatusTransition', {}, comment, call));
  };

  return { executeAction, setStatus };
}

/** Keeps an empty string: it removes the configured group. */
function toGroupId(groupId: CaseInputs['groupId']): string | undefined {
  return groupId === undefined || groupId === null ? undefined : String(groupId);
}

type Comment = string | null | undefined;

/**
 * A 2xx without an `error_code` is accepted, also with an empty body: the documentation only states that both fields of
 * the body are optional. Business errors are sent with a 200 and an `error_code`.
 */
function interpretResponse(answer: UpstreamAnswer, transition: TransitionDetails): WriteResult {
  const { status, text } = answer;
  if (status < 200 || status > 299) return { kind: 'inconclusive', why: `the status is ${status}` };
  if (text.trim() === '') return { kind: 'accepted', transition };
  const body = parseJson(text);
  if (typeof body !== 'object' || Array.isArray(body)) {
    return { kind: 'inconclusive', why: 'the body is not a JSON object' };
  }
  if (!isStringOrNullish((body as { error_code?: unknown } | null)?.error_code)) {
    return { kind: 'inconclusive', why: 'error_code is not a string' };
  }
  return isRejection(body) ? { kind: 'rejected', failure: toFailure(answer) } : { kind: 'accepted', transition };
}

function isStringOrNullish(value: unknown): boolean {
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
    `Invalid action ${show(action)}: expected 1 to 64 letters, digits, dots, hyphens or underscores, e.g. cancel, close, ` +
    'press or delete.';
  return { kind: 'invalid-input', message, field: ['action'] };
}

function checkComment(comment: Comment): FailureDetails | undefined {
  return checkInput(COMMENT, comment, ['comment']);
}

function unsupportedStatus(status: StatusCategory): FailureDetails {
  const message =
    `Huawei Cloud has no action that sets the status ${status}. Use setStatus to close or cancel, ` +
    "or executeAction with one of the ticket's availableActions.";
  return { kind: 'unsupported', message, field: ['status'] };
}
