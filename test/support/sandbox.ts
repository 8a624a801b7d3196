/** Starts the server over the sandbox: real HTTP on both sides, and the vendors' ledgers for assertions. */
import { expect, onTestFinished } from 'vitest';
import { vendorKeyOf } from '../../datasources/vendor-kit/source-key.ts';
import { vendors } from '../../datasources/vendors.ts';
import { startSandbox } from '../../sandbox/index.ts';
import type { NamedFaults } from '../../sandbox/named-faults.ts';
import type { LedgerEntry, RunningVendor } from '../../sandbox/server.ts';
import { startEndpoint, type Endpoint, type EndpointOptions } from './endpoint.ts';
import { isSignIn } from './samples.ts';

export interface TestServer extends Endpoint {
  vendor(key: string): RunningVendor;
  /** Requests received by a vendor, except for sign-in. */
  calls(key: string): LedgerEntry[];
  /** Clears the ledgers. */
  forget(): void;
}

export interface TestServerOptions extends EndpointOptions {
  /**
   * Keys of the sources. Defaults to all vendors. With a further source, the default source of its vendor is started, too:
   * unless it is among the keys, the test fails if it receives anything.
   */
  readonly keys?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Faults by vendor key. Defaults to none. */
  readonly faults?: NamedFaults | undefined;
  /** Whether to start no source but those of the keys. */
  readonly isAlone?: boolean;
}

/** Closed after the test. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const keys = options.keys ?? vendors.map(({ key }) => key);
  const bystanders = options.isAlone ? [] : bystandersOf(keys);
  const sandbox = await startSandbox([...keys, ...bystanders], { faults: options.faults });
  const endpoint = await startEndpoint({ ...sandbox.settings, ...options.environment }, options);
  onTestFinished(async () => {
    await endpoint.close();
    await sandbox.close();
    expectNothingReceived(sandbox.vendors.filter(({ key }) => bystanders.includes(key)));
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
      for (const { key, ledger, effects } of sandbox.vendors) {
        if (bystanders.includes(key)) continue;
        ledger.length = 0;
        effects.length = 0;
      }
    },
  };
}

/** The default sources of the vendors of further ones, unless they are among the keys. */
export function bystandersOf(keys: readonly string[]): readonly string[] {
  const vendorKeys = keys.map(vendorKeyOf);
  return [...new Set(vendorKeys)].filter((key) => !keys.includes(key));
}

/** What the caller addressed to one source must not reach another, be it only a sign-in. */
export function expectNothingReceived(sources: readonly Pick<RunningVendor, 'key' | 'ledger'>[]): void {
  const received = sources.flatMap(({ key, ledger }) =>
    ledger.map(({ arrival }) => `${key} ${arrival.method} ${arrival.target}`),
  );
  expect(received, 'a source that the test has not addressed has received').toEqual([]);
}
