/** Response bodies of the upstream: ticket n of each vendor, with realistic fields. */

export const VENDORS = ['requestor', 'akana', 'omnidesk', 'huawei', 'jifeline'] as const;

export type VendorKey = (typeof VENDORS)[number];

/** The tenant that is part of Akana's ids and cookies. */
export const TENANT = 'acmepaymentscorp';

/** As long as real ones, because responses are scanned for credentials. */
export const CREDENTIALS = {
  username: 'bench',
  password: 'an-ordinary-password-of-32-chars',
  akanaToken: `TokenID%3D${'0a1b2c3d'.repeat(8)}`,
  omnideskKey: '0123456789abcdef0123456789abcdef01234567',
  huaweiToken: 'MIIEXwYJKoZIhvcNAQcCoIIEUDCCBEwCAQExDTALBglghkgB'.repeat(8),
  jifelineToken: `eyJhbGciOiJSUzI1NiJ9.${'eyJpc3MiOiJiZW5jaCJ9'.repeat(8)}.${'c2lnbmF0dXJl'.repeat(28)}`,
} as const;

/** Number of the workflow action that solves a Requestor ticket. */
export const SOLVE_ACTION = 209;

/** The upstream responds with 403 to tickets from this number on. */
export const FORBIDDEN_FROM = 500_000_000;

const TICKET_NUMBER_DIGITS = 12;

/** The vendor's id of ticket n. */
export const NATIVE_ID: Readonly<Record<VendorKey, (n: number) => string>> = {
  requestor: (n) => String(n),
  akana: (n) => `ticket${n}.${TENANT}`,
  omnidesk: (n) => String(n),
  huawei: (n) => `TS-${n}`,
  jifeline: (n) => `497f6eca-6276-4993-bfeb-${String(n).padStart(TICKET_NUMBER_DIGITS, '0')}`,
};

export function globalId(vendor: VendorKey, n: number): string {
  return `${vendor}:${NATIVE_ID[vendor](n)}`;
}

const LONG_TEXT =
  'The figures of the weekly report do not match those of the board since the last release. It was right until Monday; ' +
  'we compared both by hand and found no entry missing. Please have a look at the attached export and tell us which of ' +
  'the two is to be trusted, as the report goes out on Thursday.';

/** The response to the read of one ticket, by its native id. */
const BODIES: Readonly<Record<VendorKey, (id: string) => unknown>> = {
  requestor: (id) => ({
    TicketId: Number(id),
    TicketREF: `INC-${id}`,
    TicketType: 2,
    Subject: 'Printer on the third floor is on fire',
    CreatedUTC: '2024-05-06T07:08:09.1234567',
    Closed: false,
    ClosedUTC: null,
    SubmitterKey: '5a1f0c62-0f0e-4f3a-9f77-0a6a3f1c2d11',
    SubmitterFullName: 'Jana Nováková',
    SubmitterCompany: 12,
    SolverKey: null,
    SolverFullName: null,
    TicketState: 'IncidentAssigned',
    TicketSummaryState: 'Open',
    Source: 1,
    TicketUserSourceId: 4,
    ServiceId: 7,
    ServiceName: 'Printing',
    ResolutionText: null,
    IsPrivateMessageSupported: true,
    AllAvailableTicketActions: [
      { Action: 207, Name: 'IncidentSuspend', DisplayName: 'Suspend', ExtraParameterIsNeeded: false },
      { Action: 203, Name: 'IncidentAssign', DisplayName: 'Assign', ExtraParameterIsNeeded: true },
      { Action: 209, Name: 'IncidentSolve', DisplayName: 'Solve', ExtraParameterIsNeeded: false },
    ],
  }),
  akana: (id) => ({
    TicketID: id,
    APIID: `ecbf7010-abcf-41f8-9f52-1c02b3a51984.${TENANT}`,
    AppID: `app16964.${TENANT}`,
    Title: 'Timeouts of the quote API',
    Description: LONG_TEXT,
    Environment: 'Production',
    State: 'OPEN',
    UserID: `522320b9-cb6b-495d-ae07-e4b3bfdb3f6a.${TENANT}`,
    UserName: 'jane',
    Created: '2024-03-05T10:15:30Z',
    Label: ['com.soa.ticket.label.priority.medium'],
    Tag: ['quotes', 'timeout'],
    Comments: 3,
    Marks: 1,
    IsMarked: true,
    Visibility: 'Public',
  }),
  omnidesk: (id) => ({ type: 'item', item: omnideskTicket(Number(id)) }),
  huawei: (id) => ({
    incident_detail_info: {
      xcustomer_id: '3dc0ca7ffd30af26a40f5cfa1a0da7f0',
      xcustomer_name: 'ops',
      status: 1,
      judgement: '',
      incident_id: id,
      business_type_name: 'Remote login',
      incident_type_name: 'Fault report',
      customer_id: 'f9ae1952bf7542a1a0099d93ba9dd91f',
      dc_name: 'CN-Hong Kong',
      simple_description: `Cannot log in\n${LONG_TEXT}`,
      source_name: 'Console',
      create_time: '2019-05-22T03:30:52Z',
      message_list: [],
      incident_satisfaction: [],
      is_authorized: 0,
      severity_name: 'General',
      business_ownership: 0,
      resolve_time: 0,
      product_category_name: 'Elastic Cloud Server',
      ext_info: { area_code: '0086', remind_mobile: '13800000000', remind_mail: 'person@example.com' },
    },
  }),
  jifeline: (id) => ({
    id,
    created_at: '2019-08-24T14:15:22Z',
    customer_id: '160c0c4b-9966-4dc1-a916-8407eb10d74e',
    ticket_number: 7440303,
    vehicle_model_id: 18,
    vin: 'JH4KA7630PC007649',
    service_started_at: '2019-08-24T14:15:22Z',
    operator_id: 'fa9de6bb-1df8-4ba6-9e6d-1172fbf7e166',
    voucher_code: 'WQ4MM3',
    outsourced: false,
    connection_id: 'd3547de1-d1f2-4344-b4c2-17169b7526f9',
  }),
};

function omnideskTicket(id: number): Readonly<Record<string, unknown>> {
  return {
    assigned_group_id: 10003,
    assigned_user_id: 0,
    channel_account_id: 0,
    channel_id: 1,
    closed_at: null,
    created_at: '2019-09-28 22:06:16',
    customer_id: 626822,
    direction: 'inbound',
    external_gui_url: `https://desk.example.com/?ticketID=${id}`,
    external_id: 'BFFDAFF1-6E3F-2244-93EE-65A9CF3D0ECE.1',
    form_id: null,
    from: 'thomas@example.com',
    from_name: 'Thomas',
    grade_by_customer: null,
    icon: 'e-mail',
    last_update: '2019-09-28 22:06:16',
    last_update_agent: null,
    last_update_customer: '2019-09-28 22:06:16',
    priority: 'medium',
    sla_next_breach: '2019-10-01 12:00:00',
    sla_next_breach_current_status: 'active',
    sla_policy_id: 5,
    snooze_time: null,
    title: 'The invoice of September',
    to: 'service@example.com',
    to_name: '',
    status: 'open',
    id,
    channel_name: 'e-mail',
    channel_icon: 'e-mail',
    brand_name: 'MyBrand',
    brand_id: 2,
  };
}

/** Text that no ticket contains, in place of the id. */
const PLACEHOLDER: Readonly<Record<VendorKey, string>> = {
  ...byVendor(() => '@'),
  requestor: '77777777',
  omnidesk: '77777777',
};

/** Creates the body of a ticket from its native id by joining strings. */
export const TICKET_BODY: Readonly<Record<VendorKey, (nativeId: string) => string>> = byVendor((vendor) => {
  const parts = JSON.stringify(BODIES[vendor](PLACEHOLDER[vendor])).split(PLACEHOLDER[vendor]);
  return (nativeId) => parts.join(nativeId);
});

/** Total count of the list. */
export const LISTED_TOTAL = 100_000;

/** Omnidesk's list: its newest `count` tickets. */
export function listBody(count: number): string {
  const items = Array.from({ length: count }, (_, index) => omnideskTicket(LISTED_TOTAL - index));
  return JSON.stringify({ type: 'list', total: LISTED_TOTAL, items });
}

/** Makes a value for each vendor. */
export function byVendor<Value>(make: (vendor: VendorKey) => Value): Record<VendorKey, Value> {
  return Object.fromEntries(VENDORS.map((vendor) => [vendor, make(vendor)])) as Record<VendorKey, Value>;
}
