/**
 * The targets of a mutation: one for each ticket that its input names, however often and in whatever spelling.
 *
 * Each global id is resolved to its source and canonical id before anything else uses it. A target that our own rules
 * reject (invalid id, unsupported mutation, missing scope, source not configured) gets its outcome here and is never
 * planned; the other targets of a bulk mutation go on.
 */
import type { FailureDetails, TicketSource, Vendor } from '../contract.ts';
import { Failure, asFailure, invalidInput, notConfigured } from '../vendor-kit/failure.ts';
import { isNativeId, resolveGlobalId, show, toGlobalId, type FieldPath } from '../vendor-kit/global-id.ts';
import type { MutationContext, WriteInput } from './mutation-context.ts';
import { notApplied, type TargetOutcome } from './outcome.ts';

/** Largest number of ids in one mutation, duplicates included. */
const MAX_TARGETS = 100;

/** One ticket that the input names, or the one that it creates. */
export interface Target {
  /** Canonical global id; the id as given if it is invalid; `null` for a ticket to be created. */
  readonly ticketId: string | null;
  /** `undefined` if the id is invalid. */
  readonly source: TicketSource | undefined;
  /** `null` if the id is invalid, and for a ticket to be created. */
  readonly nativeId: string | null;
  /** `undefined` until it is known. A rejected target has one from the beginning. */
  outcome: TargetOutcome | undefined;
}

export interface TargetList {
  /** Each ticket once, in input order. */
  readonly targets: readonly Target[];
  /** For each id in the input, the index of its target. */
  readonly order: readonly number[];
  /** The ids in the input as the caller spelled them. Empty for a creation. */
  readonly names: readonly string[];
}

/** @throws Failure if the input as a whole is invalid, or no vendor supports the mutation. */
export function findTargets(mutation: string, input: WriteInput, context: MutationContext): TargetList {
  const { ticketId, ticketIds } = input;
  if (typeof ticketId === 'string') {
    return { targets: [toTarget(mutation, ticketId, ['ticketId'], context)], order: [0], names: [ticketId] };
  }
  if (ticketIds) return findBulkTargets(mutation, ticketIds, context);
  return { targets: [toNewTarget(mutation, input, context)], order: [0], names: [] };
}

function findBulkTargets(mutation: string, ids: readonly string[], context: MutationContext): TargetList {
  if (ids.length === 0 || ids.length > MAX_TARGETS) {
    const message = `ticketIds must contain 1 to ${MAX_TARGETS} ids, not ${ids.length}.`;
    throw new Failure({ kind: 'invalid-input', message, field: ['ticketIds'] });
  }
  const indexes = new Map<string | null, number>();
  const targets: Target[] = [];
  const order = ids.map((id, index) => {
    const target = toTarget(mutation, id, ['ticketIds', index], context);
    // Two spellings of one ticket are one target: the ticket is written to once.
    const known = indexes.get(target.ticketId);
    if (known !== undefined) return known;
    indexes.set(target.ticketId, targets.length);
    return targets.push(target) - 1;
  });
  return { targets, order, names: ids };
}

/** One ticket by its id, with its outcome if our own rules reject it. */
export function toTarget(mutation: string, spelled: string, field: FieldPath, context: MutationContext): Target {
  try {
    const { source, id, nativeId } = resolveGlobalId(spelled, context.known, context.connected, field);
    return { ticketId: id, source, nativeId, outcome: rejected(denialFor(mutation, source, context)) };
  } catch (error) {
    const failure = asFailure(error);
    if (!failure) throw error;
    return { ticketId: spelled, source: undefined, nativeId: null, outcome: rejected(failure.details) };
  }
}

function toNewTarget(mutation: string, input: WriteInput, context: MutationContext): Target {
  const source = chooseSource(findOfferingVendor(mutation, input, context), input, context);
  return { ticketId: null, source, nativeId: null, outcome: rejected(denialFor(mutation, source, context)) };
}

/** The vendor that an argument such as `{ acme: … }` names; without one, the first that supports the mutation. */
function findOfferingVendor(mutation: string, input: WriteInput, { known }: MutationContext): Vendor {
  for (const argument of Object.values(input)) {
    if (typeof argument !== 'object' || argument === null) continue;
    const named = known.get(Object.keys(argument)[0] ?? '');
    if (named) return named.vendor;
  }
  const offering = [...known.values()].find(({ vendor }) => vendor.mutations.includes(mutation));
  if (!offering) throw new Failure({ kind: 'unsupported', message: `No vendor supports ${mutation}.` });
  return offering.vendor;
}

/**
 * The source of the vendor that the input names, or the only configured one. If none is configured, the default one, which
 * is then rejected as such.
 *
 * @throws Failure `invalid-input` if it names none of the vendor's, or has to name one.
 */
function chooseSource(
  vendor: Vendor,
  { source: key }: WriteInput,
  { known, connected }: MutationContext,
): TicketSource {
  const ofVendor = [...known.values()].filter((source) => source.vendor === vendor);
  const configured = ofVendor.filter((source) => connected.has(source.key));
  const listed = configured.map((source) => source.key).join(', ');
  if (typeof key === 'string') {
    const named = ofVendor.find((source) => source.key === key);
    if (named) return named;
    throw invalidInput(`${show(key)} is no source of ${vendor.name}. Its sources: ${listed || vendor.key}.`, 'source');
  }
  const [only = known.get(vendor.key)!, ...others] = configured;
  if (others.length === 0) return only;
  throw invalidInput(`${vendor.name} has several sources. Name one in source: ${listed}.`, 'source');
}

/** Why the mutation cannot be planned for a source; `undefined` if it can. */
function denialFor(mutation: string, source: TicketSource, context: MutationContext): FailureDetails | undefined {
  const { vendor } = source;
  if (!vendor.mutations.includes(mutation)) {
    const message = `${vendor.name} does not support ${mutation}. Supported mutations: ${vendor.mutations.join(', ')}.`;
    return { kind: 'unsupported', message };
  }
  const denial = context.denialFor(mutation, source.key);
  return denial ?? (context.connected.has(source.key) ? undefined : notConfigured(source));
}

/** The outcome of a target that is rejected before anything is sent; `undefined` if there is no failure. */
export function rejected(failure: FailureDetails | undefined): TargetOutcome | undefined {
  return failure && notApplied(failure, false);
}

/** The canonical form of a stored id. Earlier releases stored ids as the caller spelled them. */
export function toCanonicalId(ticketId: string | null, { known, connected }: MutationContext): string | null {
  if (ticketId === null) return null;
  try {
    return resolveGlobalId(ticketId, known, connected).id;
  } catch (error) {
    if (asFailure(error)) return ticketId;
    throw error;
  }
}

/** The global form of a native id from a vendor's answer; `null` unless it matches the vendor's pattern. */
export function toCheckedGlobalId(
  nativeId: string | null,
  source: TicketSource | undefined,
  { connected }: MutationContext,
): string | null {
  const connection = source && connected.get(source.key);
  if (nativeId === null || !connection || !isNativeId(source.vendor, nativeId)) return null;
  return toGlobalId(source.key, connection.canonical?.(nativeId) ?? nativeId);
}
