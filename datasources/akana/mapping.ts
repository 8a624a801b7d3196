/** Akana's shapes -> ours; pure. */
import type * as Promised from '../../schema/__generated__/types.ts';
import type { StatusCategory } from '../contract.ts';
import { toGlobalId } from '../kernel/global-id.ts';
import { asInstant } from '../kernel/reading.ts';
import type { WireTicket } from './wire.ts';

export type AkanaTicket = Omit<Promised.AkanaTicket, 'availableActions'>;

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
    createdAt: toInstant(wire.Created),
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
export function toStatus(state: string): Promised.TicketStatus {
  return { __typename: 'TicketStatus', category: CATEGORIES.get(state.trim().toUpperCase()) ?? null, raw: state };
}

/** RFC 822 dates as RSS has them, e.g. `Thu, 17 Sep 2015 20:10:21 +0000`. */
const RSS_DATE = /^([A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(:\d\d)? (GMT|UTC|[+-]\d{4})$/;

function toInstant(created: string | number | null): string | null {
  const instant = asInstant(created);
  if (instant !== null || typeof created !== 'string' || !RSS_DATE.test(created)) return instant;
  return asInstant(Date.parse(created));
}
