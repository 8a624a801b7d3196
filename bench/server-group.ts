/** Starts the upstream and the servers to compare, and checks that all return the same responses. */
import { isDeepStrictEqual } from 'node:util';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTarget, type Target } from './load.ts';
import { start, type Running } from './processes.ts';
import { SERVERS, type ServerName } from './servers/index.ts';
import { WORKLOADS, type WorkloadName } from './workloads.ts';

export interface RunningServer {
  readonly name: ServerName;
  readonly process: Running;
  readonly target: Target;
}

export interface ServerGroup {
  readonly servers: readonly RunningServer[];
  readonly upstream: Running;
  /** Returns the upstream's request counts by endpoint since the last call. */
  takeUpstreamCounts(): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Node options of each measured server, e.g. to profile it. */
  readonly nodeArguments?: readonly string[];
  /** How the copy of ticketgraph differs from ticketgraph. */
  readonly copy?: {
    readonly environment: Readonly<Record<string, string>>;
    /** The checkout that it is started from. Defaults to this one. */
    readonly root?: string | undefined;
  };
}

export async function startServers(
  names: readonly ServerName[],
  { nodeArguments = [], copy }: StartOptions = {},
): Promise<ServerGroup> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-bench-'));
  const upstream = await start('bench/upstream.ts', { isMeasured: false });
  const servers: RunningServer[] = [];
  for (const name of names) {
    const { file, environment, ...contestant } = SERVERS[name];
    const own = join(folder, name);
    mkdirSync(own);
    const variant = name === 'ticketgraph-copy' ? copy : undefined;
    const options = {
      isMeasured: true,
      environment: { ...environment(upstream.url, own), ...variant?.environment },
      root: variant?.root,
      nodeArguments,
      logFile: join(own, 'log'),
    };
    const process = await start(file, options);
    servers.push({ name, process, target: createTarget(process.url, contestant) });
  }
  return {
    servers,
    upstream,
    takeUpstreamCounts: async () =>
      (await (await fetch(`${upstream.url}/bench/counts`)).json()) as Record<string, number>,
    async stop() {
      await Promise.all(servers.map(({ target }) => target.close()));
      await Promise.all([upstream, ...servers.map(({ process }) => process)].map((one) => one.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface ServerResponse {
  readonly server: ServerName;
  readonly response: unknown;
  /** Upstream calls. */
  readonly calls: number;
}

/** Returns each server's response to one operation, and its number of upstream calls. */
export async function queryAll(
  { servers, takeUpstreamCounts }: ServerGroup,
  name: WorkloadName,
): Promise<ServerResponse[]> {
  const responses: ServerResponse[] = [];
  for (const { name: server, target } of servers) {
    // The first operation may sign in, so only the second one is counted.
    await target.send(WORKLOADS[name], 1);
    await takeUpstreamCounts();
    const response: unknown = JSON.parse(await target.send(WORKLOADS[name], 2));
    responses.push({ server, response, calls: sumOf(await takeUpstreamCounts()) });
  }
  return responses;
}

/** @throws Error if a response differs from the first server's, or the number of upstream calls is wrong. */
export async function expectSameResponses(group: ServerGroup, names: readonly WorkloadName[]): Promise<void> {
  for (const name of names) {
    const responses = await queryAll(group, name);
    for (const { server, response, calls } of responses) {
      const expected = responses[0]!.response;
      if (!isDeepStrictEqual(response, expected)) {
        throw new Error(
          `${server} returns another response to ${name}:\n${JSON.stringify(response)}\n${JSON.stringify(expected)}`,
        );
      }
      if (calls !== WORKLOADS[name].upstreamCalls)
        throw new Error(`${server} makes ${calls} upstream calls for ${name}.`);
    }
  }
}

export function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
