/**
 * Every mutation is the same to us: its input names tickets, or a vendor, and the vendor plans what to send. So there is
 * one resolver, and a vendor that brings a mutation of its own brings nothing to this file.
 */
import type { ResolverContext } from './context.ts';
import type { WriteInput } from '../datasources/writes/mutation-context.ts';
import type { Payload } from './parents.ts';

type MutationResolver = (parent: unknown, args: { input: WriteInput }, context: ResolverContext) => Promise<Payload>;

/** A resolver for each field of the Mutation type. */
export function createMutation(fields: readonly string[]): Record<string, MutationResolver> {
  return Object.fromEntries(fields.map((field) => [field, createResolver(field)]));
}

function createResolver(mutation: string): MutationResolver {
  return async (_, { input }, { sources }) => ({
    ...(await sources.write(mutation, input)),
    clientMutationId: input.clientMutationId ?? null,
  });
}
