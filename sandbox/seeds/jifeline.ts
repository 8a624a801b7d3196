/** Seed data of the simulated Jifeline: the tickets that it holds after the start, and what they are made of. */
import type { Random } from '../random.ts';

export type Json = string | number | bigint | boolean | null | undefined | readonly Json[] | Fields;

export interface Fields {
  readonly [name: string]: Json;
}

export type Kind = 'pending' | 'in-progress' | 'outsourced' | 'closed' | 'cancelled';

/** A ticket through all its states. `fields` contains more than its current kind returns. */
export interface Ticket {
  readonly createdMs: number;
  kind: Kind;
  id: string;
  fields: Fields;
}

export const MINUTE = 60_000;

export const HOUR = 60 * MINUTE;

const DAY = 24 * HOUR;

export const INT64_MAX = 2n ** 63n - 1n;

export const REASONS: readonly Fields[] = [
  reason(1n, 'Cancelled by the workshop', true, true, true),
  reason(2n, 'Vehicle is not supported', false, false, true),
  reason(3n, 'Workshop did not answer the chat', true, true, true),
  reason(4n, 'No communication with the vehicle', true, false, true),
  reason(5n, 'Duplicate of another ticket', false, true, true),
  reason(6n, 'Battery voltage too low to program a control unit', true, true, true),
  reason(7n, 'Expired: not picked up in time', true, false, false),
  reason(8n, 'Connector went offline', true, true, false),
];

function reason(id: bigint, name: string, reopening: boolean, customer_fault: boolean, manual: boolean) {
  return { id, name, allows_ticket_reopening: reopening, customer_fault, manually_applicable: manual };
}

/** Tickets have no title in this API. The workshop's own reference is the only free text. */
const REFERENCES = [
  'WO 24817 / Garage Wollemans / ABS lamp on after wheel bearing',
  'Werkplaats Tienhoven, brug 3, Joris: camera kalibreren na voorruit',
  'Autohaus Grünewald-Őry: Steuergerät Lenkung anlernen',
  'Claim 88-1043, Ms. Okonjo-Varga, front radar replaced',
  'Carrosserie Delmaré – remplacement airbag, calculateur à coder',
  '"Rush job" for Pim, customer waits at the desk',
  'Kestrel Lane Motors / DPF regeneration will not start',
  'Taller Ibarzábal, OT 5512: llave nueva sin programar',
  'Bodyshop Nyström: park assist silent after bumper repair 🚗',
  'Fleet 207, unit 31, gearbox adaptation, ask for Halvard',
  '',
];

const LONG_REFERENCE = 'Came in by tow truck, see the note of Mrs. Lindqvist-Abara. '.repeat(5).slice(0, 255);

const VOUCHER_SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Without I, O and Q, as in every VIN. */
const VIN_SIGNS = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789';

/** Number of tickets of each kind, the age of the newest, and the time over which they are spread. */
const STOCK: readonly (readonly [kind: Kind, count: number, newestMs: number, spreadMs: number])[] = [
  ['pending', 9, 2 * MINUTE, 7 * HOUR],
  ['in-progress', 52, 21 * MINUTE, 59 * DAY],
  ['outsourced', 9, 53 * MINUTE, 24 * DAY],
  ['closed', 16, 5 * HOUR, 58 * DAY],
  ['cancelled', 10, 4 * HOUR, 55 * DAY],
];

/** Edge cases that the documentation allows, by kind and position in its list; `undefined` omits a field. */
const EDGES: Record<string, Fields> = {
  'in-progress 1': { voucher_code: null, connection_id: null },
  'in-progress 2': { id: '497f6eca-6276-4993-bfeb-53cbbbba6f08', voucher_code: 'AB12CD34' },
  // These two are the same number as doubles.
  'in-progress 3': { ticket_number: 9007199254740993n },
  'in-progress 4': { ticket_number: 9007199254740992n },
  'in-progress 5': { ticket_number: INT64_MAX, vehicle_model_id: 9007199254740995n },
  'in-progress 7': {
    service_started_at: undefined,
    operator_id: undefined,
    voucher_code: undefined,
    connection_id: undefined,
  },
  'in-progress 9': {
    customer_id: undefined,
    vehicle_model_id: undefined,
    vin: undefined,
    outsourced: undefined,
  },
  'pending 2': { vin: undefined, vehicle_model_id: undefined },
  'outsourced 1': { ticket_number: 9007199254740999n, voucher_code: null, connection_id: null },
  'closed 2': { external_reference: LONG_REFERENCE },
  'closed 3': { ticket_number: 9007199254740997n, external_reference: undefined },
  // Cancelled by the system: no operator.
  'cancelled 1': { operator_id: null, cancel_reason_id: 7 },
  'cancelled 4': { operator_id: null, cancel_reason_id: 8, connection_id: null },
};

interface Pools {
  readonly customers: readonly string[];
  readonly operators: readonly string[];
  readonly providers: readonly string[];
}

export function seedTickets(random: Random, nowMs: number): Ticket[] {
  const pools = { customers: uuids(random, 14), operators: uuids(random, 7), providers: uuids(random, 3) };
  const slots = STOCK.flatMap(([kind, count, newestMs, spreadMs]) =>
    Array.from({ length: count }, (_, place) => {
      const ageMs = newestMs + spreadMs * (place / (count - 1)) ** 2;
      return { kind, place, createdMs: nowMs - Math.round(ageMs) };
    }),
  ).sort((one, other) => other.createdMs - one.createdMs);
  let number = 1_204_733n;
  return slots.map(({ kind, place, createdMs }) => {
    number -= BigInt(random.integer(2, 19));
    const plain = { ...lifeOf(random, pools, createdMs), ticket_number: number };
    const fields: Fields = { ...plain, ...EDGES[`${kind} ${place}`] };
    return { kind, createdMs, id: fields.id as string, fields };
  });
}

/** The fields of all kinds. Those that a kind does not return appear after a transition. */
function lifeOf(random: Random, pools: Pools, createdMs: number): Fields {
  const startedMs = createdMs + random.integer(2, 17) * MINUTE;
  return {
    id: random.uuid(),
    created_at: toDateTime(createdMs),
    customer_id: random.pick(pools.customers),
    vehicle_model_id: BigInt(random.integer(1_000, 98_000)),
    vin: code(random, VIN_SIGNS, 17),
    service_started_at: toDateTime(startedMs),
    operator_id: random.pick(pools.operators),
    voucher_code: random.chance(0.5) ? null : code(random, VOUCHER_SIGNS, random.integer(4, 8)),
    outsourced: random.chance(0.15),
    connection_id: random.chance(0.2) ? null : random.uuid(),
    outsource_provider_id: random.pick(pools.providers),
    outsource_ticket_id: random.uuid(),
    reclaimable: random.chance(0.5),
    finished_at: toDateTime(startedMs + random.integer(9, 180) * MINUTE),
    externally_processed: random.chance(0.3),
    external_reference: random.pick(REFERENCES),
    vehicle_battery_voltage: random.chance(0.85) ? '12v' : '24v',
    cancel_reason_id: random.integer(1, 6),
  };
}

function uuids(random: Random, count: number): string[] {
  return Array.from({ length: count }, () => random.uuid());
}

function code(random: Random, alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(random.integer(0, alphabet.length - 1))).join('');
}

export function toDateTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
