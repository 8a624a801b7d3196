/** What a mutation is given: the client's input and the incoming request that it belongs to. Types only. */
import type { FailureDetails, RequestScope, TicketSource, TicketStatus } from '../contract.ts';
import type { Connected } from '../upstream/connect-source.ts';
import type { EventSink } from '../upstream/events.ts';
import type { KeyStore } from './idempotency/store.ts';
import type { WriteAttempt } from './outcome.ts';

/** The arguments that all mutations share. Each mutation adds its own. */
export interface WriteInput {
  /** Global id. */
  readonly ticketId?: string | null;
  /** Global ids, of a bulk mutation. */
  readonly ticketIds?: readonly string[] | null;
  /** Key of the source, of a mutation that names no ticket. */
  readonly source?: string | null;
  readonly clientMutationId?: string | null;
  readonly dryRun?: boolean | null;
  readonly idempotencyKey?: string | null;
  readonly [argument: string]: unknown;
}

/** What a mutation may use of its incoming request. */
export interface MutationContext {
  /** All known sources, by key. */
  readonly known: ReadonlyMap<string, TicketSource>;
  /** The configured ones, by key. */
  readonly connected: ReadonlyMap<string, Connected>;
  readonly store: KeyStore;
  /** Id of the caller. Idempotency keys of different callers never collide. */
  readonly caller: string;
  readonly call: RequestScope;
  /** Returns why the caller may not run the mutation at this source, or `undefined` if it may. */
  denialFor(mutation: string, sourceKey: string): FailureDetails | undefined;
  /** Returns the status of a ticket that this request has read, or `null` if it has not read it. */
  statusOf(ticketId: string): TicketStatus | null;
  /** Called once for each ticket. Omit to disable auditing. */
  readonly events?: EventSink | undefined;
  /** When writes are sent, and what is called after each. Omit to send them at once. */
  readonly control?: WriteControl | undefined;
  /** Called for unexpected errors, i.e. anything but a `Failure`. */
  reportUnexpected(error: unknown): void;
}

/** How a bulk job controls its writes. Tickets are named by their canonical global ids. */
export interface WriteControl {
  /** Runs a write once its source has a free place. */
  schedule<Value>(sourceKey: string, run: () => Promise<Value>): Promise<Value>;
  /** Awaited before the first byte of each write. If it throws a Failure, nothing is sent for these tickets. */
  beforeSending(ticketIds: readonly string[]): Promise<void>;
  /** Called after each write, with the outcomes in the order of the ids. */
  onPerformed(ticketIds: readonly string[], attempt: WriteAttempt): void;
}
