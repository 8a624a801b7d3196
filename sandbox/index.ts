/** The sandbox: a simulated vendor for each key, listening on loopback. */
import type { Simulation } from './simulation.ts';
import { startVendor, type RunningVendor, type StartOptions } from './server.ts';

export interface Sandbox {
  readonly vendors: readonly RunningVendor[];
  /** The environment with which ticketgraph talks to all of them. */
  readonly settings: Record<string, string>;
  close(): Promise<void>;
}

/** @param keys which vendors; each has its file in `vendors/`. */
export async function startSandbox(keys: readonly string[], options: StartOptions = {}): Promise<Sandbox> {
  const vendors = await Promise.all(keys.map(async (key) => startVendor(await loadSimulation(key), options)));
  return {
    vendors,
    settings: Object.assign({}, ...vendors.map(({ settings }) => settings)) as Record<string, string>,
    async close() {
      await Promise.all(vendors.map((vendor) => vendor.close()));
    },
  };
}

export async function loadSimulation(key: string): Promise<Simulation> {
  const module = (await import(`./vendors/${key}.ts`)) as { simulation: Simulation };
  return module.simulation;
}
