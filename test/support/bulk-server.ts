/** A server over a simulated vendor with many tickets, both closed after the test. */
import { expect, onTestFinished } from 'vitest';
import { startEndpoint, type Endpoint, type EndpointOptions } from './endpoint.ts';
import { startManyTickets, type ManyTickets } from './many-tickets.ts';

export interface BulkServer {
  readonly vendor: ManyTickets;
  readonly server: Endpoint;
}

/** @param settings in addition to those of the vendor */
export async function startBulkServer(
  count: number,
  settings: Readonly<Record<string, string>> = {},
  options?: EndpointOptions,
): Promise<BulkServer> {
  const vendor = await startManyTickets(count);
  const server = await startEndpoint({ ...vendor.settings, ...settings }, options);
  onTestFinished(async () => {
    await server.close(0);
    await vendor.close();
    expect(server.defects).toEqual([]);
  });
  return { vendor, server };
}
