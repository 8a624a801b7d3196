/**
 * The types of a simulated vendor.
 *
 * The sandbox is an independent implementation of the vendors' documentation. Nothing below `sandbox/` imports from
 * `datasources/`, or the other way round: if the two interpretations differ, a test fails.
 */

/** A received HTTP request. The body is not parsed. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path without the query, still percent-encoded, e.g. `/api/tickets/ticket1.acme/actions`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The request target as sent: path and query. */
  readonly target: string;
  /** Names in lower case. Repeated headers are joined with `, ` (cookies with `; `). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The vendor's response. */
export interface CannedResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** A change that the vendor made to its data. Tests compare outcomes with these. */
export interface AppliedEffect {
  /** The vendor's own term for the change, e.g. `WorkflowPush 207`, `close`, `setStatus solved`. */
  readonly what: string;
  /** The vendor's own id of the ticket before the change. Empty if there was none. */
  readonly ticket: string;
}

/** Provided by the server that hosts the simulation. */
export interface SimulationTools {
  /** The vendor's clock, in milliseconds since the epoch. */
  now(): number;
  /** Called once for each change, when the vendor makes it. */
  applied(effect: AppliedEffect): void;
}

/**
 * A vendor in memory: its tickets and its rules. One file per vendor in `sandbox/vendors/`; its tickets may be defined
 * in `sandbox/seeds/`.
 */
export interface Simulation {
  /** Folder name of the vendor in `datasources/`, e.g. `requestor`. */
  readonly key: string;
  /** Returns the settings that connect ticketgraph to this simulation at `url`. */
  settings(url: string): Record<string, string>;
  /** Starts the vendor with newly created, seeded tickets. They are the same after each start. */
  start(tools: SimulationTools): SimulatedVendor;
  /**
   * Whether a request leaves all tickets unchanged although its method is not GET, e.g. a sign-in. Omit if there are
   * none.
   */
  readonly isReadOnly?: (arrival: Pick<ReceivedRequest, 'method' | 'path'>) => boolean;
  /** Samples for the test suites that run for every vendor. */
  readonly samples: Samples;
}

/**
 * A ticket of a newly started vendor, and the requests it allows. Every suite that iterates the registry runs for each
 * vendor with its samples. A suite that needs an optional member runs only for the vendors that have it.
 */
export interface Samples {
  /** The vendor's own id of a ticket in ticketgraph's spelling. The global id is `<key>:<ticketId>`. */
  readonly ticketId: string;
  /** Other spellings that identify the same ticket. Omit if there are none. */
  readonly otherSpellings?: readonly [string, ...string[]];
  /** A valid id without a ticket. */
  readonly unknownId: string;
  /** Invalid ids. */
  readonly invalidIds: readonly [string, ...string[]];
  /** An action that `executeAction` can perform on `ticketId` without required inputs. */
  readonly action: string;
  /**
   * An action that the vendor refuses on every ticket, in an answer that does not say whether it was performed. Omit if the
   * vendor's answers always say it.
   */
  readonly refusedAction?: string;
  /** Names of the actions on `ticketId` that discard it. */
  readonly discardingActions: readonly string[];
  /** HTTP status of the vendor's response to an accepted `action`. */
  readonly acceptedStatus: number;
  /** Writes that the vendor accepts, each on its own, immediately after the start. */
  readonly writes: readonly [SampleWrite, ...SampleWrite[]];
  /** Input of an `executeAction` on `ticketId`, with all inputs that the vendor accepts. */
  readonly keyedAction: Readonly<Record<string, unknown>>;
  /** Writes that the vendor rejects permanently. Omit if none is simulated. */
  readonly rejected?: readonly SampleInput[];
  /** At least one input for each mutation that the vendor supports. `text` is used wherever free text is allowed. */
  inputs(text: string): readonly SampleInput[];
  /** Alternative configurations that change what is sent. Omit if there are none. */
  readonly connections?: readonly SampleConnection[];
  /** Body of an error with status 400, with `message` in the documented field. Omit if none is documented. */
  readonly errorBody?: (message: string) => Readonly<Record<string, unknown>>;
  /** Omit if every request carries the configured credentials, without a sign-in. */
  readonly signIn?: SampleSignIn;
  /** Omit if the vendor cannot list tickets. */
  readonly list?: SampleList;
}

/** Input of a GraphQL mutation, with global ids. */
export interface SampleInput {
  readonly mutation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface SampleWrite extends SampleInput {
  /** Name of the write in test titles. */
  readonly title: string;
  /** The vendor's own ids of the tickets that one request changes. */
  readonly ticketIds: readonly string[];
  /** `what` of the effect on each of them. */
  readonly effect: string;
  /** Whether a later read shows that the write was applied. */
  readonly canBeVerified: boolean;
  /** Whether an empty 200 counts as success. */
  readonly acceptsEmpty: boolean;
}

export interface SampleConnection {
  /** Follows "to" in test titles. */
  readonly title: string;
  /** Settings in addition to those of `Simulation.settings`. An empty value unsets one. */
  readonly settings: Readonly<Record<string, string>>;
  /** The write to send with this configuration. */
  readonly write: SampleInput;
}

export interface SampleSignIn {
  /** Name of the setting that holds the sign-in URL. */
  readonly addressSetting: string;
  /**
   * Sign-in responses with a token that is not a valid header value. A string is the complete response, byte for byte.
   */
  readonly unusableTokens: readonly [CannedResponse | string, ...(CannedResponse | string)[]];
}

/** The format of the list, for tests that supply its contents. */
export interface SampleList {
  readonly path: string;
  /** The list's own total immediately after the start. Null if it returns none. */
  readonly total: number | null;
  /** Names of the query parameters for the start and the maximum length of a page. */
  readonly offset: string;
  readonly limit: string;
  /** True if `offset` names the number of a page, from 1, of `limit` tickets. Defaults to false: it counts tickets. */
  readonly isByPage?: boolean;
  /** Returns a ticket as it appears in the list: the n-th newest, created at an ISO 8601 time. */
  entry(n: number, createdAt: string): Readonly<Record<string, unknown>>;
  /** Returns the body of a page. Omits `total` if it is null. */
  page(entries: readonly unknown[], total: number | null): unknown;
}

export interface SimulatedVendor {
  handle(arrival: ReceivedRequest): CannedResponse;
  /** The vendor's own ids of all current tickets, newest first. */
  ticketIds(): readonly string[];
  /** Invalidates all tokens and sessions, as a restart of the vendor would. Omit if sign-in uses no tokens. */
  expireTokens?(): void;
}
