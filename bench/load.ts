/** Load generator: sends a fixed number of operations to one server with fixed concurrency. */
import { Pool } from 'undici';
import type { ServerDefinition } from './servers/index.ts';
import type { Workload } from './workloads.ts';

export interface Target {
  /** Sends operation n. Resolves to the response text, and rejects for any status other than 200. */
  send(workload: Operation, n: number): Promise<string>;
  close(): Promise<void>;
}

export type Operation = Pick<Workload, 'query' | 'variables' | 'path'>;

const CONNECTIONS = 32;

export function createTarget(url: string, { graphqlPath }: Pick<ServerDefinition, 'graphqlPath'>): Target {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return {
    async send({ query, variables, path }, n) {
      const body = JSON.stringify(graphqlPath === null ? variables(n) : { query, variables: variables(n) });
      const response = await pool.request({ method: 'POST', path: graphqlPath ?? path, headers, body });
      const text = await response.body.text();
      if (response.statusCode !== 200)
        throw new Error(`${url} responded with ${response.statusCode}: ${text.slice(0, 500)}`);
      return text;
    },
    close: () => pool.close(),
  };
}

export interface Load {
  readonly operations: number;
  readonly concurrency: number;
  /** Number of the first operation. */
  readonly from: number;
  /** Whether GraphQL errors are expected. Defaults to false. */
  readonly allowErrors?: boolean;
}

/** Rejects at the first response with errors. */
export async function sendAll(target: Target, workload: Operation, load: Load): Promise<void> {
  const { operations, concurrency, from, allowErrors = false } = load;
  let sent = 0;
  const client = async (): Promise<void> => {
    while (sent < operations) {
      const text = await target.send(workload, from + sent++);
      if (!allowErrors && text.includes('"errors"')) throw new Error(`An operation failed: ${text.slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
}
