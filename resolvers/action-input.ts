import type { ActionInputResolvers } from './__generated__/resolvers.ts';

export const ActionInput: ActionInputResolvers = {
  options: ({ options }) => options?.map((option) => ({ ...option, __typename: 'ActionInputOption' as const })) ?? null,
  minimum: ({ minimum }) => minimum ?? null,
  maximum: ({ maximum }) => maximum ?? null,
  maximumLength: ({ maximumLength }) => maximumLength ?? null,
};
