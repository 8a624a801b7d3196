/**
 * Plans Omnidesk's writes: maps mutation inputs to requests and interprets their responses. Sends nothing.
 * https://docs.omnidesk.io/omnidesk/api-specification/ticket
 */
import type {
  CreateTicketInput,
  ExecuteActionInput,
  NewOmnideskTicketInput,
  RunBatchInput,
  SetPriorityInput,
  SetStatusInput,
  SolveUnfinishedTicketsInput,
  UpdateTicketInput,
} from '../../schema/__generated__/types.ts';
import type {
  ErrorMapper,
  FailureDetails,
  Planner,
  RejectedPlan,
  AppliedWrite,
  TransitionDetails,
  UpstreamAnswer,
  WriteResult,
  Write,
} from '../contract.ts';
import { checkInputs } from '../vendor-kit/action-input.ts';
import { describeRejection } from '../vendor-kit/failure.ts';
import { show } from '../vendor-kit/global-id.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { onlyGiven } from '../vendor-kit/request.ts';
import { ACTION_NAMES, findAction, type mutations } from './actions.ts';
import type { Body, Client } from './client.ts';
import { fromCategory, toId, toPriority, toStatus } from './mapping.ts';
import { isRejection, readNewId, type WireTicket } from './wire.ts';

/** @param mapError maps Omnidesk's errors, including those sent with a 200. */
export function createWrites(client: Client, mapError: ErrorMapper): Record<(typeof mutations)[number], Planner> {
  const acceptedWith =
    (applied: AppliedWrite = {}): Write['interpret'] =>
    (answer) =>
      interpretResponse(answer, mapError, () => applied);

  /** Verifies by a read. If the ticket is in the requested state, returns what an accepted write would. */
  const verifyBy =
    (isApplied: (ticket: WireTicket | undefined) => boolean, applied: AppliedWrite = {}): Write['verify'] =>
    async (nativeId, call) =>
      isApplied(await client.findTicket(nativeId, call)) ? applied : undefined;

  const statusWrite = (
    word: string,
    targets: readonly string[],
    transition: TransitionDetails,
    comment: Comment,
  ): Write => ({
    targets,
    request: client.statusRequest(word, targets),
    interpret: acceptedWith({ transition }),
    verify: verifyBy((ticket) => hasStatus(ticket, word), { transition }),
    ...noticeFor(comment),
  });

  const priorityWrite = (word: string, targets: readonly string[], comment: Comment): Write => {
    const transition = toActionTransition(`priority.${word}`);
    return {
      targets,
      request: client.priorityRequest(word, targets),
      interpret: acceptedWith({ transition }),
      verify: verifyBy((ticket) => toPriority(ticket?.priority ?? null) === toPriority(word), { transition }),
      ...noticeFor(comment),
    };
  };

  const executeAction: Planner<ExecuteActionInput> = ({ action, comment, inputs }, nativeIds) => {
    const known = findAction(action);
    if (!known) {
      const message = `Unknown action ${show(action)}: Omnidesk supports ${ACTION_NAMES.join(', ')}.`;
      return [rejectedPlan(nativeIds, message, 'action')];
    }
    const failure = checkInputs([], inputs ?? {});
    if (failure) return [{ targets: nativeIds, failure }];
    const { name, verb, word } = known;
    return nativeIds.map((id) =>
      verb === 'status'
        ? { ...statusWrite(word, [id], toActionTransition(name, word), comment), equivalentMutation: 'setStatus' }
        : { ...priorityWrite(word, [id], comment), equivalentMutation: 'setPriority' },
    );
  };

  const setStatus: Planner<SetStatusInput> = ({ status, comment }, nativeIds) => {
    const word = fromCategory(status);
    if (word === undefined) return [{ targets: nativeIds, failure: CANCELLED_UNSUPPORTED }];
    const transition = { __typename: 'StatusTransition', action: `status.${word}`, to: toStatus(word) };
    return [statusWrite(word, nativeIds, transition, comment)];
  };

  const setPriority: Planner<SetPriorityInput> = ({ priority }, nativeIds) => [
    priorityWrite(priority.toLowerCase(), nativeIds, null),
  ];

  const createTicket: Planner<CreateTicketInput> = ({ ticket }) => {
    const { omnidesk } = ticket as Partial<typeof ticket>;
    if (!omnidesk) {
      return [rejectedPlan([], 'ticket.omnidesk is required to create a ticket in Omnidesk.', 'ticket', 'omnidesk')];
    }
    const request = client.creationRequest(fromNewTicket(omnidesk));
    return [{ targets: [], request, interpret: (answer) => interpretResponse(answer, mapError, toCreation) }];
  };

  const updateTicket: Planner<UpdateTicketInput> = (input, nativeIds) => {
    const fields = fromUpdate(input);
    if (Object.keys(fields).length === 0) {
      return [rejectedPlan(nativeIds, 'Nothing to update: give title, externalCustomerId or status.')];
    }
    return nativeIds.map((id) => ({
      targets: [id],
      request: client.updateRequest(id, fields),
      interpret: acceptedWith(),
      // A ticket does not contain its customer's external id, so this change cannot be verified.
      ...(fields['externalPrimaryID'] === undefined && {
        verify: verifyBy((ticket) => hasFields(ticket, fields)),
      }),
    }));
  };

  const deleteTickets: Planner<unknown> = (_, nativeIds) =>
    nativeIds.map((id) => ({
      targets: [id],
      request: client.deletionRequest(id),
      interpret: acceptedWith(),
      verify: verifyBy((ticket) => ticket === undefined),
    }));

  const unlinkCustomer: Planner<unknown> = (_, nativeIds) =>
    nativeIds.map((id) => ({
      targets: [id],
      request: client.unlinkRequest(id),
      interpret: acceptedWith(),
      verify: verifyBy(hasNoCustomer),
    }));

  const runBatch: Planner<RunBatchInput> = ({ actions }, nativeIds) => {
    const failure = checkBatch(actions);
    if (failure) return [{ targets: nativeIds, failure }];
    const entries = actions.map(({ actionType, value }) => ({ actionType, value }));
    return [{ targets: nativeIds, request: client.batchRequest(nativeIds, entries), interpret: acceptedWith() }];
  };

  const solveUnfinishedTickets: Planner<SolveUnfinishedTicketsInput> = ({ confirm }) => {
    if (!confirm) {
      return [rejectedPlan([], 'confirm must be true: this solves every unfinished ticket of Omnidesk.', 'confirm')];
    }
    return [{ targets: [], request: client.solveUnfinishedRequest(), interpret: acceptedWith() }];
  };

  return {
    executeAction,
    setStatus,
    setPriority,
    createTicket,
    updateTicket,
    deleteTickets,
    unlinkCustomer,
    runBatch,
    solveUnfinishedTickets,
  };
}

/**
 * Interprets the response to a write. The documentation shows a 200 with JSON and no schema, so any JSON is accepted,
 * and so is an empty body. Only `status: "error"` is a rejection. https://www.omnidesk.nl/api/docs
 */
export function interpretResponse(
  answer: UpstreamAnswer,
  mapError: ErrorMapper,
  toApplied: (body: unknown) => AppliedWrite,
): WriteResult {
  if (answer.status < 200 || answer.status >= 300) {
    return { kind: 'inconclusive', why: `the status is ${answer.status}` };
  }
  const text = answer.text.trim();
  if (text === '') return { kind: 'accepted', ...toApplied(undefined) };
  const body = parseJson(text);
  if (body === undefined) {
    return { kind: 'inconclusive', why: `the body is ${text.startsWith('<') ? 'HTML' : 'not JSON'}` };
  }
  if (isRejection(body)) return { kind: 'rejected', failure: describeRejection(answer, mapError) };
  return { kind: 'accepted', ...toApplied(body) };
}

type Comment = string | null | undefined;

/** Reports that a comment was not sent: Omnidesk's writes accept none. */
function noticeFor(comment: Comment): Pick<Write, 'notice'> {
  if (!comment) return {};
  const message = 'Omnidesk does not accept a comment with a status or a priority. The comment was not sent.';
  return { notice: { kind: 'unsupported', message, field: ['comment'] } };
}

const CANCELLED_UNSUPPORTED: FailureDetails = {
  kind: 'unsupported',
  message: 'Omnidesk has no status for cancelled tickets. Use setStatus with SOLVED or CLOSED, or deleteTickets.',
  field: ['status'],
};

function toCreation(body: unknown): AppliedWrite {
  const nativeId = readNewId(body);
  return nativeId === undefined ? {} : { nativeId };
}

function toActionTransition(action: string, status?: string): TransitionDetails {
  return { __typename: 'ActionTransition', action, to: status === undefined ? null : toStatus(status), state: null };
}

function rejectedPlan(targets: readonly string[], message: string, ...field: string[]): RejectedPlan {
  return { targets, failure: { kind: 'invalid-input', message, ...(field.length > 0 && { field }) } };
}

/** Only the given fields, in documentation order. An explicit null sends the documented default. */
function fromNewTicket(ticket: NewOmnideskTicketInput): Body {
  const fields = onlyGiven<string | number | null | undefined>({
    brandID: ticket.brandId,
    channelID: ticket.channelId,
    direction: ticket.direction?.toLowerCase(),
    from: ticket.from,
    fromName: ticket.fromName === null ? ' ' : ticket.fromName,
    to: ticket.to,
    title: ticket.title,
    assignedGroupID: ticket.assignedGroupId === null ? 0 : ticket.assignedGroupId,
  });
  return ticket.formId === undefined ? fields : { ...fields, formID: ticket.formId };
}

/** Only the given fields, in documentation order. */
function fromUpdate({ title, externalCustomerId, status }: UpdateTicketInput): Readonly<Record<string, string>> {
  return onlyGiven({ externalPrimaryID: externalCustomerId, title, status: status?.toLowerCase() });
}

function checkBatch(actions: RunBatchInput['actions']): FailureDetails | undefined {
  if (actions.length === 0) return rejectedPlan([], 'actions must have at least one entry.', 'actions').failure;
  const empty = actions.findIndex(({ actionType }) => actionType.trim() === '');
  if (empty < 0) return undefined;
  return rejectedPlan([], `actions.${empty}.actionType must not be empty.`, 'actions', String(empty), 'actionType')
    .failure;
}

function hasStatus(ticket: WireTicket | undefined, word: string): boolean {
  return ticket?.status.toLowerCase() === word;
}

function hasFields(ticket: WireTicket | undefined, { title, status }: Readonly<Record<string, string>>): boolean {
  if (!ticket || (title !== undefined && (ticket.title ?? '') !== title)) return false;
  return status === undefined || hasStatus(ticket, status);
}

function hasNoCustomer(ticket: WireTicket | undefined): boolean {
  return ticket !== undefined && ticket.hasCustomerField && toId(ticket.customer_id) === null;
}
