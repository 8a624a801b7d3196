export const possibleTypes = {
  MutationPayload: ['AssignOperatorPayload', 'CreateTicketPayload', 'DeleteTicketsPayload', 'ExecuteActionPayload', 'PushWorkflowPayload', 'RunBatchPayload', 'SetPriorityPayload', 'SetStatusPayload', 'SolveUnfinishedTicketsPayload', 'TransitionInProgressPayload', 'UnlinkCustomerPayload', 'UpdateTicketPayload'],
  Node: ['AkanaTicket', 'HuaweiTicket', 'JifelineTicket', 'OmnideskTicket', 'RequestorTicket'],
  Ticket: ['AkanaTicket', 'HuaweiTicket', 'JifelineTicket', 'OmnideskTicket', 'RequestorTicket'],
  TicketAction: ['AkanaAction', 'HuaweiAction', 'JifelineAction', 'OmnideskAction', 'RequestorAction'],
  TicketActionFields: ['AkanaAction', 'HuaweiAction', 'JifelineAction', 'OmnideskAction', 'RequestorAction'],
  TicketFields: ['AkanaTicket', 'HuaweiTicket', 'JifelineTicket', 'OmnideskTicket', 'RequestorTicket'],
  Transition: ['ActionTransition', 'CancelTransition', 'CompleteTransition', 'OutsourceTransition', 'StatusTransition', 'WorkflowTransition'],
  TransitionFields: ['ActionTransition', 'CancelTransition', 'CompleteTransition', 'OutsourceTransition', 'StatusTransition', 'WorkflowTransition'],
};
