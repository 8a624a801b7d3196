/**
 * One press of an action's button, from its key to its outcome. The key is made when the button is pressed, and whatever
 * is sent again for that press, after a lost connection or a "try later", carries the same one: it is never done twice.
 */
import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import {
  ActDocument,
  BoardDocument,
  type ActMutation,
  type BoardTicketFragment,
  type ExecuteActionInput,
} from '../__generated__/documents.ts';
import { newKey } from '../key.ts';
import { asError, describeError, isLost } from '../session/refusal.ts';
import type { Action } from './action.ts';

export type Payload = ActMutation['executeAction'];

/** What a form holds. */
export type Given = Pick<ExecuteActionInput, 'inputs' | 'comment'>;

interface Press {
  readonly action: Action;
  readonly input: ExecuteActionInput;
}

export type Attempt = Press &
  (
    | { readonly state: 'sending' }
    | { readonly state: 'settled'; readonly payload: Payload }
    /** The endpoint refused the request itself: nothing was sent to the vendor. */
    | { readonly state: 'refused'; readonly message: string }
    /** No answer of the endpoint's came. */
    | { readonly state: 'lost'; readonly message: string }
  );

export interface AttemptState {
  readonly current: Attempt | undefined;
  /** The payload of a no, for the form to show at its fields. */
  readonly refusal: Payload | undefined;
  /** Sends it under a new key. Gives whether the form has done its work. */
  begin(action: Action, given: Given): Promise<boolean>;
  /** The same once more, under the same key. */
  sendAgain(): void;
  forget(): void;
}

export function useAttempt(
  ticketId: string,
  known: BoardTicketFragment | undefined,
  onApplied: () => void,
): AttemptState {
  const client = useApolloClient();
  const [current, setCurrent] = useState<Attempt>();

  const send = async (press: Press): Promise<boolean> => {
    setCurrent({ ...press, state: 'sending' });
    const next = await perform(client, press, known);
    setCurrent(next);
    if (next.state !== 'settled') return next.state === 'lost';
    const { outcome } = next.payload;
    if (outcome !== 'APPLIED') return outcome !== 'NOT_APPLIED';
    const isElsewhere = placeAfter(next.payload, ticketId) !== undefined;
    if (!isElsewhere) onApplied();
    // The board has it under a name that is no more.
    if (isElsewhere || next.payload.ticket === null) void client.refetchQueries({ include: [BoardDocument] });
    return true;
  };

  return {
    current,
    refusal: current?.state === 'settled' && current.payload.outcome === 'NOT_APPLIED' ? current.payload : undefined,
    begin: (action, given) => send({ action, input: toInput(ticketId, action.name, given) }),
    sendAgain: () => {
      if (current) void send({ action: current.action, input: current.input });
    },
    forget: () => setCurrent(undefined),
  };
}

/** The id under which the ticket goes on, where it is another one now. */
export function placeAfter({ transition, ticket }: Payload, ticketId: string): string | undefined {
  const movedTo = transition && 'movedToId' in transition ? transition.movedToId : null;
  const place = movedTo ?? ticket?.id ?? ticketId;
  return place === ticketId ? undefined : place;
}

function toInput(ticketId: string, action: string, given: Given): ExecuteActionInput {
  return { ticketId, action, ...given, idempotencyKey: newKey() };
}

async function perform(
  client: ReturnType<typeof useApolloClient>,
  press: Press,
  known: BoardTicketFragment | undefined,
): Promise<Attempt> {
  const expected = known && expectPayload(press.action, known);
  try {
    const { data, error } = await client.mutate({
      mutation: ActDocument,
      variables: { input: press.input },
      // An error may stand beside the outcome: then only the look at the ticket afterwards has failed.
      errorPolicy: 'all',
      ...(expected && { optimisticResponse: expected }),
    });
    if (data) return { ...press, state: 'settled', payload: data.executeAction };
    throw asError(error);
  } catch (error) {
    return { ...press, state: isLost(error) ? 'lost' : 'refused', message: describeError(error) };
  }
}

/** What the board shows while the vendor is asked; Apollo takes it back when the answer is there, whatever it is. */
function expectPayload(
  { resultingCategory }: Action,
  { __typename, id, vendor, reference, title, createdAt, updatedAt, status }: BoardTicketFragment,
): ActMutation | undefined {
  if (!resultingCategory) return undefined;
  return {
    __typename: 'Mutation',
    executeAction: {
      __typename: 'ExecuteActionPayload',
      outcome: 'APPLIED',
      problems: [],
      replayed: false,
      reconciled: false,
      transition: null,
      ticket: {
        __typename,
        id,
        vendor,
        reference,
        title,
        createdAt,
        updatedAt,
        status: { ...status, category: resultingCategory },
      },
    },
  };
}
