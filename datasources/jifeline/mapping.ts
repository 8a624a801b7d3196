/** Jifeline's shapes -> ours; pure. */
import type * as Schema from '../../schema/__generated__/types.ts';
import type { StatusCategory } from '../contract.ts';
import { toGlobalId } from '../vendor-kit/global-id.ts';
import { asInstant } from '../vendor-kit/coerce.ts';
import type { Collection, WireTicket } from './wire.ts';

/** What the schema promises, but for the actions, which are asked for apart. */
export type JifelineTicket = Omit<Schema.JifelineTicket, 'availableActions'>;

const CATEGORIES = {
  pending: 'NEW',
  'in-progress': 'OPEN',
  outsourced: 'ON_HOLD',
  closed: 'CLOSED',
  cancelled: 'CANCELLED',
} as const satisfies Record<Collection, StatusCategory>;

export function toTicket(wire: WireTicket): JifelineTicket {
  return {
    __typename: 'JifelineTicket',
    id: toGlobalId('jifeline', wire.id),
    vendor: 'JIFELINE',
    nativeId: wire.id,
    reference: toNumber(wire),
    title: null,
    status: toStatus(wire.collection),
    createdAt: asInstant(wire.created_at),
    updatedAt: null,
    state: wire.collection,
    ticketNumber: toNumber(wire),
    customerId: wire.customer_id,
    vehicleModelId: wire.vehicle_model_id,
    vin: wire.vin,
    serviceStartedAt: asInstant(wire.service_started_at),
    operatorId: wire.operator_id,
    voucherCode: wire.voucher_code,
    outsourced: wire.outsourced,
    connectionId: wire.connection_id,
    outsourceProviderId: wire.outsource_provider_id,
    outsourceTicketId: wire.outsource_ticket_id,
    reclaimable: wire.reclaimable,
    finishedAt: asInstant(wire.finished_at),
    cancelReasonId: wire.cancel_reason_id,
    externallyProcessed: wire.externally_processed,
    externalReference: wire.external_reference,
    vehicleBatteryVoltage: wire.vehicle_battery_voltage,
  };
}

/** What people call it; its id where it has no number. */
function toNumber({ ticket_number, id }: WireTicket): string {
  return ticket_number ?? id;
}

/** A ticket stands where it lies: the collection is its state. */
export function toStatus(collection: Collection): Schema.TicketStatus & { category: StatusCategory } {
  return { __typename: 'TicketStatus', category: CATEGORIES[collection], raw: collection };
}
