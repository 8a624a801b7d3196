/** Every registered vendor with its samples, for suites over all vendors. */
import { vendors } from '../../datasources/vendors.ts';
import { loadSimulation } from '../../sandbox/index.ts';
import type { ReceivedRequest, SampleInput, SampleList, Samples, SampleSignIn } from '../../sandbox/simulation.ts';

export interface Sampled {
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

/** Vendors that exchange credentials for a token first. */
export const SIGNING_IN = SAMPLED.flatMap((sampled) => {
  const { signIn } = sampled.samples;
  return signIn ? [{ ...sampled, signIn }] : [];
}) satisfies readonly (Sampled & { signIn: SampleSignIn })[];

export const LISTING = SAMPLED.flatMap((sampled) => {
  const { list } = sampled.samples;
  return list ? [{ ...sampled, list }] : [];
}) satisfies readonly (Sampled & { list: SampleList })[];

/** Vendors that support bulk status changes. */
export const SETTING_STATUS = SAMPLED.filter(({ mutations }) => mutations.includes('setStatus'));

/** For tests that use one vendor as an example. */
export function samplesOf(key: string): Sampled {
  const found = SAMPLED.find((sampled) => sampled.key === key);
  if (!found) throw new TypeError(`No vendor ${key} is registered.`);
  return found;
}

/** Whether it is part of a vendor's sign-in, which tests do not count as a call. */
export function isSignIn(arrival: Pick<ReceivedRequest, 'method' | 'path'>): boolean {
  return simulations.some(({ changesNothing }) => changesNothing?.(arrival));
}

/** Whether it may have changed a ticket. */
export function isWrite(arrival: Pick<ReceivedRequest, 'method' | 'path'>): boolean {
  return arrival.method !== 'GET' && !isSignIn(arrival);
}

/** Type of a mutation's input, e.g. `SetStatusInput!`. */
export function inputTypeOf(mutation: SampleInput['mutation']): string {
  return `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input!`;
}
