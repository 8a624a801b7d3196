/** Advice for each problem that `doctor` finds: one sentence, by kind of failure and never by vendor. */
import type { Environment, FailureDetails, FailureKind, TicketSource } from '../../datasources/contract.ts';
import {
  certificateProblemOf,
  type CertificateProblem,
  type HealthReport,
  type Obstacle,
} from '../../datasources/upstream/health-check.ts';
import { toVariable } from '../../datasources/vendor-kit/source-key.ts';
import { listNames, nameOfSetting, ownSettings } from '../../server/config/variables.ts';

/** Clock skew from which tokens may be rejected and timestamps are unreliable. */
const CLOCK_SLACK_SECONDS = 30;

export function adviseFailure(
  source: TicketSource,
  environment: Environment,
  health: HealthReport,
  failure: FailureDetails,
): string {
  const { isReachable, failedAt = 'URL' } = health;
  const address = nameOfSetting(source, failedAt);
  if (!isReachable) return adviseUnreachable(source, environment, address, failure.kind, health);
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
  { cause, obstacle, proxy }: HealthReport,
): string {
  const { name } = source;
  if (kind === 'timeout') {
    return `${name} did not respond in time at ${address}: check whether it is up and reachable through firewalls, or raise ${nameOfSetting(source, 'TIMEOUT_MS')}.`;
  }
  const code = cause === undefined ? '' : ` (${cause})`;
  const hasOwnProxy = Boolean(environment[toVariable(source.key, 'PROXY')]);
  const place = {
    address,
    proxy: proxy === undefined ? 'the proxy' : `the proxy ${proxy}`,
    ownProxy: hasOwnProxy ? nameOfSetting(source, 'PROXY') : undefined,
    nameOf: (setting: string) => nameOfSetting(source, setting),
  };
  const { finding, nextStep } = adviceFor(cause, obstacle)(place);
  return `${name} is unreachable at ${address}: ${nextStep}; ${finding}${code}.`;
}

/** The finding and the next step: one clause each. */
interface Advice {
  readonly finding: string;
  readonly nextStep: string;
}

/** What an advice names. */
interface Place {
  /** The variable with the address that failed. */
  readonly address: string;
  /** E.g. `the proxy proxy.example.com:3128`. */
  readonly proxy: string;
  /** The vendor's own proxy setting, if it is set: the general ones do not apply then. */
  readonly ownProxy: string | undefined;
  /** The variable of one of the vendor's settings. */
  nameOf(setting: string): string;
}

type Adviser = (place: Place) => Advice;

/** Error codes that are more specific come first. */
function adviceFor(cause: string | undefined, obstacle: Obstacle): Adviser {
  const problem = certificateProblemOf(cause);
  return ADVICE_BY_CAUSE[cause ?? ''] ?? (problem ? ADVICE_BY_CERTIFICATE[problem] : ADVICE_BY_OBSTACLE[obstacle]);
}

const ADVICE_BY_OBSTACLE: Readonly<Record<Obstacle, Adviser>> = {
  dns: () => ({
    finding: 'its host name cannot be resolved',
    nextStep: 'check the host name, and the DNS server of this machine',
  }),
  refused: () => ({
    finding: 'the connection was refused',
    nextStep: 'check the address, its port, and whether the service is running',
  }),
  unreachable: () => ({
    finding: 'there is no route to its address',
    nextStep: 'check the network, the VPN and the firewalls',
  }),
  slow: ({ nameOf }) => ({
    finding: 'the connection was not established in time',
    nextStep: `check the firewalls, and whether HTTPS_PROXY or ${nameOf('PROXY')} is needed`,
  }),
  tls: ({ nameOf }) => ({
    finding: 'the TLS handshake failed',
    nextStep: `check whether the port supports TLS, which versions, and whether it needs a client certificate (${nameOf('CERT_FILE')})`,
  }),
  proxy: ({ proxy, ownProxy = 'HTTPS_PROXY, HTTP_PROXY and NO_PROXY' }) => ({
    finding: `${proxy} rejected the connection`,
    nextStep: `check ${ownProxy}, and whether the proxy allows this host and port`,
  }),
  other: () => ({
    finding: 'the connection failed',
    nextStep: 'check host name, port, firewalls and proxies',
  }),
};

const ADVICE_BY_CERTIFICATE: Readonly<Record<CertificateProblem, Adviser>> = {
  'unknown-authority': ({ nameOf }) => ({
    finding: 'its TLS certificate is self-signed, or from an unknown authority',
    nextStep: `set ${nameOf('CA_FILE')} to a PEM file with the certificate of its authority`,
  }),
  expired: () => ({
    finding: 'its TLS certificate has expired',
    nextStep: 'renew the certificate, and check the clock of this machine',
  }),
  'not-yet-valid': () => ({
    finding: 'its TLS certificate is not valid yet',
    nextStep: 'check the clock of this machine',
  }),
  'other-host': ({ address }) => ({
    finding: 'its TLS certificate is for another host name',
    nextStep: `check the host name in ${address}`,
  }),
  required: ({ nameOf }) => ({
    finding: 'it requires a client certificate',
    nextStep: `set ${nameOf('CERT_FILE')} and ${nameOf('KEY_FILE')}`,
  }),
  rejected: ({ nameOf }) => ({
    finding: 'it rejected the client certificate',
    nextStep: `check whether the certificate in ${nameOf('CERT_FILE')} is the right one, complete and still valid`,
  }),
};

const ADVICE_BY_CAUSE: Readonly<Record<string, Adviser>> = {
  EAI_AGAIN: () => ({
    finding: 'the DNS server does not respond',
    nextStep: 'check the network and the DNS settings of this machine',
  }),
  ECONNRESET: ({ nameOf }) => ({
    finding: 'the connection was reset',
    nextStep: `check whether a firewall or proxy resets it, whether the port supports TLS, and whether it rejects the client certificate (${nameOf('CERT_FILE')})`,
  }),
  PROXY_AUTHENTICATION: ({ proxy, ownProxy = 'HTTPS_PROXY or HTTP_PROXY' }) => ({
    finding: `${proxy} rejected the credentials`,
    nextStep: `check the user and password in ${ownProxy}`,
  }),
  PROXY_UNREACHABLE: ({ proxy, ownProxy = 'HTTPS_PROXY or HTTP_PROXY' }) => ({
    finding: `${proxy} is unreachable`,
    nextStep: `check the host and port in ${ownProxy}`,
  }),
  PROXY_GATEWAY_ERROR: ({ proxy, address }) => ({
    finding: `${proxy} could not connect to the vendor`,
    nextStep: `check the host and port in ${address}, and whether it is up`,
  }),
  PROXY_TLS: ({ proxy }) => ({
    finding: `the TLS handshake with ${proxy} failed`,
    nextStep:
      'set NODE_EXTRA_CA_CERTS to a PEM file with the certificate of its authority, and check its scheme and port',
  }),
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
