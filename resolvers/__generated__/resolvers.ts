import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Ticket as TicketSource, TicketAction as TicketActionSource, ActionInput as ActionInputSource } from '../../datasources/contract.ts';
import type { TransitionRecord, WriteItem } from '../../datasources/writes/report.ts';
import type { TicketPage, ListSource } from '../../datasources/reads/list-tickets.ts';
import type { Edge, Payload, Problem as ProblemSource } from '../parents.ts';
import type { VendorState } from '../../datasources/index.ts';
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
  /** A point in time: ISO 8601 with date, time and zone, in UTC, e.g. `2026-01-31T09:30:00.000Z`. */
  DateTime: { input: string; output: string; }
  /** Any JSON object. Used where a vendor's own document passes through, e.g. an action's inputs. */
  JSONObject: { input: Readonly<Record<string, unknown>>; output: Readonly<Record<string, unknown>>; }
  _FieldSet: { input: string; output: string; }
};

/** One value that an action takes: a field of the form. */
export type ActionInput = {
  readonly __typename: 'ActionInput';
  /**
   * What each entry of a `LIST` is, where entries are bare values such as `["a", "b"]`: a field that may be there several
   * times. Null where they are objects, and for what is no list.
   */
  readonly itemType: Maybe<ActionInputType>;
  /**
   * What each entry of a `LIST` holds, where entries are objects such as `[{ id: 1, value: 5 }]`: the fields of a row. Null
   * where they are bare values, and for what is no list.
   */
  readonly items: Maybe<ReadonlyArray<ActionInput>>;
  /** Greatest value of an `INTEGER`. Null where there is no bound. */
  readonly maximum: Maybe<Scalars['Int']['output']>;
  /** Most characters of a `STRING` or `ID`. Null where there is no bound. */
  readonly maximumLength: Maybe<Scalars['Int']['output']>;
  /** Smallest value of an `INTEGER`. Null where there is no bound. */
  readonly minimum: Maybe<Scalars['Int']['output']>;
  /** The key in `inputs`. */
  readonly name: Scalars['String']['output'];
  /**
   * The values to choose from. Null where any value that fits will do. Of a `LIST` of bare values: those that an entry may
   * have, as are the bounds below.
   */
  readonly options: Maybe<ReadonlyArray<ActionInputOption>>;
  /** Whether the action is refused without it. */
  readonly required: Scalars['Boolean']['output'];
  /** What kind of value it is. */
  readonly type: ActionInputType;
};

/** One of the values to choose from. */
export type ActionInputOption = {
  readonly __typename: 'ActionInputOption';
  /** What to show. */
  readonly label: Scalars['String']['output'];
  /** What to send. */
  readonly value: Scalars['String']['output'];
};

/** What kind of value an action's input is. */
export const ActionInputType = {
  /** True or false. */
  Boolean: 'BOOLEAN',
  /** An id of the vendor's. */
  Id: 'ID',
  /** A whole number. */
  Integer: 'INTEGER',
  /** A list. `itemType` or `items` says what its entries are; neither does where they may be anything. */
  List: 'LIST',
  /** A JSON object. What may be in it is the vendor's to say: it is passed on as it is. */
  Object: 'OBJECT',
  /** Text. */
  String: 'STRING'
} as const;

export type ActionInputType = typeof ActionInputType[keyof typeof ActionInputType];
/** An action was executed on a ticket. */
export type ActionTransition = TransitionFields & {
  readonly __typename: 'ActionTransition';
  /** What was done, in the vendor's own word or number. */
  readonly action: Scalars['String']['output'];
  /** When the vendor's answer arrived here. */
  readonly at: Scalars['DateTime']['output'];
  /** Where the ticket stood before. Null where this request had not read it. */
  readonly from: Maybe<TicketStatus>;
  /** The id under which the ticket is found from now on. Null if it kept its id, or the vendor gave no other. */
  readonly movedToId: Maybe<Scalars['ID']['output']>;
  /** The new state as the vendor's answer spelled it, where it answers with one. */
  readonly state: Maybe<Scalars['String']['output']>;
  /** The ticket that was acted on, also if it moved. The payload's `ticket` is read at its new place. */
  readonly ticketId: Scalars['ID']['output'];
  /** Where it stands now. Null where the vendor does not say. */
  readonly to: Maybe<TicketStatus>;
  /** Where the ticket lives. */
  readonly vendor: Vendor;
};

/** Something that may be done with a ticket of Akana: an action of the ticket workflow. */
export type AkanaAction = TicketActionFields & {
  readonly __typename: 'AkanaAction';
  /** Always false. */
  readonly destructive: Scalars['Boolean']['output'];
  /** Always empty: Akana's actions take nothing but a comment. */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** What a button says, in English. */
  readonly label: Scalars['String']['output'];
  /** Always `executeAction`; its `comment` is kept with the action. `setStatus` with `SOLVED` or `CLOSED` does the same. */
  readonly mutation: Scalars['String']['output'];
  /** Akana's ActionName: `ticket.action.resolve` or `ticket.action.close`. */
  readonly name: Scalars['String']['output'];
  /** Where the ticket stands afterwards in Akana's default workflow. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/** A ticket in Akana's developer portal: a question or a fault about an API or an app. */
export type AkanaTicket = Node & TicketFields & {
  readonly __typename: 'AkanaTicket';
  /** The API that the ticket is about. Null where it is about none. */
  readonly apiId: Maybe<Scalars['String']['output']>;
  /** The app that the ticket is about. Null where it is about none. */
  readonly appId: Maybe<Scalars['String']['output']>;
  /** Akana's id of the user who opened it. */
  readonly authorId: Maybe<Scalars['String']['output']>;
  /** Login name of the user who opened it. */
  readonly authorName: Maybe<Scalars['String']['output']>;
  /**
   * Resolving and closing, where the ticket's state admits them in Akana's default workflow; none where the state is not
   * known here. A site's own workflow may have more: `executeAction` takes any action name that it knows. Costs no call
   * besides the ticket's own.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** How many comments it has. The comments themselves are not exposed. */
  readonly commentCount: Maybe<Scalars['Int']['output']>;
  /** When it was made (Akana's `Created`). */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** The whole text, as its author wrote it; may hold markup, so escape it before you show it. */
  readonly description: Maybe<Scalars['String']['output']>;
  /** Where the trouble is: `Sandbox` or `Production`. */
  readonly environment: Maybe<Scalars['String']['output']>;
  /** `akana:` and Akana's TicketID, e.g. `akana:ticket25687.acmepaymentscorp`. */
  readonly id: Scalars['ID']['output'];
  /** Whether it has any marks. */
  readonly isMarked: Maybe<Scalars['Boolean']['output']>;
  /**
   * Akana's labels. They hold the priority, e.g. `com.soa.ticket.label.priority.medium` (which Akana's own pages show as
   * "Major") or `com.soa.ticket.label.priority.high`.
   */
  readonly labels: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** How many users have marked it. */
  readonly markCount: Maybe<Scalars['Int']['output']>;
  /**
   * Akana's TicketID, verbatim: a name or a UUID, a dot, and the tenant, e.g. `ticket25687.acmepaymentscorp` or
   * `132f7a34-b71f-448f-9a49-6e8777de2b4c.acmepaymentscorp`.
   */
  readonly nativeId: Scalars['String']['output'];
  /** The TicketID: Akana's tickets have no other name. */
  readonly reference: Scalars['String']['output'];
  /**
   * The state in Akana's own spelling, e.g. `OPEN`, `RESOLVED`, `CLOSED`, `REOPEN`; the same as `status.raw`. Null where
   * Akana sends none.
   */
  readonly state: Maybe<Scalars['String']['output']>;
  /**
   * Where it stands: OPEN and REOPEN are `OPEN`, RESOLVED is `SOLVED`, CLOSED is `CLOSED`, whatever the letter case. A
   * site may have a workflow of its own with other states: the category is null for those. `raw` is empty where Akana
   * sends none.
   */
  readonly status: TicketStatus;
  /** Tags that users have given it. */
  readonly tags: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The title. Null where our account sees too little of the ticket. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Always null: Akana does not say. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Always `AKANA`. */
  readonly vendor: Vendor;
  /** Who sees the ticket's API: `Public` is everybody, `Limited` only its admins and those in its scope. */
  readonly visibility: Maybe<Scalars['String']['output']>;
};

/** A ticket to assign, and to whom. */
export type AssignOperatorInput = {
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The operator: a UUID. */
  readonly operatorId: Scalars['ID']['input'];
  /** The ticket: one of Jifeline that is in progress. */
  readonly ticketId: Scalars['ID']['input'];
};

/** What assigning the ticket did. */
export type AssignOperatorPayload = MutationPayload & {
  readonly __typename: 'AssignOperatorPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now. Costs a read when selected; null where nothing was sent. */
  readonly ticket: Maybe<JifelineTicket>;
};

/** One of Omnidesk's batch actions. */
export type BatchActionInput = {
  /** The kind of action, in Omnidesk's word; not empty. */
  readonly actionType: Scalars['String']['input'];
  /** The value that goes with it, as text; may be empty. */
  readonly value: Scalars['String']['input'];
};

/** The state of a circuit breaker. */
export const BreakerState = {
  /** Calls go through. */
  Closed: 'CLOSED',
  /** A few calls go through, to see whether the vendor is well again. */
  HalfOpen: 'HALF_OPEN',
  /** Calls are refused at once, without asking the vendor. */
  Open: 'OPEN'
} as const;

export type BreakerState = typeof BreakerState[keyof typeof BreakerState];
/** Why a ticket is cancelled. Nothing is required here; whether Jifeline requires a reason is not documented. */
export type CancelInput = {
  /** Id of a cancel reason: an option of the input `cancelReasonId` of the action `cancel`. Not negative. */
  readonly cancelReasonId?: InputMaybe<Scalars['Int']['input']>;
  /**
   * Further members of the transition, in Jifeline's own spelling, sent as they are. Jifeline does not document which
   * there are; `type` is not among them, nor is `cancel_reason_id` beside `cancelReasonId`.
   */
  readonly extra?: InputMaybe<Scalars['JSONObject']['input']>;
};

/** A ticket of Jifeline was cancelled. */
export type CancelTransition = TransitionFields & {
  readonly __typename: 'CancelTransition';
  /** Always `cancel`. */
  readonly action: Scalars['String']['output'];
  /** When Jifeline's answer arrived here. */
  readonly at: Scalars['DateTime']['output'];
  /** Where the ticket stood before. Null where this request had not read it. */
  readonly from: Maybe<TicketStatus>;
  /**
   * Path of the ticket's new place at Jifeline, e.g.
   * `/v2/tickets/cancelled-tickets/497f6eca-6276-4993-bfeb-53cbbbba6f08`. Null where Jifeline named none that can be
   * trusted, or where its answer never came.
   */
  readonly location: Maybe<Scalars['String']['output']>;
  /** Id of the ticket in its new place, as `location` says. Null where that is null. */
  readonly movedToId: Maybe<Scalars['ID']['output']>;
  /** The ticket that was acted on. `movedToId` is where it is now. */
  readonly ticketId: Scalars['ID']['output'];
  /** Where it stands now: by the place that Jifeline named, else `cancelled`. */
  readonly to: Maybe<TicketStatus>;
  /** Always `JIFELINE`. */
  readonly vendor: Vendor;
};

/** How a ticket is completed. Nothing is needed. */
export type CompleteInput = {
  /**
   * Further members of the transition, in Jifeline's own spelling, sent as they are. Jifeline does not document which
   * there are; `type` is not among them.
   */
  readonly extra?: InputMaybe<Scalars['JSONObject']['input']>;
};

/** A ticket of Jifeline was completed. */
export type CompleteTransition = TransitionFields & {
  readonly __typename: 'CompleteTransition';
  /** Always `complete`. */
  readonly action: Scalars['String']['output'];
  /** When Jifeline's answer arrived here. */
  readonly at: Scalars['DateTime']['output'];
  /** Where the ticket stood before. Null where this request had not read it. */
  readonly from: Maybe<TicketStatus>;
  /**
   * Path of the ticket's new place at Jifeline, e.g. `/v2/tickets/closed-tickets/497f6eca-6276-4993-bfeb-53cbbbba6f08`.
   * Null where Jifeline named none that can be trusted, or where its answer never came.
   */
  readonly location: Maybe<Scalars['String']['output']>;
  /** Id of the ticket in its new place, as `location` says. Null where that is null. */
  readonly movedToId: Maybe<Scalars['ID']['output']>;
  /** The ticket that was acted on. `movedToId` is where it is now. */
  readonly ticketId: Scalars['ID']['output'];
  /** Where it stands now: by the place that Jifeline named, else `closed`. */
  readonly to: Maybe<TicketStatus>;
  /** Always `JIFELINE`. */
  readonly vendor: Vendor;
};

/** A ticket to be made. */
export type CreateTicketInput = {
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The ticket, in the words of the vendor where it is to be made. */
  readonly ticket: NewTicketInput;
};

/** What making the ticket did. */
export type CreateTicketPayload = MutationPayload & {
  readonly __typename: 'CreateTicketPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The new ticket, where the vendor said which one it is. Costs a read when selected. */
  readonly ticket: Maybe<Ticket>;
};

/** Tickets to be deleted. */
export type DeleteTicketsInput = {
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The tickets, 1 to 100, of any vendors. */
  readonly ticketIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What deleting did, ticket by ticket. */
export type DeleteTicketsPayload = MutationPayload & {
  readonly __typename: 'DeleteTicketsPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** One for each id given, in that order; an id given twice is sent once and answered twice. */
  readonly results: ReadonlyArray<TicketResult>;
};

/** Whether the customer wrote first or you did. */
export const Direction = {
  /** From the customer to you. */
  Inbound: 'INBOUND',
  /** From you to the customer. */
  Outbound: 'OUTBOUND'
} as const;

export type Direction = typeof Direction[keyof typeof Direction];
/** An action on one ticket. */
export type ExecuteActionInput = {
  /**
   * The action: a `name` of the ticket's `availableActions`, or another that the vendor knows. A known name may be in any
   * letter case.
   */
  readonly action: Scalars['String']['input'];
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** A comment to go with it, where the vendor takes one. */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** What the action takes: keys and values as its `inputs` say. */
  readonly inputs?: InputMaybe<Scalars['JSONObject']['input']>;
  /** The ticket. */
  readonly ticketId: Scalars['ID']['input'];
};

/** What an action did. */
export type ExecuteActionPayload = MutationPayload & {
  readonly __typename: 'ExecuteActionPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now. Costs a read when selected; null where nothing was sent. */
  readonly ticket: Maybe<Ticket>;
  /** What was done to the ticket. Null where nothing is known to have been done. */
  readonly transition: Maybe<Transition>;
};

/** A status after which no more work is to come. */
export const FinalStatus = {
  /** Done for good. */
  Closed: 'CLOSED',
  /** Said to be solved. */
  Solved: 'SOLVED'
} as const;

export type FinalStatus = typeof FinalStatus[keyof typeof FinalStatus];
/** Something that may be done with a case: `cancel`, `close`, `press` (urges Huawei to go on) or `delete`. */
export type HuaweiAction = TicketActionFields & {
  readonly __typename: 'HuaweiAction';
  /** True for `cancel` and `delete`. */
  readonly destructive: Scalars['Boolean']['output'];
  /**
   * The same for every action, none required. `groupId` replaces the configured IAM group; an empty text takes it away. A `comment` of `executeAction` travels as Huawei's `operate_desc` and has at
   * most 400 characters. Each entry of the list `satisfaction` is an object with `satisfactionId` (0 to 9999) and
   * `satisfactionValue` (0 to 65535), both required, and if wanted `value` (0 to 65535), `satisfactionName` (at most 32
   * characters), `perValue` (0 to 65535), `satCategoryId` and `satCategoryName` (at most 32 characters).
   */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** What a button says. */
  readonly label: Scalars['String']['output'];
  /** Always `executeAction`. For `close` and `cancel` there is `setStatus` as well, which takes many tickets. */
  readonly mutation: Scalars['String']['output'];
  /** `cancel`, `close`, `press` or `delete`. `executeAction` passes other words of Huawei's on as well. */
  readonly name: Scalars['String']['output'];
  /** `CANCELLED` after `cancel` and `CLOSED` after `close`. Null for `press`, which changes nothing, and `delete`. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/**
 * A service ticket ("case") of Huawei Cloud. Names of types, products and places come in the language that the operator of
 * this endpoint has set (`HUAWEI_LANGUAGE`, English unless set). Huawei's list and its single case do not tell the same:
 * fields that say so are null in a ticket that was read the other way. Contact data of the customer is not exposed.
 */
export type HuaweiTicket = Node & TicketFields & {
  readonly __typename: 'HuaweiTicket';
  /**
   * By its status: `cancel`, `close` and `press` while it is open (no `press` while it is suspended), `delete` once it is
   * completed or canceled, nothing in any other. Huawei documents no rule for it, so whether one of them is legal now is
   * for Huawei to say. Asks nothing upstream.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /**
   * Who works on it: `huawei`, `partner` or `isv`; another number as it came. Null in lists, and where Huawei does not
   * say.
   */
  readonly businessOwnership: Maybe<Scalars['String']['output']>;
  /** What kind of problem it is, e.g. `Remote login`. */
  readonly businessType: Maybe<Scalars['String']['output']>;
  /** When the result was confirmed. Null while it is not. Only in lists. */
  readonly confirmedAt: Maybe<Scalars['DateTime']['output']>;
  /** When the case was submitted. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Id of the Huawei Cloud account whose case it is. */
  readonly customerId: Maybe<Scalars['String']['output']>;
  /** The region that it is about, e.g. `CN-Hong Kong`. */
  readonly dataCenter: Maybe<Scalars['String']['output']>;
  /** What was asked, in full, up to 2000 characters. */
  readonly description: Maybe<Scalars['String']['output']>;
  /** `huawei:` and the case id, e.g. `huawei:TS-123456`. */
  readonly id: Scalars['ID']['output'];
  /** The kind of service that the case calls for, in Huawei's word. Only in lists. */
  readonly incidentServiceType: Maybe<Scalars['String']['output']>;
  /** What kind of case it is, e.g. `Fault report`. */
  readonly incidentType: Maybe<Scalars['String']['output']>;
  /** What the customer wrote when rating it. Null in lists, and where it was not rated. */
  readonly judgement: Maybe<Scalars['String']['output']>;
  /** Names of its labels. Null where the ticket was not read from a list, which alone tells them. */
  readonly labels: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** The case id, 1 to 64 letters, digits and hyphens, e.g. `TS-123456` or `TT201801010000`. */
  readonly nativeId: Scalars['String']['output'];
  /** The product that it is about, e.g. `Elastic Cloud Server`. Only in lists. */
  readonly productCategory: Maybe<Scalars['String']['output']>;
  /** The case id; a case has no other name. `TicketFilter.reference` finds it by this. */
  readonly reference: Scalars['String']['output'];
  /** What solved it. Null until it is solved. Only in lists. */
  readonly resolution: Maybe<Scalars['String']['output']>;
  /** What was the cause. Null until it is found. Only in lists. */
  readonly rootCause: Maybe<Scalars['String']['output']>;
  /** How severe it is, in Huawei's word. Null in lists, and where Huawei does not say. */
  readonly severity: Maybe<Scalars['String']['output']>;
  /** Where it was submitted, e.g. `Console`. Null in lists. */
  readonly source: Maybe<Scalars['String']['output']>;
  /**
   * Huawei's numbers and their categories: 0 to be processed `NEW`, 1 processing `OPEN`, 2 to be confirmed and 17 pending
   * feedback `PENDING`, 3 completed `CLOSED`, 4 canceled `CANCELLED`, 5 suspended `ON_HOLD`. Null for 12 invalid, 13
   * deleted and any other. Never `SOLVED`: a solved case that waits for the customer's word is 2.
   */
  readonly status: TicketStatus;
  /** The status as Huawei's number, e.g. 17. Null where it is no number. */
  readonly statusCode: Maybe<Scalars['Int']['output']>;
  /** Id of the account's IAM user who submitted it. Null where Huawei does not say. */
  readonly subCustomerId: Maybe<Scalars['String']['output']>;
  /** Name of the account's IAM user who submitted it. Null where Huawei does not say. */
  readonly subCustomerName: Maybe<Scalars['String']['output']>;
  /** First line of the description. Null where the case has none. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Always null: Huawei Cloud does not say. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Always `HUAWEI`. */
  readonly vendor: Vendor;
};

/** Where a ticket of Jifeline that is in progress is to go: exactly one of them. */
export type InProgressTransitionInput =
  /** Away, not done. */
  { readonly cancel: CancelInput; readonly complete?: never; readonly outsource?: never; }
  |  /** To its end, done. */
  { readonly cancel?: never; readonly complete: CompleteInput; readonly outsource?: never; }
  |  /** To another provider. */
  { readonly cancel?: never; readonly complete?: never; readonly outsource: OutsourceInput; };

/** Something that may be done with a ticket of Jifeline that is in progress. */
export type JifelineAction = TicketActionFields & {
  readonly __typename: 'JifelineAction';
  /** True for `cancel`. */
  readonly destructive: Scalars['Boolean']['output'];
  /**
   * `outsource` takes `productIds` (a list of at least one UUID, of products of type base), `providerId` (a UUID),
   * `allowCustomerChatWriteAccess` and `shareCustomerInformation`; `cancel` takes `cancelReasonId`, a number, with the
   * reasons that an operator may choose as options (null where Jifeline did not give them); `complete` and `cancel` take
   * `extra`, further members of the transition, as `transitionInProgress` does; `assignOperator` takes `operatorId` (a
   * UUID).
   */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** What a button says. */
  readonly label: Scalars['String']['output'];
  /** `transitionInProgress` or `assignOperator`; `executeAction` performs all of them. */
  readonly mutation: Scalars['String']['output'];
  /** `outsource`, `complete`, `cancel` or `assignOperator`. */
  readonly name: Scalars['String']['output'];
  /** `ON_HOLD`, `CLOSED` or `CANCELLED`; `OPEN` for `assignOperator`, which leaves the ticket where it is. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/**
 * A ticket of Jifeline: a request to execute services on a vehicle. Jifeline keeps tickets in five collections, one for
 * each state, and keeps other fields in each: what a collection does not have is null. Jifeline promises none of the
 * fields, so any of them may be null in any state.
 */
export type JifelineTicket = Node & TicketFields & {
  readonly __typename: 'JifelineTicket';
  /**
   * `outsource`, `complete`, `cancel` and `assignOperator` while the ticket is in progress; nothing in any other state.
   * Selecting the `inputs` of `cancel` asks Jifeline for its cancel reasons.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** Id of the reason for which it was cancelled: a whole number, as text. Only cancelled. */
  readonly cancelReasonId: Maybe<Scalars['String']['output']>;
  /** Id of the connection to the vehicle: a UUID. Null where there is none. */
  readonly connectionId: Maybe<Scalars['String']['output']>;
  /** When the ticket was made. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Id of the customer for whom the ticket was made: a UUID. */
  readonly customerId: Maybe<Scalars['String']['output']>;
  /** What the ticket is called in an external system, at most 255 characters. Only closed and cancelled. */
  readonly externalReference: Maybe<Scalars['String']['output']>;
  /** Whether an external system has noted that it has processed the ticket. Only closed and cancelled. */
  readonly externallyProcessed: Maybe<Scalars['Boolean']['output']>;
  /** When service stopped. Only closed and cancelled. */
  readonly finishedAt: Maybe<Scalars['DateTime']['output']>;
  /** `jifeline:` and Jifeline's id of the ticket. Letter case does not count. */
  readonly id: Scalars['ID']['output'];
  /** Jifeline's id: a UUID, in the letter case in which Jifeline wrote it. */
  readonly nativeId: Scalars['String']['output'];
  /**
   * Id of the operator who has the ticket: a UUID. Null for pending and outsourced tickets, and for one that was cancelled
   * automatically.
   */
  readonly operatorId: Maybe<Scalars['String']['output']>;
  /** Id of the provider to whom it was outsourced: a UUID. Only outsourced. */
  readonly outsourceProviderId: Maybe<Scalars['String']['output']>;
  /** Id of the ticket at the other provider: a UUID, not an id of this graph. Only outsourced. */
  readonly outsourceTicketId: Maybe<Scalars['String']['output']>;
  /**
   * Whether the ticket has been outsourced at least once. History, not state: true is possible while it is in progress
   * here. Only given while it is in progress.
   */
  readonly outsourced: Maybe<Scalars['Boolean']['output']>;
  /** Whether it can be taken back, which ends when the other provider begins work on it. Only outsourced. */
  readonly reclaimable: Maybe<Scalars['Boolean']['output']>;
  /** Jifeline's ticket number, e.g. `7440303`; the id where Jifeline left the number out. */
  readonly reference: Scalars['String']['output'];
  /** When service started. Only while the ticket is in progress. */
  readonly serviceStartedAt: Maybe<Scalars['DateTime']['output']>;
  /** The collection in which the ticket was found: `pending`, `in-progress`, `outsourced`, `closed` or `cancelled`. */
  readonly state: Maybe<Scalars['String']['output']>;
  /**
   * By the collection in which the ticket was found: `pending` is `NEW`, `in-progress` `OPEN`, `outsourced` `ON_HOLD`,
   * `closed` `CLOSED`, `cancelled` `CANCELLED`.
   */
  readonly status: TicketStatus;
  /**
   * The number by which people know the ticket: a whole number of up to 64 bits, as text, e.g. `7440303`. The ticket's id
   * where Jifeline left the number out.
   */
  readonly ticketNumber: Scalars['String']['output'];
  /** Always null: Jifeline keeps no title. `vin` and `reference` tell people which one it is. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Always null: Jifeline does not say. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** The vehicle's battery system: `12v` or `24v`. Only closed and cancelled. */
  readonly vehicleBatteryVoltage: Maybe<Scalars['String']['output']>;
  /** Id of the vehicle's model: a whole number of up to 64 bits, as text. */
  readonly vehicleModelId: Maybe<Scalars['String']['output']>;
  /** Always `JIFELINE`. */
  readonly vendor: Vendor;
  /** Vehicle identification number: 17 characters. */
  readonly vin: Maybe<Scalars['String']['output']>;
  /** Voucher code: 4 to 8 capitals and digits. Null where there is none; only in progress and outsourced. */
  readonly voucherCode: Maybe<Scalars['String']['output']>;
};

/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type Mutation = {
  readonly __typename: 'Mutation';
  /** Gives a ticket of Jifeline that is in progress to an operator. */
  readonly assignOperator: AssignOperatorPayload;
  /** Makes a new ticket. Exactly one vendor's part of `ticket` is given: the ticket is made there. */
  readonly createTicket: CreateTicketPayload;
  /** Deletes 1 to 100 tickets. There is no way back. */
  readonly deleteTickets: DeleteTicketsPayload;
  /**
   * Performs an action on one ticket of any vendor: whatever its `availableActions` name. An action that amounts to another
   * mutation (a priority to `setPriority`, a deletion to `deleteTickets`) needs the scope of that one as well, and is
   * `FORBIDDEN` without it.
   */
  readonly executeAction: ExecuteActionPayload;
  /**
   * Pushes one ticket of Requestor forward in its workflow. Nothing is asked first: whether the action is legal now is for
   * Requestor to say.
   */
  readonly pushWorkflow: PushWorkflowPayload;
  /**
   * Runs Omnidesk's batch actions on 1 to 100 of its tickets, in one call. Omnidesk documents no kinds of
   * action, so they are passed on as they are, and it answers for all tickets together.
   */
  readonly runBatch: RunBatchPayload;
  /** Gives 1 to 100 tickets another priority, where their vendor keeps one. */
  readonly setPriority: SetPriorityPayload;
  /**
   * Gives 1 to 100 tickets of any vendors another status, each through its vendor's own verb. What a vendor has no verb
   * for is `UNSUPPORTED` for that ticket alone.
   */
  readonly setStatus: SetStatusPayload;
  /**
   * Solves every unfinished ticket of Omnidesk at once. Omnidesk does not say which tickets it changed, so there is no
   * simple way back. It names this operation without documenting its address; it is sent where its neighbours are.
   */
  readonly solveUnfinishedTickets: SolveUnfinishedTicketsPayload;
  /**
   * Moves a ticket of Jifeline that is in progress on: to another provider, to its end, or away. Afterwards it lies in
   * another collection, perhaps under another id: go on with the transition's `movedToId`.
   */
  readonly transitionInProgress: TransitionInProgressPayload;
  /** Takes the customer off an Omnidesk ticket; the ticket and the customer stay. */
  readonly unlinkCustomer: UnlinkCustomerPayload;
  /** Changes a ticket's own fields; at least one must be given. */
  readonly updateTicket: UpdateTicketPayload;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationAssignOperatorArgs = {
  input: AssignOperatorInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationCreateTicketArgs = {
  input: CreateTicketInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationDeleteTicketsArgs = {
  input: DeleteTicketsInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationExecuteActionArgs = {
  input: ExecuteActionInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationPushWorkflowArgs = {
  input: PushWorkflowInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationRunBatchArgs = {
  input: RunBatchInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationSetPriorityArgs = {
  input: SetPriorityInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationSetStatusArgs = {
  input: SetStatusInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationSolveUnfinishedTicketsArgs = {
  input: SolveUnfinishedTicketsInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationTransitionInProgressArgs = {
  input: TransitionInProgressInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationUnlinkCustomerArgs = {
  input: UnlinkCustomerInput;
};


/** Every write answers with an outcome. It never throws for what a vendor or a rule said: that is `outcome` and `problems`. */
export type MutationUpdateTicketArgs = {
  input: UpdateTicketInput;
};

/** What every write answers. */
export type MutationPayload = {
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
};

/**
 * A new ticket of Omnidesk. Only the fields that are given are sent. Omnidesk documents defaults for `fromName`,
 * `assignedGroupId` and `formId` alone, so it may refuse a ticket in which one of the others is missing.
 */
export type NewOmnideskTicketInput = {
  /** Number of the group to assign. Defaults to no group (0); null sends that default. */
  readonly assignedGroupId?: InputMaybe<Scalars['Int']['input']>;
  /** Number of the brand. */
  readonly brandId?: InputMaybe<Scalars['Int']['input']>;
  /** Number of the channel. */
  readonly channelId?: InputMaybe<Scalars['Int']['input']>;
  /** Whether the customer writes or you do. */
  readonly direction?: InputMaybe<Direction>;
  /** Number of the form. Defaults to no form; null sends that default. */
  readonly formId?: InputMaybe<Scalars['Int']['input']>;
  /** Who writes, in the spelling of the channel: a mail address, a telephone number. */
  readonly from?: InputMaybe<Scalars['String']['input']>;
  /** Name of the sender. Defaults to a space; null sends that default. */
  readonly fromName?: InputMaybe<Scalars['String']['input']>;
  /** The subject line. */
  readonly title?: InputMaybe<Scalars['String']['input']>;
  /** To whom it is written, in the spelling of the channel. */
  readonly to?: InputMaybe<Scalars['String']['input']>;
};

/** A new ticket: exactly one vendor's part is given. */
export type NewTicketInput =
  /** A ticket to be made in Omnidesk. */
  { readonly omnidesk: NewOmnideskTicketInput; };

/** Anything with an id by which it can be asked for again. */
export type Node = {
  /** Id of the whole graph. Opaque to caches, readable to people: `<vendor>:<the vendor's own id>`. */
  readonly id: Scalars['ID']['output'];
};

/** Something that may be done with a ticket of Omnidesk: give it another status or another priority. */
export type OmnideskAction = TicketActionFields & {
  readonly __typename: 'OmnideskAction';
  /** Always false. */
  readonly destructive: Scalars['Boolean']['output'];
  /** Always empty: the name says all. */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** What a button says, e.g. `Mark as solved`. */
  readonly label: Scalars['String']['output'];
  /** `setStatus` for a status, `setPriority` for a priority. `executeAction` performs both as well. */
  readonly mutation: Scalars['String']['output'];
  /**
   * `status.` and one of `new`, `open`, `pending`, `holding`, `solved`, `closed`; or `priority.` and one of `low`,
   * `medium`, `high`, `urgent`.
   */
  readonly name: Scalars['String']['output'];
  /** The status it leads to. Null for a priority, which leaves the status alone. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/**
 * A ticket of Omnidesk. Omnidesk writes its times without a zone; they are read in the zone that the operator of this
 * endpoint has set (`OMNIDESK_TIME_ZONE`, UTC unless set).
 */
export type OmnideskTicket = Node & TicketFields & {
  readonly __typename: 'OmnideskTicket';
  /** Number of the group that has the ticket. Null where no group has it (Omnidesk writes 0). */
  readonly assignedGroupId: Maybe<Scalars['String']['output']>;
  /** Number of the agent who has the ticket. Null where nobody has it (Omnidesk writes 0). */
  readonly assignedUserId: Maybe<Scalars['String']['output']>;
  /**
   * The statuses and priorities other than the present ones. Omnidesk documents no rule for what may follow on what, so
   * whether one of them is legal now is for Omnidesk to say. Asks nothing upstream.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** Number of the brand under which it came in. */
  readonly brandId: Maybe<Scalars['String']['output']>;
  /** Name of the brand under which it came in. */
  readonly brandName: Maybe<Scalars['String']['output']>;
  /** Number of the account within the channel. Null where there is none (Omnidesk writes 0). */
  readonly channelAccountId: Maybe<Scalars['String']['output']>;
  /** Number of the channel through which it came in. */
  readonly channelId: Maybe<Scalars['String']['output']>;
  /** Name of that channel, e.g. `e-mail`. */
  readonly channelName: Maybe<Scalars['String']['output']>;
  /** When it was closed. Null while it is not. */
  readonly closedAt: Maybe<Scalars['DateTime']['output']>;
  /** When the ticket came in. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Number of the customer in Omnidesk. Null where the ticket is linked to none. */
  readonly customerId: Maybe<Scalars['String']['output']>;
  /** Whether the customer wrote first or you did. Null where Omnidesk does not say. */
  readonly direction: Maybe<Direction>;
  /** Address of the ticket in the system of origin, http or https. Null where there is none. */
  readonly externalGuiUrl: Maybe<Scalars['String']['output']>;
  /** The ticket's id in the system from which it came, e.g. a mail's message id. Null where there is none. */
  readonly externalId: Maybe<Scalars['String']['output']>;
  /** Number of the form that was filled in. Null where there was none. */
  readonly formId: Maybe<Scalars['String']['output']>;
  /** Who wrote, in the spelling of the channel: a mail address, a telephone number. Null where there is none. */
  readonly from: Maybe<Scalars['String']['output']>;
  /** What the writer is called. Null where it is empty. */
  readonly fromName: Maybe<Scalars['String']['output']>;
  /** The grade that the customer gave, in Omnidesk's spelling. Null where there is none. */
  readonly gradeByCustomer: Maybe<Scalars['String']['output']>;
  /** `omnidesk:` and the ticket's number, e.g. `omnidesk:858462`. */
  readonly id: Scalars['ID']['output'];
  /** When an agent last changed it. Null where none has. */
  readonly lastUpdateAgent: Maybe<Scalars['DateTime']['output']>;
  /** When the customer last wrote. Null where it is not known. */
  readonly lastUpdateCustomer: Maybe<Scalars['DateTime']['output']>;
  /** The ticket's number as text, 1 to 15 digits, e.g. `858462`. */
  readonly nativeId: Scalars['String']['output'];
  /** How pressing it is. Null where Omnidesk gives none, or one that is not known here. */
  readonly priority: Maybe<Priority>;
  /** The ticket's number; Omnidesk has no other name for it. `TicketFilter.reference` finds it by this. */
  readonly reference: Scalars['String']['output'];
  /** When the next term of that agreement runs out. Null where no term is running. */
  readonly slaNextBreach: Maybe<Scalars['DateTime']['output']>;
  /** How the next term stands, in Omnidesk's word, e.g. `active`. */
  readonly slaNextBreachCurrentStatus: Maybe<Scalars['String']['output']>;
  /** Number of the service level agreement that applies. Null where none does. */
  readonly slaPolicyId: Maybe<Scalars['String']['output']>;
  /** Until when the ticket is put aside. Null where it is not. */
  readonly snoozeTime: Maybe<Scalars['DateTime']['output']>;
  /**
   * Omnidesk's own words are `new`, `open`, `pending`, `holding` (category `ON_HOLD`), `solved` and `closed`. It has none
   * for cancelled tickets.
   */
  readonly status: TicketStatus;
  /** The subject line. Null where it is empty. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** To whom it was written, in the spelling of the channel. Null where there is none. */
  readonly to: Maybe<Scalars['String']['output']>;
  /** What the addressee is called. Null where it is empty. */
  readonly toName: Maybe<Scalars['String']['output']>;
  /** When anyone last changed it. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Always `OMNIDESK`. */
  readonly vendor: Vendor;
};

/** Whether a write happened. */
export const Outcome = {
  /** The vendor said so, in its own way; or a later look found the ticket where the write was to bring it. */
  Applied: 'APPLIED',
  /** The vendor refused, or nothing was sent. Nothing has changed. */
  NotApplied: 'NOT_APPLIED',
  /** Of several tickets: applied to some and not to others. Only sums up a write to many; see `results`. */
  Partial: 'PARTIAL',
  /**
   * It was sent and no usable answer came: it may have happened or not. It is never sent again by us. Look at the ticket
   * before doing it again.
   */
  Unknown: 'UNKNOWN'
} as const;

export type Outcome = typeof Outcome[keyof typeof Outcome];
/** What another provider is to do. */
export type OutsourceInput = {
  /**
   * Whether the other provider may write in the chat with the customer. The setting of the link to that provider where
   * left out.
   */
  readonly allowCustomerChatWriteAccess?: InputMaybe<Scalars['Boolean']['input']>;
  /** The products that the other provider is to execute: at least one UUID, each of a product of type base. */
  readonly productIds: ReadonlyArray<Scalars['ID']['input']>;
  /** The other provider: a UUID. */
  readonly providerId: Scalars['ID']['input'];
  /** Whether the other provider sees who the customer is. The setting of the link to that provider where left out. */
  readonly shareCustomerInformation?: InputMaybe<Scalars['Boolean']['input']>;
};

/** A ticket of Jifeline was outsourced to another provider. */
export type OutsourceTransition = TransitionFields & {
  readonly __typename: 'OutsourceTransition';
  /** Always `outsource`. */
  readonly action: Scalars['String']['output'];
  /** When Jifeline's answer arrived here. */
  readonly at: Scalars['DateTime']['output'];
  /** Where the ticket stood before. Null where this request had not read it. */
  readonly from: Maybe<TicketStatus>;
  /**
   * Path of the ticket's new place at Jifeline, e.g.
   * `/v2/tickets/outsourced-tickets/497f6eca-6276-4993-bfeb-53cbbbba6f08`. Null where Jifeline named none that can be
   * trusted, or where its answer never came.
   */
  readonly location: Maybe<Scalars['String']['output']>;
  /** Id of the ticket in its new place, as `location` says. Null where that is null. */
  readonly movedToId: Maybe<Scalars['ID']['output']>;
  /** The ticket that was acted on. `movedToId` is where it is now. */
  readonly ticketId: Scalars['ID']['output'];
  /** Where it stands now: by the place that Jifeline named, else `outsourced`. */
  readonly to: Maybe<TicketStatus>;
  /** Always `JIFELINE`. */
  readonly vendor: Vendor;
};

/** Whether and where to go on. */
export type PageInfo = {
  readonly __typename: 'PageInfo';
  /** Cursor to give as `after` for the next page. */
  readonly endCursor: Maybe<Scalars['String']['output']>;
  /** Whether more tickets follow. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Always false: pages go one way, from the newest on. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** Cursor of the first ticket on the page. */
  readonly startCursor: Maybe<Scalars['String']['output']>;
};

/** A request that would be sent to a vendor. */
export type PlannedRequest = {
  readonly __typename: 'PlannedRequest';
  /** Body, byte for byte. Null where there is none. */
  readonly body: Maybe<Scalars['String']['output']>;
  /** Headers; secrets are replaced by `REDACTED`. */
  readonly headers: Scalars['JSONObject']['output'];
  /** HTTP method. */
  readonly method: Scalars['String']['output'];
  /** Address with query; secrets are replaced by `REDACTED`. */
  readonly url: Scalars['String']['output'];
  /** The vendor it would go to. */
  readonly vendor: Vendor;
};

/** How pressing a ticket is. */
export const Priority = {
  /** Before the usual ones. */
  High: 'HIGH',
  /** Can wait. */
  Low: 'LOW',
  /** The usual. */
  Medium: 'MEDIUM',
  /** Now. */
  Urgent: 'URGENT'
} as const;

export type Priority = typeof Priority[keyof typeof Priority];
/** Why something was refused, failed, or is not known. One for each thing at fault. */
export type Problem = {
  readonly __typename: 'Problem';
  /** What kind of problem it is; decide by this, not by the message. */
  readonly code: ProblemCode;
  /** Path of the input at fault, e.g. `["inputs", "groupId"]`. */
  readonly field: Maybe<ReadonlyArray<Scalars['String']['output']>>;
  /** One sentence for people: what, where, what to do. */
  readonly message: Scalars['String']['output'];
  /** Seconds after which the vendor wants to be asked again, where it said so. */
  readonly retryAfterSeconds: Maybe<Scalars['Int']['output']>;
  /**
   * Whether the same request may succeed later, unchanged. For a write: with the same idempotency key, unless its payload is
   * `replayed`: then with a new key.
   */
  readonly retryable: Scalars['Boolean']['output'];
  /** The ticket it is about, as the caller named it. */
  readonly ticketId: Maybe<Scalars['ID']['output']>;
  /** The vendor's own error code. */
  readonly upstreamCode: Maybe<Scalars['String']['output']>;
  /** The vendor's own words, at most 500 characters, without markup. */
  readonly upstreamMessage: Maybe<Scalars['String']['output']>;
  /** HTTP status of the vendor's answer, where there was one. */
  readonly upstreamStatus: Maybe<Scalars['Int']['output']>;
  /** The vendor it is about, where it is about one. */
  readonly vendor: Maybe<Vendor>;
};

/** Every kind of problem. In the errors of a read it stands in `extensions.code`. */
export const ProblemCode = {
  /** The caller may not do this. */
  Forbidden: 'FORBIDDEN',
  /** The write with this idempotency key is still under way elsewhere. Nothing was sent; ask again with the same key. */
  IdempotencyInFlight: 'IDEMPOTENCY_IN_FLIGHT',
  /** This idempotency key was used before with other arguments. Nothing was sent. */
  IdempotencyKeyReused: 'IDEMPOTENCY_KEY_REUSED',
  /** The store of idempotency keys cannot be reached. Nothing was sent. */
  IdempotencyUnavailable: 'IDEMPOTENCY_UNAVAILABLE',
  /** The action is not legal in the ticket's present state. */
  IllegalAction: 'ILLEGAL_ACTION',
  /** An argument does not fit; `field` names it where that is known. Nothing has changed. */
  InvalidInput: 'INVALID_INPUT',
  /** The vendor has no such ticket, or shows none to us. */
  NotFound: 'NOT_FOUND',
  /** The operation would make more calls to vendors than one request may. What is said to be `NOT_APPLIED` was not sent. */
  OperationTooCostly: 'OPERATION_TOO_COSTLY',
  /** A write was sent and no usable answer came: it may have happened or not. Look at the ticket before doing it again. */
  OutcomeUnknown: 'OUTCOME_UNKNOWN',
  /** The caller is not signed in. */
  Unauthenticated: 'UNAUTHENTICATED',
  /** The vendor cannot do this at all; the message says what to use instead. */
  Unsupported: 'UNSUPPORTED',
  /** The vendor does not allow our account to do this. */
  VendorForbidden: 'VENDOR_FORBIDDEN',
  /** The vendor's settings are not given here. */
  VendorNotConfigured: 'VENDOR_NOT_CONFIGURED',
  /** Too many calls to this vendor wait here already; nothing was sent. */
  VendorOverloaded: 'VENDOR_OVERLOADED',
  /** The vendor's answer is not of the documented kind. */
  VendorProtocol: 'VENDOR_PROTOCOL',
  /** Too many requests for the vendor; try again after `retryAfterSeconds`. */
  VendorRateLimited: 'VENDOR_RATE_LIMITED',
  /** The vendor said no, for the reason in `upstreamMessage` or `upstreamCode`. */
  VendorRejected: 'VENDOR_REJECTED',
  /** The vendor did not answer in time. */
  VendorTimeout: 'VENDOR_TIMEOUT',
  /** The vendor did not accept our credentials. */
  VendorUnauthenticated: 'VENDOR_UNAUTHENTICATED',
  /** The vendor could not be reached, or failed. */
  VendorUnavailable: 'VENDOR_UNAVAILABLE'
} as const;

export type ProblemCode = typeof ProblemCode[keyof typeof ProblemCode];
/** A push of one ticket of Requestor. */
export type PushWorkflowInput = {
  /**
   * The action: a name such as `IncidentSuspend`, or a number from 0 to 2147483647 as text, such as `207`. A known name
   * may be in any letter case. What is legal
   * now stands in the ticket's `availableActions`.
   */
  readonly action: Scalars['String']['input'];
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** The customer who is waited for, with `IncidentWaitForThirdParty` and `ServiceRequestWaitForThirdParty`. */
  readonly customerId?: InputMaybe<Scalars['Int']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** A note on the waiting, with `IncidentWaitForThirdParty` and `ServiceRequestWaitForThirdParty`. */
  readonly note?: InputMaybe<Scalars['String']['input']>;
  /**
   * The service. Required for `TicketConvertToIncident` and `TicketConvertToServiceRequest`. The numbers stand in the
   * options of the action's `inputs`.
   */
  readonly serviceId?: InputMaybe<Scalars['Int']['input']>;
  /** The ticket: `requestor:` and its number or its reference. */
  readonly ticketId: Scalars['ID']['input'];
  /**
   * The user whom it is about. Required for `IncidentAssign`, `IncidentAssignOther`, `IncidentFunctionEscalate`,
   * `ServiceRequestAssign`, `ServiceRequestAssignOther`, `ProblemAssign` and `ChangeAssign`; optional for
   * `IncidentWaitForThirdParty` and `ServiceRequestWaitForThirdParty`. The keys stand in the options of the action's
   * `inputs`.
   */
  readonly userProviderKey?: InputMaybe<Scalars['String']['input']>;
};

/** What a push did. */
export type PushWorkflowPayload = MutationPayload & {
  readonly __typename: 'PushWorkflowPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now. Costs a read when selected; null where nothing was sent. */
  readonly ticket: Maybe<RequestorTicket>;
  /** What was done to the ticket. Null where nothing is known to have been done. */
  readonly transition: Maybe<Transition>;
};

/** What can be read. One vendor that is down never empties the rest of an answer. */
export type Query = {
  readonly __typename: 'Query';
  /** Anything by its id; today that is a ticket. Null where there is none of that id. */
  readonly node: Maybe<Node>;
  /** Several by their ids, in that order, at most 200; null in the place of one that is missing or failed. */
  readonly nodes: ReadonlyArray<Maybe<Node>>;
  /** One ticket. Null where the vendor has none of that id. */
  readonly ticket: Maybe<Ticket>;
  /**
   * The tickets of all vendors that can list theirs, merged, newest first. A vendor that fails, is late, or cannot list has
   * a `problem` in `sources`, and the others still answer. An error if none of the vendors asked is configured, or may be
   * read by the caller.
   *
   * A page can have fewer tickets than `first`, even none, while `hasNextPage` is true: follow `pageInfo.endCursor` until
   * it is false.
   */
  readonly tickets: TicketConnection;
  /**
   * Several tickets, in the order of the ids, at most 200. Null in the place of one that does not exist; null and an error
   * at that place for one that could not be read. The others are there all the same.
   */
  readonly ticketsById: ReadonlyArray<Maybe<Ticket>>;
  /** The vendors that this endpoint knows, connected or not. */
  readonly vendors: ReadonlyArray<VendorInfo>;
};


/** What can be read. One vendor that is down never empties the rest of an answer. */
export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};


/** What can be read. One vendor that is down never empties the rest of an answer. */
export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};


/** What can be read. One vendor that is down never empties the rest of an answer. */
export type QueryTicketArgs = {
  id: Scalars['ID']['input'];
};


/** What can be read. One vendor that is down never empties the rest of an answer. */
export type QueryTicketsArgs = {
  after: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<TicketFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  patienceMs?: InputMaybe<Scalars['Int']['input']>;
};


/** What can be read. One vendor that is down never empties the rest of an answer. */
export type QueryTicketsByIdArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>;
};

/** A workflow action that Requestor offers for a ticket. */
export type RequestorAction = TicketActionFields & {
  readonly __typename: 'RequestorAction';
  /** True if Requestor's name of the action contains `Cancel`, `Delete` or `Reject`. */
  readonly destructive: Scalars['Boolean']['output'];
  /**
   * What it takes: `userProviderKey`, `serviceId`, `customerId`, `note`, as the action needs. The users and services to
   * choose from are asked for upstream, when this field is selected and the action needs one.
   */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** What a button says: Requestor's display name, or the action's name in words. */
  readonly label: Scalars['String']['output'];
  /** Always `pushWorkflow`. */
  readonly mutation: Scalars['String']['output'];
  /**
   * Requestor's name of the action, e.g. `IncidentSuspend`; its number as text where no name is known. Either is what
   * `pushWorkflow` and `executeAction` take.
   */
  readonly name: Scalars['String']['output'];
  /** Always null: Requestor does not say beforehand. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/**
 * A ticket of Requestor.
 *
 * Requestor cannot list its tickets: ask for one by its number or its reference (`requestor:47`, `requestor:INC-000047`).
 */
export type RequestorTicket = Node & TicketFields & {
  readonly __typename: 'RequestorTicket';
  /**
   * What Requestor offers for this ticket now to the account in use. It comes with the ticket; only `inputs` of an action
   * that needs more asks upstream, for the users or services to choose from.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** Whether it is in its workflow's final state. */
  readonly closed: Maybe<Scalars['Boolean']['output']>;
  /** When it was closed. Null while it is not. */
  readonly closedAt: Maybe<Scalars['DateTime']['output']>;
  /** When it was made. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /**
   * `requestor:` and the ticket's number, which stays the same when a conversion changes the reference. Asking by
   * reference gives the number here; only an installation that tells no number gives the reference.
   */
  readonly id: Scalars['ID']['output'];
  /** Whether operators can write each other messages that the person who asked does not see. */
  readonly isPrivateMessageSupported: Maybe<Scalars['Boolean']['output']>;
  /** The ticket's number as text, e.g. `47`. */
  readonly nativeId: Scalars['String']['output'];
  /** The reference, e.g. `INC-000047`; the same as `ticketRef`. */
  readonly reference: Scalars['String']['output'];
  /** How it was resolved. */
  readonly resolutionText: Maybe<Scalars['String']['output']>;
  /** Number of the service that it is about. */
  readonly serviceId: Maybe<Scalars['String']['output']>;
  /** Name of the service that it is about. */
  readonly serviceName: Maybe<Scalars['String']['output']>;
  /** Full name of the operator who works on it. Null while nobody does. */
  readonly solver: Maybe<Scalars['String']['output']>;
  /** Key of the operator who works on it: a `userProviderKey`. Null while nobody does. */
  readonly solverKey: Maybe<Scalars['String']['output']>;
  /** By which way it came in: a name or a number, as the installation gives it. */
  readonly source: Maybe<Scalars['String']['output']>;
  /** State in the workflow of the ticket's own type: a name or a number, as the installation gives it. */
  readonly state: Maybe<Scalars['String']['output']>;
  /**
   * Where it stands. `raw` is `state`, or `summaryState` where there is no state. The category is `CLOSED` in the
   * workflow's final state, otherwise told by the state's name; null where the installation gives numbers, or a name that
   * is not known here.
   */
  readonly status: TicketStatus;
  /** The subject. */
  readonly subject: Maybe<Scalars['String']['output']>;
  /** Full name of the person who asked. */
  readonly submitter: Maybe<Scalars['String']['output']>;
  /** Number of the company of the person who asked. */
  readonly submitterCompanyId: Maybe<Scalars['String']['output']>;
  /** Key of the person who asked. */
  readonly submitterKey: Maybe<Scalars['String']['output']>;
  /** State in words that all ticket types share: a name or a number, as the installation gives it. */
  readonly summaryState: Maybe<Scalars['String']['output']>;
  /**
   * The reference: a prefix for the type (`TIC`, `INC`, `REQ`, `PRO`, `CHG`), a hyphen and digits. A conversion gives the
   * ticket another one. The number, where the installation tells no reference.
   */
  readonly ticketRef: Scalars['String']['output'];
  /**
   * The type, e.g. `Incident`, `ServiceRequest`, `Problem`, `Change`; a number where the installation gives a number
   * whose name is not known here.
   */
  readonly ticketType: Maybe<Scalars['String']['output']>;
  /** The subject; the same as `subject`. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** Always null: Requestor does not say. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Number of the source as the installation's own list has it. */
  readonly userSourceId: Maybe<Scalars['String']['output']>;
  /** Always `REQUESTOR`. */
  readonly vendor: Vendor;
};

/** Batch actions for many tickets. */
export type RunBatchInput = {
  /** What to do with each of them, in this order; at least one. */
  readonly actions: ReadonlyArray<BatchActionInput>;
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The tickets, 1 to 100, of Omnidesk. */
  readonly ticketIds: ReadonlyArray<Scalars['ID']['input']>;
};

/**
 * What the batch did. Omnidesk answers for all tickets together, so all of them have the same outcome, and an outcome that
 * is not known is never settled by a look at the tickets.
 */
export type RunBatchPayload = MutationPayload & {
  readonly __typename: 'RunBatchPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** One for each id given, in that order; an id given twice is sent once and answered twice. */
  readonly results: ReadonlyArray<TicketResult>;
};

/** A priority for many tickets. */
export type SetPriorityInput = {
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The priority they are to have. */
  readonly priority: Priority;
  /** The tickets, 1 to 100, of any vendors. */
  readonly ticketIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What setting the priority did, ticket by ticket. */
export type SetPriorityPayload = MutationPayload & {
  readonly __typename: 'SetPriorityPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** One for each id given, in that order; an id given twice is sent once and answered twice. */
  readonly results: ReadonlyArray<TicketResult>;
};

/** A status for many tickets. */
export type SetStatusInput = {
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** A comment to go with it, where the vendor takes one. */
  readonly comment?: InputMaybe<Scalars['String']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The status they are to have. */
  readonly status: StatusCategory;
  /** The tickets, 1 to 100, of any vendors. */
  readonly ticketIds: ReadonlyArray<Scalars['ID']['input']>;
};

/** What setting the status did, ticket by ticket. */
export type SetStatusPayload = MutationPayload & {
  readonly __typename: 'SetStatusPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** One for each id given, in that order; an id given twice is sent once and answered twice. */
  readonly results: ReadonlyArray<TicketResult>;
};

/** The wish to solve every unfinished ticket. */
export type SolveUnfinishedTicketsInput = {
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** Must be true; with false it is refused and nothing is sent. */
  readonly confirm: Scalars['Boolean']['input'];
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
};

/** What solving them all did. */
export type SolveUnfinishedTicketsPayload = MutationPayload & {
  readonly __typename: 'SolveUnfinishedTicketsPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
};

/** How one vendor answered a question put to several. */
export type SourceResult = {
  readonly __typename: 'SourceResult';
  /** Why its tickets are missing or incomplete. Null where it answered in full. */
  readonly problem: Maybe<Problem>;
  /**
   * How many tickets it has under this filter. Null if the vendor gives no count, one that cannot be true, or one that the
   * filter does not fit.
   */
  readonly totalCount: Maybe<Scalars['Int']['output']>;
  /** The vendor. */
  readonly vendor: Vendor;
};

/** Where a ticket stands, in words that all vendors share. */
export const StatusCategory = {
  /** Withdrawn or invalid. */
  Cancelled: 'CANCELLED',
  /** Done for good. */
  Closed: 'CLOSED',
  /** Come in; nobody has begun. */
  New: 'NEW',
  /** Set aside, or waiting for a third party. */
  OnHold: 'ON_HOLD',
  /** Somebody is at work on it. */
  Open: 'OPEN',
  /** Waiting for the customer or for a confirmation. */
  Pending: 'PENDING',
  /** Said to be solved; may still be reopened or confirmed. */
  Solved: 'SOLVED'
} as const;

export type StatusCategory = typeof StatusCategory[keyof typeof StatusCategory];
/** A ticket was given another status. */
export type StatusTransition = TransitionFields & {
  readonly __typename: 'StatusTransition';
  /** What was done, in the vendor's own word or number. */
  readonly action: Scalars['String']['output'];
  /** When the vendor's answer arrived here. */
  readonly at: Scalars['DateTime']['output'];
  /** Where the ticket stood before. Null where this request had not read it. */
  readonly from: Maybe<TicketStatus>;
  /** The id under which the ticket is found from now on. Null if it kept its id, or the vendor gave no other. */
  readonly movedToId: Maybe<Scalars['ID']['output']>;
  /** The ticket that was acted on, also if it moved. The payload's `ticket` is read at its new place. */
  readonly ticketId: Scalars['ID']['output'];
  /** Where it stands now. Null where the vendor does not say. */
  readonly to: Maybe<TicketStatus>;
  /** Where the ticket lives. */
  readonly vendor: Vendor;
};

/**
 * A ticket of any vendor. Read what all have with `... on TicketFields`, and a vendor's own fields with its type.
 * Fields of the same name have the same type in every member, so that one query can select them all without aliases.
 */
export type Ticket = AkanaTicket | HuaweiTicket | JifelineTicket | OmnideskTicket | RequestorTicket;

/** Something that may be done with a ticket now. Read what all have with `... on TicketActionFields`. */
export type TicketAction = AkanaAction | HuaweiAction | JifelineAction | OmnideskAction | RequestorAction;

/** What every action has. Enough to make a button and the form behind it. */
export type TicketActionFields = {
  /** Whether it discards the ticket or its work, as a deletion and a cancellation do. Confirm with the user before sending. */
  readonly destructive: Scalars['Boolean']['output'];
  /** What it takes, to be sent as `inputs` of `executeAction`. Empty where it needs nothing. */
  readonly inputs: ReadonlyArray<ActionInput>;
  /** What a button says. */
  readonly label: Scalars['String']['output'];
  /** The mutation that is made for it. `executeAction` performs it as well. */
  readonly mutation: Scalars['String']['output'];
  /** What `executeAction` takes as `action`. */
  readonly name: Scalars['String']['output'];
  /** Where the ticket will stand afterwards, where that is known beforehand. */
  readonly resultingCategory: Maybe<StatusCategory>;
};

/** A page of tickets. */
export type TicketConnection = {
  readonly __typename: 'TicketConnection';
  /** The tickets with their cursors. */
  readonly edges: ReadonlyArray<TicketEdge>;
  /** The tickets. */
  readonly nodes: ReadonlyArray<Ticket>;
  /** Whether and where to go on. */
  readonly pageInfo: PageInfo;
  /** One for each vendor asked: how it answered. */
  readonly sources: ReadonlyArray<SourceResult>;
};

/** A ticket in its place on a page. */
export type TicketEdge = {
  readonly __typename: 'TicketEdge';
  /** Goes on after this ticket when given as `after`. Opaque, and only for the same filter. */
  readonly cursor: Scalars['String']['output'];
  /** The ticket. */
  readonly node: Ticket;
};

/** What every ticket has, whichever vendor it lives at. */
export type TicketFields = {
  /**
   * What may be done with the ticket now, ready to be shown as buttons; `executeAction` performs each of them. For some
   * vendors this asks upstream, so select it where it is shown.
   */
  readonly availableActions: ReadonlyArray<TicketAction>;
  /** When it was made. Null where the vendor does not say. */
  readonly createdAt: Maybe<Scalars['DateTime']['output']>;
  /** Id of the whole graph: `<vendor>:<the vendor's own id>`, e.g. `huawei:TS-123456`. */
  readonly id: Scalars['ID']['output'];
  /** The vendor's own id, verbatim. */
  readonly nativeId: Scalars['String']['output'];
  /** What people call the ticket, e.g. `INC-000047`; the vendor's own id where it has no other name. */
  readonly reference: Scalars['String']['output'];
  /** Where it stands. */
  readonly status: TicketStatus;
  /** What it is about, in a line. Null where the vendor keeps none. */
  readonly title: Maybe<Scalars['String']['output']>;
  /** When it was last changed. Null where the vendor does not say. */
  readonly updatedAt: Maybe<Scalars['DateTime']['output']>;
  /** Where the ticket lives. */
  readonly vendor: Vendor;
};

/** Which tickets to list. All that is given must fit. */
export type TicketFilter = {
  /**
   * True for archived tickets as well. Omnidesk has an archive; a vendor without one has the problem `UNSUPPORTED` in
   * `sources`.
   */
  readonly archived?: InputMaybe<Scalars['Boolean']['input']>;
  /** Only tickets that stand in one of these. */
  readonly categories?: InputMaybe<ReadonlyArray<StatusCategory>>;
  /**
   * The cases of this IAM group instead of the one in `HUAWEI_GROUP_ID`: Huawei's id of it, at most 64 characters; an empty
   * text for the account's own cases alone. A vendor without groups has the problem `UNSUPPORTED` in `sources`.
   */
  readonly group?: InputMaybe<Scalars['String']['input']>;
  /** Only the ticket that people call exactly this, e.g. `INC-000047`. Finds tickets of vendors without a list as well. */
  readonly reference?: InputMaybe<Scalars['String']['input']>;
  /**
   * Only tickets with this text. Vendors that can search do so in their own way; for the others it is looked for in title
   * and reference, letter case ignored.
   */
  readonly search?: InputMaybe<Scalars['String']['input']>;
  /** Only these vendors. All that are configured where left out. */
  readonly vendors?: InputMaybe<ReadonlyArray<Vendor>>;
  /**
   * Only tickets in this view, by the name that the vendor has for it. Omnidesk's views can be named; a vendor without
   * views has the problem `UNSUPPORTED` in `sources`.
   */
  readonly view?: InputMaybe<Scalars['String']['input']>;
};

/** What a write to many did to one of the tickets. */
export type TicketResult = {
  readonly __typename: 'TicketResult';
  /** Whether it happened to this ticket. */
  readonly outcome: Outcome;
  /** Why not, or what else to know. */
  readonly problem: Maybe<Problem>;
  /** The ticket as it is now. Costs a read when selected. */
  readonly ticket: Maybe<Ticket>;
  /** The ticket as the caller named it. */
  readonly ticketId: Scalars['ID']['output'];
  /** What was done to it. Null where nothing is known to have been done. */
  readonly transition: Maybe<Transition>;
};

/** Where a ticket stands. */
export type TicketStatus = {
  readonly __typename: 'TicketStatus';
  /** The status in words that all vendors share. Null where the vendor's own word is not known here. */
  readonly category: Maybe<StatusCategory>;
  /** The vendor's own word or number for it. */
  readonly raw: Scalars['String']['output'];
};

/** What a write did to a ticket. Read what all have with `... on TransitionFields`. */
export type Transition = ActionTransition | CancelTransition | CompleteTransition | OutsourceTransition | StatusTransition | WorkflowTransition;

/** What every transition has. */
export type TransitionFields = {
  /** What was done, in the vendor's own word or number. */
  readonly action: Scalars['String']['output'];
  /** When the vendor's answer arrived here. */
  readonly at: Scalars['DateTime']['output'];
  /** Where the ticket stood before. Null where this request had not read it. */
  readonly from: Maybe<TicketStatus>;
  /** The ticket that was acted on, also if it moved. The payload's `ticket` is read at its new place. */
  readonly ticketId: Scalars['ID']['output'];
  /** Where it stands now. Null where the vendor does not say. */
  readonly to: Maybe<TicketStatus>;
  /** Where the ticket lives. */
  readonly vendor: Vendor;
};

/** A ticket to move on, and where to. */
export type TransitionInProgressInput = {
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The ticket: one of Jifeline that is in progress. */
  readonly ticketId: Scalars['ID']['input'];
  /** Where it is to go: exactly one of them. */
  readonly transition: InProgressTransitionInput;
};

/** What moving the ticket on did. */
export type TransitionInProgressPayload = MutationPayload & {
  readonly __typename: 'TransitionInProgressPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now, in its new place. Costs a read when selected; null where nothing was sent. */
  readonly ticket: Maybe<JifelineTicket>;
  /**
   * What was done to the ticket: `OutsourceTransition`, `CompleteTransition` or `CancelTransition`. Null where nothing is
   * known to have been done.
   */
  readonly transition: Maybe<Transition>;
};

/** A ticket whose customer is to be taken off. */
export type UnlinkCustomerInput = {
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** The ticket, of Omnidesk. */
  readonly ticketId: Scalars['ID']['input'];
};

/** What taking the customer off did. */
export type UnlinkCustomerPayload = MutationPayload & {
  readonly __typename: 'UnlinkCustomerPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now. Costs a read when selected; null where nothing was sent. */
  readonly ticket: Maybe<Ticket>;
};

/** Changes to a ticket; at least one must be given. */
export type UpdateTicketInput = {
  /** Comes back unchanged. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>;
  /** True: nothing is sent, sign-in included; `plan` holds exactly what would be. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  /** The id of the ticket's customer in a system of your own. */
  readonly externalCustomerId?: InputMaybe<Scalars['String']['input']>;
  /** 1 to 255 printable ASCII characters. The same key never does the same thing twice, for 24 hours. */
  readonly idempotencyKey?: InputMaybe<Scalars['String']['input']>;
  /** A final status. */
  readonly status?: InputMaybe<FinalStatus>;
  /** The ticket. */
  readonly ticketId: Scalars['ID']['input'];
  /** A new title. */
  readonly title?: InputMaybe<Scalars['String']['input']>;
};

/** What changing the ticket did. */
export type UpdateTicketPayload = MutationPayload & {
  readonly __typename: 'UpdateTicketPayload';
  /** What the caller gave, unchanged. */
  readonly clientMutationId: Maybe<Scalars['String']['output']>;
  /** Whether it happened. */
  readonly outcome: Outcome;
  /** With `dryRun`: exactly the requests that would be sent, secrets replaced. Null otherwise. */
  readonly plan: Maybe<ReadonlyArray<PlannedRequest>>;
  /** Why not, or what else to know. Empty where all went well. */
  readonly problems: ReadonlyArray<Problem>;
  /** True where no usable answer came, and a read afterwards found the ticket where the write was to bring it. */
  readonly reconciled: Scalars['Boolean']['output'];
  /** True where this is the kept answer of an earlier call with the same `idempotencyKey`; nothing was sent now. */
  readonly replayed: Scalars['Boolean']['output'];
  /** The ticket as it is now. Costs a read when selected; null where nothing was sent. */
  readonly ticket: Maybe<Ticket>;
};

/** The ticket systems behind this endpoint. The word in lower case is the prefix of its tickets' ids. */
export const Vendor = {
  /** Akana, an API platform whose developer portal keeps tickets about APIs and apps. Its ids start with `akana:`. */
  Akana: 'AKANA',
  /** Huawei Cloud's service tickets, which it also calls cases. Their ids start with `huawei:`, e.g. `huawei:TS-123456`. */
  Huawei: 'HUAWEI',
  /** Jifeline Networks, remote diagnostics of vehicles. Its ids start with `jifeline:`. */
  Jifeline: 'JIFELINE',
  /** Omnidesk, an omnichannel helpdesk. Its ids start with `omnidesk:`, followed by the number of the ticket. */
  Omnidesk: 'OMNIDESK',
  /** Requestor, an IT service desk. Its ids start with `requestor:`; it takes the number or the reference. */
  Requestor: 'REQUESTOR'
} as const;

export type Vendor = typeof Vendor[keyof typeof Vendor];
/** A ticket system, whether it is connected here, and what it can do. */
export type VendorInfo = {
  readonly __typename: 'VendorInfo';
  /**
   * What stands between this endpoint and the vendor: `CLOSED` lets calls through, `OPEN` refuses them at once because too
   * many have failed, `HALF_OPEN` lets a few through to see whether it is well again. Null where it is not configured.
   */
  readonly breaker: Maybe<BreakerState>;
  /** Whether its settings are given here. Asking a vendor that is not gives `VENDOR_NOT_CONFIGURED`. */
  readonly configured: Scalars['Boolean']['output'];
  /** The vendor. */
  readonly key: Vendor;
  /** Whether `Query.tickets` can list its tickets. Where false, tickets are found by id or by `filter.reference`. */
  readonly lists: Scalars['Boolean']['output'];
  /** Names of the mutations that reach it. */
  readonly mutations: ReadonlyArray<Scalars['String']['output']>;
  /** What people call it. */
  readonly name: Scalars['String']['output'];
  /** Those of `mutations` that the caller's scopes allow at this vendor. All of them if no sign-in is configured. */
  readonly permittedMutations: ReadonlyArray<Scalars['String']['output']>;
  /** Calls that wait for a free place because as many as allowed are under way. Null where it is not configured. */
  readonly queued: Maybe<Scalars['Int']['output']>;
  /**
   * Whether it answered when it was last asked: false after a refused connection, a timeout, or while `breaker` is open.
   * Null where it has not been asked since the start. Asking for this field asks no vendor.
   */
  readonly reachable: Maybe<Scalars['Boolean']['output']>;
};

/** A ticket of Requestor was pushed forward in its workflow. */
export type WorkflowTransition = TransitionFields & {
  readonly __typename: 'WorkflowTransition';
  /** The action by its name, e.g. `IncidentSuspend`, however the caller named it; its number as text where no name is known. */
  readonly action: Scalars['String']['output'];
  /** When the vendor's answer arrived here. */
  readonly at: Scalars['DateTime']['output'];
  /** Where the ticket stood before. Null where this request had not read it. */
  readonly from: Maybe<TicketStatus>;
  /**
   * The reference before; another one than `ticketRef` where the action converted the ticket. Null where the ticket was
   * named by its number and this request had not read it.
   */
  readonly previousTicketRef: Maybe<Scalars['String']['output']>;
  /** The ticket that was acted on: by its number if Requestor answered with one, else as the caller named it. */
  readonly ticketId: Scalars['ID']['output'];
  /** The reference from now on. Null where Requestor answered with the number alone. */
  readonly ticketRef: Maybe<Scalars['String']['output']>;
  /** Where it stands now. Null unless a read had to find out: Requestor's answer does not say. */
  readonly to: Maybe<TicketStatus>;
  /** Where the ticket lives: always `REQUESTOR`. */
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
  AkanaTicket: ResolverTypeWrapper<Omit<AkanaTicket, 'availableActions'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']> }>;
  AssignOperatorInput: AssignOperatorInput;
  AssignOperatorPayload: ResolverTypeWrapper<Omit<AssignOperatorPayload, 'problems' | 'ticket'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['JifelineTicket']> }>;
  BatchActionInput: BatchActionInput;
  BreakerState: BreakerState;
  CancelInput: CancelInput;
  CancelTransition: ResolverTypeWrapper<CancelTransition>;
  CompleteInput: CompleteInput;
  CompleteTransition: ResolverTypeWrapper<CompleteTransition>;
  CreateTicketInput: CreateTicketInput;
  CreateTicketPayload: ResolverTypeWrapper<Omit<CreateTicketPayload, 'problems' | 'ticket'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['Ticket']> }>;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeleteTicketsInput: DeleteTicketsInput;
  DeleteTicketsPayload: ResolverTypeWrapper<Omit<DeleteTicketsPayload, 'problems' | 'results'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, results: ReadonlyArray<ResolversTypes['TicketResult']> }>;
  Direction: Direction;
  ExecuteActionInput: ExecuteActionInput;
  ExecuteActionPayload: ResolverTypeWrapper<Omit<ExecuteActionPayload, 'problems' | 'ticket' | 'transition'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['Ticket']>, transition?: Maybe<ResolversTypes['Transition']> }>;
  FinalStatus: FinalStatus;
  HuaweiAction: ResolverTypeWrapper<Omit<HuaweiAction, 'inputs'> & { inputs: ReadonlyArray<ResolversTypes['ActionInput']> }>;
  HuaweiTicket: ResolverTypeWrapper<Omit<HuaweiTicket, 'availableActions'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']> }>;
  InProgressTransitionInput: InProgressTransitionInput;
  JSONObject: ResolverTypeWrapper<Scalars['JSONObject']['output']>;
  JifelineAction: ResolverTypeWrapper<Omit<JifelineAction, 'inputs'> & { inputs: ReadonlyArray<ResolversTypes['ActionInput']> }>;
  JifelineTicket: ResolverTypeWrapper<Omit<JifelineTicket, 'availableActions'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']> }>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  MutationPayload: ResolverTypeWrapper<Payload>;
  NewOmnideskTicketInput: NewOmnideskTicketInput;
  NewTicketInput: NewTicketInput;
  Node: ResolverTypeWrapper<TicketSource>;
  OmnideskAction: ResolverTypeWrapper<Omit<OmnideskAction, 'inputs'> & { inputs: ReadonlyArray<ResolversTypes['ActionInput']> }>;
  OmnideskTicket: ResolverTypeWrapper<Omit<OmnideskTicket, 'availableActions'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']> }>;
  Outcome: Outcome;
  OutsourceInput: OutsourceInput;
  OutsourceTransition: ResolverTypeWrapper<OutsourceTransition>;
  PageInfo: ResolverTypeWrapper<TicketPage>;
  PlannedRequest: ResolverTypeWrapper<PlannedRequest>;
  Priority: Priority;
  Problem: ResolverTypeWrapper<ProblemSource>;
  ProblemCode: ProblemCode;
  PushWorkflowInput: PushWorkflowInput;
  PushWorkflowPayload: ResolverTypeWrapper<Omit<PushWorkflowPayload, 'problems' | 'ticket' | 'transition'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['RequestorTicket']>, transition?: Maybe<ResolversTypes['Transition']> }>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RequestorAction: ResolverTypeWrapper<Omit<RequestorAction, 'inputs'> & { inputs: ReadonlyArray<ResolversTypes['ActionInput']> }>;
  RequestorTicket: ResolverTypeWrapper<Omit<RequestorTicket, 'availableActions'> & { availableActions: ReadonlyArray<ResolversTypes['TicketAction']> }>;
  RunBatchInput: RunBatchInput;
  RunBatchPayload: ResolverTypeWrapper<Omit<RunBatchPayload, 'problems' | 'results'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, results: ReadonlyArray<ResolversTypes['TicketResult']> }>;
  SetPriorityInput: SetPriorityInput;
  SetPriorityPayload: ResolverTypeWrapper<Omit<SetPriorityPayload, 'problems' | 'results'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, results: ReadonlyArray<ResolversTypes['TicketResult']> }>;
  SetStatusInput: SetStatusInput;
  SetStatusPayload: ResolverTypeWrapper<Omit<SetStatusPayload, 'problems' | 'results'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, results: ReadonlyArray<ResolversTypes['TicketResult']> }>;
  SolveUnfinishedTicketsInput: SolveUnfinishedTicketsInput;
  SolveUnfinishedTicketsPayload: ResolverTypeWrapper<Omit<SolveUnfinishedTicketsPayload, 'problems'> & { problems: ReadonlyArray<ResolversTypes['Problem']> }>;
  SourceResult: ResolverTypeWrapper<ListSource>;
  StatusCategory: StatusCategory;
  StatusTransition: ResolverTypeWrapper<StatusTransition>;
  Ticket: ResolverTypeWrapper<TicketSource>;
  TicketAction: ResolverTypeWrapper<TicketActionSource>;
  TicketActionFields: ResolverTypeWrapper<TicketActionSource>;
  TicketConnection: ResolverTypeWrapper<TicketPage>;
  TicketEdge: ResolverTypeWrapper<Edge>;
  TicketFields: ResolverTypeWrapper<TicketSource>;
  TicketFilter: TicketFilter;
  TicketResult: ResolverTypeWrapper<WriteItem>;
  TicketStatus: ResolverTypeWrapper<TicketStatus>;
  Transition: ResolverTypeWrapper<TransitionRecord>;
  TransitionFields: ResolverTypeWrapper<TransitionRecord>;
  TransitionInProgressInput: TransitionInProgressInput;
  TransitionInProgressPayload: ResolverTypeWrapper<Omit<TransitionInProgressPayload, 'problems' | 'ticket' | 'transition'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['JifelineTicket']>, transition?: Maybe<ResolversTypes['Transition']> }>;
  UnlinkCustomerInput: UnlinkCustomerInput;
  UnlinkCustomerPayload: ResolverTypeWrapper<Omit<UnlinkCustomerPayload, 'problems' | 'ticket'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['Ticket']> }>;
  UpdateTicketInput: UpdateTicketInput;
  UpdateTicketPayload: ResolverTypeWrapper<Omit<UpdateTicketPayload, 'problems' | 'ticket'> & { problems: ReadonlyArray<ResolversTypes['Problem']>, ticket?: Maybe<ResolversTypes['Ticket']> }>;
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
  AkanaTicket: Omit<AkanaTicket, 'availableActions'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']> } | FederationReferenceTypes['AkanaTicket'];
  AssignOperatorInput: AssignOperatorInput;
  AssignOperatorPayload: Omit<AssignOperatorPayload, 'problems' | 'ticket'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['JifelineTicket']> };
  BatchActionInput: BatchActionInput;
  CancelInput: CancelInput;
  CancelTransition: CancelTransition;
  CompleteInput: CompleteInput;
  CompleteTransition: CompleteTransition;
  CreateTicketInput: CreateTicketInput;
  CreateTicketPayload: Omit<CreateTicketPayload, 'problems' | 'ticket'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['Ticket']> };
  DateTime: Scalars['DateTime']['output'];
  DeleteTicketsInput: DeleteTicketsInput;
  DeleteTicketsPayload: Omit<DeleteTicketsPayload, 'problems' | 'results'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, results: ReadonlyArray<ResolversParentTypes['TicketResult']> };
  ExecuteActionInput: ExecuteActionInput;
  ExecuteActionPayload: Omit<ExecuteActionPayload, 'problems' | 'ticket' | 'transition'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['Ticket']>, transition?: Maybe<ResolversParentTypes['Transition']> };
  HuaweiAction: Omit<HuaweiAction, 'inputs'> & { inputs: ReadonlyArray<ResolversParentTypes['ActionInput']> };
  HuaweiTicket: Omit<HuaweiTicket, 'availableActions'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']> } | FederationReferenceTypes['HuaweiTicket'];
  InProgressTransitionInput: InProgressTransitionInput;
  JSONObject: Scalars['JSONObject']['output'];
  JifelineAction: Omit<JifelineAction, 'inputs'> & { inputs: ReadonlyArray<ResolversParentTypes['ActionInput']> };
  JifelineTicket: Omit<JifelineTicket, 'availableActions'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']> } | FederationReferenceTypes['JifelineTicket'];
  Mutation: Record<PropertyKey, never>;
  MutationPayload: Payload;
  NewOmnideskTicketInput: NewOmnideskTicketInput;
  NewTicketInput: NewTicketInput;
  Node: TicketSource;
  OmnideskAction: Omit<OmnideskAction, 'inputs'> & { inputs: ReadonlyArray<ResolversParentTypes['ActionInput']> };
  OmnideskTicket: Omit<OmnideskTicket, 'availableActions'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']> } | FederationReferenceTypes['OmnideskTicket'];
  OutsourceInput: OutsourceInput;
  OutsourceTransition: OutsourceTransition;
  PageInfo: TicketPage;
  PlannedRequest: PlannedRequest;
  Problem: ProblemSource;
  PushWorkflowInput: PushWorkflowInput;
  PushWorkflowPayload: Omit<PushWorkflowPayload, 'problems' | 'ticket' | 'transition'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['RequestorTicket']>, transition?: Maybe<ResolversParentTypes['Transition']> };
  Query: Record<PropertyKey, never>;
  RequestorAction: Omit<RequestorAction, 'inputs'> & { inputs: ReadonlyArray<ResolversParentTypes['ActionInput']> };
  RequestorTicket: Omit<RequestorTicket, 'availableActions'> & { availableActions: ReadonlyArray<ResolversParentTypes['TicketAction']> } | FederationReferenceTypes['RequestorTicket'];
  RunBatchInput: RunBatchInput;
  RunBatchPayload: Omit<RunBatchPayload, 'problems' | 'results'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, results: ReadonlyArray<ResolversParentTypes['TicketResult']> };
  SetPriorityInput: SetPriorityInput;
  SetPriorityPayload: Omit<SetPriorityPayload, 'problems' | 'results'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, results: ReadonlyArray<ResolversParentTypes['TicketResult']> };
  SetStatusInput: SetStatusInput;
  SetStatusPayload: Omit<SetStatusPayload, 'problems' | 'results'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, results: ReadonlyArray<ResolversParentTypes['TicketResult']> };
  SolveUnfinishedTicketsInput: SolveUnfinishedTicketsInput;
  SolveUnfinishedTicketsPayload: Omit<SolveUnfinishedTicketsPayload, 'problems'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']> };
  SourceResult: ListSource;
  StatusTransition: StatusTransition;
  Ticket: TicketSource;
  TicketAction: TicketActionSource;
  TicketActionFields: TicketActionSource;
  TicketConnection: TicketPage;
  TicketEdge: Edge;
  TicketFields: TicketSource;
  TicketFilter: TicketFilter;
  TicketResult: WriteItem;
  TicketStatus: TicketStatus;
  Transition: TransitionRecord;
  TransitionFields: TransitionRecord;
  TransitionInProgressInput: TransitionInProgressInput;
  TransitionInProgressPayload: Omit<TransitionInProgressPayload, 'problems' | 'ticket' | 'transition'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['JifelineTicket']>, transition?: Maybe<ResolversParentTypes['Transition']> };
  UnlinkCustomerInput: UnlinkCustomerInput;
  UnlinkCustomerPayload: Omit<UnlinkCustomerPayload, 'problems' | 'ticket'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['Ticket']> };
  UpdateTicketInput: UpdateTicketInput;
  UpdateTicketPayload: Omit<UpdateTicketPayload, 'problems' | 'ticket'> & { problems: ReadonlyArray<ResolversParentTypes['Problem']>, ticket?: Maybe<ResolversParentTypes['Ticket']> };
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

export type MutationResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  assignOperator?: Resolver<ResolversTypes['AssignOperatorPayload'], ParentType, ContextType, RequireFields<MutationAssignOperatorArgs, 'input'>>;
  createTicket?: Resolver<ResolversTypes['CreateTicketPayload'], ParentType, ContextType, RequireFields<MutationCreateTicketArgs, 'input'>>;
  deleteTickets?: Resolver<ResolversTypes['DeleteTicketsPayload'], ParentType, ContextType, RequireFields<MutationDeleteTicketsArgs, 'input'>>;
  executeAction?: Resolver<ResolversTypes['ExecuteActionPayload'], ParentType, ContextType, RequireFields<MutationExecuteActionArgs, 'input'>>;
  pushWorkflow?: Resolver<ResolversTypes['PushWorkflowPayload'], ParentType, ContextType, RequireFields<MutationPushWorkflowArgs, 'input'>>;
  runBatch?: Resolver<ResolversTypes['RunBatchPayload'], ParentType, ContextType, RequireFields<MutationRunBatchArgs, 'input'>>;
  setPriority?: Resolver<ResolversTypes['SetPriorityPayload'], ParentType, ContextType, RequireFields<MutationSetPriorityArgs, 'input'>>;
  setStatus?: Resolver<ResolversTypes['SetStatusPayload'], ParentType, ContextType, RequireFields<MutationSetStatusArgs, 'input'>>;
  solveUnfinishedTickets?: Resolver<ResolversTypes['SolveUnfinishedTicketsPayload'], ParentType, ContextType, RequireFields<MutationSolveUnfinishedTicketsArgs, 'input'>>;
  transitionInProgress?: Resolver<ResolversTypes['TransitionInProgressPayload'], ParentType, ContextType, RequireFields<MutationTransitionInProgressArgs, 'input'>>;
  unlinkCustomer?: Resolver<ResolversTypes['UnlinkCustomerPayload'], ParentType, ContextType, RequireFields<MutationUnlinkCustomerArgs, 'input'>>;
  updateTicket?: Resolver<ResolversTypes['UpdateTicketPayload'], ParentType, ContextType, RequireFields<MutationUpdateTicketArgs, 'input'>>;
};

export type MutationPayloadResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['MutationPayload'] = ResolversParentTypes['MutationPayload']> = {
  __resolveType: TypeResolveFn<'AssignOperatorPayload' | 'CreateTicketPayload' | 'DeleteTicketsPayload' | 'ExecuteActionPayload' | 'PushWorkflowPayload' | 'RunBatchPayload' | 'SetPriorityPayload' | 'SetStatusPayload' | 'SolveUnfinishedTicketsPayload' | 'TransitionInProgressPayload' | 'UnlinkCustomerPayload' | 'UpdateTicketPayload', ParentType, ContextType>;
};

export type NodeResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node']> = {
  __resolveType: TypeResolveFn<'AkanaTicket' | 'HuaweiTicket' | 'JifelineTicket' | 'OmnideskTicket' | 'RequestorTicket', ParentType, ContextType>;
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
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
};

export type ProblemResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Problem'] = ResolversParentTypes['Problem']> = {
  code?: Resolver<ResolversTypes['ProblemCode'], ParentType, ContextType>;
  field?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  retryAfterSeconds?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  retryable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
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

export type SourceResultResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['SourceResult'] = ResolversParentTypes['SourceResult']> = {
  problem?: Resolver<Maybe<ResolversTypes['Problem']>, ParentType, ContextType>;
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  vendor?: Resolver<ResolversTypes['Vendor'], ParentType, ContextType>;
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

export type TicketResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['Ticket'] = ResolversParentTypes['Ticket']> = {
  __resolveType: TypeResolveFn<'AkanaTicket' | 'HuaweiTicket' | 'JifelineTicket' | 'OmnideskTicket' | 'RequestorTicket', ParentType, ContextType>;
};

export type TicketActionResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketAction'] = ResolversParentTypes['TicketAction']> = {
  __resolveType: TypeResolveFn<'AkanaAction' | 'HuaweiAction' | 'JifelineAction' | 'OmnideskAction' | 'RequestorAction', ParentType, ContextType>;
};

export type TicketActionFieldsResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketActionFields'] = ResolversParentTypes['TicketActionFields']> = {
  __resolveType: TypeResolveFn<'AkanaAction' | 'HuaweiAction' | 'JifelineAction' | 'OmnideskAction' | 'RequestorAction', ParentType, ContextType>;
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
  __resolveType: TypeResolveFn<'AkanaTicket' | 'HuaweiTicket' | 'JifelineTicket' | 'OmnideskTicket' | 'RequestorTicket', ParentType, ContextType>;
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['TicketFields']> | FederationReferenceType, FederationReferenceType, ContextType>;
};

export type TicketResultResolvers<ContextType = ResolverContext, ParentType extends ResolversParentTypes['TicketResult'] = ResolversParentTypes['TicketResult']> = {
  outcome?: Resolver<ResolversTypes['Outcome'], ParentType, ContextType>;
  problem?: Resolver<Maybe<ResolversTypes['Problem']>, ParentType, ContextType>;
  ticket?: Resolver<Maybe<ResolversTypes['Ticket']>, ParentType, ContextType>;
  ticketId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  transition?: Resolver<Maybe<ResolversTypes['Transition']>, ParentType, ContextType>;
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
  mutations?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  permittedMutations?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  queued?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  reachable?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>;
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
  RunBatchPayload?: RunBatchPayloadResolvers<ContextType>;
  SetPriorityPayload?: SetPriorityPayloadResolvers<ContextType>;
  SetStatusPayload?: SetStatusPayloadResolvers<ContextType>;
  SolveUnfinishedTicketsPayload?: SolveUnfinishedTicketsPayloadResolvers<ContextType>;
  SourceResult?: SourceResultResolvers<ContextType>;
  StatusTransition?: StatusTransitionResolvers<ContextType>;
  Ticket?: TicketResolvers<ContextType>;
  TicketAction?: TicketActionResolvers<ContextType>;
  TicketActionFields?: TicketActionFieldsResolvers<ContextType>;
  TicketConnection?: TicketConnectionResolvers<ContextType>;
  TicketEdge?: TicketEdgeResolvers<ContextType>;
  TicketFields?: TicketFieldsResolvers<ContextType>;
  TicketResult?: TicketResultResolvers<ContextType>;
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
