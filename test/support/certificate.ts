/** Creates certificates at run time, without stored keys or other programs. RFC 5280 section 4.1. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export interface Certified {
  /** In PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Certified {
  /** A certificate for these host names. @param keys default to new ones */
  issue(names: readonly string[], validity?: Validity, keys?: KeyPair): Certified;
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

const DAY_MS = 86_400_000;

export function createAuthority(name = 'Authority of a test'): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const isAuthority = extension('2.5.29.19', sequence(tlv(0x01, Buffer.of(0xff))));
  const own = certify({ subject: name, keys, issuer: name, issuerKey: keys.privateKey, extensions: [isAuthority] });
  return {
    ...own,
    issue(names, validity, leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' })) {
      const alternatives = extension('2.5.29.17', sequence(...names.map((host) => tlv(0x82, Buffer.from(host)))));
      const parts = { subject: names[0]!, keys: leaf, issuer: name, issuerKey: keys.privateKey };
      return certify({ ...parts, extensions: [alternatives], ...(validity && { validity }) });
    },
  };
}

interface Parts {
  readonly subject: string;
  readonly keys: KeyPair;
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly extensions: readonly Buffer[];
  readonly validity?: Validity;
}

let serial = 0;

function certify({ subject, keys, issuer, issuerKey, extensions, validity }: Parts): Certified {
  const { from, to } = validity ?? { from: new Date(Date.now() - DAY_MS), to: new Date(Date.now() + DAY_MS) };
  const algorithm = sequence(identifier('1.2.840.10045.4.3.2'));
  serial += 1;
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.of(2))),
    tlv(0x02, Buffer.of(1, serial)),
    algorithm,
    toName(issuer),
    sequence(toTime(from), toTime(to)),
    toName(subject),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = tlv(0x03, Buffer.concat([Buffer.of(0), sign('sha256', body, issuerKey)]));
  const der = sequence(body, algorithm, signature);
  const lines = der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Tag, length, value: ITU-T X.690. */
function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), value]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((arc) => {
    const septets = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) septets.unshift((left & 0x7f) | 0x80);
    return septets;
  });
  return tlv(0x06, Buffer.of(first * 40 + second, ...bytes));
}

function toName(name: string): Buffer {
  return sequence(tlv(0x31, sequence(identifier('2.5.4.3'), tlv(0x0c, Buffer.from(name)))));
}

/** GeneralizedTime. */
function toTime(date: Date): Buffer {
  return tlv(0x18, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')));
}

function extension(type: string, value: Buffer): Buffer {
  return sequence(identifier(type), tlv(0x01, Buffer.of(0xff)), tlv(0x04, value));
}
