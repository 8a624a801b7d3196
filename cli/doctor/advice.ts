/** What to do about what the doctor found: one sentence each, by kind of failure and never by vendor. */
import type { Environment, FailureDetails, FailureKind, Vendor } from '../../datasources/contract.ts';
import type { HealthReport, Obstacle } from '../../datasources/upstream/health-check.ts';
import { listNames, ownVariables, variable } from '../../server/config/variables.ts';

/** Seconds that two clocks may be apart before tokens and times become doubtful. */
const CLOCK_SLACK_SECONDS = 30;

export function adviseFailure(
  vendor: Vendor,
  environment: Environment,
  { isReachable, failedAt = 'URL', cause, obstacle }: HealthReport,
  failure: FailureDetails,
): string {
  const address = variable(vendor, failedAt);
  if (!isReachable) return adviseUnreachable(vendor, environment, address, failure.kind, cause, obstacle);
  const { upstreamStatus: status, upstreamMessage } = failure;
  const said = [...(status ? [`HTTP ${status}`] : []), ...(upstreamMessage ? [`"${upstreamMessage}"`] : [])];
  const what = FOUND[failure.kind] ?? failure.message ?? 'the read failed';
  const nextStep = NEXT_STEPS[failure.kind]?.(vendor, environment, address, failure) ?? 'look at what it says';
  return `${vendor.name}: ${what}${said.length > 0 ? ` (${said.join(', ')})` : ''}: ${nextStep}.`;
}

function adviseUnreachable(
  vendor: Vendor,
  environment: Environment,
  address: string,
  kind: FailureKind,
  cause: string | undefined,
  obstacle: Obstacle,
): string {
  const name = vendor.name;
  if (kind === 'timeout') {
    return `${name} did not answer in time at ${address}: look whether it is up and a firewall lets you through, or raise ${variable(vendor, 'TIMEOUT_MS')}.`;
  }
  const code = cause === undefined ? '' : ` (${cause})`;
  const { found, nextStep } = OF_CAUSE[cause ?? ''] ?? OF_OBSTACLE[obstacle];
  const ownProxy = variable(vendor, 'PROXY');
  const step = typeof nextStep === 'string' ? nextStep : nextStep(environment[ownProxy] ? ownProxy : undefined);
  return `${name} cannot be reached at ${address}: ${step}; ${found}${code}.`;
}

interface Advice {
  /** What was found, and what to do about it: one clause each. */
  readonly found: string;
  readonly nextStep: string | OfProxy;
}

/** @param ownProxy the name of the vendor's own proxy setting, if it is set: the general ones do not apply then. */
type OfProxy = (ownProxy: string | undefined) => string;

const OF_OBSTACLE: Readonly<Record<Obstacle, Advice>> = {
  dns: {
    found: 'its host name cannot be resolved',
    nextStep: 'check the host name, and the DNS server of this machine',
  },
  refused: {
    found: 'the connection was refused',
    nextStep: 'check the address, its port, and whether the service is running',
  },
  unreachable: {
    found: 'there is no route to its address',
    nextStep: 'check the network, the VPN and the firewalls',
  },
  slow: {
    found: 'the connection was not established in time',
    nextStep: 'check the firewalls, and whether HTTPS_PROXY is needed',
  },
  tls: {
    found: 'the TLS handshake failed',
    nextStep: 'check whether the port speaks TLS, and which versions of it',
  },
  proxy: {
    found: 'the proxy does not let the connection through',
    nextStep: (ownProxy = 'HTTPS_PROXY, HTTP_PROXY and NO_PROXY') => `check ${ownProxy}`,
  },
  other: {
    found: 'the connection failed',
    nextStep: 'check the address, its host name and port, and the way through firewalls and proxies',
  },
};

const ADD_AUTHORITY = 'name a PEM file with the certificate of its authority in NODE_EXTRA_CA_CERTS';

/** For codes that say more than their kind. */
const OF_CAUSE: Readonly<Record<string, Advice>> = {
  EAI_AGAIN: {
    found: 'the DNS server does not answer',
    nextStep: 'check the network and the DNS settings of this machine',
  },
  CERT_HAS_EXPIRED: {
    found: 'its TLS certificate has expired',
    nextStep: 'have the certificate renewed, and check the clock of this machine',
  },
  CERT_NOT_YET_VALID: {
    found: 'its TLS certificate is not valid yet',
    nextStep: 'check the clock of this machine',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: { found: 'its TLS certificate is self-signed', nextStep: ADD_AUTHORITY },
  SELF_SIGNED_CERT_IN_CHAIN: { found: 'its TLS certificate is from an unknown authority', nextStep: ADD_AUTHORITY },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    found: 'its TLS certificate is from an unknown authority',
    nextStep: ADD_AUTHORITY,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    found: 'its TLS certificate is from an unknown authority',
    nextStep: ADD_AUTHORITY,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    found: 'its TLS certificate is for another host name',
    nextStep: 'check the host name in the address',
  },
  ECONNRESET: {
    found: 'the connection was reset',
    nextStep: 'check whether a firewall or proxy cuts it, and whether the port speaks TLS',
  },
  PROXY_AUTHENTICATION: {
    found: 'the proxy does not accept the credentials',
    nextStep: (ownProxy = 'HTTPS_PROXY or HTTP_PROXY') => `check the user and password in ${ownProxy}`,
  },
  PROXY_UNREACHABLE: {
    found: 'the proxy itself cannot be reached',
    nextStep: (ownProxy = 'HTTPS_PROXY or HTTP_PROXY') => `check the host and port in ${ownProxy}`,
  },
};

const FOUND: Readonly<Partial<Record<FailureKind, string>>> = {
  unauthenticated: 'it refused the sign-in',
  forbidden: 'it let us in, and does not let this account read tickets',
  'not-found': 'something answers, but not with tickets',
  protocol: 'something answers, but not as documented',
  rejected: 'it refused the read',
  'rate-limited': 'it has had too many requests',
  unavailable: 'it fails at the moment',
};

type NextStep = (vendor: Vendor, environment: Environment, address: string, failure: FailureDetails) => string;

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
