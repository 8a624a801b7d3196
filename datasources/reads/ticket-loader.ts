/**
 * Tickets by global id, each asked for once in a request, however many fields and aliases want it. Grouped by vendor,
 * so that one with a batch read gets a single call; failure is per ticket.
 */
import DataLoader from 'dataloader';
import type { RequestScope, Ticket, VendorSource } from '../contract.ts';

export interface TicketKey {
  /** The global id as the caller named it. */
  readonly id: string;
  readonly nativeId: string;
  readonly source: VendorSource;
}

export interface TicketLoader {
  /** The ticket, or undefined where the vendor has none of that id. */
  load(key: TicketKey): Promise<Ticket | undefined>;
  /** What this request has read of it already. */
  peek(id: string): Ticket | undefined;
  /** Forgets everything: a write has been made. */
  clear(): void;
}

type Found = Ticket | undefined | Error;

/** @param locate says in an error which ticket it is about, by the id as the caller named it */
export function createTicketLoader(call: RequestScope, locate: (error: unknown, id: string) => Error): TicketLoader {
  /** What has been read, a batch at a time: only a write looks back, and it is about few. */
  const batches: { readonly keys: readonly TicketKey[]; readonly found: readonly Found[] }[] = [];
  const loader = new DataLoader<TicketKey, Ticket | undefined, string>(
    async (keys) => {
      const found = await loadAll(keys, call, locate);
      batches.push({ keys, found });
      keys.forEach((key, index) => {
        const ticket = found[index];
        if (!isTicket(ticket)) return;
        const { id, nativeId } = ticket;
        // A ticket named by its reference is the same ticket by its stable id.
        if (id !== key.id) loader.prime({ ...key, id, nativeId }, ticket);
      });
      return found;
    },
    { cacheKeyFn: (key) => key.id },
  );
  return {
    load: (key) => loader.load(key),
    peek(id) {
      for (const { keys, found } of batches.toReversed()) {
        const ticket = found.find((one, index) => isTicket(one) && (one.id === id || keys[index]!.id === id));
        if (isTicket(ticket)) return ticket;
      }
      return undefined;
    },
    clear() {
      batches.length = 0;
      loader.clearAll();
    },
  };
}

function isTicket(found: Found): found is Ticket {
  return found !== undefined && !(found instanceof Error);
}

/** In the order of the keys. Where a vendor takes several at once, those that come after its first wait for that call. */
function loadAll(
  keys: readonly TicketKey[],
  call: RequestScope,
  locate: (error: unknown, id: string) => Error,
): Promise<Found[]> {
  const together = new Map<VendorSource, Promise<ReadonlyMap<string, Found>>>();
  return Promise.all(
    keys.map(({ id, source, nativeId }) => {
      const asFound = (error: unknown): Error => locate(error, id);
      if (!source.findMany) return source.find(nativeId, call).catch(asFound);
      const group = together.get(source) ?? findTogether(source, keys, call);
      together.set(source, group);
      return group.then((found) => found.get(nativeId), asFound);
    }),
  );
}

async function findTogether(
  source: VendorSource,
  keys: readonly TicketKey[],
  call: RequestScope,
): Promise<ReadonlyMap<string, Found>> {
  const ids = keys.filter((key) => key.source === source).map(({ nativeId }) => nativeId);
  const tickets = await source.findMany!(ids, call);
  return new Map(ids.map((id, index) => [id, tickets[index]]));
}
