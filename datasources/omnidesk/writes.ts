/**
 * The writes: mutation inputs -> requests, with how their answers are read. Nothing is sent here.
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
import { describeRefusal } from '../vendor-kit/failure.ts';
import { show } from '../vendor-kit/global-id.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { onlyGiven } from '../vendor-kit/request.ts';
import { ACTION_NAMES, findAction, type mutations } from './actions.ts';
import type { Body, Client } from './client.ts';
import { fromCategory, toId, toPriority, toStatus } from './mapping.ts';
import { isRefusal, readNewId, type WireTicket } from './wire.ts';

/** @param dialect how Omnidesk's refusals are read, also the one in an answer with a status of 200. */
export function createWrites(client: Client, dialect: ErrorMapper): Record<(typeof mutations)[number], Planner> {
  const saying =
    (settlement: AppliedWrite = {}): Write['interpret'] =>
    (answer) =>
      judge(answer, dialect, () => settlement);

  /** A later look: as much as a yes would have told, where the ticket stands as the write was to bring it. */
  const settleBy =
    (isBrought: (ticket: WireTicket | undefined) => boolean, settlement: AppliedWrite = {}): Write['verify'] =>
    async (nativeId, call) =>
      isBrought(await client.findTicket(nativeId, call)) ? settlement : undefined;

  const statusWrite = (
    word: string,
    targets: readonly string[],
    transition: TransitionDetails,
    comment: Comment,
  ): Write => ({
    targets,
    request: client.statusRequest(word, targets),
    interpret: saying({ transition }),
    verify: settleBy((ticket) => hasStatus(ticket, word), { transition }),
    ...noticeFor(comment),
  });

  const priorityWrite = (word: string, targets: readonly string[], comment: Comment): Write => {
    const transition = toActionFacts(`priority.${word}`);
    return {
      targets,
      request: client.priorityRequest(word, targets),
      interpret: saying({ transition }),
      verify: settleBy((ticket) => toPriority(ticket?.priority ?? null) === toPriority(word), { transition }),
      ...noticeFor(comment),
    };
  };

  const executeAction: Planner<ExecuteActionInput> = ({ action, comment, inputs }, nativeIds) => {
    const known = findAction(action);
    if (!known) {
      const message = `Omnidesk knows no action ${show(action)}; it knows ${ACTION_NAMES.join(', ')}.`;
      return [refused(nativeIds, message, 'action')];
    }
    const failure = checkInputs([], inputs ?? {});
    if (failure) return [{ targets: nativeIds, failure }];
    const { name, verb, word } = known;
    return nativeIds.map((id) =>
      verb === 'status'
        ? { ...statusWrite(word, [id], toActionFacts(name, word), comment), equivalentMutation: 'setStatus' }
        : { ...priorityWrite(word, [id], comment), equivalentMutation: 'setPriority' },
    );
  };

  const setStatus: Planner<SetStatusInput> = ({ status, comment }, nativeIds) => {
    const word = fromCategory(status);
    if (word === undefined) return [{ targets: nativeIds, failure: NO_CANCELLING }];
    const transition = { __typename: 'StatusTransition', action: `status.${word}`, to: toStatus(word) };
    return [statusWrite(word, nativeIds, transition, comment)];
  };

  const setPriority: Planner<SetPriorityInput> = ({ priority }, nativeIds) => [
    priorityWrite(priority.toLowerCase(), nativeIds, null),
  ];

  const createTicket: Planner<CreateTicketInput> = ({ ticket }) => {
    const { omnidesk } = ticket as Partial<typeof ticket>;
    if (!omnidesk) {
      return [refused([], 'ticket.omnidesk is required to make a ticket in Omnidesk.', 'ticket', 'omnidesk')];
    }
    const request = client.creationRequest(fromNewTicket(omnidesk));
    return [{ targets: [], request, interpret: (answer) => judge(answer, dialect, toCreation) }];
  };

  const updateTicket: Planner<UpdateTicketInput> = (input, nativeIds) => {
    const fields = fromUpdate(input);
    if (Object.keys(fields).length === 0) {
      return [refused(nativeIds, 'Nothing to update: give title, externalCustomerId or status.')];
    }
    return nativeIds.map((id) => ({
      targets: [id],
      request: client.updateRequest(id, fields),
      interpret: saying(),
      // A ticket does not show its customer's external id, so a look cannot settle that one.
      ...(fields['externalPrimaryID'] === undefined && {
        verify: settleBy((ticket) => hasFields(ticket, fields)),
      }),
    }));
  };

  const deleteTickets: Planner<unknown> = (_, nativeIds) =>
    nativeIds.map((id) => ({
      targets: [id],
      request: client.deletionRequest(id),
      interpret: saying(),
      verify: settleBy((ticket) => ticket === undefined),
    }));

  const unlinkCustomer: Planner<unknown> = (_, nativeIds) =>
    nativeIds.map((id) => ({
      targets: [id],
      request: client.unlinkRequest(id),
      interpret: saying(),
      verify: settleBy(hasNoCustomer),
    }));

  const runBatch: Planner<RunBatchInput> = ({ actions }, nativeIds) => {
    const failure = checkBatch(actions);
    if (failure) return [{ targets: nativeIds, failure }];
    const entries = actions.map(({ actionType, value }) => ({ actionType, value }));
    return [{ targets: nativeIds, request: client.batchRequest(nativeIds, entries), interpret: saying() }];
  };

  const solveUnfinishedTickets: Planner<SolveUnfinishedTicketsInput> = ({ confirm }) => {
    if (!confirm) {
      return [
        refused([], 'This solves every unfinished ticket of Omnidesk: give confirm: true if you mean it.', 'confirm'),
      ];
    }
    return [{ targets: [], request: client.solveUnfinishedRequest(), interpret: saying() }];
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
 * What an answer to a write means. The page promises a 200 with JSON and no schema, so any JSON is a yes, and so is
 * nothing at all; only `status: "error"` is a no. https://www.omnidesk.nl/api/docs
 */
export function judge(
  answer: UpstreamAnswer,
  dialect: ErrorMapper,
  toSettlement: (body: unknown) => AppliedWrite,
): WriteResult {
  if (answer.status < 200 || answer.status >= 300) {
    return { kind: 'inconclusive', why: `the status is ${answer.status}` };
  }
  const text = answer.text.trim();
  if (text === '') return { kind: 'accepted', ...toSettlement(undefined) };
  const body = parseJson(text);
  if (body === undefined) {
    return { kind: 'inconclusive', why: `the body is ${text.startsWith('<') ? 'HTML' : 'not JSON'}` };
  }
  if (isRefusal(body)) return { kind: 'rejected', failure: describeRefusal(answer, dialect) };
  return { kind: 'accepted', ...toSettlement(body) };
}

type Comment = string | null | undefined;

/** Omnidesk's writes take no comment: said, not passed over. */
function noticeFor(comment: Comment): Pick<Write, 'notice'> {
  if (!comment) return {};
  const message = 'Omnidesk takes no comment with a status or a priority; it was set without the comment.';
  return { notice: { kind: 'unsupported', message, field: ['comment'] } };
}

const NO_CANCELLING: FailureDetails = {
  kind: 'unsupported',
  message: 'Omnidesk has no status for cancelled tickets; use setStatus with SOLVED or CLOSED, or deleteTickets.',
  field: ['status'],
};

function toCreation(body: unknown): AppliedWrite {
  const nativeId = readNewId(body);
  return nativeId === undefined ? {} : { nativeId };
}

function toActionFacts(action: string, status?: string): TransitionDetails {
  return { __typename: 'ActionTransition', action, to: status === undefined ? null : toStatus(status), state: null };
}

function refused(targets: readonly string[], message: string, ...field: string[]): RejectedPlan {
  return { targets, failure: { kind: 'invalid-input', message, ...(field.length > 0 && { field }) } };
}

/** Only what is given, in the page's order. An explicit null is the page's default; without one it gives nothing. */
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

/** Only what is given, in the page's order. */
function fromUpdate({ title, externalCustomerId, status }: UpdateTicketInput): Readonly<Record<string, string>> {
  return onlyGiven({ externalPrimaryID: externalCustomerId, title, status: status?.toLowerCase() });
}

function checkBatch(actions: RunBatchInput['actions']): FailureDetails | undefined {
  if (actions.length === 0) return refused([], 'actions must have at least one entry.', 'actions').failure;
  const empty = actions.findIndex(({ actionType }) => actionType.trim() === '');
  if (empty < 0) return undefined;
  return refused([], `actions.${empty}.actionType must not be empty.`, 'actions', String(empty), 'actionType').failure;
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
