import type { PageInfoResolvers, TicketConnectionResolvers, TicketEdgeResolvers } from './__generated__/resolvers.ts';

export const TicketConnection: TicketConnectionResolvers = {
  edges: (page) => page.tickets.map((node, index) => ({ node, page, index })),
  nodes: ({ tickets }) => tickets,
  pageInfo: ({ tickets, hasNextPage, cursorAt, endCursor }) => ({
    hasNextPage,
    startCursor: () => (tickets.length > 0 ? cursorAt(0) : null),
    endCursor,
  }),
  sources: ({ sources }) => sources,
};

export const TicketEdge: TicketEdgeResolvers = {
  cursor: ({ page, index }) => page.cursorAt(index),
};

export const PageInfo: PageInfoResolvers = {
  hasPreviousPage: () => false,
  endCursor: (page) => page.endCursor(),
  startCursor: (page) => page.startCursor(),
};
