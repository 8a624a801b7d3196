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
  readonly changesNothing?: (arrival: Pick<ReceivedRequest, 'method' | 'path'>) => boolean;
  /** What the suites that hold for every vendor try this one with. */
  readonly samples: Samples;
}

/**
 * One ticket of a vendor that has just started, and what can be asked of it. A vendor that brings its samples is tried by
 * every suite that iterates the registry. Optional members are for what not every vendor has: a suite that needs one runs
 * for the vendors that bring it.
 */
export interface Samples {
  /** The vendor's own id of a ticket, spelled as ticketgraph spells it: the global id is `<key>:<ticketId>`. */
  readonly ticketId: string;
  /** Other spellings of `ticketId` that name the same ticket. Absent where there is only one spelling. */
  readonly otherSpellings?: readonly [string, ...string[]];
  /** A valid id of a ticket that the vendor does not have. */
  readonly unknownId: string;
  /** Texts that are not valid ids. */
  readonly invalidIds: readonly [string, ...string[]];
  /** An `executeAction` that `ticketId` allows, without a required input. */
  readonly action: string;
  /** Names of the actions of `ticketId` that discard it. */
  readonly discardingActions: readonly string[];
  /** HTTP status with which the vendor accepts `action`. */
  readonly acceptedStatus: number;
  /** Writes that the vendor accepts, each for itself right after the start, and what it then does. */
  readonly writes: readonly [SampleWrite, ...SampleWrite[]];
  /** Input of an `executeAction` that is legal for `ticketId`, with all that the vendor takes of it. */
  readonly keyedAction: Readonly<Record<string, unknown>>;
  /** Writes that the vendor rejects; sending them again would not help. Absent where none is simulated. */
  readonly rejected?: readonly SampleInput[];
  /** At least one input of each mutation that the vendor has. `text` goes wherever free text is allowed. */
  inputs(text: string): readonly SampleInput[];
  /** Connections configured in another way, which changes what is sent. Absent where there is one way. */
  readonly connections?: readonly SampleConnection[];
  /** An error answer of status 400, with `message` in the field documented for it. Absent where none is documented. */
  readonly errorBody?: (message: string) => Readonly<Record<string, unknown>>;
  /** Absent where each request carries the configured credentials and there is no sign-in. */
  readonly signIn?: SampleSignIn;
  /** Absent where the vendor has no list. */
  readonly list?: SampleList;
}

/** The input of a mutation of the GraphQL schema, with global ids. */
export interface SampleInput {
  readonly mutation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface SampleWrite extends SampleInput {
  /** Names the write in the title of a test. */
  readonly title: string;
  /** The vendor's own ids of the tickets that it changes, by one request. */
  readonly ticketIds: readonly string[];
  /** `what` of the effect on each of them. */
  readonly effect: string;
  /** Whether a later read shows that it was carried out. */
  readonly canBeVerified: boolean;
  /** Whether an empty 200 counts as accepted. */
  readonly acceptsEmpty: boolean;
}

export interface SampleConnection {
  /** Follows "to" in the title of a test. */
  readonly title: string;
  /** What is set in addition to `settings`; an empty value takes a setting away. */
  readonly settings: Readonly<Record<string, string>>;
  /** The write to send over it. */
  readonly write: SampleInput;
}

export interface SampleSignIn {
  /** Name of the setting with the address of the sign-in. */
  readonly addressSetting: string;
  /** Answers to a sign-in whose token no header can carry; a string is the whole answer, byte for byte. */
  readonly unusableTokens: readonly [CannedResponse | string, ...(CannedResponse | string)[]];
}

/** The list on the wire, for tests that decide what is in it. */
export interface SampleList {
  readonly path: string;
  /** How many tickets the list holds right after the start, as it says itself; null where it does not say. */
  readonly total: number | null;
  /** Names of the query parameters that say where the page begins and how long it may be. */
  readonly offset: string;
  readonly limit: string;
  /** A ticket as the list shows it: the n-th newest, created at an ISO 8601 time. */
  entry(n: number, createdAt: string): Readonly<Record<string, unknown>>;
  /** The body of a page; `total` is left out if null. */
  page(entries: readonly unknown[], total: number | null): unknown;
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
