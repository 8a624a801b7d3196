/** Seed data of the simulated Requestor: the tickets that it holds after the start, and what they are made of. */
import { createRandom, type Random } from '../random.ts';

/** An enum value: JSON carries its code, XML its word. */
export interface Word {
  readonly code: number;
  readonly word: string;
}

export type Kind = 'EndUserTicket' | 'Incident' | 'ServiceRequest' | 'Problem' | 'Change';

export type Phase = 'New' | 'InProgress' | 'Suspended' | 'WaitingForThirdParty' | 'Solved' | 'Closed' | 'Frozen';

/** `family` begins the names of the kind's actions and states. */
export const KINDS: Record<Kind, { readonly code: number; readonly prefix: string; readonly family: string }> = {
  EndUserTicket: { code: 1, prefix: 'TIC', family: 'Ticket' },
  Incident: { code: 2, prefix: 'INC', family: 'Incident' },
  ServiceRequest: { code: 3, prefix: 'REQ', family: 'ServiceRequest' },
  Problem: { code: 4, prefix: 'PRO', family: 'Problem' },
  Change: { code: 5, prefix: 'CHG', family: 'Change' },
};

export const EVERY = Object.keys(KINDS) as Kind[];

export interface User {
  readonly key: string;
  readonly fullName: string;
  readonly userName: string;
}

interface Message {
  readonly at: number;
  readonly author: string;
  readonly isPrivate: boolean;
  readonly html: string;
}

export interface Ticket {
  readonly id: number;
  reference: string;
  kind: Kind;
  phase: Phase;
  readonly subject: string | null;
  readonly createdAt: number;
  closedAt: number | null;
  readonly submitter: User & { readonly company: number | null };
  solver: User | null;
  readonly source: Word;
  readonly userSourceId: number | null;
  serviceId: number | null;
  readonly resolutionText: string | null;
  readonly messages: Message[];
  /** Whether this ticket's times end with Z: the page does not say, so that both occur. */
  readonly isZoned: boolean;
}

export const SERVICES: Readonly<Record<number, string>> = {
  3: 'Workplace & printing',
  4: 'E-mail and calendar',
  7: 'Telephony',
  9: 'Network and VPN',
  12: 'ERP',
  15: 'Accounts and access',
};

export const OPERATORS: readonly User[] = [
  ['8fdfc703-b9d5-4c1e-9a67-2f0b1d5e8c34', 'Jana Novotná', 'novotna.j'] as const,
  ['1b6a2f90-47ce-4d03-8f5b-93c1e07ad216', 'Ondřej Malý', 'maly.o'] as const,
  ['c2d94e17-0a3b-4f68-b1d7-5e8046f9a3bc', 'Tereza Dvořáková', 'dvorakova.t'] as const,
  ['75e1380d-96f2-4ab4-a0c9-1d3f7b52e864', 'Marek Bílek', 'bilek.m'] as const,
  ['e90c5b4a-2d71-4836-9e0f-b8a6d417c253', 'Alice Horská', 'horska.a'] as const,
].map(([key, fullName, userName]) => ({ key, fullName, userName }));

const SUBMITTERS = (
  'Petr Kolář,Lucie Šímová,Karel Vondra,Eva Janků,Radek Sýkora,Hana Beránková,Tomáš Zelený,Ivana Křížová,' +
  "Milan Procházka-Urban,Siobhán O'Leary"
).split(',');

const SOURCES: readonly Word[] = ['Portal', 'Email', 'Phone', 'Api'].map((word, at) => ({
  code: at + 1,
  word,
}));

/** An empty one stands for a ticket without a subject. */
const SUBJECTS: Record<Kind, string> = {
  EndUserTicket:
    'Nejde mi tisk|How do I book the big meeting room?||Strange noise from my notebook|Fwd: Fwd: mailbox full|' +
    'Help please|Dotaz na dovolenou v systému|The screen stays black',
  Incident:
    'Printer on the 2nd floor prints blank pages|VPN drops every 20 minutes|Outlook asks for a password again|' +
    'Cannot open invoices <2 MB & larger in ERP|Telephone line 204 is dead|Sklad: čtečky se nepřipojí k Wi-Fi|' +
    'Shared drive S: is read-only since the weekend|Docking station does not wake the monitors|' +
    'The month-end closing in ERP stops at step 7 of 12 with the message "Document series is exhausted", ' +
    'although a new series was created on Monday, the cache was emptied twice and the same closing went ' +
    'through without any trouble in the test company; accounting has to send the statements by Friday noon',
  ServiceRequest:
    'New notebook for a colleague starting on the 1st|Access to the project folder "Tender B"|' +
    'Please add me to the accounting mailing list|Second monitor for the reception|' +
    'Zřízení e-mailu pro brigádníka|Mobile tariff with roaming|Install the drawing program',
  Problem:
    'Recurring Wi-Fi outages in the warehouse|Backup of the file server exceeds its window|' +
    'Spooler crashes after each driver update|Calls are cut off after exactly 15 minutes',
  Change:
    'Replace the core switch in rack B|Upgrade of the ERP test environment|Move mailboxes of the sales team|' +
    'Firewall: open the port for the weighing system|Renew the certificate of the intranet',
};

const RESOLUTIONS = ['Driver reinstalled, tested with the user.', 'Granted & confirmed by the line manager.', null];

const FIRST_ID = 8;

export const LAST_ID = 63;

const SPAN_MS = 60 * 86_400_000;

/** Oldest first. Ids grow with time, and the reference holds the id unless the ticket was converted. */
export function seedTickets(startedAt: number, states: readonly [Kind, Phase][]): Ticket[] {
  const random = createRandom(20_700_047);
  const waiting = [...states];
  const people = SUBMITTERS.map((fullName, at) => ({
    key: random.uuid(),
    fullName,
    userName: `user${at}`,
    company: at === 9 ? null : 11 + (at % 4),
  }));
  const fixed: Record<number, [Kind, Phase]> = {
    15: ['Incident', 'Closed'],
    47: ['Incident', 'InProgress'],
    16558: ['EndUserTicket', 'New'],
  };
  const ids = [...Array.from({ length: LAST_ID - FIRST_ID + 1 }, (_, at) => FIRST_ID + at), 16558];
  const slot = SPAN_MS / ids.length;
  const nextSubject = createSubjects();
  return ids.map((id, at) => {
    const [kind, phase] =
      fixed[id] ?? waiting.splice(random.integer(0, waiting.length - 1), 1)[0] ?? random.pick(states);
    const createdAt = Math.floor(startedAt - SPAN_MS + at * slot + random.integer(0, slot - 60_000));
    const subject = nextSubject(kind);
    return seedTicket(random, { id, kind, phase, createdAt, subject, submitter: random.pick(people) }, startedAt);
  });
}

/** The subjects of each kind in turn, again and again. */
function createSubjects(): (kind: Kind) => string | null {
  const used = new Map<Kind, number>();
  return (kind) => {
    const subjects = SUBJECTS[kind].split('|');
    const turn = used.get(kind) ?? 0;
    used.set(kind, turn + 1);
    const subject = subjects[turn % subjects.length];
    return subject === '' || subject === undefined ? null : subject;
  };
}

type Given = Pick<Ticket, 'id' | 'kind' | 'phase' | 'createdAt' | 'subject' | 'submitter'>;

function seedTicket(random: Random, given: Given, startedAt: number): Ticket {
  const { id, kind, phase, createdAt, submitter } = given;
  const isDone = phase === 'Solved' || phase === 'Closed';
  const html = `<p>Good morning,<br/>${random.pick(['it worked yesterday', 'this is urgent', 'thank you'])}.</p>`;
  return {
    ...given,
    reference: referenceOf(kind, id),
    closedAt: phase === 'Closed' ? random.integer(createdAt, startedAt) : null,
    solver: phase === 'New' || kind === 'EndUserTicket' ? null : random.pick(OPERATORS),
    source: random.pick(SOURCES),
    userSourceId: random.chance(0.7) ? random.integer(1, 6) : null,
    serviceId: kind === 'EndUserTicket' && random.chance(0.6) ? null : random.pick(Object.keys(SERVICES).map(Number)),
    resolutionText: isDone ? random.pick(RESOLUTIONS) : null,
    messages: [{ at: createdAt, author: submitter.fullName, isPrivate: false, html }],
    isZoned: random.chance(0.5),
  };
}

export const referenceOf = (kind: Kind, number: number): string =>
  `${KINDS[kind].prefix}-${String(number).padStart(6, '0')}`;
