/** Maps Akana's documents to ours. Pure functions. */
import type * as Schema from '../../schema/__generated__/types.ts';
import type { StatusCategory } from '../contract.ts';
import { toGlobalId } from '../vendor-kit/global-id.ts';
import { asInstant } from '../vendor-kit/coerce.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';
import { defineWords } from '../vendor-kit/words.ts';
import type { WireTicket } from './wire.ts';

export type AkanaTicket = Omit<Schema.AkanaTicket, 'availableActions' | 'sourceSystem'>;

/**
 * OPEN, RESOLVED, CLOSED, REOPEN: https://help.akana.com/content/current/cm/workflow/06_ticket_wf.htm
 *
 * Letter case is ignored: the documentation spells states in capitals and in prose.
 */
const STATES = defineWords<StatusCategory>(
  'akana',
  'status',
  [
    ['OPEN', 'OPEN'],
    ['REOPEN', 'OPEN'],
    ['REOPENED', 'OPEN'],
    ['RESOLVED', 'SOLVED'],
    ['CLOSED', 'CLOSED'],
  ],
  { fold: (state) => state.trim().toUpperCase() },
);

/** All categories that an Akana ticket can have. */
export const categories: ReadonlySet<StatusCategory> = new Set(Array.from(STATES, ([, category]) => category));

/** The context is the key of the ticket's source. */
export const toTicket = defineLazyRecord<WireTicket, AkanaTicket, string>({
  __typename: () => 'AkanaTicket',
  id: ({ TicketID }, sourceKey) => toGlobalId(sourceKey, TicketID),
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

export function toStatus(state: string): Schema.TicketStatus {
  return { __typename: 'TicketStatus', category: STATES.find(state), raw: state };
}
