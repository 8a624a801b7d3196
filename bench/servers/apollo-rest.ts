/**
 * For comparison: Apollo Server and RESTDataSource as in their documentation, with one data source per vendor and request,
 * and `startStandaloneServer`. https://www.apollographql.com/docs/apollo-server/data/fetching-rest
 */
import { RESTDataSource, type AugmentedRequest, type DataSourceConfig } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { VENDORS, type VendorKey } from '../tickets.ts';
import { SUBSET } from './subset.ts';
import {
  ACCESS,
  CLOSE,
  TYPE_OF,
  UPSTREAM_URL,
  accessOf,
  listPath,
  toCloseResult,
  toPage,
  type OmnideskList,
  type Ticket,
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

  async closeCase(nativeId: string): Promise<void> {
    await this.post(CLOSE.path(nativeId), { body: CLOSE.body, headers: CLOSE.headers });
  }
}

interface Context {
  readonly dataSources: Readonly<Record<VendorKey, VendorAPI>>;
}

const resolveType = ({ vendor }: Ticket): string => TYPE_OF[vendor]!;

const readTicket = (id: string, { dataSources }: Context): Promise<Ticket> => {
  const { key, nativeId } = accessOf(id);
  return dataSources[key].getTicket(nativeId);
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
      setStatus: async (_: unknown, { input }: { input: { ticketIds: string[] } }, { dataSources }: Context) => {
        await Promise.all(input.ticketIds.map((id) => dataSources.huawei.closeCase(accessOf(id).nativeId)));
        return { outcome: 'APPLIED', problems: [], results: input.ticketIds.map(toCloseResult) };
      },
    },
    Ticket: { __resolveType: resolveType },
    TicketFields: { __resolveType: resolveType },
    Transition: { __resolveType: () => 'StatusTransition' },
    TransitionFields: { __resolveType: () => 'StatusTransition' },
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
