/** The load: operations sent to one server, a fixed number of them, a fixed number at a time. */
import { Pool } from 'undici';
import type { Contestant } from './servers/index.ts';
import type { Workload } from './workloads.ts';

export interface Target {
  /** Sends operation n; the answer's text. Fails for any status but 200. */
  ask(workload: Asked, n: number): Promise<string>;
  close(): Promise<void>;
}

export type Asked = Pick<Workload, 'query' | 'variables' | 'path'>;

const CONNECTIONS = 32;

export function createTarget(url: string, { graphqlPath }: Pick<Contestant, 'graphqlPath'>): Target {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return {
    async ask({ query, variables, path }, n) {
      const body = JSON.stringify(graphqlPath === null ? variables(n) : { query, variables: variables(n) });
      const answer = await pool.request({ method: 'POST', path: graphqlPath ?? path, headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode}: ${text.slice(0, 500)}`);
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
  /** Whether errors in the answer are what is wanted. */
  readonly allowsErrors?: boolean;
}

/** Fails at the first answer that has errors. */
export async function send(target: Target, workload: Asked, load: Load): Promise<void> {
  const { operations, concurrency, from, allowsErrors = false } = load;
  let sent = 0;
  const client = async (): Promise<void> => {
    while (sent < operations) {
      const text = await target.ask(workload, from + sent++);
      if (!allowsErrors && text.includes('"errors"')) throw new Error(`An operation failed: ${text.slice(0, 500)}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
}
