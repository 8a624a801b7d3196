/** Apollo Client for the endpoint of the same origin, with the user's credentials. */
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, type FieldMergeFunction } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { from, mergeMap, throwError } from 'rxjs';
import { possibleTypes } from '../../client/__generated__/possible-types.ts';
import { createNewestOnlyLink } from './newest-only.ts';
import { isUnauthenticated } from './session/errors.ts';
import { freshHeaders, renewRejected } from './session/renewal.ts';
import { requireSignIn } from './session/session.ts';

interface Page {
  readonly nodes: readonly unknown[];
}

/** Appends the next page. A page without `after` replaces the list. */
const appendPage: FieldMergeFunction<Page> = (existing, incoming, { args }) =>
  existing && args?.['after'] ? { ...incoming, nodes: [...existing.nodes, ...incoming.nodes] } : incoming;

export function createClient(): ApolloClient {
  const signIn = new SetContextLink(async (previous) => ({
    headers: { ...(previous.headers as Record<string, string> | undefined), ...(await freshHeaders()) },
  }));
  // Once: the server executes nothing of a request that it rejects as unauthenticated, so a write may be sent again, too.
  const renewToken = new ErrorLink(({ error, operation, forward }) => {
    if (!isUnauthenticated(error)) return undefined;
    const { headers = {} } = operation.getContext() as { headers?: Record<string, string> };
    return from(renewRejected(headers)).pipe(
      mergeMap((hasOther) => (hasOther ? forward(operation) : throwError(() => error))),
    );
  });
  const detectSignOut = new ErrorLink(({ error }) => {
    if (isUnauthenticated(error)) requireSignIn();
  });
  return new ApolloClient({
    link: ApolloLink.from([
      createNewestOnlyLink(),
      detectSignOut,
      renewToken,
      signIn,
      new HttpLink({ uri: '/graphql' }),
    ]),
    cache: new InMemoryCache({
      possibleTypes,
      // Ids are globally unique, so the type is not needed to look up a ticket.
      dataIdFromObject: ({ id }) => (typeof id === 'string' ? id : undefined),
      typePolicies: {
        Query: {
          fields: {
            tickets: { keyArgs: ['filter'], merge: appendPage },
            bulkJobs: { keyArgs: [], merge: appendPage },
          },
        },
        BulkJob: { fields: { results: { keyArgs: ['outcomes'], merge: appendPage } } },
        VendorInfo: { keyFields: ['key'] },
      },
    }),
  });
}
