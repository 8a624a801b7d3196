/**
 * The writes: mutation inputs -> requests, with how their answers are read. Nothing is sent here.
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
import { isJsonObject, parseLocation, parseTicket, type Place } from './wire.ts';

type Values = Readonly<Record<string, unknown>>;

/** A transition in Jifeline's spelling, or why there is none. */
type Planned = { readonly verb: Verb; readonly members: Values } | { readonly failure: FailureDetails };

/** What a successful transition is told as: a member of the `Transition` union. */
type ToFacts = (verb: Verb, place: Place | undefined) => TransitionDetails;

/** What all writes of one mutation share. */
interface Order {
  readonly ids: readonly string[];
  readonly call: RequestScope;
  readonly comment?: string | null | undefined;
}

/** @param baseUrl Jifeline's base address; only a `Location` of its origin is believed. */
export function createWrites(client: Client, baseUrl: string): Record<(typeof mutations)[number], Planner> {
  const move = (planned: Planned, toFacts: ToFacts, order: Order): readonly (Write | RejectedPlan)[] =>
    'failure' in planned
      ? [{ targets: order.ids, failure: planned.failure }]
      : order.ids.map((id) => moveWrite(client, baseUrl, id, planned.verb, planned.members, toFacts, order));

  const executeAction: Planner<ExecuteActionInput> = ({ action: given, comment, inputs }, ids, call) => {
    const action = findAction(given);
    if (!action) return [{ targets: ids, failure: unknownAction(given) }];
    const order = { ids, call, comment };
    const planned =
      action === 'assignOperator'
        ? assignWrites(client, inputs ?? {}, ['inputs'], order)
        : move(planTransition(action, inputs ?? {}, ['inputs']), toActionFacts, order);
    return planned.map((plan) => ({ ...plan, equivalentMutation: ACTIONS[action].mutation }));
  };

  const setStatus: Planner<SetStatusInput> = ({ status, comment }, ids, call) => {
    const verb = VERB_FOR[status];
    if (!verb) return [{ targets: ids, failure: noVerbFor(status) }];
    return move(planTransition(verb, {}, []), toStatusFacts, { ids, call, comment });
  };

  const transitionInProgress: Planner<TransitionInProgressInput> = ({ transition }, ids, call) =>
    move(fromTransition(transition), toMoveFacts, { ids, call });

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

/** The schema lets exactly one of them through. Should it ever not, nothing is cancelled by mistake. */
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
  message: 'transition must hold exactly one of outsource, complete and cancel.',
};

/** Checks what was given and spells it in Jifeline's way: `type`, what is known by name, then `extra` as it is. */
function planTransition(verb: Verb, values: Values, at: readonly string[]): Planned {
  const failure = checkInputs(ACTIONS[verb].inputs, values, at);
  if (failure) return { failure };
  // Its type has been checked, where the verb takes it at all.
  const extra = values['extra'] as Values | null | undefined;
  const known = toMembers(verb, values);
  const clash = Object.keys(extra ?? {}).find((name) => Object.hasOwn(known, name));
  if (clash === undefined) return { verb, members: { ...known, ...extra } };
  const value = JSON.stringify(known[clash]).slice(0, 100);
  const message = `extra must not hold ${clash}, which is ${value} in this transition already.`;
  return { failure: { kind: 'invalid-input', field: [...at, 'extra', clash], message } };
}

/** Only what was given: Jifeline's own setting applies to what is left out. */
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

function moveWrite(
  client: Client,
  baseUrl: string,
  id: string,
  verb: Verb,
  members: Values,
  toFacts: ToFacts,
  { call, comment }: Order,
): Write {
  return {
    targets: [id],
    request: transitionRequest(id, members),
    interpret: (answer) => {
      const said = readMove(answer, baseUrl);
      if ('why' in said) return said;
      const { place } = said;
      if (place) client.expectTicket(place.id, place.collection, call);
      const transition = toFacts(verb, place);
      return { kind: 'accepted', transition, ...(place && { nativeId: place.id }) };
    },
    // The ticket may have another id in its new place; then nothing is found, and the outcome stays unknown.
    verify: async (nativeId, later) => {
      const ticket = await client.findTicketIn(ACTIONS[verb].leadsTo, nativeId, later);
      if (!ticket) return undefined;
      client.expectTicket(ticket.id, ticket.collection, later);
      return { transition: toFacts(verb, undefined), nativeId: ticket.id };
    },
    ...noticeFor(comment),
    kindIfTicketExists: 'illegal-action',
  };
}

/** A 303 is Jifeline's yes, whatever its `Location`; 200 and 204 are one without a place. */
function readMove(answer: UpstreamAnswer, baseUrl: string): { readonly place: Place | undefined } | NothingUsable {
  const { status, headers, text } = answer;
  if (status === 303) return { place: parseLocation(headers['location'], baseUrl) };
  if (status === 204) return NOWHERE;
  if (status !== 200) return { kind: 'inconclusive', why: `the status is ${status}` };
  return text.trim() === '' || isJsonObject(answer) ? NOWHERE : { kind: 'inconclusive', why: 'the body is not JSON' };
}

type NothingUsable = Extract<WriteResult, { kind: 'inconclusive' }>;

const NOWHERE = { place: undefined };

const toActionFacts: ToFacts = (verb, place) => ({
  __typename: 'ActionTransition',
  action: verb,
  to: toStatus(place?.collection ?? ACTIONS[verb].leadsTo),
  state: null,
});

const toStatusFacts: ToFacts = (verb, place) => ({
  __typename: 'StatusTransition',
  action: verb,
  to: toStatus(place?.collection ?? ACTIONS[verb].leadsTo),
});

const TYPENAMES = {
  outsource: 'OutsourceTransition',
  complete: 'CompleteTransition',
  cancel: 'CancelTransition',
} as const;

const toMoveFacts: ToFacts = (verb, place) => ({
  __typename: TYPENAMES[verb],
  action: verb,
  to: toStatus(place?.collection ?? ACTIONS[verb].leadsTo),
  location: place?.path ?? null,
  movedToId: place ? toGlobalId('jifeline', place.id) : null,
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
  order: Order,
): readonly (Write | RejectedPlan)[] {
  const failure = checkInputs(ACTIONS.assignOperator.inputs, values, at);
  if (failure) return [{ targets: order.ids, failure }];
  const operatorId = String(values['operatorId']);
  return order.ids.map((id): Write => ({
    targets: [id],
    request: assignRequest(id, operatorId),
    interpret: judgeAssignment,
    verify: async (nativeId, call) => {
      const ticket = await client.findTicketIn('in-progress', nativeId, call);
      return ticket?.operator_id?.toLowerCase() === operatorId.toLowerCase() ? { transition: ASSIGNED } : undefined;
    },
    ...noticeFor(order.comment),
    kindIfTicketExists: 'illegal-action',
  }));
}

function judgeAssignment(answer: UpstreamAnswer): WriteResult {
  const isTicket = answer.status === 200 && isJsonObject(answer) && parseTicket(parseJson(answer.text), 'in-progress');
  if (isTicket) return { kind: 'accepted', transition: ASSIGNED };
  return { kind: 'inconclusive', why: `the answer, of status ${answer.status}, is not the ticket as JSON` };
}

// ---------------------------------------------------------------- what is refused, and what is told besides

function unknownAction(action: string): FailureDetails {
  const message = `Jifeline knows no action ${show(action)}; it knows ${Object.keys(ACTIONS).join(', ')}.`;
  return { kind: 'invalid-input', field: ['action'], message };
}

function noVerbFor(status: string): FailureDetails {
  const message = `Jifeline has no verb for ${status}; transitionInProgress outsources, completes or cancels a ticket.`;
  return { kind: 'unsupported', field: ['status'], message };
}

/** Jifeline has no place for a comment, which the caller should know. */
function noticeFor(comment: Order['comment']): Pick<Write, 'notice'> {
  if (!comment) return {};
  const message = 'Jifeline takes no comment with this; the comment was not sent.';
  return { notice: { kind: 'unsupported', field: ['comment'], message } };
}
