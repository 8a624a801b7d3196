/** The sandbox: a simulated vendor for each key, listening on loopback. */
import { toPlan, type NamedFaults } from './named-faults.ts';
import type { Simulation } from './simulation.ts';
import { startVendor, type RunningVendor, type StartOptions } from './server.ts';

export interface Sandbox {
  readonly vendors: readonly RunningVendor[];
  /** The environment with which ticketgraph talks to all of them. */
  readonly settings: Record<string, string>;
  close(): Promise<void>;
}

export interface SandboxOptions extends StartOptions {
  /** How which vendors fail; none does where left out. */
  readonly faults?: NamedFaults | undefined;
}

/** @param keys which vendors; each has its file in `vendors/`. */
export async function startSandbox(
  keys: readonly string[],
  { faults, ...options }: SandboxOptions = {},
): Promise<Sandbox> {
  const start = async (key: string): Promise<RunningVendor> => {
    const simulation = await loadSimulation(key);
    const running = await startVendor(simulation, options);
    const name = faults?.get(key);
    if (name !== undefined) running.faults = toPlan(name, simulation);
    return running;
  };
  const vendors = await Promise.all(keys.map(start));
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
