/**
 * What a simulated vendor is. Types only.
 *
 * The sandbox is a second reading of the vendors' pages. Nothing below `sandbox/` imports from
 * `datasources/`, and nothing there imports from here: where the two readings differ, a test fails.
 */

/** One request as it arrived, decoded as far as HTTP goes and no further. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path without the query, percent-encoding untouched, e.g. `/api/tickets/ticket1.acme/actions`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The request target exactly as sent: path and query. */
  readonly target: string;
  /** Names in lower case; a repeated header is joined with `, ` (cookies with `; `). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the vendor answers. */
export interface CannedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** A change that the vendor made to its own data: the truth that outcomes are judged by. */
export interface AppliedEffect {
  /** The vendor's own word for what it did, e.g. `WorkflowPush 207`, `close`, `setStatus solved`. */
  readonly what: string;
  /** The vendor's own id of the ticket it was done to; empty where there was none before. */
  readonly ticket: string;
}

/** What a simulation is given by the server that hosts it. */
export interface SimulationTools {
  /** The vendor's clock, in milliseconds since the epoch. */
  now(): number;
  /** Called once for each change that the vendor really makes, at the moment it makes it. */
  applied(effect: AppliedEffect): void;
}

/** A vendor in memory: its tickets, its rules, its manners. One per file in `sandbox/vendors/`. */
export interface Simulation {
  /** Folder name of the vendor in `datasources/`, e.g. `requestor`. */
  readonly key: string;
  /** Settings with which ticketgraph talks to this simulation when it listens at `url`. */
  settings(url: string): Record<string, string>;
  /** Fresh, seeded data at each call; two vendors made from the same seed hold the same tickets. */
  start(tools: SimulationTools): SimulatedVendor;
  /** Whether a request changes no ticket though it is no GET, as a sign-in does. Absent where there are none such. */
  readonly changesNothing?: (arrival: ReceivedRequest) => boolean;
}

export interface SimulatedVendor {
  handle(arrival: ReceivedRequest): CannedResponse;
  /** The vendor's own ids of all tickets that it holds now, newest first; for tests. */
  ticketIds(): readonly string[];
  /**
   * Ends the life of every token and session given out so far, as a vendor's restart would.
   * Absent where sign-in knows no tokens.
   */
  expireTokens?(): void;
}
