/** How the connections of one source leave this machine, and what a caller reads if one cannot be established. */
import type { FailureDetails } from '../contract.ts';
import { certificateProblemOf, obstacleOf, type CertificateProblem, type Obstacle } from './transport/causes.ts';
import { hostOfProxy, type ChosenProxy, type ProxyChoice } from './transport/proxy.ts';
import type { TlsSource } from './transport/tls.ts';
import type { TransportError } from './transport/transport.ts';

export interface Network {
  readonly proxyFor: ProxyChoice;
  /** `undefined` without settings for TLS. */
  readonly tls: TlsSource | undefined;
  /** The name of one of the source's settings as its operator spells it, e.g. `ACME_CA_FILE` for `CA_FILE`. */
  nameOf(setting: string): string;
}

/** For a connection without settings. */
export const DIRECT: Network = { proxyFor: () => undefined, tls: undefined, nameOf: (setting) => setting };

/** One clause each. */
interface Explanation {
  readonly reason: string;
  /** What the operator can do. */
  readonly nextStep?: string;
}

/**
 * For the caller of this endpoint. Contains no address but the host and port of the proxy.
 *
 * @param proxy the one that the connection goes through
 */
export function describeUnreachable(
  error: Pick<TransportError, 'code' | 'proxyStatus'>,
  network: Network,
  proxy: ChosenProxy | undefined,
): FailureDetails {
  const { reason, nextStep } = explain(error, network, proxy);
  const advice = nextStep === undefined ? '' : `; ${nextStep}`;
  return { kind: 'unavailable', message: `Vendor unreachable: ${reason}. Nothing was sent${advice}.` };
}

function explain(
  { code, proxyStatus }: Pick<TransportError, 'code' | 'proxyStatus'>,
  network: Network,
  proxy: ChosenProxy | undefined,
): Explanation {
  const obstacle = obstacleOf(code);
  if (obstacle === 'proxy' && proxy) return explainProxy(code, proxyStatus, network, proxy);
  const problem = certificateProblemOf(code);
  return problem ? CERTIFICATES[problem](network.nameOf) : { reason: REASONS[obstacle] };
}

function explainProxy(
  code: string | undefined,
  status: number | undefined,
  { nameOf }: Network,
  { address, isOwn }: ChosenProxy,
): Explanation {
  const proxy = `the proxy ${hostOfProxy(address)}`;
  const answer = status === undefined ? '' : ` (HTTP ${status})`;
  const check = `check ${isOwn ? nameOf('PROXY') : 'HTTPS_PROXY, HTTP_PROXY and NO_PROXY'}`;
  switch (code) {
    case 'PROXY_AUTHENTICATION':
      return { reason: `${proxy} rejected the credentials${answer}`, nextStep: check };
    case 'PROXY_UNREACHABLE':
      return { reason: `${proxy} is unreachable`, nextStep: check };
    case 'PROXY_TLS':
      return {
        reason: `the TLS certificate or handshake of ${proxy} is not accepted`,
        nextStep: 'set NODE_EXTRA_CA_CERTS',
      };
    case 'PROXY_GATEWAY_ERROR':
      return { reason: `${proxy} could not connect to the vendor${answer}`, nextStep: `check ${nameOf('URL')}` };
    default:
      return { reason: `${proxy} rejected the connection${answer}`, nextStep: check };
  }
}

type NameOf = Network['nameOf'];

const CERTIFICATES: Readonly<Record<CertificateProblem, (nameOf: NameOf) => Explanation>> = {
  'unknown-authority': (nameOf) => ({
    reason: 'its TLS certificate is from an unknown authority',
    nextStep: `set ${nameOf('CA_FILE')}`,
  }),
  expired: () => ({ reason: 'its TLS certificate has expired' }),
  'not-yet-valid': () => ({ reason: 'its TLS certificate is not valid yet' }),
  'other-host': (nameOf) => ({
    reason: 'its TLS certificate is for another host name',
    nextStep: `check ${nameOf('URL')}`,
  }),
  required: (nameOf) => ({
    reason: 'the vendor requires a client certificate',
    nextStep: `set ${nameOf('CERT_FILE')} and ${nameOf('KEY_FILE')}`,
  }),
  rejected: (nameOf) => ({
    reason: 'the vendor rejected the client certificate',
    nextStep: `check ${nameOf('CERT_FILE')}`,
  }),
};

const REASONS: Readonly<Record<Obstacle, string>> = {
  dns: 'its host name cannot be resolved',
  refused: 'the connection was refused',
  unreachable: 'there is no route to its address',
  slow: 'the connection was not established in time',
  tls: 'its TLS certificate or handshake is not accepted',
  proxy: 'the proxy does not let the connection through',
  other: 'the connection failed',
};
