/** The parts of undici that most installations need, loaded by their files: all of undici takes four times as long (docs/performance.md#undici-parts). */
import { createRequire } from 'node:module';
import type * as undici from 'undici';

const load = createRequire(import.meta.url);

export const Pool = load('undici/lib/dispatcher/pool.js') as typeof undici.Pool;
export type Pool = undici.Pool;

export const buildConnector = load('undici/lib/core/connect.js') as typeof undici.buildConnector;

/** Loads all of undici, whose index adds the methods that a proxy needs. Called only with a proxy. */
export function createProxyAgent(options: undici.ProxyAgent.Options): undici.ProxyAgent {
  const { ProxyAgent } = load('undici') as typeof undici;
  return new ProxyAgent(options);
}
