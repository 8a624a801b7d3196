/**
 * Vendor access for `limit` and the other servers: path, auth headers and mapping. Implements only what the workloads need.
 */
import { CREDENTIALS, SOLVE_ACTION, TENANT, byVendor, type VendorKey } from '../tickets.ts';

export const UPSTREAM_URL = process.env['UPSTREAM_URL'] ?? '';

/** A ticket with the selected fields, in their order. */
export interface Ticket {
  readonly id: string;
  readonly vendor: string;
  readonly reference: string;
  readonly title: string | null;
  readonly status: { readonly category: string | null; readonly raw: string };
  readonly createdAt: string | null;
}

export interface VendorAccess {
  path(nativeId: string): string;
  readonly headers: Readonly<Record<string, string>>;
  /** @param body the parsed response. */
  toTicket(body: never): Ticket;
}

interface RequestorBody {
  TicketId: number;
  TicketREF: string;
  TicketType: number;
  Subject: string;
  CreatedUTC: string;
  SubmitterFullName: string;
  TicketState: string;
  ServiceName: string;
}

interface AkanaBody {
  TicketID: string;
  Title: string;
  State: string;
  Created: string;
  Environment: string;
  UserName: string;
  Tag: string[];
}

export interface OmnideskItem {
  id: number;
  title: string;
  status: string;
  created_at: string;
  priority: string;
  from: string;
  customer_id: number;
}

interface HuaweiBody {
  incident_detail_info: {
    incident_id: string;
    simple_description: string;
    status: number;
    create_time: string;
    severity_name: string;
    product_category_name: string;
    customer_id: string;
  };
}

interface JifelineBody {
  id: string;
  ticket_number: number;
  created_at: string;
  vin: string;
  customer_id: string;
}

const { username, password } = CREDENTIALS;
const BASIC = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const JSON_ONLY = { accept: 'application/json' };

const instant = (text: string): string => new Date(text).toISOString();

const HUAWEI_CATEGORIES: Readonly<Record<number, string>> = { 0: 'NEW', 1: 'OPEN', 2: 'PENDING', 3: 'CLOSED' };
const REQUESTOR_CATEGORIES: Readonly<Record<string, string>> = { IncidentAssigned: 'OPEN', IncidentSolved: 'SOLVED' };

export function toOmnideskTicket(item: OmnideskItem): Ticket {
  const id = String(item.id);
  return {
    id: `omnidesk:${id}`,
    vendor: 'OMNIDESK',
    reference: id,
    title: item.title,
    status: { category: item.status.toUpperCase(), raw: item.status },
    createdAt: instant(`${item.created_at.replace(' ', 'T')}Z`),
    ...{ priority: item.priority.toUpperCase(), from: item.from, customerId: String(item.customer_id) },
  };
}

export const ACCESS: Readonly<Record<VendorKey, VendorAccess>> = {
  requestor: {
    path: (id) => `/api/Tickets/GetTicket/${id}?plainTextOnly=true`,
    headers: { ...JSON_ONLY, authorization: BASIC },
    toTicket: (body: RequestorBody) => ({
      id: `requestor:${body.TicketId}`,
      vendor: 'REQUESTOR',
      reference: body.TicketREF,
      title: body.Subject,
      status: { category: REQUESTOR_CATEGORIES[body.TicketState] ?? null, raw: body.TicketState },
      createdAt: instant(`${body.CreatedUTC}Z`),
      ticketType: body.TicketType === 2 ? 'Incident' : String(body.TicketType),
      submitter: body.SubmitterFullName,
      serviceName: body.ServiceName,
    }),
  },
  akana: {
    path: (id) => `/api/tickets/${id}`,
    headers: { ...JSON_ONLY, cookie: `AtmoAuthToken_${TENANT}=${CREDENTIALS.akanaToken}` },
    toTicket: (body: AkanaBody) => ({
      id: `akana:${body.TicketID}`,
      vendor: 'AKANA',
      reference: body.TicketID,
      title: body.Title,
      status: { category: body.State, raw: body.State },
      createdAt: instant(body.Created),
      environment: body.Environment,
      authorName: body.UserName,
      tags: body.Tag,
    }),
  },
  omnidesk: {
    path: (id) => `/api/v2/ticket/${id}?apiKey=${CREDENTIALS.omnideskKey}`,
    headers: JSON_ONLY,
    toTicket: (body: { item: OmnideskItem }) => toOmnideskTicket(body.item),
  },
  huawei: {
    path: (id) => `/v2/servicerequest/cases/${id}`,
    headers: { ...JSON_ONLY, 'x-auth-token': CREDENTIALS.huaweiToken, 'x-language': 'en-us', 'x-time-zone': 'GMT+0' },
    toTicket: ({ incident_detail_info: body }: HuaweiBody) => ({
      id: `huawei:${body.incident_id}`,
      vendor: 'HUAWEI',
      reference: body.incident_id,
      title: body.simple_description.slice(0, body.simple_description.indexOf('\n')),
      status: { category: HUAWEI_CATEGORIES[body.status] ?? null, raw: String(body.status) },
      createdAt: instant(body.create_time),
      severity: body.severity_name,
      productCategory: body.product_category_name,
      customerId: body.customer_id,
    }),
  },
  jifeline: {
    path: (id) => `/v2/tickets/in-progress-tickets/${id}`,
    headers: { ...JSON_ONLY, authorization: `Bearer ${CREDENTIALS.jifelineToken}` },
    toTicket: (body: JifelineBody) => ({
      id: `jifeline:${body.id}`,
      vendor: 'JIFELINE',
      reference: String(body.ticket_number),
      title: null,
      status: { category: 'OPEN', raw: 'in-progress' },
      createdAt: instant(body.created_at),
      ticketNumber: String(body.ticket_number),
      vin: body.vin,
      customerId: body.customer_id,
    }),
  },
};

/** The GraphQL type of a ticket, for the GraphQL servers. */
export const TYPE_OF: Readonly<Record<string, string>> = {
  REQUESTOR: 'RequestorTicket',
  AKANA: 'AkanaTicket',
  OMNIDESK: 'OmnideskTicket',
  HUAWEI: 'HuaweiTicket',
  JIFELINE: 'JifelineTicket',
};

export function accessOf(id: string): { key: VendorKey; nativeId: string; access: VendorAccess } {
  const colon = id.indexOf(':');
  const key = id.slice(0, colon) as VendorKey;
  return { key, nativeId: id.slice(colon + 1), access: ACCESS[key] };
}

/** Requests one more than the page size, to find out whether there is a next page. */
export function listPath(first: number, search: string): string {
  const { omnideskKey: apiKey } = CREDENTIALS;
  const query = new URLSearchParams({ query: search, itemStart: '0', itemLimit: String(first + 1), apiKey });
  return `/api/v2/ticket?${query.toString()}`;
}

export interface OmnideskList {
  readonly total: number;
  readonly items: readonly OmnideskItem[];
}

export function toPage({ items, total }: OmnideskList, first: number) {
  return {
    nodes: items.slice(0, first).map(toOmnideskTicket),
    pageInfo: { hasNextPage: items.length > first },
    sources: [{ vendor: 'OMNIDESK', totalCount: total, problem: null }],
  };
}

// ---------------------------------------------------------------- writes

export interface WriteCall {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The write of one ticket that the workloads use: it closes the ticket, or solves it at the vendor that pushes workflows. */
export interface TicketWrite {
  toCall(nativeId: string): WriteCall;
  /** @param text body of the response. Returns the ticket's result as ticketgraph does. */
  toResult(ticketId: string, text: string): object;
}

const sendingJson = (key: VendorKey): WriteCall['headers'] => ({
  ...ACCESS[key].headers,
  'content-type': 'application/json',
});
const JSON_HEADERS = byVendor(sendingJson);
const FORM_HEADERS = { ...JSON_ONLY, 'content-type': 'application/x-www-form-urlencoded' };

export const TICKET_WRITE: Readonly<Record<VendorKey, TicketWrite>> = {
  requestor: {
    toCall: (id) => ({
      method: 'POST',
      path: '/api/Tickets/WorkflowPush',
      headers: JSON_HEADERS.requestor,
      body: JSON.stringify({
        TicketId: Number(id),
        TicketREF: null,
        Action: SOLVE_ACTION,
        UserProviderKey: null,
        ServiceId: null,
        CustomerId: null,
        Note: null,
      }),
    }),
    toResult: (ticketId, text) => {
      const { TicketREF } = JSON.parse(text) as { TicketREF: string };
      const transition = { ...toTransition(ticketId, String(SOLVE_ACTION), null), ticketRef: TicketREF };
      return { outcome: 'APPLIED', problems: [], transition };
    },
  },
  akana: {
    toCall: (id) => ({
      method: 'POST',
      path: `/api/tickets/${id}/actions`,
      headers: JSON_HEADERS.akana,
      body: '{"ActionName":"ticket.action.close"}',
    }),
    toResult: (id, text) => applied(id, 'ticket.action.close', { category: text, raw: text }),
  },
  omnidesk: {
    toCall: (id) => toBulkStatusCall([`omnidesk:${id}`]),
    toResult: (id, text) => {
      JSON.parse(text);
      return applied(id, 'status.closed', { category: 'CLOSED', raw: 'closed' });
    },
  },
  huawei: {
    toCall: (id) => ({
      method: 'POST',
      path: `/v2/servicerequest/cases/${id}/action?action_id=close`,
      headers: JSON_HEADERS.huawei,
      body: '{}',
    }),
    toResult: (id) => applied(id, 'close', { category: 'CLOSED', raw: '3' }),
  },
  jifeline: {
    toCall: (id) => ({
      method: 'PATCH',
      path: `/v2/tickets/in-progress-tickets/${id}`,
      headers: JSON_HEADERS.jifeline,
      body: '{"transition":{"type":"complete"}}',
    }),
    toResult: (id) => applied(id, 'complete', { category: 'CLOSED', raw: 'closed' }),
  },
};

/** Closes several Omnidesk tickets in one call. */
export function toBulkStatusCall(ids: readonly string[]): WriteCall {
  const body = new URLSearchParams({ status: 'closed' });
  for (const id of ids) body.append('ticketIDs[]', accessOf(id).nativeId);
  return {
    method: 'POST',
    path: `/api/v2/ticket/setStatus?apiKey=${CREDENTIALS.omnideskKey}`,
    headers: FORM_HEADERS,
    body: body.toString(),
  };
}

function applied(ticketId: string, action: string, to: Ticket['status']): object {
  return { ticketId, outcome: 'APPLIED', transition: toTransition(ticketId, action, to), problem: null };
}

function toTransition(ticketId: string, action: string, to: Ticket['status'] | null): object {
  return { ticketId, vendor: accessOf(ticketId).key.toUpperCase(), action, to };
}
