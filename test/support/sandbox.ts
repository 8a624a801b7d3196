/** The endpoint over the sandbox: real HTTP on both sides, and the vendors' ledgers to judge by. */
import { onTestFinished } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { startSandbox } from '../../sandbox/index.ts';
import type { NamedFaults } from '../../sandbox/named-faults.ts';
import type { LedgerEntry, RunningVendor } from '../../sandbox/server.ts';
import { startEndpoint, type Endpoint, type EndpointOptions } from './endpoint.ts';
import { isSignIn } from './samples.ts';

export interface World extends Endpoint {
  vendor(key: string): RunningVendor;
  /** Requests that reached a vendor, without those of signing in. */
  calls(key: string): LedgerEntry[];
  /** Forgets what has been sent so far. */
  forget(): void;
}

export interface WorldOptions extends EndpointOptions {
  /** Which vendors; all where left out. */
  readonly keys?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** How which vendors fail, by name; none does where left out. */
  readonly faults?: NamedFaults | undefined;
}

/** Ends with the test that started it. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const sandbox = await startSandbox(options.keys ?? vendors.map(({ key }) => key), { faults: options.faults });
  const endpoint = await startEndpoint({ ...sandbox.settings, ...options.environment }, options);
  onTestFinished(async () => {
    await endpoint.close();
    await sandbox.close();
  });
  const vendor = (key: string): RunningVendor => {
    const found = sandbox.vendors.find((running) => running.key === key);
    if (!found) throw new TypeError(`No vendor ${key} in this world.`);
    return found;
  };
  return {
    ...endpoint,
    vendor,
    calls: (key) => vendor(key).ledger.filter(({ arrival }) => !isSignIn(arrival)),
    forget() {
      for (const { ledger, effects } of sandbox.vendors) {
        ledger.length = 0;
        effects.length = 0;
      }
    },
  };
}
