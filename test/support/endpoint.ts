/** ticketgraph itself on a free port, with the settings that a test gives it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Vendor } from '../../datasources/contract.ts';
import { connectSources, type Sources } from '../../datasources/index.ts';
import { createEmbeddedStore } from '../../datasources/kernel/keys/embedded.ts';
import type { KeyStore } from '../../datasources/kernel/keys/store.ts';
import { vendors as registered } from '../../datasources/vendors.ts';
import { createSignIn } from '../../edge/sign-in.ts';
import { loadTypeDefs, scopesOfMutations } from '../../schema/index.ts';
import { buildServer } from '../../server.ts';
import { readEnvironment } from '../../settings.ts';

export interface Answer {
  // The shape is the query's; tests compare it whole or pick from it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data?: any;
  readonly errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions?: Record<string, unknown>;
  }[];
}

export interface AskOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Endpoint {
  readonly url: string;
  readonly sources: Sources;
  /** Defects that were reported: a test with one has found a bug. */
  readonly defects: unknown[];
  ask(query: string, variables?: Readonly<Record<string, unknown>>, init?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface EndpointOptions {
  readonly vendors?: readonly Vendor[];
  readonly store?: KeyStore;
}

export async function startEndpoint(
  environment: Readonly<Record<string, string>>,
  { vendors = registered, store }: EndpointOptions = {},
): Promise<Endpoint> {
  const { server: settings, configured } = readEnvironment(environment, vendors);
  const typeDefs = loadTypeDefs();
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-test-'));
  const sources = connectSources({
    vendors,
    configured,
    store: store ?? createEmbeddedStore(join(folder, 'store')),
    scopes: scopesOfMutations(typeDefs),
    maximumBytes: settings.MAX_UPSTREAM_BYTES,
  });
  const defects: unknown[] = [];
  const server = await buildServer({
    typeDefs,
    sources,
    requestTimeoutMs: settings.REQUEST_TIMEOUT_MS,
    introspection: settings.INTROSPECTION,
    authenticate: createSignIn(settings.signIn),
    limits: settings.limits,
    corsOrigins: settings.corsOrigins,
    operations: settings.operations,
    report: (defect) => defects.push(defect),
  });
  const url = `${await server.http.listen({ port: 0, host: '127.0.0.1' })}/graphql`;
  return {
    url,
    sources,
    defects,
    async ask(query, variables, { signal, headers } = {}) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
        ...(signal && { signal }),
      });
      return (await response.json()) as Answer;
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
