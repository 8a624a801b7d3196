/** The vendors and their health, from the endpoint and from the sources of the board. */
import { useQuery } from '@apollo/client/react';
import { useEffect, useMemo } from 'react';
import { VendorsDocument, type Vendor, type VendorsQuery } from '../__generated__/documents.ts';
import { problemLabel } from '../labels.ts';

const POLL_MS = 20_000;

type Info = VendorsQuery['vendors'][number];

/** A vendor's result for the board. */
interface SourceResult {
  readonly vendor: Vendor;
  readonly totalCount: number | null;
  readonly problem: { readonly code: Parameters<typeof problemLabel>[0]; readonly message: string } | null;
}

export interface VendorView {
  readonly key: Vendor;
  readonly name: string;
  /** `quiet` if the state is unknown and there is no problem. */
  readonly health: 'good' | 'bad' | 'unsure' | 'quiet';
  readonly label: string;
  readonly detail: string;
  readonly totalCount: number | null;
  /** Whether the caller may set the status of its tickets. */
  readonly canSetStatus: boolean;
}

export function useVendors(sources: readonly SourceResult[]): readonly VendorView[] {
  const { data, refetch } = useQuery(VendorsDocument, {
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  // Loading the board updates the endpoint's view of each vendor.
  useEffect(() => {
    if (sources.length > 0) refetch().catch(() => undefined);
  }, [sources, refetch]);
  return useMemo(
    () =>
      (data?.vendors ?? []).map((info) =>
        toView(
          info,
          sources.find(({ vendor }) => vendor === info.key),
        ),
      ),
    [data, sources],
  );
}

export function nameOf(vendors: readonly VendorView[], key: Vendor): string {
  return vendors.find((vendor) => vendor.key === key)?.name ?? key;
}

function toView(info: Info, source: SourceResult | undefined): VendorView {
  const problem = source?.problem?.code === 'UNSUPPORTED' ? undefined : source?.problem;
  const detail = problem?.message ?? '';
  return {
    key: info.key,
    name: info.name,
    detail,
    totalCount: source?.totalCount ?? null,
    canSetStatus: info.permittedMutations.includes('setStatus'),
    // A vendor whose tickets are listed is reachable, before the endpoint is asked for its view of it.
    ...vendorHealth(hasListed(source) ? { ...info, reachable: true } : info, problem?.code),
  };
}

function hasListed(source: SourceResult | undefined): boolean {
  return source !== undefined && source.problem === null;
}

function vendorHealth(
  { configured, reachable, breaker, lists, queued }: Info,
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
