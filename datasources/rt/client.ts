/** Request Tracker's endpoints, one function each. Documentation: https://docs.bestpractical.com/rt/5.0.3/RT/REST2.html */
import type { RequestScope, Upstream, UpstreamRequest } from '../contract.ts';
import { undefinedIfNotFound, unexpectedResponse } from '../vendor-kit/failure.ts';
import { parseBody } from '../vendor-kit/json.ts';
import { path } from '../vendor-kit/path.ts';
import { PREPARED } from '../vendor-kit/request.ts';
import {
  parseHistory,
  parseTicket,
  parseTicketList,
  parseUserName,
  type Change,
  type VersionedTicket,
  type WireTicketList,
} from './wire.ts';

const ACCEPT = { accept: 'application/json' };
const SENDING_JSON = { ...ACCEPT, 'content-type': 'application/json' };

const QUEUE_NAME = ['fields[Queue]', 'Name'] as const;

/** `_hyperlinks` gives the actions of every ticket without a further call. */
const FIELDS =
  'Subject,Status,Queue,Owner,Creator,Requestor,Priority,Created,LastUpdated,Started,Resolved,Due,TimeWorked,' +
  'CustomFields,_hyperlinks';

/** Without an order, the order is arbitrary. */
const NEWEST_FIRST = [
  ['orderby', 'Created'],
  ['order', 'DESC'],
  ['orderby', 'id'],
  ['order', 'DESC'],
] as const;

/** Transactions that are read at once. What the account may not see is removed after paging. */
const HISTORY_LENGTH = 100;

export type Client = ReturnType<typeof createClient>;

/** The account in use: its name, or its number if only a token is known. */
export type Account = { readonly name: string } | { readonly number: string | undefined };

export function createClient(upstream: Upstream, account: Account) {
  const get = async (where: string, query: UpstreamRequest['query'], call: RequestScope): Promise<unknown> =>
    parseBody(await upstream.read({ method: 'GET', path: where, query: query ?? [], headers: ACCEPT }, call));

  let ownName: string | undefined = 'name' in account ? account.name : undefined;

  return {
    /** GET /REST/2.0/ticket/{id}. Of a merged ticket, returns the one into which it was merged. */
    findTicket(id: string, call: RequestScope): Promise<VersionedTicket | undefined> {
      const request = {
        method: 'GET',
        path: path`/REST/2.0/ticket/${id}`,
        query: [QUEUE_NAME],
        headers: ACCEPT,
      } as const;
      return undefinedIfNotFound(upstream.read(request, call), parseTicket);
    },

    /** GET /REST/2.0/tickets, newest first. */
    async searchTickets(query: string, page: number, perPage: number, call: RequestScope): Promise<WireTicketList> {
      const parameters = [
        ['query', query],
        ...NEWEST_FIRST,
        ['page', String(page)],
        ['per_page', String(perPage)],
        ['fields', FIELDS],
        QUEUE_NAME,
      ] as const;
      return parseTicketList(await get('/REST/2.0/tickets', parameters, call));
    },

    /**
     * Returns the changes of a ticket after the one with the given number, from GET /REST/2.0/ticket/{id}/history.
     *
     * @throws Failure `protocol` if there are more than one answer shows.
     */
    async listChanges(id: string, after: string, call: RequestScope): Promise<readonly Change[]> {
      const query = [
        ['orderby', 'id'],
        ['order', 'DESC'],
        ['per_page', String(HISTORY_LENGTH)],
        ['fields', 'Type,Field,OldValue,NewValue,Creator,Created'],
      ] as const;
      const changes = parseHistory(await get(path`/REST/2.0/ticket/${id}/history`, query, call));
      // The change with this number is visible, so a complete answer shows it, or an earlier one.
      if (!changes.some((change) => change.id <= Number(after))) throw unexpectedResponse('complete history');
      return changes.filter((change) => change.id > Number(after));
    },

    /** The name that is known without a call; `undefined` if a call is needed. */
    knownOwnName: (): string | undefined => ownName,

    /**
     * Returns the name of the account in use. With a token alone, it is read once from GET /REST/2.0/user/{number}.
     *
     * @throws Failure if it cannot be read.
     */
    async findOwnName(call: RequestScope): Promise<string> {
      if (ownName !== undefined) return ownName;
      const { number } = account as Exclude<Account, { name: string }>;
      if (number === undefined) throw unexpectedResponse('known user');
      return (ownName = parseUserName(await get(path`/REST/2.0/user/${number}`, [], call)));
    },

    // The writes, as requests that are not sent.

    /** POST /REST/2.0/ticket */
    creationRequest: (fields: Body): UpstreamRequest => withJson('POST', '/REST/2.0/ticket', fields),

    /** PUT /REST/2.0/ticket/{id} */
    updateRequest: (id: string, fields: Body): UpstreamRequest =>
      withVersion(withJson('PUT', path`/REST/2.0/ticket/${id}`, fields), PREPARED),

    /** PUT /REST/2.0/ticket/{id}/take, untake or steal. Without a JSON body it is rejected with 415. */
    ownerRequest: (id: string, verb: OwnerVerb): UpstreamRequest =>
      withVersion(withJson('PUT', path`/REST/2.0/ticket/${id}/${verb}`, {}), PREPARED),

    /**
     * POST /REST/2.0/ticket/{id}/comment or correspond. A status is never sent along: the answer is 201 even if the
     * transition is refused.
     */
    messageRequest: (id: string, verb: MessageVerb, content: string): UpstreamRequest =>
      withJson('POST', path`/REST/2.0/ticket/${id}/${verb}`, { Content: content, ContentType: 'text/plain' }),
  };
}

export type OwnerVerb = 'take' | 'untake' | 'steal';

export type MessageVerb = 'comment' | 'correspond';

export type Body = Readonly<Record<string, unknown>>;

function withJson(method: 'POST' | 'PUT', where: string, body: Body): UpstreamRequest {
  return { method, path: where, headers: SENDING_JSON, body: JSON.stringify(body) };
}

/** The request with its precondition; without one if there is no version. The quotes are required. */
export function withVersion(request: UpstreamRequest, version: string | undefined): UpstreamRequest {
  if (version === undefined) return { ...request, headers: SENDING_JSON };
  const value = version === PREPARED ? PREPARED : `"${version}"`;
  return { ...request, headers: { ...SENDING_JSON, 'if-match': value } };
}
