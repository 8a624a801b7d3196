/**
 * Upstream calls of `limit` and the tuned servers: the cheapest correct ones. undici's `dispatch` on a Pool per vendor, the
 * same that ticketgraph uses, without deadline, retries and limits.
 */
import { Pool, type Dispatcher } from 'undici';
import { VENDORS, type VendorKey } from '../tickets.ts';
import {
  ACCESS,
  TICKET_WRITE,
  UPSTREAM_URL,
  accessOf,
  listPath,
  toBulkStatusCall,
  type OmnideskList,
  type Ticket,
  type WriteCall,
} from './vendors.ts';

/** The default of ticketgraph. */
const CONNECTIONS = 32;

const pools = Object.fromEntries(
  VENDORS.map((key) => [key, new Pool(UPSTREAM_URL, { connections: CONNECTIONS, pipelining: 1 })]),
) as Record<VendorKey, Pool>;

export class VendorError extends Error {}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Collects one response. Most bodies are one chunk. */
class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: Error) => void;
  #status = 0;
  #chunks: Buffer[] = [];

  constructor(resolve: (answer: Answer) => void, reject: (error: Error) => void) {
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {
    // undici requires it.
  }

  onResponseStart(_: unknown, status: number): void {
    this.#status = status;
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, text: bytes.toString() });
  }

  onResponseError(_: unknown, error: Error): void {
    this.#reject(error);
  }
}

/** @throws VendorError for a status of 400 or more. */
async function send(key: VendorKey, options: Dispatcher.DispatchOptions): Promise<Answer> {
  const answer = await new Promise<Answer>((resolve, reject) => {
    pools[key].dispatch(options, new AnswerHandler(resolve, reject));
  });
  if (answer.status >= 400) throw new VendorError(`${key} responded with ${answer.status}`);
  return answer;
}

export async function readTicket(id: string): Promise<Ticket> {
  const { key, nativeId, access } = accessOf(id);
  const { text } = await send(key, { method: 'GET', path: access.path(nativeId), headers: access.headers });
  return access.toTicket(JSON.parse(text) as never);
}

export async function readList(first: number, search: string): Promise<OmnideskList> {
  const { headers } = ACCESS.omnidesk;
  const { text } = await send('omnidesk', { method: 'GET', path: listPath(first, search), headers });
  return JSON.parse(text) as OmnideskList;
}

/** Closes tickets of any vendors: one call for all of the vendor that takes several, one per ticket of the others. */
export async function closeTickets(ids: readonly string[]): Promise<object[]> {
  const bulk = ids.filter((id) => id.startsWith('omnidesk:'));
  const bulkCall = bulk.length > 0 ? write('omnidesk', toBulkStatusCall(bulk)) : undefined;
  return Promise.all(
    ids.map(async (id) => {
      const { key, nativeId } = accessOf(id);
      const { toCall, toResult } = TICKET_WRITE[key];
      return toResult(id, await (key === 'omnidesk' ? bulkCall! : write(key, toCall(nativeId))));
    }),
  );
}

/** Pushes the workflow of a Requestor ticket. */
export async function pushWorkflow(id: string): Promise<object> {
  const { toCall, toResult } = TICKET_WRITE.requestor;
  return toResult(id, await write('requestor', toCall(accessOf(id).nativeId)));
}

async function write(key: VendorKey, { method, path, headers, body }: WriteCall): Promise<string> {
  return (await send(key, { method, path, headers, body })).text;
}
