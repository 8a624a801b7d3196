/** Akana's endpoints, one function each. Documentation: https://help.akana.com/content/current/cm/api/ */
import type { RequestScope, Upstream, UpstreamRequest } from '../contract.ts';
import type { Cookies } from '../vendor-kit/cookies.ts';
import { undefinedIfNotFound } from '../vendor-kit/failure.ts';
import { path } from '../vendor-kit/path.ts';
import {
  csrfHeader,
  parseSession,
  parseTicket,
  parseTicketList,
  toSessionHeaders,
  type Session,
  type WireTicket,
  type WireTicketList,
} from './wire.ts';

const ACCEPT_JSON = { accept: 'application/json' };

const SENDING_JSON = { accept: '*/*', 'content-type': 'application/json' };

/** The list supports only these types. Plain JSON would return an RSS channel. */
const ACCEPT_LIST = { accept: 'application/vnd.soa.v81+json' };

export type Client = ReturnType<typeof createClient>;

export function createClient(upstream: Upstream) {
  return {
    /** GET /api/tickets/{TicketID}: https://help.akana.com/content/current/cm/api/tickets/m_tickets_getTicket.htm */
    findTicket(ticketId: string, call: RequestScope): Promise<WireTicket | undefined> {
      const request = { method: 'GET', path: path`/api/tickets/${ticketId}`, headers: ACCEPT_JSON } as const;
      return undefinedIfNotFound(upstream.read(request, call), (answer) => parseTicket(answer, ticketId));
    },

    /**
     * GET /api/tickets: https://help.akana.com/content/current/cm/api/tickets/m_tickets_getTickets.htm
     *
     * `count` is in that page's sample. `start`, 0-based, is documented for similar operations:
     * http://docs.akana.com/cm/api/users/m_users_getHomeFeed.htm
     */
    async listTickets(start: number, count: number, call: RequestScope): Promise<WireTicketList> {
      const query: [string, string][] = [['count', String(count)]];
      if (start > 0) query.push(['start', String(start)]);
      const answer = await upstream.read({ method: 'GET', path: '/api/tickets', query, headers: ACCEPT_LIST }, call);
      return parseTicketList(answer);
    },
  };
}

/** A string in that page's sample, a list at https://help.akana.com/content/current/cm/api/obj/o_workflow_Action.htm */
export type Comments = string | readonly string[];

export type SessionClient = ReturnType<typeof createSessionClient>;

/**
 * @param upstream sends requests without credentials: these calls are the sign-in.
 * @param emptyCookies cookie jar of the API without cookies. A cookie without a path gets the API's path.
 */
export function createSessionClient(upstream: Upstream, tenant: string, emptyCookies: Cookies) {
  return {
    /**
     * POST /api/login: https://help.akana.com/content/current/cm/api/login/m_login_login.htm
     *
     * Returns `undefined` if the response has no token, e.g. because a task is pending for the account.
     */
    async logIn(username: string, password: string, call: RequestScope): Promise<Session | undefined> {
      const request = {
        method: 'POST',
        path: '/api/login',
        headers: { ...ACCEPT_JSON, 'content-type': 'application/json' },
        body: JSON.stringify({ username, password }),
      } as const;
      return parseSession(await upstream.read(request, call), tenant, emptyCookies);
    },

    /**
     * POST /api/login/renewToken: https://help.akana.com/content/current/cm/api/login/m_login_renewToken.htm
     *
     * Returns `undefined` if the response has no token.
     * @throws Failure if the session has expired.
     */
    async renewToken(session: Session, call: RequestScope): Promise<Session | undefined> {
      const headers = { ...ACCEPT_JSON, 'content-type': 'application/x-www-form-urlencoded' };
      const request = {
        method: 'POST',
        path: '/api/login/renewToken',
        headers: { ...headers, ...toSessionHeaders(tenant, session) },
        secrets: ['cookie', csrfHeader(tenant)],
      } as const;
      const renewed = parseSession(await upstream.read(request, call), tenant, emptyCookies);
      return renewed && { ...renewed, csrf: renewed.csrf ?? session.csrf };
    },
  };
}

/**
 * Builds POST /api/tickets/{TicketID}/actions:
 * https://help.akana.com/content/current/cm/api/tickets/m_tickets_executeWorkflowAction.htm
 */
export function actionRequest(ticketId: string, actionName: string, comments?: Comments): UpstreamRequest {
  return {
    method: 'POST',
    path: path`/api/tickets/${ticketId}/actions`,
    headers: SENDING_JSON,
    body: JSON.stringify({ ActionName: actionName, ...(comments !== undefined && { Comments: comments }) }),
  };
}
