/** Seed data of the simulated Akana: the tickets that it holds after the start, and what they are made of. */
import type { Random } from '../random.ts';

export const TENANT = 'acmepaymentscorp';

const DAY_MS = 86_400_000;

/** A site may have a workflow of its own, with states of its own. */
export const CUSTOM = 'Awaiting Partner';

export type State = 'OPEN' | 'RESOLVED' | 'CLOSED' | 'REOPEN' | typeof CUSTOM;

/** How GET spells a state is not documented, so it differs from ticket to ticket here. */
const SPELLINGS: readonly ((state: State) => string)[] = [
  (state) => state,
  (state) => (state === 'REOPEN' ? 'Reopened' : state.charAt(0) + state.slice(1).toLowerCase()),
  (state) => (state === 'REOPEN' ? 'REOPENED' : state),
  (state) => state.toLowerCase(),
];

const STATES: Readonly<Record<string, State>> = {
  O: 'OPEN',
  R: 'RESOLVED',
  C: 'CLOSED',
  E: 'REOPEN',
  W: CUSTOM,
};

/**
 * Newest first. The first character names the resource (0 to 5 an API, a to c an app; of API 5 the sandbox
 * account is no admin), the second the state, then the title.
 */
const TITLES = [
  '0O Payments API returns 502 for captures above 10,000 EUR',
  'aO Checkout app lost its production credentials after key rotation',
  '1O Refund webhook arrives twice for partial refunds',
  '2E Token vault rejects cards that expire this month',
  '3O FX rates older than one hour during the weekend',
  '0W Chargeback evidence upload fails with partner gateway',
  '4O Payout batch stuck in "queued" since Tuesday night',
  'bO Please raise the quota of our mobile app to 500 requests per second',
  '2R Sandbox test card 4000-0027 no longer triggers 3-D Secure',
  '0O Idempotency key ignored when the body contains a null field',
  '1E Refund status stays "pending" after settlement',
  'cR OAuth redirect URI with a port is refused',
  '3R Rate for HUF/JPY has the wrong number of decimals',
  '4E IBAN check fails for Maltese accounts',
  '0C Documentation of /captures shows the old error format',
  'aO App certificate expires in 14 days, how do we replace it?',
  '2O Kartennummer mit Umlaut im Namen (Jörg Müßig) wird abgelehnt',
  '1R Add refund reason codes to the report',
  '0E Timeouts of 30 s on POST /payments between 02:00 and 02:20 UTC',
  '3C Historical rates missing for 29 February',
  '4R Payout callback signature cannot be verified',
  'bC Two-legged OAuth fails with invalid_grant',
  '2C Bulk tokenization limited to 50 cards, documentation says 100',
  `0O Fwd: Re: Re: production incident, duplicates ${'seen again after the retry, '.repeat(18)}please advise`,
  '1C Refund in a currency other than the payment is accepted',
  'cO License agreement cannot be accepted in the developer portal',
  '3R Rates endpoint answers XML although JSON is asked for',
  '4E Payout to closed account is reported as paid',
  '0E 3-D Secure challenge page blocked by content security policy',
  'aC App icon not shown in the portal',
  '2R Deleted token still usable for five minutes',
  '1C Refund amount rounded down in CSV export',
  '5C Onboarding form rejects company numbers with letters',
  '0C Header <X-Request-Id> & trace id missing in error answers',
  '3C Typo "exchage" in the rate response',
  'bR Analytics show no traffic for our app since the migration',
  '4C Payout calendar ignores the Easter bank holidays',
  '2C Network token reference missing in the sandbox',
  '0R Settlement file delivered without a trailer record',
  '1R Webhook retries stop after the second attempt',
  'cC Team member invitation mail never arrives',
  '3O Need mid-market rates for PLN before month end',
  '4C Currency of payout fee not documented',
  '0C Merchant descriptor cut at 20 characters',
  '2C CVV result code "U" not explained',
  '1C Refund API allows negative amounts in sandbox',
  '5C Partner contract shows the wrong effective date',
  'aR Sandbox and production use the same client id',
  '0C Old TLS version still offered on the sandbox gateway',
  '3C Request: rates as of a given timestamp',
  '4R Duplicate payout reference accepted',
  'bC Swagger file cannot be imported',
  '2C Card brand "unknown" for new BIN range',
  '0C Payment search ignores the upper date bound',
  '1C Where can I see the state of a refund?',
  '0C First steps: how do I get test credentials?',
];

const DETAILS = [
  'Happens since the last maintenance window. Correlation ids are attached.',
  'Steps: 1. call the operation from the API console. 2. compare with the documentation.',
  'Our release is blocked by this; a workaround would help us for now.',
  'Seen by three of our merchants.\n\nIt does not happen in the other environment.',
  'Not urgent, but the team would like to know when it can be expected.',
];

const PEOPLE = ['Ines Valcourt', 'Tomasz Brink', 'Adaeze Holloway', 'Mirela Stancu', 'Henrik Solvang'];

const TAGS = ['billing', 'oauth', 'timeout', 'webhook', 'documentation', 'quota'];

const LABELS = ['com.soa.ticket.label.priority.medium', 'com.soa.ticket.label.priority.high'];

export interface Ticket {
  readonly id: string;
  state: State;
  comments: number;
  readonly spell: (state: State) => string;
  readonly isPermitted: boolean;
  /** The fields that never change, as GET shows them. */
  readonly fixed: Readonly<Record<string, unknown>>;
}

interface Ids {
  /** Ids of APIs 0 to 5, then of apps a to c. */
  readonly resources: readonly string[];
  /** Ids of PEOPLE. */
  readonly people: readonly string[];
  /** Id of the sandbox account. */
  readonly self: string;
}

export function createIds(random: Random): Ids {
  const id = (): string => `${random.uuid()}.${TENANT}`;
  return { resources: Array.from({ length: 9 }, id), people: PEOPLE.map(id), self: id() };
}

export function seedTickets(random: Random, ids: Ids, now: number): Ticket[] {
  const stepMs = Math.floor((60 * DAY_MS) / TITLES.length);
  let number = 25687;
  return TITLES.map((line, index) => {
    if (index > 0) number -= random.integer(3, 40);
    const created = now - index * stepMs - random.integer(300_000, Math.floor(stepMs * 0.8));
    return {
      id: `${ticketName(index, number, random.uuid())}.${TENANT}`,
      state: STATES[line.charAt(1)]!,
      comments: random.integer(0, 9),
      spell: SPELLINGS[index % SPELLINGS.length]!,
      isPermitted: !line.startsWith('5'),
      fixed: { Created: dateTime(created, index), ...seedFields(random, ids, line, index) },
    };
  });
}

function seedFields(random: Random, { resources, people }: Ids, line: string, index: number): Ticket['fixed'] {
  const kind = '012345abc'.indexOf(line.charAt(0));
  const isApi = kind < 6;
  const person = random.integer(0, people.length - 1);
  const isSandbox = /sandbox/i.test(line) || random.chance(0.3);
  return {
    APIID: isApi ? resources[kind] : undefined,
    // An API's ticket may come from an app, from none (null), or not say so (absent).
    AppID: isApi ? [resources[6 + (index % 3)], null, undefined][index % 4] : resources[kind],
    Title: line.slice(3),
    Description: random.pick(DETAILS),
    Environment: isSandbox ? 'Sandbox' : 'Production',
    UserID: people[person],
    UserName: index === 29 ? null : PEOPLE[person],
    Label: index % 13 === 12 ? [] : [random.pick(LABELS)],
    Tag: [[random.pick(TAGS)], [], null, undefined, [TAGS[index % 6], TAGS[(index + 2) % 6]]][index % 5],
    Marks: random.integer(0, 4),
    IsMarked: random.chance(0.2),
    Visibility: random.chance(0.3) ? 'Limited' : 'Public',
  };
}

/** Both shapes of the documentation, and its two examples as the two newest tickets. */
function ticketName(index: number, number: number, uuid: string): string {
  if (index === 1) return '132f7a34-b71f-448f-9a49-6e8777de2b4c';
  return index % 3 === 1 ? uuid : `ticket${number}`;
}

/** XML's dateTime admits all three. */
function dateTime(at: number, index: number): string {
  const seconds = new Date(at).toISOString().slice(0, 19);
  return seconds + ['Z', '.000Z', '+00:00'][index % 3]!;
}
