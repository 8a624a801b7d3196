/** Checks the vendors of a running server through its own GraphQL endpoint: one cheap read of each, and no write. */
import {
  TicketsByIdDocument,
  TicketgraphError,
  TicketsDocument,
  VendorsDocument,
  type Ticketgraph,
  type VendorInfoPartsFragment,
} from '../../client/index.ts';
import { vendors } from '../../datasources/vendors.ts';
import { plain } from '../output.ts';
import { withCommandErrors, openServer, type ServerOptions } from '../server.ts';

export interface RunningDiagnosis {
  readonly vendor: string;
  readonly name: string;
  readonly isConfigured: boolean;
  /** `missing` if the vendor has no list, and does not have the ticket that its documentation shows. */
  readonly read: 'ok' | 'missing' | 'failed' | 'not-tried';
  /** As the server reports it after the read. */
  readonly isReachable: boolean | null;
  /** Null if the read does not prove either. */
  readonly isSignedIn: boolean | null;
  readonly isWell: boolean;
  readonly problems: readonly string[];
}

/** @throws CommandError if the server does not answer, or rejects the caller. */
export function diagnoseRunning(options: ServerOptions): Promise<RunningDiagnosis[]> {
  const server = openServer(options);
  return withCommandErrors(options, async () => {
    const before = await server.request(VendorsDocument, {});
    const reads = await Promise.all(before.vendors.map((info) => tryRead(server, info)));
    // Queried again: `reachable` is known only after a read.
    const after = await server.request(VendorsDocument, {});
    const reachable = new Map(after.vendors.map((info) => [info.key, info.reachable]));
    return before.vendors.map((info, index) => toDiagnosis(info, reads[index]!, reachable.get(info.key) ?? null));
  });
}

interface VendorRead {
  readonly result: RunningDiagnosis['read'];
  readonly problem?: { readonly code: string; readonly message: string };
}

async function tryRead(server: Ticketgraph, info: VendorInfoPartsFragment): Promise<VendorRead> {
  if (!info.configured) return { result: 'not-tried' };
  try {
    return await (info.lists ? readList(server, info) : readExample(server, info));
  } catch (error) {
    // Without a vendor, it is the server's error.
    if (!(error instanceof TicketgraphError) || error.vendor === null) throw error;
    return { result: 'failed', problem: error };
  }
}

async function readList(server: Ticketgraph, { key }: VendorInfoPartsFragment): Promise<VendorRead> {
  // Without a latency limit: a slow vendor has not failed.
  const page = { first: 1, after: null, filter: { vendors: [key] }, patienceMs: 0 };
  const { tickets } = await server.request(TicketsDocument, page);
  const problem = tickets.sources.find(({ vendor }) => vendor === key)?.problem;
  return problem ? { result: 'failed', problem } : { result: 'ok' };
}

async function readExample(server: Ticketgraph, { key }: VendorInfoPartsFragment): Promise<VendorRead> {
  const known = vendors.find((vendor) => vendor.key.toUpperCase() === key);
  // A newer server may have a vendor that this version does not know.
  if (!known) return { result: 'not-tried' };
  const ids = [`${known.key}:${known.nativeId.example}`];
  const { ticketsById } = await server.request(TicketsByIdDocument, { ids });
  return { result: ticketsById[0] ? 'ok' : 'missing' };
}

function toDiagnosis(
  { key, name, configured }: VendorInfoPartsFragment,
  { result, problem }: VendorRead,
  isReachable: boolean | null,
): RunningDiagnosis {
  const hasSucceeded = result === 'ok' || result === 'missing';
  return {
    vendor: key,
    name,
    isConfigured: configured,
    read: result,
    isReachable,
    isSignedIn: hasSucceeded ? true : problem?.code === 'VENDOR_UNAUTHENTICATED' ? false : null,
    isWell: problem === undefined,
    problems: problem ? [`${name}: ${plain(problem.message)} (${problem.code}) ${NEXT_STEP}`] : [],
  };
}

const NEXT_STEP = "Run ticketgraph doctor with the server's settings to find the cause.";
