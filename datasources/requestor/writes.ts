/**
 * Plans Requestor's writes: maps mutation inputs to requests and interprets their responses. Sends nothing. Every write
 * is a WorkflowPush.
 */
import type { ExecuteActionInput, PushWorkflowInput } from '../../schema/__generated__/types.ts';
import type {
  RequestScope,
  FailureDetails,
  Planner,
  RejectedPlan,
  TicketStatus,
  TransitionDetails,
  UpstreamAnswer,
  WriteResult,
  Write,
} from '../contract.ts';
import { checkInputs, toInteger } from '../vendor-kit/action-input.ts';
import { show } from '../vendor-kit/global-id.ts';
import { asText } from '../vendor-kit/coerce.ts';
import { mediaType } from '../vendor-kit/request.ts';
import {
  isWait,
  verifierFor,
  PUSH_INPUTS,
  requiredInput,
  type Action,
  type RequestMemory,
  type mutations,
} from './actions.ts';
import { pushRequest, type Client } from './client.ts';
import { toTicket } from './mapping.ts';
import { NATIVE_ID, NUMBER, isXmlText, parsePushResult, type WirePushResult } from './wire.ts';

/** The values of a push, independent of the mutation. */
interface Push {
  readonly action: string;
  readonly userProviderKey: string | null;
  readonly serviceId: number | null;
  readonly customerId: number | null;
  readonly note: string | null;
  /** Sent as the note if there is none. */
  readonly comment: string | null;
  /** Path of the input that holds the values. */
  readonly at: readonly string[];
  /** The transition's type, and its fields besides the references. */
  readonly transition: Readonly<{ __typename: 'WorkflowTransition' } | { __typename: 'ActionTransition'; state: null }>;
}

/** What all writes of a source use. */
interface WriteContext {
  readonly client: Client;
  readonly memory: RequestMemory;
  readonly sourceKey: string;
}

export function createWrites(context: WriteContext): Record<(typeof mutations)[number], Planner> {
  const { memory } = context;
  const plan = (push: Push, nativeId: string, call: RequestScope): Write | RejectedPlan => {
    const action = memory.findAction(call, push.action);
    if (!action) return { targets: [nativeId], failure: invalidAction(push.action) };
    const failure = checkPush(push, action);
    if (failure) return { targets: [nativeId], failure };
    return toWrite(push, action, nativeId, call, context);
  };

  const pushWorkflow: Planner<PushWorkflowInput> = (input, nativeIds, call) =>
    nativeIds.map((nativeId) => plan(fromPushWorkflow(input), nativeId, call));

  const executeAction: Planner<ExecuteActionInput> = (input, nativeIds, call) => {
    const push = fromExecuteAction(input);
    if ('kind' in push) return [{ targets: nativeIds, failure: push }];
    return nativeIds.map((nativeId) => ({ ...plan(push, nativeId, call), equivalentMutation: 'pushWorkflow' }));
  };

  return { pushWorkflow, executeAction };
}

// ---------------------------------------------------------------- inputs -> push

function fromPushWorkflow(input: PushWorkflowInput): Push {
  return {
    action: input.action,
    userProviderKey: input.userProviderKey ?? null,
    serviceId: input.serviceId ?? null,
    customerId: input.customerId ?? null,
    note: input.note ?? null,
    comment: null,
    at: [],
    transition: { __typename: 'WorkflowTransition' },
  };
}

function fromExecuteAction({ action, comment, inputs }: ExecuteActionInput): Push | FailureDetails {
  const values = inputs ?? {};
  const failure = checkInputs(PUSH_INPUTS, values);
  if (failure) return failure;
  return {
    action,
    userProviderKey: toTextOrNull(values['userProviderKey']),
    serviceId: toInteger(values['serviceId']),
    customerId: toInteger(values['customerId']),
    note: toTextOrNull(values['note']),
    comment: asText(comment),
    at: ['inputs'],
    transition: { __typename: 'ActionTransition', state: null },
  };
}

/** Keeps an empty string. An id may be given as a number. */
function toTextOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : asText(value);
}

// ---------------------------------------------------------------- rules

function invalidAction(action: string): FailureDetails {
  const message =
    `Invalid action ${show(action)}: expected a name such as IncidentSuspend, ` + 'or a number from 0 to 2147483647.';
  return { kind: 'invalid-input', field: ['action'], message };
}

/**
 * Checks what Requestor is documented to reject, and what the request format cannot represent. Requestor decides the
 * rest.
 */
function checkPush(push: Push, action: Action): FailureDetails | undefined {
  const requirement = requiredInput(action.name);
  if (requirement && isBlank(push[requirement])) {
    const field = [...push.at, requirement];
    const message = `${action.name} requires ${field.join('.')}. Choose one from the action's inputs in availableActions.`;
    return { kind: 'invalid-input', field, message };
  }
  return action.number === null ? checkXmlText(push) : undefined;
}

function isBlank(value: string | number | null): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

function checkXmlText({ at, userProviderKey, note, comment }: Push): FailureDetails | undefined {
  const texts: readonly (readonly [text: string | null, field: readonly string[]])[] = [
    [userProviderKey, [...at, 'userProviderKey']],
    note === null ? [comment, ['comment']] : [note, [...at, 'note']],
  ];
  const field = texts.find(([text]) => text !== null && !isXmlText(text))?.[1];
  if (!field) return undefined;
  const message =
    `${field.join('.')} contains a character that XML does not allow, and an action given by name is sent as XML. ` +
    "Remove the character, or give the action's number.";
  return { kind: 'invalid-input', field, message };
}

function noticeFor({ note, comment }: Push, { name }: Action): FailureDetails | undefined {
  if (comment === null || comment === note) return undefined;
  if (note !== null) {
    const message = 'Requestor accepts only one text with an action. The note was sent, the comment was not.';
    return { kind: 'unsupported', field: ['comment'], message };
  }
  if (name === null || isWait(name)) return undefined;
  const message =
    `Requestor documents a note only for actions that wait for a third party. The comment was sent as the note of ` +
    `${name}; Requestor may have discarded it.`;
  return { kind: 'unsupported', field: ['comment'], message };
}

// ---------------------------------------------------------------- the write

function toWrite(
  push: Push,
  action: Action,
  nativeId: string,
  call: RequestScope,
  { client, memory, sourceKey }: WriteContext,
): Write {
  const isNumber = NUMBER.test(nativeId);
  const previousRef = isNumber ? memory.findReference(call, nativeId) : nativeId;
  const notice = noticeFor(push, action);
  const isApplied = verifierFor(action, push.userProviderKey, previousRef);
  const toTransition = (ticketRef: string | null, to: TicketStatus | null): TransitionDetails => ({
    ...push.transition,
    action: action.name ?? String(action.number),
    to,
    ...(push.transition.__typename === 'WorkflowTransition' && { ticketRef, previousTicketRef: previousRef }),
  });

  return {
    targets: [nativeId],
    request: pushRequest({
      TicketId: isNumber ? Number(nativeId) : null,
      TicketREF: isNumber ? null : nativeId,
      Action: action.number ?? action.name ?? push.action,
      UserProviderKey: push.userProviderKey,
      ServiceId: push.serviceId,
      CustomerId: push.customerId,
      Note: push.note ?? push.comment,
    }),
    ...(notice && { notice }),
    // A wrong base URL also returns 404 for every push.
    kindIfTicketExists: 'rejected',
    interpret: (answer): WriteResult => {
      const result = answer.status === 200 ? parsePushResult(answer) : undefined;
      if (!result) return { kind: 'inconclusive', why: whyInconclusive(answer) };
      const newId = toNativeId(result);
      if (newId && result.TicketREF) memory.rememberReference(call, newId, result.TicketREF);
      return { kind: 'accepted', transition: toTransition(result.TicketREF, null), ...(newId && { nativeId: newId }) };
    },
    ...(isApplied && {
      verify: async (id, laterCall) => {
        const wire = await client.findTicket(id, laterCall);
        const ticket = wire && toTicket(wire, sourceKey);
        if (!ticket || !isApplied(ticket)) return undefined;
        memory.remember(laterCall, ticket);
        return { transition: toTransition(ticket.ticketRef, ticket.status), nativeId: ticket.nativeId };
      },
    }),
  };
}

/** Returns the number, else the new reference: older installations return no number. */
function toNativeId({ TicketId, TicketREF }: WirePushResult): string | undefined {
  if (TicketId !== null) return String(TicketId);
  return TicketREF !== null && NATIVE_ID.test(TicketREF) ? TicketREF : undefined;
}

function whyInconclusive(answer: UpstreamAnswer): string {
  if (answer.status !== 200) return `the status is ${answer.status}, expected 200`;
  if (answer.text.trim() === '') return 'the body is empty';
  const isHtml = mediaType(answer).includes('html') || /^\s*<(?:!doctype\s+)?html\b/i.test(answer.text);
  return isHtml ? 'the body is HTML' : 'the body is not a WorkflowPushResult with a ticket';
}
