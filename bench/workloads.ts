/** The workloads, for all servers: a GraphQL operation, and a plain path for `limit`. */
import { SOLVE_ACTION, VENDORS, globalId } from './tickets.ts';

export const WORKLOAD_NAMES = ['one', 'many', 'page', 'close', 'closeAll'] as const;

export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

export interface Workload {
  /** Title in tables. */
  readonly title: string;
  readonly query: string;
  /** Distinct for each n, so that concurrent operations are never coalesced. */
  variables(n: number): Readonly<Record<string, unknown>>;
  /** Path of `limit`. The body contains only the variables. */
  readonly path: string;
  /** Upstream calls of one operation. */
  readonly upstreamCalls: number;
  /** Concurrent operations: few enough that no upstream call is queued. */
  readonly concurrency: number;
  /**
   * Operations per round: a tenth of a second or two. In shorter ones, a large part would be filling the caches again
   * after the other servers' turns; longer ones would not spread disturbances over all servers.
   */
  readonly operations: number;
}

/** About ten fields: common ones, and a few of each vendor's own. */
export const TICKET_FIELDS = `fragment Fields on Ticket {
  ... on TicketFields { id vendor reference title status { category raw } createdAt }
  ... on RequestorTicket { ticketType submitter serviceName }
  ... on AkanaTicket { environment authorName tags }
  ... on OmnideskTicket { priority from customerId }
  ... on HuaweiTicket { severity productCategory customerId }
  ... on JifelineTicket { ticketNumber vin customerId }
}`;

/** Range of ids for each n. */
const MAX_TICKETS = 1_000;

/**
 * Returns the ids of `count` tickets of `vendors` vendors in turn. The vendors rotate with n, so that all are used equally.
 *
 * @param offset added to the ticket numbers, e.g. for tickets that are rejected.
 */
export function ticketIds(n: number, count: number, vendors: number = VENDORS.length, offset = 0): string[] {
  const first = 1 + (n % 100_000) * MAX_TICKETS + offset;
  return Array.from({ length: count }, (_, index) => {
    const vendor = VENDORS[(n + (index % vendors)) % VENDORS.length]!;
    return globalId(vendor, first + index);
  });
}

/** The fields that all write results share. */
const WRITE_FIELDS = `
  outcome
  problems { code message }`;
const TRANSITION_FIELDS = 'transition { ... on TransitionFields { ticketId vendor action to { category raw } } }';

const PUSH_FIELDS = `{${WRITE_FIELDS}
  transition {
    ... on TransitionFields { ticketId vendor action to { category raw } }
    ... on WorkflowTransition { ticketRef }
  }
}`;

const STATUS_FIELDS = `{${WRITE_FIELDS}
  results { ticketId outcome ${TRANSITION_FIELDS} problem { code message } }
}`;

export const WORKLOADS: Readonly<Record<WorkloadName, Workload>> = {
  one: {
    title: 'one ticket',
    query: `query One($id: ID!) { ticket(id: $id) { ...Fields } } ${TICKET_FIELDS}`,
    variables: (n) => ({ id: globalId('huawei', n + 1) }),
    path: '/one',
    upstreamCalls: 1,
    concurrency: 16,
    operations: 2_000,
  },
  many: {
    title: '25 over five vendors',
    query: `query Many($ids: [ID!]!) { ticketsById(ids: $ids) { ...Fields } } ${TICKET_FIELDS}`,
    variables: (n) => ({ ids: ticketIds(n, 25) }),
    path: '/many',
    upstreamCalls: 25,
    concurrency: 6,
    operations: 200,
  },
  page: {
    title: 'page of 100',
    query: `query Page($search: String!) {
      tickets(first: 100, filter: { vendors: [OMNIDESK], search: $search }) {
        nodes { ...Fields }
        pageInfo { hasNextPage }
        sources { vendor totalCount problem { code } }
      }
    } ${TICKET_FIELDS}`,
    variables: (n) => ({ search: `invoice ${n}` }),
    path: '/page',
    upstreamCalls: 1,
    concurrency: 8,
    operations: 300,
  },
  close: {
    title: 'close 10 of one vendor',
    query: `mutation Close($ids: [ID!]!) {
      setStatus(input: { ticketIds: $ids, status: CLOSED }) ${STATUS_FIELDS}
    }`,
    variables: (n) => ({ ids: Array.from({ length: 10 }, (_, index) => globalId('huawei', n * 10 + index + 1)) }),
    path: '/close',
    upstreamCalls: 10,
    concurrency: 3,
    operations: 300,
  },
  closeAll: {
    title: 'close 10 over five vendors',
    query: `mutation CloseAll($ids: [ID!]!, $first: ID!, $second: ID!) {
      setStatus(input: { ticketIds: $ids, status: CLOSED }) ${STATUS_FIELDS}
      first: pushWorkflow(input: { ticketId: $first, action: "${SOLVE_ACTION}" }) ${PUSH_FIELDS}
      second: pushWorkflow(input: { ticketId: $second, action: "${SOLVE_ACTION}" }) ${PUSH_FIELDS}
    }`,
    variables(n) {
      const [first, second] = [2 * n + 1, 2 * n + 2];
      return {
        ids: VENDORS.slice(1).flatMap((vendor) => [globalId(vendor, first), globalId(vendor, second)]),
        first: globalId('requestor', first),
        second: globalId('requestor', second),
      };
    },
    path: '/closeAll',
    // One vendor takes both of its tickets in one call.
    upstreamCalls: 9,
    concurrency: 3,
    operations: 300,
  },
};
