/** The two parts of undici in use, loaded by their files: all of undici takes four times as long (docs/performance.md#undici-parts). */
import { createRequire } from 'node:module';
import type * as undici from 'undici';

const load = createRequire(import.meta.url);

export const Pool = load('undici/lib/dispatcher/pool.js') as typeof undici.Pool;
export type Pool = undici.Pool;

/** Loads its module on the first call, i.e. only with a proxy. */
export function createProxyAgent(options: undici.ProxyAgent.Options): undici.ProxyAgent {
  const ProxyAgent = load('undici/lib/dispatcher/proxy-agent.js') as typeof undici.ProxyAgent;
  return new ProxyAgent(options);
}
