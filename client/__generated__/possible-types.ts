export const possibleTypes = {
  MutationPayload: ['AssignOperatorPayload', 'CreateTicketPayload', 'DeleteTicketsPayload', 'ExecuteActionPayload', 'PushWorkflowPayload', 'RunBatchPayload', 'SetPriorityPayload', 'SetStatusPayload', 'SolveUnfinishedTicketsPayload', 'TransitionInProgressPayload', 'UnlinkCustomerPayload', 'UpdateTicketPayload'],
  Node: ['AkanaTicket', 'BulkJob', 'HuaweiTicket', 'JifelineTicket', 'OmnideskTicket', 'RequestorTicket', 'RtTicket'],
  Ticket: ['AkanaTicket', 'HuaweiTicket', 'JifelineTicket', 'OmnideskTicket', 'RequestorTicket', 'RtTicket'],
  TicketAction: ['AkanaAction', 'HuaweiAction', 'JifelineAction', 'OmnideskAction', 'RequestorAction', 'RtAction'],
  TicketActionFields: ['AkanaAction', 'HuaweiAction', 'JifelineAction', 'OmnideskAction', 'RequestorAction', 'RtAction'],
  TicketFields: ['AkanaTicket', 'HuaweiTicket', 'JifelineTicket', 'OmnideskTicket', 'RequestorTicket', 'RtTicket'],
  Transition: ['ActionTransition', 'CancelTransition', 'CompleteTransition', 'OutsourceTransition', 'StatusTransition', 'WorkflowTransition'],
  TransitionFields: ['ActionTransition', 'CancelTransition', 'CompleteTransition', 'OutsourceTransition', 'StatusTransition', 'WorkflowTransition'],
};
