import { toVendorEnum } from '../datasources/vendor-kit/source-key.ts';
import type { Vendor } from '../schema/__generated__/types.ts';
import type { SourceResultResolvers } from './__generated__/resolvers.ts';
import { toProblem } from './problems.ts';

export const SourceResult: SourceResultResolvers = {
  vendor: ({ source }) => toVendorEnum(source) as Vendor,
  source: ({ source }, _, { sources }) => sources.source(source),
  problem: ({ source, failure }) => failure && toProblem(failure, source, null),
};
