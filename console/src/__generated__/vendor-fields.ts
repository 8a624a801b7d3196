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
      "about": "Id of the API that the ticket is about. Null if there is none."
    },
    {
      "name": "appId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the app that the ticket is about. Null if there is none."
    },
    {
      "name": "description",
      "type": "String",
      "isEnum": false,
      "about": "The full text as written by its author. May contain markup: escape it before rendering."
    },
    {
      "name": "environment",
      "type": "String",
      "isEnum": false,
      "about": "The affected environment: Sandbox or Production."
    },
    {
      "name": "state",
      "type": "String",
      "isEnum": false,
      "about": "The state in Akana's own spelling, e.g. OPEN, RESOLVED, CLOSED, REOPEN; equals status.raw. Null if Akana sends none."
    },
    {
      "name": "authorId",
      "type": "String",
      "isEnum": false,
      "about": "Akana's id of the user who opened the ticket."
    },
    {
      "name": "authorName",
      "type": "String",
      "isEnum": false,
      "about": "Login name of the user who opened the ticket."
    },
    {
      "name": "labels",
      "type": "String",
      "isEnum": false,
      "about": "Akana's labels. They include the priority, e.g. com.soa.ticket.label.priority.medium (displayed as \"Major\" by Akana) or com.soa.ticket.label.priority.high."
    },
    {
      "name": "tags",
      "type": "String",
      "isEnum": false,
      "about": "Tags set by users."
    },
    {
      "name": "commentCount",
      "type": "Int",
      "isEnum": false,
      "about": "Number of comments. The comments themselves are not exposed."
    },
    {
      "name": "markCount",
      "type": "Int",
      "isEnum": false,
      "about": "Number of users who have marked the ticket."
    },
    {
      "name": "isMarked",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether any user has marked the ticket."
    },
    {
      "name": "visibility",
      "type": "String",
      "isEnum": false,
      "about": "Visibility of the ticket's API: Public for all users, Limited for its admins and the users in its scope."
    }
  ],
  "HuaweiTicket": [
    {
      "name": "statusCode",
      "type": "Int",
      "isEnum": false,
      "about": "Huawei's status number, e.g. 17. Null if the status is not a number."
    },
    {
      "name": "description",
      "type": "String",
      "isEnum": false,
      "about": "The full description, up to 2000 characters."
    },
    {
      "name": "businessType",
      "type": "String",
      "isEnum": false,
      "about": "Problem type, e.g. Remote login."
    },
    {
      "name": "incidentType",
      "type": "String",
      "isEnum": false,
      "about": "Case type, e.g. Fault report."
    },
    {
      "name": "incidentServiceType",
      "type": "String",
      "isEnum": false,
      "about": "Service type, in Huawei's wording. Only in lists."
    },
    {
      "name": "productCategory",
      "type": "String",
      "isEnum": false,
      "about": "The product concerned, e.g. Elastic Cloud Server. Only in lists."
    },
    {
      "name": "customerId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the Huawei Cloud account that owns the case."
    },
    {
      "name": "subCustomerId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the IAM user who submitted the case. Null if Huawei does not return it."
    },
    {
      "name": "subCustomerName",
      "type": "String",
      "isEnum": false,
      "about": "Name of the IAM user who submitted the case. Null if Huawei does not return it."
    },
    {
      "name": "dataCenter",
      "type": "String",
      "isEnum": false,
      "about": "The region concerned, e.g. CN-Hong Kong."
    },
    {
      "name": "severity",
      "type": "String",
      "isEnum": false,
      "about": "Severity, in Huawei's wording. Null in lists, or if Huawei does not return it."
    },
    {
      "name": "source",
      "type": "String",
      "isEnum": false,
      "about": "Where the case was submitted, e.g. Console. Null in lists."
    },
    {
      "name": "businessOwnership",
      "type": "String",
      "isEnum": false,
      "about": "Who handles the case: huawei, partner or isv; other numbers are returned unchanged. Null in lists, or if Huawei does not return it."
    },
    {
      "name": "rootCause",
      "type": "String",
      "isEnum": false,
      "about": "Root cause. Null until it is found. Only in lists."
    },
    {
      "name": "resolution",
      "type": "String",
      "isEnum": false,
      "about": "Resolution. Null until the case is solved. Only in lists."
    },
    {
      "name": "confirmedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When the result was confirmed. Null until then. Only in lists."
    },
    {
      "name": "judgement",
      "type": "String",
      "isEnum": false,
      "about": "The customer's comment on the rating. Null in lists, or if the case has not been rated."
    },
    {
      "name": "labels",
      "type": "String",
      "isEnum": false,
      "about": "Names of the labels. Only in lists."
    }
  ],
  "JifelineTicket": [
    {
      "name": "state",
      "type": "String",
      "isEnum": false,
      "about": "The collection that holds the ticket: pending, in-progress, outsourced, closed or cancelled."
    },
    {
      "name": "ticketNumber",
      "type": "String",
      "isEnum": false,
      "about": "The ticket number that people use: an integer of up to 64 bits as a string, e.g. 7440303. Equals nativeId if Jifeline does not return it."
    },
    {
      "name": "customerId",
      "type": "String",
      "isEnum": false,
      "about": "UUID of the customer."
    },
    {
      "name": "vehicleModelId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the vehicle model: an integer of up to 64 bits as a string."
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
      "about": "UUID of the assigned operator. Null for pending and outsourced tickets, and for tickets that were cancelled automatically."
    },
    {
      "name": "voucherCode",
      "type": "String",
      "isEnum": false,
      "about": "Voucher code: 4 to 8 upper-case letters and digits. Null if there is none. Only for in-progress and outsourced tickets."
    },
    {
      "name": "outsourced",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether the ticket has ever been outsourced. May be true for a ticket that is in progress here again. Only for in-progress tickets."
    },
    {
      "name": "connectionId",
      "type": "String",
      "isEnum": false,
      "about": "UUID of the connection to the vehicle. Null if there is none."
    },
    {
      "name": "outsourceProviderId",
      "type": "String",
      "isEnum": false,
      "about": "UUID of the provider that the ticket was outsourced to. Only for outsourced tickets."
    },
    {
      "name": "outsourceTicketId",
      "type": "String",
      "isEnum": false,
      "about": "UUID of the ticket at the other provider; not a global id. Only for outsourced tickets."
    },
    {
      "name": "reclaimable",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether the ticket can be reclaimed, i.e. the other provider has not started work. Only for outsourced tickets."
    },
    {
      "name": "finishedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When service stopped. Only for closed and cancelled tickets."
    },
    {
      "name": "cancelReasonId",
      "type": "String",
      "isEnum": false,
      "about": "Id of the cancel reason: an integer as a string. Only for cancelled tickets."
    },
    {
      "name": "externallyProcessed",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether an external system has recorded the ticket as processed. Only for closed and cancelled tickets."
    },
    {
      "name": "externalReference",
      "type": "String",
      "isEnum": false,
      "about": "The ticket's reference in an external system, at most 255 characters. Only for closed and cancelled tickets."
    },
    {
      "name": "vehicleBatteryVoltage",
      "type": "String",
      "isEnum": false,
      "about": "Voltage of the vehicle's battery: 12v or 24v. Only for closed and cancelled tickets."
    }
  ],
  "OmnideskTicket": [
    {
      "name": "priority",
      "type": "Priority",
      "isEnum": true,
      "about": "Priority. Null if Omnidesk returns none, or one that is not recognized."
    },
    {
      "name": "closedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When the ticket was closed. Null if it is not closed."
    },
    {
      "name": "direction",
      "type": "Direction",
      "isEnum": true,
      "about": "Who started the conversation. Null if Omnidesk does not return it."
    },
    {
      "name": "from",
      "type": "String",
      "isEnum": false,
      "about": "Sender, in the format of the channel, e.g. an email address or a phone number. Null if there is none."
    },
    {
      "name": "fromName",
      "type": "String",
      "isEnum": false,
      "about": "Name of the sender. Null if empty."
    },
    {
      "name": "to",
      "type": "String",
      "isEnum": false,
      "about": "Recipient, in the format of the channel. Null if there is none."
    },
    {
      "name": "toName",
      "type": "String",
      "isEnum": false,
      "about": "Name of the recipient. Null if empty."
    },
    {
      "name": "customerId",
      "type": "String",
      "isEnum": false,
      "about": "Omnidesk's customer number. Null if the ticket is not linked to a customer."
    },
    {
      "name": "assignedGroupId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the assigned group. Null if there is none (Omnidesk returns 0)."
    },
    {
      "name": "assignedUserId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the assigned agent. Null if there is none (Omnidesk returns 0)."
    },
    {
      "name": "brandId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the brand."
    },
    {
      "name": "brandName",
      "type": "String",
      "isEnum": false,
      "about": "Name of the brand."
    },
    {
      "name": "channelId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the channel."
    },
    {
      "name": "channelName",
      "type": "String",
      "isEnum": false,
      "about": "Name of the channel, e.g. e-mail."
    },
    {
      "name": "channelAccountId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the account within the channel. Null if there is none (Omnidesk returns 0)."
    },
    {
      "name": "formId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the submitted form. Null if there is none."
    },
    {
      "name": "externalId",
      "type": "String",
      "isEnum": false,
      "about": "The ticket's id in the system of origin, e.g. an email's message id. Null if there is none."
    },
    {
      "name": "externalGuiUrl",
      "type": "String",
      "isEnum": false,
      "about": "HTTP or HTTPS URL of the ticket in the system of origin. Null if there is none."
    },
    {
      "name": "gradeByCustomer",
      "type": "String",
      "isEnum": false,
      "about": "The customer's rating, in Omnidesk's spelling. Null if there is none."
    },
    {
      "name": "lastUpdateAgent",
      "type": "DateTime",
      "isEnum": false,
      "about": "Time of the last change by an agent. Null if there is none."
    },
    {
      "name": "lastUpdateCustomer",
      "type": "DateTime",
      "isEnum": false,
      "about": "Time of the customer's last message. Null if unknown."
    },
    {
      "name": "slaPolicyId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the service level agreement (SLA) that applies. Null if there is none."
    },
    {
      "name": "slaNextBreach",
      "type": "DateTime",
      "isEnum": false,
      "about": "When the next SLA target is breached. Null if none is running."
    },
    {
      "name": "slaNextBreachCurrentStatus",
      "type": "String",
      "isEnum": false,
      "about": "Status of the next SLA target, in Omnidesk's wording, e.g. active."
    },
    {
      "name": "snoozeTime",
      "type": "DateTime",
      "isEnum": false,
      "about": "When the ticket's snooze ends. Null if it is not snoozed."
    }
  ],
  "RequestorTicket": [
    {
      "name": "ticketRef",
      "type": "String",
      "isEnum": false,
      "about": "The reference: a prefix for the type (TIC, INC, REQ, PRO, CHG), a hyphen and digits. Changes when the ticket is converted. Equals the number if the installation returns no reference."
    },
    {
      "name": "ticketType",
      "type": "String",
      "isEnum": false,
      "about": "The type, e.g. Incident, ServiceRequest, Problem, Change. A number if the installation returns a number whose name is not known."
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
      "about": "Whether the ticket is in its workflow's final state."
    },
    {
      "name": "closedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When the ticket was closed. Null if it is not closed."
    },
    {
      "name": "submitter",
      "type": "String",
      "isEnum": false,
      "about": "Full name of the submitter."
    },
    {
      "name": "submitterKey",
      "type": "String",
      "isEnum": false,
      "about": "Key of the submitter."
    },
    {
      "name": "submitterCompanyId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the submitter's company."
    },
    {
      "name": "solver",
      "type": "String",
      "isEnum": false,
      "about": "Full name of the assigned operator. Null if there is none."
    },
    {
      "name": "solverKey",
      "type": "String",
      "isEnum": false,
      "about": "Key of the assigned operator: a userProviderKey. Null if there is none."
    },
    {
      "name": "state",
      "type": "String",
      "isEnum": false,
      "about": "State in the workflow of the ticket's own type: a name or a number, depending on the installation."
    },
    {
      "name": "summaryState",
      "type": "String",
      "isEnum": false,
      "about": "State as one of those that all ticket types share: a name or a number, depending on the installation."
    },
    {
      "name": "source",
      "type": "String",
      "isEnum": false,
      "about": "Channel through which the ticket was submitted: a name or a number, depending on the installation."
    },
    {
      "name": "userSourceId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the source in the installation's own list."
    },
    {
      "name": "serviceId",
      "type": "String",
      "isEnum": false,
      "about": "Number of the service concerned."
    },
    {
      "name": "serviceName",
      "type": "String",
      "isEnum": false,
      "about": "Name of the service concerned."
    },
    {
      "name": "resolutionText",
      "type": "String",
      "isEnum": false,
      "about": "How the ticket was resolved."
    },
    {
      "name": "isPrivateMessageSupported",
      "type": "Boolean",
      "isEnum": false,
      "about": "Whether operators can exchange messages that are hidden from the submitter."
    }
  ],
  "RtTicket": [
    {
      "name": "queue",
      "type": "String",
      "isEnum": false,
      "about": "Name of the queue. Null if it may not be seen."
    },
    {
      "name": "owner",
      "type": "String",
      "isEnum": false,
      "about": "Name of the user who owns the ticket. Null if it has no owner."
    },
    {
      "name": "creator",
      "type": "String",
      "isEnum": false,
      "about": "Name of the user who created the ticket."
    },
    {
      "name": "requestors",
      "type": "String",
      "isEnum": false,
      "about": "Email addresses, or user names, of the requestors. Personal data."
    },
    {
      "name": "priorityNumber",
      "type": "Int",
      "isEnum": false,
      "about": "Priority as a number; the higher, the more urgent. Request Tracker shows it by names that an installation defines."
    },
    {
      "name": "state",
      "type": "String",
      "isEnum": false,
      "about": "Request Tracker's own word for the status, as in status.raw."
    },
    {
      "name": "dueAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When the ticket is due. Null if it is not set."
    },
    {
      "name": "startedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When work on the ticket started. Null if it has not."
    },
    {
      "name": "resolvedAt",
      "type": "DateTime",
      "isEnum": false,
      "about": "When the ticket last got an inactive status. It stays when the ticket is opened again, so it does not say whether the ticket is closed. Null if it never was."
    },
    {
      "name": "timeWorkedMinutes",
      "type": "Int",
      "isEnum": false,
      "about": "Time worked on the ticket, in minutes."
    },
    {
      "name": "mergedInto",
      "type": "ID",
      "isEnum": false,
      "about": "Global id of the ticket into which this one was merged: all other fields, and all actions, are those of that ticket. Null if it was not merged."
    }
  ]
};

/** All vendors in the SDL. */
export const VENDORS = ["AKANA","HUAWEI","JIFELINE","OMNIDESK","REQUESTOR","RT"] as const;
