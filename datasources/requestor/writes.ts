/**
 * The writes: mutation inputs -> requests, with how their answers are read. Nothing is sent here.
 * Every one is a push of the workflow.
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
import { isWait, proofOf, PUSH_INPUTS, requirementOf, type Action, type Memory, type mutations } from './actions.ts';
import { pushRequest, type Client } from './client.ts';
import { toTicket } from './mapping.ts';
import { NATIVE_ID, NUMBER, isXmlText, parsePushResult, type WirePushResult } from './wire.ts';

/** What a push carries, whichever mutation asks for it. */
interface Push {
  readonly action: string;
  readonly userProviderKey: string | null;
  readonly serviceId: number | null;
  readonly customerId: number | null;
  readonly note: string | null;
  /** Goes as the note where none is given. */
  readonly comment: string | null;
  /** Path of the input that holds the values. */
  readonly at: readonly string[];
  /** The transition's type and what it has besides the references. */
  readonly transition: Readonly<{ __typename: 'WorkflowTransition' } | { __typename: 'ActionTransition'; state: null }>;
}

export function createWrites(client: Client, memory: Memory): Record<(typeof mutations)[number], Planner> {
  const plan = (push: Push, nativeId: string, call: RequestScope): Write | RejectedPlan => {
    const action = memory.findAction(call, push.action);
    if (!action) return { targets: [nativeId], failure: notAnAction(push.action) };
    const failure = findFault(push, action);
    if (failure) return { targets: [nativeId], failure };
    return toWrite(push, action, nativeId, call, client, memory);
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

/** An empty text is one that was given. An id may come as a number. */
function toTextOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : asText(value);
}

// ---------------------------------------------------------------- rules

function notAnAction(action: string): FailureDetails {
  const message =
    `${show(action)} is not a workflow action: give a name such as IncidentSuspend, ` +
    'or a number from 0 to 2147483647 as text.';
  return { kind: 'invalid-input', field: ['action'], message };
}

/** What Requestor is known to refuse, or the form of the request cannot hold. The rest is for Requestor to judge. */
function findFault(push: Push, action: Action): FailureDetails | undefined {
  const requirement = requirementOf(action.name);
  if (requirement && isBlank(push[requirement])) {
    const field = [...push.at, requirement];
    const message = `${action.name} needs ${field.join('.')}; its inputs in availableActions list the values.`;
    return { kind: 'invalid-input', field, message };
  }
  return action.number === null ? findXmlFault(push) : undefined;
}

function isBlank(value: string | number | null): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

function findXmlFault({ at, userProviderKey, note, comment }: Push): FailureDetails | undefined {
  const texts: readonly (readonly [text: string | null, field: readonly string[]])[] = [
    [userProviderKey, [...at, 'userProviderKey']],
    note === null ? [comment, ['comment']] : [note, [...at, 'note']],
  ];
  const field = texts.find(([text]) => text !== null && !isXmlText(text))?.[1];
  if (!field) return undefined;
  const message =
    `${field.join('.')} holds a character that XML cannot carry, and an action goes by name in XML: ` +
    "leave the character out, or give the action's number.";
  return { kind: 'invalid-input', field, message };
}

function noticeFor({ note, comment }: Push, { name }: Action): FailureDetails | undefined {
  if (comment === null || comment === note) return undefined;
  if (note !== null) {
    const message = 'Requestor takes one text with an action: the note was sent, the comment was not.';
    return { kind: 'unsupported', field: ['comment'], message };
  }
  if (name === null || isWait(name)) return undefined;
  const message =
    `Requestor documents a note only for actions that wait for a third party: the comment was sent as the note of ` +
    `${name}, and may not have been kept.`;
  return { kind: 'unsupported', field: ['comment'], message };
}

// ---------------------------------------------------------------- the write

function toWrite(
  push: Push,
  action: Action,
  nativeId: string,
  call: RequestScope,
  client: Client,
  memory: Memory,
): Write {
  const isNumber = NUMBER.test(nativeId);
  const previousRef = isNumber ? memory.findReference(call, nativeId) : nativeId;
  const notice = noticeFor(push, action);
  const proof = proofOf(action, push.userProviderKey, previousRef);
  const toFacts = (ticketRef: string | null, to: TicketStatus | null): TransitionDetails => ({
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
    // A wrong base address says 404 to every push, too.
    kindIfTicketExists: 'rejected',
    interpret: (answer): WriteResult => {
      const result = answer.status === 200 ? parsePushResult(answer) : undefined;
      if (!result) return { kind: 'inconclusive', why: whyUnusable(answer) };
      const newId = toNativeId(result);
      if (newId && result.TicketREF) memory.learnReference(call, newId, result.TicketREF);
      return { kind: 'accepted', transition: toFacts(result.TicketREF, null), ...(newId && { nativeId: newId }) };
    },
    ...(proof && {
      verify: async (id, settling) => {
        const wire = await client.findTicket(id, settling);
        const ticket = wire && toTicket(wire);
        if (!ticket || !proof(ticket)) return undefined;
        memory.learn(settling, ticket);
        return { transition: toFacts(ticket.ticketRef, ticket.status), nativeId: ticket.nativeId };
      },
    }),
  };
}

/** The stable number; the new reference where there is none, as from older installations. */
function toNativeId({ TicketId, TicketREF }: WirePushResult): string | undefined {
  if (TicketId !== null) return String(TicketId);
  return TicketREF !== null && NATIVE_ID.test(TicketREF) ? TicketREF : undefined;
}

function whyUnusable(answer: UpstreamAnswer): string {
  if (answer.status !== 200) return `the status is ${answer.status} and not the documented 200`;
  if (answer.text.trim() === '') return 'the body is empty';
  const isHtml = mediaType(answer).includes('html') || /^\s*<(?:!doctype\s+)?html\b/i.test(answer.text);
  return isHtml ? 'the body is HTML' : 'the body is no WorkflowPushResult that names a ticket';
}
