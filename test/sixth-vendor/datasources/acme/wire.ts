/** Acme's documents in Acme's spelling, reduced to the fields in use. */
import { unexpectedResponse } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { readListed, type RowPlaces } from '../vendor-kit/page.ts';
import { asInteger, asObject, asText, readOne } from '../vendor-kit/coerce.ts';

export interface WireTicket {
  readonly number: string;
  readonly subject: string | null;
  readonly state: string;
  readonly created: string | null;
  readonly shelf: string | null;
}

export function parseTicket(text: string): WireTicket {
  const ticket = toWireTicket(readOne(parseJson(text)));
  if (!ticket) throw unexpectedResponse('ticket');
  return ticket;
}

export interface WireTicketList extends RowPlaces {
  readonly tickets: readonly WireTicket[];
  readonly total: number | null;
}

export function parseTicketList(text: string): WireTicketList {
  const list = readListed(parseJson(text), { lists: ['tickets'], others: ['total'] }, toWireTicket);
  if (!list) throw unexpectedResponse('list of tickets');
  const { items: tickets, envelope, ...places } = list;
  return { tickets, ...places, total: asInteger(envelope['total']) };
}

function toWireTicket(value: unknown): WireTicket | undefined {
  const ticket = asObject(value);
  const number = asText(ticket?.['number']);
  if (!ticket || number === null) return undefined;
  return {
    number,
    subject: asText(ticket['subject']),
    state: asText(ticket['state']) ?? '',
    created: asText(ticket['created']),
    shelf: asText(ticket['shelf']),
  };
}
