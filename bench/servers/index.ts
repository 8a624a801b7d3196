/** The compared servers: how to start each one, and its GraphQL path. */
import { CREDENTIALS, TENANT } from '../tickets.ts';

export const SERVER_NAMES = ['limit', 'ticketgraph', 'mercurius', 'apollo-tuned', 'apollo-rest'] as const;

/** A second process of the same server: what the two differ by is noise. */
export const COPY_NAMES = ['limit-copy', 'ticketgraph-copy', 'mercurius-copy'] as const;

export type ServerName = (typeof SERVER_NAMES)[number] | (typeof COPY_NAMES)[number];

export interface ServerDefinition {
  /** Path from the repository's root. */
  readonly file: string;
  readonly title: string;
  /** Its GraphQL path. Null for `limit`, which has a path per workload. */
  readonly graphqlPath: string | null;
  environment(upstreamUrl: string, folder: string): Readonly<Record<string, string>>;
}

const onlyUpstream = (upstreamUrl: string): Readonly<Record<string, string>> => ({
  NODE_ENV: 'production',
  UPSTREAM_URL: upstreamUrl,
});

const DEFINITIONS: Readonly<Record<(typeof SERVER_NAMES)[number], ServerDefinition>> = {
  limit: { file: 'bench/servers/limit.ts', title: 'limit', graphqlPath: null, environment: onlyUpstream },
  ticketgraph: {
    file: 'main.ts',
    title: 'ticketgraph',
    graphqlPath: '/graphql',
    environment: ticketgraphEnvironment,
  },
  mercurius: {
    file: 'bench/servers/mercurius.ts',
    title: 'mercurius + JIT',
    graphqlPath: '/graphql',
    environment: onlyUpstream,
  },
  'apollo-tuned': {
    file: 'bench/servers/apollo-tuned.ts',
    title: 'Apollo Server, tuned',
    graphqlPath: '/graphql',
    environment: onlyUpstream,
  },
  'apollo-rest': {
    file: 'bench/servers/apollo-rest.ts',
    title: 'Apollo Server + RESTDataSource',
    graphqlPath: '/',
    environment: onlyUpstream,
  },
};

const copyOf = (definition: ServerDefinition): ServerDefinition => ({
  ...definition,
  title: `${definition.title}, a second one`,
});

export const SERVERS: Readonly<Record<ServerName, ServerDefinition>> = {
  ...DEFINITIONS,
  'limit-copy': copyOf(DEFINITIONS.limit),
  'ticketgraph-copy': copyOf(DEFINITIONS.ticketgraph),
  'mercurius-copy': copyOf(DEFINITIONS.mercurius),
};

/** Production settings: all limits, metrics, and the default log level, written to a file. */
function ticketgraphEnvironment(upstreamUrl: string, folder: string): Readonly<Record<string, string>> {
  return {
    NODE_ENV: 'production',
    PORT: '0',
    STORE_PATH: `${folder}/store`,
    REQUESTOR_URL: upstreamUrl,
    REQUESTOR_USERNAME: CREDENTIALS.username,
    REQUESTOR_PASSWORD: CREDENTIALS.password,
    AKANA_URL: upstreamUrl,
    AKANA_TENANT: TENANT,
    AKANA_AUTH_TOKEN: CREDENTIALS.akanaToken,
    OMNIDESK_URL: upstreamUrl,
    OMNIDESK_API_KEY: CREDENTIALS.omnideskKey,
    HUAWEI_URL: upstreamUrl,
    HUAWEI_AUTH_TOKEN: CREDENTIALS.huaweiToken,
    JIFELINE_URL: upstreamUrl,
    JIFELINE_TOKEN_URL: `${upstreamUrl}/oauth2/token`,
    JIFELINE_CLIENT_ID: 'bench',
    JIFELINE_CLIENT_SECRET: 'bench',
  };
}
