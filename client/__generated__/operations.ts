/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import { gql } from '../document.ts';
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
/** A ticket and its new operator. */
export type AssignOperatorInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** UUID of the operator. */
  readonly operatorId: string;
  /** Global id of a Jifeline ticket that is in progress. */
  readonly ticketId: string;
};

/** One of Omnidesk's batch actions. */
export type BatchActionInput = {
  /** Omnidesk's action type. Must not be empty. */
  readonly actionType: string;
  /** The action's value, as a string. May be empty. */
  readonly value: string;
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
  readonly action: string;
  /** A comment to send along. A line of an upload may have its own. */
  readonly comment?: string | null | undefined;
  /** The action's inputs by name. A line of an upload may have its own. */
  readonly inputs?: Readonly<Record<string, unknown>> | null | undefined;
};

/** The deletion of each ticket. */
export type BulkDeletionInput = {
  /** Must be true: a deletion cannot be undone. */
  readonly confirm: boolean;
};

/** A priority for each ticket. */
export type BulkPriorityInput = {
  /** The new priority. */
  readonly priority: Priority;
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
  readonly comment?: string | null | undefined;
  /** The new status. */
  readonly status: StatusCategory;
};

/** The tickets of a bulk job. Exactly one field must be set. */
export type BulkTicketsInput =
  {   /**
   * All tickets that match the filter when the job starts. They are determined completely before the first write. If a source
   * cannot be read, the job fails and nothing is sent.
   */
  readonly filter: TicketFilter; readonly ids?: never; readonly uploadId?: never; }
  |  { readonly filter?: never;   /** Global ids of 1 to 10,000 tickets, of any vendors. A repeated ticket is written to once. */
  readonly ids: ReadonlyArray<string>; readonly uploadId?: never; }
  |  { readonly filter?: never; readonly ids?: never;   /** Up to 100,000 tickets, as sent to `POST /bulk/uploads`: the `uploadId` of its answer. */
  readonly uploadId: string; };

/** What a bulk job does with each ticket. Exactly one field must be set. */
export type BulkWorkInput =
  {   /** Deletes the tickets. */
  readonly deleteTickets: BulkDeletionInput; readonly executeAction?: never; readonly setPriority?: never; readonly setStatus?: never; }
  |  { readonly deleteTickets?: never;   /** Performs an action. */
  readonly executeAction: BulkActionInput; readonly setPriority?: never; readonly setStatus?: never; }
  |  { readonly deleteTickets?: never; readonly executeAction?: never;   /** Sets the priority. */
  readonly setPriority: BulkPriorityInput; readonly setStatus?: never; }
  |  { readonly deleteTickets?: never; readonly executeAction?: never; readonly setPriority?: never;   /** Sets the status. */
  readonly setStatus: BulkStatusInput; };

/** The job to cancel. */
export type CancelBulkInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** The job's id. */
  readonly id: string;
};

/** Details of a cancellation. Nothing is required here; Jifeline does not document whether it requires a reason. */
export type CancelInput = {
  /** Id of the cancel reason: an option of the input `cancelReasonId` of the action `cancel`. Must not be negative. */
  readonly cancelReasonId?: number | null | undefined;
  /**
   * Further members of the transition in Jifeline's own spelling, sent unchanged. Jifeline does not document them. `type`
   * is not allowed, nor is `cancel_reason_id` together with `cancelReasonId`.
   */
  readonly extra?: Readonly<Record<string, unknown>> | null | undefined;
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
  readonly extra?: Readonly<Record<string, unknown>> | null | undefined;
};

/** The ticket to create. */
export type CreateTicketInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /**
   * Id of the source that creates it, e.g. `omnidesk@emea`. Required if the vendor has several configured sources; otherwise
   * its only one.
   */
  readonly source?: string | null | undefined;
  /** The ticket, with the fields of the vendor that creates it. */
  readonly ticket: NewTicketInput;
};

/** The tickets to delete. */
export type DeleteTicketsInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** Global ids of 1 to 100 tickets, of any vendors. */
  readonly ticketIds: ReadonlyArray<string>;
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
  readonly action: string;
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /**
   * A comment to send along. If the vendor takes none, it is not sent, and `problems` says so. If the vendor takes it as a
   * request of its own, that is sent after the action was applied; if it fails, the outcome stands and `problems` says so.
   */
  readonly comment?: string | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** The action's inputs by name, as described by its `inputs`. */
  readonly inputs?: Readonly<Record<string, unknown>> | null | undefined;
  /** The ticket's global id. */
  readonly ticketId: string;
};

/** A status that ends the work on a ticket. */
export const FinalStatus = {
  /** Closed for good. */
  Closed: 'CLOSED',
  /** Solved; may be reopened. */
  Solved: 'SOLVED'
} as const;

export type FinalStatus = typeof FinalStatus[keyof typeof FinalStatus];
/** The transition of a Jifeline ticket that is in progress. Exactly one field must be set. */
export type InProgressTransitionInput =
  {   /** Cancel: the work is not done. */
  readonly cancel: CancelInput; readonly complete?: never; readonly outsource?: never; }
  |  { readonly cancel?: never;   /** Complete: the work is done. */
  readonly complete: CompleteInput; readonly outsource?: never; }
  |  { readonly cancel?: never; readonly complete?: never;   /** Outsource to another provider. */
  readonly outsource: OutsourceInput; };

/**
 * A new Omnidesk ticket. Only the given fields are sent. Omnidesk documents defaults only for `fromName`,
 * `assignedGroupId` and `formId`, so it may reject a ticket that lacks one of the others.
 */
export type NewOmnideskTicketInput = {
  /** Number of the group to assign. Defaults to no group (0); null sends the default. */
  readonly assignedGroupId?: number | null | undefined;
  /** Number of the brand. */
  readonly brandId?: number | null | undefined;
  /** Number of the channel. */
  readonly channelId?: number | null | undefined;
  /** Who starts the conversation. */
  readonly direction?: Direction | null | undefined;
  /** Number of the form. Defaults to no form; null sends the default. */
  readonly formId?: number | null | undefined;
  /** Sender, in the format of the channel, e.g. an email address or a phone number. */
  readonly from?: string | null | undefined;
  /** Name of the sender. Defaults to a space; null sends the default. */
  readonly fromName?: string | null | undefined;
  /** The subject line. */
  readonly title?: string | null | undefined;
  /** Recipient, in the format of the channel. */
  readonly to?: string | null | undefined;
};

/**
 * A new Request Tracker ticket. Only the given fields are sent. Request Tracker drops an owner, a requestor, a custom field or a value
 * that it does not know; `problems` then says which.
 */
export type NewRtTicketInput = {
  /** The first message, as plain text. */
  readonly content?: string | null | undefined;
  /** Custom fields, by name. */
  readonly customFields?: ReadonlyArray<RtCustomFieldInput> | null | undefined;
  /** Name of the user who owns the ticket. Defaults to no owner. */
  readonly owner?: string | null | undefined;
  /** Priority as a number. Defaults to the queue's. */
  readonly priority?: number | null | undefined;
  /** Name or number of the queue. */
  readonly queue: string;
  /** Email addresses of the requestors, or names of users. */
  readonly requestors?: ReadonlyArray<string> | null | undefined;
  /** The subject: at most 200 bytes in UTF-8, in one line. */
  readonly subject?: string | null | undefined;
};

/** A new ticket. Exactly one vendor's field must be set. */
export type NewTicketInput =
  {   /** A ticket to create in Omnidesk. */
  readonly omnidesk: NewOmnideskTicketInput; readonly rt?: never; }
  |  { readonly omnidesk?: never;   /** A ticket to create in Request Tracker. */
  readonly rt: NewRtTicketInput; };

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
  readonly allowCustomerChatWriteAccess?: boolean | null | undefined;
  /** The products that the other provider executes: UUIDs of products of type base, at least one. */
  readonly productIds: ReadonlyArray<string>;
  /** UUID of the other provider. */
  readonly providerId: string;
  /** Whether the other provider sees the customer's identity. Defaults to the setting of the link to that provider. */
  readonly shareCustomerInformation?: boolean | null | undefined;
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
  readonly action: string;
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** The customer to wait for. Only for `IncidentWaitForThirdParty` and `ServiceRequestWaitForThirdParty`. */
  readonly customerId?: number | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** A note about the wait. Only for `IncidentWaitForThirdParty` and `ServiceRequestWaitForThirdParty`. */
  readonly note?: string | null | undefined;
  /**
   * The service. Required for `TicketConvertToIncident` and `TicketConvertToServiceRequest`. The options of the action's
   * `inputs` list the numbers.
   */
  readonly serviceId?: number | null | undefined;
  /** The ticket: `<source>:` followed by its number or its reference, e.g. `requestor:INC-000047`. */
  readonly ticketId: string;
  /**
   * The user concerned. Required for `IncidentAssign`, `IncidentAssignOther`, `IncidentFunctionEscalate`,
   * `ServiceRequestAssign`, `ServiceRequestAssignOther`, `ProblemAssign` and `ChangeAssign`. Optional for
   * `IncidentWaitForThirdParty` and `ServiceRequestWaitForThirdParty`. The options of the action's `inputs` list the keys.
   */
  readonly userProviderKey?: string | null | undefined;
};

/** Values of a custom field. */
export type RtCustomFieldInput = {
  /** Name of the field. */
  readonly name: string;
  /** Its values: one, unless the field takes several. */
  readonly values: ReadonlyArray<string>;
};

/** Batch actions for 1 to 100 tickets. */
export type RunBatchInput = {
  /** The actions to run on each ticket, in order. At least one. */
  readonly actions: ReadonlyArray<BatchActionInput>;
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** Global ids of 1 to 100 Omnidesk tickets. */
  readonly ticketIds: ReadonlyArray<string>;
};

/** A priority for 1 to 100 tickets. */
export type SetPriorityInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** The new priority. */
  readonly priority: Priority;
  /** Global ids of 1 to 100 tickets, of any vendors. */
  readonly ticketIds: ReadonlyArray<string>;
};

/** A status for 1 to 100 tickets. */
export type SetStatusInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /**
   * A comment to send along. If the vendor takes none, it is not sent, and `problems` says so. If the vendor takes it as a
   * request of its own, that is sent after the action was applied; if it fails, the outcome stands and `problems` says so.
   */
  readonly comment?: string | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** The new status. */
  readonly status: StatusCategory;
  /** Global ids of 1 to 100 tickets, of any vendors. */
  readonly ticketIds: ReadonlyArray<string>;
};

/** Confirmation that every unfinished ticket is to be solved. */
export type SolveUnfinishedTicketsInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** Must be true; otherwise the mutation is rejected and nothing is sent. */
  readonly confirm: boolean;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /**
   * Id of the source whose tickets are meant, e.g. `omnidesk@emea`. Required if there are several configured sources;
   * otherwise the only one.
   */
  readonly source?: string | null | undefined;
};

/** A bulk job. */
export type StartBulkInput = {
  /** Most tickets to begin in a second, 1 to 10,000. Defaults to as many as the sources take beside other requests. */
  readonly atMostPerSecond?: number | null | undefined;
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** If true, no job is started and no write is sent; `plan` says what the job would do. A filter is read. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * 1 to 255 printable ASCII characters. The same key gives the same job, as long as that is kept. With other input, the
   * problem is `IDEMPOTENCY_KEY_REUSED`; uploads with the same lines are the same input.
   */
  readonly idempotencyKey: string;
  /** Cancels the job after so many tickets with the outcome `UNKNOWN`. Defaults to never. */
  readonly stopAfterUnknown?: number | null | undefined;
  /** The tickets. */
  readonly tickets: BulkTicketsInput;
  /** What to do with each ticket. */
  readonly work: BulkWorkInput;
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
/** Which tickets to list. All given conditions must match. */
export type TicketFilter = {
  /** If true, includes archived tickets. Supported by Omnidesk; other vendors have the problem `UNSUPPORTED` in `sources`. */
  readonly archived?: boolean | null | undefined;
  /** Only tickets in one of these categories. */
  readonly categories?: ReadonlyArray<StatusCategory> | null | undefined;
  /**
   * Only cases of this IAM group, instead of the one in `HUAWEI_GROUP_ID`: Huawei's group id, at most 64 characters. An
   * empty string selects the account's own cases only. Other vendors have the problem `UNSUPPORTED` in `sources`.
   */
  readonly group?: string | null | undefined;
  /** Only the ticket with exactly this reference, e.g. `INC-000047`. Also finds tickets of vendors that cannot list. */
  readonly reference?: string | null | undefined;
  /**
   * Only tickets that contain this text. Uses the vendor's own search if it has one; otherwise matches title and
   * reference, ignoring case.
   */
  readonly search?: string | null | undefined;
  /**
   * Only these sources, by their ids, e.g. `omnidesk@emea`. Defaults to all configured sources. If `vendors` is given as
   * well, both must match.
   */
  readonly sources?: ReadonlyArray<string> | null | undefined;
  /** Only these vendors. Defaults to all configured vendors. */
  readonly vendors?: ReadonlyArray<Vendor> | null | undefined;
  /**
   * Only tickets in this view, by the vendor's name for it. Supported by Omnidesk; other vendors have the problem
   * `UNSUPPORTED` in `sources`.
   */
  readonly view?: string | null | undefined;
};

/** A ticket and its transition. */
export type TransitionInProgressInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** Global id of a Jifeline ticket that is in progress. */
  readonly ticketId: string;
  /** The transition. Exactly one field must be set. */
  readonly transition: InProgressTransitionInput;
};

/** The ticket to unlink from its customer. */
export type UnlinkCustomerInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** Global id of an Omnidesk ticket. */
  readonly ticketId: string;
};

/** Changes to a ticket. At least one must be given. */
export type UpdateTicketInput = {
  /** Returned unchanged in the payload. */
  readonly clientMutationId?: string | null | undefined;
  /** If true, nothing is sent, not even a sign-in request; `plan` contains the requests that would be. */
  readonly dryRun?: boolean | null | undefined;
  /** The customer's id in an external system of your choice. */
  readonly externalCustomerId?: string | null | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters. A retry with the same key within 24 hours never applies the
   * write twice.
   */
  readonly idempotencyKey?: string | null | undefined;
  /** The final status. */
  readonly status?: FinalStatus | null | undefined;
  /** The ticket's global id. */
  readonly ticketId: string;
  /** The new title. */
  readonly title?: string | null | undefined;
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
type TicketActionParts_AkanaAction_Fragment = { readonly __typename: 'AkanaAction', readonly name: string, readonly label: string, readonly mutation: string, readonly resultingCategory: StatusCategory | null, readonly destructive: boolean, readonly inputs: ReadonlyArray<ActionInputPartsFragment> };

type TicketActionParts_HuaweiAction_Fragment = { readonly __typename: 'HuaweiAction', readonly name: string, readonly label: string, readonly mutation: string, readonly resultingCategory: StatusCategory | null, readonly destructive: boolean, readonly inputs: ReadonlyArray<ActionInputPartsFragment> };

type TicketActionParts_JifelineAction_Fragment = { readonly __typename: 'JifelineAction', readonly name: string, readonly label: string, readonly mutation: string, readonly resultingCategory: StatusCategory | null, readonly destructive: boolean, readonly inputs: ReadonlyArray<ActionInputPartsFragment> };

type TicketActionParts_OmnideskAction_Fragment = { readonly __typename: 'OmnideskAction', readonly name: string, readonly label: string, readonly mutation: string, readonly resultingCategory: StatusCategory | null, readonly destructive: boolean, readonly inputs: ReadonlyArray<ActionInputPartsFragment> };

type TicketActionParts_RequestorAction_Fragment = { readonly __typename: 'RequestorAction', readonly name: string, readonly label: string, readonly mutation: string, readonly resultingCategory: StatusCategory | null, readonly destructive: boolean, readonly inputs: ReadonlyArray<ActionInputPartsFragment> };

type TicketActionParts_RtAction_Fragment = { readonly __typename: 'RtAction', readonly name: string, readonly label: string, readonly mutation: string, readonly resultingCategory: StatusCategory | null, readonly destructive: boolean, readonly inputs: ReadonlyArray<ActionInputPartsFragment> };

export type TicketActionPartsFragment =
  | TicketActionParts_AkanaAction_Fragment
  | TicketActionParts_HuaweiAction_Fragment
  | TicketActionParts_JifelineAction_Fragment
  | TicketActionParts_OmnideskAction_Fragment
  | TicketActionParts_RequestorAction_Fragment
  | TicketActionParts_RtAction_Fragment
;

export type ActionInputPartsFragment = (
  { readonly itemType: ActionInputType | null, readonly items: ReadonlyArray<ActionInputItemPartsFragment> | null }
  & ActionInputItemPartsFragment
);

export type ActionInputItemPartsFragment = { readonly name: string, readonly type: ActionInputType, readonly required: boolean, readonly minimum: number | null, readonly maximum: number | null, readonly maximumLength: number | null, readonly options: ReadonlyArray<{ readonly value: string, readonly label: string }> | null };

export type BulkSourcePartsFragment = { readonly waiting: number, readonly inFlight: number, readonly applied: number, readonly notApplied: number, readonly unknown: number, readonly pausedUntil: string | null, readonly source: TicketSourcePartsFragment, readonly problem: ProblemPartsFragment | null };

export type BulkJobPartsFragment = { readonly id: string, readonly state: BulkState, readonly createdAt: string, readonly endedAt: string | null, readonly expectedEnd: string | null, readonly total: number, readonly waiting: number, readonly inFlight: number, readonly applied: number, readonly notApplied: number, readonly unknown: number, readonly resultsUrl: string, readonly sources: ReadonlyArray<BulkSourcePartsFragment>, readonly problem: ProblemPartsFragment | null };

export type BulkResultPartsFragment = { readonly ticketId: string, readonly outcome: Outcome | null, readonly inFlight: boolean, readonly reconciled: boolean, readonly source: TicketSourcePartsFragment | null, readonly problem: ProblemPartsFragment | null };

export type BulkResultPageFragment = { readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: BulkResultPartsFragment }>, readonly nodes: ReadonlyArray<BulkResultPartsFragment>, readonly pageInfo: PageInfoPartsFragment };

export type BulkPlanPartsFragment = { readonly total: number, readonly rejected: number, readonly complete: boolean, readonly sources: ReadonlyArray<{ readonly tickets: number, readonly source: TicketSourcePartsFragment }>, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly requests: ReadonlyArray<PlannedRequestPartsFragment> };

export type BulkJobQueryVariables = Exact<{
  id: string;
  withResults?: boolean | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  outcomes?: ReadonlyArray<Outcome> | null | undefined;
}>;


export type BulkJobQuery = { readonly bulkJob: (
    { readonly results?: BulkResultPageFragment }
    & BulkJobPartsFragment
  ) | null };

export type BulkJobsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type BulkJobsQuery = { readonly bulkJobs: { readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node: BulkJobPartsFragment }>, readonly nodes: ReadonlyArray<BulkJobPartsFragment>, readonly pageInfo: PageInfoPartsFragment } };

export type StartBulkMutationVariables = Exact<{
  input: StartBulkInput;
}>;


export type StartBulkMutation = { readonly startBulk: { readonly clientMutationId: string | null, readonly job: BulkJobPartsFragment | null, readonly plan: BulkPlanPartsFragment | null, readonly problems: ReadonlyArray<ProblemPartsFragment> } };

export type CancelBulkMutationVariables = Exact<{
  input: CancelBulkInput;
}>;


export type CancelBulkMutation = { readonly cancelBulk: { readonly clientMutationId: string | null, readonly job: BulkJobPartsFragment | null, readonly problems: ReadonlyArray<ProblemPartsFragment> } };

export type BulkJobChangedSubscriptionVariables = Exact<{
  id: string;
}>;


export type BulkJobChangedSubscription = { readonly bulkJobChanged: BulkJobPartsFragment };

type WriteReport_AssignOperatorPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_CreateTicketPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_DeleteTicketsPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_ExecuteActionPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_PushWorkflowPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_RunBatchPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_SetPriorityPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_SetStatusPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_SolveUnfinishedTicketsPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_TransitionInProgressPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_UnlinkCustomerPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

type WriteReport_UpdateTicketPayload_Fragment = { readonly outcome: Outcome, readonly replayed: boolean, readonly reconciled: boolean, readonly clientMutationId: string | null, readonly problems: ReadonlyArray<ProblemPartsFragment>, readonly plan: ReadonlyArray<PlannedRequestPartsFragment> | null };

export type WriteReportFragment =
  | WriteReport_AssignOperatorPayload_Fragment
  | WriteReport_CreateTicketPayload_Fragment
  | WriteReport_DeleteTicketsPayload_Fragment
  | WriteReport_ExecuteActionPayload_Fragment
  | WriteReport_PushWorkflowPayload_Fragment
  | WriteReport_RunBatchPayload_Fragment
  | WriteReport_SetPriorityPayload_Fragment
  | WriteReport_SetStatusPayload_Fragment
  | WriteReport_SolveUnfinishedTicketsPayload_Fragment
  | WriteReport_TransitionInProgressPayload_Fragment
  | WriteReport_UnlinkCustomerPayload_Fragment
  | WriteReport_UpdateTicketPayload_Fragment
;

export type WrittenTicketFragment = { readonly ticketId: string, readonly outcome: Outcome, readonly transition:
    | TransitionDetails_ActionTransition_Fragment
    | TransitionDetails_CancelTransition_Fragment
    | TransitionDetails_CompleteTransition_Fragment
    | TransitionDetails_OutsourceTransition_Fragment
    | TransitionDetails_StatusTransition_Fragment
    | TransitionDetails_WorkflowTransition_Fragment
   | null, readonly problem: ProblemPartsFragment | null };

export type PlannedRequestPartsFragment = { readonly vendor: Vendor, readonly method: string, readonly url: string, readonly headers: Readonly<Record<string, unknown>>, readonly body: string | null, readonly source: TicketSourcePartsFragment };

export type ExecuteActionMutationVariables = Exact<{
  input: ExecuteActionInput;
  withTicket?: boolean | null | undefined;
}>;


export type ExecuteActionMutation = { readonly executeAction: (
    { readonly transition:
      | TransitionDetails_ActionTransition_Fragment
      | TransitionDetails_CancelTransition_Fragment
      | TransitionDetails_CompleteTransition_Fragment
      | TransitionDetails_OutsourceTransition_Fragment
      | TransitionDetails_StatusTransition_Fragment
      | TransitionDetails_WorkflowTransition_Fragment
     | null, readonly ticket?:
      | TicketDetails_AkanaTicket_Fragment
      | TicketDetails_HuaweiTicket_Fragment
      | TicketDetails_JifelineTicket_Fragment
      | TicketDetails_OmnideskTicket_Fragment
      | TicketDetails_RequestorTicket_Fragment
      | TicketDetails_RtTicket_Fragment
     | null }
    & WriteReport_ExecuteActionPayload_Fragment
  ) };

export type SetStatusMutationVariables = Exact<{
  input: SetStatusInput;
  withTicket?: boolean | null | undefined;
}>;


export type SetStatusMutation = { readonly setStatus: (
    { readonly results: ReadonlyArray<(
      { readonly ticket?:
        | TicketDetails_AkanaTicket_Fragment
        | TicketDetails_HuaweiTicket_Fragment
        | TicketDetails_JifelineTicket_Fragment
        | TicketDetails_OmnideskTicket_Fragment
        | TicketDetails_RequestorTicket_Fragment
        | TicketDetails_RtTicket_Fragment
       | null }
      & WrittenTicketFragment
    )> }
    & WriteReport_SetStatusPayload_Fragment
  ) };

export type SetPriorityMutationVariables = Exact<{
  input: SetPriorityInput;
  withTicket?: boolean | null | undefined;
}>;


export type SetPriorityMutation = { readonly setPriority: (
    { readonly results: ReadonlyArray<(
      { readonly ticket?:
        | TicketDetails_AkanaTicket_Fragment
        | TicketDetails_HuaweiTicket_Fragment
        | TicketDetails_JifelineTicket_Fragment
        | TicketDetails_OmnideskTicket_Fragment
        | TicketDetails_RequestorTicket_Fragment
        | TicketDetails_RtTicket_Fragment
       | null }
      & WrittenTicketFragment
    )> }
    & WriteReport_SetPriorityPayload_Fragment
  ) };

export type CreateTicketMutationVariables = Exact<{
  input: CreateTicketInput;
  withTicket?: boolean | null | undefined;
}>;


export type CreateTicketMutation = { readonly createTicket: (
    { readonly ticket?:
      | TicketDetails_AkanaTicket_Fragment
      | TicketDetails_HuaweiTicket_Fragment
      | TicketDetails_JifelineTicket_Fragment
      | TicketDetails_OmnideskTicket_Fragment
      | TicketDetails_RequestorTicket_Fragment
      | TicketDetails_RtTicket_Fragment
     | null }
    & WriteReport_CreateTicketPayload_Fragment
  ) };

export type UpdateTicketMutationVariables = Exact<{
  input: UpdateTicketInput;
  withTicket?: boolean | null | undefined;
}>;


export type UpdateTicketMutation = { readonly updateTicket: (
    { readonly ticket?:
      | TicketDetails_AkanaTicket_Fragment
      | TicketDetails_HuaweiTicket_Fragment
      | TicketDetails_JifelineTicket_Fragment
      | TicketDetails_OmnideskTicket_Fragment
      | TicketDetails_RequestorTicket_Fragment
      | TicketDetails_RtTicket_Fragment
     | null }
    & WriteReport_UpdateTicketPayload_Fragment
  ) };

export type DeleteTicketsMutationVariables = Exact<{
  input: DeleteTicketsInput;
}>;


export type DeleteTicketsMutation = { readonly deleteTickets: (
    { readonly results: ReadonlyArray<WrittenTicketFragment> }
    & WriteReport_DeleteTicketsPayload_Fragment
  ) };

export type ProblemPartsFragment = { readonly code: ProblemCode, readonly message: string, readonly vendor: Vendor | null, readonly source: string | null, readonly ticketId: string | null, readonly field: ReadonlyArray<string> | null, readonly retryable: boolean, readonly retryAfterSeconds: number | null, readonly upstreamStatus: number | null, readonly upstreamCode: string | null, readonly upstreamMessage: string | null };

export type NodeQueryVariables = Exact<{
  id: string;
}>;


export type NodeQuery = { readonly node:
    | (
      { readonly __typename: 'AkanaTicket', readonly id: string }
      & TicketWithActions_AkanaTicket_Fragment
    )
    | { readonly __typename: 'BulkJob', readonly id: string }
    | (
      { readonly __typename: 'HuaweiTicket', readonly id: string }
      & TicketWithActions_HuaweiTicket_Fragment
    )
    | (
      { readonly __typename: 'JifelineTicket', readonly id: string }
      & TicketWithActions_JifelineTicket_Fragment
    )
    | (
      { readonly __typename: 'OmnideskTicket', readonly id: string }
      & TicketWithActions_OmnideskTicket_Fragment
    )
    | (
      { readonly __typename: 'RequestorTicket', readonly id: string }
      & TicketWithActions_RequestorTicket_Fragment
    )
    | (
      { readonly __typename: 'RtTicket', readonly id: string }
      & TicketWithActions_RtTicket_Fragment
    )
   | null };

export type NodesQueryVariables = Exact<{
  ids: ReadonlyArray<string>;
}>;


export type NodesQuery = { readonly nodes: ReadonlyArray<
    | (
      { readonly __typename: 'AkanaTicket', readonly id: string }
      & TicketDetails_AkanaTicket_Fragment
    )
    | { readonly __typename: 'BulkJob', readonly id: string }
    | (
      { readonly __typename: 'HuaweiTicket', readonly id: string }
      & TicketDetails_HuaweiTicket_Fragment
    )
    | (
      { readonly __typename: 'JifelineTicket', readonly id: string }
      & TicketDetails_JifelineTicket_Fragment
    )
    | (
      { readonly __typename: 'OmnideskTicket', readonly id: string }
      & TicketDetails_OmnideskTicket_Fragment
    )
    | (
      { readonly __typename: 'RequestorTicket', readonly id: string }
      & TicketDetails_RequestorTicket_Fragment
    )
    | (
      { readonly __typename: 'RtTicket', readonly id: string }
      & TicketDetails_RtTicket_Fragment
    )
   | null> };

export type TicketQueryVariables = Exact<{
  id: string;
}>;


export type TicketQuery = { readonly ticket:
    | TicketWithActions_AkanaTicket_Fragment
    | TicketWithActions_HuaweiTicket_Fragment
    | TicketWithActions_JifelineTicket_Fragment
    | TicketWithActions_OmnideskTicket_Fragment
    | TicketWithActions_RequestorTicket_Fragment
    | TicketWithActions_RtTicket_Fragment
   | null };

export type TicketsByIdQueryVariables = Exact<{
  ids: ReadonlyArray<string>;
}>;


export type TicketsByIdQuery = { readonly ticketsById: ReadonlyArray<
    | TicketDetails_AkanaTicket_Fragment
    | TicketDetails_HuaweiTicket_Fragment
    | TicketDetails_JifelineTicket_Fragment
    | TicketDetails_OmnideskTicket_Fragment
    | TicketDetails_RequestorTicket_Fragment
    | TicketDetails_RtTicket_Fragment
   | null> };

export type TicketsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: TicketFilter | null | undefined;
  patienceMs?: number | null | undefined;
}>;


export type TicketsQuery = { readonly tickets: TicketPageFragment };

export type VendorsQueryVariables = Exact<{ [key: string]: never; }>;


export type VendorsQuery = { readonly vendors: ReadonlyArray<VendorInfoPartsFragment> };

export type TicketPageFragment = { readonly edges: ReadonlyArray<{ readonly cursor: string, readonly node:
      | TicketSummary_AkanaTicket_Fragment
      | TicketSummary_HuaweiTicket_Fragment
      | TicketSummary_JifelineTicket_Fragment
      | TicketSummary_OmnideskTicket_Fragment
      | TicketSummary_RequestorTicket_Fragment
      | TicketSummary_RtTicket_Fragment
     }>, readonly nodes: ReadonlyArray<
    | TicketSummary_AkanaTicket_Fragment
    | TicketSummary_HuaweiTicket_Fragment
    | TicketSummary_JifelineTicket_Fragment
    | TicketSummary_OmnideskTicket_Fragment
    | TicketSummary_RequestorTicket_Fragment
    | TicketSummary_RtTicket_Fragment
  >, readonly pageInfo: PageInfoPartsFragment, readonly sources: ReadonlyArray<SourceResultPartsFragment> };

export type PageInfoPartsFragment = { readonly hasNextPage: boolean, readonly hasPreviousPage: boolean, readonly startCursor: string | null, readonly endCursor: string | null };

export type SourceResultPartsFragment = { readonly vendor: Vendor, readonly totalCount: number | null, readonly source: TicketSourcePartsFragment, readonly problem: ProblemPartsFragment | null };

export type VendorInfoPartsFragment = { readonly key: Vendor, readonly name: string, readonly configured: boolean, readonly reachable: boolean | null, readonly lists: boolean, readonly mutations: ReadonlyArray<string>, readonly permittedMutations: ReadonlyArray<string>, readonly breaker: BreakerState | null, readonly queued: number | null, readonly live: LiveInfoPartsFragment | null, readonly sources: ReadonlyArray<SourceInfoPartsFragment> };

export type SourceInfoPartsFragment = { readonly configured: boolean, readonly reachable: boolean | null, readonly breaker: BreakerState | null, readonly queued: number | null, readonly lists: boolean, readonly source: TicketSourcePartsFragment };

export type LiveCursorQueryVariables = Exact<{ [key: string]: never; }>;


export type LiveCursorQuery = { readonly liveCursor: string };

export type TicketChangedSubscriptionVariables = Exact<{
  ids?: ReadonlyArray<string> | null | undefined;
  filter?: TicketFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type TicketChangedSubscription = { readonly ticketChanged: TicketChangePartsFragment };

export type TicketChangePartsFragment = { readonly cursor: string, readonly kind: TicketChangeKind, readonly ticketId: string | null, readonly changed: ReadonlyArray<string>, readonly origin: ChangeOrigin, readonly observedAt: string, readonly ticket:
    | TicketDetails_AkanaTicket_Fragment
    | TicketDetails_HuaweiTicket_Fragment
    | TicketDetails_JifelineTicket_Fragment
    | TicketDetails_OmnideskTicket_Fragment
    | TicketDetails_RequestorTicket_Fragment
    | TicketDetails_RtTicket_Fragment
   | null, readonly source: TicketSourcePartsFragment | null, readonly problem: ProblemPartsFragment | null };

export type LiveInfoPartsFragment = { readonly everySeconds: number, readonly watched: number, readonly callsPerMinute: number };

export type TicketStatusPartsFragment = { readonly category: StatusCategory | null, readonly raw: string };

export type TicketSourcePartsFragment = { readonly id: string, readonly vendor: Vendor, readonly name: string };

type TicketParts_AkanaTicket_Fragment = { readonly __typename: 'AkanaTicket', readonly id: string, readonly vendor: Vendor, readonly nativeId: string, readonly reference: string, readonly title: string | null, readonly createdAt: string | null, readonly updatedAt: string | null, readonly sourceSystem: TicketSourcePartsFragment, readonly status: TicketStatusPartsFragment };

type TicketParts_HuaweiTicket_Fragment = { readonly __typename: 'HuaweiTicket', readonly id: string, readonly vendor: Vendor, readonly nativeId: string, readonly reference: string, readonly title: string | null, readonly createdAt: string | null, readonly updatedAt: string | null, readonly sourceSystem: TicketSourcePartsFragment, readonly status: TicketStatusPartsFragment };

type TicketParts_JifelineTicket_Fragment = { readonly __typename: 'JifelineTicket', readonly id: string, readonly vendor: Vendor, readonly nativeId: string, readonly reference: string, readonly title: string | null, readonly createdAt: string | null, readonly updatedAt: string | null, readonly sourceSystem: TicketSourcePartsFragment, readonly status: TicketStatusPartsFragment };

type TicketParts_OmnideskTicket_Fragment = { readonly __typename: 'OmnideskTicket', readonly id: string, readonly vendor: Vendor, readonly nativeId: string, readonly reference: string, readonly title: string | null, readonly createdAt: string | null, readonly updatedAt: string | null, readonly sourceSystem: TicketSourcePartsFragment, readonly status: TicketStatusPartsFragment };

type TicketParts_RequestorTicket_Fragment = { readonly __typename: 'RequestorTicket', readonly id: string, readonly vendor: Vendor, readonly nativeId: string, readonly reference: string, readonly title: string | null, readonly createdAt: string | null, readonly updatedAt: string | null, readonly sourceSystem: TicketSourcePartsFragment, readonly status: TicketStatusPartsFragment };

type TicketParts_RtTicket_Fragment = { readonly __typename: 'RtTicket', readonly id: string, readonly vendor: Vendor, readonly nativeId: string, readonly reference: string, readonly title: string | null, readonly createdAt: string | null, readonly updatedAt: string | null, readonly sourceSystem: TicketSourcePartsFragment, readonly status: TicketStatusPartsFragment };

export type TicketPartsFragment =
  | TicketParts_AkanaTicket_Fragment
  | TicketParts_HuaweiTicket_Fragment
  | TicketParts_JifelineTicket_Fragment
  | TicketParts_OmnideskTicket_Fragment
  | TicketParts_RequestorTicket_Fragment
  | TicketParts_RtTicket_Fragment
;

type TicketSummary_AkanaTicket_Fragment = TicketParts_AkanaTicket_Fragment;

type TicketSummary_HuaweiTicket_Fragment = TicketParts_HuaweiTicket_Fragment;

type TicketSummary_JifelineTicket_Fragment = TicketParts_JifelineTicket_Fragment;

type TicketSummary_OmnideskTicket_Fragment = TicketParts_OmnideskTicket_Fragment;

type TicketSummary_RequestorTicket_Fragment = TicketParts_RequestorTicket_Fragment;

type TicketSummary_RtTicket_Fragment = TicketParts_RtTicket_Fragment;

export type TicketSummaryFragment =
  | TicketSummary_AkanaTicket_Fragment
  | TicketSummary_HuaweiTicket_Fragment
  | TicketSummary_JifelineTicket_Fragment
  | TicketSummary_OmnideskTicket_Fragment
  | TicketSummary_RequestorTicket_Fragment
  | TicketSummary_RtTicket_Fragment
;

type TicketWithActions_AkanaTicket_Fragment = (
  { readonly availableActions: ReadonlyArray<
    | TicketActionDetails_AkanaAction_Fragment
    | TicketActionDetails_HuaweiAction_Fragment
    | TicketActionDetails_JifelineAction_Fragment
    | TicketActionDetails_OmnideskAction_Fragment
    | TicketActionDetails_RequestorAction_Fragment
    | TicketActionDetails_RtAction_Fragment
  > }
  & TicketDetails_AkanaTicket_Fragment
);

type TicketWithActions_HuaweiTicket_Fragment = (
  { readonly availableActions: ReadonlyArray<
    | TicketActionDetails_AkanaAction_Fragment
    | TicketActionDetails_HuaweiAction_Fragment
    | TicketActionDetails_JifelineAction_Fragment
    | TicketActionDetails_OmnideskAction_Fragment
    | TicketActionDetails_RequestorAction_Fragment
    | TicketActionDetails_RtAction_Fragment
  > }
  & TicketDetails_HuaweiTicket_Fragment
);

type TicketWithActions_JifelineTicket_Fragment = (
  { readonly availableActions: ReadonlyArray<
    | TicketActionDetails_AkanaAction_Fragment
    | TicketActionDetails_HuaweiAction_Fragment
    | TicketActionDetails_JifelineAction_Fragment
    | TicketActionDetails_OmnideskAction_Fragment
    | TicketActionDetails_RequestorAction_Fragment
    | TicketActionDetails_RtAction_Fragment
  > }
  & TicketDetails_JifelineTicket_Fragment
);

type TicketWithActions_OmnideskTicket_Fragment = (
  { readonly availableActions: ReadonlyArray<
    | TicketActionDetails_AkanaAction_Fragment
    | TicketActionDetails_HuaweiAction_Fragment
    | TicketActionDetails_JifelineAction_Fragment
    | TicketActionDetails_OmnideskAction_Fragment
    | TicketActionDetails_RequestorAction_Fragment
    | TicketActionDetails_RtAction_Fragment
  > }
  & TicketDetails_OmnideskTicket_Fragment
);

type TicketWithActions_RequestorTicket_Fragment = (
  { readonly availableActions: ReadonlyArray<
    | TicketActionDetails_AkanaAction_Fragment
    | TicketActionDetails_HuaweiAction_Fragment
    | TicketActionDetails_JifelineAction_Fragment
    | TicketActionDetails_OmnideskAction_Fragment
    | TicketActionDetails_RequestorAction_Fragment
    | TicketActionDetails_RtAction_Fragment
  > }
  & TicketDetails_RequestorTicket_Fragment
);

type TicketWithActions_RtTicket_Fragment = (
  { readonly availableActions: ReadonlyArray<
    | TicketActionDetails_AkanaAction_Fragment
    | TicketActionDetails_HuaweiAction_Fragment
    | TicketActionDetails_JifelineAction_Fragment
    | TicketActionDetails_OmnideskAction_Fragment
    | TicketActionDetails_RequestorAction_Fragment
    | TicketActionDetails_RtAction_Fragment
  > }
  & TicketDetails_RtTicket_Fragment
);

export type TicketWithActionsFragment =
  | TicketWithActions_AkanaTicket_Fragment
  | TicketWithActions_HuaweiTicket_Fragment
  | TicketWithActions_JifelineTicket_Fragment
  | TicketWithActions_OmnideskTicket_Fragment
  | TicketWithActions_RequestorTicket_Fragment
  | TicketWithActions_RtTicket_Fragment
;

type TransitionParts_ActionTransition_Fragment = { readonly __typename: 'ActionTransition', readonly ticketId: string, readonly vendor: Vendor, readonly action: string, readonly at: string, readonly from: TicketStatusPartsFragment | null, readonly to: TicketStatusPartsFragment | null };

type TransitionParts_CancelTransition_Fragment = { readonly __typename: 'CancelTransition', readonly ticketId: string, readonly vendor: Vendor, readonly action: string, readonly at: string, readonly from: TicketStatusPartsFragment | null, readonly to: TicketStatusPartsFragment | null };

type TransitionParts_CompleteTransition_Fragment = { readonly __typename: 'CompleteTransition', readonly ticketId: string, readonly vendor: Vendor, readonly action: string, readonly at: string, readonly from: TicketStatusPartsFragment | null, readonly to: TicketStatusPartsFragment | null };

type TransitionParts_OutsourceTransition_Fragment = { readonly __typename: 'OutsourceTransition', readonly ticketId: string, readonly vendor: Vendor, readonly action: string, readonly at: string, readonly from: TicketStatusPartsFragment | null, readonly to: TicketStatusPartsFragment | null };

type TransitionParts_StatusTransition_Fragment = { readonly __typename: 'StatusTransition', readonly ticketId: string, readonly vendor: Vendor, readonly action: string, readonly at: string, readonly from: TicketStatusPartsFragment | null, readonly to: TicketStatusPartsFragment | null };

type TransitionParts_WorkflowTransition_Fragment = { readonly __typename: 'WorkflowTransition', readonly ticketId: string, readonly vendor: Vendor, readonly action: string, readonly at: string, readonly from: TicketStatusPartsFragment | null, readonly to: TicketStatusPartsFragment | null };

export type TransitionPartsFragment =
  | TransitionParts_ActionTransition_Fragment
  | TransitionParts_CancelTransition_Fragment
  | TransitionParts_CompleteTransition_Fragment
  | TransitionParts_OutsourceTransition_Fragment
  | TransitionParts_StatusTransition_Fragment
  | TransitionParts_WorkflowTransition_Fragment
;

export type ActionTransitionDetailsFragment = (
  { readonly movedToId: string | null, readonly state: string | null }
  & TransitionParts_ActionTransition_Fragment
);

export type StatusTransitionDetailsFragment = (
  { readonly movedToId: string | null }
  & TransitionParts_StatusTransition_Fragment
);

type TicketDetails_AkanaTicket_Fragment = (
  TicketSummary_AkanaTicket_Fragment
  & AkanaTicketDetailsFragment
);

type TicketDetails_HuaweiTicket_Fragment = (
  TicketSummary_HuaweiTicket_Fragment
  & HuaweiTicketDetailsFragment
);

type TicketDetails_JifelineTicket_Fragment = (
  TicketSummary_JifelineTicket_Fragment
  & JifelineTicketDetailsFragment
);

type TicketDetails_OmnideskTicket_Fragment = (
  TicketSummary_OmnideskTicket_Fragment
  & OmnideskTicketDetailsFragment
);

type TicketDetails_RequestorTicket_Fragment = (
  TicketSummary_RequestorTicket_Fragment
  & RequestorTicketDetailsFragment
);

type TicketDetails_RtTicket_Fragment = (
  TicketSummary_RtTicket_Fragment
  & RtTicketDetailsFragment
);

export type TicketDetailsFragment =
  | TicketDetails_AkanaTicket_Fragment
  | TicketDetails_HuaweiTicket_Fragment
  | TicketDetails_JifelineTicket_Fragment
  | TicketDetails_OmnideskTicket_Fragment
  | TicketDetails_RequestorTicket_Fragment
  | TicketDetails_RtTicket_Fragment
;

type TicketActionDetails_AkanaAction_Fragment = (
  TicketActionParts_AkanaAction_Fragment
  & AkanaActionDetailsFragment
);

type TicketActionDetails_HuaweiAction_Fragment = (
  TicketActionParts_HuaweiAction_Fragment
  & HuaweiActionDetailsFragment
);

type TicketActionDetails_JifelineAction_Fragment = (
  TicketActionParts_JifelineAction_Fragment
  & JifelineActionDetailsFragment
);

type TicketActionDetails_OmnideskAction_Fragment = (
  TicketActionParts_OmnideskAction_Fragment
  & OmnideskActionDetailsFragment
);

type TicketActionDetails_RequestorAction_Fragment = (
  TicketActionParts_RequestorAction_Fragment
  & RequestorActionDetailsFragment
);

type TicketActionDetails_RtAction_Fragment = (
  TicketActionParts_RtAction_Fragment
  & RtActionDetailsFragment
);

export type TicketActionDetailsFragment =
  | TicketActionDetails_AkanaAction_Fragment
  | TicketActionDetails_HuaweiAction_Fragment
  | TicketActionDetails_JifelineAction_Fragment
  | TicketActionDetails_OmnideskAction_Fragment
  | TicketActionDetails_RequestorAction_Fragment
  | TicketActionDetails_RtAction_Fragment
;

type TransitionDetails_ActionTransition_Fragment = (
  TransitionParts_ActionTransition_Fragment
  & ActionTransitionDetailsFragment
);

type TransitionDetails_CancelTransition_Fragment = (
  TransitionParts_CancelTransition_Fragment
  & CancelTransitionDetailsFragment
);

type TransitionDetails_CompleteTransition_Fragment = (
  TransitionParts_CompleteTransition_Fragment
  & CompleteTransitionDetailsFragment
);

type TransitionDetails_OutsourceTransition_Fragment = (
  TransitionParts_OutsourceTransition_Fragment
  & OutsourceTransitionDetailsFragment
);

type TransitionDetails_StatusTransition_Fragment = (
  TransitionParts_StatusTransition_Fragment
  & StatusTransitionDetailsFragment
);

type TransitionDetails_WorkflowTransition_Fragment = (
  TransitionParts_WorkflowTransition_Fragment
  & WorkflowTransitionDetailsFragment
);

export type TransitionDetailsFragment =
  | TransitionDetails_ActionTransition_Fragment
  | TransitionDetails_CancelTransition_Fragment
  | TransitionDetails_CompleteTransition_Fragment
  | TransitionDetails_OutsourceTransition_Fragment
  | TransitionDetails_StatusTransition_Fragment
  | TransitionDetails_WorkflowTransition_Fragment
;

export type AkanaTicketDetailsFragment = (
  { readonly apiId: string | null, readonly appId: string | null, readonly description: string | null, readonly environment: string | null, readonly state: string | null, readonly authorId: string | null, readonly authorName: string | null, readonly labels: ReadonlyArray<string> | null, readonly tags: ReadonlyArray<string> | null, readonly commentCount: number | null, readonly markCount: number | null, readonly isMarked: boolean | null, readonly visibility: string | null }
  & TicketParts_AkanaTicket_Fragment
);

export type AkanaActionDetailsFragment = TicketActionParts_AkanaAction_Fragment;

export type HuaweiTicketDetailsFragment = (
  { readonly statusCode: number | null, readonly description: string | null, readonly businessType: string | null, readonly incidentType: string | null, readonly incidentServiceType: string | null, readonly productCategory: string | null, readonly customerId: string | null, readonly subCustomerId: string | null, readonly subCustomerName: string | null, readonly dataCenter: string | null, readonly severity: string | null, readonly source: string | null, readonly businessOwnership: string | null, readonly rootCause: string | null, readonly resolution: string | null, readonly confirmedAt: string | null, readonly judgement: string | null, readonly labels: ReadonlyArray<string> | null }
  & TicketParts_HuaweiTicket_Fragment
);

export type HuaweiActionDetailsFragment = TicketActionParts_HuaweiAction_Fragment;

export type JifelineTicketDetailsFragment = (
  { readonly state: string | null, readonly ticketNumber: string, readonly customerId: string | null, readonly vehicleModelId: string | null, readonly vin: string | null, readonly serviceStartedAt: string | null, readonly operatorId: string | null, readonly voucherCode: string | null, readonly outsourced: boolean | null, readonly connectionId: string | null, readonly outsourceProviderId: string | null, readonly outsourceTicketId: string | null, readonly reclaimable: boolean | null, readonly finishedAt: string | null, readonly cancelReasonId: string | null, readonly externallyProcessed: boolean | null, readonly externalReference: string | null, readonly vehicleBatteryVoltage: string | null }
  & TicketParts_JifelineTicket_Fragment
);

export type JifelineActionDetailsFragment = TicketActionParts_JifelineAction_Fragment;

export type OutsourceTransitionDetailsFragment = (
  { readonly location: string | null, readonly movedToId: string | null }
  & TransitionParts_OutsourceTransition_Fragment
);

export type CompleteTransitionDetailsFragment = (
  { readonly location: string | null, readonly movedToId: string | null }
  & TransitionParts_CompleteTransition_Fragment
);

export type CancelTransitionDetailsFragment = (
  { readonly location: string | null, readonly movedToId: string | null }
  & TransitionParts_CancelTransition_Fragment
);

export type TransitionInProgressMutationVariables = Exact<{
  input: TransitionInProgressInput;
  withTicket?: boolean | null | undefined;
}>;


export type TransitionInProgressMutation = { readonly transitionInProgress: (
    { readonly transition:
      | TransitionDetails_ActionTransition_Fragment
      | TransitionDetails_CancelTransition_Fragment
      | TransitionDetails_CompleteTransition_Fragment
      | TransitionDetails_OutsourceTransition_Fragment
      | TransitionDetails_StatusTransition_Fragment
      | TransitionDetails_WorkflowTransition_Fragment
     | null, readonly ticket?: JifelineTicketDetailsFragment | null }
    & WriteReport_TransitionInProgressPayload_Fragment
  ) };

export type AssignOperatorMutationVariables = Exact<{
  input: AssignOperatorInput;
  withTicket?: boolean | null | undefined;
}>;


export type AssignOperatorMutation = { readonly assignOperator: (
    { readonly ticket?: JifelineTicketDetailsFragment | null }
    & WriteReport_AssignOperatorPayload_Fragment
  ) };

export type OmnideskTicketDetailsFragment = (
  { readonly priority: Priority | null, readonly closedAt: string | null, readonly direction: Direction | null, readonly from: string | null, readonly fromName: string | null, readonly to: string | null, readonly toName: string | null, readonly customerId: string | null, readonly assignedGroupId: string | null, readonly assignedUserId: string | null, readonly brandId: string | null, readonly brandName: string | null, readonly channelId: string | null, readonly channelName: string | null, readonly channelAccountId: string | null, readonly formId: string | null, readonly externalId: string | null, readonly externalGuiUrl: string | null, readonly gradeByCustomer: string | null, readonly lastUpdateAgent: string | null, readonly lastUpdateCustomer: string | null, readonly slaPolicyId: string | null, readonly slaNextBreach: string | null, readonly slaNextBreachCurrentStatus: string | null, readonly snoozeTime: string | null }
  & TicketParts_OmnideskTicket_Fragment
);

export type OmnideskActionDetailsFragment = TicketActionParts_OmnideskAction_Fragment;

export type UnlinkCustomerMutationVariables = Exact<{
  input: UnlinkCustomerInput;
  withTicket?: boolean | null | undefined;
}>;


export type UnlinkCustomerMutation = { readonly unlinkCustomer: (
    { readonly ticket?:
      | TicketDetails_AkanaTicket_Fragment
      | TicketDetails_HuaweiTicket_Fragment
      | TicketDetails_JifelineTicket_Fragment
      | TicketDetails_OmnideskTicket_Fragment
      | TicketDetails_RequestorTicket_Fragment
      | TicketDetails_RtTicket_Fragment
     | null }
    & WriteReport_UnlinkCustomerPayload_Fragment
  ) };

export type RunBatchMutationVariables = Exact<{
  input: RunBatchInput;
  withTicket?: boolean | null | undefined;
}>;


export type RunBatchMutation = { readonly runBatch: (
    { readonly results: ReadonlyArray<(
      { readonly ticket?:
        | TicketDetails_AkanaTicket_Fragment
        | TicketDetails_HuaweiTicket_Fragment
        | TicketDetails_JifelineTicket_Fragment
        | TicketDetails_OmnideskTicket_Fragment
        | TicketDetails_RequestorTicket_Fragment
        | TicketDetails_RtTicket_Fragment
       | null }
      & WrittenTicketFragment
    )> }
    & WriteReport_RunBatchPayload_Fragment
  ) };

export type SolveUnfinishedTicketsMutationVariables = Exact<{
  input: SolveUnfinishedTicketsInput;
}>;


export type SolveUnfinishedTicketsMutation = { readonly solveUnfinishedTickets: WriteReport_SolveUnfinishedTicketsPayload_Fragment };

export type RequestorTicketDetailsFragment = (
  { readonly ticketRef: string, readonly ticketType: string | null, readonly subject: string | null, readonly closed: boolean | null, readonly closedAt: string | null, readonly submitter: string | null, readonly submitterKey: string | null, readonly submitterCompanyId: string | null, readonly solver: string | null, readonly solverKey: string | null, readonly state: string | null, readonly summaryState: string | null, readonly source: string | null, readonly userSourceId: string | null, readonly serviceId: string | null, readonly serviceName: string | null, readonly resolutionText: string | null, readonly isPrivateMessageSupported: boolean | null }
  & TicketParts_RequestorTicket_Fragment
);

export type RequestorActionDetailsFragment = TicketActionParts_RequestorAction_Fragment;

export type WorkflowTransitionDetailsFragment = (
  { readonly ticketRef: string | null, readonly previousTicketRef: string | null }
  & TransitionParts_WorkflowTransition_Fragment
);

export type PushWorkflowMutationVariables = Exact<{
  input: PushWorkflowInput;
  withTicket?: boolean | null | undefined;
}>;


export type PushWorkflowMutation = { readonly pushWorkflow: (
    { readonly transition:
      | TransitionDetails_ActionTransition_Fragment
      | TransitionDetails_CancelTransition_Fragment
      | TransitionDetails_CompleteTransition_Fragment
      | TransitionDetails_OutsourceTransition_Fragment
      | TransitionDetails_StatusTransition_Fragment
      | TransitionDetails_WorkflowTransition_Fragment
     | null, readonly ticket?: RequestorTicketDetailsFragment | null }
    & WriteReport_PushWorkflowPayload_Fragment
  ) };

export type RtTicketDetailsFragment = (
  { readonly queue: string | null, readonly owner: string | null, readonly creator: string | null, readonly requestors: ReadonlyArray<string> | null, readonly priorityNumber: number | null, readonly state: string | null, readonly dueAt: string | null, readonly startedAt: string | null, readonly resolvedAt: string | null, readonly timeWorkedMinutes: number | null, readonly mergedInto: string | null, readonly customFields: ReadonlyArray<{ readonly name: string, readonly values: ReadonlyArray<string> }> | null }
  & TicketParts_RtTicket_Fragment
);

export type RtActionDetailsFragment = TicketActionParts_RtAction_Fragment;

export const ActionInputItemPartsFragmentDoc = /*#__PURE__*/ gql<ActionInputItemPartsFragment, unknown>`
fragment ActionInputItemParts on ActionInput {
  name
  type
  required
  options {
    value
    label
  }
  minimum
  maximum
  maximumLength
}
`;
export const ActionInputPartsFragmentDoc = /*#__PURE__*/ gql<ActionInputPartsFragment, unknown>`
fragment ActionInputParts on ActionInput {
  ...ActionInputItemParts
  itemType
  items {
    ...ActionInputItemParts
  }
}
${ActionInputItemPartsFragmentDoc}
`;
export const TicketActionPartsFragmentDoc = /*#__PURE__*/ gql<TicketActionPartsFragment, unknown>`
fragment TicketActionParts on TicketActionFields {
  __typename
  name
  label
  mutation
  inputs {
    ...ActionInputParts
  }
  resultingCategory
  destructive
}
${ActionInputPartsFragmentDoc}
`;
export const TicketSourcePartsFragmentDoc = /*#__PURE__*/ gql<TicketSourcePartsFragment, unknown>`
fragment TicketSourceParts on TicketSource {
  id
  vendor
  name
}
`;
export const ProblemPartsFragmentDoc = /*#__PURE__*/ gql<ProblemPartsFragment, unknown>`
fragment ProblemParts on Problem {
  code
  message
  vendor
  source
  ticketId
  field
  retryable
  retryAfterSeconds
  upstreamStatus
  upstreamCode
  upstreamMessage
}
`;
export const BulkSourcePartsFragmentDoc = /*#__PURE__*/ gql<BulkSourcePartsFragment, unknown>`
fragment BulkSourceParts on BulkSource {
  source {
    ...TicketSourceParts
  }
  waiting
  inFlight
  applied
  notApplied
  unknown
  pausedUntil
  problem {
    ...ProblemParts
  }
}
${TicketSourcePartsFragmentDoc}
${ProblemPartsFragmentDoc}
`;
export const BulkJobPartsFragmentDoc = /*#__PURE__*/ gql<BulkJobPartsFragment, unknown>`
fragment BulkJobParts on BulkJob {
  id
  state
  createdAt
  endedAt
  expectedEnd
  total
  waiting
  inFlight
  applied
  notApplied
  unknown
  sources {
    ...BulkSourceParts
  }
  problem {
    ...ProblemParts
  }
  resultsUrl
}
${BulkSourcePartsFragmentDoc}
${ProblemPartsFragmentDoc}
`;
export const BulkResultPartsFragmentDoc = /*#__PURE__*/ gql<BulkResultPartsFragment, unknown>`
fragment BulkResultParts on BulkResult {
  ticketId
  source {
    ...TicketSourceParts
  }
  outcome
  inFlight
  reconciled
  problem {
    ...ProblemParts
  }
}
${TicketSourcePartsFragmentDoc}
${ProblemPartsFragmentDoc}
`;
export const PageInfoPartsFragmentDoc = /*#__PURE__*/ gql<PageInfoPartsFragment, unknown>`
fragment PageInfoParts on PageInfo {
  hasNextPage
  hasPreviousPage
  startCursor
  endCursor
}
`;
export const BulkResultPageFragmentDoc = /*#__PURE__*/ gql<BulkResultPageFragment, unknown>`
fragment BulkResultPage on BulkResultConnection {
  edges {
    cursor
    node {
      ...BulkResultParts
    }
  }
  nodes {
    ...BulkResultParts
  }
  pageInfo {
    ...PageInfoParts
  }
}
${BulkResultPartsFragmentDoc}
${PageInfoPartsFragmentDoc}
`;
export const PlannedRequestPartsFragmentDoc = /*#__PURE__*/ gql<PlannedRequestPartsFragment, unknown>`
fragment PlannedRequestParts on PlannedRequest {
  vendor
  source {
    ...TicketSourceParts
  }
  method
  url
  headers
  body
}
${TicketSourcePartsFragmentDoc}
`;
export const BulkPlanPartsFragmentDoc = /*#__PURE__*/ gql<BulkPlanPartsFragment, unknown>`
fragment BulkPlanParts on BulkPlan {
  total
  sources {
    source {
      ...TicketSourceParts
    }
    tickets
  }
  rejected
  problems {
    ...ProblemParts
  }
  requests {
    ...PlannedRequestParts
  }
  complete
}
${TicketSourcePartsFragmentDoc}
${ProblemPartsFragmentDoc}
${PlannedRequestPartsFragmentDoc}
`;
export const BulkJobDocument = /*#__PURE__*/ gql<BulkJobQuery, BulkJobQueryVariables>`
query BulkJob($id: ID!, $withResults: Boolean = false, $first: Int = 100, $after: String, $outcomes: [Outcome!]) {
  bulkJob(id: $id) {
    ...BulkJobParts
    results(first: $first, after: $after, outcomes: $outcomes) @include(if: $withResults) {
      ...BulkResultPage
    }
  }
}
${BulkJobPartsFragmentDoc}
${BulkResultPageFragmentDoc}
`;
export const BulkJobsDocument = /*#__PURE__*/ gql<BulkJobsQuery, BulkJobsQueryVariables>`
query BulkJobs($first: Int = 25, $after: String) {
  bulkJobs(first: $first, after: $after) {
    edges {
      cursor
      node {
        ...BulkJobParts
      }
    }
    nodes {
      ...BulkJobParts
    }
    pageInfo {
      ...PageInfoParts
    }
  }
}
${BulkJobPartsFragmentDoc}
${PageInfoPartsFragmentDoc}
`;
export const StartBulkDocument = /*#__PURE__*/ gql<StartBulkMutation, StartBulkMutationVariables>`
mutation StartBulk($input: StartBulkInput!) {
  startBulk(input: $input) {
    job {
      ...BulkJobParts
    }
    plan {
      ...BulkPlanParts
    }
    problems {
      ...ProblemParts
    }
    clientMutationId
  }
}
${BulkJobPartsFragmentDoc}
${BulkPlanPartsFragmentDoc}
${ProblemPartsFragmentDoc}
`;
export const CancelBulkDocument = /*#__PURE__*/ gql<CancelBulkMutation, CancelBulkMutationVariables>`
mutation CancelBulk($input: CancelBulkInput!) {
  cancelBulk(input: $input) {
    job {
      ...BulkJobParts
    }
    problems {
      ...ProblemParts
    }
    clientMutationId
  }
}
${BulkJobPartsFragmentDoc}
${ProblemPartsFragmentDoc}
`;
export const BulkJobChangedDocument = /*#__PURE__*/ gql<BulkJobChangedSubscription, BulkJobChangedSubscriptionVariables>`
subscription BulkJobChanged($id: ID!) {
  bulkJobChanged(id: $id) {
    ...BulkJobParts
  }
}
${BulkJobPartsFragmentDoc}
`;
export const WriteReportFragmentDoc = /*#__PURE__*/ gql<WriteReportFragment, unknown>`
fragment WriteReport on MutationPayload {
  outcome
  problems {
    ...ProblemParts
  }
  plan {
    ...PlannedRequestParts
  }
  replayed
  reconciled
  clientMutationId
}
${ProblemPartsFragmentDoc}
${PlannedRequestPartsFragmentDoc}
`;
export const TicketStatusPartsFragmentDoc = /*#__PURE__*/ gql<TicketStatusPartsFragment, unknown>`
fragment TicketStatusParts on TicketStatus {
  category
  raw
}
`;
export const TransitionPartsFragmentDoc = /*#__PURE__*/ gql<TransitionPartsFragment, unknown>`
fragment TransitionParts on TransitionFields {
  __typename
  ticketId
  vendor
  action
  from {
    ...TicketStatusParts
  }
  to {
    ...TicketStatusParts
  }
  at
}
${TicketStatusPartsFragmentDoc}
`;
export const ActionTransitionDetailsFragmentDoc = /*#__PURE__*/ gql<ActionTransitionDetailsFragment, unknown>`
fragment ActionTransitionDetails on ActionTransition {
  ...TransitionParts
  movedToId
  state
}
${TransitionPartsFragmentDoc}
`;
export const StatusTransitionDetailsFragmentDoc = /*#__PURE__*/ gql<StatusTransitionDetailsFragment, unknown>`
fragment StatusTransitionDetails on StatusTransition {
  ...TransitionParts
  movedToId
}
${TransitionPartsFragmentDoc}
`;
export const OutsourceTransitionDetailsFragmentDoc = /*#__PURE__*/ gql<OutsourceTransitionDetailsFragment, unknown>`
fragment OutsourceTransitionDetails on OutsourceTransition {
  ...TransitionParts
  location
  movedToId
}
${TransitionPartsFragmentDoc}
`;
export const CompleteTransitionDetailsFragmentDoc = /*#__PURE__*/ gql<CompleteTransitionDetailsFragment, unknown>`
fragment CompleteTransitionDetails on CompleteTransition {
  ...TransitionParts
  location
  movedToId
}
${TransitionPartsFragmentDoc}
`;
export const CancelTransitionDetailsFragmentDoc = /*#__PURE__*/ gql<CancelTransitionDetailsFragment, unknown>`
fragment CancelTransitionDetails on CancelTransition {
  ...TransitionParts
  location
  movedToId
}
${TransitionPartsFragmentDoc}
`;
export const WorkflowTransitionDetailsFragmentDoc = /*#__PURE__*/ gql<WorkflowTransitionDetailsFragment, unknown>`
fragment WorkflowTransitionDetails on WorkflowTransition {
  ...TransitionParts
  ticketRef
  previousTicketRef
}
${TransitionPartsFragmentDoc}
`;
export const TransitionDetailsFragmentDoc = /*#__PURE__*/ gql<TransitionDetailsFragment, unknown>`
fragment TransitionDetails on Transition {
  ...TransitionParts
  ...ActionTransitionDetails
  ...StatusTransitionDetails
  ...OutsourceTransitionDetails
  ...CompleteTransitionDetails
  ...CancelTransitionDetails
  ...WorkflowTransitionDetails
}
${TransitionPartsFragmentDoc}
${ActionTransitionDetailsFragmentDoc}
${StatusTransitionDetailsFragmentDoc}
${OutsourceTransitionDetailsFragmentDoc}
${CompleteTransitionDetailsFragmentDoc}
${CancelTransitionDetailsFragmentDoc}
${WorkflowTransitionDetailsFragmentDoc}
`;
export const WrittenTicketFragmentDoc = /*#__PURE__*/ gql<WrittenTicketFragment, unknown>`
fragment WrittenTicket on TicketResult {
  ticketId
  outcome
  transition {
    ...TransitionDetails
  }
  problem {
    ...ProblemParts
  }
}
${TransitionDetailsFragmentDoc}
${ProblemPartsFragmentDoc}
`;
export const TicketPartsFragmentDoc = /*#__PURE__*/ gql<TicketPartsFragment, unknown>`
fragment TicketParts on TicketFields {
  __typename
  id
  vendor
  sourceSystem {
    ...TicketSourceParts
  }
  nativeId
  reference
  title
  status {
    ...TicketStatusParts
  }
  createdAt
  updatedAt
}
${TicketSourcePartsFragmentDoc}
${TicketStatusPartsFragmentDoc}
`;
export const TicketSummaryFragmentDoc = /*#__PURE__*/ gql<TicketSummaryFragment, unknown>`
fragment TicketSummary on Ticket {
  ...TicketParts
}
${TicketPartsFragmentDoc}
`;
export const RequestorTicketDetailsFragmentDoc = /*#__PURE__*/ gql<RequestorTicketDetailsFragment, unknown>`
fragment RequestorTicketDetails on RequestorTicket {
  ...TicketParts
  ticketRef
  ticketType
  subject
  closed
  closedAt
  submitter
  submitterKey
  submitterCompanyId
  solver
  solverKey
  state
  summaryState
  source
  userSourceId
  serviceId
  serviceName
  resolutionText
  isPrivateMessageSupported
}
${TicketPartsFragmentDoc}
`;
export const AkanaTicketDetailsFragmentDoc = /*#__PURE__*/ gql<AkanaTicketDetailsFragment, unknown>`
fragment AkanaTicketDetails on AkanaTicket {
  ...TicketParts
  apiId
  appId
  description
  environment
  state
  authorId
  authorName
  labels
  tags
  commentCount
  markCount
  isMarked
  visibility
}
${TicketPartsFragmentDoc}
`;
export const OmnideskTicketDetailsFragmentDoc = /*#__PURE__*/ gql<OmnideskTicketDetailsFragment, unknown>`
fragment OmnideskTicketDetails on OmnideskTicket {
  ...TicketParts
  priority
  closedAt
  direction
  from
  fromName
  to
  toName
  customerId
  assignedGroupId
  assignedUserId
  brandId
  brandName
  channelId
  channelName
  channelAccountId
  formId
  externalId
  externalGuiUrl
  gradeByCustomer
  lastUpdateAgent
  lastUpdateCustomer
  slaPolicyId
  slaNextBreach
  slaNextBreachCurrentStatus
  snoozeTime
}
${TicketPartsFragmentDoc}
`;
export const HuaweiTicketDetailsFragmentDoc = /*#__PURE__*/ gql<HuaweiTicketDetailsFragment, unknown>`
fragment HuaweiTicketDetails on HuaweiTicket {
  ...TicketParts
  statusCode
  description
  businessType
  incidentType
  incidentServiceType
  productCategory
  customerId
  subCustomerId
  subCustomerName
  dataCenter
  severity
  source
  businessOwnership
  rootCause
  resolution
  confirmedAt
  judgement
  labels
}
${TicketPartsFragmentDoc}
`;
export const JifelineTicketDetailsFragmentDoc = /*#__PURE__*/ gql<JifelineTicketDetailsFragment, unknown>`
fragment JifelineTicketDetails on JifelineTicket {
  ...TicketParts
  state
  ticketNumber
  customerId
  vehicleModelId
  vin
  serviceStartedAt
  operatorId
  voucherCode
  outsourced
  connectionId
  outsourceProviderId
  outsourceTicketId
  reclaimable
  finishedAt
  cancelReasonId
  externallyProcessed
  externalReference
  vehicleBatteryVoltage
}
${TicketPartsFragmentDoc}
`;
export const RtTicketDetailsFragmentDoc = /*#__PURE__*/ gql<RtTicketDetailsFragment, unknown>`
fragment RtTicketDetails on RtTicket {
  ...TicketParts
  queue
  owner
  creator
  requestors
  priorityNumber
  state
  dueAt
  startedAt
  resolvedAt
  timeWorkedMinutes
  customFields {
    name
    values
  }
  mergedInto
}
${TicketPartsFragmentDoc}
`;
export const TicketDetailsFragmentDoc = /*#__PURE__*/ gql<TicketDetailsFragment, unknown>`
fragment TicketDetails on Ticket {
  ...TicketSummary
  ...RequestorTicketDetails
  ...AkanaTicketDetails
  ...OmnideskTicketDetails
  ...HuaweiTicketDetails
  ...JifelineTicketDetails
  ...RtTicketDetails
}
${TicketSummaryFragmentDoc}
${RequestorTicketDetailsFragmentDoc}
${AkanaTicketDetailsFragmentDoc}
${OmnideskTicketDetailsFragmentDoc}
${HuaweiTicketDetailsFragmentDoc}
${JifelineTicketDetailsFragmentDoc}
${RtTicketDetailsFragmentDoc}
`;
export const ExecuteActionDocument = /*#__PURE__*/ gql<ExecuteActionMutation, ExecuteActionMutationVariables>`
mutation ExecuteAction($input: ExecuteActionInput!, $withTicket: Boolean = false) {
  executeAction(input: $input) {
    ...WriteReport
    transition {
      ...TransitionDetails
    }
    ticket @include(if: $withTicket) {
      ...TicketDetails
    }
  }
}
${WriteReportFragmentDoc}
${TransitionDetailsFragmentDoc}
${TicketDetailsFragmentDoc}
`;
export const SetStatusDocument = /*#__PURE__*/ gql<SetStatusMutation, SetStatusMutationVariables>`
mutation SetStatus($input: SetStatusInput!, $withTicket: Boolean = false) {
  setStatus(input: $input) {
    ...WriteReport
    results {
      ...WrittenTicket
      ticket @include(if: $withTicket) {
        ...TicketDetails
      }
    }
  }
}
${WriteReportFragmentDoc}
${WrittenTicketFragmentDoc}
${TicketDetailsFragmentDoc}
`;
export const SetPriorityDocument = /*#__PURE__*/ gql<SetPriorityMutation, SetPriorityMutationVariables>`
mutation SetPriority($input: SetPriorityInput!, $withTicket: Boolean = false) {
  setPriority(input: $input) {
    ...WriteReport
    results {
      ...WrittenTicket
      ticket @include(if: $withTicket) {
        ...TicketDetails
      }
    }
  }
}
${WriteReportFragmentDoc}
${WrittenTicketFragmentDoc}
${TicketDetailsFragmentDoc}
`;
export const CreateTicketDocument = /*#__PURE__*/ gql<CreateTicketMutation, CreateTicketMutationVariables>`
mutation CreateTicket($input: CreateTicketInput!, $withTicket: Boolean = false) {
  createTicket(input: $input) {
    ...WriteReport
    ticket @include(if: $withTicket) {
      ...TicketDetails
    }
  }
}
${WriteReportFragmentDoc}
${TicketDetailsFragmentDoc}
`;
export const UpdateTicketDocument = /*#__PURE__*/ gql<UpdateTicketMutation, UpdateTicketMutationVariables>`
mutation UpdateTicket($input: UpdateTicketInput!, $withTicket: Boolean = false) {
  updateTicket(input: $input) {
    ...WriteReport
    ticket @include(if: $withTicket) {
      ...TicketDetails
    }
  }
}
${WriteReportFragmentDoc}
${TicketDetailsFragmentDoc}
`;
export const DeleteTicketsDocument = /*#__PURE__*/ gql<DeleteTicketsMutation, DeleteTicketsMutationVariables>`
mutation DeleteTickets($input: DeleteTicketsInput!) {
  deleteTickets(input: $input) {
    ...WriteReport
    results {
      ...WrittenTicket
    }
  }
}
${WriteReportFragmentDoc}
${WrittenTicketFragmentDoc}
`;
export const RequestorActionDetailsFragmentDoc = /*#__PURE__*/ gql<RequestorActionDetailsFragment, unknown>`
fragment RequestorActionDetails on RequestorAction {
  ...TicketActionParts
}
${TicketActionPartsFragmentDoc}
`;
export const AkanaActionDetailsFragmentDoc = /*#__PURE__*/ gql<AkanaActionDetailsFragment, unknown>`
fragment AkanaActionDetails on AkanaAction {
  ...TicketActionParts
}
${TicketActionPartsFragmentDoc}
`;
export const OmnideskActionDetailsFragmentDoc = /*#__PURE__*/ gql<OmnideskActionDetailsFragment, unknown>`
fragment OmnideskActionDetails on OmnideskAction {
  ...TicketActionParts
}
${TicketActionPartsFragmentDoc}
`;
export const HuaweiActionDetailsFragmentDoc = /*#__PURE__*/ gql<HuaweiActionDetailsFragment, unknown>`
fragment HuaweiActionDetails on HuaweiAction {
  ...TicketActionParts
}
${TicketActionPartsFragmentDoc}
`;
export const JifelineActionDetailsFragmentDoc = /*#__PURE__*/ gql<JifelineActionDetailsFragment, unknown>`
fragment JifelineActionDetails on JifelineAction {
  ...TicketActionParts
}
${TicketActionPartsFragmentDoc}
`;
export const RtActionDetailsFragmentDoc = /*#__PURE__*/ gql<RtActionDetailsFragment, unknown>`
fragment RtActionDetails on RtAction {
  ...TicketActionParts
}
${TicketActionPartsFragmentDoc}
`;
export const TicketActionDetailsFragmentDoc = /*#__PURE__*/ gql<TicketActionDetailsFragment, unknown>`
fragment TicketActionDetails on TicketAction {
  ...TicketActionParts
  ...RequestorActionDetails
  ...AkanaActionDetails
  ...OmnideskActionDetails
  ...HuaweiActionDetails
  ...JifelineActionDetails
  ...RtActionDetails
}
${TicketActionPartsFragmentDoc}
${RequestorActionDetailsFragmentDoc}
${AkanaActionDetailsFragmentDoc}
${OmnideskActionDetailsFragmentDoc}
${HuaweiActionDetailsFragmentDoc}
${JifelineActionDetailsFragmentDoc}
${RtActionDetailsFragmentDoc}
`;
export const TicketWithActionsFragmentDoc = /*#__PURE__*/ gql<TicketWithActionsFragment, unknown>`
fragment TicketWithActions on Ticket {
  ...TicketDetails
  ... on TicketFields {
    availableActions {
      ...TicketActionDetails
    }
  }
}
${TicketDetailsFragmentDoc}
${TicketActionDetailsFragmentDoc}
`;
export const NodeDocument = /*#__PURE__*/ gql<NodeQuery, NodeQueryVariables>`
query Node($id: ID!) {
  node(id: $id) {
    __typename
    id
    ...TicketWithActions
  }
}
${TicketWithActionsFragmentDoc}
`;
export const NodesDocument = /*#__PURE__*/ gql<NodesQuery, NodesQueryVariables>`
query Nodes($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    id
    ...TicketDetails
  }
}
${TicketDetailsFragmentDoc}
`;
export const TicketDocument = /*#__PURE__*/ gql<TicketQuery, TicketQueryVariables>`
query Ticket($id: ID!) {
  ticket(id: $id) {
    ...TicketWithActions
  }
}
${TicketWithActionsFragmentDoc}
`;
export const TicketsByIdDocument = /*#__PURE__*/ gql<TicketsByIdQuery, TicketsByIdQueryVariables>`
query TicketsById($ids: [ID!]!) {
  ticketsById(ids: $ids) {
    ...TicketDetails
  }
}
${TicketDetailsFragmentDoc}
`;
export const SourceResultPartsFragmentDoc = /*#__PURE__*/ gql<SourceResultPartsFragment, unknown>`
fragment SourceResultParts on SourceResult {
  vendor
  source {
    ...TicketSourceParts
  }
  totalCount
  problem {
    ...ProblemParts
  }
}
${TicketSourcePartsFragmentDoc}
${ProblemPartsFragmentDoc}
`;
export const TicketPageFragmentDoc = /*#__PURE__*/ gql<TicketPageFragment, unknown>`
fragment TicketPage on TicketConnection {
  edges {
    cursor
    node {
      ...TicketSummary
    }
  }
  nodes {
    ...TicketSummary
  }
  pageInfo {
    ...PageInfoParts
  }
  sources {
    ...SourceResultParts
  }
}
${TicketSummaryFragmentDoc}
${PageInfoPartsFragmentDoc}
${SourceResultPartsFragmentDoc}
`;
export const TicketsDocument = /*#__PURE__*/ gql<TicketsQuery, TicketsQueryVariables>`
query Tickets($first: Int = 25, $after: String, $filter: TicketFilter, $patienceMs: Int) {
  tickets(first: $first, after: $after, filter: $filter, patienceMs: $patienceMs) {
    ...TicketPage
  }
}
${TicketPageFragmentDoc}
`;
export const LiveInfoPartsFragmentDoc = /*#__PURE__*/ gql<LiveInfoPartsFragment, unknown>`
fragment LiveInfoParts on LiveInfo {
  everySeconds
  watched
  callsPerMinute
}
`;
export const SourceInfoPartsFragmentDoc = /*#__PURE__*/ gql<SourceInfoPartsFragment, unknown>`
fragment SourceInfoParts on SourceInfo {
  source {
    ...TicketSourceParts
  }
  configured
  reachable
  breaker
  queued
  lists
}
${TicketSourcePartsFragmentDoc}
`;
export const VendorInfoPartsFragmentDoc = /*#__PURE__*/ gql<VendorInfoPartsFragment, unknown>`
fragment VendorInfoParts on VendorInfo {
  key
  name
  configured
  reachable
  lists
  mutations
  permittedMutations
  breaker
  queued
  live {
    ...LiveInfoParts
  }
  sources {
    ...SourceInfoParts
  }
}
${LiveInfoPartsFragmentDoc}
${SourceInfoPartsFragmentDoc}
`;
export const VendorsDocument = /*#__PURE__*/ gql<VendorsQuery, VendorsQueryVariables>`
query Vendors {
  vendors {
    ...VendorInfoParts
  }
}
${VendorInfoPartsFragmentDoc}
`;
export const LiveCursorDocument = /*#__PURE__*/ gql<LiveCursorQuery, LiveCursorQueryVariables>`
query LiveCursor {
  liveCursor
}
`;
export const TicketChangePartsFragmentDoc = /*#__PURE__*/ gql<TicketChangePartsFragment, unknown>`
fragment TicketChangeParts on TicketChange {
  cursor
  kind
  ticketId
  ticket {
    ...TicketDetails
  }
  changed
  origin
  observedAt
  source {
    ...TicketSourceParts
  }
  problem {
    ...ProblemParts
  }
}
${TicketDetailsFragmentDoc}
${TicketSourcePartsFragmentDoc}
${ProblemPartsFragmentDoc}
`;
export const TicketChangedDocument = /*#__PURE__*/ gql<TicketChangedSubscription, TicketChangedSubscriptionVariables>`
subscription TicketChanged($ids: [ID!], $filter: TicketFilter, $after: String) {
  ticketChanged(ids: $ids, filter: $filter, after: $after) {
    ...TicketChangeParts
  }
}
${TicketChangePartsFragmentDoc}
`;
export const TransitionInProgressDocument = /*#__PURE__*/ gql<TransitionInProgressMutation, TransitionInProgressMutationVariables>`
mutation TransitionInProgress($input: TransitionInProgressInput!, $withTicket: Boolean = false) {
  transitionInProgress(input: $input) {
    ...WriteReport
    transition {
      ...TransitionDetails
    }
    ticket @include(if: $withTicket) {
      ...JifelineTicketDetails
    }
  }
}
${WriteReportFragmentDoc}
${TransitionDetailsFragmentDoc}
${JifelineTicketDetailsFragmentDoc}
`;
export const AssignOperatorDocument = /*#__PURE__*/ gql<AssignOperatorMutation, AssignOperatorMutationVariables>`
mutation AssignOperator($input: AssignOperatorInput!, $withTicket: Boolean = false) {
  assignOperator(input: $input) {
    ...WriteReport
    ticket @include(if: $withTicket) {
      ...JifelineTicketDetails
    }
  }
}
${WriteReportFragmentDoc}
${JifelineTicketDetailsFragmentDoc}
`;
export const UnlinkCustomerDocument = /*#__PURE__*/ gql<UnlinkCustomerMutation, UnlinkCustomerMutationVariables>`
mutation UnlinkCustomer($input: UnlinkCustomerInput!, $withTicket: Boolean = false) {
  unlinkCustomer(input: $input) {
    ...WriteReport
    ticket @include(if: $withTicket) {
      ...TicketDetails
    }
  }
}
${WriteReportFragmentDoc}
${TicketDetailsFragmentDoc}
`;
export const RunBatchDocument = /*#__PURE__*/ gql<RunBatchMutation, RunBatchMutationVariables>`
mutation RunBatch($input: RunBatchInput!, $withTicket: Boolean = false) {
  runBatch(input: $input) {
    ...WriteReport
    results {
      ...WrittenTicket
      ticket @include(if: $withTicket) {
        ...TicketDetails
      }
    }
  }
}
${WriteReportFragmentDoc}
${WrittenTicketFragmentDoc}
${TicketDetailsFragmentDoc}
`;
export const SolveUnfinishedTicketsDocument = /*#__PURE__*/ gql<SolveUnfinishedTicketsMutation, SolveUnfinishedTicketsMutationVariables>`
mutation SolveUnfinishedTickets($input: SolveUnfinishedTicketsInput!) {
  solveUnfinishedTickets(input: $input) {
    ...WriteReport
  }
}
${WriteReportFragmentDoc}
`;
export const PushWorkflowDocument = /*#__PURE__*/ gql<PushWorkflowMutation, PushWorkflowMutationVariables>`
mutation PushWorkflow($input: PushWorkflowInput!, $withTicket: Boolean = false) {
  pushWorkflow(input: $input) {
    ...WriteReport
    transition {
      ...TransitionDetails
    }
    ticket @include(if: $withTicket) {
      ...RequestorTicketDetails
    }
  }
}
${WriteReportFragmentDoc}
${TransitionDetailsFragmentDoc}
${RequestorTicketDetailsFragmentDoc}
`;