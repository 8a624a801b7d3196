/** Maps Jifeline's documents to ours. Pure functions. */
import type * as Schema from '../../schema/__generated__/types.ts';
import type { StatusCategory } from '../contract.ts';
import { toGlobalId } from '../vendor-kit/global-id.ts';
import { asInstant } from '../vendor-kit/coerce.ts';
import { defineLazyRecord } from '../vendor-kit/lazy.ts';
import type { Collection, WireTicket } from './wire.ts';

/** The ticket without its actions, which are computed separately. */
export type JifelineTicket = Omit<Schema.JifelineTicket, 'availableActions' | 'sourceSystem'>;

const CATEGORIES = {
  pending: 'NEW',
  'in-progress': 'OPEN',
  outsourced: 'ON_HOLD',
  closed: 'CLOSED',
  cancelled: 'CANCELLED',
} as const satisfies Record<Collection, StatusCategory>;

/** The context is the key of the ticket's source. */
export const toTicket = defineLazyRecord<WireTicket, JifelineTicket, string>({
  __typename: () => 'JifelineTicket',
  id: ({ id }, sourceKey) => toGlobalId(sourceKey, id),
  vendor: () => 'JIFELINE',
  nativeId: ({ id }) => id,
  reference: toNumber,
  title: () => null,
  status: ({ collection }) => toStatus(collection),
  createdAt: ({ created_at }) => asInstant(created_at),
  updatedAt: () => null,
  state: ({ collection }) => collection,
  ticketNumber: toNumber,
  customerId: ({ customer_id }) => customer_id,
  vehicleModelId: ({ vehicle_model_id }) => vehicle_model_id,
  vin: ({ vin }) => vin,
  serviceStartedAt: ({ service_started_at }) => asInstant(service_started_at),
  operatorId: ({ operator_id }) => operator_id,
  voucherCode: ({ voucher_code }) => voucher_code,
  outsourced: ({ outsourced }) => outsourced,
  connectionId: ({ connection_id }) => connection_id,
  outsourceProviderId: ({ outsource_provider_id }) => outsource_provider_id,
  outsourceTicketId: ({ outsource_ticket_id }) => outsource_ticket_id,
  reclaimable: ({ reclaimable }) => reclaimable,
  finishedAt: ({ finished_at }) => asInstant(finished_at),
  cancelReasonId: ({ cancel_reason_id }) => cancel_reason_id,
  externallyProcessed: ({ externally_processed }) => externally_processed,
  externalReference: ({ external_reference }) => external_reference,
  vehicleBatteryVoltage: ({ vehicle_battery_voltage }) => vehicle_battery_voltage,
});

/** The ticket number, or the id if there is none. */
function toNumber({ ticket_number, id }: WireTicket): string {
  return ticket_number ?? id;
}

/** The collection is the status. */
export function toStatus(collection: Collection): Schema.TicketStatus & { category: StatusCategory } {
  return { __typename: 'TicketStatus', category: CATEGORIES[collection], raw: collection };
}
