/** Checks the sources of a running server through its own GraphQL endpoint: one cheap read of each, and no write. */
import {
  TicketsByIdDocument,
  TicketgraphError,
  TicketsDocument,
  VendorsDocument,
  type Ticketgraph,
  type SourceInfoPartsFragment,
  type Vendor,
} from '../../client/index.ts';
import { vendors } from '../../datasources/vendors.ts';
import { plain } from '../output.ts';
import { withCommandErrors, openServer, type ServerOptions } from '../server.ts';

export interface RunningDiagnosis {
  readonly vendor: Vendor;
  /** The source's id. */
  readonly source: string;
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
    const infos = await readSources(server);
    const reads = await Promise.all(infos.map((info) => tryRead(server, info)));
    // Queried again: `reachable` is known only after a read.
    const reachable = new Map((await readSources(server)).map((info) => [info.source.id, info.reachable]));
    return infos.map((info, index) => toDiagnosis(info, reads[index]!, reachable.get(info.source.id) ?? null));
  });
}

interface SourceInfo extends SourceInfoPartsFragment {
  readonly vendor: Vendor;
}

/** The default source of each vendor, configured or not, and the further ones. */
async function readSources(server: Ticketgraph): Promise<readonly SourceInfo[]> {
  const { vendors: infos } = await server.request(VendorsDocument, {});
  return infos.flatMap(({ key, sources }) => sources.map((source) => ({ vendor: key, ...source })));
}

interface SourceRead {
  readonly result: RunningDiagnosis['read'];
  readonly problem?: { readonly code: string; readonly message: string };
}

async function tryRead(server: Ticketgraph, info: SourceInfo): Promise<SourceRead> {
  if (!info.configured) return { result: 'not-tried' };
  try {
    return await (info.lists ? readList(server, info) : readExample(server, info));
  } catch (error) {
    // Without a vendor, it is the server's error.
    if (!(error instanceof TicketgraphError) || error.vendor === null) throw error;
    return { result: 'failed', problem: error };
  }
}

async function readList(server: Ticketgraph, { source }: SourceInfo): Promise<SourceRead> {
  // Without a latency limit: a slow vendor has not failed.
  const page = { first: 1, after: null, filter: { sources: [source.id] }, patienceMs: 0 };
  const { tickets } = await server.request(TicketsDocument, page);
  const problem = tickets.sources.find((one) => one.source.id === source.id)?.problem;
  return problem ? { result: 'failed', problem } : { result: 'ok' };
}

async function readExample(server: Ticketgraph, { vendor, source }: SourceInfo): Promise<SourceRead> {
  const known = vendors.find(({ key }) => key.toUpperCase() === vendor);
  // A newer server may have a vendor that this version does not know.
  if (!known) return { result: 'not-tried' };
  const ids = [`${source.id}:${known.nativeId.example}`];
  const { ticketsById } = await server.request(TicketsByIdDocument, { ids });
  return { result: ticketsById[0] ? 'ok' : 'missing' };
}

function toDiagnosis(
  { vendor, source: { id, name }, configured }: SourceInfo,
  { result, problem }: SourceRead,
  isReachable: boolean | null,
): RunningDiagnosis {
  const hasSucceeded = result === 'ok' || result === 'missing';
  return {
    vendor,
    source: id,
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
