/**
 * Requestor's workflow actions: the documented ones, those that a ticket offers, and those seen during one incoming
 * request. Actions differ between installations, so the ticket's own offers decide.
 */
import { findName } from '../vendor-kit/action-name.ts';
import { memoizePerRequest } from '../vendor-kit/request-memory.ts';
import { defineWords } from '../vendor-kit/words.ts';
import type { ActionInput, RequestScope, Ticket, TicketAction } from '../contract.ts';
import type { Client } from './client.ts';
import { toLetters, type RequestorTicket } from './mapping.ts';
import type { WireChoice, WireOffer } from './wire.ts';

export const mutations = ['pushWorkflow', 'executeAction'] as const;

// ---------------------------------------------------------------- documented actions

/**
 * TicketActionEnum: the only documented number.
 * https://ipex-demo4.servicedesk.net/Help/Api/POST-api-Tickets-WorkflowPush
 */
const NAMES = defineWords('requestor', 'action', [['207', 'IncidentSuspend']]);

const NUMBERS: ReadonlyMap<string, number> = new Map(Array.from(NAMES, ([number, name]) => [name, Number(number)]));

const NEED_USER: ReadonlySet<string> = new Set([
  'IncidentAssign',
  'IncidentAssignOther',
  'IncidentFunctionEscalate',
  'ServiceRequestAssign',
  'ServiceRequestAssignOther',
  'ProblemAssign',
  'ChangeAssign',
]);

const NEED_SERVICE: ReadonlySet<string> = new Set(['TicketConvertToIncident', 'TicketConvertToServiceRequest']);

const WAITS: ReadonlySet<string> = new Set(['IncidentWaitForThirdParty', 'ServiceRequestWaitForThirdParty']);

/** Every action name in the documentation. */
const DOCUMENTED: readonly string[] = [...NUMBERS.keys(), ...NEED_USER, ...NEED_SERVICE, ...WAITS];

/** Words in the names of actions that discard a ticket. The names themselves differ between installations. */
const DISCARDING = /Cancel|Delete|Reject/;

/** All inputs of a push besides the ticket and the action. No bounds are documented. */
export const PUSH_INPUTS = [
  { name: 'userProviderKey', type: 'ID', required: false },
  { name: 'serviceId', type: 'INTEGER', required: false },
  { name: 'customerId', type: 'INTEGER', required: false },
  { name: 'note', type: 'STRING', required: false },
] as const satisfies readonly ActionInput[];

const [USER, SERVICE, CUSTOMER, NOTE] = PUSH_INPUTS;

/** Returns the required input of a documented action, or `undefined` if there is none. */
export function requiredInput(action: string | null): 'userProviderKey' | 'serviceId' | undefined {
  if (action === null) return undefined;
  if (NEED_USER.has(action)) return 'userProviderKey';
  return NEED_SERVICE.has(action) ? 'serviceId' : undefined;
}

/** Whether the action waits for a third party. Only these are documented to take a note. */
export function isWait(action: string): boolean {
  return action.endsWith('WaitForThirdParty');
}

function documentedInputs(action: string | null): readonly ActionInput[] {
  const requirement = requiredInput(action);
  if (requirement === 'userProviderKey') return [{ ...USER, required: true }];
  if (requirement === 'serviceId') return [{ ...SERVICE, required: true }];
  return action !== null && isWait(action) ? [USER, CUSTOMER, NOTE] : [];
}

// ---------------------------------------------------------------- offers of a ticket

/**
 * Maps the ticket's offers to actions. Users or services to choose from are fetched only if a client selects `inputs`.
 */
export function availableActions(ticket: Ticket, call: RequestScope, client: Client): readonly TicketAction[] {
  const { offers, ticketRef } = ticket as RequestorTicket;
  return (offers() ?? []).map((offer): TicketAction => {
    const name = nameOf(offer);
    return {
      __typename: 'RequestorAction',
      name: name ?? String(offer.number),
      label: offer.displayName ?? labelOf(offer),
      mutation: 'pushWorkflow',
      inputs: offer.ExtraParameterIsNeeded ? () => fetchInputs(offer, ticketRef, call, client) : documentedInputs(name),
      resultingCategory: null,
      ...(name !== null && DISCARDING.test(name) && { destructive: true }),
    };
  });
}

async function fetchInputs(offer: WireOffer, ticketRef: string, call: RequestScope, client: Client) {
  const action = String(offer.number ?? offer.name);
  const { Users, Services } = await client.getWorkflowParameters(ticketRef, action, call);
  const required = [...toRequired(USER, Users), ...toRequired(SERVICE, Services)];
  const others = documentedInputs(nameOf(offer)).filter(({ name }) => !required.some((input) => input.name === name));
  return [...required, ...others];
}

/** "Filled when it is necessary to select one": an empty list means that the input is not needed. */
function toRequired(input: ActionInput, options: readonly WireChoice[]): readonly ActionInput[] {
  return options.length === 0 ? [] : [{ ...input, required: true, options }];
}

function nameOf({ name, number }: WireOffer): string | null {
  return name ?? documentedName(number);
}

/** A number that nothing names, not even a display name, is reported as an unknown word. */
function labelOf({ name, number }: WireOffer): string {
  const known = name ?? NAMES.find(String(number));
  return known === null ? `Action ${number}` : toWords(known);
}

function documentedName(number: number | null): string | null {
  return [...NUMBERS].find(([, known]) => known === number)?.[0] ?? null;
}

/** `TicketConvertToServiceRequest` -> `Ticket Convert To Service Request`. */
function toWords(name: string): string {
  return name.replace(/([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$& ');
}

// ---------------------------------------------------------------- names and numbers of actions

/** An action by its number, its name, or both. A known name is in Requestor's own letter case. */
export interface Action {
  readonly number: number | null;
  readonly name: string | null;
}

type KnownTicket = Pick<RequestorTicket, 'nativeId' | 'ticketRef' | 'offers'>;

/**
 * What the tickets read during one incoming request reveal: the numbers of action names, and the references of tickets.
 */
export function createRequestMemory() {
  const ticketsOf = memoizePerRequest((): KnownTicket[] => []);
  return {
    remember(call: RequestScope, ticket: KnownTicket): void {
      ticketsOf(call).push(ticket);
    },

    /** Records the reference that a conversion has given to the ticket. */
    rememberReference(call: RequestScope, nativeId: string, ticketRef: string): void {
      ticketsOf(call).push({ nativeId, ticketRef, offers: () => null });
    },

    findReference(call: RequestScope, nativeId: string): string | null {
      return ticketsOf(call).findLast((ticket) => ticket.nativeId === nativeId)?.ticketRef ?? null;
    },

    /** Resolves the caller's number or name. Returns `undefined` if the text is neither. */
    findAction(call: RequestScope, text: string): Action | undefined {
      const offers = offersIn(ticketsOf(call));
      const numbers = numbersIn(offers);
      if (/^(?:0|[1-9][0-9]{0,9})$/.test(text) && Number(text) <= 0x7fffffff) {
        const number = Number(text);
        return { number, name: [...numbers].find(([, known]) => known === number)?.[0] ?? null };
      }
      if (!/^[A-Za-z][A-Za-z0-9]*$/.test(text)) return undefined;
      const name = findName([...DOCUMENTED, ...offers.flatMap((offer) => offer.name ?? [])], text) ?? text;
      return { number: numbers.get(name) ?? null, name };
    },
  };
}

function offersIn(tickets: readonly KnownTicket[]): readonly WireOffer[] {
  return tickets.flatMap((ticket) => ticket.offers() ?? []);
}

function numbersIn(offers: readonly WireOffer[]): ReadonlyMap<string, number> {
  const seen = offers.flatMap(({ name, number }) =>
    name !== null && number !== null ? [[name, number] as const] : [],
  );
  return new Map([...NUMBERS, ...seen]);
}

export type RequestMemory = ReturnType<typeof createRequestMemory>;

// ---------------------------------------------------------------- verification

const CONVERSIONS: readonly (readonly [action: string, prefix: string, type: string])[] = [
  ['TicketConvertToIncident', 'INC', 'Incident'],
  ['TicketConvertToServiceRequest', 'REQ', 'ServiceRequest'],
];

/**
 * Returns a check whether a ticket shows that the action was applied, or `undefined` if no field would show it.
 *
 * @param previousRef the reference before the action; if it already has the target type, a conversion cannot be
 * verified.
 */
export function verifierFor(
  action: Action,
  userProviderKey: string | null,
  previousRef: string | null,
): ((ticket: RequestorTicket) => boolean) | undefined {
  const { name } = action;
  if (name === null) return undefined;
  const target = CONVERSIONS.find(([conversion]) => conversion === name);
  if (target) {
    const [, prefix, type] = target;
    if (previousRef?.toUpperCase().startsWith(`${prefix}-`)) return undefined;
    return ({ ticketRef, ticketType }) => ticketRef.startsWith(`${prefix}-`) || ticketType === type;
  }
  if (name.endsWith('Assign') && userProviderKey !== null) {
    return ({ solverKey }) => solverKey?.toLowerCase() === userProviderKey.toLowerCase();
  }
  if (name === 'IncidentSuspend' || isWait(name)) {
    const word = isWait(name) ? 'thirdparty' : 'suspend';
    return (ticket) => hasState(ticket, word) && isNoLongerOffered(ticket, action);
  }
  return undefined;
}

function hasState({ state, summaryState }: RequestorTicket, word: string): boolean {
  return [state, summaryState].some((name) => name !== null && toLetters(name).includes(word));
}

/** False if the offers are unknown, or if one of them cannot be distinguished from the action. */
function isNoLongerOffered(ticket: RequestorTicket, action: Action): boolean {
  const offers = ticket.offers();
  if (offers === null) return false;
  return offers.every((offer) => {
    if (offer.name !== null && action.name !== null) return offer.name !== action.name;
    return offer.number !== null && action.number !== null && offer.number !== action.number;
  });
}
