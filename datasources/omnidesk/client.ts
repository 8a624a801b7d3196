/** Omnidesk's endpoints, one function each. https://docs.omnidesk.io/omnidesk/api-specification/ticket */
import type { RequestScope, ErrorMapper, Method, Upstream, UpstreamAnswer, UpstreamRequest } from '../contract.ts';
import { describeRefusal, Failure, undefinedIfNotFound } from '../vendor-kit/failure.ts';
import { parseBody } from '../vendor-kit/json.ts';
import { path } from '../vendor-kit/path.ts';
import { toForm } from '../vendor-kit/request.ts';
import { isRefusal, parseTicket, parseTicketList, type WireTicket, type WireTicketList } from './wire.ts';

const TICKETS = '/api/v2/ticket';
const ACCEPT = { accept: 'application/json' };
const SENDING_JSON = { ...ACCEPT, 'content-type': 'application/json' };
const SENDING_FORM = { ...ACCEPT, 'content-type': 'application/x-www-form-urlencoded' };

export type Client = ReturnType<typeof createClient>;

/** How bodies are written. The page's bracketed names suggest the form; JSON is for an account that wants it. */
export type BodyFormat = 'form' | 'json';

export function createClient(upstream: Upstream, dialect: ErrorMapper, format: BodyFormat) {
  const post = (operation: string, body: Body): UpstreamRequest =>
    withBody(format, { method: 'POST', path: path`/api/v2/ticket/${operation}`, headers: ACCEPT }, body);

  /** A refusal that came with a good status is thrown as the failure that it is. */
  const toBody = (answer: UpstreamAnswer): unknown => {
    const body = parseBody(answer);
    if (isRefusal(body)) throw new Failure(describeRefusal(answer, dialect));
    return body;
  };

  return {
    /** GET /api/v2/ticket/{ticketID}: https://docs.omnidesk.io/omnidesk/ticket */
    findTicket: (id: string, call: RequestScope): Promise<WireTicket | undefined> =>
      undefinedIfNotFound(upstream.read(ticketRequest('GET', id), call), (answer) => parseTicket(toBody(answer))),

    /** GET /api/v2/ticket, with the query of the page's newer edition, which refuses empty parameters. */
    async listTickets(
      { view, search, archived, start, limit }: ListParameters,
      call: RequestScope,
    ): Promise<WireTicketList> {
      const query = [
        ...(view === undefined ? [] : [['applyView', view] as const]),
        ...(search === '' ? [] : [['query', search] as const]),
        // Its default is `no`; the page does not show its other values.
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

    /** DELETE /api/v2/ticket/{ticketID}. The bulk one is left alone: the page does not name its parameter. */
    deletionRequest: (id: string): UpstreamRequest => ticketRequest('DELETE', id),

    /** POST /api/v2/ticket/setStatus */
    statusRequest: (status: string, ids: readonly string[]): UpstreamRequest =>
      post('setStatus', { status, ticketIDs: ids.map(Number) }),

    /** POST /api/v2/ticket/setPriority */
    priorityRequest: (priority: string, ids: readonly string[]): UpstreamRequest =>
      post('setPriority', { priority, ticketIDs: ids.map(Number) }),

    /** POST /api/v2/ticket/unlinkCustomerFromTicket */
    unlinkRequest: (id: string): UpstreamRequest => post('unlinkCustomerFromTicket', { ticketID: Number(id) }),

    /** POST /api/v2/ticket/batch, where the ids are one text and their name begins with a capital. */
    batchRequest: (ids: readonly string[], actions: readonly BatchAction[]): UpstreamRequest =>
      post('batch', { TicketIDs: ids.join(','), actions }),

    /** PUT /api/v2/ticket/solveUnfinishedTickets: the page names it without a path, its neighbours suggest this one. */
    solveUnfinishedRequest: (): UpstreamRequest => ({
      method: 'PUT',
      path: path`/api/v2/ticket/${'solveUnfinishedTickets'}`,
      headers: ACCEPT,
    }),
  };
}

export interface ListParameters {
  readonly view: string | undefined;
  /** The empty text for no search. */
  readonly search: string;
  readonly archived: boolean;
  readonly start: number;
  readonly limit: number;
}

/** An entry of a batch; its fields are text on the page. */
export type BatchAction = Readonly<Record<'actionType' | 'value', string>>;

/** A null is `null` in JSON and an empty value in a form, which knows no other spelling of it. */
export type Body = Readonly<Record<string, string | number | null | readonly number[] | readonly BatchAction[]>>;

type Field = readonly [name: string, value: string];

function ticketRequest(method: Method, id: string): UpstreamRequest {
  return { method, path: path`/api/v2/ticket/${id}`, headers: ACCEPT };
}

/** The request with a body; without one where no field is given. */
function withBody(format: BodyFormat, request: UpstreamRequest, body: Body): UpstreamRequest {
  if (Object.keys(body).length === 0) return request;
  return format === 'json'
    ? { ...request, headers: SENDING_JSON, body: JSON.stringify(body) }
    : { ...request, headers: SENDING_FORM, body: toForm(toFields(body)) };
}

/** Lists as the page spells them: `ticketIDs[]` for values, `actions[0][value]` for entries with fields. */
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
