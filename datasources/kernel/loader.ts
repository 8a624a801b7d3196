/**
 * Tickets by global id, each asked for once in a request, however many fields and aliases want it. Grouped by vendor,
 * so that one with a batch read gets a single call; failure is per ticket.
 */
import DataLoader from 'dataloader';
import type { Call, Ticket, VendorSource } from '../contract.ts';

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

export function createTicketLoader(call: Call): TicketLoader {
  const read = new Map<string, Ticket>();
  const loader = new DataLoader<TicketKey, Ticket | undefined, string>(
    async (keys) => {
      const found = await loadAll(keys, call);
      keys.forEach((key, index) => {
        const ticket = found[index];
        if (!ticket || ticket instanceof Error) return;
        read.set(key.id, ticket).set(ticket.id, ticket);
        // A ticket named by its reference is the same ticket by its stable id.
        if (ticket.id !== key.id) loader.prime({ ...key, id: ticket.id, nativeId: ticket.nativeId }, ticket);
      });
      return found;
    },
    { cacheKeyFn: (key) => key.id },
  );
  return {
    load: (key) => loader.load(key),
    peek: (id) => read.get(id),
    clear() {
      read.clear();
      loader.clearAll();
    },
  };
}

async function loadAll(keys: readonly TicketKey[], call: Call): Promise<Found[]> {
  const found = new Map<TicketKey, Found>();
  await Promise.all(
    [...Map.groupBy(keys, (key) => key.source)].map(async ([source, group]) => {
      const tickets = source.findMany ? await findTogether(source, group, call) : await findSingly(source, group, call);
      group.forEach((key, index) => found.set(key, tickets[index]));
    }),
  );
  return keys.map((key) => found.get(key));
}

async function findTogether(source: VendorSource, keys: readonly TicketKey[], call: Call): Promise<readonly Found[]> {
  try {
    return await source.findMany!(
      keys.map((key) => key.nativeId),
      call,
    );
  } catch (error) {
    return keys.map(() => error as Error);
  }
}

function findSingly(source: VendorSource, keys: readonly TicketKey[], call: Call): Promise<readonly Found[]> {
  return Promise.all(keys.map(({ nativeId }) => source.find(nativeId, call).catch((error: unknown) => error as Error)));
}
