/**
 * Subscriptions by HTTP callback, for Apollo Router: events are posted to an address that the request names.
 * https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/callback-protocol
 *
 * Apollo Server's own plugin posts to any address. Here it sees only requests whose address has an allowed origin, and
 * only valid subscriptions: for any other request it would answer `data: null` and post as well.
 */
import type {
  ApolloServerPlugin,
  GraphQLRequest,
  GraphQLRequestContext,
  GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { codedError } from './error-codes.ts';
import { isRecord } from './is-record.ts';

export interface CallbackOptions<Context extends object> {
  /** Origins that events may be posted to, e.g. `https://router.example.com`. */
  readonly origins: ReadonlySet<string>;
  /** Why the caller may have no further subscription; `undefined` if it may. */
  findRejection(contextValue: Context): { readonly code: string; readonly message: string } | undefined;
  /** Opens a context that outlives the request. */
  openContext(contextValue: Context): Context;
  /** Called for messages of the plugin. */
  readonly logger: { debug(message: string): void; warn(message: string): void; error(message: string): void };
}

/** The address that events are to be posted to; `undefined` if the request asks for no callback. */
export function callbackUrlOf({ extensions }: GraphQLRequest): string | undefined {
  const subscription: unknown = extensions?.['subscription'];
  if (!isRecord(subscription)) return undefined;
  // The older name is that of Apollo Router before version 1.35.
  const url = subscription['callbackUrl'] ?? subscription['callback_url'];
  return typeof url === 'string' ? url : '';
}

export function isAllowedCallback(request: GraphQLRequest, origins: ReadonlySet<string>): boolean {
  const url = callbackUrlOf(request);
  return url !== undefined && URL.canParse(url) && origins.has(new URL(url).origin);
}

export async function createSubscriptionCallback<Context extends object>({
  origins,
  findRejection,
  openContext,
  logger,
}: CallbackOptions<Context>): Promise<ApolloServerPlugin<Context>> {
  const { ApolloServerPluginSubscriptionCallback } = await import('@apollo/server/plugin/subscriptionCallback');
  const inner = ApolloServerPluginSubscriptionCallback({
    logger: { ...logger, info: (message: unknown) => logger.debug(String(message)) },
    // A redirect could lead to an origin that is not allowed.
    fetcher: ((url: string, init: RequestInit) => fetch(url, { ...init, redirect: 'error' })) as never,
  }) as ApolloServerPlugin<Context>;
  return {
    serverWillStart: async (service) => inner.serverWillStart?.(service),
    async requestDidStart(requestContext: GraphQLRequestContext<Context>) {
      if (callbackUrlOf(requestContext.request) === undefined) return undefined;
      const listener = isAllowedCallback(requestContext.request, origins)
        ? await inner.requestDidStart?.(requestContext)
        : undefined;
      return {
        async didResolveOperation({ operation, contextValue }) {
          if (!listener) throw codedError('CALLBACK_NOT_ALLOWED', NOT_ALLOWED);
          if (operation?.operation !== OperationTypeNode.SUBSCRIPTION)
            throw codedError('BAD_REQUEST', ONLY_SUBSCRIPTIONS);
          const rejection = findRejection(contextValue);
          if (rejection) throw codedError(rejection.code, rejection.message);
        },
        responseForOperation: async (resolved) => (await listener?.responseForOperation?.(resolved)) ?? null,
        async willSendResponse(responding: GraphQLRequestContextWillSendResponse<Context>) {
          const { body } = responding.response;
          if (body.kind !== 'single' || body.singleResult.errors) return;
          const contextValue = openContext(responding.contextValue);
          await listener?.willSendResponse?.(
            Object.create(responding, { contextValue: { value: contextValue } }) as never,
          );
        },
      };
    },
  };
}

const ONLY_SUBSCRIPTIONS = 'A callback is for subscriptions only. Leave out extensions.subscription.';

const NOT_ALLOWED =
  'The origin of callbackUrl is not allowed. Add it to SUBSCRIPTION_CALLBACK_ORIGINS, or subscribe by a stream.';
