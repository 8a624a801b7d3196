/** Apollo Client for the endpoint of the same origin, with the user's credentials. */
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, type FieldMergeFunction } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { possibleTypes } from '../../client/__generated__/possible-types.ts';
import { isUnauthenticated } from './session/errors.ts';
import { requireSignIn, credentialHeaders } from './session/session.ts';

interface Page {
  readonly nodes: readonly unknown[];
}

/** Appends the next page. A page without `after` replaces the list. */
const appendPage: FieldMergeFunction<Page> = (existing, incoming, { args }) =>
  existing && args?.['after'] ? { ...incoming, nodes: [...existing.nodes, ...incoming.nodes] } : incoming;

export function createClient(): ApolloClient {
  const signIn = new SetContextLink((previous) => ({
    headers: { ...(previous.headers as Record<string, string> | undefined), ...credentialHeaders() },
  }));
  const detectSignOut = new ErrorLink(({ error }) => {
    if (isUnauthenticated(error)) requireSignIn();
  });
  return new ApolloClient({
    link: ApolloLink.from([detectSignOut, signIn, new HttpLink({ uri: '/graphql' })]),
    cache: new InMemoryCache({
      possibleTypes,
      // Ids are globally unique, so the type is not needed to look up a ticket.
      dataIdFromObject: ({ id }) => (typeof id === 'string' ? id : undefined),
      typePolicies: {
        Query: { fields: { tickets: { keyArgs: ['filter'], merge: appendPage } } },
        VendorInfo: { keyFields: ['key'] },
      },
    }),
  });
}
