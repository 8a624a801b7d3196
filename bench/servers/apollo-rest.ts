/**
 * For comparison: Apollo Server and RESTDataSource as in their documentation, with one data source per vendor and request,
 * and `startStandaloneServer`. https://www.apollographql.com/docs/apollo-server/data/fetching-rest
 */
import { RESTDataSource, type AugmentedRequest, type DataSourceConfig } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { VENDORS, type VendorKey } from '../tickets.ts';
import { SUBSET } from './subset.ts';
import { typeResolvers } from './resolvers.ts';
import {
  ACCESS,
  TICKET_WRITE,
  UPSTREAM_URL,
  accessOf,
  listPath,
  toBulkStatusCall,
  toPage,
  type OmnideskList,
  type Ticket,
  type WriteCall,
} from './vendors.ts';

class VendorAPI extends RESTDataSource {
  override baseURL = UPSTREAM_URL;
  readonly #key: VendorKey;

  constructor(key: VendorKey, options: DataSourceConfig) {
    super(options);
    this.#key = key;
  }

  override willSendRequest(_path: string, request: AugmentedRequest): void {
    Object.assign(request.headers, ACCESS[this.#key].headers);
  }

  async getTicket(nativeId: string): Promise<Ticket> {
    const access = ACCESS[this.#key];
    return access.toTicket(await this.get<never>(access.path(nativeId)));
  }

  listTickets(first: number, search: string): Promise<OmnideskList> {
    return this.get<OmnideskList>(listPath(first, search));
  }

  /** Returns the text of the response. */
  async write({ method, path, body, headers }: WriteCall): Promise<string> {
    const answer = await (method === 'POST'
      ? this.post<unknown>(path, { body, headers })
      : this.patch<unknown>(path, { body, headers }));
    return typeof answer === 'string' ? answer : JSON.stringify(answer);
  }
}

interface Context {
  readonly dataSources: Readonly<Record<VendorKey, VendorAPI>>;
}

const readTicket = (id: string, { dataSources }: Context): Promise<Ticket> => {
  const { key, nativeId } = accessOf(id);
  return dataSources[key].getTicket(nativeId);
};

const closeTickets = async (ids: readonly string[], { dataSources }: Context): Promise<object[]> => {
  const bulk = ids.filter((id) => id.startsWith('omnidesk:'));
  const bulkAnswer = bulk.length > 0 ? dataSources.omnidesk.write(toBulkStatusCall(bulk)) : undefined;
  return Promise.all(
    ids.map(async (id) => {
      const { key, nativeId } = accessOf(id);
      const { toCall, toResult } = TICKET_WRITE[key];
      return toResult(id, await (key === 'omnidesk' ? bulkAnswer! : dataSources[key].write(toCall(nativeId))));
    }),
  );
};

const server = new ApolloServer<Context>({
  typeDefs: SUBSET,
  resolvers: {
    Query: {
      ticket: (_: unknown, { id }: { id: string }, context) => readTicket(id, context),
      ticketsById: (_: unknown, { ids }: { ids: string[] }, context) => ids.map((id) => readTicket(id, context)),
      tickets: async (
        _: unknown,
        { first, filter }: { first: number; filter: { search: string } },
        { dataSources }: Context,
      ) => toPage(await dataSources.omnidesk.listTickets(first, filter.search), first),
    },
    Mutation: {
      setStatus: async (_: unknown, { input }: { input: { ticketIds: string[] } }, context: Context) => ({
        outcome: 'APPLIED',
        problems: [],
        results: await closeTickets(input.ticketIds, context),
      }),
      pushWorkflow: async (_: unknown, { input }: { input: { ticketId: string } }, { dataSources }: Context) => {
        const { toCall, toResult } = TICKET_WRITE.requestor;
        const call = toCall(accessOf(input.ticketId).nativeId);
        return toResult(input.ticketId, await dataSources.requestor.write(call));
      },
    },
    ...typeResolvers('__resolveType'),
  },
});

const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => {
    const { cache } = server;
    const sources = VENDORS.map((key) => [key, new VendorAPI(key, { cache })]);
    return { dataSources: Object.fromEntries(sources) as Context['dataSources'] };
  },
});
console.log(`apollo-rest is ready at ${url}`);
