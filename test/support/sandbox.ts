/** Starts the server over the sandbox: real HTTP on both sides, and the vendors' ledgers for assertions. */
import { onTestFinished } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import { startSandbox } from '../../sandbox/index.ts';
import type { NamedFaults } from '../../sandbox/named-faults.ts';
import type { LedgerEntry, RunningVendor } from '../../sandbox/server.ts';
import { startEndpoint, type Endpoint, type EndpointOptions } from './endpoint.ts';
import { isSignIn } from './samples.ts';

export interface World extends Endpoint {
  vendor(key: string): RunningVendor;
  /** Requests received by a vendor, except for sign-in. */
  calls(key: string): LedgerEntry[];
  /** Clears the ledgers. */
  forget(): void;
}

export interface WorldOptions extends EndpointOptions {
  /** Keys of the vendors. Defaults to all. */
  readonly keys?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Faults by vendor key. Defaults to none. */
  readonly faults?: NamedFaults | undefined;
}

/** Closed after the test. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const sandbox = await startSandbox(options.keys ?? vendors.map(({ key }) => key), { faults: options.faults });
  const endpoint = await startEndpoint({ ...sandbox.settings, ...options.environment }, options);
  onTestFinished(async () => {
    await endpoint.close();
    await sandbox.close();
  });
  const vendor = (key: string): RunningVendor => {
    const found = sandbox.vendors.find((running) => running.key === key);
    if (!found) throw new TypeError(`No vendor ${key} on this server.`);
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
