/** What to do about what the doctor found: one sentence each, by kind of failure and never by vendor. */
import type { Environment, FailureFacts, FailureKind, Vendor } from '../../datasources/contract.ts';
import type { Examination } from '../../datasources/kernel/examination.ts';
import { listNames, ownVariables, variable } from '../../settings.ts';

/** Seconds that two clocks may be apart before tokens and times become doubtful. */
const CLOCK_SLACK_SECONDS = 30;

export function adviseFailure(
  vendor: Vendor,
  environment: Environment,
  { isReachable, failedAt = 'URL' }: Examination,
  failure: FailureFacts,
): string {
  const address = variable(vendor, failedAt);
  if (!isReachable) return adviseUnreachable(vendor, address, failure.kind);
  const { upstreamStatus: status, upstreamMessage } = failure;
  const said = [...(status ? [`HTTP ${status}`] : []), ...(upstreamMessage ? [`"${upstreamMessage}"`] : [])];
  const what = FOUND[failure.kind] ?? failure.message ?? 'the read failed';
  const nextStep = NEXT_STEPS[failure.kind]?.(vendor, environment, address, failure) ?? 'look at what it says';
  return `${vendor.name}: ${what}${said.length > 0 ? ` (${said.join(', ')})` : ''}: ${nextStep}.`;
}

function adviseUnreachable(vendor: Vendor, address: string, kind: FailureKind): string {
  const name = vendor.name;
  return kind === 'timeout'
    ? `${name} did not answer in time at ${address}: look whether it is up and a firewall lets you through, or raise ${variable(vendor, 'TIMEOUT_MS')}.`
    : `${name} cannot be reached at ${address}: check the address, its host name and port, its certificate, and the way through firewalls.`;
}

const FOUND: Readonly<Partial<Record<FailureKind, string>>> = {
  unauthenticated: 'it refused the sign-in',
  forbidden: 'it let us in, and does not let this account read tickets',
  'not-found': 'something answers, but not with tickets',
  protocol: 'something answers, but not as documented',
  rejected: 'it refused the read',
  'rate-limited': 'it has had too many requests',
  unavailable: 'it fails at the moment',
};

type NextStep = (vendor: Vendor, environment: Environment, address: string, failure: FailureFacts) => string;

const checkAddress: NextStep = (_vendor, _environment, address) => `check the host and the path in ${address}`;

const NEXT_STEPS: Readonly<Partial<Record<FailureKind, NextStep>>> = {
  unauthenticated: (vendor, environment) => `check ${listNames(ownVariables(vendor, environment))}`,
  forbidden: ({ name }) => `ask an administrator of ${name} to allow the account to read tickets`,
  'not-found': checkAddress,
  protocol: checkAddress,
  rejected: (vendor, environment) => `check ${listNames(ownVariables(vendor, environment))}`,
  'rate-limited': (_vendor, _environment, _address, { retryAfterSeconds }) =>
    retryAfterSeconds === undefined ? 'try again later' : `try again in ${retryAfterSeconds} seconds`,
  unavailable: () => 'try again later, and tell whoever runs it if it goes on',
};

/** Of a vendor without a list, the ticket that its documentation shows is asked for. */
export function adviseMissing({ name, nativeId, ...vendor }: Vendor): string {
  const address = variable(vendor, 'URL');
  return `${name} took the sign-in and has no ticket ${nativeId.example}, which need not be there: that the path in ${address} is right is not proven by it.`;
}

export function adviseNotTried({ name }: Vendor): string {
  return `${name} is asked with each caller's own credentials, so there is nothing to sign in with here: send a request as a caller to see.`;
}

export function adviseClock({ name }: Vendor, skewSeconds: number | undefined): string[] {
  if (skewSeconds === undefined || Math.abs(skewSeconds) <= CLOCK_SLACK_SECONDS) return [];
  const where = skewSeconds > 0 ? 'ahead of' : 'behind';
  const times = `${name}'s clock is ${Math.abs(skewSeconds)} seconds ${where} ours`;
  return [
    `${times}: let this machine take its time from NTP, or tell whoever runs ${name}, as tokens and times depend on it.`,
  ];
}
