/**
 * Starts a supergraph: real subgraphs, composed from their own SDL, behind Apollo Gateway. A recorder between the gateway and
 * each subgraph records the requests.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerOptions, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph';
import { parse, type DocumentNode } from 'graphql';
import { onTestFinished } from 'vitest';
import { post, type Answer } from './post.ts';

/** An entity's key as sent by a router. */
export interface Representation {
  readonly __typename: string;
  readonly id: string;
}

/** One GraphQL request as received by a subgraph. */
export interface SubgraphRequest {
  readonly query: string;
  readonly variables?: { readonly representations?: readonly Representation[]; readonly [name: string]: unknown };
}

export interface Supergraph {
  /** Composition hints. Expected to be empty. */
  readonly hints: readonly string[];
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** The requests that reached a subgraph, in order. */
  seen(subgraph: string): SubgraphRequest[];
  forget(): void;
}

/**
 * Closed after the test.
 *
 * @param urls URLs of the subgraphs by name.
 */
export async function startSupergraph(urls: Readonly<Record<string, string>>): Promise<Supergraph> {
  const services = await Promise.all(
    Object.entries(urls).map(async ([name, url]) => {
      const recorder = await startRecorder(url);
      return { name, url: recorder.url, typeDefs: await readSdl(url), seen: recorder.seen };
    }),
  );
  const { supergraphSdl, hints, errors } = composeServices(services);
  if (errors) throw new AggregateError(errors, `Composition failed:\n${errors.map(String).join('\n')}`);
  const url = await startApollo({ gateway: new ApolloGateway({ supergraphSdl, logger: SILENT }), logger: SILENT });
  return {
    hints: hints.map(String),
    ask: (query, variables) => post(url, { query, variables }),
    seen: (subgraph) => services.find(({ name }) => name === subgraph)?.seen ?? [],
    forget() {
      for (const { seen } of services) seen.length = 0;
    },
  };
}

/** Starts another team's subgraph, which is closed after the test. Returns its URL. */
export function startSubgraph(sdl: string, resolvers: GraphQLSchemaModule['resolvers']): Promise<string> {
  return startApollo({ schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]) });
}

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function startApollo(options: ApolloServerOptions<BaseContext>): Promise<string> {
  const apollo = new ApolloServer({
    ...options,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      // Ignores proxy settings of the environment: nothing may leave loopback.
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  });
  const { url } = await startStandaloneServer(apollo, { listen: { port: 0, host: '127.0.0.1' } });
  onTestFinished(() => apollo.stop());
  return url;
}

/** Loads the subgraph's SDL like a registry or a router. */
async function readSdl(url: string): Promise<DocumentNode> {
  const { data, errors } = await post(url, { query: '{ _service { sdl } }' });
  if (errors) throw new Error(`The subgraph returned no SDL: ${JSON.stringify(errors)}`);
  return parse(data._service.sdl as string);
}

/** Records each request and forwards it unchanged. */
async function startRecorder(target: string): Promise<{ url: string; seen: SubgraphRequest[] }> {
  const seen: SubgraphRequest[] = [];
  const passOn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]).toString('utf8');
    seen.push(JSON.parse(body) as SubgraphRequest);
    const headers = { 'content-type': request.headers['content-type'] ?? '' };
    const answer = await fetch(target, { method: 'POST', headers, body });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(await answer.text());
  };
  const server = createServer((request, response) => {
    passOn(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}
