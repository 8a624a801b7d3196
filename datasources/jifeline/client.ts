/** Jifeline's endpoints, one function each. Documentation: https://partner-api-001.redoc.ly */
import type { RequestScope, Upstream, UpstreamAnswer, UpstreamRequest } from '../contract.ts';
import { unexpectedResponse, undefinedIfNotFound } from '../vendor-kit/failure.ts';
import { parseBody } from '../vendor-kit/json.ts';
import { path } from '../vendor-kit/path.ts';
import { memoizePerRequest } from '../vendor-kit/request-memory.ts';
import { toForm } from '../vendor-kit/request.ts';
import {
  COLLECTIONS,
  parseCancelReasons,
  parseTicket,
  parseTicketList,
  parseToken,
  toCanonicalId,
  type Collection,
  type WireCancelReason,
  type WireTicket,
  type WireTicketList,
  type WireToken,
} from './wire.ts';

const ACCEPT = { accept: 'application/json' };
const SENDING_JSON = { ...ACCEPT, 'content-type': 'application/json' };

/** Maximum page size of a list. */
export const MAX_LIST_LIMIT = 1000;

export type Client = ReturnType<typeof createClient>;

export function createClient(upstream: Upstream) {
  /** For each incoming request: the collection in which a ticket is expected. */
  const collectionsBy = memoizePerRequest(() => new Map<string, Collection>());

  const get = (
    target: string,
    query: readonly (readonly [string, string])[],
    call: RequestScope,
  ): Promise<UpstreamAnswer> => upstream.read({ method: 'GET', path: target, query, headers: ACCEPT }, call);

  /** Searches the other collections, in order. */
  const findInOthers = async (first: Collection, id: string, call: RequestScope): Promise<WireTicket | undefined> => {
    for (const collection of COLLECTIONS) {
      const ticket = collection === first ? undefined : await client.findTicketIn(collection, id, call);
      if (ticket) return ticket;
    }
    return undefined;
  };

  const client = {
    /** Remembers the collection of a ticket until the end of this incoming request. */
    rememberCollection(id: string, collection: Collection, call: RequestScope): void {
      collectionsBy(call).set(toCanonicalId(id), collection);
    },

    /** Searches the expected collection first, then the others in order, until one does not return 404. */
    findTicket(id: string, call: RequestScope): Promise<WireTicket | undefined> {
      const known = collectionsBy(call);
      const first = (known.size > 0 ? known.get(toCanonicalId(id)) : undefined) ?? COLLECTIONS[0];
      // Most tickets are in the first collection, so this path creates as few promises as possible.
      return client.findTicketIn(first, id, call).then((ticket) => ticket ?? findInOthers(first, id, call));
    },

    /**
     * GET /v2/tickets/{collection}-tickets/{id}: https://partner-api-001.redoc.ly/tag/tickets-in-progress-tickets
     *
     * Two of the paths are documented; those of closed, cancelled and pending tickets follow their pattern.
     */
    findTicketIn(collection: Collection, id: string, call: RequestScope): Promise<WireTicket | undefined> {
      return undefinedIfNotFound(get(ticketPath(collection, id), [], call), (answer) => {
        const ticket = parseTicket(parseBody(answer), collection);
        if (ticket === undefined) throw unexpectedResponse('ticket');
        return ticket ?? undefined;
      });
    },

    /** GET /v2/tickets/in-progress-tickets: https://partner-api-001.redoc.ly/tag/tickets-in-progress-tickets */
    async listInProgress(offset: number, limit: number, call: RequestScope): Promise<WireTicketList> {
      const query = [
        ['limit', String(limit)],
        ['offset', String(offset)],
      ] as const;
      return parseTicketList(parseBody(await get('/v2/tickets/in-progress-tickets', query, call)), 'in-progress');
    },

    /**
     * Searches the tickets in progress and the outsourced ones: only their lists are documented to filter by number.
     * https://partner-api-001.redoc.ly/tag/tickets-outsourced-tickets
     */
    async findByNumber(number: string, call: RequestScope): Promise<WireTicket | undefined> {
      for (const collection of ['in-progress', 'outsourced'] as const) {
        const answer = await get(`/v2/tickets/${collection}-tickets`, [['ticket_number', number]], call);
        const { tickets, rowCount } = parseTicketList(parseBody(answer), collection);
        // No entry could be read.
        if (tickets.length === 0 && rowCount > 0) throw unexpectedResponse('list of tickets');
        const ticket = tickets.find(({ ticket_number }) => ticket_number === number);
        if (ticket) return ticket;
      }
      return undefined;
    },

    /** GET /v2/tickets/cancel-reasons, inferred: https://partner-api-001.redoc.ly/tag/tickets-cancel-reasons */
    async listCancelReasons(call: RequestScope): Promise<readonly WireCancelReason[]> {
      const query = [['limit', String(MAX_LIST_LIMIT)]] as const;
      return parseCancelReasons(parseBody(await get('/v2/tickets/cancel-reasons', query, call)));
    },
  };
  return client;
}

export type TokenClient = ReturnType<typeof createTokenClient>;

/**
 * @param tokens sends requests to the token endpoint, whose full URL is configured, without credentials: the call is
 * the sign-in.
 */
export function createTokenClient(tokens: Upstream) {
  return {
    /** POST to the token endpoint: https://partner-api-001.redoc.ly/tag/Authentication */
    async requestToken(clientId: string, clientSecret: string, call: RequestScope): Promise<WireToken> {
      const request = {
        method: 'POST',
        path: '',
        headers: { ...ACCEPT, 'content-type': 'application/x-www-form-urlencoded' },
        body: toForm([
          ['grant_type', 'client_credentials'],
          ['client_id', clientId],
          ['client_secret', clientSecret],
        ]),
      } as const;
      return parseToken(await tokens.read(request, call));
    },
  };
}

/**
 * Builds PATCH /v2/tickets/in-progress-tickets/{id}: https://partner-api-001.redoc.ly/tag/tickets-in-progress-tickets
 */
export function transitionRequest(id: string, transition: Readonly<Record<string, unknown>>): UpstreamRequest {
  return changeRequest('PATCH', id, { transition });
}

/**
 * Builds PUT /v2/tickets/in-progress-tickets/{id}. The operator is the only member of the schema; the sample shows
 * others. https://partner-api-001.redoc.ly/tag/tickets-in-progress-tickets
 */
export function assignRequest(id: string, operatorId: string): UpstreamRequest {
  return changeRequest('PUT', id, { operator_id: operatorId });
}

function changeRequest(method: 'PATCH' | 'PUT', id: string, body: Readonly<Record<string, unknown>>): UpstreamRequest {
  return {
    method,
    path: ticketPath('in-progress', id),
    headers: SENDING_JSON,
    body: JSON.stringify(body),
  };
}

function ticketPath(collection: Collection, id: string): string {
  return path`/v2/tickets/${`${collection}-tickets`}/${id}`;
}
