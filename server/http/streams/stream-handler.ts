/**
 * Answers requests of clients that accept a stream: a subscription by a stream of events, any other operation by its one
 * result. Apollo Server checks both, as it does every request.
 */
import type { ApolloServer } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { HeaderMap } from '../../graphql/apollo-libraries.ts';
import { isRecord } from '../../graphql/is-record.ts';
import { openSubscription, type SubscriptionSlot, type SubscriptionsOptions } from '../../graphql/subscriptions.ts';
import { sendRejection } from '../error-handler.ts';
import { NO_STORE } from '../headers.ts';
import type { RequestRecord } from '../../telemetry/index.ts';
import type { IncomingRequest, OpenRequest } from '../incoming-request.ts';
import { readAccept, type Accepted } from './stream-format.ts';
import type { StreamRegistry } from './stream-registry.ts';
import { SubscriptionStream, type StreamSettings } from './subscription-stream.ts';

/** The context value of Apollo Server, as far as it is used here. */
export interface StreamContext {
  readonly record: RequestRecord;
}

export interface StreamHandlerOptions {
  readonly subscriptions: SubscriptionsOptions;
  readonly registry: StreamRegistry;
  readonly settings: StreamSettings;
  /** @param lastEventId from which the client resumes */
  openRequest(incoming: IncomingRequest, lastEventId?: string): OpenRequest<StreamContext>;
  /** Called when a stream begins: its response no longer counts as a request in flight. */
  onOpen(response: FastifyReply['raw']): void;
  onEvent(): void;
  onEnd(reason: string): void;
  reportUnexpected(error: unknown): void;
}

export interface StreamHandler {
  /** Returns `undefined` if the request accepts no stream, so that it is answered as usual. */
  answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> | undefined;
}

type AcceptedStream = Accepted & { readonly format: NonNullable<Accepted['format']> };

export function createStreamHandler(apollo: ApolloServer<object>, options: StreamHandlerOptions): StreamHandler {
  const answerAccepted = async (
    request: FastifyRequest,
    reply: FastifyReply,
    accepted: AcceptedStream,
  ): Promise<unknown> => {
    const incoming = toIncoming(request);
    const slot: SubscriptionSlot = { isGet: request.method === 'GET' };
    const checking = options.openRequest(incoming);
    let answer: Awaited<ReturnType<typeof execute>>;
    try {
      answer = await execute(apollo, request, accepted, { ...checking.context, subscription: slot });
    } finally {
      checking.dispose();
    }
    if (!slot.accepted) return sendSingleResult(reply, accepted, answer);
    const rejection = options.registry.findRejection(incoming.caller.id);
    if (rejection) {
      sendRejection(reply, rejection);
      return reply;
    }
    await stream(reply, incoming, accepted, slot.accepted, options);
    return reply;
  };

  return {
    answer(request, reply) {
      const { format, isJsonAccepted } = readAccept(request.headers.accept);
      return format && answerAccepted(request, reply, { format, isJsonAccepted });
    },
  };
}

function toIncoming({ caller, headers, record }: FastifyRequest): IncomingRequest {
  if (!caller || !record) throw new TypeError('Expected an authenticated and recorded request.');
  return { caller, headers, record };
}

/** Has Apollo Server check the operation, and execute it unless it is a subscription. */
function execute(
  apollo: ApolloServer<object>,
  request: FastifyRequest,
  { isJsonAccepted }: Accepted,
  contextValue: object,
) {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  // For Apollo Server, which knows neither streams nor subscriptions by GET.
  headers.set('content-type', 'application/json');
  if (!isJsonAccepted) headers.set('accept', 'application/graphql-response+json');
  const body = request.method === 'GET' ? fromQuery(request.query) : request.body;
  return apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, body, search: '' },
    context: async () => contextValue,
  });
}

/** The request in a query string: https://graphql.github.io/graphql-over-http/draft/#sec-GET */
function fromQuery(query: unknown): Record<string, unknown> {
  const { variables, extensions, ...others } = isRecord(query) ? query : {};
  return { ...others, ...parsed({ variables }), ...parsed({ extensions }) };
}

/** What is not JSON stays as it is, and is rejected like in a body. */
function parsed(part: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(part).flatMap(([name, text]) => {
      if (typeof text !== 'string' || text === '') return [];
      try {
        return [[name, JSON.parse(text) as unknown]];
      } catch {
        return [[name, text]];
      }
    }),
  );
}

type ApolloAnswer = Awaited<ReturnType<ApolloServer<object>['executeHTTPGraphQLRequest']>>;

function sendSingleResult(
  reply: FastifyReply,
  { format, isJsonAccepted }: AcceptedStream,
  { status = 200, headers, body }: ApolloAnswer,
): FastifyReply {
  const text = body.kind === 'complete' ? body.string : '';
  void reply.code(status);
  for (const [name, value] of headers) void reply.header(name, value);
  if (isJsonAccepted || status !== 200) return reply.header(...NO_STORE).send(text);
  const result = JSON.parse(text) as FormattedExecutionResult;
  return reply
    .headers(format.headers)
    .removeHeader('content-length')
    .send(format.start + format.event(result) + format.end());
}

async function stream(
  reply: FastifyReply,
  incoming: IncomingRequest,
  { format }: AcceptedStream,
  accepted: NonNullable<SubscriptionSlot['accepted']>,
  options: StreamHandlerOptions,
): Promise<void> {
  const { subscriptions, registry, settings, onOpen, onEvent, onEnd, reportUnexpected } = options;
  const lastEventId = incoming.headers['last-event-id'];
  const open = options.openRequest(incoming, typeof lastEventId === 'string' ? lastEventId : undefined);
  const opened = await openSubscription(subscriptions, accepted, open.context);
  // The context has a deadline, and the stream goes on: what it reads has contexts of their own.
  open.dispose();
  const response = reply.raw;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) response.setHeader(name, value);
  if (!('events' in opened)) {
    response.writeHead(200, format.headers);
    response.end(format.start + format.event(opened) + format.end());
    return;
  }
  incoming.record.isStream = true;
  onOpen(response);
  const running = new SubscriptionStream({
    ...settings,
    format,
    response,
    subscription: opened,
    expiresAt: incoming.caller.expiresAt,
    openContext: () => options.openRequest({ ...incoming, record: incoming.record.forEvent() }),
    onEvent,
    onEnd(reason) {
      remove();
      onEnd(reason ?? 'CLOSED');
    },
    reportUnexpected,
  });
  const remove = registry.add(incoming.caller.id, running);
  await running.run();
}
