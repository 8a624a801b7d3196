/**
 * Hosts one simulated vendor over HTTP on loopback and keeps its ledger: every request that it received, and every
 * change that it made. Tests compare outcomes with this ledger only.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isCarriedOut, sendWithFault, type FaultPlan } from './faults.ts';
import type { ReceivedRequest, AppliedEffect, CannedResponse, SimulatedVendor, Simulation } from './simulation.ts';

/** A ledger entry: the request, and the status of its response. */
export interface LedgerEntry {
  readonly arrival: ReceivedRequest;
  /** `undefined` until there is a response, if there ever is one. */
  status: number | undefined;
  /**
   * `answered` if the whole response was sent, `cut` if either side closed the connection before. `undefined` while it
   * is open.
   */
  end: 'answered' | 'cut' | undefined;
}

export interface RunningVendor {
  readonly key: string;
  /** Base URL without a trailing slash, e.g. `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Environment variables that connect ticketgraph to this vendor. */
  readonly settings: Record<string, string>;
  readonly vendor: SimulatedVendor;
  /** Requests in the order of arrival. */
  readonly ledger: LedgerEntry[];
  /** Changes in the order in which they were made. */
  readonly effects: AppliedEffect[];
  /** Faults for future requests. Set to `undefined` for none. */
  faults: FaultPlan | undefined;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly port?: number;
  /** Key of the installation, e.g. `acme@emea`. Defaults to the vendor's. */
  readonly key?: string;
  readonly now?: () => number;
  /** Whether to keep the ledger, which grows with each request. Turn off for long runs. Defaults to true. */
  readonly keepLedger?: boolean;
}

/** Starts a simulation. Defaults to a free port on loopback. */
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
    key: options.key ?? simulation.key,
    url,
    settings: settingsOf(simulation, url, options.key ?? simulation.key),
    vendor,
    ledger,
    effects,
    faults: undefined,
    close: () => close(server),
  };
  return running;
}

/** Each variable starts with the key in capitals: `ACME_URL`, `ACME@EMEA_URL`. */
function settingsOf(simulation: Simulation, url: string, key: string): Record<string, string> {
  const start = simulation.key.toUpperCase().length;
  const settings = Object.entries(simulation.settings(url));
  return Object.fromEntries(settings.map(([name, value]) => [key.toUpperCase() + name.slice(start), value]));
}

/** An error in a simulation has a status of its own, so that it is not taken for the vendor's rejection. */
function handle(vendor: SimulatedVendor, arrival: ReceivedRequest): CannedResponse {
  try {
    return vendor.handle(arrival);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { status: 599, headers: { 'content-type': 'text/plain' }, body: `error in the sandbox: ${detail}` };
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
