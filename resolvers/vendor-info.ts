import { toVendorEnum } from '../datasources/vendor-kit/global-id.ts';
import type { Vendor } from '../schema/__generated__/types.ts';
import type { VendorInfoResolvers } from './__generated__/resolvers.ts';

export const VendorInfo: VendorInfoResolvers = {
  key: ({ vendor }) => toVendorEnum(vendor.key) as Vendor,
  name: ({ vendor }) => vendor.name,
  configured: ({ health }) => health !== undefined,
  reachable: ({ health }) => health?.isReachable ?? null,
  lists: ({ vendor }) => vendor.lists,
  mutations: ({ vendor }) => vendor.mutations,
  permittedMutations: ({ vendor, permits }) => vendor.mutations.filter((mutation) => permits(mutation)),
  breaker: ({ health }) => health?.breaker ?? null,
  queued: ({ health }) => health?.queued ?? null,
};
