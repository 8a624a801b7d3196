/** Maps Akana's documents to ours. Pure functions. */
import type * as Schema from '../../schema/__generated__/types.ts';
import type { StatusCategory } from '../contract.ts';
import { toGlobalId } from '../vendor-kit/global-id.ts';
import { asInstant } from '../vendor-kit/coerce.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';
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

/** All categories that an Akana ticket can have. */
export const categories: ReadonlySet<StatusCategory> = new Set(CATEGORIES.values());

export const toTicket = defineLazyRecord<WireTicket, AkanaTicket>({
  __typename: () => 'AkanaTicket',
  id: ({ TicketID }) => toGlobalId('akana', TicketID),
  vendor: () => 'AKANA',
  nativeId: ({ TicketID }) => TicketID,
  reference: ({ TicketID }) => TicketID,
  title: ({ Title }) => Title,
  status: ({ State }) => toStatus(State ?? ''),
  createdAt: ({ Created }) => asInstant(Created),
  updatedAt: () => null,
  apiId: ({ APIID }) => APIID,
  appId: ({ AppID }) => AppID,
  description: ({ Description }) => Description,
  environment: ({ Environment }) => Environment,
  state: ({ State }) => State,
  authorId: ({ UserID }) => UserID,
  authorName: ({ UserName }) => UserName,
  labels: ({ Label }) => Label,
  tags: ({ Tag }) => Tag,
  commentCount: ({ Comments }) => Comments,
  markCount: ({ Marks }) => Marks,
  isMarked: ({ IsMarked }) => IsMarked,
  visibility: ({ Visibility }) => Visibility,
});

/** Ignores case: the documentation spells states in capitals and in prose. */
export function toStatus(state: string): Schema.TicketStatus {
  return { __typename: 'TicketStatus', category: CATEGORIES.get(state.trim().toUpperCase()) ?? null, raw: state };
}
