/** Seed data of the simulated Request Tracker: its users, their language, queues, lifecycles and tickets after the start. */

export interface User {
  readonly id: number;
  readonly name: string;
  readonly realName: string;
  readonly password: string;
  readonly token: string;
  /** Language of the answers; null for the default, English. */
  readonly language: 'de' | 'en' | null;
  /** Names of the queues in which it has every right. */
  readonly worksIn: readonly string[];
  /** Names of the queues whose tickets it may only see. */
  readonly looksAt: readonly string[];
}

const EVERYWHERE = ['Support', 'Changes'];

export const USERS: readonly User[] = [
  { ...createUser(12, 'root', 'The administrator', EVERYWHERE, []), password: 'password' },
  createUser(27, 'gateway', 'The gateway', EVERYWHERE, []),
  { ...createUser(29, 'reader', 'May only look', [], ['Support']), language: null },
  { ...createUser(31, 'german', 'Is answered in German', EVERYWHERE, []), language: 'de' },
  createUser(33, 'marta', 'Marta Nováková', ['Support'], []),
];

function createUser(
  id: number,
  name: string,
  realName: string,
  worksIn: readonly string[],
  looksAt: readonly string[],
): User {
  const token = `1-${id}-${'0123456789abcdef'.repeat(2)}`;
  return { id, name, realName, password: `${name}-pass`, token, language: 'en', worksIn, looksAt };
}

/** Sentences, in the language of the user. The statuses in them are translated as well. */
const GERMAN: Readonly<Record<string, string>> = {
  new: 'neu',
  open: 'offen',
  stalled: 'zurückgestellt',
  resolved: 'erledigt',
  rejected: 'abgelehnt',
  deleted: 'gelöscht',
  'Open It': 'Öffnen',
  Resolve: 'Erledigen',
  Reject: 'Abweisen',
  Delete: 'Löschen',
  'Re-open': 'Erneut öffnen',
  'Permission Denied': 'Zugriff verweigert',
  'That user already owns that ticket': 'Dieses Ticket gehört bereits diesem Benutzer',
  'You can only take tickets that are unowned': 'Sie können nur Tickets übernehmen die keinen Besitzer haben',
  'Comments added': 'Kommentare hinzugefügt',
  'Correspondence added': 'Korrespondenz hinzugefügt',
};

export function say({ language }: User, english: string): string {
  return language === 'de' ? (GERMAN[english] ?? english) : english;
}

export function sayStatusChanged(user: User, from: string, to: string): string {
  return user.language === 'de'
    ? `Status von '${say(user, from)}' auf '${say(user, to)}' geändert`
    : `Status changed from '${from}' to '${to}'`;
}

export function sayForbidden({ language }: User, from: string, to: string): string {
  return language === 'de'
    ? `Sie dürfen den Status nicht von '${from}' nach '${to}' ändern.`
    : `You can't change status from '${from}' to '${to}'.`;
}

export function sayOwnerChanged({ language }: User, from: string, to: string): string {
  return language === 'de' ? `Besitzer wurde von ${from} zu ${to} geändert` : `Owner changed from ${from} to ${to}`;
}

/** A transition on a button. */
export interface Button {
  readonly label: string;
  readonly update?: 'Respond' | 'Comment';
}

export interface Lifecycle {
  readonly initial: readonly string[];
  readonly inactive: readonly string[];
  readonly onCreate: string;
  /** The legal transitions. */
  readonly transitions: Readonly<Record<string, readonly string[]>>;
  /** The buttons, a part of them, by `from -> to`; `*` for any status. In this order. */
  readonly buttons: Readonly<Record<string, Button>>;
}

const ANY = ['new', 'open', 'stalled', 'resolved', 'rejected', 'deleted'];

/** The lifecycle that every installation has: `RT_Config.pm`. */
const STOCK: Lifecycle = {
  initial: ['new'],
  inactive: ['resolved', 'rejected', 'deleted'],
  onCreate: 'new',
  transitions: Object.fromEntries(ANY.map((from) => [from, ANY.filter((to) => to !== from)])),
  buttons: {
    'new -> open': { label: 'Open It', update: 'Respond' },
    'new -> resolved': { label: 'Resolve', update: 'Comment' },
    'new -> rejected': { label: 'Reject', update: 'Respond' },
    'new -> deleted': { label: 'Delete' },
    'open -> stalled': { label: 'Stall', update: 'Comment' },
    'open -> resolved': { label: 'Resolve', update: 'Comment' },
    'open -> rejected': { label: 'Reject', update: 'Respond' },
    'stalled -> open': { label: 'Open It' },
    'resolved -> open': { label: 'Re-open', update: 'Comment' },
    'rejected -> open': { label: 'Re-open', update: 'Comment' },
    'deleted -> open': { label: 'Undelete' },
  },
};

/** A lifecycle of the installation's own. */
const CHANGE: Lifecycle = {
  initial: ['draft'],
  inactive: ['done', 'refused'],
  onCreate: 'draft',
  transitions: {
    draft: ['review', 'refused'],
    review: ['approved', 'refused', 'parked'],
    parked: ['review'],
    approved: ['done', 'review'],
    done: [],
    refused: ['draft'],
  },
  buttons: {
    'draft -> review': { label: 'Ask for review', update: 'Respond' },
    'draft -> refused': { label: 'Refuse', update: 'Comment' },
    'review -> approved': { label: 'Approve', update: 'Comment' },
    'review -> refused': { label: 'Refuse', update: 'Comment' },
    'review -> parked': { label: 'Park' },
    'parked -> review': { label: 'Resume' },
    'approved -> done': { label: 'Complete' },
    'refused -> draft': { label: 'Reopen' },
  },
};

export interface Queue {
  readonly id: number;
  readonly name: string;
  readonly lifecycle: Lifecycle;
  /** The custom fields of its tickets; with `options`, other values are refused. */
  readonly customFields: readonly {
    readonly id: number;
    readonly name: string;
    readonly options?: readonly string[];
  }[];
}

const ASSET_TAG = { id: 3, name: 'Asset tag' };

export const QUEUES: readonly Queue[] = [
  {
    id: 3,
    name: 'Support',
    lifecycle: STOCK,
    customFields: [{ id: 2, name: 'Severity', options: ['Low', 'Medium', 'High'] }, ASSET_TAG],
  },
  { id: 4, name: 'Changes', lifecycle: CHANGE, customFields: [ASSET_TAG] },
];

/** A seeded ticket. Numbers start at 1. */
export interface Seed {
  readonly queue: string;
  readonly subject: string;
  /** The statuses that it was led through. */
  readonly path: readonly string[];
  readonly requestor: string;
  readonly owner: string;
  readonly severity: string | null;
  /** Days after the start; null if it is not due. */
  readonly dueDays: number | null;
}

/** Ticket that answers under the number of another one. */
export const MERGED = { from: 20, into: 1 } as const;

const SUPPORT: readonly (readonly [subject: string, ...path: string[]])[] = [
  ['Printer on fire'],
  ['Tiskárna v přízemí nechytá Wi-Fi'],
  ['VPN asks for a code that never arrives'],
  ['New starter on Monday: laptop and badge'],
  ['Shared mailbox is full again'],
  ['Projector in room 4 shows everything in green', 'open'],
  ['Calendar invitations arrive an hour late', 'open'],
  ['Cannot open the quarterly report: “file is corrupt”', 'open'],
  ['Keyboard of the reception desk sticks', 'open'],
  ['Waiting for a part: docking station', 'stalled'],
  ['Licence renewal, waiting for purchasing', 'stalled'],
  ['Phone system: call forwarding stops at noon', 'open', 'stalled'],
  ['Password reset for the warehouse terminal', 'open', 'resolved'],
  ['Mouse replaced', 'resolved'],
  ['Account of a leaver closed', 'resolved'],
  ['Scanner sends empty pages', 'resolved', 'open'],
  ['Win a new phone!!!', 'rejected'],
  ['Request without any text', 'rejected'],
  ['Test, please ignore', 'deleted'],
  ['Printer on fire (second report)'],
];

const CHANGES: readonly (readonly [subject: string, ...path: string[]])[] = [
  ['Replace the core switch'],
  ['Move the file server to the new rack'],
  ['Open port 8443 for the supplier', 'review'],
  ['Rotate the certificates of the intranet', 'review'],
  ['Upgrade PostgreSQL to the next major version', 'review', 'approved'],
  ['Retire the old mail gateway', 'review', 'parked'],
  ['Add a second DNS resolver', 'review', 'approved', 'done'],
  ['Enable backups of the wiki', 'review', 'approved', 'done'],
  ['Switch off the night batch', 'refused'],
  ['Change the time zone of the build machines', 'review', 'refused', 'draft'],
];

const SEVERITIES = ['High', 'Medium', null, 'Low'];

const LATER: readonly (readonly [subject: string, ...path: string[]])[] = [
  ['Headset crackles in every second call', 'open', 'resolved'],
  ['Zapomenuté heslo k docházkovému systému', 'resolved'],
  ['Badge does not open the side door', 'open', 'resolved'],
  ['Second monitor for the design team', 'open'],
  ['Old invoices are missing in the archive search', 'open', 'stalled'],
  ['Fw: Fw: urgent payment', 'rejected'],
  ['Laptop fan is louder than the open-plan office', 'open'],
  ['Access to the shared drive “Projekte” for two interns', 'resolved'],
  ['Mobile phone lost on the train', 'open', 'resolved'],
  ['Coffee machine shows “Error 17” – is that us?', 'rejected'],
  ['Slow Wi-Fi in the canteen at lunch', 'open'],
  ['Printer wants magenta to print black', 'open', 'stalled'],
  ['Two-factor app on a new phone', 'resolved'],
  ['Meeting room display shows last week'],
  ['Einladung landet im Spam', 'open'],
  ['Backup report has been empty since Friday', 'open'],
  ['Monitor arm droops'],
  ['Request for a statement of installed software', 'open'],
  ['The intranet says 1970', 'open', 'resolved'],
  ['Team mailbox sends two copies'],
  ['Update asks for an administrator again and again', 'open'],
  ['Webcam is upside down'],
];

/** When every fourth ticket is due, in days after the start. */
const DUE_DAYS = [-2, 1, 3, 14];

function toSeed(queue: string, [subject, ...path]: readonly [string, ...string[]], number: number): Seed {
  const requestor = `user${number % 4}@example.com`;
  const owner = number % 5 === 0 ? 'gateway' : number % 7 === 0 ? 'marta' : 'Nobody';
  const severity = queue === 'Support' ? SEVERITIES[number % 4]! : null;
  const dueDays = number % 4 === 3 ? DUE_DAYS[(number >> 2) % DUE_DAYS.length]! : null;
  return { queue, subject, path, requestor, owner, severity, dueDays };
}

export const SEEDS: readonly Seed[] = [
  ...SUPPORT.map((line, index) => toSeed('Support', line, index + 1)),
  ...CHANGES.map((line, index) => toSeed('Changes', line, SUPPORT.length + index + 1)),
  ...LATER.map((line, index) => toSeed('Support', line, SUPPORT.length + CHANGES.length + index + 1)),
];
