/**
 * What a vendor implements to be one of the ticket systems behind ticketgraph. Types only; imports nothing. Its length is
 * documentation: the author of a vendor needs no other page.
 *
 * A vendor is a folder that exports one value of type `Vendor`. Four ideas carry everything:
 *
 * 1. **A read is a function.** `find`, `list` and `actions` call upstream and return our types.
 * 2. **A write is a value.** A vendor plans a write and never sends it: the exact request, how to interpret the answer, and
 *    how a later read can verify a write whose answer never came, or does not say whether it was applied. `writes/` sends
 *    it, once. That is why a dry run shows byte for byte what would be sent, why no vendor can break at-most-once, and why
 *    APPLIED, NOT_APPLIED and UNKNOWN mean the same for every vendor.
 * 3. **Authentication is a value.** It is what a credential adds to a request, or placeholders in a dry run.
 * 4. **Unsupported is an answer.** A vendor omits what it does not offer, and clients get a typed problem.
 *
 * Terms: a *native id* is the vendor's own id, verbatim (`TS-123456`). A *global id* is what clients see
 * (`acme:TS-123456`), and starts with the key of the ticket's source. Times are ISO 8601 text in UTC. An upstream integer that may exceed 53 bits is text.
 */

// ---------------------------------------------------------------- sources

/**
 * One installation of a vendor. Most companies have one of each, the vendor's default source; each further one is a source
 * of its own, with its own settings, connections and ids.
 */
export interface TicketSource {
  /**
   * Prefix of its ids, and its name in logs, metrics and scopes: `acme` for the default source, `acme@emea` for another.
   */
  readonly key: string;
  /** The name that people see. */
  readonly name: string;
  readonly vendor: Vendor;
}

// ---------------------------------------------------------------- tickets

/** The status of a ticket in terms that all vendors share. */
export type StatusCategory = 'NEW' | 'OPEN' | 'PENDING' | 'ON_HOLD' | 'SOLVED' | 'CLOSED' | 'CANCELLED';

export interface TicketStatus {
  /** `null` if the vendor's status is unknown to us; never an error. */
  readonly category: StatusCategory | null;
  /** The vendor's own name or number, as text. */
  readonly raw: string;
}

/**
 * The fields that every ticket has. A vendor's ticket adds the fields of its SDL type.
 *
 * It may be a lazy record, whose fields are computed when they are read (`vendor-kit/lazy.ts`).
 */
export interface Ticket {
  /** The GraphQL type, e.g. `AcmeTicket`. */
  readonly __typename: string;
  /** Global id: `<source key>:<native id>`. */
  readonly id: string;
  /** `Vendor` enum value: the vendor's key in capitals. */
  readonly vendor: string;
  readonly nativeId: string;
  /** The number or name that people use, e.g. `INC-000047`. Defaults to the native id. */
  readonly reference: string;
  readonly title: string | null;
  readonly status: TicketStatus;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

/** Something that may be done with a ticket now. */
export interface TicketAction {
  readonly __typename: string;
  /** The `action` argument of `executeAction`. */
  readonly name: string;
  /** The text of a button. */
  readonly label: string;
  /** The most specific mutation for it. `executeAction` always works as well. */
  readonly mutation: string;
  /** Another mutation with the same effect, whose OAuth scope the caller needs as well. Omit if there is none. */
  readonly equivalentMutation?: string;
  /** A function if the options cost an upstream call, which is made only if a client selects them. */
  readonly inputs: readonly ActionInput[] | (() => Promise<readonly ActionInput[]>);
  /** `null` if it is unknown. */
  readonly resultingCategory: StatusCategory | null;
  /** Whether it discards the ticket or work on it, so that clients ask for confirmation. Defaults to false. */
  readonly destructive?: boolean;
}

export type ActionInputType = 'STRING' | 'INTEGER' | 'BOOLEAN' | 'ID' | 'LIST' | 'OBJECT';

/** One input of an action. Clients build forms from it; `vendor-kit/action-input.ts` validates values against it. */
export interface ActionInput {
  readonly name: string;
  readonly type: ActionInputType;
  readonly required: boolean;
  /** The permitted values. `null` or omitted: any value. */
  readonly options?: readonly { readonly value: string; readonly label: string }[] | null;
  /** Inclusive lower bound of an INTEGER. */
  readonly minimum?: number;
  /** Inclusive upper bound of an INTEGER. */
  readonly maximum?: number;
  /** Of a STRING or ID, in characters. */
  readonly maximumLength?: number;
  /** What a STRING or ID must match. */
  readonly pattern?: RegExp;
  /** `pattern` in words, for error messages. */
  readonly patternHint?: string;
  /** Smallest number of entries of a LIST. */
  readonly minimumItems?: number;
  /** The entries of a LIST: objects with these fields, or plain values. */
  readonly items?: readonly ActionInput[] | Omit<ActionInput, 'name' | 'required'>;
}

// ---------------------------------------------------------------- the incoming request

/** The part of `AbortSignal` that is used here. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * The incoming request that an upstream call belongs to. Every function that calls upstream takes one as `call` and
 * passes it on unchanged.
 */
export interface RequestScope {
  /** Aborted when the client disconnects or the deadline passes. Reads are aborted then; a write that was sent is not. */
  readonly signal: AbortSignalLike;
  /** Deadline of the incoming request, in milliseconds of `performance.now()`. */
  readonly deadlineAt: number;
  /** The same object for all calls of one incoming request: the key of per-request memoization. */
  readonly requestKey: object;
  /** The caller whose share of the concurrency limit is used. `undefined` without authentication, or for shared calls. */
  readonly caller?: string | undefined;
  /** The caller's own credentials: the headers, in lower case, that a vendor's `forwards` names. */
  readonly callerCredentials?: ReadonlyMap<string, string>;
  /** The upstream calls that the incoming request may still make. Omit for no limit. */
  readonly budget?: CallBudget | undefined;
  /**
   * The caller's preferences, such as a language: the headers, in lower case, that a vendor's `prefers` names. Coalescing
   * and the read cache compare requests only, so a request that depends on a preference must contain it.
   */
  readonly preferences?: ReadonlyMap<string, string>;
}

/** Counts the upstream calls of one incoming request. Sign-ins, retries and coalesced reads are not counted. */
export interface CallBudget {
  /** Takes that many calls. @throws Failure `too-costly` if fewer are left; then none is taken. */
  take(calls: number): void;
}

// ---------------------------------------------------------------- upstream requests

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request to a vendor, before or after authentication. A plain value: creating it sends nothing. */
export interface UpstreamRequest {
  readonly method: Method;
  /**
   * Relative to the vendor's base URL: starts with a slash, or is empty if the base URL is the whole address. Segments are
   * percent-encoded already; build it with `vendor-kit/path.ts`, which also rejects segments such as `..`.
   */
  readonly path: string;
  /** In the order in which they are sent, not encoded. */
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Names in the case in which they are sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Names of `headers` whose values are redacted wherever they are shown. What authentication adds always is. */
  readonly secrets?: readonly string[];
}

/** A vendor's response. */
export interface UpstreamAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The body, decompressed and decoded, at most `MAX_UPSTREAM_BYTES` long. */
  readonly text: string;
}

/** Sends reads and sign-ins. Vendors do not send writes; see `Write`. */
export interface Upstream {
  /**
   * Sends a read and returns an answer with a status below 300.
   *
   * Retries at most twice within the deadline. Identical reads in flight share one call.
   *
   * @throws Failure if the status is 300 or more (redirects are not followed; from 400 the vendor's `toFailure` describes
   * it), on a timeout, a broken connection or an oversized body, if the circuit breaker is open or the queue is full.
   */
  read(request: UpstreamRequest, call: RequestScope): Promise<UpstreamAnswer>;
}

// ---------------------------------------------------------------- failures

/** Why something failed. `resolvers/problems.ts` maps it to the `ProblemCode` that clients see. */
export type FailureKind =
  | 'invalid-input'
  | 'not-found'
  | 'illegal-action'
  | 'unsupported'
  | 'not-configured'
  | 'rejected'
  | 'unauthenticated'
  | 'forbidden'
  | 'rate-limited'
  | 'unavailable'
  | 'timeout'
  | 'protocol'
  | 'overloaded'
  | 'outcome-unknown'
  /** The caller of this endpoint lacks the OAuth scope for it. */
  | 'not-granted'
  /** The incoming request has used up its budget of upstream calls. */
  | 'too-costly'
  | 'key-reused'
  | 'key-in-flight'
  | 'key-store-unavailable';

/** A failure as a value. Holds only what a client may see. */
export interface FailureDetails {
  readonly kind: FailureKind;
  /** `<what failed>: <reason>. <Next step>.` */
  readonly message?: string;
  /** Path of the invalid input, e.g. `['inputs', 'groupId']`. */
  readonly field?: readonly string[];
  readonly retryAfterSeconds?: number;
  /** The status of the vendor's answer. */
  readonly upstreamStatus?: number;
  /** The vendor's own error code. */
  readonly upstreamCode?: string;
  /** From a documented message field only. Markup is stripped and the text capped at 500 characters. */
  readonly upstreamMessage?: string;
}

/** Maps an answer with a status of 400 or more to a failure. */
export type ErrorMapper = (answer: UpstreamAnswer) => FailureDetails;

// ---------------------------------------------------------------- authentication

/**
 * What a credential adds to a request. All values are secret: they are never shown, and redacted in answers that repeat
 * them. Return the same object for the same credential, so that what is derived from it is computed once.
 */
export interface AuthHeaders {
  /** Names in the case in which they are sent. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Appended to the query. */
  readonly query?: readonly (readonly [name: string, value: string])[];
}

/** Authenticates the requests of one connection. */
export interface Authenticator {
  /** Returns what to add to a request. Signs in first if there is no valid credential. */
  authorize(call: RequestScope): AuthHeaders | Promise<AuthHeaders>;
  /** What a dry run shows: the same with `REDACTED` for each value. */
  readonly preview: AuthHeaders;
  /**
   * Called after a 401. Returns true if `authorize` now yields another credential, so that one replay is worthwhile.
   * Omit if there is nothing to renew.
   */
  invalidate?(used: AuthHeaders): boolean;
  /** Called with each answer; adopts a credential that it sets. Omit if the vendor never sets one in an answer. */
  adopt?(used: AuthHeaders, answer: UpstreamAnswer): void;
  /**
   * Returns how the credential has been replaced since: by a sign-in, or by one that an answer set. Returns `undefined` if
   * it is the current one.
   */
  replacedBy?(used: AuthHeaders): 'obtained' | 'adopted' | undefined;
  /**
   * Returns a key for the caller's own credentials. Only reads with the same key are coalesced or answered from the
   * cache. Omit if all calls use the service's credentials.
   */
  callerKey?(call: RequestScope): string;
}

// ---------------------------------------------------------------- writes

/**
 * Turns the input of a mutation into writes. Pure: no upstream call, no clock.
 *
 * @param input the GraphQL input object of the mutation.
 * @param nativeIds the tickets of this vendor in the input, without duplicates, in input order. Each matches the
 * vendor's pattern. Empty for a creation.
 * @param call only to look up what this incoming request has already read.
 * @returns plans that together contain each native id exactly once.
 */
export type Planner<Input = never> = (
  input: Input,
  nativeIds: readonly string[],
  call: RequestScope,
) => readonly (Write | RejectedPlan)[];

/** One planned write. */
export interface Write {
  /** Native ids of the tickets that it changes, as the planner was given them. Empty for a creation. */
  readonly targets: readonly string[];
  readonly request: UpstreamRequest;
  /** The mutation that it is equal to, if not the one called. The caller needs the OAuth scope of that one as well. */
  readonly equivalentMutation?: string;
  /**
   * Interprets an answer with a status below 400. Of the others, 4xx is a rejection and 5xx inconclusive. If it throws,
   * the result is inconclusive.
   */
  readonly interpret: (answer: UpstreamAnswer) => WriteResult;
  /**
   * Called after an inconclusive result: reads whether the ticket is in the state that the write leads to. Returns what an
   * accepted answer would have said, or `undefined` if it is not. Omit if the write leads to no state of its own.
   *
   * After an inconclusive result, `undefined` proves nothing: the write may still be in progress. After `answered` it
   * proves that the write was not applied. Throw a Failure if the read cannot tell.
   */
  readonly verify?: (nativeId: string, call: RequestScope) => Promise<AppliedWrite | undefined>;
  /**
   * Called once before the request is sent, and never in a dry run: reads what the ticket is before the write, for
   * vendors whose answers do not say whether a write was applied. If it throws a Failure, nothing is sent and that is
   * the reason. Only for writes with one target.
   */
  readonly prepare?: (call: RequestScope) => Promise<PreparedWrite>;
  /**
   * Called after an accepted answer, if the vendor may have left out a part without a word: reads the ticket, and returns
   * a notice that names what is missing. A read that fails gives none. Omit if an accepted write is always whole.
   */
  readonly inspect?: (nativeId: string, call: RequestScope) => Promise<FailureDetails | undefined>;
  /**
   * A second request that belongs to the write, e.g. the comment on a transition. Sent only after the write was applied.
   * Its failure does not change the outcome: it is reported beside it. Only for writes with one target.
   */
  readonly followUp?: FollowUp;
  /** Reported if it was applied, e.g. that the vendor has no place for the comment. */
  readonly notice?: FailureDetails;
  /**
   * True for a part of a bulk that is too large for one request. Parts are sent one by one, and none after an unknown
   * outcome. All other writes of a mutation are sent concurrently. Defaults to false.
   */
  readonly isChunk?: boolean;
  /**
   * Set if the vendor also answers 404 for other reasons: a read then confirms that the ticket is missing. The kind of the
   * failure if the ticket exists.
   */
  readonly kindIfTicketExists?: FailureKind;
  /**
   * Statuses besides 404 with which the vendor may report a missing ticket, e.g. 400. Used with `kindIfTicketExists`.
   * Defaults to none.
   */
  readonly missingStatuses?: readonly number[];
}

/** What `prepare` has read. Replaces the members of the write that it contains. */
export interface PreparedWrite {
  /**
   * The same request with headers that depend on the read, e.g. `If-Match`. In the planned request, and so in a dry run,
   * these have the value `PREPARED` of `vendor-kit/request.ts`.
   */
  readonly request?: UpstreamRequest;
  readonly verify?: Write['verify'];
}

/** A request that is sent after a write was applied. */
export interface FollowUp {
  /** What it adds, for messages, e.g. `the comment`. */
  readonly what: string;
  readonly request: UpstreamRequest;
  /** As in `Write`, but nothing is verified: `answered` counts as inconclusive. */
  readonly interpret: (answer: UpstreamAnswer) => WriteResult;
}

/** How the vendor's answer to a write is interpreted. */
export type WriteResult =
  | ({ readonly kind: 'accepted' } & AppliedWrite)
  | { readonly kind: 'rejected'; readonly failure: FailureDetails }
  /**
   * A documented answer that does not say whether the write was applied, e.g. a sentence in the language of the account.
   * It has arrived, so the write is no longer in progress: `verify` decides. Without `verify`, the outcome is unknown.
   */
  | { readonly kind: 'answered'; readonly upstreamMessage?: string }
  /** Not a documented answer. `why` is one clause without a full stop, e.g. `the body is HTML`. */
  | { readonly kind: 'inconclusive'; readonly why: string };

/** What is known of an applied write, from its answer or from `verify`. */
export interface AppliedWrite {
  /** Omit if all that is known is that it was applied. */
  readonly transition?: TransitionDetails;
  /** Native id under which the ticket is found from now on. Defaults to the one that the write names. */
  readonly nativeId?: string;
}

/** What a write did to a ticket: a member of the `Transition` union, without the fields that every vendor shares. */
export interface TransitionDetails {
  /** The GraphQL type, e.g. `ActionTransition`. */
  readonly __typename: string;
  readonly action: string;
  /** The new status; `null` if it is unknown. */
  readonly to: TicketStatus | null;
  /** Fields of that type only, e.g. `state`. */
  readonly [field: string]: unknown;
}

/** Targets that a local rule rejects before anything is sent. */
export interface RejectedPlan {
  readonly targets: readonly string[];
  readonly failure: FailureDetails;
}

// ---------------------------------------------------------------- lists

export interface ListFilter {
  readonly categories?: readonly StatusCategory[];
  readonly search?: string;
  /** Name of a view that is stored at the vendor. */
  readonly view?: string;
  /** True to include archived tickets. Defaults to false. */
  readonly archived?: boolean;
  /** The vendor's id of a group of accounts whose tickets are listed. Empty text for the service account alone. */
  readonly group?: string;
}

/**
 * The parts of a filter that only a vendor can apply, because a ticket does not show whether it matches. Vendors whose
 * `filters` do not name them are not asked.
 */
export type OwnFilter = 'view' | 'archived' | 'group';

export interface PageRequest {
  /** Number of rows to skip, from the newest. */
  readonly offset: number;
  /** Number of rows, at most the source's `pageLimit`. 0 requests the count only; rows are then ignored. */
  readonly limit: number;
  readonly filter: ListFilter;
}

export interface Page {
  /** The readable tickets in the vendor's order, newest first. */
  readonly tickets: readonly Ticket[];
  /** Number of rows in the answer, including unreadable ones: the vendor's offsets count rows. */
  readonly rowCount: number;
  /** The row index of each ticket. Omit if every row is a ticket. */
  readonly rowIndexes?: readonly number[] | undefined;
  /** Number of tickets that match the applied parts of the filter; `null` if the vendor gives no count. */
  readonly totalCount: number | null;
  /** The parts of the filter that the vendor did not apply. `reads/` applies them. */
  readonly unapplied: readonly (keyof ListFilter)[];
  /** True if there are certainly no more rows, e.g. because no ticket of the vendor can match. Defaults to false. */
  readonly isWhole?: boolean;
}

// ---------------------------------------------------------------- the vendor

/** The vendor as a value: what is known of it before it is connected. */
export interface Vendor<Shape extends SettingsShape = SettingsShape> {
  /** Folder name, and key of the default source, e.g. `acme`. In capitals, the `Vendor` enum value. */
  readonly key: string;
  /** The name that people see. */
  readonly name: string;
  readonly nativeId: NativeIds<Shape>;
  /** Whether a text may be a reference of this vendor. Returns false for all if references cannot be looked up. */
  isReference(text: string): boolean;
  /** Largest number of upstream calls that finding one ticket by its id takes. Defaults to 1. */
  readonly findCalls?: number;
  /** Whether it can list its tickets. */
  readonly lists: boolean;
  /** The parts of a filter that its list will not apply, as far as known before a call. Omit to let the first page say. */
  unapplied?(filter: ListFilter): readonly (keyof ListFilter)[];
  /**
   * Returns what a mutation does, in a few words for the audit log, e.g. `complete`; `undefined` if its name and its
   * arguments `action`, `status` and `priority` say it all. Pure; also called for input that is rejected later. Only names
   * and ids: never a secret, nor text that a person wrote.
   */
  describe?(mutation: string, input: Readonly<Record<string, unknown>>): string | undefined;
  /** The `OwnFilter`s that its list can apply. Defaults to none. */
  readonly filters?: readonly OwnFilter[];
  /** The mutations that it supports. */
  readonly mutations: readonly string[];
  /**
   * Its own environment variables, without the vendor's prefix: `USERNAME` is read from `ACME_USERNAME`. Every vendor also
   * has the settings of `upstream/connection-settings.ts`, such as `URL`, which enables it; these are not listed.
   */
  readonly settings: Shape;
  /** Checks variables against each other. Returns the invalid ones, each with what is expected. */
  check?(settings: SettingsOf<Shape>): readonly (readonly [variable: string, expected: string])[];
  /** Returns the headers of incoming requests, in lower case, that carry the caller's own credentials for this vendor. */
  forwards?(settings: SettingsOf<Shape>): readonly string[];
  /** Returns the headers of incoming requests, in lower case, that state preferences and are not credentials. */
  prefers?(settings: SettingsOf<Shape>): readonly string[];
  /**
   * Creates the source. Makes no upstream call.
   *
   * Called again if a secret changes while the source is in use: with the other settings as they were, and with tools that
   * return the existing connections in their order.
   */
  connect(settings: SettingsOf<Shape>, tools: VendorTools): Datasource;
}

/** Which native ids can exist. Others are rejected before any upstream call. */
export interface NativeIds<Shape extends SettingsShape = SettingsShape> {
  readonly pattern: RegExp;
  /** In characters; checked before the pattern. */
  readonly maximumLength: number;
  readonly example: string;
  /**
   * Returns the one spelling of an id that can be spelled in several ways, e.g. a UUID in lower case. Pure. Called once for
   * each id that matches `pattern`, before anything else uses it; the result must match as well. Change an id only if the
   * vendor's documentation, or a standard that it names, says that both spellings are the same ticket. Omit if ids have
   * one spelling.
   */
  canonical?(nativeId: string, settings: SettingsOf<Shape>): string;
  /**
   * Whether an id never changes, e.g. a number beside references that do. A ticket that was named by another id gets its
   * permanent one as soon as an answer contains it. Pure. Omit if there is one kind of id.
   */
  isPermanent?(nativeId: string): boolean;
}

/** A connected vendor. `find`, `actions` and `writes` are required. */
export interface Datasource {
  /** Returns the ticket, or `undefined` if the vendor has none with this id. @throws Failure */
  find(nativeId: string, call: RequestScope): Promise<Ticket | undefined>;
  /** Returns what may be done with the ticket now. @throws Failure */
  actions(ticket: Ticket, call: RequestScope): readonly TicketAction[] | Promise<readonly TicketAction[]>;
  /** One planner for each of the vendor's `mutations`. */
  readonly writes: Readonly<Record<string, Planner>>;
  /**
   * Returns several tickets with fewer upstream calls, in the order of the ids; `undefined` for each that the vendor does not
   * have, an Error for each that alone failed. Omit to have `find` called for each. @throws Failure
   */
  findMany?(nativeIds: readonly string[], call: RequestScope): Promise<readonly (Ticket | Error | undefined)[]>;
  /**
   * Returns the ticket with this reference, or `undefined` if the vendor has none. Called only if the vendor's
   * `isReference` accepts it. @throws Failure
   */
  findByReference?(reference: string, call: RequestScope): Promise<Ticket | undefined>;
  /** Returns one page of the vendor's tickets. Omit if it cannot list them. @throws Failure */
  list?(page: PageRequest, call: RequestScope): Promise<Page>;
  /** Largest `limit` of one `list` call, in rows. Defaults to 100. */
  readonly pageLimit?: number;
}

/** Everything that a vendor may use besides its own folder and `vendor-kit/`. */
export interface VendorTools {
  /** The key of the source that is connected: what its global ids start with. */
  readonly sourceKey: string;
  /** Creates a connection to one base URL, with its own pool, queue, circuit breaker and retry budget. */
  connect(options: UpstreamOptions): Upstream;
  /** Largest response body, in bytes after decompression. Omit for no limit. */
  readonly maximumBytes?: number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Logs a warning for the operator. The same message is logged once. */
  readonly warn?: (message: string) => void;
}

export interface UpstreamOptions {
  /** Base URL; a path prefix is kept. */
  readonly url: string;
  readonly toFailure: ErrorMapper;
  /**
   * Omit for calls without authentication, such as a sign-in. Exactly one connection of a vendor has one: the writes go
   * through it.
   */
  readonly signIn?: Authenticator;
}

// ---------------------------------------------------------------- settings

/** How one environment variable is read. */
export interface Setting<Value> {
  /**
   * Returns the value, or `undefined` if the text is invalid.
   *
   * @param text the variable; `undefined` if it is not set.
   * @param environment all variables.
   */
  read(text: string | undefined, environment: Environment): { readonly value: Value } | undefined;
  /** What a valid value looks like, e.g. `an http or https address`. Never contains the value. */
  readonly expected: string;
  /**
   * Whether the value is a secret. It may then be in a file, which the variable `<NAME>_FILE` names. Defaults to false.
   */
  readonly isSecret?: boolean;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type SettingsShape = Readonly<Record<string, Setting<unknown>>>;

/** The values of settings, by their names in the shape. */
export type ValuesOf<Shape extends SettingsShape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends Setting<infer Value> ? Value : never;
};

/** The values of a vendor's settings, with the base URL that every vendor has. */
export type SettingsOf<Shape extends SettingsShape> = { readonly URL: string } & ValuesOf<Shape>;
