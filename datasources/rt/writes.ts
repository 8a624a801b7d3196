/**
 * Plans Request Tracker's writes: maps mutation inputs to requests and interprets their responses. Sends nothing.
 *
 * A PUT is answered with 200 and sentences in the language of the account, whether it was made or not, so the sentences
 * never decide. The ticket is read before, for its version, and after: it is in the new state, or its history above that
 * version shows the change by our own account, or the change was not made.
 *
 * Long, because each write is beside what proves it.
 */
import type {
  CreateTicketInput,
  ExecuteActionInput,
  NewRtTicketInput,
  SetStatusInput,
  UpdateTicketInput,
} from '../../schema/__generated__/types.ts';
import type {
  AppliedWrite,
  FailureDetails,
  FollowUp,
  Planner,
  PreparedWrite,
  RejectedPlan,
  RequestScope,
  TransitionDetails,
  UpstreamAnswer,
  UpstreamRequest,
  Write,
  WriteResult,
} from '../contract.ts';
import { checkInputs } from '../vendor-kit/action-input.ts';
import { Failure, unexpectedResponse } from '../vendor-kit/failure.ts';
import { show } from '../vendor-kit/global-id.ts';
import { ACTION_NAMES, CONTENT, DELETED, equivalentOf, findAction, type mutations } from './actions.ts';
import { withVersion, type Body, type Client, type MessageVerb, type OwnerVerb } from './client.ts';
import { fromCategory, fromNewTicket, toStatus, type Statuses } from './mapping.ts';
import { NOBODY, parseSentences, readNewId, type Change, type VersionedTicket, type WireTicket } from './wire.ts';

/** @param statuses of this installation */
export function createWrites(client: Client, statuses: Statuses): Record<(typeof mutations)[number], Planner> {
  const statusWrite = (id: string, status: string, typename: string, comment: Comment): Write => {
    const transition = toTransition(typename, `status.${status}`, toStatus(status, statuses));
    const isStatus = (text: string | null): boolean => text?.toLowerCase() === status.toLowerCase();
    return {
      ...verifiedWrite(client, id, client.updateRequest(id, { Status: status }), {
        transition,
        isApplied: ({ Status }) => isStatus(Status),
        isChange: ({ field, newValue }) => field === 'Status' && isStatus(newValue),
      }),
      ...equivalentOf(status),
      ...commentOn(client, id, comment),
    };
  };

  const ownerWrite = (id: string, verb: OwnerVerb, comment: Comment): Write => ({
    ...verifiedWrite(client, id, client.ownerRequest(id, verb), {
      transition: toTransition('ActionTransition', verb, null),
      isApplied: async ({ Owner }, call) => Owner === (verb === 'untake' ? null : await client.findOwnName(call)),
      isChange: ({ field }) => field === 'Owner',
    }),
    ...commentOn(client, id, comment),
  });

  const messageWrite = (id: string, verb: MessageVerb, content: string): Write => ({
    targets: [id],
    request: client.messageRequest(id, verb, content),
    interpret: (answer) => interpretMessage(answer, toTransition('ActionTransition', verb, null)),
    // Request Tracker answers 400 `Permission Denied` for a missing right and for a missing ticket.
    kindIfTicketExists: 'rejected',
    missingStatuses: [400],
  });

  const executeAction: Planner<ExecuteActionInput> = ({ action, comment, inputs }, nativeIds) => {
    const known = findAction(action);
    if (!known) {
      const message = `Unknown action ${show(action)}: Request Tracker supports ${ACTION_NAMES}.`;
      return [rejectedPlan(nativeIds, message, 'action')];
    }
    if (known.kind === 'message') {
      const content = readContent(inputs ?? {}, comment);
      if (typeof content !== 'string') return [{ targets: nativeIds, failure: content }];
      return nativeIds.map((id) => messageWrite(id, known.verb, content));
    }
    const failure = checkInputs([], inputs ?? {});
    if (failure) return [{ targets: nativeIds, failure }];
    return nativeIds.map((id) =>
      known.kind === 'status'
        ? statusWrite(id, known.status, 'ActionTransition', comment)
        : ownerWrite(id, known.verb, comment),
    );
  };

  const setStatus: Planner<SetStatusInput> = ({ status, comment }, nativeIds) => {
    const word = fromCategory(status, statuses);
    if (word === undefined) return [{ targets: nativeIds, failure: unsupportedStatus(status) }];
    return nativeIds.map((id) => statusWrite(id, word, 'StatusTransition', comment));
  };

  const createTicket: Planner<CreateTicketInput> = ({ ticket }) => {
    const { rt } = ticket as Partial<typeof ticket>;
    if (!rt) return [rejectedPlan([], 'ticket.rt is required to create a ticket in Request Tracker.', 'ticket', 'rt')];
    const failure = checkNewTicket(rt);
    if (failure) return [{ targets: [], failure }];
    const request = client.creationRequest(fromNewTicket(rt));
    return [{ targets: [], request, interpret: interpretCreation, ...inspectCreation(client, rt) }];
  };

  const updateTicket: Planner<UpdateTicketInput> = ({ title, externalCustomerId, status }, nativeIds) => {
    const field = isGiven(externalCustomerId) ? 'externalCustomerId' : isGiven(status) ? 'status' : undefined;
    if (field !== undefined) return [{ targets: nativeIds, failure: unsupportedField(field) }];
    if (!isGiven(title)) return [rejectedPlan(nativeIds, 'Nothing to update: give title.', 'title')];
    const failure = checkSubject(title, 'title');
    if (failure) return [{ targets: nativeIds, failure }];
    const isTitle = (text: string | null): boolean => (text ?? '').trim() === title.trim();
    return nativeIds.map((id) =>
      verifiedWrite(client, id, client.updateRequest(id, { Subject: title }), {
        isApplied: ({ Subject }) => isTitle(Subject),
        isChange: ({ field: changed, newValue }) => changed === 'Subject' && isTitle(newValue),
        isOther: ({ field: changed }) => changed === 'Subject',
      }),
    );
  };

  const deleteTickets: Planner<unknown> = (_, nativeIds) =>
    // Not DELETE, which is answered with 500 if it is refused.
    nativeIds.map((id) => statusWrite(id, DELETED, 'StatusTransition', null));

  return { executeAction, setStatus, createTicket, updateTicket, deleteTickets };
}

// ---------------------------------------------------------------- answered, then verified

/** The change that a write makes. */
interface Effect {
  readonly transition?: TransitionDetails;
  /** Whether the ticket is in the state that the write leads to. */
  isApplied(ticket: WireTicket, call: RequestScope): boolean | Promise<boolean>;
  /** Whether a change of the history, by the account in use, is the one of this write. */
  isChange(change: Change): boolean;
  /** Whether such a change may be this write as Request Tracker altered it, so that it was not refused. */
  isOther?(change: Change): boolean;
}

function verifiedWrite(client: Client, id: string, request: UpstreamRequest, effect: Effect): Write {
  return {
    targets: [id],
    request,
    interpret: interpretSentences,
    prepare: (call) => prepare(client, id, request, effect, call),
  };
}

/** Reads the version of the ticket. The precondition protects from a change since then; it is not atomic. */
async function prepare(
  client: Client,
  id: string,
  request: UpstreamRequest,
  effect: Effect,
  call: RequestScope,
): Promise<PreparedWrite> {
  const before = await client.findTicket(id, call);
  if (!before) throw new Failure({ kind: 'not-found', message: NOT_FOUND });
  return {
    request: withVersion(request, before.version),
    verify: (nativeId, laterCall) => verify(client, nativeId, before, effect, laterCall),
  };
}

const NOT_FOUND = 'Request Tracker has no such ticket. Nothing was sent.';

/**
 * Reads the ticket again. Somebody else may have changed it after this write, so that its state alone does not tell; then
 * the history above the version from before does.
 *
 * @throws Failure if neither tells.
 */
async function verify(
  client: Client,
  nativeId: string,
  before: VersionedTicket,
  { transition, isApplied, isChange, isOther }: Effect,
  call: RequestScope,
): Promise<AppliedWrite | undefined> {
  const now = await client.findTicket(nativeId, call);
  if (!now) throw unexpectedResponse('ticket');
  const { id } = now.ticket;
  const applied = { ...(transition && { transition }), ...(id !== nativeId && { nativeId: id }) };
  if (await isApplied(now.ticket, call)) return applied;
  if (before.version === undefined) throw unexpectedResponse('ticket with a version');
  if (now.version === before.version) return undefined;
  const [changes, own] = await Promise.all([client.listChanges(id, before.version, call), client.findOwnName(call)]);
  const ours = changes.filter(({ creator }) => creator === own);
  if (ours.some(isChange)) return applied;
  if (isOther && ours.some(isOther)) throw unexpectedResponse('change as it was sent');
  return undefined;
}

function interpretSentences(answer: UpstreamAnswer): WriteResult {
  const sentences = answer.status === 200 ? parseSentences(answer) : undefined;
  if (!sentences) return undocumented(answer);
  return { kind: 'answered', ...(sentences.length > 0 && { upstreamMessage: sentences.join(' ') }) };
}

function undocumented({ status }: UpstreamAnswer): WriteResult {
  return { kind: 'inconclusive', why: `the response (status ${status}) is not of the documented form` };
}

// ---------------------------------------------------------------- messages

type Comment = string | null | undefined;

/** A comment on an action: an internal one, since a reply would open a resolved ticket again. */
function commentOn(client: Client, id: string, comment: Comment): { readonly followUp?: FollowUp } {
  if (!comment?.trim()) return {};
  const request = client.messageRequest(id, 'comment', comment);
  return { followUp: { what: 'the comment', request, interpret: (answer) => interpretMessage(answer) } };
}

function interpretMessage(answer: UpstreamAnswer, transition?: TransitionDetails): WriteResult {
  if (answer.status !== 201 || !parseSentences(answer)) return undocumented(answer);
  return { kind: 'accepted', ...(transition && { transition }) };
}

/** Returns the text of a message, or why there is none. Without a text, Request Tracker would add an empty message. */
function readContent(inputs: Body, comment: Comment): string | FailureDetails {
  const failure = checkInputs([{ ...CONTENT, required: false }], inputs);
  if (failure) return failure;
  const given = (inputs['content'] as Comment) ?? undefined;
  if (given !== undefined && comment) {
    return {
      kind: 'invalid-input',
      field: ['comment'],
      message: 'Give the text once: as inputs.content or as comment.',
    };
  }
  const content = given ?? comment ?? '';
  if (content.trim() !== '') return content;
  return { kind: 'invalid-input', field: ['inputs', 'content'], message: 'inputs.content is required.' };
}

// ---------------------------------------------------------------- creations

function interpretCreation(answer: UpstreamAnswer): WriteResult {
  const nativeId = answer.status === 201 ? readNewId(answer) : undefined;
  return nativeId === undefined ? undocumented(answer) : { kind: 'accepted', nativeId };
}

/** A requestor that is surely not dropped, so that most creations take no further call. */
const ADDRESS = /^[^\s@,<>]+@[^\s@,<>]+$/;

/** An owner, a requestor, a custom field or a value that is unknown, or not permitted, is dropped without a word. */
function inspectCreation(client: Client, wanted: NewRtTicketInput): Pick<Write, 'inspect'> {
  const { owner, requestors, customFields } = wanted;
  const isCertain = !owner && !isGiven(customFields) && (requestors ?? []).every((text) => ADDRESS.test(text));
  if (isCertain) return {};
  return {
    inspect: async (nativeId, call) => {
      const created = await client.findTicket(nativeId, call);
      const dropped = created ? findDropped(created.ticket, wanted) : [];
      if (dropped.length === 0) return undefined;
      const message = `The ticket was created, but Request Tracker left out ${dropped.map(({ name }) => name).join(', ')}.`;
      return { kind: 'rejected', message, field: ['ticket', 'rt', dropped[0]!.field] };
    },
  };
}

/** What a ticket lacks of what was wanted: the names in messages, and the inputs. */
function findDropped(ticket: WireTicket, wanted: NewRtTicketInput): { name: string; field: string }[] {
  const { owner, requestors, customFields } = wanted;
  const hasOwner = !owner || owner === NOBODY || isSameText(ticket.Owner, owner);
  // Names and values may be given in any letter case.
  const missing = (customFields ?? []).filter(({ name, values }) => {
    const given = ticket.CustomFields.find((field) => isSameText(field.name, name))?.values ?? [];
    return values.some((value) => !given.some((one) => isSameText(one, value)));
  });
  return [
    ...(hasOwner ? [] : [{ name: 'the owner', field: 'owner' }]),
    ...findDroppedPeople(ticket.Requestor, requestors ?? []),
    ...missing.map(({ name }) => ({ name: `the custom field ${show(name)}`, field: 'customFields' })),
  ];
}

/**
 * A text may be an address with a name before it, several of them, or that of a user, whom the ticket shows by name. So a text
 * is missing only if the ticket shows no other person whom it may mean.
 */
function findDroppedPeople(shown: readonly string[], wanted: readonly string[]): { name: string; field: string }[] {
  const contains = (text: string, person: string): boolean => text.toLowerCase().includes(person.toLowerCase());
  const unmatched = wanted.filter((text) => !shown.some((person) => contains(text, person)));
  const others = shown.filter((person) => !wanted.some((text) => contains(text, person)));
  if (unmatched.length <= others.length) return [];
  return [{ name: `a requestor (${unmatched.map(show).join(' or ')})`, field: 'requestors' }];
}

function isSameText(one: string | null, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** Longest subject, in bytes of UTF-8. A longer one is cut without a word. */
const MAX_SUBJECT_BYTES = 200;

/** All but the tab. Line breaks are removed without a word, and PostgreSQL ends a text at a NUL. */
const CONTROL = /(?!\t)\p{Cc}/u;

/** Rejects what Request Tracker would change without a word. */
function checkSubject(subject: string, ...field: string[]): FailureDetails | undefined {
  const name = field.join('.');
  const length = Buffer.byteLength(subject);
  if (length > MAX_SUBJECT_BYTES) {
    const message = `${name} must have at most ${MAX_SUBJECT_BYTES} bytes in UTF-8, not ${length}: Request Tracker cuts it.`;
    return { kind: 'invalid-input', field, message };
  }
  if (!CONTROL.test(subject)) return undefined;
  const message = `${name} must be one line without control characters: Request Tracker removes them.`;
  return { kind: 'invalid-input', field, message };
}

function checkNewTicket({ queue, subject }: NewRtTicketInput): FailureDetails | undefined {
  if (queue.trim() === '') {
    return { kind: 'invalid-input', field: ['ticket', 'rt', 'queue'], message: 'ticket.rt.queue must not be empty.' };
  }
  return isGiven(subject) ? checkSubject(subject, 'ticket', 'rt', 'subject') : undefined;
}

// ---------------------------------------------------------------- transitions and rejections

function toTransition(typename: string, action: string, to: TransitionDetails['to']): TransitionDetails {
  return { __typename: typename, action, to, ...(typename === 'ActionTransition' && { state: null }) };
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== undefined && value !== null;
}

function rejectedPlan(targets: readonly string[], message: string, ...field: string[]): RejectedPlan {
  return { targets, failure: { kind: 'invalid-input', message, field } };
}

function unsupportedStatus(status: string): FailureDetails {
  const message =
    `Request Tracker has no status for ${status}, unless RT_STATUS_MAP names one. ` +
    "Use executeAction with one of the ticket's availableActions.";
  return { kind: 'unsupported', message, field: ['status'] };
}

function unsupportedField(field: string): FailureDetails {
  const message = `Request Tracker's updateTicket changes only the title. Leave out ${field}, or use setStatus for a status.`;
  return { kind: 'unsupported', message, field: [field] };
}
