/**
 * Plans Jifeline's writes: maps mutation inputs to requests and interprets their responses. Sends nothing.
 * https://partner-api-001.redoc.ly/tag/tickets-in-progress-tickets
 */
import type {
  AssignOperatorInput,
  ExecuteActionInput,
  InProgressTransitionInput,
  SetStatusInput,
  TransitionInProgressInput,
} from '../../schema/__generated__/types.ts';
import type {
  RequestScope,
  FailureDetails,
  Planner,
  RejectedPlan,
  TransitionDetails,
  UpstreamAnswer,
  WriteResult,
  Write,
} from '../contract.ts';
import { checkInputs, toInteger } from '../vendor-kit/action-input.ts';
import { show, toGlobalId } from '../vendor-kit/global-id.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { onlyGiven } from '../vendor-kit/request.ts';
import { ACTIONS, findAction, type mutations, type Verb } from './actions.ts';
import { assignRequest, transitionRequest, type Client } from './client.ts';
import { toStatus } from './mapping.ts';
import { isJsonObject, parseLocation, parseTicket, type TicketLocation } from './wire.ts';

type Values = Readonly<Record<string, unknown>>;

/** A transition in Jifeline's spelling, or why it is rejected. */
type Planned = { readonly verb: Verb; readonly members: Values } | { readonly failure: FailureDetails };

/** Builds the result of a transition: a member of the `Transition` union. */
type ToTransition = (verb: Verb, location: TicketLocation | undefined) => TransitionDetails;

/** What all writes of one mutation have in common. */
interface PlanContext {
  readonly ids: readonly string[];
  readonly call: RequestScope;
  readonly comment?: string | null | undefined;
}

/** @param baseUrl Jifeline's base URL. A `Location` of another origin is ignored. */
export function createWrites(
  client: Client,
  baseUrl: string,
  sourceKey: string,
): Record<(typeof mutations)[number], Planner> {
  const transitionWrites = (
    planned: Planned,
    toTransition: ToTransition,
    context: PlanContext,
  ): readonly (Write | RejectedPlan)[] =>
    'failure' in planned
      ? [{ targets: context.ids, failure: planned.failure }]
      : context.ids.map((id) =>
          transitionWrite(client, baseUrl, id, planned.verb, planned.members, toTransition, context),
        );

  const executeAction: Planner<ExecuteActionInput> = ({ action: name, comment, inputs }, ids, call) => {
    const action = findAction(name);
    if (!action) return [{ targets: ids, failure: unknownAction(name) }];
    const context = { ids, call, comment };
    const planned =
      action === 'assignOperator'
        ? assignWrites(client, inputs ?? {}, ['inputs'], context)
        : transitionWrites(planTransition(action, inputs ?? {}, ['inputs']), toActionTransition, context);
    return planned.map((plan) => ({ ...plan, equivalentMutation: ACTIONS[action].mutation }));
  };

  const setStatus: Planner<SetStatusInput> = ({ status, comment }, ids, call) => {
    const verb = VERB_FOR[status];
    if (!verb) return [{ targets: ids, failure: unsupportedStatus(status) }];
    return transitionWrites(planTransition(verb, {}, []), toStatusTransition, { ids, call, comment });
  };

  const transitionInProgress: Planner<TransitionInProgressInput> = ({ transition }, ids, call) =>
    transitionWrites(fromTransition(transition), toTypedTransition(sourceKey), { ids, call });

  const assignOperator: Planner<AssignOperatorInput> = ({ operatorId }, ids, call) =>
    assignWrites(client, { operatorId }, [], { ids, call });

  return { executeAction, setStatus, transitionInProgress, assignOperator };
}

// ---------------------------------------------------------------- transitions

const VERB_FOR: Readonly<Partial<Record<SetStatusInput['status'], Verb>>> = {
  SOLVED: 'complete',
  CLOSED: 'complete',
  CANCELLED: 'cancel',
};

/** The schema guarantees exactly one member. If it did not, nothing would be sent. */
type Choice = { readonly [Name in Verb]?: InProgressTransitionInput[Name] };

function fromTransition({ outsource, complete, cancel }: Choice): Planned {
  if (outsource) return planTransition('outsource', outsource, ['transition', 'outsource']);
  if (complete) return planTransition('complete', complete, ['transition', 'complete']);
  if (cancel) return planTransition('cancel', cancel, ['transition', 'cancel']);
  return { failure: NO_TRANSITION };
}

const NO_TRANSITION: FailureDetails = {
  kind: 'invalid-input',
  field: ['transition'],
  message: 'transition must contain exactly one of outsource, complete and cancel.',
};

/** Validates the values and spells them as Jifeline does: `type`, the known members, then `extra` unchanged. */
function planTransition(verb: Verb, values: Values, at: readonly string[]): Planned {
  const failure = checkInputs(ACTIONS[verb].inputs, values, at);
  if (failure) return { failure };
  // `checkInputs` has checked its type.
  const extra = values['extra'] as Values | null | undefined;
  const known = toMembers(verb, values);
  const clash = Object.keys(extra ?? {}).find((name) => Object.hasOwn(known, name));
  if (clash === undefined) return { verb, members: { ...known, ...extra } };
  const value = JSON.stringify(known[clash]).slice(0, 100);
  const message = `extra must not contain ${clash}: this transition sets it to ${value}.`;
  return { failure: { kind: 'invalid-input', field: [...at, 'extra', clash], message } };
}

/** Only the given values. Jifeline's own setting applies to the others. */
function toMembers(verb: Verb, values: Values): Values {
  return onlyGiven<unknown>({
    type: verb,
    product_ids: values['productIds'],
    provider_id: values['providerId'],
    allow_customer_chat_write_access: values['allowCustomerChatWriteAccess'],
    share_customer_information: values['shareCustomerInformation'],
    cancel_reason_id: toInteger(values['cancelReasonId']),
  });
}

function transitionWrite(
  client: Client,
  baseUrl: string,
  id: string,
  verb: Verb,
  members: Values,
  toTransition: ToTransition,
  { call, comment }: PlanContext,
): Write {
  return {
    targets: [id],
    request: transitionRequest(id, members),
    interpret: (answer) => {
      const result = parseTransitionResponse(answer, baseUrl);
      if ('why' in result) return result;
      const { location } = result;
      if (location) client.rememberCollection(location.id, location.collection, call);
      const transition = toTransition(verb, location);
      return { kind: 'accepted', transition, ...(location && { nativeId: location.id }) };
    },
    // If the ticket has another id in its new location, it is not found and the outcome stays unknown.
    verify: async (nativeId, laterCall) => {
      const ticket = await client.findTicketIn(ACTIONS[verb].leadsTo, nativeId, laterCall);
      if (!ticket) return undefined;
      client.rememberCollection(ticket.id, ticket.collection, laterCall);
      return { transition: toTransition(verb, undefined), nativeId: ticket.id };
    },
    ...noticeFor(comment),
    kindIfTicketExists: 'illegal-action',
  };
}

/** A 303 is accepted whatever its `Location`. 200 and 204 are accepted without one. */
function parseTransitionResponse(
  answer: UpstreamAnswer,
  baseUrl: string,
): { readonly location: TicketLocation | undefined } | Inconclusive {
  const { status, headers, text } = answer;
  if (status === 303) return { location: parseLocation(headers['location'], baseUrl) };
  if (status === 204) return NO_LOCATION;
  if (status !== 200) return { kind: 'inconclusive', why: `the status is ${status}` };
  return text.trim() === '' || isJsonObject(answer)
    ? NO_LOCATION
    : { kind: 'inconclusive', why: 'the body is not JSON' };
}

type Inconclusive = Extract<WriteResult, { kind: 'inconclusive' }>;

const NO_LOCATION = { location: undefined };

const toActionTransition: ToTransition = (verb, location) => ({
  __typename: 'ActionTransition',
  action: verb,
  to: toStatus(location?.collection ?? ACTIONS[verb].leadsTo),
  state: null,
});

const toStatusTransition: ToTransition = (verb, location) => ({
  __typename: 'StatusTransition',
  action: verb,
  to: toStatus(location?.collection ?? ACTIONS[verb].leadsTo),
});

const TYPENAMES = {
  outsource: 'OutsourceTransition',
  complete: 'CompleteTransition',
  cancel: 'CancelTransition',
} as const;

const toTypedTransition =
  (sourceKey: string): ToTransition =>
  (verb, location) => ({
    __typename: TYPENAMES[verb],
    action: verb,
    to: toStatus(location?.collection ?? ACTIONS[verb].leadsTo),
    location: location?.path ?? null,
    movedToId: location ? toGlobalId(sourceKey, location.id) : null,
  });

// ---------------------------------------------------------------- the operator

const ASSIGNED: TransitionDetails = {
  __typename: 'ActionTransition',
  action: 'assignOperator',
  to: toStatus('in-progress'),
  state: null,
};

function assignWrites(
  client: Client,
  values: Values,
  at: readonly string[],
  context: PlanContext,
): readonly (Write | RejectedPlan)[] {
  const failure = checkInputs(ACTIONS.assignOperator.inputs, values, at);
  if (failure) return [{ targets: context.ids, failure }];
  const operatorId = String(values['operatorId']);
  return context.ids.map((id): Write => ({
    targets: [id],
    request: assignRequest(id, operatorId),
    interpret: interpretAssignment,
    verify: async (nativeId, call) => {
      const ticket = await client.findTicketIn('in-progress', nativeId, call);
      return ticket?.operator_id?.toLowerCase() === operatorId.toLowerCase() ? { transition: ASSIGNED } : undefined;
    },
    ...noticeFor(context.comment),
    kindIfTicketExists: 'illegal-action',
  }));
}

function interpretAssignment(answer: UpstreamAnswer): WriteResult {
  const isTicket = answer.status === 200 && isJsonObject(answer) && parseTicket(parseJson(answer.text), 'in-progress');
  if (isTicket) return { kind: 'accepted', transition: ASSIGNED };
  return { kind: 'inconclusive', why: `the response (status ${answer.status}) is not the ticket as JSON` };
}

// ---------------------------------------------------------------- rejections and notices

function unknownAction(action: string): FailureDetails {
  const message = `Unknown action ${show(action)}: Jifeline supports ${Object.keys(ACTIONS).join(', ')}.`;
  return { kind: 'invalid-input', field: ['action'], message };
}

function unsupportedStatus(status: string): FailureDetails {
  const message = `Jifeline has no transition that sets the status ${status}. Use transitionInProgress to outsource, complete or cancel.`;
  return { kind: 'unsupported', field: ['status'], message };
}

/** Reports that a comment was not sent: Jifeline accepts none. */
function noticeFor(comment: PlanContext['comment']): Pick<Write, 'notice'> {
  if (!comment) return {};
  const message = 'Jifeline does not accept a comment with this action. The comment was not sent.';
  return { notice: { kind: 'unsupported', field: ['comment'], message } };
}
