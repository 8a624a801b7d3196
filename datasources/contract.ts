/**
 * What a vendor must offer to be one of the ticket systems behind ticketgraph. Types only; imports nothing.
 *
 * A vendor is a folder that exports one value of type `Vendor`. Four ideas carry everything:
 *
 * 1. **A read is a function.** `find`, `list` and `actions` call upstream and return our shapes.
 * 2. **A write is a value.** A vendor never sends a write. It plans one: the exact request, how to read the
 *    vendor's answer, and how a later read could settle an answer that never came. The kernel sends it, once.
 *    That is why a dry run can show byte for byte what would be sent, why no vendor can get at-most-once wrong,
 *    and why "applied, not applied, unknown" means the same for all of them.
 * 3. **Sign-in is a value too.** It says what a credential adds to a request, or placeholders where nothing may be sent.
 * 4. **Unsupported is an answer.** What a vendor does not offer is left out, and the caller is told so, typed.
 *
 * Words: a *native id* is the vendor's own id, verbatim (`TS-123456`); a *global id* is what clients see
 * (`huawei:TS-123456`). Times are ISO 8601 text in UTC. Where an upstream integer may exceed 53 bits, it is text.
 */

// ---------------------------------------------------------------- tickets

/** Where a ticket stands, in words that all vendors share. */
export type StatusCategory = 'NEW' | 'OPEN' | 'PENDING' | 'ON_HOLD' | 'SOLVED' | 'CLOSED' | 'CANCELLED';

export interface TicketStatus {
  /** Null where the vendor's word is not known to us; never an error. */
  readonly category: StatusCategory | null;
  /** The vendor's own word or number, as text. */
  readonly raw: string;
}

/**
 * What every ticket has. A vendor's ticket adds the fields that its SDL type promises. It may be a lazy record
 * (`vendor-kit/lazy.ts`), whose fields are computed when they are read.
 */
export interface Ticket {
  /** The GraphQL type, e.g. `AcmeTicket`; a union is told apart by it. */
  readonly __typename: string;
  /** Global id: `<vendor key>:<native id>`. */
  readonly id: string;
  /** The `Vendor` enum value: the vendor's key in capitals. */
  readonly vendor: string;
  readonly nativeId: string;
  /** What people call it, e.g. `INC-000047`; the native id where there is no other name. */
  readonly reference: string;
  readonly title: string | null;
  readonly status: TicketStatus;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
}

export type ActionInputType = 'STRING' | 'INTEGER' | 'BOOLEAN' | 'ID' | 'LIST' | 'OBJECT';

/** One value that an action takes. Clients make forms from it, and the kernel checks what comes back by it. */
export interface ActionInput {
  readonly name: string;
  readonly type: ActionInputType;
  readonly required: boolean;
  /** The values to choose from; null where any will do. */
  readonly options?: readonly { readonly value: string; readonly label: string }[] | null;
  /** Bounds of an INTEGER, both included. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Bound of a STRING or ID, in characters. */
  readonly maximumLength?: number;
  /** What an ID or STRING must match; `patternHint` says it in words. */
  readonly pattern?: RegExp;
  readonly patternHint?: string;
  /** Fewest entries of a LIST. */
  readonly minimumItems?: number;
  /** What each entry of a LIST is: an object with these fields, or one bare value. */
  readonly items?: readonly ActionInput[] | Omit<ActionInput, 'name' | 'required'>;
}

/** Something that may be done with a ticket now. */
export interface TicketAction {
  readonly __typename: string;
  /** What `executeAction` takes as `action`. */
  readonly name: string;
  /** What a button says. */
  readonly label: string;
  /** The mutation that is made for it; `executeAction` always works as well. */
  readonly mutation: string;
  /** Another mutation that it amounts to: the caller needs the scope of that one as well. */
  readonly equivalentMutation?: string;
  /** A function where knowing the options costs a call, made only when a client selects them. */
  readonly inputs: readonly ActionInput[] | (() => Promise<readonly ActionInput[]>);
  readonly resultingCategory: StatusCategory | null;
  /** True if it discards the ticket or its work. Clients confirm it before they send it. Defaults to false. */
  readonly destructive?: boolean;
}

// ---------------------------------------------------------------- one call

/** What ends a call; an `AbortSignal` is one. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/**
 * What every upstream call belongs to: one incoming request.
 *
 * `signal` is aborted when the caller has gone or its time is up. Reads stop then; a write that was sent does not.
 */
export interface RequestScope {
  readonly signal: AbortSignalLike;
  /** When the incoming request's time is up, in milliseconds of `performance.now()`. */
  readonly deadlineAt: number;
  /** The same object for all calls of one incoming request: a key for what is remembered that long. */
  readonly requestKey: object;
  /** Whose share of a source's places it takes. `undefined` if callers do not sign in, or if it belongs to no caller. */
  readonly caller?: string | undefined;
  /** The caller's own credentials: those headers, in lower case, that a vendor's settings name. No other travels on. */
  readonly callerCredentials?: ReadonlyMap<string, string>;
  /** What the incoming request may still ask of vendors. Omit for no limit. */
  readonly budget?: CallBudget | undefined;
  /**
   * What the caller prefers, such as a language: those headers, in lower case, that a vendor's settings name. Unlike
   * credentials they do not tell callers apart; a request that follows from them must differ by them.
   */
  readonly preferences?: ReadonlyMap<string, string>;
}

/** Counts the calls that one incoming request makes to vendors. Sign-ins, retries and shared reads are not counted. */
export interface CallBudget {
  /** Takes that many calls. @throws Failure `too-costly` if there are not as many left; then none is taken. */
  take(calls: number): void;
}

// ---------------------------------------------------------------- requests as values

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One request to a vendor, before or after sign-in. Nothing in it is sent by making it. */
export interface UpstreamRequest {
  readonly method: Method;
  /**
   * Below the vendor's base address: starts with a slash, or is empty where the base address is already the whole
   * address. Each segment is already percent-encoded (`vendor-kit/path.ts` makes them so and refuses what could climb out of
   * its segment).
   */
  readonly path: string;
  /** In the order in which they are sent; encoded by the kernel. */
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Names as they are to be sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Names of its headers whose values must never be shown. What a sign-in adds is secret without being named here. */
  readonly secrets?: readonly string[];
}

/** What came back. The body is decoded text, at most `MAX_UPSTREAM_BYTES` long; headers in lower case. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** Sends reads, and what sign-in needs. Writes are not sent by vendors; see `Write`. */
export interface Upstream {
  /**
   * The answer of a read that the vendor did not refuse.
   *
   * Retried at most twice, shared with identical reads in flight, within the call's deadline.
   * @throws Failure for a status of 400 and more (described by the vendor's dialect), any redirect, a timeout,
   * a broken connection, an oversized body, an open breaker or a full queue.
   */
  read(request: UpstreamRequest, call: RequestScope): Promise<UpstreamAnswer>;
}

// ---------------------------------------------------------------- failures

/**
 * Why something did not succeed, in our words. The client sees the `ProblemCode` that
 * `resolvers/problems.ts` makes of it.
 */
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
  /** The caller of this endpoint has not the scope for it. */
  | 'not-granted'
  /** The incoming request has made as many calls to vendors as one may. */
  | 'too-costly'
  | 'key-reused'
  | 'key-in-flight'
  | 'key-store-unavailable';

/** What a failure says besides its kind. Only what may be shown to a client goes in here. */
export interface FailureDetails {
  readonly kind: FailureKind;
  /** One sentence: what, where, what to do. */
  readonly message?: string;
  /** Path of the input at fault, e.g. `['inputs', 'groupId']`. */
  readonly field?: readonly string[];
  readonly retryAfterSeconds?: number;
  readonly upstreamStatus?: number;
  /** The vendor's own error code. */
  readonly upstreamCode?: string;
  /** From a documented message field only; the kernel strips markup and caps it at 500 characters. */
  readonly upstreamMessage?: string;
}

/** What a vendor's error dialect makes of a refusing answer (status 400 and more). */
export type ErrorMapper = (answer: UpstreamAnswer) => FailureDetails;

// ---------------------------------------------------------------- sign-in

/**
 * What a credential adds to any request. Every value in it is secret: it is shown to nobody, and taken out of answers that
 * repeat it. The same object as long as the credential is the same, so that what follows from it is worked out once.
 */
export interface AuthHeaders {
  /** Names as they are to be sent. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Added at the end of the query. */
  readonly query?: readonly (readonly [name: string, value: string])[];
}

export interface Authenticator {
  /** The signature to send a call with; signs in upstream first where there is none that still lives. */
  authorize(call: RequestScope): AuthHeaders | Promise<AuthHeaders>;
  /** The same with `REDACTED` for each value. */
  readonly preview: AuthHeaders;
  /**
   * Told that the vendor answered 401 to a request with this signature. Returns true where signing again gives another
   * one, so that one replay makes sense. Absent where there is nothing to renew.
   */
  invalidate?(signature: AuthHeaders): boolean;
  /**
   * Adopts the credential that an answer to a request with this signature brings in its place. Called with each answer.
   * Absent if the vendor never replaces a credential in an answer.
   */
  adopt?(signature: AuthHeaders, answer: UpstreamAnswer): void;
  /**
   * What has taken the place of this signature's credential since: one that was obtained, or one that an answer brought.
   * `undefined` if it is the current one.
   */
  replacedBy?(signature: AuthHeaders): 'obtained' | 'adopted' | undefined;
  /**
   * Whose credentials a call goes with, where they are the caller's own: reads are shared only by calls of which this is
   * the same. Absent where all calls go with the service's.
   */
  callerKey?(call: RequestScope): string;
}

// ---------------------------------------------------------------- writes as values

/** What a successful write did to a ticket: a member of the `Transition` union without what the kernel adds. */
export interface TransitionDetails {
  /** GraphQL type, e.g. `ActionTransition`. */
  readonly __typename: string;
  readonly action: string;
  /** Where it led, where that is known; else null. */
  readonly to: TicketStatus | null;
  /** Fields of that one type, e.g. `state`. */
  readonly [field: string]: unknown;
}

/** What is known of a write that was applied, whether its answer told it or a look afterwards. */
export interface AppliedWrite {
  /** Left out where there is nothing to say but that it was done. */
  readonly transition?: TransitionDetails;
  /** Native id under which the ticket is found from now on; the id it was named by where left out. */
  readonly nativeId?: string;
}

/** How the vendor's answer to a write is to be understood. */
export type WriteResult =
  | ({ readonly kind: 'accepted' } & AppliedWrite)
  | { readonly kind: 'rejected'; readonly failure: FailureDetails }
  /** Not an answer of the documented kind: nobody knows. `why` is one clause, e.g. `the body is HTML`. */
  | { readonly kind: 'inconclusive'; readonly why: string };

/** One write, planned and not sent. */
export interface Write {
  /** Native ids of the tickets that it changes, as the caller named them; none for a creation. */
  readonly targets: readonly string[];
  readonly request: UpstreamRequest;
  /**
   * The mutation that it amounts to, where that may be another one than the caller has named: the scope of that one is
   * needed as well, and asked for before anything is sent.
   */
  readonly equivalentMutation?: string;
  /**
   * Reads an answer with a status below 400. The kernel has already settled the rest: 429 and other 4xx are a no,
   * 5xx and everything broken is unknown.
   */
  readonly interpret: (answer: UpstreamAnswer) => WriteResult;
  /**
   * Looks, after an unknown outcome, whether this ticket stands where the write was to bring it. Returns what a plain
   * yes would have told if so, and undefined otherwise (the old state proves nothing). Absent where the write brings no
   * state of its own.
   */
  readonly verify?: (nativeId: string, call: RequestScope) => Promise<AppliedWrite | undefined>;
  /** Something the caller should know if it was applied, e.g. of a comment that has no place there. */
  readonly notice?: FailureDetails;
  /**
   * True for a part of a bulk that is too large for one request. Such parts are sent one after the other, and none after
   * one whose outcome is unknown; all other writes of a mutation are sent side by side.
   */
  readonly isChunk?: boolean;
  /**
   * Present where the vendor says 404 for other reasons too, so that a missing ticket has to be confirmed by a read:
   * what a 404 to this write means where that read finds the ticket all the same.
   */
  readonly kindIfTicketExists?: FailureKind;
}

/** A local rule said no before anything was sent. */
export interface RejectedPlan {
  readonly targets: readonly string[];
  readonly failure: FailureDetails;
}

/**
 * Turns a mutation's input into writes. Pure: no call, no clock.
 *
 * @param input the GraphQL input object of the mutation.
 * @param nativeIds the tickets of this vendor that it names, each once, in input order, each of the vendor's pattern.
 * @param call only to look up what this incoming request has already learnt.
 * @returns writes and refusals that together cover every native id once.
 */
export type Planner<Input = never> = (
  input: Input,
  nativeIds: readonly string[],
  call: RequestScope,
) => readonly (Write | RejectedPlan)[];

// ---------------------------------------------------------------- lists

export interface ListFilter {
  readonly categories?: readonly StatusCategory[];
  readonly search?: string;
  /** Name of a view that people keep at the vendor. */
  readonly view?: string;
  /** True to list archived tickets as well. */
  readonly archived?: boolean;
  /** Whose tickets are meant, by the vendor's id of a group of accounts. The empty text for the own ones alone. */
  readonly group?: string;
}

/**
 * The parts of a filter that only a vendor can apply, since a ticket does not show whether it fits. They reach only
 * vendors whose `filters` name them; the others are not asked.
 */
export type OwnFilter = 'view' | 'archived' | 'group';

export interface PageRequest {
  /** Rows of the vendor's list to skip, from the newest. */
  readonly offset: number;
  /** 0 asks for the count alone, and whatever rows come are ignored. Never more than the source's `pageLimit`. */
  readonly limit: number;
  readonly filter: ListFilter;
}

export interface Page {
  /** The readable ones, in the vendor's own order, newest first. */
  readonly tickets: readonly Ticket[];
  /** Rows in the answer, including unreadable ones: a vendor's offsets count rows. */
  readonly rowCount: number;
  /** The index of each ticket among the rows. Omit if every row is a ticket. */
  readonly rowIndexes?: readonly number[] | undefined;
  /** What the vendor says it has in all, under what it could apply of the filter; null if it gives no count. */
  readonly totalCount: number | null;
  /** The parts of the filter that the vendor could not apply; the caller applies them. */
  readonly unapplied: readonly (keyof ListFilter)[];
  /** True if this is known to be the whole list, e.g. because none of the vendor's tickets can fit the filter. */
  readonly isWhole?: boolean;
}

// ---------------------------------------------------------------- the vendor

/** A connected vendor. `find`, `actions` and `writes` are all that is required. */
export interface VendorSource {
  /** The ticket, or undefined where the vendor has none of that id. */
  find(nativeId: string, call: RequestScope): Promise<Ticket | undefined>;
  /** What may be done with this ticket now. */
  actions(ticket: Ticket, call: RequestScope): readonly TicketAction[] | Promise<readonly TicketAction[]>;
  /** One planner for each mutation that the vendor takes part in; keys as in the vendor's `mutations`. */
  readonly writes: Readonly<Record<string, Planner>>;
  /** Several tickets in one upstream call; the kernel asks one by one where it is left out. */
  findMany?(nativeIds: readonly string[], call: RequestScope): Promise<readonly (Ticket | undefined)[]>;
  /** The ticket that people call by this name. Only asked with what the vendor's `isReference` accepts. */
  findByReference?(reference: string, call: RequestScope): Promise<Ticket | undefined>;
  list?(page: PageRequest, call: RequestScope): Promise<Page>;
  /** Most tickets that one `list` call may ask for. Default 100. */
  readonly pageLimit?: number;
}

/** How a vendor reaches the outside: everything it may use besides its own folder. */
export interface VendorTools {
  /** Connects to one base address with its own pool, queue, breaker and retry budget. */
  connect(options: UpstreamOptions): Upstream;
  /** Most bytes of an answer. Omit for no bound. */
  readonly maximumBytes?: number;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Logs something that an operator should look at. The same message is logged once. */
  readonly warn?: (message: string) => void;
}

export interface UpstreamOptions {
  /** Base address; a path prefix is kept. */
  readonly url: string;
  readonly toFailure: ErrorMapper;
  /**
   * Left out for calls that need none, such as the sign-in itself. Exactly one connection of a vendor has it: the one
   * that writes go through.
   */
  readonly signIn?: Authenticator;
}

/** One variable of the environment: how it is read and what to say when it is wrong. */
export interface Setting<Value> {
  /** Undefined where it does not fit. An unset variable arrives as undefined; `environment` is the whole of it. */
  read(text: string | undefined, environment: Environment): { readonly value: Value } | undefined;
  /** What it should look like, e.g. `an http or https address`. Never its value. */
  readonly expected: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type SettingsShape = Readonly<Record<string, Setting<unknown>>>;

/** What a vendor is connected with: the base address, which every vendor has, and the settings of its own. */
export type SettingsOf<Shape extends SettingsShape> = { readonly URL: string } & {
  readonly [Name in keyof Shape]: Shape[Name] extends Setting<infer Value> ? Value : never;
};

export interface NativeIds<Shape extends SettingsShape = SettingsShape> {
  readonly pattern: RegExp;
  readonly maximumLength: number;
  readonly example: string;
  /**
   * The one spelling of an id that names the same ticket in several, e.g. a UUID in small letters. Pure. Called once for
   * each id a caller sends, after `pattern` has matched and before the id is used for anything: writes, loaders, caches,
   * idempotency keys and audit see its result only. Its result matches `pattern` too. Changes an id only if the vendor's
   * documentation, or the standard it names, shows that both spellings are the same ticket. Omit if each ticket has one
   * spelling.
   */
  canonical?(nativeId: string, settings: SettingsOf<Shape>): string;
  /**
   * Whether an id is one that its ticket keeps for ever, e.g. a number beside references that change. A ticket that was
   * named by another id is called by that one as soon as an answer tells it. Pure. Omit if there is one kind of id.
   */
  isPermanent?(nativeId: string): boolean;
}

/** The vendor as a value: what is known of it before it is connected. */
export interface Vendor<Shape extends SettingsShape = SettingsShape> {
  /** Folder name, id prefix and the word in logs, e.g. `acme`. Its capitals are the `Vendor` enum value. */
  readonly key: string;
  /** What people call it. */
  readonly name: string;
  /** Which native ids can exist. What does not match is refused before any call. */
  readonly nativeId: NativeIds<Shape>;
  /** Whether a text could be a reference of this vendor. False for all where references cannot be looked up. */
  isReference(text: string): boolean;
  /** Most calls that finding one ticket by its id takes. Defaults to 1. */
  readonly findCalls?: number;
  /** Whether it can list its tickets. */
  readonly lists: boolean;
  /**
   * The parts of a filter that its list will not apply, as far as that is known without asking. Omit if nothing is known:
   * the first page says it.
   */
  unapplied?(filter: ListFilter): readonly (keyof ListFilter)[];
  /**
   * What a mutation asks for, in few words for the audit trail, e.g. `complete`. Pure; called also for input that is
   * rejected later. Holds names and ids only: never a text that somebody wrote, nor anything secret. Returns undefined, or
   * is omitted, if the arguments `action`, `status` and `priority` and the mutation's name say it all.
   */
  describe?(mutation: string, input: Readonly<Record<string, unknown>>): string | undefined;
  /** The parts of a filter that only its own list can apply. Defaults to none. */
  readonly filters?: readonly OwnFilter[];
  /** The mutations that reach it. */
  readonly mutations: readonly string[];
  /**
   * Its own variables without the vendor's prefix: `USERNAME` is read from `ACME_USERNAME`. `URL`, with which a vendor
   * is on, `TIMEOUT_MS` and `CONCURRENCY` belong to every vendor and are not listed.
   */
  readonly settings: Shape;
  /** Rules between its variables: what is missing or at odds, as [variable, what it should look like]. */
  check?(settings: SettingsOf<Shape>): readonly (readonly [variable: string, expected: string])[];
  /** Headers of an incoming request, in lower case, that carry the caller's own credentials for this vendor. */
  forwards?(settings: SettingsOf<Shape>): readonly string[];
  /** Headers of an incoming request, in lower case, that say what the caller prefers and are no credentials. */
  prefers?(settings: SettingsOf<Shape>): readonly string[];
  connect(settings: SettingsOf<Shape>, tools: VendorTools): VendorSource;
}
