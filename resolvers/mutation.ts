/**
 * One resolver for every mutation: its input names tickets or a vendor, and the vendor plans what to send. A mutation that
 * only one vendor has needs no code here.
 */
import type { WriteInput } from '../datasources/writes/mutation-context.ts';
import type { ResolverContext } from './context.ts';
import { toPayload } from './mutation-payload.ts';
import type { Payload } from './parents.ts';

type MutationResolver = (parent: unknown, args: { input: WriteInput }, context: ResolverContext) => Promise<Payload>;

/** Returns a resolver for each field of the Mutation type. */
export function createMutation(fields: readonly string[]): Record<string, MutationResolver> {
  return Object.fromEntries(fields.map((field) => [field, createResolver(field)]));
}

function createResolver(mutation: string): MutationResolver {
  return async (_, { input }, { sources }) =>
    toPayload(await sources.write(mutation, input), input.clientMutationId ?? null);
}
