/** The part of the schema that the benchmark uses, for the other servers. */

export const SUBSET = /* GraphQL */ `
  scalar DateTime
  enum Vendor {
    REQUESTOR
    AKANA
    OMNIDESK
    HUAWEI
    JIFELINE
  }
  enum StatusCategory {
    NEW
    OPEN
    PENDING
    ON_HOLD
    SOLVED
    CLOSED
    CANCELLED
  }
  enum Priority {
    LOW
    MEDIUM
    HIGH
    URGENT
  }
  enum Outcome {
    APPLIED
    NOT_APPLIED
    UNKNOWN
    PARTIAL
  }
  type TicketStatus {
    category: StatusCategory
    raw: String!
  }
  interface TicketFields {
    id: ID!
    vendor: Vendor!
    reference: String!
    title: String
    status: TicketStatus!
    createdAt: DateTime
  }
  type RequestorTicket implements TicketFields {
    id: ID!
    vendor: Vendor!
    reference: String!
    title: String
    status: TicketStatus!
    createdAt: DateTime
    ticketType: String
    submitter: String
    serviceName: String
  }
  type AkanaTicket implements TicketFields {
    id: ID!
    vendor: Vendor!
    reference: String!
    title: String
    status: TicketStatus!
    createdAt: DateTime
    environment: String
    authorName: String
    tags: [String!]
  }
  type OmnideskTicket implements TicketFields {
    id: ID!
    vendor: Vendor!
    reference: String!
    title: String
    status: TicketStatus!
    createdAt: DateTime
    priority: Priority
    from: String
    customerId: String
  }
  type HuaweiTicket implements TicketFields {
    id: ID!
    vendor: Vendor!
    reference: String!
    title: String
    status: TicketStatus!
    createdAt: DateTime
    severity: String
    productCategory: String
    customerId: String
  }
  type JifelineTicket implements TicketFields {
    id: ID!
    vendor: Vendor!
    reference: String!
    title: String
    status: TicketStatus!
    createdAt: DateTime
    ticketNumber: String!
    vin: String
    customerId: String
  }
  union Ticket = RequestorTicket | AkanaTicket | OmnideskTicket | HuaweiTicket | JifelineTicket
  type Problem {
    code: String!
    message: String!
  }
  type SourceResult {
    vendor: Vendor!
    totalCount: Int
    problem: Problem
  }
  type PageInfo {
    hasNextPage: Boolean!
  }
  type TicketConnection {
    nodes: [Ticket!]!
    pageInfo: PageInfo!
    sources: [SourceResult!]!
  }
  input TicketFilter {
    vendors: [Vendor!]
    search: String
  }
  type Query {
    ticket(id: ID!): Ticket
    ticketsById(ids: [ID!]!): [Ticket]!
    tickets(first: Int = 25, filter: TicketFilter): TicketConnection!
  }
  interface TransitionFields {
    ticketId: ID!
    vendor: Vendor!
    action: String!
    to: TicketStatus
  }
  type StatusTransition implements TransitionFields {
    ticketId: ID!
    vendor: Vendor!
    action: String!
    to: TicketStatus
  }
  type WorkflowTransition implements TransitionFields {
    ticketId: ID!
    vendor: Vendor!
    action: String!
    to: TicketStatus
    ticketRef: String
  }
  union Transition = StatusTransition | WorkflowTransition
  type TicketResult {
    ticketId: ID!
    outcome: Outcome!
    transition: Transition
    problem: Problem
  }
  type SetStatusPayload {
    outcome: Outcome!
    problems: [Problem!]!
    results: [TicketResult!]!
  }
  input SetStatusInput {
    ticketIds: [ID!]!
    status: StatusCategory!
  }
  type PushWorkflowPayload {
    outcome: Outcome!
    problems: [Problem!]!
    transition: Transition
  }
  input PushWorkflowInput {
    ticketId: ID!
    action: String!
  }
  type Mutation {
    pushWorkflow(input: PushWorkflowInput!): PushWorkflowPayload!
    setStatus(input: SetStatusInput!): SetStatusPayload!
  }
`;
