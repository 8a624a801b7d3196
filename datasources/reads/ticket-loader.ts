/**
 * Tickets by global id, each read once per request: a call per ticket, or, for a vendor with `findMany`, one for all tickets
 * that are requested at the same time. Failures are per ticket.
 */
import DataLoader from 'dataloader';
import type { RequestScope, Ticket, Datasource } from '../contract.ts';
import { asError } from '../vendor-kit/failure.ts';

export interface TicketKey {
  /** The global id, in the vendor's one spelling of it. */
  readonly id: string;
  readonly nativeId: string;
  readonly datasource: Datasource;
}

export interface TicketLoader {
  /** Returns the ticket, or `undefined` if the vendor has none. @throws Failure, located by the ticket's id. */
  load(key: TicketKey): Promise<Ticket | undefined>;
  /** Returns the ticket if this request has read it already. */
  peek(id: string): Ticket | undefined;
  /** Forgets everything. Called after a write. */
  clear(): void;
}

/** A ticket that has been requested. */
interface Entry {
  readonly result: Promise<Ticket | undefined>;
  /** Set when it is there. */
  ticket?: Ticket;
}

/** @param locate adds to an error the ticket that it concerns, by its global id */
export function createTicketLoader(call: RequestScope, locate: (error: unknown, id: string) => Error): TicketLoader {
  return new PerRequestLoader(call, locate);
}

class PerRequestLoader implements TicketLoader {
  readonly #call: RequestScope;
  readonly #locate: (error: unknown, id: string) => Error;
  /** By global id. */
  readonly #entries = new Map<string, Entry>();
  /** For vendors with `findMany` alone, since it waits for further keys (docs/performance.md#reads-without-batches). */
  #batches: DataLoader<TicketKey, Ticket | undefined> | undefined;

  constructor(call: RequestScope, locate: (error: unknown, id: string) => Error) {
    this.#call = call;
    this.#locate = locate;
  }

  load(key: TicketKey): Promise<Ticket | undefined> {
    const known = this.#entries.get(key.id);
    if (known) return known.result;
    const entry: Entry = {
      result: this.#read(key).then(
        (ticket) => this.#remember(key, ticket, entry),
        (error: unknown) => {
          throw this.#locate(error, key.id);
        },
      ),
    };
    this.#entries.set(key.id, entry);
    return entry.result;
  }

  peek(id: string): Ticket | undefined {
    return this.#entries.get(id)?.ticket;
  }

  clear(): void {
    this.#entries.clear();
  }

  #read(key: TicketKey): Promise<Ticket | undefined> {
    const { datasource, nativeId } = key;
    if (!datasource.findMany) return datasource.find(nativeId, this.#call);
    this.#batches ??= new DataLoader((keys) => loadBatch(keys, this.#call), { cache: false });
    return this.#batches.load(key);
  }

  #remember(key: TicketKey, ticket: Ticket | undefined, entry: Entry): Ticket | undefined {
    if (!ticket) return undefined;
    entry.ticket = ticket;
    // Requested by its reference: the same ticket by its stable id needs no call.
    const isOther = ticket.nativeId !== key.nativeId;
    if (isOther && this.#entries.get(key.id) === entry && !this.peek(ticket.id)) this.#entries.set(ticket.id, entry);
    return ticket;
  }
}

/** What DataLoader expects for each key. */
type Result = Ticket | undefined | Error;

/** One call per source. Returns one result per key, in their order. */
async function loadBatch(keys: readonly TicketKey[], call: RequestScope): Promise<Result[]> {
  const groups = Map.groupBy(keys, ({ datasource }) => datasource);
  const found = new Map<TicketKey, Result>();
  await Promise.all(
    [...groups].map(async ([datasource, group]) => {
      const results = await findGroup(datasource, group, call);
      group.forEach((key, index) => found.set(key, results[index]));
    }),
  );
  return keys.map((key) => found.get(key));
}

/** All keys of one source in one call, in their order. A failure is that of each of them. */
async function findGroup(
  datasource: Datasource,
  keys: readonly TicketKey[],
  call: RequestScope,
): Promise<readonly Result[]> {
  try {
    const ids = keys.map(({ nativeId }) => nativeId);
    return await datasource.findMany!(ids, call);
  } catch (error) {
    return keys.map(() => asError(error));
  }
}
