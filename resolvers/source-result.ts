import { toVendorEnum } from '../datasources/vendor-kit/global-id.ts';
import type { Vendor } from '../schema/__generated__/types.ts';
import type { SourceResultResolvers } from './__generated__/resolvers.ts';
import { toProblem } from './problems.ts';

export const SourceResult: SourceResultResolvers = {
  vendor: ({ vendor }) => toVendorEnum(vendor) as Vendor,
  problem: ({ vendor, failure }) => failure && toProblem(failure, toVendorEnum(vendor), null),
};
