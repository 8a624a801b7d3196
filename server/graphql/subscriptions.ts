/**
 * Subscriptions: Apollo Server parses, validates and checks them like every operation, and hands the accepted ones over
 * before execution. They are then executed once for each event, by the executor of queries.
 */
import type { ApolloServerPlugin, GraphQLRequest, GraphQLRequestListener } from '@apollo/server';
import {
  OperationTypeNode,
  getVariableValues,
  type DocumentNode,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { HeaderMap } from './apollo-libraries.ts';
import type { Variables } from './document.ts';
import { codedError } from './error-codes.ts';
import type { Executor, RawResult } from './executor/index.ts';
import type { RequestRecord } from '../telemetry/index.ts';

/** An operation that has passed all checks. */
export interface AcceptedSubscription {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Variables;
}

/** Set in the context of a request that may be answered by a stream. */
export interface SubscriptionSlot {
  /** Whether the request came by GET, which carries subscriptions only. */
  readonly isGet: boolean;
  accepted?: AcceptedSubscription;
}

export interface SubscriptionContext {
  /** Omitted if the client accepts no stream. */
  readonly subscription?: SubscriptionSlot | undefined;
}

const NOT_ACCEPTED =
  'A subscription is answered by a stream. Accept text/event-stream, or multipart/mixed; subscriptionSpec=1.0.';

const ONLY_SUBSCRIPTIONS =
  'With Accept: text/event-stream or multipart/mixed, GET carries subscriptions only. Send other operations by POST.';

/**
 * Hands subscriptions over, and rejects those of clients that accept no stream.
 *
 * @param isCallback whether the events of a request are posted to a callback, i.e. not of interest here
 */
export function createSubscriptionPlugin(
  isCallback: (request: GraphQLRequest) => boolean,
): ApolloServerPlugin<SubscriptionContext> {
  return { requestDidStart: async ({ request }) => (isCallback(request) ? undefined : HAND_OVER) };
}

const HAND_OVER: GraphQLRequestListener<SubscriptionContext> = {
  async didResolveOperation({ schema, operation, request, contextValue: { subscription } }) {
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) {
      if (subscription?.isGet) throw rejection(405, 'METHOD_NOT_ALLOWED', ONLY_SUBSCRIPTIONS);
      return;
    }
    if (!subscription) throw rejection(406, 'NOT_ACCEPTABLE', NOT_ACCEPTED);
    checkVariables(schema, operation, request.variables);
  },
  async responseForOperation({ document, operation, request, contextValue: { subscription } }) {
    // Not as declared: undefined if the document has no operation of that name, which execution reports.
    const found = operation as OperationDefinitionNode | undefined;
    if (found?.operation !== OperationTypeNode.SUBSCRIPTION || !subscription) return null;
    const { operationName, variables = {} } = request;
    subscription.accepted = { document, operationName: operationName ?? undefined, variables };
    return { body: { kind: 'single', singleResult: {} }, http: { status: undefined, headers: new HeaderMap() } };
  },
};

/** Execution reports them for queries; a subscription has none before its first event. @throws GraphQLError */
function checkVariables(schema: GraphQLSchema, operation: OperationDefinitionNode, values: Variables = {}): void {
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], values, { maxErrors: 1 });
  const [error] = errors ?? [];
  if (error) throw rejection(400, 'BAD_USER_INPUT', error.message);
}

function rejection(status: number, code: string, message: string): GraphQLError {
  const error = codedError(code, message);
  error.extensions['http'] = { status };
  return error;
}

export interface SubscriptionsOptions {
  readonly executor: Executor;
  /** Errors as clients see them. */
  formatErrors(errors: RawResult['errors'], record: RequestRecord): NonNullable<FormattedExecutionResult['errors']>;
}

/** What an event is executed with, and recorded in. */
interface EventContext {
  readonly record: RequestRecord;
}

/** One subscription while it is open. */
export interface SubscriptionEvents {
  readonly events: AsyncIterator<unknown>;
  /** Executes the selection for one event. */
  execute(event: unknown, context: EventContext): Promise<FormattedExecutionResult>;
}

/** Calls the resolver of the subscription's field. Returns its result if there is no stream of events. */
export async function openSubscription(
  { executor, formatErrors }: SubscriptionsOptions,
  { document, operationName, variables }: AcceptedSubscription,
  contextValue: EventContext,
): Promise<SubscriptionEvents | FormattedExecutionResult> {
  const args = { document, operationName, variableValues: variables };
  const toResult = ({ data, errors }: RawResult, { record }: EventContext): FormattedExecutionResult => ({
    ...(errors.length > 0 && { errors: formatErrors(errors, record) }),
    ...(data !== undefined && { data }),
  });
  const stream = await executor.subscribe({ ...args, contextValue });
  if (!(Symbol.asyncIterator in stream)) return toResult(stream, contextValue);
  return {
    events: stream[Symbol.asyncIterator](),
    execute: async (event, context) =>
      toResult(await executor.executeRaw({ ...args, rootValue: event, contextValue: context }), context),
  };
}
