/**
 * The vendors and their health, from the endpoint and from the sources of the board. Where a vendor has several configured
 * sources, each of them is shown as a vendor is.
 */
import { useQuery } from '@apollo/client/react';
import { useEffect, useMemo } from 'react';
import { VendorsDocument, type Vendor, type VendorsQuery } from '../__generated__/documents.ts';
import { problemLabel } from '../labels.ts';

const POLL_MS = 20_000;

type Info = VendorsQuery['vendors'][number];
type SourceState = Info['sources'][number];

/** A source's result for the board. */
interface SourceResult {
  readonly source: { readonly id: string };
  readonly totalCount: number | null;
  readonly problem: { readonly code: Parameters<typeof problemLabel>[0]; readonly message: string } | null;
}

export interface VendorView {
  readonly key: Vendor;
  /** Id of the source that it shows: one of several, or the vendor's only one. */
  readonly sourceId: string;
  /** Whether it shows one source of several. */
  readonly isOneOfSeveral: boolean;
  readonly name: string;
  /** `quiet` if the state is unknown and there is no problem. */
  readonly health: 'good' | 'bad' | 'unsure' | 'quiet';
  readonly label: string;
  readonly detail: string;
  readonly totalCount: number | null;
  /** Whether the caller may set the status of its tickets. */
  readonly canSetStatus: boolean;
}

/** @param stale why changes of a source arrive late, by its id */
export function useVendors(
  sources: readonly SourceResult[],
  stale: ReadonlyMap<string, string>,
): readonly VendorView[] {
  const { data, refetch } = useQuery(VendorsDocument, {
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  // Loading the board updates the endpoint's view of each vendor.
  useEffect(() => {
    if (sources.length > 0) refetch().catch(() => undefined);
  }, [sources, refetch]);
  return useMemo(() => (data?.vendors ?? []).flatMap((info) => toViews(info, sources, stale)), [data, sources, stale]);
}

/** The name of a ticket's source if its vendor has several, otherwise that of the vendor. */
export function nameOf(vendors: readonly VendorView[], vendor: Vendor, sourceId: string): string {
  return findView(vendors, sourceId)?.name ?? vendor;
}

export function findView(vendors: readonly VendorView[], sourceId: string): VendorView | undefined {
  return vendors.find((view) => view.sourceId === sourceId);
}

function toViews(info: Info, results: readonly SourceResult[], stale: ReadonlyMap<string, string>): VendorView[] {
  const configured = info.sources.filter((source) => source.configured);
  const isOneOfSeveral = configured.length > 1;
  const shown = configured.length > 0 ? configured : info.sources.slice(0, 1);
  return shown.map((state) => {
    const { id, name } = state.source;
    const result = results.find(({ source }) => source.id === id);
    const view = withStale(toView(info, state, result), stale.get(id));
    return { ...view, name: isOneOfSeveral ? name : info.name, isOneOfSeveral };
  });
}

function toView(
  info: Info,
  state: SourceState,
  result: SourceResult | undefined,
): Omit<VendorView, 'name' | 'isOneOfSeveral'> {
  const problem = result?.problem?.code === 'UNSUPPORTED' ? undefined : result?.problem;
  const detail = problem?.message ?? '';
  return {
    key: info.key,
    sourceId: state.source.id,
    detail,
    totalCount: result?.totalCount ?? null,
    canSetStatus: info.permittedMutations.includes('setStatus'),
    // A source whose tickets are listed is reachable, before the endpoint is asked for its view of it.
    ...vendorHealth(hasListed(result) ? { ...state, reachable: true } : state, problem?.code),
  };
}

/** Says that updates are late, unless something worse is said already. */
function withStale<View extends Pick<VendorView, 'health' | 'label' | 'detail'>>(
  view: View,
  reason: string | undefined,
): View {
  if (reason === undefined || view.health === 'bad') return view;
  return { ...view, health: 'unsure', label: 'Updates late', detail: `Live updates are paused: ${reason}` };
}

function hasListed(result: SourceResult | undefined): boolean {
  return result?.problem === null;
}

function vendorHealth(
  { configured, reachable, breaker, lists, queued }: SourceState,
  code: Parameters<typeof problemLabel>[0] | undefined,
): Pick<VendorView, 'health' | 'label'> {
  if (!configured) return { health: 'quiet', label: 'Not connected' };
  if (code) return { health: 'bad', label: problemLabel(code) };
  if (breaker === 'OPEN') return { health: 'bad', label: 'Down' };
  if (breaker === 'HALF_OPEN') return { health: 'unsure', label: 'Recovering' };
  if (reachable === false) return { health: 'bad', label: 'Down' };
  if (queued) return { health: 'unsure', label: `Busy, ${queued} waiting` };
  if (!lists) return { health: reachable ? 'good' : 'quiet', label: 'Search by reference' };
  return reachable ? { health: 'good', label: 'Online' } : { health: 'quiet', label: 'Not checked yet' };
}
