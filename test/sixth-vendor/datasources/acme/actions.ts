/** What can be done with Acme's tickets: the table, and the writes made from it. */
import type { Planner, Refused, Ticket, TicketAction, Verdict, Write } from '../contract.ts';
import { checkInputs } from '../kernel/action-input.ts';
import { show } from '../kernel/global-id.ts';
import { shutRequest, type Client } from './client.ts';
import { toStatus } from './mapping.ts';

export const mutations = ['executeAction'] as const;

const SHUT: TicketAction = {
  __typename: 'AcmeAction',
  name: 'shut',
  label: 'Shut',
  mutation: 'executeAction',
  inputs: [],
  resultingCategory: 'CLOSED',
};

export function availableActions(ticket: Ticket): readonly TicketAction[] {
  return ticket.status.category === 'OPEN' ? [SHUT] : [];
}

interface ExecuteActionInput {
  readonly action: string;
  readonly comment?: string | null;
  readonly inputs?: Readonly<Record<string, unknown>> | null;
}

export function createWrites(client: Client): Record<(typeof mutations)[number], Planner> {
  const executeAction: Planner<ExecuteActionInput> = ({ action, comment, inputs }, nativeIds) =>
    nativeIds.map((number): Write | Refused => {
      if (action !== 'shut') {
        const message = `Acme knows no action ${show(action)}; it knows shut.`;
        return { targets: [number], failure: { kind: 'invalid-input', field: ['action'], message } };
      }
      const problem = checkInputs([], inputs ?? {});
      if (problem) return { targets: [number], failure: problem };
      return {
        targets: [number],
        request: shutRequest(number, comment ?? null),
        judge: (): Verdict => ({ said: 'yes', transition }),
        settle: async (_, call) => {
          const ticket = await client.findTicket(number, call);
          return ticket?.stands === 'shut' ? transition : undefined;
        },
      };
    });
  return { executeAction };
}

const transition = { __typename: 'ActionTransition', action: 'shut', to: toStatus('shut'), state: null } as const;
