/** Omnidesk's endpoints, one function each. https://docs.omnidesk.io/omnidesk/api-specification/ticket */
import type { RequestScope, ErrorMapper, Method, Upstream, UpstreamAnswer, UpstreamRequest } from '../contract.ts';
import { describeRejection, Failure, undefinedIfNotFound } from '../vendor-kit/failure.ts';
import { parseBody } from '../vendor-kit/json.ts';
import { path } from '../vendor-kit/path.ts';
import { toForm } from '../vendor-kit/request.ts';
import { isRejection, parseTicket, parseTicketList, type WireTicket, type WireTicketList } from './wire.ts';

const TICKETS = '/api/v2/ticket';
const ACCEPT = { accept: 'application/json' };
const SENDING_JSON = { ...ACCEPT, 'content-type': 'application/json' };
const SENDING_FORM = { ...ACCEPT, 'content-type': 'application/x-www-form-urlencoded' };

export type Client = ReturnType<typeof createClient>;

/** Body format. The bracketed names in the documentation suggest form encoding; some accounts want JSON. */
export type BodyFormat = 'form' | 'json';

export function createClient(upstream: Upstream, mapError: ErrorMapper, format: BodyFormat) {
  const post = (operation: string, body: Body): UpstreamRequest =>
    withBody(format, { method: 'POST', path: path`/api/v2/ticket/${operation}`, headers: ACCEPT }, body);

  /**
   * Parses the body.
   * @throws Failure if it is an error sent with a 2xx status.
   */
  const toBody = (answer: UpstreamAnswer): unknown => {
    const body = parseBody(answer);
    if (isRejection(body)) throw new Failure(describeRejection(answer, mapError));
    return body;
  };

  return {
    /** GET /api/v2/ticket/{ticketID}: https://docs.omnidesk.io/omnidesk/ticket */
    findTicket: (id: string, call: RequestScope): Promise<WireTicket | undefined> =>
      undefinedIfNotFound(upstream.read(ticketRequest('GET', id), call), (answer) => parseTicket(toBody(answer))),

    /** GET /api/v2/ticket with the query of the newer documentation, which rejects empty parameters. */
    async listTickets(
      { view, search, archived, start, limit }: ListParameters,
      call: RequestScope,
    ): Promise<WireTicketList> {
      const query = [
        ...(view === undefined ? [] : [['applyView', view] as const]),
        ...(search === '' ? [] : [['query', search] as const]),
        // Defaults to `no`. The other values are not documented.
        ...(archived ? [['searchArchived', 'yes'] as const] : []),
        ['itemStart', String(start)] as const,
        ['itemLimit', String(limit)] as const,
      ];
      const request = { method: 'GET', path: TICKETS, query, headers: ACCEPT } as const;
      return parseTicketList(toBody(await upstream.read(request, call)));
    },

    // The writes, as requests that are not sent.

    /** POST /api/v2/ticket */
    creationRequest: (fields: Body): UpstreamRequest =>
      withBody(format, { method: 'POST', path: TICKETS, headers: ACCEPT }, fields),

    /** PUT /api/v2/ticket/{ticketID} */
    updateRequest: (id: string, fields: Body): UpstreamRequest => withBody(format, ticketRequest('PUT', id), fields),

    /** DELETE /api/v2/ticket/{ticketID}. The bulk operation is not used: its parameter is not documented. */
    deletionRequest: (id: string): UpstreamRequest => ticketRequest('DELETE', id),

    /** POST /api/v2/ticket/setStatus */
    statusRequest: (status: string, ids: readonly string[]): UpstreamRequest =>
      post('setStatus', { status, ticketIDs: ids.map(Number) }),

    /** POST /api/v2/ticket/setPriority */
    priorityRequest: (priority: string, ids: readonly string[]): UpstreamRequest =>
      post('setPriority', { priority, ticketIDs: ids.map(Number) }),

    /** POST /api/v2/ticket/unlinkCustomerFromTicket */
    unlinkRequest: (id: string): UpstreamRequest => post('unlinkCustomerFromTicket', { ticketID: Number(id) }),

    /** POST /api/v2/ticket/batch. Here the ids are one comma-separated string, named with a capital. */
    batchRequest: (ids: readonly string[], actions: readonly BatchAction[]): UpstreamRequest =>
      post('batch', { TicketIDs: ids.join(','), actions }),

    /** PUT /api/v2/ticket/solveUnfinishedTickets. The path is not documented; the other operations suggest this one. */
    solveUnfinishedRequest: (): UpstreamRequest => ({
      method: 'PUT',
      path: path`/api/v2/ticket/${'solveUnfinishedTickets'}`,
      headers: ACCEPT,
    }),
  };
}

export interface ListParameters {
  readonly view: string | undefined;
  /** An empty string for no search. */
  readonly search: string;
  readonly archived: boolean;
  readonly start: number;
  readonly limit: number;
}

/** An entry of a batch. Its fields are strings in the documentation. */
export type BatchAction = Readonly<Record<'actionType' | 'value', string>>;

/** A null is `null` in JSON and an empty value in a form. */
export type Body = Readonly<Record<string, string | number | null | readonly number[] | readonly BatchAction[]>>;

type Field = readonly [name: string, value: string];

function ticketRequest(method: Method, id: string): UpstreamRequest {
  return { method, path: path`/api/v2/ticket/${id}`, headers: ACCEPT };
}

/** Adds the body to the request, unless it has no fields. */
function withBody(format: BodyFormat, request: UpstreamRequest, body: Body): UpstreamRequest {
  if (Object.keys(body).length === 0) return request;
  return format === 'json'
    ? { ...request, headers: SENDING_JSON, body: JSON.stringify(body) }
    : { ...request, headers: SENDING_FORM, body: toForm(toFields(body)) };
}

/** Encodes lists as documented: `ticketIDs[]` for values, `actions[0][value]` for objects. */
function toFields(body: Body): readonly Field[] {
  return Object.entries(body).flatMap(([name, value]): readonly Field[] => {
    if (value === null) return [[name, '']];
    if (typeof value !== 'object') return [[name, String(value)]];
    return value.flatMap((entry, index): readonly Field[] =>
      typeof entry === 'number'
        ? [[`${name}[]`, String(entry)]]
        : Object.entries(entry).map(([key, text]) => [`${name}[${index}][${key}]`, text]),
    );
  });
}
