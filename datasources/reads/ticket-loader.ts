/**
 * Tickets by global id, each read once per request. The reads of one batch are grouped by vendor: a vendor with `findMany`
 * gets a single `findMany`, any other one call per ticket. Failures are per ticket.
 */
import DataLoader from 'dataloader';
import type { RequestScope, Ticket, VendorSource } from '../contract.ts';

export interface TicketKey {
  /** The global id, in the vendor's one spelling of it. */
  readonly id: string;
  readonly nativeId: string;
  readonly source: VendorSource;
}

export interface TicketLoader {
  /** Returns the ticket, or `undefined` if the vendor has none. @throws Failure, located by the ticket's id. */
  load(key: TicketKey): Promise<Ticket | undefined>;
  /** Returns the ticket if this request has read it already. */
  peek(id: string): Ticket | undefined;
  /** Forgets everything. Called after a write. */
  clear(): void;
}

/** @param locate adds to an error the ticket that it concerns, by its global id */
export function createTicketLoader(call: RequestScope, locate: (error: unknown, id: string) => Error): TicketLoader {
  const loaded = new Map<string, Ticket>();
  const loader = new DataLoader<TicketKey, Ticket | undefined, string>(
    async (keys) => {
      const results = await loadBatch(keys, call, locate);
      keys.forEach((key, index) => remember(key, results[index]));
      return results;
    },
    { cacheKeyFn: ({ id }) => id },
  );
  const remember = (key: TicketKey, result: Result): void => {
    if (!isTicket(result)) return;
    const { id, nativeId } = result;
    loaded.set(key.id, result);
    if (id === key.id) return;
    // Requested by its reference: the same ticket by its stable id needs no call.
    loaded.set(id, result);
    loader.prime({ ...key, id, nativeId }, result);
  };
  return {
    load: (key) => loader.load(key),
    peek: (id) => loaded.get(id),
    clear() {
      loaded.clear();
      loader.clearAll();
    },
  };
}

/** What DataLoader expects for each key. */
type Result = Ticket | undefined | Error;

function isTicket(result: Result): result is Ticket {
  return result !== undefined && !(result instanceof Error);
}

/** Returns one result per key, in their order. */
function loadBatch(
  keys: readonly TicketKey[],
  call: RequestScope,
  locate: (error: unknown, id: string) => Error,
): Promise<Result[]> {
  const groups = new Map<VendorSource, Promise<ReadonlyMap<string, Result>>>();
  return Promise.all(
    keys.map(({ id, source, nativeId }) => {
      const toError = (error: unknown): Error => locate(error, id);
      if (!source.findMany) return source.find(nativeId, call).catch(toError);
      const group = groups.get(source) ?? findGroup(source, keys, call);
      groups.set(source, group);
      return group.then((found) => {
        const result = found.get(nativeId);
        return result instanceof Error ? toError(result) : result;
      }, toError);
    }),
  );
}

/** All keys of one vendor at once, by native id. */
async function findGroup(
  source: VendorSource,
  keys: readonly TicketKey[],
  call: RequestScope,
): Promise<ReadonlyMap<string, Result>> {
  const ids = keys.filter((key) => key.source === source).map(({ nativeId }) => nativeId);
  const tickets = await source.findMany!(ids, call);
  return new Map(ids.map((id, index) => [id, tickets[index]]));
}
