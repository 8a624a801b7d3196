/** Advice for each problem that `doctor` finds: one sentence, by kind of failure and never by vendor. */
import type { Environment, FailureDetails, FailureKind, TicketSource } from '../../datasources/contract.ts';
import type { HealthReport, Obstacle } from '../../datasources/upstream/health-check.ts';
import { toVariable } from '../../datasources/vendor-kit/source-key.ts';
import { listNames, nameOfSetting, ownSettings } from '../../server/config/variables.ts';

/** Clock skew from which tokens may be rejected and timestamps are unreliable. */
const CLOCK_SLACK_SECONDS = 30;

export function adviseFailure(
  source: TicketSource,
  environment: Environment,
  { isReachable, failedAt = 'URL', cause, obstacle }: HealthReport,
  failure: FailureDetails,
): string {
  const address = nameOfSetting(source, failedAt);
  if (!isReachable) return adviseUnreachable(source, environment, address, failure.kind, cause, obstacle);
  const { upstreamStatus, upstreamMessage } = failure;
  const details = [
    ...(upstreamStatus ? [`HTTP ${upstreamStatus}`] : []),
    ...(upstreamMessage ? [`"${upstreamMessage}"`] : []),
  ];
  const what = FINDINGS[failure.kind] ?? failure.message ?? 'the read failed';
  const nextStep = NEXT_STEPS[failure.kind]?.(source, environment, address, failure) ?? "check the vendor's message";
  return `${source.name}: ${what}${details.length > 0 ? ` (${details.join(', ')})` : ''}: ${nextStep}.`;
}

function adviseUnreachable(
  source: TicketSource,
  environment: Environment,
  address: string,
  kind: FailureKind,
  cause: string | undefined,
  obstacle: Obstacle,
): string {
  const { name } = source;
  if (kind === 'timeout') {
    return `${name} did not respond in time at ${address}: check whether it is up and reachable through firewalls, or raise ${nameOfSetting(source, 'TIMEOUT_MS')}.`;
  }
  const code = cause === undefined ? '' : ` (${cause})`;
  const { finding, nextStep } = ADVICE_BY_CAUSE[cause ?? ''] ?? ADVICE_BY_OBSTACLE[obstacle];
  const hasOwnProxy = Boolean(environment[toVariable(source.key, 'PROXY')]);
  const step =
    typeof nextStep === 'string' ? nextStep : nextStep(hasOwnProxy ? nameOfSetting(source, 'PROXY') : undefined);
  return `${name} is unreachable at ${address}: ${step}; ${finding}${code}.`;
}

interface Advice {
  /** The finding and the next step: one clause each. */
  readonly finding: string;
  readonly nextStep: string | NextStepForProxy;
}

/** @param ownProxy the name of the vendor's own proxy setting, if it is set: the general ones do not apply then. */
type NextStepForProxy = (ownProxy: string | undefined) => string;

const ADVICE_BY_OBSTACLE: Readonly<Record<Obstacle, Advice>> = {
  dns: {
    finding: 'its host name cannot be resolved',
    nextStep: 'check the host name, and the DNS server of this machine',
  },
  refused: {
    finding: 'the connection was refused',
    nextStep: 'check the address, its port, and whether the service is running',
  },
  unreachable: {
    finding: 'there is no route to its address',
    nextStep: 'check the network, the VPN and the firewalls',
  },
  slow: {
    finding: 'the connection was not established in time',
    nextStep: 'check the firewalls, and whether HTTPS_PROXY is needed',
  },
  tls: {
    finding: 'the TLS handshake failed',
    nextStep: 'check whether the port supports TLS, and which versions',
  },
  proxy: {
    finding: 'the proxy rejected the connection',
    nextStep: (ownProxy = 'HTTPS_PROXY, HTTP_PROXY and NO_PROXY') => `check ${ownProxy}`,
  },
  other: {
    finding: 'the connection failed',
    nextStep: 'check host name, port, firewalls and proxies',
  },
};

const ADD_CA_CERTIFICATE = 'set NODE_EXTRA_CA_CERTS to a PEM file with the certificate of its authority';

/** For error codes that are more specific than their obstacle. */
const ADVICE_BY_CAUSE: Readonly<Record<string, Advice>> = {
  EAI_AGAIN: {
    finding: 'the DNS server does not respond',
    nextStep: 'check the network and the DNS settings of this machine',
  },
  CERT_HAS_EXPIRED: {
    finding: 'its TLS certificate has expired',
    nextStep: 'renew the certificate, and check the clock of this machine',
  },
  CERT_NOT_YET_VALID: {
    finding: 'its TLS certificate is not valid yet',
    nextStep: 'check the clock of this machine',
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: { finding: 'its TLS certificate is self-signed', nextStep: ADD_CA_CERTIFICATE },
  SELF_SIGNED_CERT_IN_CHAIN: {
    finding: 'its TLS certificate is from an unknown authority',
    nextStep: ADD_CA_CERTIFICATE,
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    finding: 'its TLS certificate is from an unknown authority',
    nextStep: ADD_CA_CERTIFICATE,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    finding: 'its TLS certificate is from an unknown authority',
    nextStep: ADD_CA_CERTIFICATE,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    finding: 'its TLS certificate is for another host name',
    nextStep: 'check the host name in the address',
  },
  ECONNRESET: {
    finding: 'the connection was reset',
    nextStep: 'check whether a firewall or proxy resets it, and whether the port supports TLS',
  },
  PROXY_AUTHENTICATION: {
    finding: 'the proxy rejected the credentials',
    nextStep: (ownProxy = 'HTTPS_PROXY or HTTP_PROXY') => `check the user and password in ${ownProxy}`,
  },
  PROXY_UNREACHABLE: {
    finding: 'the proxy is unreachable',
    nextStep: (ownProxy = 'HTTPS_PROXY or HTTP_PROXY') => `check the host and port in ${ownProxy}`,
  },
};

const FINDINGS: Readonly<Partial<Record<FailureKind, string>>> = {
  unauthenticated: 'it rejected the credentials',
  forbidden: 'the account may not read tickets',
  'not-found': 'the address responds, but not with tickets',
  protocol: 'the response does not match its documentation',
  rejected: 'it rejected the read',
  'rate-limited': 'rate limited',
  unavailable: 'it is failing at the moment',
};

type NextStep = (source: TicketSource, environment: Environment, address: string, failure: FailureDetails) => string;

const checkAddress: NextStep = (_source, _environment, address) => `check the host and the path in ${address}`;

const NEXT_STEPS: Readonly<Partial<Record<FailureKind, NextStep>>> = {
  unauthenticated: (source, environment) => `check ${listNames(ownSettings(source, environment))}`,
  forbidden: ({ name }) => `ask an administrator of ${name} to allow the account to read tickets`,
  'not-found': checkAddress,
  protocol: checkAddress,
  rejected: (source, environment) => `check ${listNames(ownSettings(source, environment))}`,
  'rate-limited': (_source, _environment, _address, { retryAfterSeconds }) =>
    retryAfterSeconds === undefined ? 'retry later' : `retry in ${retryAfterSeconds} seconds`,
  unavailable: () => 'retry later, and tell its operator if it persists',
};

/** A vendor without a list is checked by reading the example ticket of its documentation. */
export function adviseMissing(source: TicketSource): string {
  const { name, vendor } = source;
  const address = nameOfSetting(source, 'URL');
  return `${name} accepted the credentials. The example ticket ${vendor.nativeId.example} does not exist, which is normal, so the path in ${address} could not be verified.`;
}

export function adviseNotTried({ name }: TicketSource): string {
  return `${name} uses each caller's own credentials, so it cannot be checked here. Send a request as a caller instead.`;
}

export function adviseClock({ name }: TicketSource, skewSeconds: number | undefined): string[] {
  if (skewSeconds === undefined || Math.abs(skewSeconds) <= CLOCK_SLACK_SECONDS) return [];
  const where = skewSeconds > 0 ? 'ahead of' : 'behind';
  const times = `${name}'s clock is ${Math.abs(skewSeconds)} seconds ${where} ours`;
  return [
    `${times}: synchronize this machine with NTP, or tell the operator of ${name}, because tokens and timestamps depend on it.`,
  ];
}
