/** The settings for private authorities and client certificates: what is accepted, how mistakes are described, rotation. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { defaultSource, networkOf, readSourceSettings } from '../../../datasources/upstream/connection-settings.ts';
import { vendors } from '../../../datasources/vendors.ts';
import { describeSettingError } from '../../../datasources/vendor-kit/settings.ts';
import { startVendor } from '../../../sandbox/server.ts';
import { loadSimulation } from '../../../sandbox/index.ts';
import { createAuthority } from '../../support/certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-tls-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const PASSPHRASE = 'canary-passphrase';
const AUTHORITY = createAuthority();
const CLIENT = AUTHORITY.issue(['ticketgraph.test']);
const ENCRYPTED = createPrivateKey(CLIENT.key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
  .toString();

/** With keys that are too short. */
const WEAK = AUTHORITY.issue(['weak.test'], undefined, generateKeyPairSync('rsa', { modulusLength: 1024 }));

const FILES = {
  ca: write('ca.pem', `# The company's own\n${AUTHORITY.cert}${createAuthority('Second').cert}`),
  cert: write('client.pem', CLIENT.cert + AUTHORITY.cert),
  key: write('client.key', CLIENT.key),
  encrypted: write('encrypted.key', ENCRYPTED),
  other: write('other.key', AUTHORITY.issue(['other.test']).key),
  weak: write('weak.pem', WEAK.cert),
  weakKey: write('weak.key', WEAK.key),
  broken: write('broken.pem', '-----BEGIN CERTIFICATE-----\ncanary0000\n-----END CERTIFICATE-----\n'),
  brokenKey: write('broken.key', '-----BEGIN PRIVATE KEY-----\ncanary0000\n-----END PRIVATE KEY-----\n'),
  text: write('notes.txt', 'canary: not a certificate'),
  missing: join(folder, 'canary-missing.pem'),
};

const [vendor] = vendors;
const PREFIX = vendor!.key.toUpperCase();
const simulated = await startVendor(await loadSimulation(vendor!.key));
afterAll(() => simulated.close());

/** @param given settings without the vendor's prefix */
function read(given: Record<string, string>) {
  const own = Object.entries(given).map(([name, value]) => [`${PREFIX}_${name}`, value] as const);
  return readSourceSettings(defaultSource(vendor!), { ...simulated.settings, ...Object.fromEntries(own) });
}

test.each<[string, Record<string, string>, object | undefined]>([
  ['nothing', {}, undefined],
  ['empty variables', { CA_FILE: '', CERT_FILE: '', KEY_FILE: '', KEY_PASSPHRASE: '' }, undefined],
  ['authorities', { CA_FILE: FILES.ca }, { cert: undefined, key: undefined }],
  ['a client certificate', { CERT_FILE: FILES.cert, KEY_FILE: FILES.key }, { ca: undefined, key: CLIENT.key }],
  [
    'an encrypted key',
    { CERT_FILE: FILES.cert, KEY_FILE: FILES.encrypted, KEY_PASSPHRASE: PASSPHRASE },
    { key: ENCRYPTED, passphrase: PASSPHRASE },
  ],
])('accepts %s', (_, given, tls) => {
  const result = read(given);
  if ('errors' in result) throw new Error(result.errors.map((error) => describeSettingError(error)).join('\n'));
  const network = networkOf(vendor!.key, result.settings);
  if (tls === undefined) expect(network.tls).toBeUndefined();
  else expect(network.tls?.current).toMatchObject(tls);
});

const PEM_FILE = 'the path of a readable file in PEM with';

test.each<[string, Record<string, string>, string, string]>([
  ['a missing file', { CA_FILE: FILES.missing }, 'CA_FILE', `${PEM_FILE} one or more certificates of authorities`],
  ['a folder', { CA_FILE: folder }, 'CA_FILE', PEM_FILE],
  ['a file without certificates', { CA_FILE: FILES.text }, 'CA_FILE', PEM_FILE],
  ['an unreadable certificate', { CA_FILE: FILES.broken }, 'CA_FILE', PEM_FILE],
  ['a key for a certificate', { CERT_FILE: FILES.key, KEY_FILE: FILES.key }, 'CERT_FILE', `${PEM_FILE} a client`],
  ['a certificate for a key', { CERT_FILE: FILES.cert, KEY_FILE: FILES.cert }, 'KEY_FILE', `${PEM_FILE} the private`],
  [
    'a certificate without its key',
    { CERT_FILE: FILES.cert },
    'KEY_FILE',
    `the path of a private key in PEM, since ${PREFIX}_CERT_FILE is set`,
  ],
  [
    'a key without its certificate',
    { KEY_FILE: FILES.key },
    'CERT_FILE',
    `the path of a client certificate in PEM, since ${PREFIX}_KEY_FILE is set`,
  ],
  ['a passphrase without a key', { KEY_PASSPHRASE: PASSPHRASE }, 'KEY_FILE', 'the path of a private key in PEM'],
  [
    'the key of another certificate',
    { CERT_FILE: FILES.cert, KEY_FILE: FILES.other },
    'KEY_FILE',
    `the private key of the first certificate in ${PREFIX}_CERT_FILE`,
  ],
  [
    'an encrypted key without its passphrase',
    { CERT_FILE: FILES.cert, KEY_FILE: FILES.encrypted },
    'KEY_PASSPHRASE',
    `the passphrase of the private key in ${PREFIX}_KEY_FILE`,
  ],
  [
    'a wrong passphrase',
    { CERT_FILE: FILES.cert, KEY_FILE: FILES.encrypted, KEY_PASSPHRASE: 'canary-wrong' },
    'KEY_PASSPHRASE',
    `the passphrase of the private key in ${PREFIX}_KEY_FILE`,
  ],
  [
    'an unreadable key',
    { CERT_FILE: FILES.cert, KEY_FILE: FILES.brokenKey },
    'KEY_FILE',
    'the path of a valid private key in PEM',
  ],
  [
    'a certificate that OpenSSL does not accept',
    { CERT_FILE: FILES.weak, KEY_FILE: FILES.weakKey },
    'CERT_FILE',
    'a certificate that OpenSSL accepts',
  ],
])('rejects %s', (_, given, name, expected) => {
  const result = read(given);
  const errors = 'errors' in result ? result.errors : [];
  expect(errors.map(({ variable }) => variable)).toEqual([`${PREFIX}_${name}`]);
  expect(describeSettingError(errors[0]!)).toContain(`${PREFIX}_${name} is missing or invalid: expected ${expected}`);
  expect(JSON.stringify(errors)).not.toMatch(/canary|BEGIN/);
});

/** A client certificate in files that change, and the warnings about them. */
function follow() {
  const [cert, key] = [write('rotated.pem', CLIENT.cert), write('rotated.key', CLIENT.key)];
  const result = read({ CERT_FILE: cert, KEY_FILE: key });
  if ('errors' in result) throw new Error(result.errors.map((error) => describeSettingError(error)).join('\n'));
  const warnings: string[] = [];
  const { tls } = networkOf(vendor!.key, result.settings, (message) => void warnings.push(message));
  return { tls: tls!, warnings };
}

test('files that have changed are read again, and others are not', async () => {
  const { tls, warnings } = follow();
  const before = tls.current;
  await tls.refresh();
  expect(tls.current).toBe(before);
  const next = AUTHORITY.issue(['next.test']);
  write('rotated.pem', next.cert);
  write('rotated.key', next.key);
  await tls.refresh();
  expect(tls.current).toMatchObject(next);
  const after = tls.current;
  await tls.refresh();
  expect(tls.current).toBe(after);
  expect(warnings).toEqual([]);
});

test('a certificate is not replaced without its key, and the log says so if it stays that way', async () => {
  const { tls, warnings } = follow();
  const next = AUTHORITY.issue(['next.test']);
  write('rotated.pem', next.cert);
  await tls.refresh();
  expect(tls.current).toMatchObject(CLIENT);
  expect(warnings).toEqual([]);
  await tls.refresh();
  expect(tls.current).toMatchObject(CLIENT);
  expect(warnings).toEqual([
    `Ignoring the new content of ${PREFIX}_CERT_FILE, ${PREFIX}_KEY_FILE: invalid. Run ticketgraph doctor to find the cause.`,
  ]);
  write('rotated.key', next.key);
  await tls.refresh();
  expect(tls.current).toMatchObject(next);
});

test('a file that disappears does not replace what was read', async () => {
  const { tls } = follow();
  rmSync(join(folder, 'rotated.key'));
  await tls.refresh();
  expect(tls.current).toMatchObject(CLIENT);
});
