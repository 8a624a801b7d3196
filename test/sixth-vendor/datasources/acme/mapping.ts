/** Maps Acme's documents to ours. Pure functions. */
import type { StatusCategory, Ticket, TicketStatus } from '../contract.ts';
import { toGlobalId } from '../vendor-kit/global-id.ts';
import { asInstant } from '../vendor-kit/coerce.ts';
import { defineWords } from '../vendor-kit/words.ts';
import type { WireTicket } from './wire.ts';

export interface AcmeTicket extends Ticket {
  readonly shelf: string | null;
}

const STATES = defineWords<StatusCategory>('acme', 'status', [
  ['open', 'OPEN'],
  ['shut', 'CLOSED'],
]);

export function toTicket(wire: WireTicket, sourceKey: string): AcmeTicket {
  return {
    __typename: 'AcmeTicket',
    id: toGlobalId(sourceKey, wire.number),
    vendor: 'ACME',
    nativeId: wire.number,
    reference: wire.number,
    title: wire.subject,
    status: toStatus(wire.state),
    createdAt: asInstant(wire.created),
    updatedAt: null,
    shelf: wire.shelf,
  };
}

export function toStatus(raw: string): TicketStatus {
  return { category: STATES.find(raw), raw };
}
