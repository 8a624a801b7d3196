/** How the console asks: Apollo Client over the endpoint beside it, with the person's credentials. */
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, type FieldMergeFunction } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { possibleTypes } from '../../client/__generated__/possible-types.ts';
import { isUnauthenticated } from './session/refusal.ts';
import { askToSignIn, credentialHeaders } from './session/session.ts';

interface Page {
  readonly nodes: readonly unknown[];
}

/** The next page goes behind what is there; one without `after` begins anew. */
const appendPage: FieldMergeFunction<Page> = (existing, incoming, { args }) =>
  existing && args?.['after'] ? { ...incoming, nodes: [...existing.nodes, ...incoming.nodes] } : incoming;

export function createClient(): ApolloClient {
  const signIn = new SetContextLink((previous) => ({
    headers: { ...(previous.headers as Record<string, string> | undefined), ...credentialHeaders() },
  }));
  const watch = new ErrorLink(({ error }) => {
    if (isUnauthenticated(error)) askToSignIn();
  });
  return new ApolloClient({
    link: ApolloLink.from([watch, signIn, new HttpLink({ uri: '/graphql' })]),
    cache: new InMemoryCache({
      possibleTypes,
      // Ids are those of the whole graph: whoever has one needs not know the type to find the ticket.
      dataIdFromObject: ({ id }) => (typeof id === 'string' ? id : undefined),
      typePolicies: {
        Query: { fields: { tickets: { keyArgs: ['filter'], merge: appendPage } } },
        VendorInfo: { keyFields: ['key'] },
      },
    }),
  });
}
