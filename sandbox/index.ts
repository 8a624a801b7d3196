/**
 * The sandbox: simulated vendors, listening on loopback.
 *
 * A key is that of a vendor (`acme`) or of another installation of it (`acme@emea`), which has tickets of its own.
 */
import { toFaultPlan, type NamedFaults } from './named-faults.ts';
import type { Simulation } from './simulation.ts';
import { startVendor, type RunningVendor, type StartOptions } from './server.ts';

export interface Sandbox {
  readonly vendors: readonly RunningVendor[];
  /** Environment variables that connect ticketgraph to all vendors, in its spelling for further installations. */
  readonly settings: Record<string, string>;
  close(): Promise<void>;
}

export interface SandboxOptions extends StartOptions {
  /** Named faults by vendor. Defaults to none. */
  readonly faults?: NamedFaults | undefined;
}

/** @param keys what to start; each vendor has a file in `vendors/`. */
export async function startSandbox(
  keys: readonly string[],
  { faults, ...options }: SandboxOptions = {},
): Promise<Sandbox> {
  const start = async (key: string): Promise<RunningVendor> => {
    const [vendor = key] = key.split('@');
    const simulation = await loadSimulation(vendor);
    const running = await startVendor(simulation, { ...options, key });
    const name = faults?.get(key);
    if (name !== undefined) running.faults = toFaultPlan(name, simulation);
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
