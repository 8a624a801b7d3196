/** What a source's connections add to TLS: authorities that it trusts, and the certificate that it shows to the vendor. */
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';

/** In PEM. */
export interface TlsOptions {
  /** Certificates of authorities, in addition to those that Node trusts. Omit for these alone. */
  readonly ca?: string | undefined;
  /** The client certificate with its intermediate certificates. Omit for none. */
  readonly cert?: string | undefined;
  /** The private key of `cert`. */
  readonly key?: string | undefined;
  /** Of an encrypted `key`. */
  readonly passphrase?: string | undefined;
}

/** The TLS options of a source, whose files may change. */
export interface TlsSource {
  /** The same object until the files change. */
  readonly current: TlsOptions;
  /** Looks at the files, and replaces `current` if they have changed and are valid. */
  refresh(): Promise<void>;
}

/** All connections of a source share one: parsing the authorities for each connection would take milliseconds. */
const contexts = new WeakMap<TlsOptions, SecureContext>();

/** Options of `tls.connect`; none without options of the source. */
export function secureOptions(options: TlsOptions | undefined): { readonly secureContext?: SecureContext } {
  if (options === undefined) return {};
  let secureContext = contexts.get(options);
  if (!secureContext) contexts.set(options, (secureContext = toContext(options)));
  return { secureContext };
}

function toContext({ ca, ...identity }: TlsOptions): SecureContext {
  // `ca` replaces the default authorities, among them those of NODE_EXTRA_CA_CERTS.
  return createSecureContext({ ...identity, ...(ca !== undefined && { ca: [...getCACertificates('default'), ca] }) });
}

/** Whether OpenSSL accepts a certificate and its key. */
export function isAccepted(identity: TlsOptions): boolean {
  try {
    createSecureContext(identity);
    return true;
  } catch {
    return false;
  }
}
