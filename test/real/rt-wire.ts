/**
 * What RT's REST 2.0 answers, request by request, without ticketgraph. The answers of the real RT are kept in
 * `rt-recorded.json`; the sandbox has to give the same ones, and the real RT has to give them still. So the simulation cannot
 * drift away from what it simulates.
 *
 * Each request is about tickets that an earlier one created, so that the numbers in use do not matter: `{first}` in a path or
 * a body stands for the ticket that the step with `creates: 'first'` created, `{etag}` for the newest ETag of a ticket, and
 * `{run}` for a word that no other ticket has.
 */
import type { RtAnswer, RtUser, RtWorld } from './rt-world.ts';

interface WireStep {
  readonly user?: RtUser;
  readonly request: readonly [method: string, path: string, body?: unknown];
  readonly headers?: Readonly<Record<string, string>>;
  /** Name under which later steps refer to the created ticket. */
  readonly creates?: string;
}

/** A normalized answer: numbers of tickets by name, other numbers and times by placeholder. */
export interface WireAnswer {
  readonly request: string;
  readonly status: number;
  readonly type: string | null;
  readonly location?: string;
  readonly hasEtag?: true;
  readonly body: unknown;
}

const TICKET = { Queue: 'Support', Subject: 'Wire', Requestor: 'anna@example.com', Priority: 20 };
const text = (Content: string): Record<string, string> => ({ Content, ContentType: 'text/plain' });
const status = (Status: string): Record<string, string> => ({ Status });
const listOf = (names: readonly string[], more = ''): string =>
  `/tickets?query=${names.map((name) => `id%20%3D%20{${name}}`).join('%20OR%20')}&orderby=id&order=ASC${more}`;

const READS: readonly WireStep[] = [
  { request: ['POST', '/ticket', { ...TICKET, ...text('First text') }], creates: 'first' },
  { request: ['GET', '/ticket/{first}'] },
  { request: ['GET', '/ticket/{first}?fields[Queue]=Name'] },
  { user: 'reader', request: ['GET', '/ticket/{first}'] },
  { request: ['GET', '/ticket/999999'] },
  { request: ['GET', '/ticket/abc'] },
  { request: ['POST', '/ticket', { ...TICKET, Queue: 'Changes', Subject: 'Wire change' }], creates: 'change' },
  { user: 'reader', request: ['GET', '/ticket/{change}'] },
  { request: ['GET', '/user/gateway'] },
  { request: ['GET', listOf(['first', 'change'], '&fields=Subject,Status,Priority')] },
  { request: ['GET', listOf(['first', 'change'], '&fields=_hyperlinks')] },
  { user: 'german', request: ['GET', listOf(['first'], '&fields=_hyperlinks')] },
  { user: 'reader', request: ['GET', listOf(['first', 'change'], '&fields=_hyperlinks')] },
  { request: ['GET', listOf(['first', 'change'], '&per_page=1')] },
  { request: ['GET', listOf(['first', 'change'], '&per_page=1&page=2')] },
  { request: ['GET', listOf(['first', 'change'], '&per_page=1&page=9')] },
  { request: ['GET', '/tickets'] },
  { request: ['GET', '/tickets?query='] },
  { request: ['GET', '/tickets?query=Foo%20%3D%20%27x%27'] },
  { request: ['GET', '/tickets?query=id%20IN%20(1%2C2)'] },
];

const WRONG = { authorization: 'Basic d3Jvbmc6d3Jvbmc=' };

const SIGN_IN: readonly WireStep[] = [
  { request: ['GET', '/ticket/{first}'], headers: WRONG },
  { request: ['PUT', '/ticket/{first}', status('open')], headers: WRONG },
  { request: ['GET', '/ticket/{first}'], headers: { ...WRONG, 'user-agent': 'Mozilla/5.0' } },
  { request: ['GET', '/user/27'] },
  { user: 'german', request: ['GET', '/user/german'] },
  { user: 'reader', request: ['GET', '/user/reader'] },
];

/** As ticketgraph sends them. */
const FIELDS_OF_A_LIST =
  'fields=Subject,Status,Queue,Owner,Creator,Requestor,Priority,Created,LastUpdated,Started,Resolved,Due,TimeWorked,' +
  'CustomFields,_hyperlinks&fields[Queue]=Name';
const searchFor = (query: string): string =>
  `/tickets?query=${encodeURIComponent(query).replaceAll('%7Brun%7D', '{run}')}&orderby=Created&order=DESC&orderby=id&order=DESC`;

const SEARCHES: readonly WireStep[] = [
  { request: ['GET', listOf(['first', 'change'], `&${FIELDS_OF_A_LIST}`)] },
  { request: ['POST', '/ticket', { ...TICKET, Subject: '{run} it\'s 100% a_b "ü"' }], creates: 'odd' },
  { request: ['POST', '/ticket', { ...TICKET, Subject: '{run} its 100 axb', Queue: 'Changes' }], creates: 'plain' },
  { request: ['GET', searchFor("Subject LIKE '{run} it\\'s'")] },
  { request: ['GET', searchFor("Subject LIKE '{run} it''s'")] },
  { request: ['GET', searchFor("Subject LIKE '{run} I%\\'S 100% A_B'")] },
  { request: ['GET', searchFor("Subject LIKE '{run}' AND Subject LIKE 'a_b'")] },
  { request: ['GET', searchFor("Subject LIKE '{run}' AND (Status = 'draft' OR Status = 'DELETED')")] },
  { request: ['GET', searchFor("Subject LIKE '{run}' AND Status = '__Active__'")] },
  { request: ['GET', searchFor("Subject LIKE '{run}' AND Status = '__Inactive__'")] },
  { request: ['GET', searchFor("Subject LIKE '{run}' AND Status = 'nonsense'")] },
  { request: ['GET', '/tickets?query=id%20%3D%20999999'] },
  {
    request: [
      'GET',
      '/ticket/{first}/history?orderby=id&order=DESC&per_page=100&fields=Type,Field,OldValue,NewValue,Creator',
    ],
  },
];

const STATUSES: readonly WireStep[] = [
  { request: ['PUT', '/ticket/{first}', status('open')] },
  { request: ['PUT', '/ticket/{first}', status('open')] },
  { request: ['PUT', '/ticket/{first}', status('Stalled')] },
  { request: ['PUT', '/ticket/{first}', status('nonsense')] },
  { request: ['PUT', '/ticket/{change}', status('done')] },
  { request: ['PUT', '/ticket/{change}', status('review')] },
  { user: 'german', request: ['PUT', '/ticket/{change}', status('done')] },
  { user: 'german', request: ['PUT', '/ticket/{first}', status('open')] },
  { user: 'reader', request: ['PUT', '/ticket/{first}', status('stalled')] },
  { user: 'reader', request: ['PUT', '/ticket/{change}', status('approved')] },
  { request: ['PUT', '/ticket/999999', status('open')] },
  { request: ['GET', '/ticket/{first}/history?fields=Type,Field,OldValue,NewValue,Creator&per_page=100'] },
  { request: ['GET', '/ticket/999999/history?fields=Type&per_page=20'] },
  { request: ['GET', listOf(['first', 'change'], '&fields=_hyperlinks')] },
];

const FIELDS: readonly WireStep[] = [
  { request: ['PUT', '/ticket/{first}', {}] },
  { request: ['PUT', '/ticket/{first}', { Nonsense: 'x' }] },
  { request: ['PUT', '/ticket/{first}', { Subject: 'Renamed' }] },
  { request: ['PUT', '/ticket/{first}', { Subject: 'two\nlines' }] },
  { request: ['PUT', '/ticket/{first}', { Subject: 'x'.repeat(300) }] },
  // It counts bytes.
  { request: ['PUT', '/ticket/{first}', { Subject: 'ä'.repeat(150) }] },
  { request: ['PUT', '/ticket/{first}', { Subject: `x${'😀'.repeat(60)}` }] },
  { request: ['PUT', '/ticket/{first}', { Subject: 'a\tb\r\nc' }] },
  { request: ['PUT', '/ticket/{first}', { Subject: '  two  ' }] },
  { request: ['PUT', '/ticket/{first}', { Subject: '' }] },
  { request: ['PUT', '/ticket/{first}', { Subject: '0' }] },
  { request: ['PUT', '/ticket/{first}', { Priority: 'abc' }] },
  { request: ['PUT', '/ticket/{first}', { Priority: 50 }] },
  { request: ['PUT', '/ticket/{first}', { Owner: 'reader' }] },
  { request: ['PUT', '/ticket/{first}', { Owner: 'nobodyknows' }] },
  { request: ['PUT', '/ticket/{first}', { CustomFields: { Severity: 'High' } }] },
  { request: ['PUT', '/ticket/{first}', { CustomFields: { Severity: 'Catastrophic' } }] },
  { request: ['PUT', '/ticket/{first}', { CustomFields: { NoSuch: 'x' } }] },
  { request: ['PUT', '/ticket/{first}', { Subject: 'Four', Priority: 30, Owner: 'nobodyknows', Status: 'stalled' }] },
  { request: ['GET', '/ticket/{first}'] },
  { request: ['PUT', '/ticket/{first}/take', {}] },
  { request: ['PUT', '/ticket/{first}/take', {}] },
  { user: 'german', request: ['PUT', '/ticket/{first}/take', {}] },
  { user: 'german', request: ['PUT', '/ticket/{first}/steal', {}] },
  { request: ['PUT', '/ticket/{first}/untake', {}] },
  { user: 'german', request: ['PUT', '/ticket/{first}/untake', {}] },
  { request: ['PUT', '/ticket/{first}/steal', {}] },
  { request: ['PUT', '/ticket/{first}/take'] },
  { request: ['GET', '/ticket/{first}/history?fields=Type,Field,OldValue,NewValue,Creator&per_page=100'] },
];

const MESSAGES: readonly WireStep[] = [
  { request: ['POST', '/ticket/{first}/comment', text('A comment')] },
  { request: ['POST', '/ticket/{first}/comment', {}] },
  { request: ['POST', '/ticket/{first}/comment', { Content: 'No type' }] },
  { request: ['POST', '/ticket/{first}/correspond', text('A reply')] },
  { request: ['POST', '/ticket/{change}/comment', { ...text('With a refused status'), Status: 'done' }] },
  { user: 'reader', request: ['POST', '/ticket/{first}/comment', text('No right')] },
  { request: ['POST', '/ticket/999999/comment', text('No ticket')] },
  { request: ['PUT', '/ticket/{first}', status('resolved')] },
  { request: ['POST', '/ticket/{first}/correspond', text('Reopens')] },
  { request: ['GET', '/ticket/{first}/history?fields=Type,Field,OldValue,NewValue,Creator&per_page=100'] },
  {
    user: 'reader',
    request: ['GET', '/ticket/{first}/history?fields=Type,Field,OldValue,NewValue,Creator&per_page=100'],
  },
  { request: ['GET', '/ticket/{first}'] },
];

const LOCKS: readonly WireStep[] = [
  { request: ['PUT', '/ticket/{first}', status('stalled')], headers: { 'if-match': '"1"' } },
  { request: ['PUT', '/ticket/{first}', status('stalled')], headers: { 'if-match': '1' } },
  { request: ['PUT', '/ticket/{first}', status('stalled')], headers: { 'if-match': '*' } },
  { request: ['GET', '/ticket/{first}'] },
  { request: ['PUT', '/ticket/{first}', status('open')], headers: { 'if-match': '{etag}' } },
  { request: ['PUT', '/ticket/{first}', status('stalled')], headers: { 'if-match': '{etag}' } },
  { request: ['POST', '/ticket/{first}/comment', text('Locked')], headers: { 'if-match': '{etag}' } },
];

const CREATIONS: readonly WireStep[] = [
  { request: ['POST', '/ticket', { Subject: 'No queue' }] },
  { request: ['POST', '/ticket', { ...TICKET, Queue: 'Nope' }] },
  { user: 'reader', request: ['POST', '/ticket', TICKET] },
  { request: ['POST', '/ticket', { ...TICKET, Status: 'nonsense' }] },
  { request: ['POST', '/ticket', { ...TICKET, Owner: 'nobodyknows', Subject: 'Unknown owner' }], creates: 'second' },
  { request: ['GET', '/ticket/{second}'] },
  { request: ['POST', '/ticket/{second}', TICKET] },
  {
    request: ['POST', '/ticket', { ...TICKET, Subject: 'ä'.repeat(150), Requestor: 'not an address' }],
    creates: 'cut',
  },
  { request: ['GET', '/ticket/{cut}'] },
  {
    request: [
      'POST',
      '/ticket',
      { ...TICKET, Requestor: 'a@b.example, c@d.example', CustomFields: { severity: 'high' } },
    ],
    creates: 'loose',
  },
  { request: ['GET', '/ticket/{loose}'] },
];

const ENDS: readonly WireStep[] = [
  { request: ['PUT', '/ticket/{second}', { MergeInto: '{first}' }] },
  { request: ['GET', '/ticket/{second}/history?fields=Type,Field,OldValue,NewValue,Creator&per_page=100'] },
  { request: ['GET', '/ticket/{second}'] },
  { request: ['PUT', '/ticket/{second}', { Subject: 'Of the merged' }] },
  { request: ['GET', listOf(['second'])] },
  { user: 'reader', request: ['DELETE', '/ticket/{first}'] },
  { request: ['DELETE', '/ticket/{change}'] },
  { request: ['DELETE', '/ticket/999999'] },
  { request: ['DELETE', '/ticket/{first}'] },
  { request: ['DELETE', '/ticket/{first}'] },
  { request: ['GET', '/ticket/{first}'] },
  { request: ['GET', listOf(['first'])] },
  { request: ['GET', '/ticket/{first}/history?fields=Type,Field,OldValue,NewValue,Creator&per_page=100'] },
];

const STEPS = [...READS, ...SIGN_IN, ...SEARCHES, ...STATUSES, ...FIELDS, ...MESSAGES, ...LOCKS, ...CREATIONS, ...ENDS];

/** Sends all requests in order. Returns the normalized answers. */
export async function runWire(world: RtWorld): Promise<WireAnswer[]> {
  const tickets = new Map<string, string>();
  const run = crypto.randomUUID().slice(0, 8);
  let etag = '"0"';
  const fill = (template: string): string =>
    template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => tickets.get(name) ?? { run, etag }[name] ?? whole);
  const answers: WireAnswer[] = [];
  for (const step of STEPS) {
    const answer = await sendStep(world, step, fill);
    if (step.creates !== undefined) tickets.set(step.creates, String(answer.body.id));
    etag = answer.headers.get('etag') ?? etag;
    const words = { [world.ownUrl]: '{url}', [run]: '{run}' };
    answers.push({ request: describeStep(step), ...normalize(answer, words, tickets) });
  }
  return answers;
}

function sendStep(
  world: RtWorld,
  { user = 'gateway', request: [method, path, body], headers = {} }: WireStep,
  fill: (template: string) => string,
): Promise<RtAnswer> {
  const filled = body === undefined ? undefined : (JSON.parse(fill(JSON.stringify(body))) as unknown);
  const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fill(value)]));
  return world.send(user, method, fill(path), filled, sent);
}

function describeStep({ user = 'gateway', request: [method, path, body], headers }: WireStep): string {
  return [`${user}: ${method} ${path}`, body, headers]
    .filter((part) => part !== undefined)
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
    .join(' ');
}

/** What is kept of the document of a user. */
const USER_FIELDS = ['id', 'Name', 'Lang'];

/** Replaces what differs from run to run: addresses, numbers and times, and the order of custom fields. */
function normalize(
  answer: RtAnswer,
  words: Readonly<Record<string, string>>,
  tickets: ReadonlyMap<string, string>,
): Omit<WireAnswer, 'request'> {
  const names = new Map([...tickets].map(([name, id]) => [id, `{${name}}`]));
  const inId = (id: string): string => names.get(id) ?? id;
  const inText = (value: string): string =>
    Object.entries(words)
      .reduce((text, [word, name]) => text.replaceAll(word, name), value)
      .replaceAll(/(\/transaction\/)\d+/g, '$1{n}')
      .replaceAll(/(\bticket\/|\bTicket |\bid\+%3D\+)(\d+)/g, (_, before: string, id: string) => before + inId(id))
      .replaceAll(/(?!1970)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '{time}')
      .replaceAll(/ at \S+ line \d+\./g, ' at {place}.')
      .replace(/^Wrong query, .*/s, 'Wrong query, {why}');
  const inValue = (value: unknown): unknown => {
    if (typeof value === 'string') return inText(value);
    if (Array.isArray(value)) return value.map(inValue).toSorted(byCustomField);
    return typeof value === 'object' && value !== null ? inObject(value as Readonly<Record<string, unknown>>) : value;
  };
  const inObject = (value: Readonly<Record<string, unknown>>): unknown => {
    const kept = 'Privileged' in value ? USER_FIELDS : Object.keys(value).filter((key) => key !== 'Told');
    const sorted = kept
      .filter((key) => key in value)
      .map((key) => [key, value[key]] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
    return Object.fromEntries(sorted.map(([key, inner]) => [key, key === 'id' ? idIn(value, inner) : inValue(inner)]));
  };
  // A ticket's own id is a number, all others are text.
  const idIn = (value: Readonly<Record<string, unknown>>, id: unknown): unknown => {
    if (value['type'] === 'transaction') return '{n}';
    // Queues, users and custom fields are seeded, with numbers that a ticket may have as well.
    if (value['type'] !== 'ticket' && !('EffectiveId' in value)) return id;
    return typeof id === 'number' ? `number ${inId(String(id))}` : inId(String(id));
  };
  const location = answer.headers.get('location');
  return {
    status: answer.status,
    type: answer.headers.get('content-type')?.split(';')[0] ?? null,
    ...(location !== null && { location: inText(location) }),
    ...(answer.headers.has('etag') && { hasEtag: true }),
    body: inValue(answer.body),
  };
}

/** RT gives the custom fields of a ticket in any order. */
function byCustomField(one: unknown, other: unknown): number {
  return numberOf(one) - numberOf(other);
}

function numberOf(value: unknown): number {
  const isField = typeof value === 'object' && value !== null && 'values' in value && 'id' in value;
  return isField ? Number(value.id) : 0;
}
