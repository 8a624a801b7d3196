/** Acme's answers in Acme's spelling, parsed on arrival; only the fields that are used. */
import { unexpectedResponse } from '../vendor-kit/failure.ts';
import { parseJson } from '../vendor-kit/json.ts';
import { readListed, type RowPlaces } from '../vendor-kit/page.ts';
import { asInteger, asObject, asText, readOne } from '../vendor-kit/coerce.ts';

export interface WireTicket {
  readonly number: string;
  readonly subject: string | null;
  readonly stands: string;
  readonly made: string | null;
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
    stands: asText(ticket['stands']) ?? '',
    made: asText(ticket['made']),
    shelf: asText(ticket['shelf']),
  };
}
