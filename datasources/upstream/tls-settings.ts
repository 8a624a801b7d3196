/**
 * The TLS settings of a source: PEM files, read at startup and again when they change. A mistake is described by the
 * variable and the expected form, never by the content of a file.
 */
import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Setting, SettingsShape, ValuesOf } from '../contract.ts';
import { optionalText, readSettings, secret } from '../vendor-kit/settings.ts';
import { followFiles } from './tls-files.ts';
import { isAccepted, type TlsOptions, type TlsSource } from './transport/tls.ts';

export const TLS_SETTINGS = {
  /** Authorities of the vendor's certificates, in addition to those that Node trusts. */
  CA_FILE: pemFile('one or more certificates of authorities', (pem) => parseCertificates(pem) !== undefined),
  /** The client certificate, followed by its intermediate certificates. */
  CERT_FILE: pemFile(
    'a client certificate and its intermediate certificates',
    (pem) => parseCertificates(pem) !== undefined,
  ),
  /** The private key of the client certificate. */
  KEY_FILE: pemFile('the private key of the client certificate', (pem) => PRIVATE_KEY.test(pem)),
  /** Of an encrypted private key. */
  KEY_PASSPHRASE: secret(optionalText('the passphrase of the private key', 1024)),
} satisfies SettingsShape;

type TlsSettings = ValuesOf<typeof TLS_SETTINGS>;

const PRIVATE_KEY = /^-----BEGIN (?:[A-Z0-9]+ )?PRIVATE KEY-----$/m;

/** PEM texts are a few kilobytes; bundles of authorities a few hundred. */
const MAX_FILE_BYTES = 4_000_000;

/** A file in PEM that was valid when it was read. */
interface PemFile {
  readonly path: string;
  readonly pem: string;
}

function pemFile(content: string, isValid: (pem: string) => boolean): Setting<PemFile | undefined> {
  return {
    expected: `the path of a readable file in PEM with ${content}, or unset`,
    read(path) {
      if (!path) return { value: undefined };
      const pem = readPem(path);
      return pem !== undefined && isValid(pem) ? { value: { path, pem } } : undefined;
    },
  };
}

function readPem(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.length > MAX_FILE_BYTES ? undefined : bytes.toString('utf8');
  } catch {
    return undefined;
  }
}

/** At least one, or `undefined` if there is none, or one of them cannot be read. */
function parseCertificates(pem: string): readonly X509Certificate[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.length === 0 ? undefined : blocks.map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
}

/** Returns the settings that do not fit together, each with what is expected. */
export function checkTls(
  { CERT_FILE: cert, KEY_FILE: key, KEY_PASSPHRASE: passphrase }: TlsSettings,
  nameOf: (setting: string) => string,
): readonly (readonly [name: string, expected: string])[] {
  if (key === undefined) {
    const given = cert === undefined ? (passphrase === undefined ? undefined : 'KEY_PASSPHRASE') : 'CERT_FILE';
    return given === undefined ? [] : [['KEY_FILE', `the path of a private key in PEM, since ${nameOf(given)} is set`]];
  }
  if (cert === undefined) {
    return [['CERT_FILE', `the path of a client certificate in PEM, since ${nameOf('KEY_FILE')} is set`]];
  }
  const privateKey = parseKey(key.pem, passphrase);
  if (!privateKey) return [explainUnreadableKey(key.pem, nameOf('KEY_FILE'))];
  const [certificate] = parseCertificates(cert.pem)!;
  if (!certificate!.checkPrivateKey(privateKey)) {
    return [['KEY_FILE', `the private key of the first certificate in ${nameOf('CERT_FILE')}`]];
  }
  return isAccepted({ cert: cert.pem, key: key.pem, passphrase }) ? [] : [['CERT_FILE', ACCEPTED]];
}

const ACCEPTED =
  'a certificate that OpenSSL accepts, e.g. an RSA key of 2048 bits or more and a signature with SHA-256';

function parseKey(key: string, passphrase: string | undefined): KeyObject | undefined {
  try {
    return createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    return undefined;
  }
}

/** PKCS #8 and the older format of OpenSSL. */
const ENCRYPTED = /^-----BEGIN ENCRYPTED PRIVATE KEY-----$|^Proc-Type: 4,ENCRYPTED/m;

function explainUnreadableKey(key: string, keyFile: string): readonly [string, string] {
  return ENCRYPTED.test(key)
    ? ['KEY_PASSPHRASE', `the passphrase of the private key in ${keyFile}`]
    : ['KEY_FILE', 'the path of a valid private key in PEM'];
}

/** Returns `undefined` if none is set. @param onInvalid called if the files change and are no longer valid */
export function toTlsSource(settings: TlsSettings, onInvalid: () => void): TlsSource | undefined {
  const files = [settings.CA_FILE, settings.CERT_FILE, settings.KEY_FILE].filter((file) => file !== undefined);
  if (files.length === 0) return undefined;
  const paths = files.map(({ path }) => path);
  return followFiles({ options: toTlsOptions(settings), paths, read: () => readAgain(settings) }, onInvalid);
}

function toTlsOptions({ CA_FILE, CERT_FILE, KEY_FILE, KEY_PASSPHRASE }: TlsSettings): TlsOptions {
  return { ca: CA_FILE?.pem, cert: CERT_FILE?.pem, key: KEY_FILE?.pem, passphrase: KEY_PASSPHRASE };
}

function readAgain({ CA_FILE, CERT_FILE, KEY_FILE, KEY_PASSPHRASE }: TlsSettings): TlsOptions | undefined {
  const files = { CA_FILE: CA_FILE?.path, CERT_FILE: CERT_FILE?.path, KEY_FILE: KEY_FILE?.path, KEY_PASSPHRASE };
  const read = readSettings(TLS_SETTINGS, files);
  if ('errors' in read || checkTls(read.settings, (name) => name).length > 0) return undefined;
  return toTlsOptions(read.settings);
}
