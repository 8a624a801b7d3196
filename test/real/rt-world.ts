/**
 * A running Request Tracker, the real one or the sandbox's, as seen by the suites that hold both to the same promises: its
 * REST 2.0 without ticketgraph in between, and its own history.
 */
import { loadSimulation } from '../../sandbox/index.ts';
import { startVendor } from '../../sandbox/server.ts';

/** The seeded users and their passwords. `reader` may only look at the queue Support; `german` is answered in German. */
export const PASSWORDS = {
  gateway: 'gateway-pass',
  german: 'german-pass',
  reader: 'reader-pass',
  root: 'password',
} as const;

export type RtUser = keyof typeof PASSWORDS;

export interface RtAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or the text if it is not JSON. */
  // The shape depends on the request; tests pick from it or compare it whole.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** One entry of a ticket's history, in RT's machine words. */
export interface Change {
  /** Number of the transaction; later ones are greater. */
  readonly id: number;
  /** E.g. `Create`, `Status`, `Set`, `Comment`, `Correspond`. */
  readonly type: string;
  readonly field: string;
  readonly from: string;
  readonly to: string;
  /** Name of the user. */
  readonly by: string;
}

export interface RtWorld {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** The base URL that RT believes it has, and gives in its answers. */
  readonly ownUrl: string;
  /** An auth token of `gateway`. */
  readonly token: string;
  /** Sends one request as a user. @param path below `/REST/2.0`. */
  send(
    user: RtUser,
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<RtAnswer>;
  close(): Promise<void>;
}

/** The RT that `start-rt.sh` started around this process. */
export async function openRealRt(): Promise<RtWorld> {
  const url = process.env['REAL_RT_URL'];
  if (!url) throw new Error('REAL_RT_URL is not set. Run this test with: npm run test:real.');
  const token = process.env['REAL_RT_TOKEN'] ?? '';
  return { url, ownUrl: url, token, send: (...request) => send(url, ...request), close: async () => undefined };
}

/** The simulation of the sandbox, newly started. */
export async function openSandboxRt(): Promise<RtWorld> {
  const simulation = await loadSimulation('rt');
  const { url, close } = await startVendor(simulation);
  const token = simulation.samples.connections!.find(({ settings }) => settings['RT_TOKEN'])!.settings['RT_TOKEN']!;
  return { url, ownUrl: 'http://rt.example', token, send: (...request) => send(url, ...request), close };
}

/** Settings that connect ticketgraph as a user. @param url of the RT, or of a proxy in front of it. */
export function settingsFor(url: string, user: RtUser = 'gateway'): Record<string, string> {
  return { RT_URL: url, RT_USERNAME: user, RT_PASSWORD: PASSWORDS[user] };
}

async function send(
  url: string,
  ...[user, method, path, body, headers]: Parameters<RtWorld['send']>
): Promise<RtAnswer> {
  const authorization = `Basic ${Buffer.from(`${user}:${PASSWORDS[user]}`).toString('base64')}`;
  const response = await fetch(`${url}/REST/2.0${path}`, {
    method,
    redirect: 'manual',
    headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// ---------------------------------------------------------------- what RT recorded

/** What RT's mail and its scheduled jobs record; no change of a ticket. */
const NO_CHANGES = new Set(['EmailRecord', 'CommentEmailRecord', 'SystemError']);

/** Returns the history of a ticket, oldest first, as the administrator sees it. */
export async function historyOf(world: RtWorld, id: number): Promise<Change[]> {
  const query = 'fields=Type,Field,OldValue,NewValue,Creator&per_page=100';
  const { status, body } = await world.send('root', 'GET', `/ticket/${id}/history?${query}`);
  if (status !== 200) throw new Error(`The history of ticket ${id} answered ${status}.`);
  if (Number(body.pages) > 1) throw new Error(`The history of ticket ${id} has more than one page.`);
  return (body.items as Record<string, any>[]) // eslint-disable-line @typescript-eslint/no-explicit-any
    .filter(({ Type }) => !NO_CHANGES.has(Type as string))
    .map((item) => ({
      id: Number(item['id']),
      type: item['Type'],
      field: item['Field'],
      from: item['OldValue'],
      to: item['NewValue'],
      by: item['Creator'].id,
    }));
}

/** Returns the numbers of all tickets that a user may see, except for deleted and merged ones. Pages by id, not by offset. */
export async function visibleTickets(world: RtWorld, user: RtUser = 'gateway'): Promise<number[]> {
  const ids: number[] = [];
  for (;;) {
    const query = encodeURIComponent(`id > ${ids.at(-1) ?? 0}`);
    const { body } = await world.send(user, 'GET', `/tickets?query=${query}&orderby=id&order=ASC&per_page=100`);
    const page = (body.items as { id: string | number }[]).map(({ id }) => Number(id));
    if (page.length === 0) return ids;
    ids.push(...page);
  }
}

// ---------------------------------------------------------------- tickets of a test's own

export interface NewTicket {
  readonly queue?: 'Support' | 'Changes';
  readonly subject?: string;
  /** Statuses to lead it through. Defaults to none. */
  readonly path?: readonly string[];
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Creates a ticket without ticketgraph. Returns its number. */
export async function createTicket(
  world: RtWorld,
  { queue = 'Support', subject = 'A ticket of a test', path = [], fields = {} }: NewTicket = {},
): Promise<number> {
  const input = { Queue: queue, Subject: subject, Requestor: 'anna@example.com', ...fields };
  const { status, body } = await world.send('gateway', 'POST', '/ticket', input);
  if (status !== 201) throw new Error(`Ticket not created: ${status} ${JSON.stringify(body)}`);
  const id = Number(body.id);
  for (const next of path) await moveTicket(world, id, next);
  return id;
}

/** Changes the status without ticketgraph. @throws if the ticket does not have it afterwards. */
export async function moveTicket(world: RtWorld, id: number, status: string): Promise<void> {
  const { body } = await world.send('gateway', 'PUT', `/ticket/${id}`, { Status: status });
  const reached = await statusOf(world, id);
  if (reached !== status) throw new Error(`Ticket ${id} is ${reached}, not ${status}: ${JSON.stringify(body)}`);
}

export async function statusOf(world: RtWorld, id: number): Promise<string> {
  const { body } = await world.send('root', 'GET', `/ticket/${id}`);
  return body.Status;
}
