import type { PlannedRequestResolvers } from './__generated__/resolvers.ts';

export const PlannedRequest: Pick<PlannedRequestResolvers, 'source'> = {
  source: ({ source }, _, { sources }) => sources.source(source),
};
