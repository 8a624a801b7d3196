/** Maps Requestor's documents to ours. Pure functions. */
import type * as Schema from '../../schema/__generated__/types.ts';
import type { StatusCategory } from '../contract.ts';
import { toGlobalId } from '../vendor-kit/global-id.ts';
import { asInstant } from '../vendor-kit/coerce.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';
import { defineWords } from '../vendor-kit/words.ts';
import type { WireOffer, WireTicket } from './wire.ts';

export type RequestorTicket = Omit<Schema.RequestorTicket, 'availableActions' | 'sourceSystem'> & {
  /**
   * The actions that Requestor offered with the ticket; null if it returned none. Read by `availableActions`; not in
   * the schema.
   */
  readonly offers: () => readonly WireOffer[] | null;
};

/**
 * TicketTypeEnum: the only documented number.
 * https://ipex-test.ipexhelpdesk.cz/Help/Api/POST-api-Tickets-NewAnonymousTicket
 */
const TICKET_TYPES: ReadonlyMap<string, string> = new Map([['2', 'Incident']]);

/** The context is the key of the ticket's source. */
export const toTicket = defineLazyRecord<WireTicket, RequestorTicket, string>({
  __typename: () => 'RequestorTicket',
  id: (wire, sourceKey) => toGlobalId(sourceKey, toNativeId(wire)),
  vendor: () => 'REQUESTOR',
  nativeId: toNativeId,
  reference: toReference,
  title: ({ Subject }) => Subject,
  status: toStatus,
  // The field names end in UTC, so times without a zone are UTC.
  createdAt: ({ CreatedUTC }) => asInstant(CreatedUTC),
  updatedAt: () => null,
  ticketRef: toReference,
  ticketType: ({ TicketType }) => (TicketType === null ? null : (TICKET_TYPES.get(TicketType) ?? TicketType)),
  subject: ({ Subject }) => Subject,
  closed: ({ Closed }) => Closed,
  closedAt: ({ ClosedUTC }) => asInstant(ClosedUTC),
  submitter: ({ SubmitterFullName }) => SubmitterFullName,
  submitterKey: ({ SubmitterKey }) => SubmitterKey,
  submitterCompanyId: ({ SubmitterCompany }) => SubmitterCompany,
  solver: ({ SolverFullName }) => SolverFullName,
  solverKey: ({ SolverKey }) => SolverKey,
  state: ({ TicketState }) => TicketState,
  summaryState: ({ TicketSummaryState }) => TicketSummaryState,
  source: ({ Source }) => Source,
  userSourceId: ({ TicketUserSourceId }) => TicketUserSourceId,
  serviceId: ({ ServiceId }) => ServiceId,
  serviceName: ({ ServiceName }) => ServiceName,
  resolutionText: ({ ResolutionText }) => ResolutionText,
  isPrivateMessageSupported: ({ IsPrivateMessageSupported }) => IsPrivateMessageSupported,
  offers: ({ AllAvailableTicketActions }) => AllAvailableTicketActions,
});

/** The number, else the reference. Every ticket has at least one of them. */
function toNativeId({ TicketId, TicketREF }: WireTicket): string {
  return String(TicketId ?? TicketREF);
}

function toReference(wire: WireTicket): string {
  return wire.TicketREF ?? toNativeId(wire);
}

type States = Pick<WireTicket, 'Closed' | 'TicketState' | 'TicketSummaryState'>;

export function toStatus({ Closed, TicketState, TicketSummaryState }: States): Schema.TicketStatus {
  const raw = TicketState ?? TicketSummaryState ?? (Closed ? 'Closed' : '');
  const category = Closed ? 'CLOSED' : STATES.find(TicketState, TicketSummaryState);
  return { __typename: 'TicketStatus', category, raw };
}

/** State names in lower case, without spaces and ticket type. No list is published; numbers have no category. */
const STATES = defineWords<StatusCategory>(
  'requestor',
  'status',
  [
    ['new', 'NEW'],
    ['open', 'OPEN'],
    ['opened', 'OPEN'],
    ['reopened', 'OPEN'],
    ['assigned', 'OPEN'],
    ['inprogress', 'OPEN'],
    ['pending', 'PENDING'],
    ['waitingforuser', 'PENDING'],
    ['waitingforcustomer', 'PENDING'],
    ['waitingforsubmitter', 'PENDING'],
    ['onhold', 'ON_HOLD'],
    ['suspended', 'ON_HOLD'],
    ['waitforthirdparty', 'ON_HOLD'],
    ['waitingforthirdparty', 'ON_HOLD'],
    ['waitingforathirdparty', 'ON_HOLD'],
    ['solved', 'SOLVED'],
    ['resolved', 'SOLVED'],
    ['closed', 'CLOSED'],
    ['cancelled', 'CANCELLED'],
    ['canceled', 'CANCELLED'],
  ],
  { fold: toLetters },
);

/** `IncidentWaitingForThirdParty` -> `waitingforthirdparty`. */
export function toLetters(state: string): string {
  const letters = state.toLowerCase().replace(/[\s_-]+/g, '');
  return letters.replace(/^(?:enduserticket|ticket|incident|servicerequest|problem|change)/, '');
}
