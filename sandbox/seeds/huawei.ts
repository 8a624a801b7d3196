/** Seed data of the simulated Huawei Cloud: the tickets that it holds after the start, and what they are made of. */
import { createRandom, type Random } from '../random.ts';

const DAY_MS = 24 * 3_600_000;

/** A name in the two languages that X-Language chooses between: English, Chinese. */
type Names = readonly [english: string, chinese: string];

export interface Incident {
  readonly id: string;
  status: number;
  readonly title: string;
  readonly createdAt: number;
  readonly product: { readonly name: Names; readonly category: Names };
  readonly kind: Names;
  readonly center: Names;
  readonly customer: Person;
  /** What IncidentInfoV2 calls optional; a name that is missing here is missing on the wire. */
  readonly extras: Record<string, unknown>;
  readonly labels: readonly (typeof LABELS)[number][];
  /** What only the detail shows and calls optional. */
  readonly detail: Record<string, unknown>;
  judgement: string;
  satisfaction: readonly Satisfaction[];
  readonly log: unknown[];
  pressedAt: number | undefined;
}

export type Satisfaction = Readonly<Record<string, string | number>>;

/** operate_type is an int whose meaning is not documented. */
export const LOG_TYPES = { create: 1, reply: 2, press: 3, close: 4, cancel: 5 } as const;

export function wireTime(instant: number): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function toLogEntry(
  id: string,
  type: number,
  [operator_name, operator_id]: Person,
  text: string,
  at: number,
): unknown {
  const operator = { operator_id, operator_name };
  return {
    incident_log_id: `${id}-${at}-${type}`,
    operate_type: type,
    ...operator,
    operate_desc: text,
    operate_time: wireTime(at),
  };
}

const COMPUTE: Names = ['Compute', '计算'];

const NETWORK: Names = ['Networking', '网络'];

const STORAGE: Names = ['Storage', '存储'];

const DATABASE: Names = ['Databases', '数据库'];

const ACCOUNTS: Names = ['Account and billing', '账号与费用'];

const PRODUCTS = {
  ecs: { name: ['Elastic Cloud Server', '弹性云服务器'], category: COMPUTE },
  bms: { name: ['Bare Metal Server', '裸金属服务器'], category: COMPUTE },
  cce: { name: ['Cloud Container Engine', '云容器引擎'], category: COMPUTE },
  vpc: { name: ['Virtual Private Cloud', '虚拟私有云'], category: NETWORK },
  elb: { name: ['Elastic Load Balance', '弹性负载均衡'], category: NETWORK },
  obs: { name: ['Object Storage Service', '对象存储服务'], category: STORAGE },
  evs: { name: ['Elastic Volume Service', '云硬盘'], category: STORAGE },
  rds: { name: ['Relational Database Service', '云数据库'], category: DATABASE },
  bill: { name: ['Billing Center', '费用中心'], category: ACCOUNTS },
  iam: { name: ['Identity and Access Management', '统一身份认证'], category: ACCOUNTS },
} as const satisfies Record<string, Incident['product']>;

const KINDS = {
  fault: ['Fault report', '故障报障'],
  ask: ['Consultation', '咨询'],
  quota: ['Quota application', '配额申请'],
  fee: ['Fee dispute', '费用争议'],
} as const satisfies Record<string, Names>;

const CENTERS: readonly Names[] = [
  ['CN South-Guangzhou', '华南-广州'],
  ['CN North-Beijing4', '华北-北京四'],
  ['AP-Singapore', '亚太-新加坡'],
  ['AP-Bangkok', '亚太-曼谷'],
  ['LA-Santiago', '拉美-圣地亚哥'],
];

const ENGINEER: Person = ['Service engineer', 'system', '', '', ''];

const LABELS = [
  [11, 'production', '#E02128'],
  [12, 'follow up', '#FFBF00'],
  [27, 'migration', '#3DCCA6'],
  [31, '重点客户', '#5E7CE0'],
] as const;

type Person = readonly [name: string, id: string, area: string, mobile: string, mail: string];

const PEOPLE: readonly Person[] = [
  ['Lin Meihua', '0d4f8a1b6c7e4e0c9a53b2f1de605c11', '0086', '13900000101', 'lin.meihua@example.com'],
  ['Tomasz Wrobel', '1b7a90c2d3e44f5fa6b7c8d9e0f1a222', '0048', '500000102', 't.wrobel@example.net'],
  ['Adaeze Okafor', '2c8ba1d3e4f5406fb7c8d9eaf102b333', '00234', '8000000103', 'adaeze@example.org'],
  ['Siriporn K.', '3d9cb2e4f5064170c8d9eafb0213c444', '0066', '810000104', 'siriporn.k@example.com'],
  ['Rodrigo Fuentes', '4eadc3f506174281d9eafb0c1324d555', '0056', '910000105', 'rfuentes@example.net'],
];

const SERVICE = { sat_category_id: '1', sat_category_name: 'Service' };

const RESULT = { sat_category_id: '2', sat_category_name: 'Result' };

export const DIMENSIONS = [
  { satisfaction_id: 1001, satisfaction_name: 'Response speed', value: 5, per_value: 1, ...SERVICE },
  { satisfaction_id: 1002, satisfaction_name: 'Professional skill', value: 5, per_value: 1, ...SERVICE },
  { satisfaction_id: 2001, satisfaction_name: 'Was the problem solved?', value: 10, per_value: 2, ...RESULT },
];

const RESOLUTIONS = [
  ['Security group had no rule for the port', 'Rule added and connection verified with the customer'],
  ['Disk image without the current driver', 'Driver installed, instance restarted as agreed'],
  ['Package was renewed for another region', 'Difference refunded as a coupon'],
] as const;

type Row = readonly [
  id: string,
  status: number,
  product: keyof typeof PRODUCTS,
  kind: keyof typeof KINDS,
  title: string,
];

/** As long as simple_description may be. */
const LONGEST_TITLE = 'Batch of 40 servers lost their system disks after a forced resize, list follows: '.padEnd(
  2000,
  'ecs-batch-node, ',
);

/** Newest first. 9 and 15 are numbers that no page explains, within the documented 0 to 20. */
const ROWS: readonly Row[] = [
  ['TT201801250412', 0, 'ecs', 'fault', 'SSH to the bastion host times out since the nightly restart'],
  ['TS-123461', 0, 'bill', 'fee', 'Charged twice for the July bandwidth package'],
  ['TS-123460', 17, 'cce', 'fault', 'Pods stay in ContainerCreating after the node pool upgrade'],
  ['TS-123456', 1, 'rds', 'fault', 'MySQL read replica lags by more than 20 minutes'],
  ['TT201801250037', 1, 'elb', 'fault', 'Health check marks two healthy backends as abnormal'],
  ['TT201801240855', 0, 'vpc', 'quota', 'Please raise the quota for elastic IPs from 20 to 60'],
  ['TS-123455', 2, 'obs', 'ask', 'How to move a bucket with versioning to another region?'],
  ['TT201801240119', 1, 'evs', 'fault', 'Volume cannot be detached: "operation in progress" for two days'],
  ['TS-123453', 9, 'iam', 'ask', 'Agency for cross-account access, which permissions are the minimum?'],
  ['TT201801230640', 5, 'bms', 'fault', 'Server reboots by itself, waiting for a spare memory module'],
  ['TS-123452', 1, 'ecs', 'fault', '控制台无法登录云服务器,提示密码错误'],
  ['TT201801230202', 17, 'rds', 'ask', 'Which PostgreSQL version will Sunday’s maintenance install?'],
  ['TS-123450', 3, 'vpc', 'fault', 'VPN tunnel to the Gdansk office flaps every 30 minutes'],
  ['TT201801220917', 2, 'ecs', 'fault', LONGEST_TITLE],
  ['TS-123449', 4, 'bill', 'ask', 'Invoice title is wrong, please void and reissue'],
  ['TT201801220333', 0, 'cce', 'ask', 'Ingress annotation for client source IP has no effect'],
  ['TS-123448', 1, 'obs', 'fault', '403 AccessDenied with a policy that worked yesterday'],
  ['TT201801210748', 12, 'ecs', 'ask', 'test'],
  ['TS-123447', 3, 'iam', 'fault', 'MFA device lost, administrator cannot sign in'],
  ['TT201801210056', 2, 'elb', 'ask', 'Listener still serves the old certificate of <prod.example.com>'],
  ['TS-123446', 17, 'evs', 'quota', 'Raise the EVS capacity quota in AP-Singapore to 100 TB'],
  ['TT201801200815', 1, 'vpc', 'fault', 'Packet loss of 8% between two subnets of one VPC'],
  ['TS-123445', 5, 'rds', 'fault', 'Backup to OBS suspended until the encryption key is restored'],
  ['TT201801190921', 3, 'ecs', 'quota', 'Quota for vCPUs of the c7 family: 400 instead of 200'],
  ['TS-123444', 3, 'bill', 'fee', 'Coupon was not applied to the yearly renewal'],
  ['TT201801180604', 0, 'obs', 'ask', 'Lifecycle rule: does it also remove incomplete multipart uploads?'],
  ['TS-123443', 4, 'cce', 'fault', 'Autoscaler does not remove idle nodes (solved by ourselves)'],
  ['TT201801170150', 2, 'rds', 'fault', 'Failover took four minutes instead of the promised one'],
  ['TS-123442', 1, 'bms', 'ask', 'Can the RAID controller be set to pass-through mode?'],
  ['TT201801160712', 3, 'elb', 'fault', 'WebSocket connections cut after 60 seconds'],
  ['TS-123441', 17, 'iam', 'ask', 'Please confirm the list of users to be frozen'],
  ['TT201801150445', 15, 'ecs', 'fault', 'Server moved to another host, licence dongle not found'],
  ['TS-123440', 3, 'obs', 'fault', 'Slow downloads from the Santiago bucket between 14:00 and 16:00'],
  ['TT201801140238', 12, 'bill', 'ask', 'asdf asdf'],
  ['TS-123439', 1, 'cce', 'quota', 'Second cluster with 1000 nodes, approval needed'],
  ['TT201801130901', 2, 'vpc', 'ask', 'Peering between accounts: who accepts the request?'],
  ['TS-123438', 3, 'evs', 'fault', 'I/O of a 2 TB SSD volume drops to 30 MB/s at night 🐌'],
  ['TT201801120527', 4, 'ecs', 'ask', 'Windows licence for a server that was imported as image'],
  ['TS-123437', 5, 'iam', 'fault', 'SAML sign-in broken, on hold until our identity provider is upgraded'],
  ['TT201801110316', 17, 'bill', 'fee', 'Traffic of a deleted elastic IP is still billed'],
  ['TS-123436', 3, 'rds', 'ask', 'Best way to import a 900 GB dump'],
  ['TT201801100063', 0, 'bms', 'quota', 'Two more physical servers for the Bangkok site'],
  ['TS-123435', 2, 'ecs', 'fault', 'Clock drifts by 4 seconds a day on three servers'],
  ['TT201801090818', 1, 'obs', 'ask', 'Static website hosting answers with a download instead of a page'],
  ['TS-123434', 3, 'vpc', 'fault', 'Route table entry vanished after the console update'],
  ['TT201801080259', 12, 'iam', 'ask', 'Question sent twice, see TS-123441'],
  ['TS-123433', 4, 'elb', 'quota', 'Fifty listeners for a load test, not needed any more'],
  ['TT201801060734', 2, 'cce', 'fault', 'Image pull fails with "unauthorized" only on arm64 nodes'],
  ['TS-123432', 17, 'ecs', 'fault', 'Serial console shows kernel panic after patch day, log attached?'],
  ['TT201801040180', 5, 'evs', 'ask', 'Snapshot policy, waiting for our audit department'],
  ['TT201801020526', 3, 'bill', 'fee', 'Refund for a server that was never delivered'],
  ['TS-123430', 4, 'rds', 'ask', 'Is there a discount for three years?'],
  ['TT201801010000', 3, 'ecs', 'ask', 'How do I bind an elastic IP to my first server?'],
];

export function seedIncidents(now: number): Incident[] {
  const random = createRandom(20_260_003);
  const step = (59 * DAY_MS) / ROWS.length;
  return ROWS.map((row, index) => {
    const age = index * step + random.integer(20 * 60_000, Math.floor(step * 0.9));
    // Whole seconds, as on the wire, so that a query time taken from an answer finds the same case.
    return toIncident(row, index, Math.floor((now - age) / 1000) * 1000, random);
  });
}

function toIncident(
  [id, status, product, kind, title]: Row,
  index: number,
  createdAt: number,
  random: Random,
): Incident {
  const customer = random.pick(PEOPLE);
  const [rootCause, resolution] = random.pick(RESOLUTIONS);
  const isAnswered = status === 2 || status === 3;
  const log = [toLogEntry(id, LOG_TYPES.create, customer, '', createdAt)];
  if (isAnswered) log.push(toLogEntry(id, LOG_TYPES.reply, ENGINEER, resolution, createdAt + 3_600_000));
  const xcustomer = { xcustomer_id: `x-${random.integer(100, 999)}`, xcustomer_name: random.pick(PEOPLE)[0] };
  const extras = {
    ...(random.chance(0.3) && xcustomer),
    ...(isAnswered && { root_cause: rootCause, resolution }),
    ...(status === 1 && { root_cause: null, resolution: null }),
    ...(status === 3 && { confirmed_time: wireTime(createdAt + 5_400_000) }),
  };
  const severity = { severity_name: random.pick(['General guidance', 'System impaired', 'Business down']) };
  const detail = {
    // Optional in the detail though required in the list: every third one goes without.
    ...(index % 3 !== 0 && { incident_id: id }),
    ...(random.chance(0.8) && severity),
    source_name: random.pick(['Console', 'API', 'Hotline']),
    business_ownership: random.pick([0, 0, 0, 1, 2]),
    ...(status === 3 && { resolve_time: random.integer(900, 400_000) }),
    ...(status === 1 && { resolve_time: null }),
  };
  return {
    id,
    status,
    title,
    createdAt,
    customer,
    extras,
    detail,
    log,
    product: PRODUCTS[product],
    kind: KINDS[kind],
    center: random.pick(CENTERS),
    labels: LABELS.filter(() => random.chance(0.2)),
    judgement: '',
    satisfaction: [],
    pressedAt: undefined,
  };
}
