/* Written by `npm run codegen`. */

export interface VendorField {
  readonly name: string;
 /** Named type in the SDL, without list and non-null. */
  readonly type: string;
 /** Whether its type is an enum. */
  readonly isEnum: boolean;
  readonly about: string;
}

/** By ticket type: its own fields, in the order of the SDL. */
export const VENDOR_FIELDS: Readonly<Record<string, readonly VendorField[]>> = {
  "AkanaTicket": [
    {
      "name": "apiId",
      "type": "String",
      "isEnum": false,
      "about": "The API that the ticket is about. Null where it is about none."
    },
    {
      "name": "appId",
      "type": "String",
      "isEnum": false,
      "about": "The app that the ticket is about. Null where it is about none."
    },
    {
      "name": "description",
      "type": "String",
      "isEnum": false,
      "about": "The whole text, as its author wrote it; may hold markup, so escape it before you show it."
    },
    {
      "name": "environment",
      "type": "String",
      "isEnum": false,
      "about": "Where the trouble is: Sandbox or Production."
    },
    {
      "name": "state",
      "type": "String",
      "isEnum": false,
      "about": "The state in Akana's own spelling, e.g. OPEN, RESOLVED, CLOSED, REOPEN; the same as status.raw. Null where Akana sends none."
    },
    {
      "name": "authorId",
      "type": "String",
      "isEnum": false,
      "about": "Akana's id of the user who opened it."
    },
    {
      "name": "authorName",
      "type": "String",
      "isEnum": false,
      "about": "Login name of the user who opened it."
    },
    {
      "name": "labels",
      "type": "String",
      "isEnum": false,
      "about": "Akana's labels. They hold the priority, e.g. com.soa.ticket.label.priority.medium (which Akana's own pages show as \"Major\") or com.soa.ticket.label.priority.high."
    },
    {
      "name": "tags",
      "type": "String",
      "isEnum": false,
      "about": "Tags that users have given it."
    },
    {
      "name": "commentCount",
      "type": "Int",
      "isEnum": false,
      "about": "How many comments it has. The comments themselves are not exposed."
    },
    {
      "name": "markCount",
      "type": "Int",
      "isEnum": false,
      "about": "How many users have marked it."
    },
    {
      "name": "isMarked",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether it has any marks."
    },
    {
      "name": "visibility",
      "type": "String",
      "isEnum": false,
      "about": "Who sees the ticket's API: Public is everybody, Limited only its admins and those in its scope."
    }
  ],
  "HuaweiTicket": [
    {
      "name": "statusCode",
      "type": "Int",
      "isEnum": false,
      "about": "The status as Huawei's number, e.g. 17. Null where it is no number."
    },
    {
      "name": "description",
      "type": "String",
      "isEnum": false,
      "about": "What was asked, in full, up to 2000 characters."
    },
    {
      "name": "businessType",
      "type": "String",
      "isEnum": false,
      "about": "What kind of problem it is, e.g. Remote login."
    },
    {
      "name": "incidentType",
      "type": "String",
      "isEnum": false,
      "about": "What kind of case it is, e.g. Fault report."
    },
    {
      "name": "incidentServiceType",
      "type": "String",
      "isEnum": false,
      "about": "The kind of service that the case calls for, in Huawei's word. Only in lists."
    },
    {
      "name": "productCategory",
      "type": "String",
      "isEnum": false,
      "about": "The product that it is about, e.g. Elastic Cloud Server. Only in lists."
    },
    {
      "name": "customerId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the Huawei Cloud account whose case it is."
    },
    {
      "name": "subCustomerId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the account's IAM user who submitted it. Null where Huawei does not say."
    },
    {
      "name": "subCustomerName",
      "type": "String",
      "isEnum": false,
      "about": "Name of the account's IAM user who submitted it. Null where Huawei does not say."
    },
    {
      "name": "dataCenter",
      "type": "String",
      "isEnum": false,
      "about": "The region that it is about, e.g. CN-Hong Kong."
    },
    {
      "name": "severity",
      "type": "String",
      "isEnum": false,
      "about": "How severe it is, in Huawei's word. Null in lists, and where Huawei does not say."
    },
    {
      "name": "source",
      "type": "String",
      "isEnum": false,
      "about": "Where it was submitted, e.g. Console. Null in lists."
    },
    {
      "name": "businessOwnership",
      "type": "String",
      "isEnum": false,
      "about": "Who works on it: huawei, partner or isv; another number as it came. Null in lists, and where Huawei does not say."
    },
    {
      "name": "rootCause",
      "type": "String",
      "isEnum": false,
      "about": "What was the cause. Null until it is found. Only in lists."
    },
    {
      "name": "resolution",
      "type": "String",
      "isEnum": false,
      "about": "What solved it. Null until it is solved. Only in lists."
    },
    {
      "name": "confirmedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When the result was confirmed. Null while it is not. Only in lists."
    },
    {
      "name": "judgement",
      "type": "String",
      "isEnum": false,
      "about": "What the customer wrote when rating it. Null in lists, and where it was not rated."
    },
    {
      "name": "labels",
      "type": "String",
      "isEnum": false,
      "about": "Names of its labels. Null where the ticket was not read from a list, which alone tells them."
    }
  ],
  "JifelineTicket": [
    {
      "name": "state",
      "type": "String",
      "isEnum": false,
      "about": "The collection in which the ticket was found: pending, in-progress, outsourced, closed or cancelled."
    },
    {
      "name": "ticketNumber",
      "type": "String",
      "isEnum": false,
      "about": "The number by which people know the ticket: a whole number of up to 64 bits, as text, e.g. 7440303. The ticket's id where Jifeline left the number out."
    },
    {
      "name": "customerId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the customer for whom the ticket was made: a UUID."
    },
    {
      "name": "vehicleModelId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the vehicle's model: a whole number of up to 64 bits, as text."
    },
    {
      "name": "vin",
      "type": "String",
      "isEnum": false,
      "about": "Vehicle identification number: 17 characters."
    },
    {
      "name": "serviceStartedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When service started. Only while the ticket is in progress."
    },
    {
      "name": "operatorId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the operator who has the ticket: a UUID. Null for pending and outsourced tickets, and for one that was cancelled automatically."
    },
    {
      "name": "voucherCode",
      "type": "String",
      "isEnum": false,
      "about": "Voucher code: 4 to 8 capitals and digits. Null where there is none; only in progress and outsourced."
    },
    {
      "name": "outsourced",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether the ticket has been outsourced at least once. History, not state: true is possible while it is in progress here. Only given while it is in progress."
    },
    {
      "name": "connectionId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the connection to the vehicle: a UUID. Null where there is none."
    },
    {
      "name": "outsourceProviderId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the provider to whom it was outsourced: a UUID. Only outsourced."
    },
    {
      "name": "outsourceTicketId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the ticket at the other provider: a UUID, not an id of this graph. Only outsourced."
    },
    {
      "name": "reclaimable",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether it can be taken back, which ends when the other provider begins work on it. Only outsourced."
    },
    {
      "name": "finishedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When service stopped. Only closed and cancelled."
    },
    {
      "name": "cancelReasonId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the reason for which it was cancelled: a whole number, as text. Only cancelled."
    },
    {
      "name": "externallyProcessed",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether an external system has noted that it has processed the ticket. Only closed and cancelled."
    },
    {
      "name": "externalReference",
      "type": "String",
      "isEnum": false,
      "about": "What the ticket is called in an external system, at most 255 characters. Only closed and cancelled."
    },
    {
      "name": "vehicleBatteryVoltage",
      "type": "String",
      "isEnum": false,
      "about": "The vehicle's battery system: 12v or 24v. Only closed and cancelled."
    }
  ],
  "OmnideskTicket": [
    {
      "name": "priority",
      "type": "Priority",
      "isEnum": true,
      "about": "How pressing it is. Null where Omnidesk gives none, or one that is not known here."
    },
    {
      "name": "closedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When it was closed. Null while it is not."
    },
    {
      "name": "direction",
      "type": "Direction",
      "isEnum": true,
      "about": "Whether the customer wrote first or you did. Null where Omnidesk does not say."
    },
    {
      "name": "from",
      "type": "String",
      "isEnum": false,
      "about": "Who wrote, in the spelling of the channel: a mail address, a telephone number. Null where there is none."
    },
    {
      "name": "fromName",
      "type": "String",
      "isEnum": false,
      "about": "What the writer is called. Null where it is empty."
    },
    {
      "name": "to",
      "type": "String",
      "isEnum": false,
      "about": "To whom it was written, in the spelling of the channel. Null where there is none."
    },
    {
      "name": "toName",
      "type": "String",
      "isEnum": false,
      "about": "What the addressee is called. Null where it is empty."
    },
    {
      "name": "customerId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the customer in Omnidesk. Null where the ticket is linked to none."
    },
    {
      "name": "assignedGroupId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the group that has the ticket. Null where no group has it (Omnidesk writes 0)."
    },
    {
      "name": "assignedUserId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the agent who has the ticket. Null where nobody has it (Omnidesk writes 0)."
    },
    {
      "name": "brandId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the brand under which it came in."
    },
    {
      "name": "brandName",
      "type": "String",
      "isEnum": false,
      "about": "Name of the brand under which it came in."
    },
    {
      "name": "channelId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the channel through which it came in."
    },
    {
      "name": "channelName",
      "type": "String",
      "isEnum": false,
      "about": "Name of that channel, e.g. e-mail."
    },
    {
      "name": "channelAccountId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the account within the channel. Null where there is none (Omnidesk writes 0)."
    },
    {
      "name": "formId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the form that was filled in. Null where there was none."
    },
    {
      "name": "externalId",
      "type": "String",
      "isEnum": false,
      "about": "The ticket's id in the system from which it came, e.g. a mail's message id. Null where there is none."
    },
    {
      "name": "externalGuiUrl",
      "type": "String",
      "isEnum": false,
      "about": "Address of the ticket in the system of origin, http or https. Null where there is none."
    },
    {
      "name": "gradeByCustomer",
      "type": "String",
      "isEnum": false,
      "about": "The grade that the customer gave, in Omnidesk's spelling. Null where there is none."
    },
    {
      "name": "lastUpdateAgent",
      "type": "DateTime",
      "isEnum": false,
      "about": "When an agent last changed it. Null where none has."
    },
    {
      "name": "lastUpdateCustomer",
      "type": "DateTime",
      "isEnum": false,
      "about": "When the customer last wrote. Null where it is not known."
    },
    {
      "name": "slaPolicyId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the service level agreement that applies. Null where none does."
    },
    {
      "name": "slaNextBreach",
      "type": "DateTime",
      "isEnum": false,
      "about": "When the next term of that agreement runs out. Null where no term is running."
    },
    {
      "name": "slaNextBreachCurrentStatus",
      "type": "String",
      "isEnum": false,
      "about": "How the next term stands, in Omnidesk's word, e.g. active."
    },
    {
      "name": "snoozeTime",
      "type": "DateTime",
      "isEnum": false,
      "about": "Until when the ticket is put aside. Null where it is not."
    }
  ],
  "RequestorTicket": [
    {
      "name": "ticketRef",
      "type": "String",
      "isEnum": false,
      "about": "The reference: a prefix for the type (TIC, INC, REQ, PRO, CHG), a hyphen and digits. A conversion gives the ticket another one. The number, where the installation tells no reference."
    },
    {
      "name": "ticketType",
      "type": "String",
      "isEnum": false,
      "about": "The type, e.g. Incident, ServiceRequest, Problem, Change; a number where the installation gives a number whose name is not known here."
    },
    {
      "name": "subject",
      "type": "String",
      "isEnum": false,
      "about": "The subject."
    },
    {
      "name": "closed",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether it is in its workflow's final state."
    },
    {
      "name": "closedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When it was closed. Null while it is not."
    },
    {
      "name": "submitter",
      "type": "String",
      "isEnum": false,
      "about": "Full name of the person who asked."
    },
    {
      "name": "submitterKey",
      "type": "String",
      "isEnum": false,
      "about": "Key of the person who asked."
    },
    {
      "name": "submitterCompanyId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the company of the person who asked."
    },
    {
      "name": "solver",
      "type": "String",
      "isEnum": false,
      "about": "Full name of the operator who works on it. Null while nobody does."
    },
    {
      "name": "solverKey",
      "type": "String",
      "isEnum": false,
      "about": "Key of the operator who works on it: a userProviderKey. Null while nobody does."
    },
    {
      "name": "state",
      "type": "String",
      "isEnum": false,
      "about": "State in the workflow of the ticket's own type: a name or a number, as the installation gives it."
    },
    {
      "name": "summaryState",
      "type": "String",
      "isEnum": false,
      "about": "State in words that all ticket types share: a name or a number, as the installation gives it."
    },
    {
      "name": "source",
      "type": "String",
      "isEnum": false,
      "about": "By which way it came in: a name or a number, as the installation gives it."
    },
    {
      "name": "userSourceId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the source as the installation's own list has it."
    },
    {
      "name": "serviceId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the service that it is about."
    },
    {
      "name": "serviceName",
      "type": "String",
      "isEnum": false,
      "about": "Name of the service that it is about."
    },
    {
      "name": "resolutionText",
      "type": "String",
      "isEnum": false,
      "about": "How it was resolved."
    },
    {
      "name": "isPrivateMessageSupported",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether operators can write each other messages that the person who asked does not see."
    }
  ]
};

/** All vendors in the SDL. */
export const VENDORS = ["AKANA","HUAWEI","JIFELINE","OMNIDESK","REQUESTOR"] as const;
