/**
 * Requestor's workflow actions: what is known of them beforehand, what a ticket offers, and what one incoming request
 * has learnt. Which actions exist differs between installations, so a ticket's own offers are what counts.
 */
import { findName } from '../vendor-kit/action-name.ts';
import { memoizePerRequest } from '../vendor-kit/request-memory.ts';
import type { ActionInput, RequestScope, Ticket, TicketAction } from '../contract.ts';
import type { Client } from './client.ts';
import { toLetters, type RequestorTicket } from './mapping.ts';
import type { WireChoice, WireOffer } from './wire.ts';

export const mutations = ['pushWorkflow', 'executeAction'] as const;

// ---------------------------------------------------------------- what is documented

/**
 * TicketActionEnum: the one number that is.
 * https://ipex-demo4.servicedesk.net/Help/Api/POST-api-Tickets-WorkflowPush
 */
const NUMBERS: ReadonlyMap<string, number> = new Map([['IncidentSuspend', 207]]);

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

/** Every name on the page. */
const DOCUMENTED: readonly string[] = [...NUMBERS.keys(), ...NEED_USER, ...NEED_SERVICE, ...WAITS];

/** Names differ between installations; these words are in those of actions that discard a ticket. */
const DISCARDS = /Cancel|Delete|Reject/;

/** All that a push can carry besides the ticket and the action; the documentation gives no bounds. */
export const PUSH_INPUTS = [
  { name: 'userProviderKey', type: 'ID', required: false },
  { name: 'serviceId', type: 'INTEGER', required: false },
  { name: 'customerId', type: 'INTEGER', required: false },
  { name: 'note', type: 'STRING', required: false },
] as const satisfies readonly ActionInput[];

const [USER, SERVICE, CUSTOMER, NOTE] = PUSH_INPUTS;

/** The input without which the action is refused, where it is known by name. */
export function requirementOf(action: string | null): 'userProviderKey' | 'serviceId' | undefined {
  if (action === null) return undefined;
  if (NEED_USER.has(action)) return 'userProviderKey';
  return NEED_SERVICE.has(action) ? 'serviceId' : undefined;
}

/** Whether the action waits for a third party; only such actions are documented to take a note. */
export function isWait(action: string): boolean {
  return action.endsWith('WaitForThirdParty');
}

function documentedInputs(action: string | null): readonly ActionInput[] {
  const requirement = requirementOf(action);
  if (requirement === 'userProviderKey') return [{ ...USER, required: true }];
  if (requirement === 'serviceId') return [{ ...SERVICE, required: true }];
  return action !== null && isWait(action) ? [USER, CUSTOMER, NOTE] : [];
}

// ---------------------------------------------------------------- what a ticket offers

/** The ticket's offers as actions. The users or services to choose from are asked for when a client selects them. */
export function availableActions(ticket: Ticket, call: RequestScope, client: Client): readonly TicketAction[] {
  const { offers, ticketRef } = ticket as RequestorTicket;
  return (offers() ?? []).map((offer): TicketAction => {
    const name = nameOf(offer);
    return {
      __typename: 'RequestorAction',
      name: name ?? String(offer.number),
      label: offer.displayName ?? (name === null ? `Action ${offer.number}` : toWords(name)),
      mutation: 'pushWorkflow',
      inputs: offer.ExtraParameterIsNeeded
        ? () => askForInputs(offer, ticketRef, call, client)
        : documentedInputs(name),
      resultingCategory: null,
      ...(name !== null && DISCARDS.test(name) && { destructive: true }),
    };
  });
}

async function askForInputs(offer: WireOffer, ticketRef: string, call: RequestScope, client: Client) {
  const action = String(offer.number ?? offer.name);
  const { Users, Services } = await client.getWorkflowParameters(ticketRef, action, call);
  const asked = [...toRequired(USER, Users), ...toRequired(SERVICE, Services)];
  const others = documentedInputs(nameOf(offer)).filter(({ name }) => !asked.some((input) => input.name === name));
  return [...asked, ...others];
}

/** "Filled when it is necessary to select one": nothing is needed where there is nothing to choose from. */
function toRequired(input: ActionInput, options: readonly WireChoice[]): readonly ActionInput[] {
  return options.length === 0 ? [] : [{ ...input, required: true, options }];
}

function nameOf({ name, number }: WireOffer): string | null {
  return name ?? documentedName(number);
}

function documentedName(number: number | null): string | null {
  return [...NUMBERS].find(([, known]) => known === number)?.[0] ?? null;
}

/** `TicketConvertToServiceRequest` -> `Ticket Convert To Service Request`. */
function toWords(name: string): string {
  return name.replace(/([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$& ');
}

// ---------------------------------------------------------------- what an action is called

/** An action by its number, its name, or both; the name as it is known, whatever the letter case of the caller's. */
export interface Action {
  readonly number: number | null;
  readonly name: string | null;
}

type Told = Pick<RequestorTicket, 'nativeId' | 'ticketRef' | 'offers'>;

/**
 * What tickets read within one incoming request have told: which name has which number, and which reference a ticket
 * has.
 */
export function createMemory() {
  const toldIn = memoizePerRequest((): Told[] => []);
  return {
    learn(call: RequestScope, ticket: Told): void {
      toldIn(call).push(ticket);
    },

    /** A conversion has given the ticket another reference. */
    learnReference(call: RequestScope, nativeId: string, ticketRef: string): void {
      toldIn(call).push({ nativeId, ticketRef, offers: () => null });
    },

    findReference(call: RequestScope, nativeId: string): string | null {
      return toldIn(call).findLast((told) => told.nativeId === nativeId)?.ticketRef ?? null;
    },

    /** What a caller's word means; undefined where it is neither a number nor a name. */
    findAction(call: RequestScope, text: string): Action | undefined {
      const offers = offersIn(toldIn(call));
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

function offersIn(tickets: readonly Told[]): readonly WireOffer[] {
  return tickets.flatMap((ticket) => ticket.offers() ?? []);
}

function numbersIn(offers: readonly WireOffer[]): ReadonlyMap<string, number> {
  const told = offers.flatMap(({ name, number }) =>
    name !== null && number !== null ? [[name, number] as const] : [],
  );
  return new Map([...NUMBERS, ...told]);
}

export type Memory = ReturnType<typeof createMemory>;

// ---------------------------------------------------------------- what proves an action

const TARGETS: readonly (readonly [action: string, prefix: string, type: string])[] = [
  ['TicketConvertToIncident', 'INC', 'Incident'],
  ['TicketConvertToServiceRequest', 'REQ', 'ServiceRequest'],
];

/**
 * How to see by a ticket that the action was applied; undefined where nothing about a ticket could prove it.
 *
 * @param previousRef the reference before; a ticket that was of the target's type already proves nothing.
 */
export function proofOf(
  action: Action,
  userProviderKey: string | null,
  previousRef: string | null,
): ((ticket: RequestorTicket) => boolean) | undefined {
  const { name } = action;
  if (name === null) return undefined;
  const target = TARGETS.find(([conversion]) => conversion === name);
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
    return (ticket) => isCalled(ticket, word) && isOffTheOffers(ticket, action);
  }
  return undefined;
}

function isCalled({ state, summaryState }: RequestorTicket, word: string): boolean {
  return [state, summaryState].some((name) => name !== null && toLetters(name).includes(word));
}

/** False also where the offers are not known, or one of them cannot be told from the action. */
function isOffTheOffers(ticket: RequestorTicket, action: Action): boolean {
  const offers = ticket.offers();
  if (offers === null) return false;
  return offers.every((offer) => {
    if (offer.name !== null && action.name !== null) return offer.name !== action.name;
    return offer.number !== null && action.number !== null && offer.number !== action.number;
  });
}
