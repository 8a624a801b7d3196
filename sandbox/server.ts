/**
 * Hosts one simulated vendor over real HTTP on loopback and keeps its ledger: every request that
 * arrived, and every change that the vendor made. Tests judge ticketgraph by this ledger alone.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isCarriedOut, sendWithFault, type FaultPlan } from './faults.ts';
import type { ReceivedRequest, AppliedEffect, CannedResponse, SimulatedVendor, Simulation } from './simulation.ts';

/** One line of the ledger: what arrived, and the status it was answered with. */
export interface LedgerEntry {
  readonly arrival: ReceivedRequest;
  /** Undefined while, or if ever, there is no answer. */
  status: number | undefined;
  /** Whether the answer went out whole, or the connection ended before, on either side; undefined while it is open. */
  end: 'answered' | 'cut' | undefined;
}

export interface RunningVendor {
  readonly key: string;
  /** Base address without a slash at its end, e.g. `http://127.0.0.1:41234`. */
  readonly url: string;
  /** The environment with which ticketgraph talks to this vendor. */
  readonly settings: Record<string, string>;
  readonly vendor: SimulatedVendor;
  /** Requests in the order in which they arrived. */
  readonly ledger: LedgerEntry[];
  /** Changes in the order in which they were made. */
  readonly effects: AppliedEffect[];
  /** Faults for requests to come; undefined for none. */
  faults: FaultPlan | undefined;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly port?: number;
  readonly now?: () => number;
  /**
   * Keeps the ledger; off for a sandbox that runs for days, since the ledger grows with each request.
   * On by default.
   */
  readonly keepLedger?: boolean;
}

/** Starts a simulation on a free loopback port. */
export async function startVendor(simulation: Simulation, options: StartOptions = {}): Promise<RunningVendor> {
  const keep = options.keepLedger ?? true;
  const effects: AppliedEffect[] = [];
  const ledger: LedgerEntry[] = [];
  const vendor = simulation.start({
    now: options.now ?? Date.now,
    applied: (effect) => {
      if (keep) effects.push(effect);
    },
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrival = await readArrival(request);
    const entry: LedgerEntry = { arrival, status: undefined, end: undefined };
    if (keep) ledger.push(entry);
    response.once('close', () => {
      entry.end = response.writableFinished ? 'answered' : 'cut';
    });
    const fault = running.faults?.(arrival);
    const reply = isCarriedOut(fault) ? handle(vendor, arrival) : undefined;
    entry.status = fault?.kind === 'answer' ? fault.reply.status : reply?.status;
    await sendWithFault(response, reply, fault);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const url = await listen(server, options.port ?? 0);
  const running: RunningVendor = {
    key: simulation.key,
    url,
    settings: simulation.settings(url),
    vendor,
    ledger,
    effects,
    faults: undefined,
    close: () => close(server),
  };
  return running;
}

/** A mistake in a simulation must be seen as such, not as the vendor's own refusal. */
function handle(vendor: SimulatedVendor, arrival: ReceivedRequest): CannedResponse {
  try {
    return vendor.handle(arrival);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 599, headers: { 'content-type': 'text/plain' }, body: `sandbox defect: ${detail}` };
  }
}

async function readArrival(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    target,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
