/** The actions on Request Tracker's tickets: those of its links, and taking, giving back and stealing. */
import type { ActionInput, RequestScope, StatusCategory, TicketAction } from '../contract.ts';
import { findName } from '../vendor-kit/action-name.ts';
import { asFailure } from '../vendor-kit/failure.ts';
import type { Client, MessageVerb, OwnerVerb } from './client.ts';
import { fromCategory, type Statuses } from './mapping.ts';
import type { Transition, WireTicket } from './wire.ts';

export const mutations = ['executeAction', 'setStatus', 'createTicket', 'updateTicket', 'deleteTickets'] as const;

/** The text of a message. */
export const CONTENT: ActionInput = { name: 'content', type: 'STRING', required: true };

/** The status of deleted tickets in every lifecycle that has one. */
export const DELETED = 'deleted';

const MESSAGE_VERBS = ['comment', 'correspond'] as const satisfies readonly MessageVerb[];

const OWNER_VERBS = ['take', 'untake', 'steal'] as const satisfies readonly OwnerVerb[];

const LABELS: Readonly<Record<MessageVerb | OwnerVerb, string>> = {
  comment: 'Comment',
  correspond: 'Reply',
  take: 'Take',
  untake: 'Untake',
  steal: 'Steal',
};

/** Deleting a ticket needs the scope of `deleteTickets`. */
export function equivalentOf(status: string): Pick<TicketAction, 'equivalentMutation'> {
  return status.toLowerCase() === DELETED ? { equivalentMutation: 'deleteTickets' } : {};
}

/** @param statuses of this installation */
export function availableActions(
  { _hyperlinks: links, Owner: owner }: WireTicket,
  call: RequestScope,
  client: Client,
  statuses: Statuses,
): readonly TicketAction[] | Promise<readonly TicketAction[]> {
  const offered = [
    ...links.transitions.map((transition) => toStatusAction(transition, statuses)),
    ...(links.comment ? [toAction('comment', [CONTENT])] : []),
    ...(links.correspond ? [toAction('correspond', [CONTENT])] : []),
  ];
  if (!owner) return [...offered, toAction('take')];
  const withOwner = (own: string | undefined): readonly TicketAction[] => [
    ...offered,
    toAction(owner === own ? 'untake' : 'steal'),
  ];
  const known = client.knownOwnName();
  return known === undefined ? findOwnName(client, call).then(withOwner) : withOwner(known);
}

/** Without the account's name, a ticket that has an owner counts as somebody else's. */
async function findOwnName(client: Client, call: RequestScope): Promise<string | undefined> {
  try {
    return await client.findOwnName(call);
  } catch (error) {
    if (asFailure(error)) return undefined;
    throw error;
  }
}

function toStatusAction({ to, label }: Transition, statuses: Statuses): TicketAction {
  const category = statuses.find(to);
  return {
    __typename: 'RtAction',
    name: `status.${to}`,
    label: label ?? to,
    mutation: isStatusOf(category, to, statuses) ? 'setStatus' : 'executeAction',
    ...equivalentOf(to),
    inputs: [],
    resultingCategory: category,
    destructive: to.toLowerCase() === DELETED,
  };
}

/** Whether `setStatus` with the category leads to this very status. */
function isStatusOf(category: StatusCategory | null, status: string, statuses: Statuses): boolean {
  return category !== null && fromCategory(category, statuses) === status.toLowerCase();
}

function toAction(name: MessageVerb | OwnerVerb, inputs: readonly ActionInput[] = []): TicketAction {
  return {
    __typename: 'RtAction',
    name,
    label: LABELS[name],
    mutation: 'executeAction',
    inputs,
    resultingCategory: null,
  };
}

/** An action in Request Tracker's terms. */
export type KnownAction =
  | { readonly kind: 'status'; readonly status: string }
  | { readonly kind: 'message'; readonly verb: MessageVerb }
  | { readonly kind: 'owner'; readonly verb: OwnerVerb };

/** A status has 1 to 64 characters. Its name may contain spaces. */
const STATUS = /^status\.([^\p{Cc}]{1,64})$/iu;

/** Parses an action's name, ignoring case. Any status is known: lifecycles are defined by the installation. */
export function findAction(text: string): KnownAction | undefined {
  const status = STATUS.exec(text)?.[1];
  if (status !== undefined) return { kind: 'status', status };
  const message = findName(MESSAGE_VERBS, text);
  if (message) return { kind: 'message', verb: message };
  const verb = findName(OWNER_VERBS, text);
  return verb && { kind: 'owner', verb };
}

/** The names that `executeAction` accepts, for error messages. */
export const ACTION_NAMES = ['status.<status>', ...MESSAGE_VERBS, ...OWNER_VERBS].join(', ');

/** Describes the input for the audit log: the names of the fields that `updateTicket` changes. */
export function describe(mutation: string, input: Readonly<Record<string, unknown>>): string | undefined {
  return mutation === 'updateTicket' && (input['title'] ?? null) !== null ? 'title' : undefined;
}
