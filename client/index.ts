/** Public API of the package `ticketgraph-client`. */
export * from './__generated__/operations.ts';
export { possibleTypes } from './__generated__/possible-types.ts';
export type { BulkResultLine, BulkResultsOptions, BulkTicket, BulkTickets } from './bulk-files.ts';
export { createTicketgraph, type Settled, type Ticketgraph } from './client.ts';
export {
  REQUEST_CODES,
  STREAM_CODES,
  TicketgraphError,
  type BadLine,
  type RequestCode,
  type StreamCode,
  type TicketgraphCode,
  type TicketgraphProblem,
  type TransportCode,
} from './error.ts';
export type { RequestHeaders, RequestOptions, TicketgraphOptions } from './request.ts';
export type { ResumeOptions } from './resume.ts';
export { hasBulkEnded } from './watch-bulk.ts';
export type { TicketChange, WatchOptions, WatchVariables } from './watch.ts';
export { assertNever } from './exhaustive.ts';
export { newIdempotencyKey } from './idempotency-key.ts';
