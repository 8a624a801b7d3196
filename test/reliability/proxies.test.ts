/**
 * Vendors behind a proxy, and with certificates of a private authority. Checked by the ledgers of proxy and vendors.
 *
 * @module-tag full
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { proxyAddress, proxyOf, proxyOfVendor } from '../../datasources/upstream/transport/proxy.ts';
import { vendorKeyOf } from '../../datasources/vendor-kit/source-key.ts';
import { loadSimulation } from '../../sandbox/index.ts';
import { startVendor, type RunningVendor } from '../../sandbox/server.ts';
import { createAuthority } from '../support/certificate.ts';
import { runCommand } from '../support/command.ts';
import { startEndpoint, type Answer, type Endpoint } from '../support/endpoint.ts';
import { startProxy, startTls } from '../support/proxy.ts';
import { startReplica } from '../support/replica.ts';
import { SAMPLED, SOURCES, samplesOf } from '../support/samples.ts';

const READ = 'query ($id: ID!) { ticket(id: $id) { __typename } }';
const WRITE = `mutation ($id: ID!, $action: String!) { done: executeAction(input: { ticketId: $id, action: $action }) {
  outcome problems { code message } } }`;

const VENDORS = SAMPLED.map(({ key, id, samples }) => [key, id, samples.action] as const);

const SECRET = 'canary-of-the-proxy';

async function start(key: string): Promise<RunningVendor> {
  const vendor = await startVendor(await loadSimulation(vendorKeyOf(key)), { key });
  onTestFinished(() => vendor.close());
  return vendor;
}

/** A vendor's settings with another origin for all of its addresses. */
function settingsAt(vendor: RunningVendor, origin: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(vendor.settings).map(([name, value]) => [name, value.replace(vendor.url, origin)]),
  );
}

function portOf({ url }: { url: string }): number {
  return Number(new URL(url).port);
}

function writeTemporary(name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-proxies-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function startOver(environment: Record<string, string>, lines: string[] = []): Promise<Endpoint> {
  const logStream = { write: (line: string) => void lines.push(line) };
  const endpoint = await startEndpoint({ LOG_LEVEL: 'debug', ...environment }, { logStream });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

/** The issuer of callers' tokens. */
async function startIssuer() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'ES256', use: 'sig' }] };
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(keys));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const token = await new SignJWT({ scope: 'ticket:read ticket:status' })
    .setProtectedHeader({ alg: 'ES256', kid: '1' })
    .setIssuer('https://id.test')
    .setAudience('ticketgraph')
    .setSubject('caller')
    .setExpirationTime('5m')
    .sign(privateKey);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token };
}

test('all vendors, their sign-ins and the token issuer are reached through HTTPS_PROXY, with a private authority', async () => {
  const authority = createAuthority();
  const issuer = await startIssuer();
  const hosts = new Map<string, number>();
  hosts.set('id.test:443', await startTls(authority.issue(['id.test']), issuer.url));
  const vendors = new Map<string, RunningVendor>();
  let settings: Record<string, string> = {};
  for (const [key] of VENDORS) {
    const vendor = await start(key);
    vendors.set(key, vendor);
    hosts.set(`${key}.test:443`, await startTls(authority.issue([`${key}.test`]), vendor.url));
    settings = { ...settings, ...settingsAt(vendor, `https://${key}.test`) };
  }
  const proxy = await startProxy(hosts);
  const replica = await startReplica({
    ...settings,
    STORE_PATH: writeTemporary('store', ''),
    HTTPS_PROXY: `http://desk:${SECRET}@127.0.0.1:${proxy.port}`,
    NODE_EXTRA_CA_CERTS: writeTemporary('ca.pem', authority.cert),
    AUTH_JWKS_URL: 'https://id.test/keys',
    AUTH_ISSUER: 'https://id.test',
    AUTH_AUDIENCE: 'ticketgraph',
    LOG_LEVEL: 'debug',
  });
  onTestFinished(() => replica.kill());
  const ask = async (query: string, variables: object): Promise<Answer> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${issuer.token}` };
    const response = await fetch(replica.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
    return (await response.json()) as Answer;
  };
  for (const [key, id, action] of VENDORS) {
    const read = await ask(READ, { id });
    expect([key, read.errors]).toEqual([key, undefined]);
    const { data } = await ask(WRITE, { id, action });
    expect([key, data.done]).toEqual([key, { outcome: 'APPLIED', problems: [] }]);
    expect(vendors.get(key)!.effects).toHaveLength(1);
  }
  expect(new Set(proxy.lines)).toEqual(new Set([...hosts.keys()].map((host) => `CONNECT ${host}`)));
  const credentials = `Basic ${Buffer.from(`desk:${SECRET}`).toString('base64')}`;
  expect(new Set(proxy.credentials)).toEqual(new Set([credentials]));
  expect(replica.complaints()).toContain('"msg":"request"');
  expect(replica.complaints()).not.toContain(SECRET);
  expect(replica.complaints()).not.toContain(credentials.slice(6));
  for (const vendor of vendors.values()) {
    for (const { arrival } of vendor.ledger) expect(arrival.headers).not.toHaveProperty('proxy-authorization');
  }
});

test.each([
  ['an unknown authority', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', undefined],
  ['a certificate that has expired', 'CERT_HAS_EXPIRED', { from: new Date('2020-01-01'), to: new Date('2020-02-01') }],
  [
    'a certificate that is not valid yet',
    'CERT_NOT_YET_VALID',
    { from: new Date('2098-01-01'), to: new Date('2099-01-01') },
  ],
] as const)('the doctor reports %s', async (_, code, validity) => {
  const authority = createAuthority();
  const vendor = await start('omnidesk');
  const port = await startTls(authority.issue(['localhost'], validity), vendor.url);
  const { stdout } = await runCommand(['doctor', '--json'], {
    environment: {
      ...settingsAt(vendor, `https://localhost:${port}`),
      ...(validity && { NODE_EXTRA_CA_CERTS: writeTemporary('ca.pem', authority.cert) }),
    },
  });
  const report = JSON.parse(stdout) as { vendors: { vendor: string; cause: string; problems: string[] }[] };
  const found = report.vendors.find(({ vendor: name }) => name === 'OMNIDESK');
  expect(found).toMatchObject({ cause: code, reachable: false });
  expect(found!.problems[0]).toMatch(new RegExp(`certificate.*\\(${code}\\)\\.$`));
  expect(vendor.ledger).toEqual([]);
});

describe.each(SOURCES)('$key behind a proxy for plain http', ({ key, id, samples: { action } }) => {
  const host = `${key.replace('@', '-')}.test`;
  const startBehind = async (environment: Record<string, string> = {}) => {
    const vendor = await start(key);
    const proxy = await startProxy(new Map([[`${host}:80`, portOf(vendor)]]));
    const lines: string[] = [];
    const endpoint = await startOver(
      {
        ...settingsAt(vendor, `http://${host}`),
        ALLOW_PLAINTEXT: '1',
        http_proxy: `desk:${SECRET}@127.0.0.1:${proxy.port}`,
        HTTP_PROXY: 'http://127.0.0.1:1',
        ...environment,
      },
      lines,
    );
    return { vendor, proxy, endpoint, lines };
  };

  test('is read and written to, sign-in included', async () => {
    const { vendor, proxy, endpoint, lines } = await startBehind();
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
    expect((await endpoint.ask(WRITE, { id, action })).data.done).toEqual({ outcome: 'APPLIED', problems: [] });
    expect(vendor.effects).toHaveLength(1);
    expect(proxy.lines).toHaveLength(vendor.ledger.length);
    for (const line of proxy.lines) expect(line).toContain(`http://${host}`);
    expect(lines.join()).not.toContain(SECRET);
  });

  test('gets no write if the proxy rejects the credentials: NOT_APPLIED', async () => {
    const { vendor, proxy, endpoint, lines } = await startBehind();
    proxy.rejection = 407;
    const { data } = await endpoint.ask(WRITE, { id, action });
    expect(data.done).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_UNAVAILABLE' }] });
    expect(data.done.problems[0].message).toContain('proxy');
    expect(vendor.ledger).toEqual([]);
    expect(lines.join()).toContain('PROXY_AUTHENTICATION');
    expect(lines.join() + JSON.stringify(data)).not.toContain(SECRET);
  });
});

const startBehind = async (key: 'omnidesk' | 'akana', environment: Record<string, string> = {}) => {
  const vendor = await start(key);
  const proxy = await startProxy(new Map());
  const lines: string[] = [];
  const HTTPS_PROXY = `http://desk:${SECRET}@127.0.0.1:${proxy.port}`;
  const endpoint = await startOver({ ...settingsAt(vendor, 'https://v.test'), HTTPS_PROXY, ...environment }, lines);
  return { proxy, endpoint, lines };
};

test.each([
  ['omnidesk', 403, 'PROXY_REFUSED', 'rejected the connection', 3],
  ['omnidesk', 407, 'PROXY_AUTHENTICATION', 'rejected the credentials', 1],
  ['omnidesk', 502, 'PROXY_GATEWAY_ERROR', 'could not connect to the vendor', 3],
  ['akana', 403, 'PROXY_REFUSED', 'rejected the connection', 3],
  ['akana', 407, 'PROXY_AUTHENTICATION', 'rejected the credentials', 1],
] as const)('a tunnel that the proxy rejects is reported, and nothing is sent: %s, %i', async (...row) => {
  const [key, status, code, reason, attempts] = row;
  const { proxy, endpoint, lines } = await startBehind(key);
  proxy.rejection = status;
  const { id, samples } = samplesOf(key);
  const { data } = await endpoint.ask(WRITE, { id, action: samples.action });
  expect(data.done).toMatchObject({ outcome: 'NOT_APPLIED', problems: [{ code: 'VENDOR_UNAVAILABLE' }] });
  const message = `Vendor unreachable: the proxy 127.0.0.1:${proxy.port} ${reason} (HTTP ${status}). Nothing was sent; `;
  expect(data.done.problems[0].message).toContain(message);
  // Repeated wrong credentials may lock an account.
  expect(proxy.lines).toEqual(Array<string>(attempts).fill('CONNECT v.test:443'));
  expect(lines.join()).toContain(`"failed":{"${key}":"${code}"}`);
  expect(lines.join()).not.toContain(SECRET);
});

test('an unreachable proxy has its own cause', async () => {
  const { endpoint, lines } = await startBehind('omnidesk', { OMNIDESK_PROXY: `http://desk:${SECRET}@127.0.0.1:1` });
  const { errors } = await endpoint.ask(READ, { id: 'omnidesk:858462' });
  expect(errors?.[0]?.extensions?.['code']).toBe('VENDOR_UNAVAILABLE');
  expect(lines.join()).toContain('PROXY_UNREACHABLE');
  expect(lines.join() + JSON.stringify(errors)).not.toContain(SECRET);
});

test.each(['omnidesk', 'akana'] as const)(
  'a proxy that never responds ends the call at its timeout: %s',
  async (key) => {
    const { proxy, endpoint } = await startBehind(key, { [`${key.toUpperCase()}_TIMEOUT_MS`]: '1000' });
    proxy.rejection = 'hang';
    const { id, samples } = samplesOf(key);
    const { data } = await endpoint.ask(WRITE, { id, action: samples.action });
    expect(data.done.outcome).toBe('NOT_APPLIED');
    expect(proxy.lines.length).toBeGreaterThan(0);
  },
);

test('loopback is reached directly, unless a vendor has its own proxy', async () => {
  const vendor = await start('omnidesk');
  const proxy = await startProxy(new Map([[`127.0.0.1:${portOf(vendor)}`, portOf(vendor)]]));
  const HTTP_PROXY = `http://127.0.0.1:${proxy.port}`;
  const read = async (environment: Record<string, string>): Promise<number> => {
    const endpoint = await startOver({ ...vendor.settings, ...environment });
    expect((await endpoint.ask(READ, { id: 'omnidesk:858462' })).errors).toBeUndefined();
    return proxy.lines.splice(0).length;
  };
  expect(await read({ HTTP_PROXY, HTTPS_PROXY: HTTP_PROXY })).toBe(0);
  expect(await read({ OMNIDESK_PROXY: HTTP_PROXY })).toBe(1);
  expect(await read({ HTTP_PROXY, OMNIDESK_PROXY: 'none' })).toBe(0);
  expect(await read({ HTTP_PROXY, OMNIDESK_PROXY: 'off' })).toBe(0);
});

const HTTPS_PROXY = 'http://proxy.test:3128';

test.each([
  ['https://vendor.example', '', true],
  ['https://vendor.example', 'vendor.example', false],
  ['https://vendor.example', 'VENDOR.Example', false],
  ['https://api.vendor.example', 'vendor.example', false],
  ['https://api.vendor.example', '.vendor.example', false],
  ['https://api.vendor.example', '*.vendor.example', false],
  ['https://notvendor.example', 'vendor.example', true],
  ['https://vendor.example.org', 'vendor.example', true],
  ['https://vendor.example', 'other.example, vendor.example', false],
  ['https://vendor.example', 'other.example vendor.example', false],
  ['https://vendor.example', 'vendor.example:443', false],
  ['https://vendor.example:8443', 'vendor.example:443', true],
  ['https://vendor.example:8443', 'vendor.example:8443', false],
  ['https://vendor.example', '*', false],
  ['https://10.1.2.3', '10.0.0.0/8', false],
  ['https://11.1.2.3', '10.0.0.0/8', true],
  ['https://11.1.2.3', '10.0.0.0/99, nonsense/8, /', true],
  ['https://[fd00::1]', 'fd00::/8', false],
  ['https://[fd00::1]', '[fd00::1]:443', false],
  ['https://localhost:8443', '', false],
  ['https://127.0.0.1', '', false],
  ['https://[::1]', '', false],
])('uses a proxy for %s with NO_PROXY %j: %s', (url, NO_PROXY, isProxied) => {
  expect(proxyOf(url, { HTTPS_PROXY, NO_PROXY }) !== undefined).toBe(isProxied);
});

test('the proxy depends on the scheme, and lower case takes precedence', () => {
  const environment = { HTTPS_PROXY, HTTP_PROXY: 'http://plain.test', https_proxy: 'other.test:8080', no_proxy: '' };
  expect(proxyOf('https://vendor.example', environment)).toBe('http://other.test:8080/');
  expect(proxyOf('http://vendor.example', environment)).toBe('http://plain.test/');
  expect(proxyOf('http://vendor.example', { HTTPS_PROXY })).toBeUndefined();
  expect(proxyOf('https://vendor.example', { HTTPS_PROXY: '' })).toBeUndefined();
});

test.each(['socks5://proxy.test', 'http://desk:100%@proxy.test', 'http://', 'ftp://proxy.test', 'http://a b'])(
  'rejects the proxy address %s',
  (text) => {
    expect(proxyAddress('HTTPS_PROXY').read(text, { HTTPS_PROXY: text })).toBeUndefined();
    expect(proxyOfVendor().read(text, {})).toBeUndefined();
  },
);

test('an invalid proxy setting is reported by its name without its value', async () => {
  for (const [name, environment] of [
    ['HTTPS_PROXY', { HTTPS_PROXY: `socks5://desk:${SECRET}@proxy.test` }],
    ['OMNIDESK_PROXY', { OMNIDESK_PROXY: `socks5://desk:${SECRET}@proxy.test`, OMNIDESK_URL: 'https://v.test' }],
  ] as const) {
    const { stdout, code } = await runCommand(['doctor'], { environment });
    expect(code).toBe(1);
    expect(stdout).toMatch(new RegExp(`${name} is missing or invalid: expected the http or https address of a proxy`));
    expect(stdout).not.toContain(SECRET);
  }
});
