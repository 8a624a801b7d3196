/** Akana's shapes -> ours; pure. */
import type * as Schema from '../../schema/__generated__/types.ts';
import type { StatusCategory } from '../contract.ts';
import { toGlobalId } from '../vendor-kit/global-id.ts';
import { asInstant } from '../vendor-kit/coerce.ts';
import type { WireTicket } from './wire.ts';

export type AkanaTicket = Omit<Schema.AkanaTicket, 'availableActions'>;

/** OPEN, RESOLVED, CLOSED, REOPEN: https://help.akana.com/content/current/cm/workflow/06_ticket_wf.htm */
const CATEGORIES: ReadonlyMap<string, StatusCategory> = new Map([
  ['OPEN', 'OPEN'],
  ['REOPEN', 'OPEN'],
  ['REOPENED', 'OPEN'],
  ['RESOLVED', 'SOLVED'],
  ['CLOSED', 'CLOSED'],
]);

/** The categories that a ticket of Akana can stand in. */
export const categories: ReadonlySet<StatusCategory> = new Set(CATEGORIES.values());

export function toTicket(wire: WireTicket): AkanaTicket {
  return {
    __typename: 'AkanaTicket',
    id: toGlobalId('akana', wire.TicketID),
    vendor: 'AKANA',
    nativeId: wire.TicketID,
    reference: wire.TicketID,
    title: wire.Title,
    status: toStatus(wire.State ?? ''),
    createdAt: asInstant(wire.Created),
    updatedAt: null,
    apiId: wire.APIID,
    appId: wire.AppID,
    description: wire.Description,
    environment: wire.Environment,
    state: wire.State,
    authorId: wire.UserID,
    authorName: wire.UserName,
    labels: wire.Label,
    tags: wire.Tag,
    commentCount: wire.Comments,
    markCount: wire.Marks,
    isMarked: wire.IsMarked,
    visibility: wire.Visibility,
  };
}

/** Pages spell the states in capitals and in prose alike, so letter case is ignored. */
export function toStatus(state: string): Schema.TicketStatus {
  return { __typename: 'TicketStatus', category: CATEGORIES.get(state.trim().toUpperCase()) ?? null, raw: state };
}
