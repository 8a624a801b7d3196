/** Parents of the schema's types that no datasource gives. `codegen.yml` maps the types to them. */
import type { Ticket } from '../datasources/contract.ts';
import type { TicketPage } from '../datasources/reads/list-tickets.ts';
import type { WriteReport } from '../datasources/writes/report.ts';
import type { Problem as SchemaProblem } from '../schema/__generated__/types.ts';

/** A ticket and its place on the page; its cursor is made only when it is selected. */
export interface Edge {
  readonly node: Ticket;
  readonly page: TicketPage;
  readonly index: number;
}

export type Payload = WriteReport & { readonly clientMutationId: string | null };

export type Problem = Omit<SchemaProblem, '__typename'>;
