/** `ticketgraph actions ID`: the actions that are available on a ticket now, and their inputs. */
import { TicketDocument, type ActionInputPartsFragment, type TicketActionDetailsFragment } from '../../client/index.ts';
import { print, printJson, printTable, type Cell } from '../output.ts';
import { withCommandErrors, openServer, type ServerOptions } from '../server.ts';
import { noSuchTicket } from './ticket.ts';

export async function actions(id: string, options: ServerOptions): Promise<void> {
  const offered = await readActions(id, options);
  if (options.json) printJson(offered);
  else printActions(offered);
}

export async function readActions(id: string, options: ServerOptions): Promise<readonly TicketActionDetailsFragment[]> {
  const { ticket } = await withCommandErrors(options, () => openServer(options).request(TicketDocument, { id }));
  if (!ticket) throw noSuchTicket(id);
  return ticket.availableActions;
}

function printActions(offered: readonly TicketActionDetailsFragment[]): void {
  printTable(['ACTION', 'LABEL', 'LEADS TO', 'MUTATION', 'INPUTS (* REQUIRED)'], offered.map(toRow));
  const choices = offered.flatMap(toChoices);
  if (choices.length === 0) return;
  print('');
  printTable(['ACTION', 'INPUT', 'VALUE', 'MEANS'], choices);
}

function toRow({ name, label, resultingCategory, mutation, inputs }: TicketActionDetailsFragment): Cell[] {
  return [name, label, resultingCategory, mutation, inputs.map(describeInput).join(', ')];
}

function describeInput({ name, type, required }: ActionInputPartsFragment): string {
  return `${name}:${type}${required ? '*' : ''}`;
}

/** The choices of inputs that have a fixed set of values. */
function toChoices({ name: action, inputs }: TicketActionDetailsFragment): Cell[][] {
  return inputs.flatMap(({ name, options }) => (options ?? []).map(({ value, label }) => [action, name, value, label]));
}
