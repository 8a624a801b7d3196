/**
 * Every registered vendor with its samples, for suites over all vendors.
 *
 * Suites that have a test for each vendor run for `SOURCES`, which has a further source of some of them, too.
 */
import { toVariable, vendorKeyOf } from '../../datasources/vendor-kit/source-key.ts';
import { vendors } from '../../datasources/vendors.ts';
import { loadSimulation } from '../../sandbox/index.ts';
import type { ReceivedRequest, SampleInput, SampleList, Samples, SampleSignIn } from '../../sandbox/simulation.ts';

export interface Sampled {
  /** Key of the source: the vendor's, or `<vendor>@<name>`. */
  readonly key: string;
  /** Global id of the sample ticket. */
  readonly id: string;
  /** Names of its mutations. */
  readonly mutations: readonly string[];
  readonly samples: Samples;
}

const simulations = await Promise.all(vendors.map(({ key }) => loadSimulation(key)));

export const SAMPLED: readonly Sampled[] = vendors.map(({ key, mutations }, index) => {
  const { samples } = simulations[index]!;
  return { key, id: `${key}:${samples.ticketId}`, mutations, samples };
});

/** One with a sign-in, and one without. Each is started with the default source of its vendor. */
const FURTHER = ['huawei@emea', 'omnidesk@emea'];

/** The default source of each vendor, and further ones. */
export const SOURCES: readonly Sampled[] = [...SAMPLED, ...FURTHER.map(toFurther)];

/** Vendors that exchange credentials for a token first. */
export const SIGNING_IN = signingIn(SAMPLED);
export const SIGNING_IN_SOURCES = signingIn(SOURCES);

export const LISTING = listing(SAMPLED);
export const LISTING_SOURCES = listing(SOURCES);

function signingIn(sampled: readonly Sampled[]): readonly (Sampled & { readonly signIn: SampleSignIn })[] {
  return sampled.flatMap((one) => (one.samples.signIn ? [{ ...one, signIn: one.samples.signIn }] : []));
}

function listing(sampled: readonly Sampled[]): readonly (Sampled & { readonly list: SampleList })[] {
  return sampled.flatMap((one) => (one.samples.list ? [{ ...one, list: one.samples.list }] : []));
}

/** The same samples at another source: its ids, and the names of its settings. */
function toFurther(key: string): Sampled {
  const vendorKey = vendorKeyOf(key);
  const { mutations, samples } = SAMPLED.find((sampled) => sampled.key === vendorKey)!;
  const rename = <Value>(value: Value): Value => renameSource(value, vendorKey, key) as Value;
  const atSource = ({ mutation, input }: SampleInput): SampleInput => ({
    mutation,
    input: { ...rename(input), ...(!namesTicket(input) && { source: key }) },
  });
  const { inputs, rejected } = samples;
  const own = {
    ...rename(samples),
    inputs: (text: string) => inputs(text).map(atSource),
    ...(rejected && { rejected: rejected.map(atSource) }),
  };
  return { key, id: `${key}:${samples.ticketId}`, mutations, samples: own };
}

function namesTicket(input: SampleInput['input']): boolean {
  return 'ticketId' in input || 'ticketIds' in input;
}

/** Replaces the prefix of ids, and that of names of settings, anywhere in the value. */
function renameSource(value: unknown, from: string, to: string): unknown {
  const ids = `${from}:`;
  const settings = toVariable(from, '');
  const rename = (text: string): string => {
    if (text.startsWith(ids)) return `${to}:${text.slice(ids.length)}`;
    return text.startsWith(settings) ? toVariable(to, text.slice(settings.length)) : text;
  };
  const renameAny = (one: unknown): unknown => {
    if (typeof one === 'string') return rename(one);
    if (Array.isArray(one)) return one.map(renameAny);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [rename(name), renameAny(inner)]));
  };
  return renameAny(value);
}

/** Vendors that support bulk status changes. */
export const SETTING_STATUS = SAMPLED.filter(({ mutations }) => mutations.includes('setStatus'));

/** For tests that use one source as an example. */
export function samplesOf(key: string): Sampled {
  const found = SOURCES.find((sampled) => sampled.key === key);
  if (!found) throw new TypeError(`There are no samples of ${key}.`);
  return found;
}

/** Whether the request belongs to a vendor's sign-in, which tests do not count. */
export function isSignIn(arrival: Pick<ReceivedRequest, 'method' | 'path'>): boolean {
  return simulations.some(({ isReadOnly }) => isReadOnly?.(arrival));
}

/** Whether it may have changed a ticket. */
export function isWrite(arrival: Pick<ReceivedRequest, 'method' | 'path'>): boolean {
  return arrival.method !== 'GET' && !isSignIn(arrival);
}

/** Type of a mutation's input, e.g. `SetStatusInput!`. */
export function inputTypeOf(mutation: SampleInput['mutation']): string {
  return `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
}
