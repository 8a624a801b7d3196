import { toVendorEnum } from '../datasources/vendor-kit/source-key.ts';
import type { Vendor } from '../schema/__generated__/types.ts';
import type { TicketSourceResolvers } from './__generated__/resolvers.ts';

export const TicketSource: TicketSourceResolvers = {
  id: ({ key }) => key,
  vendor: ({ key }) => toVendorEnum(key) as Vendor,
  name: ({ name }) => name,
};
