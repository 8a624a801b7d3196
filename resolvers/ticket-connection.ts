import type { Ticket } from '../datasources/contract.ts';
import type { TicketPage } from '../datasources/listing.ts';
import type { PageInfoResolvers, TicketConnectionResolvers, TicketEdgeResolvers } from './__generated__/resolvers.ts';

/** A ticket and its place on the page; its cursor is made only when it is selected. */
export interface Edge {
  readonly node: Ticket;
  readonly page: TicketPage;
  readonly index: number;
}

export const TicketConnection: TicketConnectionResolvers = {
  edges: (page) => page.tickets.map((node, index) => ({ node, page, index })),
  nodes: ({ tickets }) => tickets,
  pageInfo: (page) => page,
  sources: ({ sources }) => sources,
};

export const TicketEdge: TicketEdgeResolvers = {
  cursor: ({ page, index }) => page.cursorAt(index),
};

export const PageInfo: PageInfoResolvers = {
  hasPreviousPage: () => false,
  endCursor: (page) => page.endCursor(),
  startCursor: (page) => (page.tickets.length > 0 ? page.cursorAt(0) : null),
};
