/**
 * Vendors out through a company's network: a proxy, a private authority and a client certificate for each. Checked by the
 * ledgers of proxy, TLS servers and vendors.
 */
import { createPrivateKey } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadSimulation } from '../../sandbox/index.ts';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { createAuthority, type Certified, type Validity } from '../support/certificate.ts';
import { runCommand } from '../support/command.ts';
import { startEndpoint, type Endpoint } from '../support/endpoint.ts';
import { startProxy, startTls, type ClientCheck } from '../support/proxy.ts';
import { SAMPLED, SIGNING_IN, samplesOf } from '../support/samples.ts';

const READ = 'query ($id: ID!) { ticket(id: $id) { __typename } }';
const WRITE = `mutation ($id: ID!, $action: String!) { done: executeAction(input: { ticketId: $id, action: $action }) {
  outcome problems { code message } } }`;

const WRITE_WITH_TEXT = WRITE.replace('code message', 'code message upstreamMessage');

const PASSWORD = 'canary-of-the-proxy';
const PASSPHRASE = 'canary-of-the-key';
const AUTHORITY = createAuthority();
const CLIENT = AUTHORITY.issue(['ticketgraph.test']);

async function start(key: string): Promise<RunningVendor> {
  const vendor = await startVendor(await loadSimulation(key));
  onTestFinished(() => vendor.close());
  return vendor;
}

/** Vendors that sign in at an address of its own. */
const SIGNING_IN_ELSEWHERE = SIGNING_IN.filter(({ key, signIn }) => {
  return signIn.addressSetting !== `${key.toUpperCase()}_URL`;
});

/** The settings of a vendor at another origin, and of its sign-in at a further one. */
function settingsAt(vendor: RunningVendor, origin: string, signInOrigin = origin): Record<string, string> {
  const signIn = SIGNING_IN_ELSEWHERE.find(({ key }) => key === vendor.key)?.signIn.addressSetting;
  return Object.fromEntries(
    Object.entries(vendor.settings).map(([name, value]) => [
      name,
      value.replace(vendor.url, name === signIn ? signInOrigin : origin),
    ]),
  );
}

/** Deleted after the test. */
function writeFiles({ cert, key }: Certified = CLIENT) {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-network-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const encryption = { cipher: 'aes-256-cbc', passphrase: PASSPHRASE };
  const encrypted = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', ...encryption });
  return {
    CA_FILE: write('ca.pem', AUTHORITY.cert),
    CERT_FILE: write('client.pem', cert),
    KEY_FILE: write('client.key', encrypted.toString()),
    KEY_PASSPHRASE: PASSPHRASE,
  };
}

function prefixed(key: string, settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${key.toUpperCase()}_${name}`, value]));
}

/** A proxy that rejects each request, and quotes its credentials in a message. */
async function startQuoting() {
  const quoted: string[] = [];
  const server = createServer(({ headers }, response) => {
    quoted.push(`Rejected: ${headers['proxy-authorization']}, i.e. ${PASSWORD}`);
    response.writeHead(400, { 'content-type': 'text/plain' }).end(quoted.at(-1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { quoted, port: (server.address() as AddressInfo).port };
}

async function startOver(environment: Record<string, string>, lines: string[] = []): Promise<Endpoint> {
  const logStream = { write: (line: string) => void lines.push(line) };
  const endpoint = await startEndpoint({ LOG_LEVEL: 'debug', ...environment }, { logStream });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

function requireClients(): ClientCheck {
  return { ca: AUTHORITY.cert, clients: [] };
}

/** A vendor whose two hosts are behind a proxy of its own, and require a client certificate. */
async function startProxied(key: string) {
  const vendor = await start(key);
  const check = requireClients();
  const [host, signInHost] = [`${key}.test:443`, `login.${key}.test:443`];
  const hosts = new Map<string, number>();
  for (const each of [host, signInHost]) {
    hosts.set(each, await startTls(AUTHORITY.issue([each.replace(':443', '')]), vendor.url, check));
  }
  const proxy = await startProxy(hosts);
  const settings = {
    ...settingsAt(vendor, `https://${key}.test`, `https://login.${key}.test`),
    ...prefixed(key, { ...writeFiles(), PROXY: `http://${key}:${PASSWORD}@127.0.0.1:${proxy.port}` }),
  };
  return { vendor, check, proxy, settings, host, signInHost };
}

function credentialsOf(key: string): string {
  return `Basic ${Buffer.from(`${key}:${PASSWORD}`).toString('base64')}`;
}

function expectNoSecrets(text: string, key: string): void {
  for (const secret of [PASSWORD, PASSPHRASE, credentialsOf(key).slice('Basic '.length), 'PRIVATE KEY']) {
    expect(text).not.toContain(secret);
  }
}

test('one vendor goes through its proxy with a client certificate, its sign-in as well, and another one directly', async () => {
  const { key, id, samples } = SIGNING_IN_ELSEWHERE[0]!;
  const direct = SAMPLED.find((other) => !SIGNING_IN.some(({ key: signing }) => signing === other.key))!;
  const proxied = await startProxied(key);
  const vendor = await start(direct.key);
  const port = await startTls(AUTHORITY.issue(['localhost']), vendor.url);
  const lines: string[] = [];
  const endpoint = await startOver(
    {
      ...proxied.settings,
      ...settingsAt(vendor, `https://localhost:${port}`),
      ...prefixed(direct.key, { CA_FILE: writeFiles().CA_FILE, PROXY: 'none' }),
    },
    lines,
  );
  const answers = [
    await endpoint.ask(READ, { id }),
    await endpoint.ask(WRITE, { id, action: samples.action }),
    await endpoint.ask(READ, { id: direct.id }),
    await endpoint.ask(WRITE, { id: direct.id, action: direct.samples.action }),
  ];
  for (const { errors } of answers) expect(errors).toBeUndefined();
  for (const index of [1, 3]) expect(answers[index]!.data.done).toEqual({ outcome: 'APPLIED', problems: [] });
  expect(proxied.vendor.effects).toHaveLength(1);
  expect(vendor.effects).toHaveLength(1);
  expect(new Set(proxied.proxy.lines)).toEqual(new Set([`CONNECT ${proxied.host}`, `CONNECT ${proxied.signInHost}`]));
  expect(new Set(proxied.proxy.credentials)).toEqual(new Set([credentialsOf(key)]));
  expect(proxied.check.clients).toHaveLength(proxied.proxy.lines.length);
  expect(new Set(proxied.check.clients)).toEqual(new Set(['ticketgraph.test']));
  expect(lines.join()).toContain('"msg":"request"');
  expectNoSecrets(lines.join() + JSON.stringify(answers), key);
});

describe.each(SAMPLED.map(({ key, id, samples }) => [key, id, samples.action] as const))('%s', (key, id, action) => {
  test('is read and written once through its own proxy', { tags: ['full'] }, async () => {
    const { vendor, check, proxy, settings, host, signInHost } = await startProxied(key);
    const lines: string[] = [];
    const endpoint = await startOver({ ...settings, HTTPS_PROXY: 'http://127.0.0.1:1' }, lines);
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
    expect((await endpoint.ask(WRITE, { id, action })).data.done).toEqual({ outcome: 'APPLIED', problems: [] });
    expect(vendor.effects).toHaveLength(1);
    const signsInElsewhere = SIGNING_IN_ELSEWHERE.some((signing) => signing.key === key);
    const reached = signsInElsewhere ? [host, signInHost] : [host];
    expect(new Set(proxy.lines)).toEqual(new Set(reached.map((each) => `CONNECT ${each}`)));
    expect(new Set(proxy.credentials)).toEqual(new Set([credentialsOf(key)]));
    expect(check.clients).toHaveLength(proxy.lines.length);
    expectNoSecrets(lines.join(), key);
  });

  test('gets no write without the client certificate that it requires: NOT_APPLIED', { tags: ['full'] }, async () => {
    const { vendor, settings } = await startProxied(key);
    const names = Object.keys(prefixed(key, { CERT_FILE: '', KEY_FILE: '', KEY_PASSPHRASE: '' }));
    const without = Object.fromEntries(Object.entries(settings).filter(([name]) => !names.includes(name)));
    const endpoint = await startOver(without);
    const { data } = await endpoint.ask(WRITE, { id, action });
    expect(data.done).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_UNAVAILABLE' }] });
    const prefix = key.toUpperCase();
    expect(data.done.problems[0].message).toContain(
      `Vendor unreachable: the vendor requires a client certificate. Nothing was sent; set ${prefix}_CERT_FILE and ${prefix}_KEY_FILE.`,
    );
    expect(vendor.ledger).toEqual([]);
  });
});

test('a rotated client certificate is used without a restart, and no request is lost', async () => {
  const { id, samples } = samplesOf('omnidesk');
  const { vendor, check, settings } = await startProxied('omnidesk');
  const endpoint = await startOver(settings);
  expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
  const next = AUTHORITY.issue(['rotated.test']);
  // The passphrase is the same.
  const files = writeFiles(next);
  copyFileSync(files.CERT_FILE, settings['OMNIDESK_CERT_FILE']!);
  copyFileSync(files.KEY_FILE, settings['OMNIDESK_KEY_FILE']!);
  while (!check.clients.includes('rotated.test')) {
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
  }
  check.clients.length = 0;
  const { data } = await endpoint.ask(WRITE, { id, action: samples.action });
  expect(data.done).toEqual({ outcome: 'APPLIED', problems: [] });
  expect(vendor.effects).toHaveLength(1);
  expect(new Set(check.clients)).toEqual(new Set(['rotated.test']));
});

test('an error page that quotes the credentials of the proxy does not reveal them', async () => {
  const page = await startQuoting();
  const HTTP_PROXY = `http://desk:${PASSWORD}@127.0.0.1:${page.port}`;
  const vendor = await start('requestor');
  const lines: string[] = [];
  const settings = { ...settingsAt(vendor, 'http://v.test'), ALLOW_PLAINTEXT: '1', HTTP_PROXY };
  const endpoint = await startOver(settings, lines);
  const { id, samples } = samplesOf('requestor');
  const answers = [
    await endpoint.ask(READ, { id }),
    await endpoint.ask(WRITE_WITH_TEXT, { id, action: samples.action }),
  ];
  expect(page.quoted.length).toBeGreaterThanOrEqual(2);
  for (const text of page.quoted) expect(text).toContain(Buffer.from(`desk:${PASSWORD}`).toString('base64'));
  expect(JSON.stringify(answers)).toContain('Rejected: REDACTED, i.e. REDACTED');
  expect(JSON.stringify(answers) + lines.join()).not.toContain(PASSWORD);
  expect(JSON.stringify(answers) + lines.join()).not.toContain(Buffer.from(`desk:${PASSWORD}`).toString('base64'));
});

const PAST: Validity = { from: new Date('2020-01-01'), to: new Date('2020-02-01') };

interface Obstructed {
  readonly server?: Certified;
  readonly check?: ClientCheck;
  /** Settings of the vendor, without its prefix. */
  readonly settings: Record<string, string>;
}

/** By the name of what is wrong: the way to a vendor that is obstructed, what a caller reads, and what the doctor advises. */
const OBSTACLES: Readonly<Record<string, readonly [() => Obstructed, string, string]>> = {
  'an unknown authority': [
    () => ({ settings: {} }),
    'its TLS certificate is from an unknown authority. Nothing was sent; set OMNIDESK_CA_FILE.',
    'set OMNIDESK_CA_FILE to a PEM file',
  ],
  'an expired certificate': [
    () => ({ server: AUTHORITY.issue(['localhost'], PAST), settings: { CA_FILE: writeFiles().CA_FILE } }),
    'its TLS certificate has expired. Nothing was sent.',
    'renew the certificate',
  ],
  'a certificate for another host': [
    () => ({ server: AUTHORITY.issue(['elsewhere.test']), settings: { CA_FILE: writeFiles().CA_FILE } }),
    'its TLS certificate is for another host name. Nothing was sent; check OMNIDESK_URL.',
    'check the host name in OMNIDESK_URL',
  ],
  'a missing client certificate': [
    () => ({ check: requireClients(), settings: { CA_FILE: writeFiles().CA_FILE } }),
    'the vendor requires a client certificate. Nothing was sent; set OMNIDESK_CERT_FILE and OMNIDESK_KEY_FILE.',
    'set OMNIDESK_CERT_FILE and OMNIDESK_KEY_FILE; it requires a client certificate',
  ],
};

describe.each(Object.entries(OBSTACLES))('%s', (_, [obstruct, message, advice]) => {
  const startObstructed = async () => {
    const { server = AUTHORITY.issue(['localhost']), check, settings } = obstruct();
    const vendor = await start('omnidesk');
    const port = await startTls(server, vendor.url, check);
    const environment = { ...settingsAt(vendor, `https://localhost:${port}`), ...prefixed('omnidesk', settings) };
    return { vendor, environment };
  };

  test('leaves a write NOT_APPLIED, and says what to do', async () => {
    const { vendor, environment } = await startObstructed();
    const endpoint = await startOver(environment);
    const { id, samples } = samplesOf('omnidesk');
    const { data } = await endpoint.ask(WRITE, { id, action: samples.action });
    expect(data.done).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_UNAVAILABLE' }] });
    expect(data.done.problems[0].message).toContain(`Vendor unreachable: ${message}`);
    const { errors } = await endpoint.ask(READ, { id });
    expect(errors?.[0]?.message).toContain(`Vendor unreachable: ${message}`);
    expect(vendor.ledger).toEqual([]);
  });

  test('has advice from the doctor', { tags: ['full'] }, async () => {
    const { vendor, environment } = await startObstructed();
    const { stdout, code } = await runCommand(['doctor'], { environment });
    expect(code).toBe(1);
    expect(stdout).toContain(`Omnidesk is unreachable at OMNIDESK_URL: ${advice}`);
    expect(vendor.ledger).toEqual([]);
  });
});

test.each([
  [
    403,
    'check OMNIDESK_PROXY, and whether the proxy allows this host and port; the proxy HOST rejected the connection',
  ],
  [407, 'check the user and password in OMNIDESK_PROXY; the proxy HOST rejected the credentials'],
  [
    502,
    'check the host and port in OMNIDESK_URL, and whether it is up; the proxy HOST could not connect to the vendor',
  ],
])('the doctor names the proxy that answers CONNECT with %i', { tags: ['full'] }, async (status, advice) => {
  const { vendor, proxy, settings } = await startProxied('omnidesk');
  proxy.rejection = status;
  const { stdout, stderr, code } = await runCommand(['doctor'], { environment: settings });
  expect(code).toBe(1);
  expect(stdout).toContain(advice.replace('HOST', `127.0.0.1:${proxy.port}`));
  expectNoSecrets(stdout + stderr, 'omnidesk');
  expect(vendor.ledger).toEqual([]);
});

test('the server does not start with a key that does not match, and does not show it', { tags: ['full'] }, async () => {
  const files = writeFiles({ ...CLIENT, key: AUTHORITY.issue(['other.test']).key });
  const environment = { OMNIDESK_URL: 'https://v.test', OMNIDESK_API_KEY: 'x', ...prefixed('omnidesk', files) };
  const { stdout, stderr, code } = await runCommand(['serve'], { environment: { ...environment, PORT: '0' } });
  expect(code).not.toBe(0);
  const expected = 'the private key of the first certificate in OMNIDESK_CERT_FILE';
  expect(stderr).toContain(`OMNIDESK_KEY_FILE is missing or invalid: expected ${expected}.`);
  expectNoSecrets(stdout + stderr, 'omnidesk');
});
