/** The vendors and how each of them is, from what the endpoint knows and from how the board was answered. */
import { useQuery } from '@apollo/client/react';
import { useEffect, useMemo } from 'react';
import { VendorsDocument, type Vendor, type VendorsQuery } from '../__generated__/documents.ts';
import { stateWord } from '../words.ts';

const POLL_MS = 20_000;

type Info = VendorsQuery['vendors'][number];

/** How a vendor answered for the board. */
interface SourceLike {
  readonly vendor: Vendor;
  readonly totalCount: number | null;
  readonly problem: { readonly code: Parameters<typeof stateWord>[0]; readonly message: string } | null;
}

export interface VendorView {
  readonly key: Vendor;
  readonly name: string;
  /** `quiet`: nothing is known, and nothing is wrong. */
  readonly health: 'good' | 'bad' | 'unsure' | 'quiet';
  readonly word: string;
  readonly detail: string;
  readonly totalCount: number | null;
  /** Whether the caller may give its tickets another status. */
  readonly takesStatus: boolean;
}

export function useVendors(sources: readonly SourceLike[]): readonly VendorView[] {
  const { data, refetch } = useQuery(VendorsDocument, {
    pollInterval: POLL_MS,
    skipPollAttempt: () => document.hidden,
  });
  // Asking the vendors for the board is what shows whether they answer.
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

function toView(info: Info, source: SourceLike | undefined): VendorView {
  const problem = source?.problem?.code === 'UNSUPPORTED' ? undefined : source?.problem;
  const detail = problem?.message ?? '';
  return {
    key: info.key,
    name: info.name,
    detail,
    totalCount: source?.totalCount ?? null,
    takesStatus: info.permittedMutations.includes('setStatus'),
    ...judge(info, problem?.code),
  };
}

function judge(
  { configured, reachable, breaker, lists, queued }: Info,
  code: Parameters<typeof stateWord>[0] | undefined,
): Pick<VendorView, 'health' | 'word'> {
  if (!configured) return { health: 'quiet', word: 'Not connected' };
  if (code) return { health: 'bad', word: stateWord(code) };
  if (breaker === 'OPEN') return { health: 'bad', word: 'Down' };
  if (breaker === 'HALF_OPEN') return { health: 'unsure', word: 'Recovering' };
  if (reachable === false) return { health: 'bad', word: 'Down' };
  if (queued) return { health: 'unsure', word: `Busy, ${queued} waiting` };
  if (!lists) return { health: reachable ? 'good' : 'quiet', word: 'Found by reference' };
  return reachable ? { health: 'good', word: 'Answers' } : { health: 'quiet', word: 'Not asked yet' };
}
