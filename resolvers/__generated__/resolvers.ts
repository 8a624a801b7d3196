import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Ticket as TicketParent, TicketAction as TicketActionSource, ActionInput as ActionInputSource, TicketSource as TicketSourceParent } from '../../datasources/contract.ts';
import type { Node as NodeParent, Edge, Page, ResultPage, ResultEdge, JobPage, JobEdge, Payload, Problem as ProblemSource } from '../parents.ts';
import type { TransitionRecord, PlannedRequest as PlannedRequestParent, WriteItem } from '../../datasources/writes/report.ts';
import type { TicketPage, ListSource } from '../../datasources/reads/list-tickets.ts';
import type { TicketChange as TicketChangeParent, LiveState } from '../../datasources/live/index.ts';
import type { JobView, JobSource, ItemResult, BulkPlan as BulkPlanParent, PlannedSource } from '../../datasources/bulk/index.ts';
import type { SourceState, VendorState } from '../../datasources/index.ts';
import type { ResolverContext } from '../context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A point in time in UTC: ISO 8601 with date, time and zone, e.g. `2026-01-31T09:30:00.000Z`. */
  DateTime: { input: string; output: string; }
  /** Any JSON object. Used for vendor-defined documents, e.g. an action's inputs. */
  JSONObject: { input: Readonly<Record<string, unknown>>; output: Readonly<Record<string, unknown>>; }
  _FieldSet: { input: string; output: string; }
};

/** One input of an action: a form field. */
export type ActionInput = {
  readonly __typename: 'ActionInput';
  /**
   * Type of the entries of a `LIST` of scalars such as `["a", "b"]`: a repeatable form field. Null for lists of objects
   * and for other types.
   */
  readonly itemType: Maybe<ActionInputType>;
  /**
   * Fields of the entries of a `LIST` of objects such as `[{ id: 1, value: 5 }]`: the columns of a row. Null for lists of
   * scalars and for other types.
   */
  readonly items: Maybe<ReadonlyArray<ActionInput>>;
  /** Maximum of an `INTEGER`. Null if unbounded. */
  readonly maximum: Maybe<Scalars['Int']['output']>;
  /** Maximum length of a `STRING` or `ID`, in characters. Null if unbounded. */
  readonly maximumLength: Maybe<Scalars['Int']['output']>;
  /** Minimum of an `INTEGER`. Null if unbounded. */
  readonly minimum: Maybe<Scalars['Int']['output']>;
  /** The key in `inputs`. */
  readonly name: Scalars['String']['output'];
  /**
   * Allowed values. Null if any value of the type is allowed. For a `LIST` of scalars, the options and the bounds below
   * apply to each entry.
   */
  readonly options: Maybe<ReadonlyArray<ActionInputOption>>;
  /** Whether the action is rejected without this input. */
  readonly required: Scalars['Boolean']['output'];
  /** Type of the value. */
  readonly type: ActionInputType;
};

/** An allowed value of an input. */
export type ActionInputOption = {
  readonly __typename: 'ActionInputOption';
  /** The text to show. */
  readonly label: Scalars['String']['output'];
  /** The value to send. */
  readonly value: Scalars['String']['output'];
};

/** Type of an action's input. */
export const ActionInputType = {
  /** True or false. */
  Boolean: 'BOOLEAN',
  /** An id in the vendor's system, not a global id. */
  Id: 'ID',
  /** An integer. */
  Integer: 'INTEGER',
  /** A list. `itemType` or `items` describes its entries; both are null if entries may be anything. */
  List: 'LIST',
  /** A JSON object, passed to the vendor unchanged. Its members are defined by the vendor. */
  Object: 'OBJECT',
  /** Text. */
  String: 'STRING'
} as const;

export type ActionInputType = typeof ActionInputType[keyof typeof ActionInputType];
/** An action was executed on a ticket. */
export type ActionTransition = TransitionFields & {
  readonly __typename: 'ActionTransition';
  /** The action, in the vendor's own word or number. */
  readonly action: Scalars['String']['output'];
  /** When the vendor's response was received. */
  readonly at: Scalars['DateTime']['output'];
  /** Status before the change. Null if this request had not read the ticket before. */
  readonly from: Maybe<TicketStatus>;
  /** The ticket's new global id. Null if the id is unchanged, or the vendor returned no other. */
  readonly movedToId: Maybe<Scalars['ID']['output']>;
  /** The new state as spelled in the vendor's response. Null if it contains none. */
  readonly state: Maybe<Scalars['String']['output']>;
  /** The ticket that was changed, by its id before the change. The payload's `ticket` is read under its new id. */
  readonly ticketId: Scalars['ID']['output'];
  /** Status after the change. Null if the vendor does not return it. */
  readonly to: Maybe<TicketStatus>;
  /** The vendor that holds the ticket. */
  readonly vendor: Vendor;
};

/** An action on an Akana ticket, from Akana's ticket workflow. */
export type AkanaAction = TicketActionFields & {
  readonly __typename: 'AkanaAction';
  /** Always false. */
  readonly destructive: Scalars['Boolean']['output'];
  /** Always empty: Akana's actions take only a comment. */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** Button text, in English. */
  readonly label: Scalars['String']['output'];
  /**
   * Always `executeAction`; Akana stores its `comment` with the action. `setStatus` with `SOLVED` or `CLOSED` has the same
   * effect.
   */
  readonly mutation: Scalars['String']['output'];
  /** Akana's ActionName: `ticket.action.resolve` or `ticket.action.close`. */
  readonly name: Scalars['String']['output'];
  /** The category after the action in Akana's default workflow. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/** A ticket in Akana's developer portal: a question or a defect about an API or an app. */
export type AkanaTicket = Node & TicketFields & {
  readonly __typename: 'AkanaTicket';
  /** Id of the API that the ticket is about. Null if there is none. */
  readonly apiId: Maybe<Scalars['String']['output']>;
  /** Id of the app that the ticket is about. Null if there is none. */
  readonly appId: Maybe<Scalars['String']['output']>;
  /** Akana's id of the user who opened the ticket. */
  readonly authorId: Maybe<Scalars['String']['output']>;
  /** Login name of the user who opened the ticket. */
  readonly authorName: Maybe<Scalars['String']['output']>;
  /**
   * Resolve and close, if Akana's default workflow allows them in the ticket's state. Empty if the state is not
   * recognized. A site's custom workflow may have more: `executeAction` accepts any action name that it defines. Selecting
   * this field costs no extra upstream call.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** Number of comments. The comments themselves are not exposed. */
  readonly commentCount: Maybe<Scalars['Int']['output']>;
  /** Creation time (Akana's `Created`). */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** The full text as written by its author. May contain markup: escape it before rendering. */
  readonly description: Maybe<Scalars['String']['output']>;
  /** The affected environment: `Sandbox` or `Production`. */
  readonly environment: Maybe<Scalars['String']['output']>;
  /** `<source>:` followed by Akana's TicketID, e.g. `akana:ticket25687.acmepaymentscorp`. */
  readonly id: Scalars['ID']['output'];
  /** Whether any user has marked the ticket. */
  readonly isMarked: Maybe<Scalars['Boolean']['output']>;
  /**
   * Akana's labels. They include the priority, e.g. `com.soa.ticket.label.priority.medium` (displayed as "Major" by Akana)
   * or `com.soa.ticket.label.priority.high`.
   */
  readonly labels: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** Number of users who have marked the ticket. */
  readonly markCount: Maybe<Scalars['Int']['output']>;
  /**
   * Akana's TicketID, verbatim: a name or a UUID, a dot, and the tenant, e.g. `ticket25687.acmepaymentscorp` or
   * `132f7a34-b71f-448f-9a49-6e8777de2b4c.acmepaymentscorp`.
   */
  readonly nativeId: Scalars['String']['output'];
  /** The TicketID: Akana's tickets have no other name. */
  readonly reference: Scalars['String']['output'];
  /** The installation that holds the ticket. */
  readonly sourceSystem: TicketSource;
  /**
   * The state in Akana's own spelling, e.g. `OPEN`, `RESOLVED`, `CLOSED`, `REOPEN`; equals `status.raw`. Null if Akana
   * sends none.
   */
  readonly state: Maybe<Scalars['String']['output']>;
  /**
   * Current status. Category, ignoring case: OPEN and REOPEN are `OPEN`, RESOLVED is `SOLVED`, CLOSED is `CLOSED`. Null
   * for the states of a site's custom workflow. `raw` is empty if Akana sends no state.
   */
  readonly status: TicketStatus;
  /** Tags set by users. */
  readonly tags: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The title. Null if the account in use sees only part of the ticket. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Always null: Akana does not return it. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Always `AKANA`. */
  readonly vendor: Vendor;
  /** Visibility of the ticket's API: `Public` for all users, `Limited` for its admins and the users in its scope. */
  readonly visibility: Maybe<Scalars['String']['output']>;
};

/** A ticket and its new operator. */
export type AssignOperatorInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** UUID of the operator. */
  readonly operatorId: Scalars['ID']['input'];
  /** Global id of a Jifeline ticket that is in progress. */
  readonly ticketId: Scalars['ID']['input'];
};

/** The result of assigning the operator. */
export type AssignOperatorPayload = MutationPayload & {
  readonly __typename: 'AssignOperatorPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now. Selecting it costs a read. Null if nothing was sent. */
  readonly ticket: Maybe<JifelineTicket>;
};

/** One of Omnidesk's batch actions. */
export type BatchActionInput = {
  /** Omnidesk's action type. Must not be empty. */
  readonly actionType: Scalars['String']['input'];
  /** The action's value, as a string. May be empty. */
  readonly value: Scalars['String']['input'];
};

/** State of a circuit breaker. */
export const BreakerState = {
  /** Calls are allowed. */
  Closed: 'CLOSED',
  /** A few trial calls are allowed, to check whether the vendor has recovered. */
  HalfOpen: 'HALF_OPEN',
  /** Calls are rejected immediately, because too many have failed. The vendor is not called. */
  Open: 'OPEN'
} as const;

export type BreakerState = typeof BreakerState[keyof typeof BreakerState];
/** An action on each ticket. */
export type BulkActionInput = {
  /** The action, as in `executeAction`. */
  readonly action: Scalars['String']['input'];
  /** A comment to send along. A line of an upload may have its own. */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
  /** The action's inputs by name. A line of an upload may have its own. */
  readonly inputs?: InputMaybe<Scalars['JSONObject']['input']>;
};

/** The deletion of each ticket. */
export type BulkDeletionInput = {
  /** Must be true: a deletion cannot be undone. */
  readonly confirm: Scalars['Boolean']['input'];
};

/** The format of a file of results. */
export const BulkFormat = {
  /** Comma-separated values with a header line: `ticketId,outcome,code,message`. */
  Csv: 'CSV',
  /** A JSON object on each line: `ticketId`, `outcome`, `code` and `message`. */
  Ndjson: 'NDJSON'
} as const;

export type BulkFormat = typeof BulkFormat[keyof typeof BulkFormat];
/**
 * One change to many tickets, in the background. The counts add up to `total`. A ticket that the input repeats is written to
 * once and counted each time.
 */
export type BulkJob = Node & {
  readonly __typename: 'BulkJob';
  /** Number of tickets with the outcome `APPLIED`. */
  readonly applied: Scalars['Int']['output'];
  /** When it was started. */
  readonly createdAt: Scalars['DateTime']['output'];
  /** When it ended. Null while it runs. */
  readonly endedAt: Maybe<Scalars['DateTime']['output']>;
  /** When it will end at the present rate. Null if that is not known. */
  readonly expectedEnd: Maybe<Scalars['DateTime']['output']>;
  /** Opaque; `node` takes it. */
  readonly id: Scalars['ID']['output'];
  /** Number of tickets that are being written to. */
  readonly inFlight: Scalars['Int']['output'];
  /** Number of tickets with the outcome `NOT_APPLIED`. */
  readonly notApplied: Scalars['Int']['output'];
  /** Why the job failed, or was stopped. Null otherwise. */
  readonly problem: Maybe<Problem>;
  /** One result for each line of the input, in its order. */
  readonly results: BulkResultConnection;
  /** Path at this endpoint that all results are downloaded from, with the same authentication. */
  readonly resultsUrl: Scalars['String']['output'];
  /** The same for each source. Tickets whose id names no source are in none. */
  readonly sources: ReadonlyArray<BulkSource>;
  /** What the job is doing. */
  readonly state: BulkState;
  /** Number of tickets. While the job is `GATHERING`, those found so far. */
  readonly total: Scalars['Int']['output'];
  /** Number of tickets with the outcome `UNKNOWN`: check them before another job names them. */
  readonly unknown: Scalars['Int']['output'];
  /** Number of tickets that wait. Once the job is `CANCELLED`: those that were never begun. */
  readonly waiting: Scalars['Int']['output'];
};


/**
 * One change to many tickets, in the background. The counts add up to `total`. A ticket that the input repeats is written to
 * once and counted each time.
 */
export type BulkJobResultsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  outcomes: InputMaybe<ReadonlyArray<Outcome>>;
};


/**
 * One change to many tickets, in the background. The counts add up to `total`. A ticket that the input repeats is written to
 * once and counted each time.
 */
export type BulkJobResultsUrlArgs = {
  format?: InputMaybe<BulkFormat>;
};

/** A page of bulk jobs. */
export type BulkJobConnection = {
  readonly __typename: 'BulkJobConnection';
  /** The jobs of this page with their cursors. */
  readonly edges: ReadonlyArray<BulkJobEdge>;
  /** The jobs of this page. */
  readonly nodes: ReadonlyArray<BulkJob>;
  /** Pagination details. */
  readonly pageInfo: PageInfo;
};

/** A bulk job and its cursor. */
export type BulkJobEdge = {
  readonly __typename: 'BulkJobEdge';
  /** Pass as `after` to continue after this job. Opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The job. */
  readonly node: BulkJob;
};

/** What a bulk job would do. */
export type BulkPlan = {
  readonly __typename: 'BulkPlan';
  /** Whether all tickets that match the filter were counted. A dry run counts up to 10,000. */
  readonly complete: Scalars['Boolean']['output'];
  /** Why: the first 100. */
  readonly problems: ReadonlyArray<Problem>;
  /** Number of tickets that would be rejected by this endpoint. */
  readonly rejected: Scalars['Int']['output'];
  /** The first requests of each source, with secrets redacted. */
  readonly requests: ReadonlyArray<PlannedRequest>;
  /** Number of tickets of each source that would be written to. */
  readonly sources: ReadonlyArray<BulkPlanSource>;
  /** Number of tickets, counted as the input names them. */
  readonly total: Scalars['Int']['output'];
};

/** Tickets of one source. */
export type BulkPlanSource = {
  readonly __typename: 'BulkPlanSource';
  /** The source. */
  readonly source: TicketSource;
  /** Number of tickets. */
  readonly tickets: Scalars['Int']['output'];
};

/** A priority for each ticket. */
export type BulkPriorityInput = {
  /** The new priority. */
  readonly priority: Priority;
};

/** The result for one line of a bulk job's input. */
export type BulkResult = {
  readonly __typename: 'BulkResult';
  /** Whether the ticket is being written to now. */
  readonly inFlight: Scalars['Boolean']['output'];
  /** `APPLIED`, `NOT_APPLIED` or `UNKNOWN`. Null while the ticket waits or is being written to, and if the job was canceled before. */
  readonly outcome: Maybe<Outcome>;
  /** Why the write was not applied to this ticket, or a warning. Null if there is none. */
  readonly problem: Maybe<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** The source of the ticket. Null if its id names none. */
  readonly source: Maybe<TicketSource>;
  /** The ticket's id as given by the caller. */
  readonly ticketId: Scalars['ID']['output'];
};

/** A page of results. */
export type BulkResultConnection = {
  readonly __typename: 'BulkResultConnection';
  /** The results of this page with their cursors. */
  readonly edges: ReadonlyArray<BulkResultEdge>;
  /** The results of this page. */
  readonly nodes: ReadonlyArray<BulkResult>;
  /** Pagination details. */
  readonly pageInfo: PageInfo;
};

/** A result and its cursor. */
export type BulkResultEdge = {
  readonly __typename: 'BulkResultEdge';
  /** Pass as `after` to continue after this result. Opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The result. */
  readonly node: BulkResult;
};

/** The part of a bulk job that concerns one source. */
export type BulkSource = {
  readonly __typename: 'BulkSource';
  /** Number of tickets with the outcome `APPLIED`. */
  readonly applied: Scalars['Int']['output'];
  /** Number of tickets that are being written to. */
  readonly inFlight: Scalars['Int']['output'];
  /** Number of tickets with the outcome `NOT_APPLIED`. */
  readonly notApplied: Scalars['Int']['output'];
  /** Until when nothing is sent to the source: it is rate limited, or has failed too often. Null if it is not paused. */
  readonly pausedUntil: Maybe<Scalars['DateTime']['output']>;
  /** Why it is paused. Null if it is not. */
  readonly problem: Maybe<Problem>;
  /** The source. */
  readonly source: TicketSource;
  /** Number of tickets with the outcome `UNKNOWN`. */
  readonly unknown: Scalars['Int']['output'];
  /** Number of tickets that wait. */
  readonly waiting: Scalars['Int']['output'];
};

/** What a bulk job is doing. */
export const BulkState = {
  /** Canceled, or stopped by `stopAfterUnknown`. Tickets that still wait will not be written to. */
  Cancelled: 'CANCELLED',
  /** No ticket is begun any more; those in flight are finished. */
  Cancelling: 'CANCELLING',
  /** Every ticket has an outcome. */
  Done: 'DONE',
  /** Its tickets could not be determined. Nothing was sent. */
  Failed: 'FAILED',
  /**
   * Its tickets are being determined, or it waits until fewer jobs run: a server process runs four at once, without paused
   * ones. Nothing has been sent.
   */
  Gathering: 'GATHERING',
  /**
   * Nothing is sent for now, and it goes on by itself. All sources that have waiting tickets are paused: see `pausedUntil` and
   * `problem` of each. Or no server process runs it: none could store what it does, or all are busy with other jobs.
   */
  Paused: 'PAUSED',
  /** Tickets are being written to. */
  Running: 'RUNNING'
} as const;

export type BulkState = typeof BulkState[keyof typeof BulkState];
/** A status for each ticket. */
export type BulkStatusInput = {
  /** A comment to send along, as in `setStatus`. A line of an upload may have its own. */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
  /** The new status. */
  readonly status: StatusCategory;
};

/** The tickets of a bulk job. Exactly one field must be set. */
export type BulkTicketsInput =
  /**
   * All tickets that match the filter when the job starts. They are determined completely before the first write. If a source
   * cannot be read, the job fails and nothing is sent.
   */
  { readonly filter: TicketFilter; readonly ids?: never; readonly uploadId?: never; }
  |  /** Global ids of 1 to 10,000 tickets, of any vendors. A repeated ticket is written to once. */
  { readonly filter?: never; readonly ids: ReadonlyArray<Scalars['ID']['input']>; readonly uploadId?: never; }
  |  /** Up to 100,000 tickets, as sent to `POST /bulk/uploads`: the `uploadId` of its answer. */
  { readonly filter?: never; readonly ids?: never; readonly uploadId: Scalars['ID']['input']; };

/** What a bulk job does with each ticket. Exactly one field must be set. */
export type BulkWorkInput =
  /** Deletes the tickets. */
  { readonly deleteTickets: BulkDeletionInput; readonly executeAction?: never; readonly setPriority?: never; readonly setStatus?: never; }
  |  /** Performs an action. */
  { readonly deleteTickets?: never; readonly executeAction: BulkActionInput; readonly setPriority?: never; readonly setStatus?: never; }
  |  /** Sets the priority. */
  { readonly deleteTickets?: never; readonly executeAction?: never; readonly setPriority: BulkPriorityInput; readonly setStatus?: never; }
  |  /** Sets the status. */
  { readonly deleteTickets?: never; readonly executeAction?: never; readonly setPriority?: never; readonly setStatus: BulkStatusInput; };

/** The job to cancel. */
export type CancelBulkInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** The job's id. */
  readonly id: Scalars['ID']['input'];
};

/** The result of canceling a bulk job. */
export type CancelBulkPayload = {
  readonly __typename: 'CancelBulkPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** The job. Null if the caller has none with this id. */
  readonly job: Maybe<BulkJob>;
  /** Why it was not canceled. Empty if it was, or had ended before. */
  readonly problems: ReadonlyArray<Problem>;
};

/** Details of a cancellation. Nothing is required here; Jifeline does not document whether it requires a reason. */
export type CancelInput = {
  /** Id of the cancel reason: an option of the input `cancelReasonId` of the action `cancel`. Must not be negative. */
  readonly cancelReasonId?: InputMaybe<Scalars['Int']['input']>;
  /**
   * Further members of the transition in Jifeline's own spelling, sent unchanged. Jifeline does not document them. `type`
   * is not allowed, nor is `cancel_reason_id` together with `cancelReasonId`.
   */
  readonly extra?: InputMaybe<Scalars['JSONObject']['input']>;
};

/** A Jifeline ticket was cancelled. */
export type CancelTransition = TransitionFields & {
  readonly __typename: 'CancelTransition';
  /** Always `cancel`. */
  readonly action: Scalars['String']['output'];
  /** When Jifeline's response was received. */
  readonly at: Scalars['DateTime']['output'];
  /** Status before the change. Null if this request had not read the ticket before. */
  readonly from: Maybe<TicketStatus>;
  /**
   * Path of the ticket's new location at Jifeline, e.g.
   * `/v2/tickets/cancelled-tickets/497f6eca-6276-4993-bfeb-53cbbbba6f08`. Null if no response arrived, or its location is
   * missing or invalid.
   */
  readonly location: Maybe<Scalars['String']['output']>;
  /** The ticket's new global id, from `location`. Null if `location` is null. */
  readonly movedToId: Maybe<Scalars['ID']['output']>;
  /** The ticket that was changed. `movedToId` is its id now. */
  readonly ticketId: Scalars['ID']['output'];
  /** Status after the change: by the collection in the returned location, else `cancelled`. */
  readonly to: Maybe<TicketStatus>;
  /** Always `JIFELINE`. */
  readonly vendor: Vendor;
};

/** How a change was noticed. */
export const ChangeOrigin = {
  /** A write made through this endpoint. */
  OwnWrite: 'OWN_WRITE',
  /** A poll of the source. */
  Poll: 'POLL'
} as const;

export type ChangeOrigin = typeof ChangeOrigin[keyof typeof ChangeOrigin];
/** Details of a completion. Nothing is required. */
export type CompleteInput = {
  /**
   * Further members of the transition in Jifeline's own spelling, sent unchanged. Jifeline does not document them. `type`
   * is not allowed.
   */
  readonly extra?: InputMaybe<Scalars['JSONObject']['input']>;
};

/** A Jifeline ticket was completed. */
export type CompleteTransition = TransitionFields & {
  readonly __typename: 'CompleteTransition';
  /** Always `complete`. */
  readonly action: Scalars['String']['output'];
  /** When Jifeline's response was received. */
  readonly at: Scalars['DateTime']['output'];
  /** Status before the change. Null if this request had not read the ticket before. */
  readonly from: Maybe<TicketStatus>;
  /**
   * Path of the ticket's new location at Jifeline, e.g. `/v2/tickets/closed-tickets/497f6eca-6276-4993-bfeb-53cbbbba6f08`.
   * Null if no response arrived, or its location is missing or invalid.
   */
  readonly location: Maybe<Scalars['String']['output']>;
  /** The ticket's new global id, from `location`. Null if `location` is null. */
  readonly movedToId: Maybe<Scalars['ID']['output']>;
  /** The ticket that was changed. `movedToId` is its id now. */
  readonly ticketId: Scalars['ID']['output'];
  /** Status after the change: by the collection in the returned location, else `closed`. */
  readonly to: Maybe<TicketStatus>;
  /** Always `JIFELINE`. */
  readonly vendor: Vendor;
};

/** The ticket to create. */
export type CreateTicketInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /**
   * Id of the source that creates it, e.g. `omnidesk@emea`. Required if the vendor has several configured sources; otherwise
   * its only one.
   */
  readonly source?: InputMaybe<Scalars['ID']['input']>;
  /** The ticket, with the fields of the vendor that creates it. */
  readonly ticket: NewTicketInput;
};

/** The result of creating a ticket. */
export type CreateTicketPayload = MutationPayload & {
  readonly __typename: 'CreateTicketPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The new ticket. Selecting it costs a read. Null if the vendor did not return its id. */
  readonly ticket: Maybe<Ticket>;
};

/** The tickets to delete. */
export type DeleteTicketsInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Global ids of 1 to 100 tickets, of any vendors. */
  readonly ticketIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** The result of deleting, per ticket. */
export type DeleteTicketsPayload = MutationPayload & {
  readonly __typename: 'DeleteTicketsPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** One result per id, in the order of the input. A repeated id is sent once and gets the same result each time. */
  readonly results: ReadonlyArray<TicketResult>;
};

/** Who starts a conversation. */
export const Direction = {
  /** The customer. */
  Inbound: 'INBOUND',
  /** An agent. */
  Outbound: 'OUTBOUND'
} as const;

export type Direction = typeof Direction[keyof typeof Direction];
/** An action on one ticket. */
export type ExecuteActionInput = {
  /**
   * The action: a `name` from the ticket's `availableActions`, or another name that the vendor supports. Known names are
   * case-insensitive.
   */
  readonly action: Scalars['String']['input'];
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /**
   * A comment to send along. If the vendor takes none, it is not sent, and `problems` says so. If the vendor takes it as a
   * request of its own, that is sent after the action was applied; if it fails, the outcome stands and `problems` says so.
   */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The action's inputs by name, as described by its `inputs`. */
  readonly inputs?: InputMaybe<Scalars['JSONObject']['input']>;
  /** The ticket's global id. */
  readonly ticketId: Scalars['ID']['input'];
};

/** The result of an action. */
export type ExecuteActionPayload = MutationPayload & {
  readonly __typename: 'ExecuteActionPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now. Selecting it costs a read. Null if nothing was sent. */
  readonly ticket: Maybe<Ticket>;
  /** The change. Null if no change is known. */
  readonly transition: Maybe<Transition>;
};

/** A status that ends the work on a ticket. */
export const FinalStatus = {
  /** Closed for good. */
  Closed: 'CLOSED',
  /** Solved; may be reopened. */
  Solved: 'SOLVED'
} as const;

export type FinalStatus = typeof FinalStatus[keyof typeof FinalStatus];
/** An action on a case: `cancel`, `close`, `press` (urges Huawei to continue) or `delete`. */
export type HuaweiAction = TicketActionFields & {
  readonly __typename: 'HuaweiAction';
  /** True for `cancel` and `delete`. */
  readonly destructive: Scalars['Boolean']['output'];
  /**
   * The same for every action; none is required. `groupId` replaces the configured IAM group; an empty string removes it.
   * The `comment` of `executeAction` is sent as Huawei's `operate_desc`, at most 400 characters. Each entry of
   * `satisfaction` requires `satisfactionId` (0 to 9999) and `satisfactionValue` (0 to 65535). Optional: `value` (0 to
   * 65535), `satisfactionName` (at most 32 characters), `perValue` (0 to 65535), `satCategoryId` and `satCategoryName` (at
   * most 32 characters).
   */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** Button text. */
  readonly label: Scalars['String']['output'];
  /** Always `executeAction`. For `close` and `cancel`, `setStatus` handles several tickets at once. */
  readonly mutation: Scalars['String']['output'];
  /** `cancel`, `close`, `press` or `delete`. `executeAction` also passes on other action names. */
  readonly name: Scalars['String']['output'];
  /**
   * `CANCELLED` after `cancel`, `CLOSED` after `close`. Null for `delete`, and for `press`, which leaves the status
   * unchanged.
   */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/**
 * A service ticket ("case") of Huawei Cloud. Names of types, products and regions are in the configured language
 * (`HUAWEI_LANGUAGE`, defaults to English). Huawei's list and its single-case endpoint return different fields; fields
 * that only one of them returns say so, and are null otherwise. The customer's contact data is not exposed.
 */
export type HuaweiTicket = Node & TicketFields & {
  readonly __typename: 'HuaweiTicket';
  /**
   * By status: `cancel`, `close` and `press` while the case is open (`press` not while it is suspended), `delete` once it
   * is completed or canceled, none otherwise. Huawei documents no rule for this, so it may reject an action that is
   * offered here. Selecting this field costs no extra upstream call.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /**
   * Who handles the case: `huawei`, `partner` or `isv`; other numbers are returned unchanged. Null in lists, or if Huawei
   * does not return it.
   */
  readonly businessOwnership: Maybe<Scalars['String']['output']>;
  /** Problem type, e.g. `Remote login`. */
  readonly businessType: Maybe<Scalars['String']['output']>;
  /** When the result was confirmed. Null until then. Only in lists. */
  readonly confirmedAt: Maybe<Scalars['DateTime']['output']>;
  /** When the case was submitted. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Id of the Huawei Cloud account that owns the case. */
  readonly customerId: Maybe<Scalars['String']['output']>;
  /** The region concerned, e.g. `CN-Hong Kong`. */
  readonly dataCenter: Maybe<Scalars['String']['output']>;
  /** The full description, up to 2000 characters. */
  readonly description: Maybe<Scalars['String']['output']>;
  /** `<source>:` followed by the case id, e.g. `huawei:TS-123456`. */
  readonly id: Scalars['ID']['output'];
  /** Service type, in Huawei's wording. Only in lists. */
  readonly incidentServiceType: Maybe<Scalars['String']['output']>;
  /** Case type, e.g. `Fault report`. */
  readonly incidentType: Maybe<Scalars['String']['output']>;
  /** The customer's comment on the rating. Null in lists, or if the case has not been rated. */
  readonly judgement: Maybe<Scalars['String']['output']>;
  /** Names of the labels. Only in lists. */
  readonly labels: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The case id, 1 to 64 letters, digits and hyphens, e.g. `TS-123456` or `TT201801010000`. */
  readonly nativeId: Scalars['String']['output'];
  /** The product concerned, e.g. `Elastic Cloud Server`. Only in lists. */
  readonly productCategory: Maybe<Scalars['String']['output']>;
  /** The case id: cases have no other name. `TicketFilter.reference` matches it. */
  readonly reference: Scalars['String']['output'];
  /** Resolution. Null until the case is solved. Only in lists. */
  readonly resolution: Maybe<Scalars['String']['output']>;
  /** Root cause. Null until it is found. Only in lists. */
  readonly rootCause: Maybe<Scalars['String']['output']>;
  /** Severity, in Huawei's wording. Null in lists, or if Huawei does not return it. */
  readonly severity: Maybe<Scalars['String']['output']>;
  /** Where the case was submitted, e.g. `Console`. Null in lists. */
  readonly source: Maybe<Scalars['String']['output']>;
  /** The installation that holds the ticket. */
  readonly sourceSystem: TicketSource;
  /**
   * Current status. Categories of Huawei's numbers: 0 to be processed `NEW`, 1 processing `OPEN`, 2 to be confirmed and 17
   * pending feedback `PENDING`, 3 completed `CLOSED`, 4 canceled `CANCELLED`, 5 suspended `ON_HOLD`. Null for 12 invalid,
   * 13 deleted and all others. Never `SOLVED`: a solved case that awaits the customer's confirmation is 2.
   */
  readonly status: TicketStatus;
  /** Huawei's status number, e.g. 17. Null if the status is not a number. */
  readonly statusCode: Maybe<Scalars['Int']['output']>;
  /** Id of the IAM user who submitted the case. Null if Huawei does not return it. */
  readonly subCustomerId: Maybe<Scalars['String']['output']>;
  /** Name of the IAM user who submitted the case. Null if Huawei does not return it. */
  readonly subCustomerName: Maybe<Scalars['String']['output']>;
  /** First line of the description. Null if the case has no description. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Always null: Huawei Cloud does not return it. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Always `HUAWEI`. */
  readonly vendor: Vendor;
};

/** The transition of a Jifeline ticket that is in progress. Exactly one field must be set. */
export type InProgressTransitionInput =
  /** Cancel: the work is not done. */
  { readonly cancel: CancelInput; readonly complete?: never; readonly outsource?: never; }
  |  /** Complete: the work is done. */
  { readonly cancel?: never; readonly complete: CompleteInput; readonly outsource?: never; }
  |  /** Outsource to another provider. */
  { readonly cancel?: never; readonly complete?: never; readonly outsource: OutsourceInput; };

/** An action on a Jifeline ticket that is in progress. */
export type JifelineAction = TicketActionFields & {
  readonly __typename: 'JifelineAction';
  /** True for `cancel`. */
  readonly destructive: Scalars['Boolean']['output'];
  /**
   * `outsource` takes `productIds` (a list of at least one UUID, of products of type base), `providerId` (a UUID),
   * `allowCustomerChatWriteAccess` and `shareCustomerInformation`. `cancel` takes `cancelReasonId`, a number; its options
   * are the reasons that an operator may choose, or null if Jifeline did not return them. `complete` and `cancel` take
   * `extra`, as in `transitionInProgress`. `assignOperator` takes `operatorId` (a UUID).
   */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** Button text. */
  readonly label: Scalars['String']['output'];
  /** `transitionInProgress` or `assignOperator`; `executeAction` performs all of them. */
  readonly mutation: Scalars['String']['output'];
  /** `outsource`, `complete`, `cancel` or `assignOperator`. */
  readonly name: Scalars['String']['output'];
  /** `ON_HOLD`, `CLOSED` or `CANCELLED`. `OPEN` for `assignOperator`, which leaves the status unchanged. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/**
 * A Jifeline ticket: a request for services on a vehicle. Jifeline keeps tickets in five collections, one per state, with
 * different fields. Fields that a collection does not have are null. Jifeline guarantees none of them, so any may be null
 * in any state.
 */
export type JifelineTicket = Node & TicketFields & {
  readonly __typename: 'JifelineTicket';
  /**
   * `outsource`, `complete`, `cancel` and `assignOperator` while the ticket is in progress, none otherwise. Selecting the
   * `inputs` of `cancel` fetches the cancel reasons from Jifeline.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** Id of the cancel reason: an integer as a string. Only for cancelled tickets. */
  readonly cancelReasonId: Maybe<Scalars['String']['output']>;
  /** UUID of the connection to the vehicle. Null if there is none. */
  readonly connectionId: Maybe<Scalars['String']['output']>;
  /** Creation time. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** UUID of the customer. */
  readonly customerId: Maybe<Scalars['String']['output']>;
  /** The ticket's reference in an external system, at most 255 characters. Only for closed and cancelled tickets. */
  readonly externalReference: Maybe<Scalars['String']['output']>;
  /** Whether an external system has recorded the ticket as processed. Only for closed and cancelled tickets. */
  readonly externallyProcessed: Maybe<Scalars['Boolean']['output']>;
  /** When service stopped. Only for closed and cancelled tickets. */
  readonly finishedAt: Maybe<Scalars['DateTime']['output']>;
  /** `<source>:` followed by Jifeline's ticket id; the source is `jifeline` by default. Case-insensitive. */
  readonly id: Scalars['ID']['output'];
  /** Jifeline's ticket id: a UUID, in Jifeline's own letter case. */
  readonly nativeId: Scalars['String']['output'];
  /**
   * UUID of the assigned operator. Null for pending and outsourced tickets, and for tickets that were cancelled
   * automatically.
   */
  readonly operatorId: Maybe<Scalars['String']['output']>;
  /** UUID of the provider that the ticket was outsourced to. Only for outsourced tickets. */
  readonly outsourceProviderId: Maybe<Scalars['String']['output']>;
  /** UUID of the ticket at the other provider; not a global id. Only for outsourced tickets. */
  readonly outsourceTicketId: Maybe<Scalars['String']['output']>;
  /**
   * Whether the ticket has ever been outsourced. May be true for a ticket that is in progress here again. Only for
   * in-progress tickets.
   */
  readonly outsourced: Maybe<Scalars['Boolean']['output']>;
  /** Whether the ticket can be reclaimed, i.e. the other provider has not started work. Only for outsourced tickets. */
  readonly reclaimable: Maybe<Scalars['Boolean']['output']>;
  /** Jifeline's ticket number, e.g. `7440303`. Equals `nativeId` if Jifeline does not return the number. */
  readonly reference: Scalars['String']['output'];
  /** When service started. Only while the ticket is in progress. */
  readonly serviceStartedAt: Maybe<Scalars['DateTime']['output']>;
  /** The installation that holds the ticket. */
  readonly sourceSystem: TicketSource;
  /** The collection that holds the ticket: `pending`, `in-progress`, `outsourced`, `closed` or `cancelled`. */
  readonly state: Maybe<Scalars['String']['output']>;
  /**
   * Current status, by the collection that holds the ticket: `pending` is `NEW`, `in-progress` `OPEN`, `outsourced`
   * `ON_HOLD`, `closed` `CLOSED`, `cancelled` `CANCELLED`.
   */
  readonly status: TicketStatus;
  /**
   * The ticket number that people use: an integer of up to 64 bits as a string, e.g. `7440303`. Equals `nativeId` if
   * Jifeline does not return it.
   */
  readonly ticketNumber: Scalars['String']['output'];
  /** Always null: Jifeline tickets have no title. Show `vin` and `reference` instead. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Always null: Jifeline does not return it. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Voltage of the vehicle's battery: `12v` or `24v`. Only for closed and cancelled tickets. */
  readonly vehicleBatteryVoltage: Maybe<Scalars['String']['output']>;
  /** Id of the vehicle model: an integer of up to 64 bits as a string. */
  readonly vehicleModelId: Maybe<Scalars['String']['output']>;
  /** Always `JIFELINE`. */
  readonly vendor: Vendor;
  /** Vehicle identification number: 17 characters. */
  readonly vin: Maybe<Scalars['String']['output']>;
  /**
   * Voucher code: 4 to 8 upper-case letters and digits. Null if there is none. Only for in-progress and outsourced
   * tickets.
   */
  readonly voucherCode: Maybe<Scalars['String']['output']>;
};

/** How a vendor is polled for live updates. */
export type LiveInfo = {
  readonly __typename: 'LiveInfo';
  /** Polls of the last minute, in calls to the vendor. */
  readonly callsPerMinute: Scalars['Int']['output'];
  /** The shortest present interval between two polls, in seconds. */
  readonly everySeconds: Scalars['Float']['output'];
  /** Number of tickets and filters that are watched. */
  readonly watched: Scalars['Int']['output'];
};

/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type Mutation = {
  readonly __typename: 'Mutation';
  /** Assigns a Jifeline ticket that is in progress to an operator. */
  readonly assignOperator: AssignOperatorPayload;
  /**
   * Cancels a bulk job. No ticket is begun afterwards; those in flight are finished. Tickets that were never begun have no
   * outcome: they stay in `waiting`, and their results have `outcome: null`, so that another job can take them up.
   */
  readonly cancelBulk: CancelBulkPayload;
  /** Creates a ticket at one vendor. Exactly one field of `ticket` must be set; it selects the vendor. */
  readonly createTicket: CreateTicketPayload;
  /** Deletes 1 to 100 tickets. This cannot be undone. */
  readonly deleteTickets: DeleteTicketsPayload;
  /**
   * Performs an action on one ticket of any vendor, e.g. one of its `availableActions`. An action that is equivalent to
   * another mutation (a priority to `setPriority`, a deletion to `deleteTickets`) also needs the scope of that mutation;
   * without it, the result is `FORBIDDEN`.
   */
  readonly executeAction: ExecuteActionPayload;
  /**
   * Pushes a Requestor ticket to the next step of its workflow. Whether the action is allowed is not checked in advance;
   * Requestor decides.
   */
  readonly pushWorkflow: PushWorkflowPayload;
  /**
   * Runs Omnidesk's batch actions on 1 to 100 tickets, in one call. Omnidesk documents no action types, so they are sent
   * unchanged. It responds for all tickets together.
   */
  readonly runBatch: RunBatchPayload;
  /** Sets the priority of 1 to 100 tickets. Tickets of a vendor without priorities fail with `UNSUPPORTED`. */
  readonly setPriority: SetPriorityPayload;
  /**
   * Sets the status of 1 to 100 tickets, of any vendors. Each ticket is changed through its vendor's own operation. If the
   * vendor has none for this status, that ticket alone fails with `UNSUPPORTED`.
   */
  readonly setStatus: SetStatusPayload;
  /**
   * Solves all unfinished tickets of Omnidesk. Omnidesk does not return which tickets it changed, so this cannot easily be
   * undone. Omnidesk documents the operation but not its path; the path is inferred from the neighbouring operations.
   */
  readonly solveUnfinishedTickets: SolveUnfinishedTicketsPayload;
  /**
   * Starts a bulk job: one change to up to 100,000 tickets, performed in the background, also after a restart. No ticket is
   * written to twice. Also needs the scope of the work, at each source; tickets of other sources are `NOT_APPLIED`.
   */
  readonly startBulk: StartBulkPayload;
  /**
   * Outsources, completes or cancels a Jifeline ticket that is in progress. The ticket moves to another collection and may
   * get another id: continue with the transition's `movedToId`.
   */
  readonly transitionInProgress: TransitionInProgressPayload;
  /** Unlinks the customer from an Omnidesk ticket. Neither the ticket nor the customer is deleted. */
  readonly unlinkCustomer: UnlinkCustomerPayload;
  /** Updates fields of a ticket. At least one must be given. */
  readonly updateTicket: UpdateTicketPayload;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationAssignOperatorArgs = {
  input: AssignOperatorInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationCancelBulkArgs = {
  input: CancelBulkInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationCreateTicketArgs = {
  input: CreateTicketInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationDeleteTicketsArgs = {
  input: DeleteTicketsInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationExecuteActionArgs = {
  input: ExecuteActionInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationPushWorkflowArgs = {
  input: PushWorkflowInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationRunBatchArgs = {
  input: RunBatchInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationSetPriorityArgs = {
  input: SetPriorityInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationSetStatusArgs = {
  input: SetStatusInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationSolveUnfinishedTicketsArgs = {
  input: SolveUnfinishedTicketsInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationStartBulkArgs = {
  input: StartBulkInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationTransitionInProgressArgs = {
  input: TransitionInProgressInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationUnlinkCustomerArgs = {
  input: UnlinkCustomerInput;
};


/**
 * Every write returns an outcome. Vendor rejections and rule violations are reported in `outcome` and `problems`, never as
 * GraphQL errors.
 */
export type MutationUpdateTicketArgs = {
  input: UpdateTicketInput;
};

/** The fields that all write payloads share. */
export type MutationPayload = {
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
};

/**
 * A new Omnidesk ticket. Only the given fields are sent. Omnidesk documents defaults only for `fromName`,
 * `assignedGroupId` and `formId`, so it may reject a ticket that lacks one of the others.
 */
export type NewOmnideskTicketInput = {
  /** Number of the group to assign. Defaults to no group (0); null sends the default. */
  readonly assignedGroupId?: InputMaybe<Scalars['Int']['input']>;
  /** Number of the brand. */
  readonly brandId?: InputMaybe<Scalars['Int']['input']>;
  /** Number of the channel. */
  readonly channelId?: InputMaybe<Scalars['Int']['input']>;
  /** Who starts the conversation. */
  readonly direction?: InputMaybe<Direction>;
  /** Number of the form. Defaults to no form; null sends the default. */
  readonly formId?: InputMaybe<Scalars['Int']['input']>;
  /** Sender, in the format of the channel, e.g. an email address or a phone number. */
  readonly from?: InputMaybe<Scalars['String']['input']>;
  /** Name of the sender. Defaults to a space; null sends the default. */
  readonly fromName?: InputMaybe<Scalars['String']['input']>;
  /** The subject line. */
  readonly title?: InputMaybe<Scalars['String']['input']>;
  /** Recipient, in the format of the channel. */
  readonly to?: InputMaybe<Scalars['String']['input']>;
};

/**
 * A new Request Tracker ticket. Only the given fields are sent. Request Tracker drops an owner, a requestor, a custom field or a value
 * that it does not know; `problems` then says which.
 */
export type NewRtTicketInput = {
  /** The first message, as plain text. */
  readonly content?: InputMaybe<Scalars['String']['input']>;
  /** Custom fields, by name. */
  readonly customFields?: InputMaybe<ReadonlyArray<RtCustomFieldInput>>;
  /** Name of the user who owns the ticket. Defaults to no owner. */
  readonly owner?: InputMaybe<Scalars['String']['input']>;
  /** Priority as a number. Defaults to the queue's. */
  readonly priority?: InputMaybe<Scalars['Int']['input']>;
  /** Name or number of the queue. */
  readonly queue: Scalars['String']['input'];
  /** Email addresses of the requestors, or names of users. */
  readonly requestors?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** The subject: at most 200 bytes in UTF-8, in one line. */
  readonly subject?: InputMaybe<Scalars['String']['input']>;
};

/** A new ticket. Exactly one vendor's field must be set. */
export type NewTicketInput =
  /** A ticket to create in Omnidesk. */
  { readonly omnidesk: NewOmnideskTicketInput; readonly rt?: never; }
  |  /** A ticket to create in Request Tracker. */
  { readonly omnidesk?: never; readonly rt: NewRtTicketInput; };

/** An object that can be refetched by its id. */
export type Node = {
  /** Global id: `<source>:<native id>`. Readable by people; clients should treat it as opaque. */
  readonly id: Scalars['ID']['output'];
};

/** An action on an Omnidesk ticket: sets another status or priority. */
export type OmnideskAction = TicketActionFields & {
  readonly __typename: 'OmnideskAction';
  /** Always false. */
  readonly destructive: Scalars['Boolean']['output'];
  /** Always empty: the name determines the action. */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** Button text, e.g. `Mark as solved`. */
  readonly label: Scalars['String']['output'];
  /** `setStatus` for a status, `setPriority` for a priority. `executeAction` performs both as well. */
  readonly mutation: Scalars['String']['output'];
  /**
   * `status.` followed by `new`, `open`, `pending`, `holding`, `solved` or `closed`; or `priority.` followed by `low`,
   * `medium`, `high` or `urgent`.
   */
  readonly name: Scalars['String']['output'];
  /** The category after the action. Null for a priority, which leaves the status unchanged. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/**
 * A ticket of Omnidesk. Omnidesk's times have no zone; they are interpreted in the configured zone (`OMNIDESK_TIME_ZONE`,
 * defaults to UTC).
 */
export type OmnideskTicket = Node & TicketFields & {
  readonly __typename: 'OmnideskTicket';
  /** Number of the assigned group. Null if there is none (Omnidesk returns 0). */
  readonly assignedGroupId: Maybe<Scalars['String']['output']>;
  /** Number of the assigned agent. Null if there is none (Omnidesk returns 0). */
  readonly assignedUserId: Maybe<Scalars['String']['output']>;
  /**
   * All statuses and priorities except the current ones. Omnidesk documents no rule for this, so it may reject an action
   * that is offered here. Selecting this field costs no extra upstream call.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** Number of the brand. */
  readonly brandId: Maybe<Scalars['String']['output']>;
  /** Name of the brand. */
  readonly brandName: Maybe<Scalars['String']['output']>;
  /** Number of the account within the channel. Null if there is none (Omnidesk returns 0). */
  readonly channelAccountId: Maybe<Scalars['String']['output']>;
  /** Number of the channel. */
  readonly channelId: Maybe<Scalars['String']['output']>;
  /** Name of the channel, e.g. `e-mail`. */
  readonly channelName: Maybe<Scalars['String']['output']>;
  /** When the ticket was closed. Null if it is not closed. */
  readonly closedAt: Maybe<Scalars['DateTime']['output']>;
  /** Creation time. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Omnidesk's customer number. Null if the ticket is not linked to a customer. */
  readonly customerId: Maybe<Scalars['String']['output']>;
  /** Who started the conversation. Null if Omnidesk does not return it. */
  readonly direction: Maybe<Direction>;
  /** HTTP or HTTPS URL of the ticket in the system of origin. Null if there is none. */
  readonly externalGuiUrl: Maybe<Scalars['String']['output']>;
  /** The ticket's id in the system of origin, e.g. an email's message id. Null if there is none. */
  readonly externalId: Maybe<Scalars['String']['output']>;
  /** Number of the submitted form. Null if there is none. */
  readonly formId: Maybe<Scalars['String']['output']>;
  /** Sender, in the format of the channel, e.g. an email address or a phone number. Null if there is none. */
  readonly from: Maybe<Scalars['String']['output']>;
  /** Name of the sender. Null if empty. */
  readonly fromName: Maybe<Scalars['String']['output']>;
  /** The customer's rating, in Omnidesk's spelling. Null if there is none. */
  readonly gradeByCustomer: Maybe<Scalars['String']['output']>;
  /** `<source>:` followed by the ticket number, e.g. `omnidesk:858462`. */
  readonly id: Scalars['ID']['output'];
  /** Time of the last change by an agent. Null if there is none. */
  readonly lastUpdateAgent: Maybe<Scalars['DateTime']['output']>;
  /** Time of the customer's last message. Null if unknown. */
  readonly lastUpdateCustomer: Maybe<Scalars['DateTime']['output']>;
  /** The ticket number as a string of 1 to 15 digits, e.g. `858462`. */
  readonly nativeId: Scalars['String']['output'];
  /** Priority. Null if Omnidesk returns none, or one that is not recognized. */
  readonly priority: Maybe<Priority>;
  /** The ticket number: Omnidesk has no other name for a ticket. `TicketFilter.reference` matches it. */
  readonly reference: Scalars['String']['output'];
  /** When the next SLA target is breached. Null if none is running. */
  readonly slaNextBreach: Maybe<Scalars['DateTime']['output']>;
  /** Status of the next SLA target, in Omnidesk's wording, e.g. `active`. */
  readonly slaNextBreachCurrentStatus: Maybe<Scalars['String']['output']>;
  /** Number of the service level agreement (SLA) that applies. Null if there is none. */
  readonly slaPolicyId: Maybe<Scalars['String']['output']>;
  /** When the ticket's snooze ends. Null if it is not snoozed. */
  readonly snoozeTime: Maybe<Scalars['DateTime']['output']>;
  /** The installation that holds the ticket. */
  readonly sourceSystem: TicketSource;
  /**
   * Current status. Omnidesk's words are `new`, `open`, `pending`, `holding` (category `ON_HOLD`), `solved` and `closed`.
   * It has none for cancelled tickets.
   */
  readonly status: TicketStatus;
  /** The subject line. Null if empty. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Recipient, in the format of the channel. Null if there is none. */
  readonly to: Maybe<Scalars['String']['output']>;
  /** Name of the recipient. Null if empty. */
  readonly toName: Maybe<Scalars['String']['output']>;
  /** Time of the last change by anyone. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Always `OMNIDESK`. */
  readonly vendor: Vendor;
};

/** Whether a write was applied. */
export const Outcome = {
  /** The vendor confirmed the write, or a later read found the ticket in the requested state. */
  Applied: 'APPLIED',
  /**
   * The vendor rejected the write, a read after its answer shows that it did not make the change, or nothing was sent.
   * Nothing has changed.
   */
  NotApplied: 'NOT_APPLIED',
  /** Applied to some tickets and not to others. Only for writes to several tickets; see `results`. */
  Partial: 'PARTIAL',
  /**
   * The write was sent, but no usable response arrived: it may or may not have been applied. It is not sent again
   * automatically. Check the ticket before retrying.
   */
  Unknown: 'UNKNOWN'
} as const;

export type Outcome = typeof Outcome[keyof typeof Outcome];
/** Details of an outsourcing. */
export type OutsourceInput = {
  /**
   * Whether the other provider may write in the chat with the customer. Defaults to the setting of the link to that
   * provider.
   */
  readonly allowCustomerChatWriteAccess?: InputMaybe<Scalars['Boolean']['input']>;
  /** The products that the other provider executes: UUIDs of products of type base, at least one. */
  readonly productIds: ReadonlyArray<Scalars['ID']['input']>;
  /** UUID of the other provider. */
  readonly providerId: Scalars['ID']['input'];
  /** Whether the other provider sees the customer's identity. Defaults to the setting of the link to that provider. */
  readonly shareCustomerInformation?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A Jifeline ticket was outsourced to another provider. */
export type OutsourceTransition = TransitionFields & {
  readonly __typename: 'OutsourceTransition';
  /** Always `outsource`. */
  readonly action: Scalars['String']['output'];
  /** When Jifeline's response was received. */
  readonly at: Scalars['DateTime']['output'];
  /** Status before the change. Null if this request had not read the ticket before. */
  readonly from: Maybe<TicketStatus>;
  /**
   * Path of the ticket's new location at Jifeline, e.g.
   * `/v2/tickets/outsourced-tickets/497f6eca-6276-4993-bfeb-53cbbbba6f08`. Null if no response arrived, or its location is
   * missing or invalid.
   */
  readonly location: Maybe<Scalars['String']['output']>;
  /** The ticket's new global id, from `location`. Null if `location` is null. */
  readonly movedToId: Maybe<Scalars['ID']['output']>;
  /** The ticket that was changed. `movedToId` is its id now. */
  readonly ticketId: Scalars['ID']['output'];
  /** Status after the change: by the collection in the returned location, else `outsourced`. */
  readonly to: Maybe<TicketStatus>;
  /** Always `JIFELINE`. */
  readonly vendor: Vendor;
};

/** Pagination details. */
export type PageInfo = {
  readonly __typename: 'PageInfo';
  /** Cursor to pass as `after` to get the next page. Null if there is none. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether more pages follow. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Always false: pagination is forward only. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first ticket of this page. Null if the page is empty. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** A request that would be sent to a vendor. */
export type PlannedRequest = {
  readonly __typename: 'PlannedRequest';
  /** Body, byte for byte. Null if there is none. */
  readonly body: Maybe<Scalars['String']['output']>;
  /** Headers. Secrets are replaced with `REDACTED`. */
  readonly headers: Scalars['JSONObject']['output'];
  /** HTTP method. */
  readonly method: Scalars['String']['output'];
  /** The source that would receive it. */
  readonly source: TicketSource;
  /** URL with query. Secrets are replaced with `REDACTED`. */
  readonly url: Scalars['String']['output'];
  /** The vendor that would receive it. */
  readonly vendor: Vendor;
};

/** Urgency of a ticket. */
export const Priority = {
  /** Before tickets of normal priority. */
  High: 'HIGH',
  /** Can wait. */
  Low: 'LOW',
  /** Normal. */
  Medium: 'MEDIUM',
  /** Immediately. */
  Urgent: 'URGENT'
} as const;

export type Priority = typeof Priority[keyof typeof Priority];
/** Why something was rejected, has failed, or has an unknown outcome. One problem per cause. */
export type Problem = {
  readonly __typename: 'Problem';
  /** Machine-readable kind of problem. Branch on this, not on the message. */
  readonly code: ProblemCode;
  /** Path of the invalid input, e.g. `["inputs", "groupId"]`. Null if no input is to blame. */
  readonly field: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** Human-readable message: what failed, why, and what to do next. */
  readonly message: Scalars['String']['output'];
  /** Seconds to wait before retrying, as requested by the vendor. Null if the vendor requested none. */
  readonly retryAfterSeconds: Maybe<Scalars['Int']['output']>;
  /**
   * Whether the same request may succeed later, unchanged. Retry a write with the same idempotency key; if its payload was
   * `replayed`, use a new key.
   */
  readonly retryable: Scalars['Boolean']['output'];
  /** Id of the source concerned, e.g. `omnidesk@emea`. Null if there is none. */
  readonly source: Maybe<Scalars['ID']['output']>;
  /** The id of the ticket concerned, as given by the caller. Null if there is none. */
  readonly ticketId: Maybe<Scalars['ID']['output']>;
  /** The vendor's own error code. Null if there is none. */
  readonly upstreamCode: Maybe<Scalars['String']['output']>;
  /** The vendor's own message, at most 500 characters, without markup. Null if there is none. */
  readonly upstreamMessage: Maybe<Scalars['String']['output']>;
  /** HTTP status of the vendor's response. Null if there was no response. */
  readonly upstreamStatus: Maybe<Scalars['Int']['output']>;
  /** The vendor concerned. Null if there is none. */
  readonly vendor: Maybe<Vendor>;
};

/** Kinds of problems. Failed reads report them in `extensions.code` of the GraphQL error. */
export const ProblemCode = {
  /** The caller lacks a required scope. */
  Forbidden: 'FORBIDDEN',
  /** A write with this idempotency key is still in progress. Nothing was sent. Retry with the same key. */
  IdempotencyInFlight: 'IDEMPOTENCY_IN_FLIGHT',
  /** This idempotency key was already used with other arguments. Nothing was sent. */
  IdempotencyKeyReused: 'IDEMPOTENCY_KEY_REUSED',
  /** The idempotency store is unreachable. Nothing was sent. */
  IdempotencyUnavailable: 'IDEMPOTENCY_UNAVAILABLE',
  /** The action is not allowed in the ticket's current state. */
  IllegalAction: 'ILLEGAL_ACTION',
  /** An argument is invalid; `field` names it if known. Nothing has changed. */
  InvalidInput: 'INVALID_INPUT',
  /** The vendor has no such ticket, or hides it from the account in use. */
  NotFound: 'NOT_FOUND',
  /**
   * The operation exceeds the number of vendor calls that one request may make. Writes with the outcome `NOT_APPLIED` were
   * not sent.
   */
  OperationTooCostly: 'OPERATION_TOO_COSTLY',
  /**
   * The write was sent, but no usable response arrived: it may or may not have been applied. Check the ticket before
   * retrying.
   */
  OutcomeUnknown: 'OUTCOME_UNKNOWN',
  /**
   * The caller has sent more requests than it may. The whole request was rejected, with HTTP status 429: nothing was
   * executed. Retry after `retryAfterSeconds`, also in the header `Retry-After`.
   */
  RateLimited: 'RATE_LIMITED',
  /** Credentials are missing, invalid or expired. */
  Unauthenticated: 'UNAUTHENTICATED',
  /** The vendor does not support this. The message names an alternative if there is one. */
  Unsupported: 'UNSUPPORTED',
  /** The vendor denies this to the account in use. */
  VendorForbidden: 'VENDOR_FORBIDDEN',
  /** The vendor is not configured on this endpoint. */
  VendorNotConfigured: 'VENDOR_NOT_CONFIGURED',
  /** The queue for this vendor is full. Nothing was sent. */
  VendorOverloaded: 'VENDOR_OVERLOADED',
  /** The vendor's response does not have the documented format. */
  VendorProtocol: 'VENDOR_PROTOCOL',
  /** Rate limited by the vendor. Retry after `retryAfterSeconds`. */
  VendorRateLimited: 'VENDOR_RATE_LIMITED',
  /** The vendor rejected the request. See `upstreamMessage` and `upstreamCode` for its reason. */
  VendorRejected: 'VENDOR_REJECTED',
  /** The vendor did not respond in time. */
  VendorTimeout: 'VENDOR_TIMEOUT',
  /** The vendor rejected the credentials of this endpoint. */
  VendorUnauthenticated: 'VENDOR_UNAUTHENTICATED',
  /** The vendor is unreachable or failing. */
  VendorUnavailable: 'VENDOR_UNAVAILABLE'
} as const;

export type ProblemCode = typeof ProblemCode[keyof typeof ProblemCode];
/** A workflow action on a Requestor ticket. */
export type PushWorkflowInput = {
  /**
   * The action: a name such as `IncidentSuspend`, or a number from 0 to 2147483647 as a string, such as `207`. Known names
   * are case-insensitive. The ticket's `availableActions` lists the actions that are allowed now.
   */
  readonly action: Scalars['String']['input'];
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** The customer to wait for. Only for `IncidentWaitForThirdParty` and `ServiceRequestWaitForThirdParty`. */
  readonly customerId?: InputMaybe<Scalars['Int']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** A note about the wait. Only for `IncidentWaitForThirdParty` and `ServiceRequestWaitForThirdParty`. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
  /**
   * The service. Required for `TicketConvertToIncident` and `TicketConvertToServiceRequest`. The options of the action's
   * `inputs` list the numbers.
   */
  readonly serviceId?: InputMaybe<Scalars['Int']['input']>;
  /** The ticket: `<source>:` followed by its number or its reference, e.g. `requestor:INC-000047`. */
  readonly ticketId: Scalars['ID']['input'];
  /**
   * The user concerned. Required for `IncidentAssign`, `IncidentAssignOther`, `IncidentFunctionEscalate`,
   * `ServiceRequestAssign`, `ServiceRequestAssignOther`, `ProblemAssign` and `ChangeAssign`. Optional for
   * `IncidentWaitForThirdParty` and `ServiceRequestWaitForThirdParty`. The options of the action's `inputs` list the keys.
   */
  readonly userProviderKey?: InputMaybe<Scalars['String']['input']>;
};

/** The result of a workflow action. */
export type PushWorkflowPayload = MutationPayload & {
  readonly __typename: 'PushWorkflowPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now. Selecting it costs a read. Null if nothing was sent. */
  readonly ticket: Maybe<RequestorTicket>;
  /** The change. Null if no change is known. */
  readonly transition: Maybe<Transition>;
};

/** Read operations. A failing vendor does not affect the results of the others. */
export type Query = {
  readonly __typename: 'Query';
  /** A bulk job of the caller. Null if the caller has none with this id. Jobs and their results are kept for the days of `BULK_KEPT_DAYS` after their end, 7 by default. */
  readonly bulkJob: Maybe<BulkJob>;
  /** The caller's bulk jobs, newest first. */
  readonly bulkJobs: BulkJobConnection;
  /**
   * The position of the change stream now. Take it in the same query as the data you show, and subscribe to `ticketChanged`
   * with it as `after`: nothing that happens in between is missed.
   */
  readonly liveCursor: Scalars['String']['output'];
  /** Fetches an object by its global id; currently always a ticket. Null if there is none. */
  readonly node: Maybe<Node>;
  /**
   * Fetches up to 200 objects by their global ids, in the given order. Null at the position of an object that is missing
   * or failed.
   */
  readonly nodes: ReadonlyArray<Maybe<Node>>;
  /** Fetches a ticket by its global id. Null if the vendor has no such ticket. */
  readonly ticket: Maybe<Ticket>;
  /**
   * Lists the tickets of all sources that support listing, merged, newest first. A source that fails, times out, or cannot
   * list has a `problem` in `sources`; the other sources' tickets are returned. An error if none of the selected sources
   * is configured, or the caller may read none of them.
   *
   * A page may contain fewer tickets than `first`, even none, while `hasNextPage` is true. Continue with
   * `pageInfo.endCursor` until it is false.
   */
  readonly tickets: TicketConnection;
  /**
   * Fetches up to 200 tickets by their global ids, in the given order. Null at the position of a ticket that does not
   * exist; null and an error with that path for a ticket that could not be read. The other tickets are returned.
   */
  readonly ticketsById: ReadonlyArray<Maybe<Ticket>>;
  /** All vendors that this endpoint supports, configured or not. */
  readonly vendors: ReadonlyArray<VendorInfo>;
};


/** Read operations. A failing vendor does not affect the results of the others. */
export type QueryBulkJobArgs = {
  id: Scalars['ID']['input'];
};


/** Read operations. A failing vendor does not affect the results of the others. */
export type QueryBulkJobsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/** Read operations. A failing vendor does not affect the results of the others. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** Read operations. A failing vendor does not affect the results of the others. */
export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


/** Read operations. A failing vendor does not affect the results of the others. */
export type QueryTicketArgs = {
  id: Scalars['ID']['input'];
};


/** Read operations. A failing vendor does not affect the results of the others. */
export type QueryTicketsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<TicketFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  patienceMs?: InputMaybe<Scalars['Int']['input']>;
};


/** Read operations. A failing vendor does not affect the results of the others. */
export type QueryTicketsByIdArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};

/** A workflow action that Requestor offers on a ticket. */
export type RequestorAction = TicketActionFields & {
  readonly __typename: 'RequestorAction';
  /** True if Requestor's name of the action contains `Cancel`, `Delete` or `Reject`. */
  readonly destructive: Scalars['Boolean']['output'];
  /**
   * Inputs of the action: any of `userProviderKey`, `serviceId`, `customerId` and `note`. If the action needs a user or a
   * service, selecting this field fetches the options from Requestor.
   */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** Button text: Requestor's display name, or words derived from the action's name. */
  readonly label: Scalars['String']['output'];
  /** Always `pushWorkflow`. */
  readonly mutation: Scalars['String']['output'];
  /**
   * Requestor's name of the action, e.g. `IncidentSuspend`, or its number as a string if the name is not known.
   * `pushWorkflow` and `executeAction` accept both.
   */
  readonly name: Scalars['String']['output'];
  /** Always null: Requestor does not return it in advance. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/**
 * A ticket of Requestor.
 *
 * Requestor cannot list tickets: fetch one by its number or its reference (`requestor:47`, `requestor:INC-000047`).
 */
export type RequestorTicket = Node & TicketFields & {
  readonly __typename: 'RequestorTicket';
  /**
   * Actions that Requestor offers on this ticket to the account in use. Returned with the ticket. Selecting the `inputs`
   * of an action that needs a user or a service fetches the options from Requestor.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** Whether the ticket is in its workflow's final state. */
  readonly closed: Maybe<Scalars['Boolean']['output']>;
  /** When the ticket was closed. Null if it is not closed. */
  readonly closedAt: Maybe<Scalars['DateTime']['output']>;
  /** Creation time. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /**
   * `<source>:` followed by the ticket's number, which does not change when a conversion changes the reference. Fetching
   * by reference also returns the number here. If the installation does not return numbers, the reference is used.
   */
  readonly id: Scalars['ID']['output'];
  /** Whether operators can exchange messages that are hidden from the submitter. */
  readonly isPrivateMessageSupported: Maybe<Scalars['Boolean']['output']>;
  /** The ticket's number as a string, e.g. `47`. */
  readonly nativeId: Scalars['String']['output'];
  /** The reference, e.g. `INC-000047`; equals `ticketRef`. */
  readonly reference: Scalars['String']['output'];
  /** How the ticket was resolved. */
  readonly resolutionText: Maybe<Scalars['String']['output']>;
  /** Number of the service concerned. */
  readonly serviceId: Maybe<Scalars['String']['output']>;
  /** Name of the service concerned. */
  readonly serviceName: Maybe<Scalars['String']['output']>;
  /** Full name of the assigned operator. Null if there is none. */
  readonly solver: Maybe<Scalars['String']['output']>;
  /** Key of the assigned operator: a `userProviderKey`. Null if there is none. */
  readonly solverKey: Maybe<Scalars['String']['output']>;
  /** Channel through which the ticket was submitted: a name or a number, depending on the installation. */
  readonly source: Maybe<Scalars['String']['output']>;
  /** The installation that holds the ticket. */
  readonly sourceSystem: TicketSource;
  /** State in the workflow of the ticket's own type: a name or a number, depending on the installation. */
  readonly state: Maybe<Scalars['String']['output']>;
  /**
   * Current status. `raw` is `state`, or `summaryState` if there is no state. The category is `CLOSED` in the workflow's
   * final state, otherwise derived from the name of the state. Null if the installation returns numbers, or a name that is
   * not recognized.
   */
  readonly status: TicketStatus;
  /** The subject. */
  readonly subject: Maybe<Scalars['String']['output']>;
  /** Full name of the submitter. */
  readonly submitter: Maybe<Scalars['String']['output']>;
  /** Number of the submitter's company. */
  readonly submitterCompanyId: Maybe<Scalars['String']['output']>;
  /** Key of the submitter. */
  readonly submitterKey: Maybe<Scalars['String']['output']>;
  /** State as one of those that all ticket types share: a name or a number, depending on the installation. */
  readonly summaryState: Maybe<Scalars['String']['output']>;
  /**
   * The reference: a prefix for the type (`TIC`, `INC`, `REQ`, `PRO`, `CHG`), a hyphen and digits. Changes when the ticket
   * is converted. Equals the number if the installation returns no reference.
   */
  readonly ticketRef: Scalars['String']['output'];
  /**
   * The type, e.g. `Incident`, `ServiceRequest`, `Problem`, `Change`. A number if the installation returns a number whose
   * name is not known.
   */
  readonly ticketType: Maybe<Scalars['String']['output']>;
  /** The subject; equals `subject`. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Always null: Requestor does not return it. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Number of the source in the installation's own list. */
  readonly userSourceId: Maybe<Scalars['String']['output']>;
  /** Always `REQUESTOR`. */
  readonly vendor: Vendor;
};

/** An action on a Request Tracker ticket. */
export type RtAction = TicketActionFields & {
  readonly __typename: 'RtAction';
  /** True for `status.deleted`: deleted tickets are in no list any more. */
  readonly destructive: Scalars['Boolean']['output'];
  /** `content`, the text, for `comment` and `correspond`. Empty for all others. */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** Button text. For a status, Request Tracker's own label, in the language of the account in use. */
  readonly label: Scalars['String']['output'];
  /** `setStatus` if the status is the one that Request Tracker has for its category, `executeAction` otherwise. */
  readonly mutation: Scalars['String']['output'];
  /** `status.` followed by a status, e.g. `status.resolved`; or `comment`, `correspond`, `take`, `untake` or `steal`. */
  readonly name: Scalars['String']['output'];
  /** The category after the action. Null if it is not known, or the status does not change. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/** A custom field of a Request Tracker ticket. */
export type RtCustomField = {
  readonly __typename: 'RtCustomField';
  /** Name of the field. */
  readonly name: Scalars['String']['output'];
  /** Its values as text. Empty if it has none. */
  readonly values: ReadonlyArray<Scalars['String']['output']>;
};

/** Values of a custom field. */
export type RtCustomFieldInput = {
  /** Name of the field. */
  readonly name: Scalars['String']['input'];
  /** Its values: one, unless the field takes several. */
  readonly values: ReadonlyArray<Scalars['String']['input']>;
};

/** A ticket of Request Tracker. What it shows depends on the rights of the account in use. */
export type RtTicket = Node & TicketFields & {
  readonly __typename: 'RtTicket';
  /**
   * What the lifecycle of the ticket's queue and the rights of the account in use admit now: `status.` and a status, with
   * Request Tracker's own label in the language of that account; `comment` and `correspond`; and one of `take`, `untake` and
   * `steal`, for which Request Tracker does not say whether the rights suffice. Selecting this field costs no extra upstream
   * call.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** Creation time. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Name of the user who created the ticket. */
  readonly creator: Maybe<Scalars['String']['output']>;
  /** The custom fields that the account in use may see, with their values. */
  readonly customFields: Maybe<ReadonlyArray<RtCustomField>>;
  /** When the ticket is due. Null if it is not set. */
  readonly dueAt: Maybe<Scalars['DateTime']['output']>;
  /** `<source>:` followed by the ticket number, e.g. `rt:47`. */
  readonly id: Scalars['ID']['output'];
  /**
   * Global id of the ticket into which this one was merged: all other fields, and all actions, are those of that ticket.
   * Null if it was not merged.
   */
  readonly mergedInto: Maybe<Scalars['ID']['output']>;
  /** The ticket number as a string of 1 to 10 digits, e.g. `47`. */
  readonly nativeId: Scalars['String']['output'];
  /** Name of the user who owns the ticket. Null if it has no owner. */
  readonly owner: Maybe<Scalars['String']['output']>;
  /** Priority as a number; the higher, the more urgent. Request Tracker shows it by names that an installation defines. */
  readonly priorityNumber: Maybe<Scalars['Int']['output']>;
  /** Name of the queue. Null if it may not be seen. */
  readonly queue: Maybe<Scalars['String']['output']>;
  /** The ticket number: Request Tracker has no other name for a ticket. `TicketFilter.reference` matches it. */
  readonly reference: Scalars['String']['output'];
  /** Email addresses, or user names, of the requestors. Personal data. */
  readonly requestors: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /**
   * When the ticket last got an inactive status. It stays when the ticket is opened again, so it does not say whether the
   * ticket is closed. Null if it never was.
   */
  readonly resolvedAt: Maybe<Scalars['DateTime']['output']>;
  /** The installation that holds the ticket. */
  readonly sourceSystem: TicketSource;
  /** When work on the ticket started. Null if it has not. */
  readonly startedAt: Maybe<Scalars['DateTime']['output']>;
  /** Request Tracker's own word for the status, as in `status.raw`. */
  readonly state: Maybe<Scalars['String']['output']>;
  /**
   * Current status. Categories of Request Tracker's own words: `new` `NEW`, `open` `OPEN`, `stalled` `ON_HOLD`, `resolved`
   * `SOLVED`, `rejected` and `deleted` `CANCELLED`. Queues may have lifecycles with other words; their categories come from
   * the setting `RT_STATUS_MAP`, and are null without it.
   */
  readonly status: TicketStatus;
  /** Time worked on the ticket, in minutes. */
  readonly timeWorkedMinutes: Maybe<Scalars['Int']['output']>;
  /** The subject. Null if empty. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Time of the last change by anyone, including mails that Request Tracker sent. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Always `RT`. */
  readonly vendor: Vendor;
};

/** Batch actions for 1 to 100 tickets. */
export type RunBatchInput = {
  /** The actions to run on each ticket, in order. At least one. */
  readonly actions: ReadonlyArray<BatchActionInput>;
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Global ids of 1 to 100 Omnidesk tickets. */
  readonly ticketIds: ReadonlyArray<Scalars['ID']['input']>;
};

/**
 * The result of the batch. Omnidesk responds for all tickets together, so they all have the same outcome. An `UNKNOWN`
 * outcome is never reconciled by a read.
 */
export type RunBatchPayload = MutationPayload & {
  readonly __typename: 'RunBatchPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** One result per id, in the order of the input. A repeated id is sent once and gets the same result each time. */
  readonly results: ReadonlyArray<TicketResult>;
};

/** A priority for 1 to 100 tickets. */
export type SetPriorityInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The new priority. */
  readonly priority: Priority;
  /** Global ids of 1 to 100 tickets, of any vendors. */
  readonly ticketIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** The result of setting the priority, per ticket. */
export type SetPriorityPayload = MutationPayload & {
  readonly __typename: 'SetPriorityPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** One result per id, in the order of the input. A repeated id is sent once and gets the same result each time. */
  readonly results: ReadonlyArray<TicketResult>;
};

/** A status for 1 to 100 tickets. */
export type SetStatusInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /**
   * A comment to send along. If the vendor takes none, it is not sent, and `problems` says so. If the vendor takes it as a
   * request of its own, that is sent after the action was applied; if it fails, the outcome stands and `problems` says so.
   */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The new status. */
  readonly status: StatusCategory;
  /** Global ids of 1 to 100 tickets, of any vendors. */
  readonly ticketIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** The result of setting the status, per ticket. */
export type SetStatusPayload = MutationPayload & {
  readonly __typename: 'SetStatusPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** One result per id, in the order of the input. A repeated id is sent once and gets the same result each time. */
  readonly results: ReadonlyArray<TicketResult>;
};

/** Confirmation that every unfinished ticket is to be solved. */
export type SolveUnfinishedTicketsInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Must be true; otherwise the mutation is rejected and nothing is sent. */
  readonly confirm: Scalars['Boolean']['input'];
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /**
   * Id of the source whose tickets are meant, e.g. `omnidesk@emea`. Required if there are several configured sources;
   * otherwise the only one.
   */
  readonly source?: InputMaybe<Scalars['ID']['input']>;
};

/** The result of solving all unfinished tickets. */
export type SolveUnfinishedTicketsPayload = MutationPayload & {
  readonly __typename: 'SolveUnfinishedTicketsPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
};

/** A source: whether it is configured and reachable. The fields mean what they mean in `VendorInfo`, for this source alone. */
export type SourceInfo = {
  readonly __typename: 'SourceInfo';
  /** State of the circuit breaker for calls to it. Null if it is not configured. */
  readonly breaker: Maybe<BreakerState>;
  /** Whether it is configured. Always true for a further source. */
  readonly configured: Scalars['Boolean']['output'];
  /** Whether `Query.tickets` can list its tickets. */
  readonly lists: Scalars['Boolean']['output'];
  /** Number of calls to it that wait because its concurrency limit is reached. Null if it is not configured. */
  readonly queued: Maybe<Scalars['Int']['output']>;
  /** Whether the last call reached it. Null if no call has been made since the start. */
  readonly reachable: Maybe<Scalars['Boolean']['output']>;
  /** The source. */
  readonly source: TicketSource;
};

/** The result of one source in a list of several. */
export type SourceResult = {
  readonly __typename: 'SourceResult';
  /** Why this source's tickets are missing or incomplete. Null if they are complete. */
  readonly problem: Maybe<Problem>;
  /** The source that was asked. */
  readonly source: TicketSource;
  /**
   * Number of tickets that match the filter. Null if the vendor returns no count, an implausible one, or one that ignores
   * part of the filter.
   */
  readonly totalCount: Maybe<Scalars['Int']['output']>;
  /** The vendor. */
  readonly vendor: Vendor;
};

/** A bulk job. */
export type StartBulkInput = {
  /** Most tickets to begin in a second, 1 to 10,000. Defaults to as many as the sources take beside other requests. */
  readonly atMostPerSecond?: InputMaybe<Scalars['Int']['input']>;
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** If true, no job is started and no write is sent; `plan` says what the job would do. A filter is read. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * 1 to 255 printable ASCII characters. The same key gives the same job, as long as that is kept. With other input, the
   * problem is `IDEMPOTENCY_KEY_REUSED`; uploads with the same lines are the same input.
   */
  readonly idempotencyKey: Scalars['String']['input'];
  /** Cancels the job after so many tickets with the outcome `UNKNOWN`. Defaults to never. */
  readonly stopAfterUnknown?: InputMaybe<Scalars['Int']['input']>;
  /** The tickets. */
  readonly tickets: BulkTicketsInput;
  /** What to do with each ticket. */
  readonly work: BulkWorkInput;
};

/** The result of starting a bulk job. */
export type StartBulkPayload = {
  readonly __typename: 'StartBulkPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** The job. Null with `dryRun`, and if it was not started. */
  readonly job: Maybe<BulkJob>;
  /** With `dryRun`: what the job would do. Null otherwise. */
  readonly plan: Maybe<BulkPlan>;
  /** Why the job was not started. Empty if it was. */
  readonly problems: ReadonlyArray<Problem>;
};

/** Status categories that all vendors share. */
export const StatusCategory = {
  /** Withdrawn or invalid. */
  Cancelled: 'CANCELLED',
  /** Closed for good. */
  Closed: 'CLOSED',
  /** Received; no work has begun. */
  New: 'NEW',
  /** Suspended, or waiting for a third party. */
  OnHold: 'ON_HOLD',
  /** In progress. */
  Open: 'OPEN',
  /** Waiting for the customer or for a confirmation. */
  Pending: 'PENDING',
  /** Solved; may be reopened or awaits confirmation. */
  Solved: 'SOLVED'
} as const;

export type StatusCategory = typeof StatusCategory[keyof typeof StatusCategory];
/** The status of a ticket was changed. */
export type StatusTransition = TransitionFields & {
  readonly __typename: 'StatusTransition';
  /** The action, in the vendor's own word or number. */
  readonly action: Scalars['String']['output'];
  /** When the vendor's response was received. */
  readonly at: Scalars['DateTime']['output'];
  /** Status before the change. Null if this request had not read the ticket before. */
  readonly from: Maybe<TicketStatus>;
  /** The ticket's new global id. Null if the id is unchanged, or the vendor returned no other. */
  readonly movedToId: Maybe<Scalars['ID']['output']>;
  /** The ticket that was changed, by its id before the change. The payload's `ticket` is read under its new id. */
  readonly ticketId: Scalars['ID']['output'];
  /** Status after the change. Null if the vendor does not return it. */
  readonly to: Maybe<TicketStatus>;
  /** The vendor that holds the ticket. */
  readonly vendor: Vendor;
};

/** Live updates, by Server-Sent Events or multipart HTTP on the same address as queries. */
export type Subscription = {
  readonly __typename: 'Subscription';
  /**
   * A bulk job as it proceeds: now, then at most once a second while it changes, and at once when it ends. The stream ends
   * with the job.
   */
  readonly bulkJobChanged: BulkJob;
  /**
   * Tickets as they change: the latest state, not each step. Give exactly one of `ids` and `filter`. Vendors do not report
   * changes, so they are polled, together for all subscribers; writes made through this endpoint are seen at once.
   *
   * Changes are delivered at least once, in order for each ticket, and never an older one after a newer one. A client that
   * reads slowly gets the latest change of each ticket.
   *
   * Of a filter, the 200 newest tickets are watched. Sources that cannot list their tickets are `STALE` from the start.
   */
  readonly ticketChanged: TicketChange;
};


/** Live updates, by Server-Sent Events or multipart HTTP on the same address as queries. */
export type SubscriptionBulkJobChangedArgs = {
  id: Scalars['ID']['input'];
};


/** Live updates, by Server-Sent Events or multipart HTTP on the same address as queries. */
export type SubscriptionTicketChangedArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<TicketFilter>;
  ids: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

/**
 * A ticket of any vendor. Select the shared fields with `... on TicketFields`, and a vendor's own fields with its type.
 * Fields of the same name have the same type in every member, so one query can select all of them without aliases.
 */
export type Ticket = AkanaTicket | HuaweiTicket | JifelineTicket | OmnideskTicket | RequestorTicket | RtTicket;

/** An action that is available on a ticket now. Select the shared fields with `... on TicketActionFields`. */
export type TicketAction = AkanaAction | HuaweiAction | JifelineAction | OmnideskAction | RequestorAction | RtAction;

/** The fields that all actions share: enough to render a button and its form. */
export type TicketActionFields = {
  /** Whether the action discards the ticket or work on it, e.g. a deletion or a cancellation. Ask the user to confirm it. */
  readonly destructive: Scalars['Boolean']['output'];
  /** Inputs to pass as `inputs` of `executeAction`. Empty if the action takes none. */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** Button text. */
  readonly label: Scalars['String']['output'];
  /** The dedicated mutation for this action. `executeAction` performs it as well. */
  readonly mutation: Scalars['String']['output'];
  /** The value to pass as `action` of `executeAction`. */
  readonly name: Scalars['String']['output'];
  /** The ticket's category after the action. Null if it is not known in advance. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/** One event of the change stream. */
export type TicketChange = {
  readonly __typename: 'TicketChange';
  /** Names of the fields of the ticket's type that differ. Empty if it is not known which. */
  readonly changed: ReadonlyArray<Scalars['String']['output']>;
  /** Position after this event: pass it as `after` to continue. Opaque. */
  readonly cursor: Scalars['String']['output'];
  /** What has happened. */
  readonly kind: TicketChangeKind;
  /** When it was noticed. */
  readonly observedAt: Scalars['DateTime']['output'];
  /** How the change was noticed. */
  readonly origin: ChangeOrigin;
  /** With `STALE`: why. Null otherwise. */
  readonly problem: Maybe<Problem>;
  /** The source concerned: with `STALE`, whose state is no longer known; with `FRESH`, which is known again. */
  readonly source: Maybe<TicketSource>;
  /** The ticket as it is now, read with the subscriber's rights. Null if it is gone, and where `ticketId` is null. */
  readonly ticket: Maybe<Ticket>;
  /** Global id of the ticket. Null for `RESYNC`, `STALE` and `FRESH`. */
  readonly ticketId: Maybe<Scalars['ID']['output']>;
};

/** What has happened to a ticket, or to the stream. */
export const TicketChangeKind = {
  /**
   * The ticket now matches the filter. With `ids`: it is there again, or it is what a watched ticket has become. If a write
   * gives a ticket another id, the old one is `LEFT`, and the new one appears and is watched from then on.
   */
  Appeared: 'APPEARED',
  /** The ticket has changed. */
  Changed: 'CHANGED',
  /** The ticket as it is at the start of the stream. */
  Current: 'CURRENT',
  /** A source is polled again. Changes in between follow. */
  Fresh: 'FRESH',
  /** The ticket no longer matches the filter, or is gone; then `ticket` is null. */
  Left: 'LEFT',
  /** Events may have been missed: read your tickets again, then go on with this stream. */
  Resync: 'RESYNC',
  /** A source cannot be polled at present, so that its changes arrive late. Reported once, until `FRESH`. */
  Stale: 'STALE'
} as const;

export type TicketChangeKind = typeof TicketChangeKind[keyof typeof TicketChangeKind];
/** A page of tickets. */
export type TicketConnection = {
  readonly __typename: 'TicketConnection';
  /** The tickets of this page with their cursors. */
  readonly edges: ReadonlyArray<TicketEdge>;
  /** The tickets of this page. */
  readonly nodes: ReadonlyArray<Ticket>;
  /** Pagination details. */
  readonly pageInfo: PageInfo;
  /** One result per selected source. */
  readonly sources: ReadonlyArray<SourceResult>;
};

/** A ticket and its cursor. */
export type TicketEdge = {
  readonly __typename: 'TicketEdge';
  /** Pass as `after` to continue after this ticket. Opaque; valid only with the same filter. */
  readonly cursor: Scalars['String']['output'];
  /** The ticket. */
  readonly node: Ticket;
};

/** The fields that all tickets share. */
export type TicketFields = {
  /**
   * Actions that are available now, e.g. to render as buttons. `executeAction` performs each of them. Some vendors need an
   * extra upstream call for this field, so select it only where it is shown.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** Creation time. Null if the vendor does not return it. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Global id: `<source>:<native id>`, e.g. `huawei:TS-123456`. */
  readonly id: Scalars['ID']['output'];
  /** The vendor's own id, verbatim. */
  readonly nativeId: Scalars['String']['output'];
  /** The name that people use for the ticket, e.g. `INC-000047`. Equals `nativeId` if the vendor has no other name. */
  readonly reference: Scalars['String']['output'];
  /** The installation of the vendor that holds the ticket. */
  readonly sourceSystem: TicketSource;
  /** Current status. */
  readonly status: TicketStatus;
  /** One-line summary. Null if the vendor has none. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Time of the last change. Null if the vendor does not return it. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** The vendor that holds the ticket. */
  readonly vendor: Vendor;
};

/** Which tickets to list. All given conditions must match. */
export type TicketFilter = {
  /** If true, includes archived tickets. Supported by Omnidesk; other vendors have the problem `UNSUPPORTED` in `sources`. */
  readonly archived?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only tickets in one of these categories. */
  readonly categories?: InputMaybe<ReadonlyArray<StatusCategory>>;
  /**
   * Only cases of this IAM group, instead of the one in `HUAWEI_GROUP_ID`: Huawei's group id, at most 64 characters. An
   * empty string selects the account's own cases only. Other vendors have the problem `UNSUPPORTED` in `sources`.
   */
  readonly group?: InputMaybe<Scalars['String']['input']>;
  /** Only the ticket with exactly this reference, e.g. `INC-000047`. Also finds tickets of vendors that cannot list. */
  readonly reference?: InputMaybe<Scalars['String']['input']>;
  /**
   * Only tickets that contain this text. Uses the vendor's own search if it has one; otherwise matches title and
   * reference, ignoring case.
   */
  readonly search?: InputMaybe<Scalars['String']['input']>;
  /**
   * Only these sources, by their ids, e.g. `omnidesk@emea`. Defaults to all configured sources. If `vendors` is given as
   * well, both must match.
   */
  readonly sources?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  /** Only these vendors. Defaults to all configured vendors. */
  readonly vendors?: InputMaybe<ReadonlyArray<Vendor>>;
  /**
   * Only tickets in this view, by the vendor's name for it. Supported by Omnidesk; other vendors have the problem
   * `UNSUPPORTED` in `sources`.
   */
  readonly view?: InputMaybe<Scalars['String']['input']>;
};

/** The result for one ticket of a write to several. */
export type TicketResult = {
  readonly __typename: 'TicketResult';
  /** Whether the write was applied to this ticket. */
  readonly outcome: Outcome;
  /** Why the write was not applied to this ticket, or a warning. Null if there is none. */
  readonly problem: Maybe<Problem>;
  /** The ticket as it is now. Selecting it costs a read. */
  readonly ticket: Maybe<Ticket>;
  /** The ticket's id as given by the caller. */
  readonly ticketId: Scalars['ID']['output'];
  /** The change. Null if no change is known. */
  readonly transition: Maybe<Transition>;
};

/**
 * One installation of a vendor. Most companies have one of each vendor: its default source, whose id is the vendor's key,
 * e.g. `omnidesk`. A further one is called `omnidesk@emea`; its ticket ids start with that: `omnidesk@emea:858462`.
 */
export type TicketSource = {
  readonly __typename: 'TicketSource';
  /** The vendor's key, or `<vendor>@<name>`. Ids of its tickets start with it and a colon. */
  readonly id: Scalars['ID']['output'];
  /** Display name. */
  readonly name: Scalars['String']['output'];
  /** The vendor whose installation it is. */
  readonly vendor: Vendor;
};

/** The status of a ticket. */
export type TicketStatus = {
  readonly __typename: 'TicketStatus';
  /** The status as one of the categories that all vendors share. Null if the vendor's status is not recognized. */
  readonly category: Maybe<StatusCategory>;
  /** The vendor's own word or number for the status. */
  readonly raw: Scalars['String']['output'];
};

/** A change that a write made to a ticket. Select the shared fields with `... on TransitionFields`. */
export type Transition = ActionTransition | CancelTransition | CompleteTransition | OutsourceTransition | StatusTransition | WorkflowTransition;

/** The fields that all transitions share. */
export type TransitionFields = {
  /** The action, in the vendor's own word or number. */
  readonly action: Scalars['String']['output'];
  /** When the vendor's response was received. */
  readonly at: Scalars['DateTime']['output'];
  /** Status before the change. Null if this request had not read the ticket before. */
  readonly from: Maybe<TicketStatus>;
  /** The ticket that was changed, by its id before the change. The payload's `ticket` is read under its new id. */
  readonly ticketId: Scalars['ID']['output'];
  /** Status after the change. Null if the vendor does not return it. */
  readonly to: Maybe<TicketStatus>;
  /** The vendor that holds the ticket. */
  readonly vendor: Vendor;
};

/** A ticket and its transition. */
export type TransitionInProgressInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Global id of a Jifeline ticket that is in progress. */
  readonly ticketId: Scalars['ID']['input'];
  /** The transition. Exactly one field must be set. */
  readonly transition: InProgressTransitionInput;
};

/** The result of the transition. */
export type TransitionInProgressPayload = MutationPayload & {
  readonly __typename: 'TransitionInProgressPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now, under its new id. Selecting it costs a read. Null if nothing was sent. */
  readonly ticket: Maybe<JifelineTicket>;
  /** The change: an `OutsourceTransition`, `CompleteTransition` or `CancelTransition`. Null if no change is known. */
  readonly transition: Maybe<Transition>;
};

/** The ticket to unlink from its customer. */
export type UnlinkCustomerInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** Global id of an Omnidesk ticket. */
  readonly ticketId: Scalars['ID']['input'];
};

/** The result of unlinking the customer. */
export type UnlinkCustomerPayload = MutationPayload & {
  readonly __typename: 'UnlinkCustomerPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now. Selecting it costs a read. Null if nothing was sent. */
  readonly ticket: Maybe<Ticket>;
};

/** Changes to a ticket. At least one must be given. */
export type UpdateTicketInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** The customer's id in an external system of your choice. */
  readonly externalCustomerId?: InputMaybe<Scalars['String']['input']>;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The final status. */
  readonly status?: InputMaybe<FinalStatus>;
  /** The ticket's global id. */
  readonly ticketId: Scalars['ID']['input'];
  /** The new title. */
  readonly title?: InputMaybe<Scalars['String']['input']>;
};

/** The result of updating a ticket. */
export type UpdateTicketPayload = MutationPayload & {
  readonly __typename: 'UpdateTicketPayload';
  /** The input's `clientMutationId`, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether the write was applied. */
  readonly outcome: Outcome;
  /** With `dryRun`: the exact requests that would be sent, with secrets redacted. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why the write was not applied, or warnings. Empty if there are none. */
  readonly problems: ReadonlyArray<Problem>;
  /** Whether `APPLIED` was established by a read, because the write had no usable response. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** Whether this is the stored result of an earlier call with the same `idempotencyKey`. If true, nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now. Selecting it costs a read. Null if nothing was sent. */
  readonly ticket: Maybe<Ticket>;
};

/**
 * The ticket systems behind this endpoint. The lower-case value is the prefix of its ticket ids; those of a further
 * installation start with the id of its `TicketSource`.
 */
export const Vendor = {
  /** Akana, an API platform. Its developer portal manages tickets about APIs and apps. Ids start with `akana:`. */
  Akana: 'AKANA',
  /** Huawei Cloud service tickets, also called cases. Ids start with `huawei:`, e.g. `huawei:TS-123456`. */
  Huawei: 'HUAWEI',
  /** Jifeline Networks, remote diagnostics of vehicles. Ids start with `jifeline:`. */
  Jifeline: 'JIFELINE',
  /** Omnidesk, an omnichannel helpdesk. Ids start with `omnidesk:`, followed by the ticket number. */
  Omnidesk: 'OMNIDESK',
  /** Requestor, an IT service desk. Ids start with `requestor:`, followed by the ticket's number or its reference. */
  Requestor: 'REQUESTOR',
  /** Request Tracker (RT) 5, over REST 2.0. Ids start with `rt:`, followed by the ticket number, e.g. `rt:47`. */
  Rt: 'RT'
} as const;

export type Vendor = typeof Vendor[keyof typeof Vendor];
/** A ticket system: whether it is configured and reachable, and what it supports. */
export type VendorInfo = {
  readonly __typename: 'VendorInfo';
  /**
   * State of the circuit breaker for calls to this vendor; the worst one if it has several sources. Null if the vendor is
   * not configured.
   */
  readonly breaker: Maybe<BreakerState>;
  /** Whether a source of the vendor is configured on this endpoint. Otherwise its tickets fail with `VENDOR_NOT_CONFIGURED`. */
  readonly configured: Scalars['Boolean']['output'];
  /** The vendor. */
  readonly key: Vendor;
  /** Whether `Query.tickets` can list this vendor's tickets. If false, find them by id or by `filter.reference`. */
  readonly lists: Scalars['Boolean']['output'];
  /** How the vendor is polled for live updates. Null if it has no subscribers. */
  readonly live: Maybe<LiveInfo>;
  /** Names of the mutations that this vendor supports. */
  readonly mutations: ReadonlyArray<Scalars['String']['output']>;
  /** Display name. */
  readonly name: Scalars['String']['output'];
  /** The `mutations` that the caller's scopes permit for this vendor. All of them if authentication is not configured. */
  readonly permittedMutations: ReadonlyArray<Scalars['String']['output']>;
  /** Number of calls waiting in the queue because the concurrency limit is reached. Null if the vendor is not configured. */
  readonly queued: Maybe<Scalars['Int']['output']>;
  /**
   * Whether the last call reached the vendor. False after a refused connection, a timeout, or while `breaker` is `OPEN`.
   * Null if no call has been made since the start. With several sources, false if it is false for one of them. Selecting
   * this field makes no call.
   */
  readonly reachable: Maybe<Scalars['Boolean']['output']>;
  /** Its default source, configured or not, and its further ones. */
  readonly sources: ReadonlyArray<SourceInfo>;
};

/** A Requestor ticket was moved to another step of its workflow. */
export type WorkflowTransition = TransitionFields & {
  readonly __typename: 'WorkflowTransition';
  /**
   * The action's name, e.g. `IncidentSuspend`, even if the caller gave its number. The number as a string if the name is
   * not known.
   */
  readonly action: Scalars['String']['output'];
  /** When the vendor's response was received. */
  readonly at: Scalars['DateTime']['output'];
  /** Status before the change. Null if this request had not read the ticket before. */
  readonly from: Maybe<TicketStatus>;
  /**
   * The reference before the change; differs from `ticketRef` if the action converted the ticket. Null if the ticket was
   * given by its number and this request had not read it.
   */
  readonly previousTicketRef: Maybe<Scalars['String']['output']>;
  /** The ticket that was changed: by its number if Requestor returned one, else as given by the caller. */
  readonly ticketId: Scalars['ID']['output'];
  /** The reference after the change. Null if Requestor returned only the number. */
  readonly ticketRef: Maybe<Scalars['String']['output']>;
  /** Status after the change. Null unless the outcome was established by a read: Requestor's response contains none. */
  readonly to: Maybe<TicketStatus>;
  /** Always `REQUESTOR`. */
  readonly vendor: Vendor;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  AkanaTicket: AkanaTicket;
  HuaweiTicket: HuaweiTicket;
  JifelineTicket: JifelineTicket;
  OmnideskTicket: OmnideskTicket;
  RequestorTicket: RequestorTicket;
  RtTicket: RtTicket;
  TicketFields: TicketFields;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  AkanaTicket:
    ( { __typename: 'AkanaTicket' }
    & GraphQLRecursivePick<FederationTypes['AkanaTicket'], {"id":true}> );
  HuaweiTicket:
    ( { __typename: 'HuaweiTicket' }
    & GraphQLRecursivePick<FederationTypes['HuaweiTicket'], {"id":true}> );
  JifelineTicket:
    ( { __typename: 'JifelineTicket' }
    & GraphQLRecursivePick<FederationTypes['JifelineTicket'], {"id":true}> );
  OmnideskTicket:
    ( { __typename: 'OmnideskTicket' }
    & GraphQLRecursivePick<FederationTypes['OmnideskTicket'], {"id":true}> );
  RequestorTicket:
    ( { __typename: 'RequestorTicket' }
    & GraphQLRecursivePick<FederationTypes['RequestorTicket'], {"id":true}> );
  RtTicket:
    ( { __typename: 'RtTicket' }
    & GraphQLRecursivePick<FederationTypes['RtTicket'], {"id":true}> );
  TicketFields:
    ( { __typename: 'TicketFields' }
    & GraphQLRecursivePick<FederationTypes['TicketFields'], {"id":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  ActionInput: ResolverTypeWrapper<ActionInputSource>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  ActionInputOption: ResolverTypeWrapper<ActionInputOption>;
  ActionInputType: ActionInputType;
  ActionTransition: ResolverTypeWrapper<ActionTransition>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  AkanaAction: ResolverTypeWrapper<Omit<AkanaAction, 'inputs'> & { inputs: ReadonlyArray<ResolversTypes['ActionInput']> }>;
  AkanaTicket: ResolverTypeWrapper<Omit<AkanaTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']>, sourceSystem: ResolversTypes['TicketSource'] }>;
  AssignOperatorInput: AssignOperatorInput;
  AssignOperatorPayload: ResolverTypeWrapper<Omit<AssignOperatorPayload, 'plan' | 'problems' | 'ticket'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['JifelineTicket']> }>;
  BatchActionInput: BatchActionInput;
  BreakerState: BreakerState;
  BulkActionInput: BulkActionInput;
  BulkDeletionInput: BulkDeletionInput;
  BulkFormat: BulkFormat;
  BulkJob: ResolverTypeWrapper<JobView>;
  BulkJobConnection: ResolverTypeWrapper<JobPage>;
  BulkJobEdge: ResolverTypeWrapper<JobEdge>;
  BulkPlan: ResolverTypeWrapper<BulkPlanParent>;
  BulkPlanSource: ResolverTypeWrapper<PlannedSource>;
  BulkPriorityInput: BulkPriorityInput;
  BulkResult: ResolverTypeWrapper<ItemResult>;
  BulkResultConnection: ResolverTypeWrapper<ResultPage>;
  BulkResultEdge: ResolverTypeWrapper<ResultEdge>;
  BulkSource: ResolverTypeWrapper<JobSource>;
  BulkState: BulkState;
  BulkStatusInput: BulkStatusInput;
  BulkTicketsInput: BulkTicketsInput;
  BulkWorkInput: BulkWorkInput;
  CancelBulkInput: CancelBulkInput;
  CancelBulkPayload: ResolverTypeWrapper<Omit<CancelBulkPayload, 'job' | 'problems'> & { job?: Maybe<ResolversTypes['BulkJob']>, problems: ReadonlyArray<ResolversTypes['Problem']> }>;
  CancelInput: CancelInput;
  CancelTransition: ResolverTypeWrapper<CancelTransition>;
  ChangeOrigin: ChangeOrigin;
  CompleteInput: CompleteInput;
  CompleteTransition: ResolverTypeWrapper<CompleteTransition>;
  CreateTicketInput: CreateTicketInput;
  CreateTicketPayload: ResolverTypeWrapper<Omit<CreateTicketPayload, 'plan' | 'problems' | 'ticket'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['Ticket']> }>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeleteTicketsInput: DeleteTicketsInput;
  DeleteTicketsPayload: ResolverTypeWrapper<Omit<DeleteTicketsPayload, 'plan' | 'problems' | 'results'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, results: ReadonlyArray<ResolversTypes['TicketResult']> }>;
  Direction: Direction;
  ExecuteActionInput: ExecuteActionInput;
  ExecuteActionPayload: ResolverTypeWrapper<Omit<ExecuteActionPayload, 'plan' | 'problems' | 'ticket' | 'transition'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['Ticket']>, transition?: Maybe<ResolversTypes['Transition']> }>;
  FinalStatus: FinalStatus;
  HuaweiAction: ResolverTypeWrapper<Omit<HuaweiAction, 'inputs'> & { inputs: ReadonlyArray<ResolversTypes['ActionInput']> }>;
  HuaweiTicket: ResolverTypeWrapper<Omit<HuaweiTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']>, sourceSystem: ResolversTypes['TicketSource'] }>;
  InProgressTransitionInput: InProgressTransitionInput;
  JSONObject: ResolverTypeWrapper<Scalars['JSONObject']['output']>;
  JifelineAction: ResolverTypeWrapper<Omit<JifelineAction, 'inputs'> & { inputs: ReadonlyArray<ResolversTypes['ActionInput']> }>;
  JifelineTicket: ResolverTypeWrapper<Omit<JifelineTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']>, sourceSystem: ResolversTypes['TicketSource'] }>;
  LiveInfo: ResolverTypeWrapper<LiveState>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  MutationPayload: ResolverTypeWrapper<Payload>;
  NewOmnideskTicketInput: NewOmnideskTicketInput;
  NewRtTicketInput: NewRtTicketInput;
  NewTicketInput: NewTicketInput;
  Node: ResolverTypeWrapper<NodeParent>;
  OmnideskAction: ResolverTypeWrapper<Omit<OmnideskAction, 'inputs'> & { inputs: ReadonlyArray<ResolversTypes['ActionInput']> }>;
  OmnideskTicket: ResolverTypeWrapper<Omit<OmnideskTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']>, sourceSystem: ResolversTypes['TicketSource'] }>;
  Outcome: Outcome;
  OutsourceInput: OutsourceInput;
  OutsourceTransition: ResolverTypeWrapper<OutsourceTransition>;
  PageInfo: ResolverTypeWrapper<Page>;
  PlannedRequest: ResolverTypeWrapper<PlannedRequestParent>;
  Priority: Priority;
  Problem: ResolverTypeWrapper<ProblemSource>;
  ProblemCode: ProblemCode;
  PushWorkflowInput: PushWorkflowInput;
  PushWorkflowPayload: ResolverTypeWrapper<Omit<PushWorkflowPayload, 'plan' | 'problems' | 'ticket' | 'transition'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['RequestorTicket']>, transition?: Maybe<ResolversTypes['Transition']> }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RequestorAction: ResolverTypeWrapper<Omit<RequestorAction, 'inputs'> & { inputs: ReadonlyArray<ResolversTypes['ActionInput']> }>;
  RequestorTicket: ResolverTypeWrapper<Omit<RequestorTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']>, sourceSystem: ResolversTypes['TicketSource'] }>;
  RtAction: ResolverTypeWrapper<Omit<RtAction, 'inputs'> & { inputs: ReadonlyArray<ResolversTypes['ActionInput']> }>;
  RtCustomField: ResolverTypeWrapper<RtCustomField>;
  RtCustomFieldInput: RtCustomFieldInput;
  RtTicket: ResolverTypeWrapper<Omit<RtTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']>, sourceSystem: ResolversTypes['TicketSource'] }>;
  RunBatchInput: RunBatchInput;
  RunBatchPayload: ResolverTypeWrapper<Omit<RunBatchPayload, 'plan' | 'problems' | 'results'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, results: ReadonlyArray<ResolversTypes['TicketResult']> }>;
  SetPriorityInput: SetPriorityInput;
  SetPriorityPayload: ResolverTypeWrapper<Omit<SetPriorityPayload, 'plan' | 'problems' | 'results'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, results: ReadonlyArray<ResolversTypes['TicketResult']> }>;
  SetStatusInput: SetStatusInput;
  SetStatusPayload: ResolverTypeWrapper<Omit<SetStatusPayload, 'plan' | 'problems' | 'results'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, results: ReadonlyArray<ResolversTypes['TicketResult']> }>;
  SolveUnfinishedTicketsInput: SolveUnfinishedTicketsInput;
  SolveUnfinishedTicketsPayload: ResolverTypeWrapper<Omit<SolveUnfinishedTicketsPayload, 'plan' | 'problems'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']> }>;
  SourceInfo: ResolverTypeWrapper<SourceState>;
  SourceResult: ResolverTypeWrapper<ListSource>;
  StartBulkInput: StartBulkInput;
  StartBulkPayload: ResolverTypeWrapper<Omit<StartBulkPayload, 'job' | 'plan' | 'problems'> & { job?: Maybe<ResolversTypes['BulkJob']>, plan?: Maybe<ResolversTypes['BulkPlan']>, problems: ReadonlyArray<ResolversTypes['Problem']> }>;
  StatusCategory: StatusCategory;
  StatusTransition: ResolverTypeWrapper<StatusTransition>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Ticket: ResolverTypeWrapper<TicketParent>;
  TicketAction: ResolverTypeWrapper<TicketActionSource>;
  TicketActionFields: ResolverTypeWrapper<TicketActionSource>;
  TicketChange: ResolverTypeWrapper<TicketChangeParent>;
  TicketChangeKind: TicketChangeKind;
  TicketConnection: ResolverTypeWrapper<TicketPage>;
  TicketEdge: ResolverTypeWrapper<Edge>;
  TicketFields: ResolverTypeWrapper<TicketParent>;
  TicketFilter: TicketFilter;
  TicketResult: ResolverTypeWrapper<WriteItem>;
  TicketSource: ResolverTypeWrapper<TicketSourceParent>;
  TicketStatus: ResolverTypeWrapper<TicketStatus>;
  Transition: ResolverTypeWrapper<TransitionRecord>;
  TransitionFields: ResolverTypeWrapper<TransitionRecord>;
  TransitionInProgressInput: TransitionInProgressInput;
  TransitionInProgressPayload: ResolverTypeWrapper<Omit<TransitionInProgressPayload, 'plan' | 'problems' | 'ticket' | 'transition'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['JifelineTicket']>, transition?: Maybe<ResolversTypes['Transition']> }>;
  UnlinkCustomerInput: UnlinkCustomerInput;
  UnlinkCustomerPayload: ResolverTypeWrapper<Omit<UnlinkCustomerPayload, 'plan' | 'problems' | 'ticket'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['Ticket']> }>;
  UpdateTicketInput: UpdateTicketInput;
  UpdateTicketPayload: ResolverTypeWrapper<Omit<UpdateTicketPayload, 'plan' | 'problems' | 'ticket'> & { plan?: Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['Ticket']> }>;
  Vendor: Vendor;
  VendorInfo: ResolverTypeWrapper<VendorState>;
  WorkflowTransition: ResolverTypeWrapper<WorkflowTransition>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  ActionInput: ActionInputSource;
  Int: Scalars['Int']['output'];
  Boolean: Scalars['Boolean']['output'];
  ActionInputOption: ActionInputOption;
  ActionTransition: ActionTransition;
  ID: Scalars['ID']['output'];
  AkanaAction: Omit<AkanaAction, 'inputs'> & { inputs: ReadonlyArray<ResolversParentTypes['ActionInput']> };
  AkanaTicket: Omit<AkanaTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']>, sourceSystem: ResolversParentTypes['TicketSource'] } | FederationReferenceTypes['AkanaTicket'];
  AssignOperatorInput: AssignOperatorInput;
  AssignOperatorPayload: Omit<AssignOperatorPayload, 'plan' | 'problems' | 'ticket'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['JifelineTicket']> };
  BatchActionInput: BatchActionInput;
  BulkActionInput: BulkActionInput;
  BulkDeletionInput: BulkDeletionInput;
  BulkJob: JobView;
  BulkJobConnection: JobPage;
  BulkJobEdge: JobEdge;
  BulkPlan: BulkPlanParent;
  BulkPlanSource: PlannedSource;
  BulkPriorityInput: BulkPriorityInput;
  BulkResult: ItemResult;
  BulkResultConnection: ResultPage;
  BulkResultEdge: ResultEdge;
  BulkSource: JobSource;
  BulkStatusInput: BulkStatusInput;
  BulkTicketsInput: BulkTicketsInput;
  BulkWorkInput: BulkWorkInput;
  CancelBulkInput: CancelBulkInput;
  CancelBulkPayload: Omit<CancelBulkPayload, 'job' | 'problems'> & { job?: Maybe<ResolversParentTypes['BulkJob']>, problems: ReadonlyArray<ResolversParentTypes['Problem']> };
  CancelInput: CancelInput;
  CancelTransition: CancelTransition;
  CompleteInput: CompleteInput;
  CompleteTransition: CompleteTransition;
  CreateTicketInput: CreateTicketInput;
  CreateTicketPayload: Omit<CreateTicketPayload, 'plan' | 'problems' | 'ticket'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['Ticket']> };
  DateTime: Scalars['DateTime']['output'];
  DeleteTicketsInput: DeleteTicketsInput;
  DeleteTicketsPayload: Omit<DeleteTicketsPayload, 'plan' | 'problems' | 'results'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, results: ReadonlyArray<ResolversParentTypes['TicketResult']> };
  ExecuteActionInput: ExecuteActionInput;
  ExecuteActionPayload: Omit<ExecuteActionPayload, 'plan' | 'problems' | 'ticket' | 'transition'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['Ticket']>, transition?: Maybe<ResolversParentTypes['Transition']> };
  HuaweiAction: Omit<HuaweiAction, 'inputs'> & { inputs: ReadonlyArray<ResolversParentTypes['ActionInput']> };
  HuaweiTicket: Omit<HuaweiTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']>, sourceSystem: ResolversParentTypes['TicketSource'] } | FederationReferenceTypes['HuaweiTicket'];
  InProgressTransitionInput: InProgressTransitionInput;
  JSONObject: Scalars['JSONObject']['output'];
  JifelineAction: Omit<JifelineAction, 'inputs'> & { inputs: ReadonlyArray<ResolversParentTypes['ActionInput']> };
  JifelineTicket: Omit<JifelineTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']>, sourceSystem: ResolversParentTypes['TicketSource'] } | FederationReferenceTypes['JifelineTicket'];
  LiveInfo: LiveState;
  Float: Scalars['Float']['output'];
  Mutation: Record<PropertyKey, never>;
  MutationPayload: Payload;
  NewOmnideskTicketInput: NewOmnideskTicketInput;
  NewRtTicketInput: NewRtTicketInput;
  NewTicketInput: NewTicketInput;
  Node: NodeParent;
  OmnideskAction: Omit<OmnideskAction, 'inputs'> & { inputs: ReadonlyArray<ResolversParentTypes['ActionInput']> };
  OmnideskTicket: Omit<OmnideskTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']>, sourceSystem: ResolversParentTypes['TicketSource'] } | FederationReferenceTypes['OmnideskTicket'];
  OutsourceInput: OutsourceInput;
  OutsourceTransition: OutsourceTransition;
  PageInfo: Page;
  PlannedRequest: PlannedRequestParent;
  Problem: ProblemSource;
  PushWorkflowInput: PushWorkflowInput;
  PushWorkflowPayload: Omit<PushWorkflowPayload, 'plan' | 'problems' | 'ticket' | 'transition'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['RequestorTicket']>, transition?: Maybe<ResolversParentTypes['Transition']> };
  Query: Record<PropertyKey, never>;
  RequestorAction: Omit<RequestorAction, 'inputs'> & { inputs: ReadonlyArray<ResolversParentTypes['ActionInput']> };
  RequestorTicket: Omit<RequestorTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']>, sourceSystem: ResolversParentTypes['TicketSource'] } | FederationReferenceTypes['RequestorTicket'];
  RtAction: Omit<RtAction, 'inputs'> & { inputs: ReadonlyArray<ResolversParentTypes['ActionInput']> };
  RtCustomField: RtCustomField;
  RtCustomFieldInput: RtCustomFieldInput;
  RtTicket: Omit<RtTicket, 'availableActions' | 'sourceSystem'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']>, sourceSystem: ResolversParentTypes['TicketSource'] } | FederationReferenceTypes['RtTicket'];
  RunBatchInput: RunBatchInput;
  RunBatchPayload: Omit<RunBatchPayload, 'plan' | 'problems' | 'results'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, results: ReadonlyArray<ResolversParentTypes['TicketResult']> };
  SetPriorityInput: SetPriorityInput;
  SetPriorityPayload: Omit<SetPriorityPayload, 'plan' | 'problems' | 'results'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, results: ReadonlyArray<ResolversParentTypes['TicketResult']> };
  SetStatusInput: SetStatusInput;
  SetStatusPayload: Omit<SetStatusPayload, 'plan' | 'problems' | 'results'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, results: ReadonlyArray<ResolversParentTypes['TicketResult']> };
  SolveUnfinishedTicketsInput: SolveUnfinishedTicketsInput;
  SolveUnfinishedTicketsPayload: Omit<SolveUnfinishedTicketsPayload, 'plan' | 'problems'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']> };
  SourceInfo: SourceState;
  SourceResult: ListSource;
  StartBulkInput: StartBulkInput;
  StartBulkPayload: Omit<StartBulkPayload, 'job' | 'plan' | 'problems'> & { job?: Maybe<ResolversParentTypes['BulkJob']>, plan?: Maybe<ResolversParentTypes['BulkPlan']>, problems: ReadonlyArray<ResolversParentTypes['Problem']> };
  StatusTransition: StatusTransition;
  Subscription: Record<PropertyKey, never>;
  Ticket: TicketParent;
  TicketAction: TicketActionSource;
  TicketActionFields: TicketActionSource;
  TicketChange: TicketChangeParent;
  TicketConnection: TicketPage;
  TicketEdge: Edge;
  TicketFields: TicketParent;
  TicketFilter: TicketFilter;
  TicketResult: WriteItem;
  TicketSource: TicketSourceParent;
  TicketStatus: TicketStatus;
  Transition: TransitionRecord;
  TransitionFields: TransitionRecord;
  TransitionInProgressInput: TransitionInProgressInput;
  TransitionInProgressPayload: Omit<TransitionInProgressPayload, 'plan' | 'problems' | 'ticket' | 'transition'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['JifelineTicket']>, transition?: Maybe<ResolversParentTypes['Transition']> };
  UnlinkCustomerInput: UnlinkCustomerInput;
  UnlinkCustomerPayload: Omit<UnlinkCustomerPayload, 'plan' | 'problems' | 'ticket'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['Ticket']> };
  UpdateTicketInput: UpdateTicketInput;
  UpdateTicketPayload: Omit<UpdateTicketPayload, 'plan' | 'problems' | 'ticket'> & { plan?: Maybe<ReadonlyArray<ResolversParentTypes['PlannedRequest']>>, problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['Ticket']> };
  VendorInfo: VendorState;
  WorkflowTransition: WorkflowTransition;
  String: Scalars['String']['output'];
};

export type NeedsDirectiveArgs = {
  scope: Scalars['String']['input'];
};

export type NeedsDirectiveResolver<Result, Parent, ContextType = ResolverContext, Args = NeedsDirectiveArgs> = DirectiveResolverFn<Result, Parent, ContextType, Args>;

export type ActionInputResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['ActionInput'] = ResolversParentTypes['ActionInput']> = {
  itemType?: Resolver<Maybe<ResolversTypes['ActionInputType']>, ParentType, ContextType>;
  items?: Resolver<Maybe<ReadonlyArray<ResolversTypes['ActionInput']>>, ParentType, ContextType>;
  maximum?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  maximumLength?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  minimum?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  options?: Resolver<Maybe<ReadonlyArray<ResolversTypes['ActionInputOption']>>, ParentType, ContextType>;
  required?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  type?: Resolver<ResolversTypes['ActionInputType'], ParentType, ContextType>;
};

export type ActionInputOptionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['ActionInputOption'] = ResolversParentTypes['ActionInputOption']> = {
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ActionTransitionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['ActionTransition'] = ResolversParentTypes['ActionTransition']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  movedToId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ticketId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AkanaActionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['AkanaAction'] = ResolversParentTypes['AkanaAction']> = {
  destructive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  inputs?: Resolver<ReadonlyArray<ResolversTypes['ActionInput']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mutation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resultingCategory?: Resolver<Maybe<ResolversTypes['StatusCategory']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AkanaTicketResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['AkanaTicket'] = ResolversParentTypes['AkanaTicket'], FederationReferenceType extends FederationReferenceTypes['AkanaTicket'] = FederationReferenceTypes['AkanaTicket']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AkanaTicket']> | FederationReferenceType, FederationReferenceType, ContextType>;
  apiId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  appId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  authorId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  authorName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  availableActions?: Resolver<ReadonlyArray<ResolversTypes['TicketAction']>, ParentType, ContextType>;
  commentCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  environment?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isMarked?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  labels?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  markCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  nativeId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sourceSystem?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TicketStatus'], ParentType, ContextType>;
  tags?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  visibility?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type AssignOperatorPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['AssignOperatorPayload'] = ResolversParentTypes['AssignOperatorPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['JifelineTicket']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BulkJobResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['BulkJob'] = ResolversParentTypes['BulkJob']> = {
  applied?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  expectedEnd?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  inFlight?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  notApplied?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['Problem']>, ParentType, ContextType>;
  results?: Resolver<ResolversTypes['BulkResultConnection'], ParentType, ContextType, RequireFields<BulkJobResultsArgs, 'first'>>;
  resultsUrl?: Resolver<ResolversTypes['String'], ParentType, ContextType, RequireFields<BulkJobResultsUrlArgs, 'format'>>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['BulkSource']>, ParentType, ContextType>;
  state?: Resolver<ResolversTypes['BulkState'], ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unknown?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  waiting?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type BulkJobConnectionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['BulkJobConnection'] = ResolversParentTypes['BulkJobConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['BulkJobEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['BulkJob']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type BulkJobEdgeResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['BulkJobEdge'] = ResolversParentTypes['BulkJobEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['BulkJob'], ParentType, ContextType>;
};

export type BulkPlanResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['BulkPlan'] = ResolversParentTypes['BulkPlan']> = {
  complete?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  rejected?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  requests?: Resolver<ReadonlyArray<ResolversTypes['PlannedRequest']>, ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['BulkPlanSource']>, ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type BulkPlanSourceResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['BulkPlanSource'] = ResolversParentTypes['BulkPlanSource']> = {
  source?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
  tickets?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type BulkResultResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['BulkResult'] = ResolversParentTypes['BulkResult']> = {
  inFlight?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  outcome?: Resolver<Maybe<ResolversTypes['Outcome']>, ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['TicketSource']>, ParentType, ContextType>;
  ticketId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type BulkResultConnectionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['BulkResultConnection'] = ResolversParentTypes['BulkResultConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['BulkResultEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['BulkResult']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type BulkResultEdgeResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['BulkResultEdge'] = ResolversParentTypes['BulkResultEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['BulkResult'], ParentType, ContextType>;
};

export type BulkSourceResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['BulkSource'] = ResolversParentTypes['BulkSource']> = {
  applied?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  inFlight?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  notApplied?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  pausedUntil?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['Problem']>, ParentType, ContextType>;
  source?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
  unknown?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  waiting?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type CancelBulkPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['CancelBulkPayload'] = ResolversParentTypes['CancelBulkPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  job?: Resolver<Maybe<ResolversTypes['BulkJob']>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
};

export type CancelTransitionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['CancelTransition'] = ResolversParentTypes['CancelTransition']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  location?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  movedToId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  ticketId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CompleteTransitionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['CompleteTransition'] = ResolversParentTypes['CompleteTransition']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  location?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  movedToId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  ticketId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type CreateTicketPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['CreateTicketPayload'] = ResolversParentTypes['CreateTicketPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['Ticket']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type DeleteTicketsPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['DeleteTicketsPayload'] = ResolversParentTypes['DeleteTicketsPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  results?: Resolver<ReadonlyArray<ResolversTypes['TicketResult']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type ExecuteActionPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['ExecuteActionPayload'] = ResolversParentTypes['ExecuteActionPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['Ticket']>, ParentType, ContextType>;
  transition?: Resolver<Maybe<ResolversTypes['Transition']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type HuaweiActionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['HuaweiAction'] = ResolversParentTypes['HuaweiAction']> = {
  destructive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  inputs?: Resolver<ReadonlyArray<ResolversTypes['ActionInput']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mutation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resultingCategory?: Resolver<Maybe<ResolversTypes['StatusCategory']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type HuaweiTicketResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['HuaweiTicket'] = ResolversParentTypes['HuaweiTicket'], FederationReferenceType extends FederationReferenceTypes['HuaweiTicket'] = FederationReferenceTypes['HuaweiTicket']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['HuaweiTicket']> | FederationReferenceType, FederationReferenceType, ContextType>;
  availableActions?: Resolver<ReadonlyArray<ResolversTypes['TicketAction']>, ParentType, ContextType>;
  businessOwnership?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  businessType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  confirmedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  customerId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  dataCenter?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  incidentServiceType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  incidentType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  judgement?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  labels?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  nativeId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  productCategory?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resolution?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  rootCause?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  severity?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sourceSystem?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TicketStatus'], ParentType, ContextType>;
  statusCode?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  subCustomerId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  subCustomerName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export interface JsonObjectScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSONObject'], any> {
  name: 'JSONObject';
}

export type JifelineActionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['JifelineAction'] = ResolversParentTypes['JifelineAction']> = {
  destructive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  inputs?: Resolver<ReadonlyArray<ResolversTypes['ActionInput']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mutation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resultingCategory?: Resolver<Maybe<ResolversTypes['StatusCategory']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type JifelineTicketResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['JifelineTicket'] = ResolversParentTypes['JifelineTicket'], FederationReferenceType extends FederationReferenceTypes['JifelineTicket'] = FederationReferenceTypes['JifelineTicket']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['JifelineTicket']> | FederationReferenceType, FederationReferenceType, ContextType>;
  availableActions?: Resolver<ReadonlyArray<ResolversTypes['TicketAction']>, ParentType, ContextType>;
  cancelReasonId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  connectionId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  customerId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  externalReference?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  externallyProcessed?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  nativeId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  operatorId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outsourceProviderId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outsourceTicketId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outsourced?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  reclaimable?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  serviceStartedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  sourceSystem?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TicketStatus'], ParentType, ContextType>;
  ticketNumber?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  vehicleBatteryVoltage?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vehicleModelId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  vin?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  voucherCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type LiveInfoResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['LiveInfo'] = ResolversParentTypes['LiveInfo']> = {
  callsPerMinute?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  everySeconds?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  watched?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  assignOperator?: Resolver<ResolversTypes['AssignOperatorPayload'], ParentType, ContextType, RequireFields<MutationAssignOperatorArgs, 'input'>>;
  cancelBulk?: Resolver<ResolversTypes['CancelBulkPayload'], ParentType, ContextType, RequireFields<MutationCancelBulkArgs, 'input'>>;
  createTicket?: Resolver<ResolversTypes['CreateTicketPayload'], ParentType, ContextType, RequireFields<MutationCreateTicketArgs, 'input'>>;
  deleteTickets?: Resolver<ResolversTypes['DeleteTicketsPayload'], ParentType, ContextType, RequireFields<MutationDeleteTicketsArgs, 'input'>>;
  executeAction?: Resolver<ResolversTypes['ExecuteActionPayload'], ParentType, ContextType, RequireFields<MutationExecuteActionArgs, 'input'>>;
  pushWorkflow?: Resolver<ResolversTypes['PushWorkflowPayload'], ParentType, ContextType, RequireFields<MutationPushWorkflowArgs, 'input'>>;
  runBatch?: Resolver<ResolversTypes['RunBatchPayload'], ParentType, ContextType, RequireFields<MutationRunBatchArgs, 'input'>>;
  setPriority?: Resolver<ResolversTypes['SetPriorityPayload'], ParentType, ContextType, RequireFields<MutationSetPriorityArgs, 'input'>>;
  setStatus?: Resolver<ResolversTypes['SetStatusPayload'], ParentType, ContextType, RequireFields<MutationSetStatusArgs, 'input'>>;
  solveUnfinishedTickets?: Resolver<ResolversTypes['SolveUnfinishedTicketsPayload'], ParentType, ContextType, RequireFields<MutationSolveUnfinishedTicketsArgs, 'input'>>;
  startBulk?: Resolver<ResolversTypes['StartBulkPayload'], ParentType, ContextType, RequireFields<MutationStartBulkArgs, 'input'>>;
  transitionInProgress?: Resolver<ResolversTypes['TransitionInProgressPayload'], ParentType, ContextType, RequireFields<MutationTransitionInProgressArgs, 'input'>>;
  unlinkCustomer?: Resolver<ResolversTypes['UnlinkCustomerPayload'], ParentType, ContextType, RequireFields<MutationUnlinkCustomerArgs, 'input'>>;
  updateTicket?: Resolver<ResolversTypes['UpdateTicketPayload'], ParentType, ContextType, RequireFields<MutationUpdateTicketArgs, 'input'>>;
};

export type MutationPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['MutationPayload'] = ResolversParentTypes['MutationPayload']> = {
  __resolveType: TypeResolveFn<'AssignOperatorPayload' | 'CreateTicketPayload' | 'DeleteTicketsPayload' | 'ExecuteActionPayload' | 'PushWorkflowPayload' | 'RunBatchPayload' | 'SetPriorityPayload' | 'SetStatusPayload' | 'SolveUnfinishedTicketsPayload' | 'TransitionInProgressPayload' | 'UnlinkCustomerPayload' | 'UpdateTicketPayload', ParentType, ContextType>;
};

export type NodeResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'AkanaTicket' | 'BulkJob' | 'HuaweiTicket' | 'JifelineTicket' | 'OmnideskTicket' | 'RequestorTicket' | 'RtTicket', ParentType, ContextType>;
};

export type OmnideskActionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['OmnideskAction'] = ResolversParentTypes['OmnideskAction']> = {
  destructive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  inputs?: Resolver<ReadonlyArray<ResolversTypes['ActionInput']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mutation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resultingCategory?: Resolver<Maybe<ResolversTypes['StatusCategory']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OmnideskTicketResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['OmnideskTicket'] = ResolversParentTypes['OmnideskTicket'], FederationReferenceType extends FederationReferenceTypes['OmnideskTicket'] = FederationReferenceTypes['OmnideskTicket']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['OmnideskTicket']> | FederationReferenceType, FederationReferenceType, ContextType>;
  assignedGroupId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  assignedUserId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  availableActions?: Resolver<ReadonlyArray<ResolversTypes['TicketAction']>, ParentType, ContextType>;
  brandId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  brandName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  channelAccountId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  channelId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  channelName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  closedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  customerId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  direction?: Resolver<Maybe<ResolversTypes['Direction']>, ParentType, ContextType>;
  externalGuiUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  externalId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  formId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  fromName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  gradeByCustomer?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastUpdateAgent?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastUpdateCustomer?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  nativeId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  priority?: Resolver<Maybe<ResolversTypes['Priority']>, ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  slaNextBreach?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  slaNextBreachCurrentStatus?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  slaPolicyId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  snoozeTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  sourceSystem?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TicketStatus'], ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  toName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type OutsourceTransitionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['OutsourceTransition'] = ResolversParentTypes['OutsourceTransition']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  location?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  movedToId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  ticketId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type PlannedRequestResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['PlannedRequest'] = ResolversParentTypes['PlannedRequest']> = {
  body?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  headers?: Resolver<ResolversTypes['JSONObject'], ParentType, ContextType>;
  method?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  source?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
};

export type ProblemResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Problem'] = ResolversParentTypes['Problem']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  ticketId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  upstreamCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  upstreamMessage?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  upstreamStatus?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  vendor?: Resolver<Maybe<ResolversTypes['Vendor']>, ParentType, ContextType>;
};

export type PushWorkflowPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['PushWorkflowPayload'] = ResolversParentTypes['PushWorkflowPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['RequestorTicket']>, ParentType, ContextType>;
  transition?: Resolver<Maybe<ResolversTypes['Transition']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type QueryResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  bulkJob?: Resolver<Maybe<ResolversTypes['BulkJob']>, ParentType, ContextType, RequireFields<QueryBulkJobArgs, 'id'>>;
  bulkJobs?: Resolver<ResolversTypes['BulkJobConnection'], ParentType, ContextType, RequireFields<QueryBulkJobsArgs, 'first'>>;
  liveCursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<Maybe<ResolversTypes['Node']>, ParentType, ContextType, RequireFields<QueryNodeArgs, 'id'>>;
  nodes?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Node']>>, ParentType, ContextType, RequireFields<QueryNodesArgs, 'ids'>>;
  ticket?: Resolver<Maybe<ResolversTypes['Ticket']>, ParentType, ContextType, RequireFields<QueryTicketArgs, 'id'>>;
  tickets?: Resolver<ResolversTypes['TicketConnection'], ParentType, ContextType, RequireFields<QueryTicketsArgs, 'first' | 'patienceMs'>>;
  ticketsById?: Resolver<ReadonlyArray<Maybe<ResolversTypes['Ticket']>>, ParentType, ContextType, RequireFields<QueryTicketsByIdArgs, 'ids'>>;
  vendors?: Resolver<ReadonlyArray<ResolversTypes['VendorInfo']>, ParentType, ContextType>;
};

export type RequestorActionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['RequestorAction'] = ResolversParentTypes['RequestorAction']> = {
  destructive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  inputs?: Resolver<ReadonlyArray<ResolversTypes['ActionInput']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mutation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resultingCategory?: Resolver<Maybe<ResolversTypes['StatusCategory']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RequestorTicketResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['RequestorTicket'] = ResolversParentTypes['RequestorTicket'], FederationReferenceType extends FederationReferenceTypes['RequestorTicket'] = FederationReferenceTypes['RequestorTicket']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['RequestorTicket']> | FederationReferenceType, FederationReferenceType, ContextType>;
  availableActions?: Resolver<ReadonlyArray<ResolversTypes['TicketAction']>, ParentType, ContextType>;
  closed?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  closedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isPrivateMessageSupported?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  nativeId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resolutionText?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  serviceId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  serviceName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  solver?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  solverKey?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sourceSystem?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TicketStatus'], ParentType, ContextType>;
  subject?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  submitter?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  submitterCompanyId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  submitterKey?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  summaryState?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ticketRef?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  ticketType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  userSourceId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RtActionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['RtAction'] = ResolversParentTypes['RtAction']> = {
  destructive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  inputs?: Resolver<ReadonlyArray<ResolversTypes['ActionInput']>, ParentType, ContextType>;
  label?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  mutation?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  resultingCategory?: Resolver<Maybe<ResolversTypes['StatusCategory']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RtCustomFieldResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['RtCustomField'] = ResolversParentTypes['RtCustomField']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  values?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
};

export type RtTicketResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['RtTicket'] = ResolversParentTypes['RtTicket'], FederationReferenceType extends FederationReferenceTypes['RtTicket'] = FederationReferenceTypes['RtTicket']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['RtTicket']> | FederationReferenceType, FederationReferenceType, ContextType>;
  availableActions?: Resolver<ReadonlyArray<ResolversTypes['TicketAction']>, ParentType, ContextType>;
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  creator?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  customFields?: Resolver<Maybe<ReadonlyArray<ResolversTypes['RtCustomField']>>, ParentType, ContextType>;
  dueAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  mergedInto?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  nativeId?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  owner?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  priorityNumber?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  queue?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reference?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requestors?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  resolvedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  sourceSystem?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  state?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['TicketStatus'], ParentType, ContextType>;
  timeWorkedMinutes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  title?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type RunBatchPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['RunBatchPayload'] = ResolversParentTypes['RunBatchPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  results?: Resolver<ReadonlyArray<ResolversTypes['TicketResult']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SetPriorityPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['SetPriorityPayload'] = ResolversParentTypes['SetPriorityPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  results?: Resolver<ReadonlyArray<ResolversTypes['TicketResult']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SetStatusPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['SetStatusPayload'] = ResolversParentTypes['SetStatusPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  results?: Resolver<ReadonlyArray<ResolversTypes['TicketResult']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SolveUnfinishedTicketsPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['SolveUnfinishedTicketsPayload'] = ResolversParentTypes['SolveUnfinishedTicketsPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SourceInfoResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['SourceInfo'] = ResolversParentTypes['SourceInfo']> = {
  breaker?: Resolver<Maybe<ResolversTypes['BreakerState']>, ParentType, ContextType>;
  configured?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lists?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  queued?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  reachable?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  source?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
};

export type SourceResultResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['SourceResult'] = ResolversParentTypes['SourceResult']> = {
  problem?: Resolver<Maybe<ResolversTypes['Problem']>, ParentType, ContextType>;
  source?: Resolver<ResolversTypes['TicketSource'], ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
};

export type StartBulkPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['StartBulkPayload'] = ResolversParentTypes['StartBulkPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  job?: Resolver<Maybe<ResolversTypes['BulkJob']>, ParentType, ContextType>;
  plan?: Resolver<Maybe<ResolversTypes['BulkPlan']>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
};

export type StatusTransitionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['StatusTransition'] = ResolversParentTypes['StatusTransition']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  movedToId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  ticketId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  bulkJobChanged?: SubscriptionResolver<ResolversTypes['BulkJob'], "bulkJobChanged", ParentType, ContextType, RequireFields<SubscriptionBulkJobChangedArgs, 'id'>>;
  ticketChanged?: SubscriptionResolver<ResolversTypes['TicketChange'], "ticketChanged", ParentType, ContextType, Partial<SubscriptionTicketChangedArgs>>;
};

export type TicketResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Ticket'] = ResolversParentTypes['Ticket']> = {
  __resolveType: TypeResolveFn<'AkanaTicket' | 'HuaweiTicket' | 'JifelineTicket' | 'OmnideskTicket' | 'RequestorTicket' | 'RtTicket', ParentType, ContextType>;
};

export type TicketActionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketAction'] = ResolversParentTypes['TicketAction']> = {
  __resolveType: TypeResolveFn<'AkanaAction' | 'HuaweiAction' | 'JifelineAction' | 'OmnideskAction' | 'RequestorAction' | 'RtAction', ParentType, ContextType>;
};

export type TicketActionFieldsResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketActionFields'] = ResolversParentTypes['TicketActionFields']> = {
  __resolveType: TypeResolveFn<'AkanaAction' | 'HuaweiAction' | 'JifelineAction' | 'OmnideskAction' | 'RequestorAction' | 'RtAction', ParentType, ContextType>;
};

export type TicketChangeResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketChange'] = ResolversParentTypes['TicketChange']> = {
  changed?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['TicketChangeKind'], ParentType, ContextType>;
  observedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  origin?: Resolver<ResolversTypes['ChangeOrigin'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['Problem']>, ParentType, ContextType>;
  source?: Resolver<Maybe<ResolversTypes['TicketSource']>, ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['Ticket']>, ParentType, ContextType>;
  ticketId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type TicketConnectionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketConnection'] = ResolversParentTypes['TicketConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['TicketEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Ticket']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceResult']>, ParentType, ContextType>;
};

export type TicketEdgeResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketEdge'] = ResolversParentTypes['TicketEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Ticket'], ParentType, ContextType>;
};

export type TicketFieldsResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketFields'] = ResolversParentTypes['TicketFields'], FederationReferenceType extends FederationReferenceTypes['TicketFields'] = FederationReferenceTypes['TicketFields']> = {
  __resolveType: TypeResolveFn<'AkanaTicket' | 'HuaweiTicket' | 'JifelineTicket' | 'OmnideskTicket' | 'RequestorTicket' | 'RtTicket', ParentType, ContextType>;
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['TicketFields']> | FederationReferenceType, FederationReferenceType, ContextType>;
};

export type TicketResultResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketResult'] = ResolversParentTypes['TicketResult']> = {
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['Problem']>, ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['Ticket']>, ParentType, ContextType>;
  ticketId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  transition?: Resolver<Maybe<ResolversTypes['Transition']>, ParentType, ContextType>;
};

export type TicketSourceResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketSource'] = ResolversParentTypes['TicketSource']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
};

export type TicketStatusResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketStatus'] = ResolversParentTypes['TicketStatus']> = {
  category?: Resolver<Maybe<ResolversTypes['StatusCategory']>, ParentType, ContextType>;
  raw?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type TransitionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Transition'] = ResolversParentTypes['Transition']> = {
  __resolveType: TypeResolveFn<'ActionTransition' | 'CancelTransition' | 'CompleteTransition' | 'OutsourceTransition' | 'StatusTransition' | 'WorkflowTransition', ParentType, ContextType>;
};

export type TransitionFieldsResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TransitionFields'] = ResolversParentTypes['TransitionFields']> = {
  __resolveType: TypeResolveFn<'ActionTransition' | 'CancelTransition' | 'CompleteTransition' | 'OutsourceTransition' | 'StatusTransition' | 'WorkflowTransition', ParentType, ContextType>;
};

export type TransitionInProgressPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TransitionInProgressPayload'] = ResolversParentTypes['TransitionInProgressPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['JifelineTicket']>, ParentType, ContextType>;
  transition?: Resolver<Maybe<ResolversTypes['Transition']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UnlinkCustomerPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['UnlinkCustomerPayload'] = ResolversParentTypes['UnlinkCustomerPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['Ticket']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type UpdateTicketPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['UpdateTicketPayload'] = ResolversParentTypes['UpdateTicketPayload']> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  plan?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PlannedRequest']>>, ParentType, ContextType>;
  problems?: Resolver<ReadonlyArray<ResolversTypes['Problem']>, ParentType, ContextType>;
  reconciled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  replayed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['Ticket']>, ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type VendorInfoResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['VendorInfo'] = ResolversParentTypes['VendorInfo']> = {
  breaker?: Resolver<Maybe<ResolversTypes['BreakerState']>, ParentType, ContextType>;
  configured?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  key?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  lists?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  live?: Resolver<Maybe<ResolversTypes['LiveInfo']>, ParentType, ContextType>;
  mutations?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  permittedMutations?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  queued?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  reachable?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['SourceInfo']>, ParentType, ContextType>;
};

export type WorkflowTransitionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['WorkflowTransition'] = ResolversParentTypes['WorkflowTransition']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  previousTicketRef?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  ticketId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ticketRef?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  to?: Resolver<Maybe<ResolversTypes['TicketStatus']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>;
};

export type Resolvers<ContextType = ResolverContext> = {
  ActionInput?: ActionInputResolvers<ContextType>;
  ActionInputOption?: ActionInputOptionResolvers<ContextType>;
  ActionTransition?: ActionTransitionResolvers<ContextType>;
  AkanaAction?: AkanaActionResolvers<ContextType>;
  AkanaTicket?: AkanaTicketResolvers<ContextType>;
  AssignOperatorPayload?: AssignOperatorPayloadResolvers<ContextType>;
  BulkJob?: BulkJobResolvers<ContextType>;
  BulkJobConnection?: BulkJobConnectionResolvers<ContextType>;
  BulkJobEdge?: BulkJobEdgeResolvers<ContextType>;
  BulkPlan?: BulkPlanResolvers<ContextType>;
  BulkPlanSource?: BulkPlanSourceResolvers<ContextType>;
  BulkResult?: BulkResultResolvers<ContextType>;
  BulkResultConnection?: BulkResultConnectionResolvers<ContextType>;
  BulkResultEdge?: BulkResultEdgeResolvers<ContextType>;
  BulkSource?: BulkSourceResolvers<ContextType>;
  CancelBulkPayload?: CancelBulkPayloadResolvers<ContextType>;
  CancelTransition?: CancelTransitionResolvers<ContextType>;
  CompleteTransition?: CompleteTransitionResolvers<ContextType>;
  CreateTicketPayload?: CreateTicketPayloadResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  DeleteTicketsPayload?: DeleteTicketsPayloadResolvers<ContextType>;
  ExecuteActionPayload?: ExecuteActionPayloadResolvers<ContextType>;
  HuaweiAction?: HuaweiActionResolvers<ContextType>;
  HuaweiTicket?: HuaweiTicketResolvers<ContextType>;
  JSONObject?: GraphQLScalarType;
  JifelineAction?: JifelineActionResolvers<ContextType>;
  JifelineTicket?: JifelineTicketResolvers<ContextType>;
  LiveInfo?: LiveInfoResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  MutationPayload?: MutationPayloadResolvers<ContextType>;
  Node?: NodeResolvers<ContextType>;
  OmnideskAction?: OmnideskActionResolvers<ContextType>;
  OmnideskTicket?: OmnideskTicketResolvers<ContextType>;
  OutsourceTransition?: OutsourceTransitionResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PlannedRequest?: PlannedRequestResolvers<ContextType>;
  Problem?: ProblemResolvers<ContextType>;
  PushWorkflowPayload?: PushWorkflowPayloadResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RequestorAction?: RequestorActionResolvers<ContextType>;
  RequestorTicket?: RequestorTicketResolvers<ContextType>;
  RtAction?: RtActionResolvers<ContextType>;
  RtCustomField?: RtCustomFieldResolvers<ContextType>;
  RtTicket?: RtTicketResolvers<ContextType>;
  RunBatchPayload?: RunBatchPayloadResolvers<ContextType>;
  SetPriorityPayload?: SetPriorityPayloadResolvers<ContextType>;
  SetStatusPayload?: SetStatusPayloadResolvers<ContextType>;
  SolveUnfinishedTicketsPayload?: SolveUnfinishedTicketsPayloadResolvers<ContextType>;
  SourceInfo?: SourceInfoResolvers<ContextType>;
  SourceResult?: SourceResultResolvers<ContextType>;
  StartBulkPayload?: StartBulkPayloadResolvers<ContextType>;
  StatusTransition?: StatusTransitionResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Ticket?: TicketResolvers<ContextType>;
  TicketAction?: TicketActionResolvers<ContextType>;
  TicketActionFields?: TicketActionFieldsResolvers<ContextType>;
  TicketChange?: TicketChangeResolvers<ContextType>;
  TicketConnection?: TicketConnectionResolvers<ContextType>;
  TicketEdge?: TicketEdgeResolvers<ContextType>;
  TicketFields?: TicketFieldsResolvers<ContextType>;
  TicketResult?: TicketResultResolvers<ContextType>;
  TicketSource?: TicketSourceResolvers<ContextType>;
  TicketStatus?: TicketStatusResolvers<ContextType>;
  Transition?: TransitionResolvers<ContextType>;
  TransitionFields?: TransitionFieldsResolvers<ContextType>;
  TransitionInProgressPayload?: TransitionInProgressPayloadResolvers<ContextType>;
  UnlinkCustomerPayload?: UnlinkCustomerPayloadResolvers<ContextType>;
  UpdateTicketPayload?: UpdateTicketPayloadResolvers<ContextType>;
  VendorInfo?: VendorInfoResolvers<ContextType>;
  WorkflowTransition?: WorkflowTransitionResolvers<ContextType>;
};

export type DirectiveResolvers<ContextType = ResolverContext> = {
  needs?: NeedsDirectiveResolver<any, any, ContextType>;
};
