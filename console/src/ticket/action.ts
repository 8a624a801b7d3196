/** What the endpoint offers for a ticket, as its document asks for it. */
import type { WholeTicketFragment } from '../__generated__/documents.ts';

export type Action = WholeTicketFragment['availableActions'][number];

/** One value that an action takes. */
export type Input = Action['inputs'][number];

/** A field of the form: an input, or what an entry of a list holds. */
export type Field = Omit<Input, 'itemType' | 'items'> & Partial<Pick<Input, 'itemType' | 'items'>>;
