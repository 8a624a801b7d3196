/** What is asked: the same of every server, as an operation for those that speak GraphQL, and plainly for `limit`. */
import { globalId, VENDORS } from './tickets.ts';

export const WORKLOAD_NAMES = ['one', 'many', 'page', 'close'] as const;

export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

export interface Workload {
  /** What it is called in tables. */
  readonly title: string;
  readonly query: string;
  /** Different for each n, so that nothing is asked twice at the same time. */
  variables(n: number): Readonly<Record<string, unknown>>;
  /** Where `limit` answers it, with the same variables as the whole body. */
  readonly path: string;
  /** Calls that one operation makes upstream. */
  readonly upstreamCalls: number;
  /** Operations under way at once: few enough that no call has to wait for its turn. */
  readonly concurrency: number;
  /** Operations of a round: short, so that whatever else the machine does meets all servers alike. */
  readonly operations: number;
}

/** About ten fields: what all tickets have, and a few of the vendor's own. */
export const TICKET_FIELDS = `fragment Fields on Ticket {
  ... on TicketFields { id vendor reference title status { category raw } createdAt }
  ... on RequestorTicket { ticketType submitter serviceName }
  ... on AkanaTicket { environment authorName tags }
  ... on OmnideskTicket { priority from customerId }
  ... on HuaweiTicket { severity productCategory customerId }
  ... on JifelineTicket { ticketNumber vin customerId }
}`;

/** Each n has ids of its own, whatever the number of tickets. */
const MAX_TICKETS = 1_000;

/**
 * Ids of `count` tickets, taking `vendors` vendors in turn. Which vendors these are changes with n, so that over several
 * operations each has its part, however many there are in one.
 *
 * @param offset for tickets of another kind
 */
export function idsOf(n: number, count: number, vendors: number = VENDORS.length, offset = 0): string[] {
  const first = 1 + (n % 100_000) * MAX_TICKETS + offset;
  return Array.from({ length: count }, (_, index) => {
    const vendor = VENDORS[(n + (index % vendors)) % VENDORS.length]!;
    return globalId(vendor, first + index);
  });
}

export const WORKLOADS: Readonly<Record<WorkloadName, Workload>> = {
  one: {
    title: 'one ticket',
    query: `query One($id: ID!) { ticket(id: $id) { ...Fields } } ${TICKET_FIELDS}`,
    variables: (n) => ({ id: globalId('huawei', n + 1) }),
    path: '/one',
    upstreamCalls: 1,
    concurrency: 16,
    operations: 400,
  },
  many: {
    title: '25 over five vendors',
    query: `query Many($ids: [ID!]!) { ticketsById(ids: $ids) { ...Fields } } ${TICKET_FIELDS}`,
    variables: (n) => ({ ids: idsOf(n, 25) }),
    path: '/many',
    upstreamCalls: 25,
    concurrency: 6,
    operations: 40,
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
    operations: 60,
  },
  close: {
    title: 'close 10',
    query: `mutation Close($ids: [ID!]!) {
      setStatus(input: { ticketIds: $ids, status: CLOSED }) {
        outcome
        problems { code message }
        results {
          ticketId
          outcome
          transition { ... on TransitionFields { ticketId vendor action to { category raw } } }
          problem { code message }
        }
      }
    }`,
    variables: (n) => ({ ids: Array.from({ length: 10 }, (_, index) => globalId('huawei', n * 10 + index + 1)) }),
    path: '/close',
    upstreamCalls: 10,
    concurrency: 3,
    operations: 60,
  },
};
