/** Parents of the schema's types that no datasource returns. `codegen.yml` maps the types to them. */
import type { Ticket } from '../datasources/contract.ts';
import type { ItemResult, JobView } from '../datasources/bulk/index.ts';
import type { TicketPage } from '../datasources/reads/list-tickets.ts';
import type { TransitionRecord, WriteItem, WriteReport } from '../datasources/writes/report.ts';
import type { Problem as SchemaProblem } from '../schema/__generated__/types.ts';
import type { ResolverContext } from './context.ts';

/** A ticket and its index on the page. Its cursor is encoded only if it is selected. */
export interface Edge {
  readonly node: Ticket;
  readonly page: TicketPage;
  readonly index: number;
}

export interface Payload extends WriteReport {
  readonly clientMutationId: string | null;
  readonly transition: TransitionRecord | null;
  readonly results: readonly WriteItem[];
  /** Called by the default resolver, i.e. only if the field is selected. */
  ticket(args: unknown, context: ResolverContext): Promise<Ticket | null>;
}

export type Problem = Omit<SchemaProblem, '__typename'>;

/** What `node` returns. */
export type Node = Ticket | JobView;

/** What `PageInfo` is read from. */
export interface Page {
  readonly hasNextPage: boolean;
  /** Null if the page is empty. */
  startCursor(): string | null;
  /** Null if there is nothing to continue from. */
  endCursor(): string | null;
}

/** Rows of the ledger of bulk jobs, each with its cursor. */
export interface RowPage<Row> extends Page {
  readonly rows: readonly Row[];
  cursorOf(row: Row): string;
}

export interface RowEdge<Row> {
  readonly node: Row;
  readonly cursor: string;
}

export type ResultPage = RowPage<ItemResult>;
export type ResultEdge = RowEdge<ItemResult>;
export type JobPage = RowPage<JobView>;
export type JobEdge = RowEdge<JobView>;
