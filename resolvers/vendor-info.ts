import type { SourceState, VendorState } from '../datasources/index.ts';
import type { LiveState } from '../datasources/live/index.ts';
import { toVendorEnum } from '../datasources/vendor-kit/source-key.ts';
import type { BreakerState, Vendor } from '../schema/__generated__/types.ts';
import type { SourceInfoResolvers, VendorInfoResolvers } from './__generated__/resolvers.ts';

/** Its own fields sum up those of its sources. */
export const VendorInfo: VendorInfoResolvers = {
  key: ({ vendor }) => toVendorEnum(vendor.key) as Vendor,
  name: ({ vendor }) => vendor.name,
  configured: (state) => healthOf(state).length > 0,
  reachable: (state) => everyReachable(healthOf(state)),
  lists: ({ vendor }) => vendor.lists,
  mutations: ({ vendor }) => vendor.mutations,
  permittedMutations: ({ vendor, permits }) => vendor.mutations.filter((mutation) => permits(mutation)),
  breaker: (state) => worstBreaker(healthOf(state)),
  queued: (state) => totalQueued(healthOf(state)),
  sources: ({ sources }) => sources,
  live: ({ sources }) => sumUp(sources.flatMap(({ live }) => live ?? [])),
};

export const SourceInfo: SourceInfoResolvers = {
  source: ({ source }) => source,
  configured: ({ health }) => health !== undefined,
  reachable: ({ health }) => health?.isReachable ?? null,
  breaker: ({ health }) => health?.breaker ?? null,
  queued: ({ health }) => health?.queued ?? null,
  lists: ({ source }) => source.vendor.lists,
};

/** The shortest interval, and what is watched and called in all. */
function sumUp(states: readonly LiveState[]): LiveState | null {
  if (states.length === 0) return null;
  const sum = (name: 'watched' | 'callsPerMinute'): number => states.reduce((total, state) => total + state[name], 0);
  const everySeconds = Math.min(...states.map((state) => state.everySeconds));
  return { everySeconds, watched: sum('watched'), callsPerMinute: sum('callsPerMinute') };
}

type Health = NonNullable<SourceState['health']>;

/** Of the configured sources. */
function healthOf({ sources }: VendorState): readonly Health[] {
  return sources.flatMap(({ health }) => health ?? []);
}

/** False if one source is known not to be reachable; null if nothing is known of any. */
function everyReachable(states: readonly Health[]): boolean | null {
  const known = states.flatMap(({ isReachable }) => isReachable ?? []);
  return known.length === 0 ? null : known.every(Boolean);
}

const WORST_FIRST: readonly BreakerState[] = ['OPEN', 'HALF_OPEN', 'CLOSED'];

function worstBreaker(states: readonly Health[]): BreakerState | null {
  return WORST_FIRST.find((state) => states.some(({ breaker }) => breaker === state)) ?? null;
}

function totalQueued(states: readonly Health[]): number | null {
  return states.length === 0 ? null : states.reduce((sum, { queued }) => sum + queued, 0);
}
