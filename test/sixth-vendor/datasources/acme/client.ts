/** Acme's endpoints, one function each. Documentation: https://acme.example/api */
import type { RequestScope, Upstream, UpstreamRequest } from '../contract.ts';
import { undefinedIfNotFound } from '../vendor-kit/failure.ts';
import { path } from '../vendor-kit/path.ts';
import { parseTicket, parseTicketList, type WireTicket, type WireTicketList } from './wire.ts';

const ACCEPT = { accept: 'application/json' };

export type Client = ReturnType<typeof createClient>;

export function createClient(upstream: Upstream) {
  return {
    /** GET /tickets/{number}: https://acme.example/api/get */
    findTicket(number: string, call: RequestScope): Promise<WireTicket | undefined> {
      const request = { method: 'GET', path: path`/tickets/${number}`, headers: ACCEPT } as const;
      return undefinedIfNotFound(upstream.read(request, call), ({ text }) => parseTicket(text));
    },

    /** GET /tickets?from=&limit=: https://acme.example/api/list */
    async listTickets(from: number, limit: number, call: RequestScope): Promise<WireTicketList> {
      const query = [
        ['from', String(from)],
        ['limit', String(limit)],
      ] as const;
      const answer = await upstream.read({ method: 'GET', path: '/tickets', query, headers: ACCEPT }, call);
      return parseTicketList(answer.text);
    },
  };
}

/** Builds POST /tickets/{number}/shut: https://acme.example/api/shut */
export function shutRequest(number: string, reason: string | null): UpstreamRequest {
  return {
    method: 'POST',
    path: path`/tickets/${number}/shut`,
    headers: { ...ACCEPT, 'content-type': 'application/json' },
    body: JSON.stringify({ reason }),
  };
}
