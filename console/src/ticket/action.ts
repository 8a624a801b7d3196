/** An available action, as selected by the console's document. */
import type { TicketWithActionsFragment } from '../__generated__/documents.ts';

export type Action = TicketWithActionsFragment['availableActions'][number];

/** One input of an action. */
export type Input = Action['inputs'][number];

/** A form field: an input, or a field of a list entry. */
export type Field = Omit<Input, 'itemType' | 'items'> & Partial<Pick<Input, 'itemType' | 'items'>>;
