/** What the package `ticketgraph-client` offers. */
export * from './__generated__/operations.ts';
export { possibleTypes } from './__generated__/possible-types.ts';
export {
  createTicketgraph,
  type RequestHeaders,
  type RequestOptions,
  type Settled,
  type Ticketgraph,
  type TicketgraphOptions,
} from './client.ts';
export {
  REQUEST_CODES,
  TicketgraphError,
  type RequestCode,
  type TicketgraphCode,
  type TicketgraphProblem,
  type TransportCode,
} from './error.ts';
export { assertNever } from './exhaustive.ts';
export { newIdempotencyKey } from './idempotency-key.ts';
