import type { ActionInput as Source } from '../datasources/contract.ts';
import type { ActionInputResolvers } from './__generated__/resolvers.ts';

export const ActionInput: ActionInputResolvers = {
  options: (input) => {
    const options = valueOf(input).options ?? input.options;
    return options?.map((option) => ({ ...option, __typename: 'ActionInputOption' as const })) ?? null;
  },
  minimum: (input) => valueOf(input).minimum ?? null,
  maximum: (input) => valueOf(input).maximum ?? null,
  maximumLength: (input) => valueOf(input).maximumLength ?? null,
  itemType: ({ items }) => (items && !isFields(items) ? items.type : null),
  items: ({ items }) => (items && isFields(items) ? items : null),
};

/** Returns what has the bounds: the entry if the input is a list of bare values. */
function valueOf(input: Source): Omit<Source, 'name' | 'required'> {
  return input.items && !isFields(input.items) ? input.items : input;
}

function isFields(items: NonNullable<Source['items']>): items is readonly Source[] {
  return Array.isArray(items);
}
