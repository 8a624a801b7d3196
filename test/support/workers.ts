/** Runs ticketgraph with several workers, and shows which of them answers. */
import { Client } from 'undici';
import { expect, onTestFinished } from 'vitest';
import type { Answer } from './endpoint.ts';
import { startProcess, type RunningProcess } from './process.ts';

/** One connection, and so always the same worker. */
export interface Connection {
  /** Of the worker. */
  readonly pid: number;
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
  get(path: string): Promise<{ readonly status: number; readonly text: string }>;
}

/** Its `pid` is that of the primary process. */
export interface RunningWorkers extends Omit<RunningProcess, 'end'> {
  /** The lines of the log. */
  log(): readonly Readonly<Record<string, unknown>>[];
  connect(): Promise<Connection>;
  /** Sends one request over a connection of its own. */
  askAlone(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** One connection to each of `count` workers. */
  connectToEach(count: number): Promise<readonly Connection[]>;
}

/** @param environment its environment in addition to a free port. Ended after the test. */
export function startWithWorkers(environment: Readonly<Record<string, string>>): RunningWorkers {
  const { pid, ready, exited, output, signal, end } = startProcess({ WORKERS: '2', ...environment });
  const log = (): Readonly<Record<string, unknown>>[] =>
    output()
      .split('\n')
      .flatMap((line) => (/^{"level".*}$/.test(line) ? [JSON.parse(line) as Record<string, unknown>] : []));
  const clients: Client[] = [];
  onTestFinished(async () => {
    await Promise.all(clients.map((client) => client.destroy()));
    await end();
  });
  const open = async (): Promise<Client> => {
    const { origin } = new URL(await ready);
    return new Client(origin, { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 600_000 });
  };
  let count = 0;
  const connect = async (): Promise<Connection> => {
    const client = await open();
    clients.push(client);
    const requestId = `connection-${(count += 1)}`;
    await post(client, { query: '{ __typename }' }, { 'x-request-id': requestId });
    const findLine = () => log().find((line) => line['requestId'] === requestId);
    await expect.poll(findLine, { interval: 10 }).toBeDefined();
    return {
      pid: findLine()!['pid'] as number,
      ask: (query, variables) => post(client, { query, variables }),
      async get(path) {
        const response = await client.request({ method: 'GET', path });
        return { status: response.statusCode, text: await response.body.text() };
      },
    };
  };
  return {
    pid,
    ready,
    exited,
    output,
    log,
    signal,
    connect,
    async askAlone(query, variables) {
      const client = await open();
      try {
        return await post(client, { query, variables });
      } finally {
        await client.destroy();
      }
    },
    async connectToEach(wanted) {
      const found = new Map<number, Connection>();
      while (found.size < wanted) {
        const connection = await connect();
        found.set(connection.pid, connection);
      }
      return [...found.values()];
    },
  };
}

async function post(client: Client, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const response = await client.request({
    method: 'POST',
    path: '/graphql',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return (await response.body.json()) as Answer;
}
