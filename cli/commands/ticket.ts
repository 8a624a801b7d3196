/** `ticketgraph ticket ID`: prints all fields of a ticket. */
import {
  TicketsByIdDocument,
  type TicketDetailsFragment,
  type TicketSourcePartsFragment,
  type TicketStatusPartsFragment,
} from '../../client/index.ts';
import { CommandError, EXIT } from '../exit.ts';
import { printJson, printTable } from '../output.ts';
import { withCommandErrors, openServer, type ServerOptions } from '../server.ts';

export async function ticket(id: string, options: ServerOptions): Promise<void> {
  const found = await withCommandErrors(options, async () => {
    // Not `TicketDocument`: it also loads the actions, which may need more vendor calls and may fail.
    const { ticketsById } = await openServer(options).request(TicketsByIdDocument, { ids: [id] });
    return ticketsById[0];
  });
  if (!found) throw noSuchTicket(id);
  if (options.json) printJson(found);
  else printTicket(found);
}

export function noSuchTicket(id: string): CommandError {
  return new CommandError(EXIT.notDone, `Ticket ${id} not found.`, 'ticketgraph tickets lists the tickets.');
}

function printTicket({ __typename, ...fields }: TicketDetailsFragment): void {
  printTable(
    ['FIELD', 'VALUE'],
    [['type', __typename], ...Object.entries(fields).map(([name, value]) => [name, toText(value)])],
  );
}

/** Formats a status as category and raw value, a source by its id, and lists by element. */
function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map(toText).join(', ');
  if (isStatus(value)) return value.category === null ? value.raw : `${value.category} (${value.raw})`;
  if (isSource(value)) return value.id;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isSource(value: unknown): value is TicketSourcePartsFragment {
  return typeof value === 'object' && value !== null && 'id' in value && 'vendor' in value;
}

function isStatus(value: unknown): value is TicketStatusPartsFragment {
  return typeof value === 'object' && value !== null && 'category' in value && 'raw' in value;
}
