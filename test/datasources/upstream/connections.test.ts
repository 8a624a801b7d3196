/** What all three transports do with a proxy, a private authority and client certificates, checked by the other side. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { WireRequest } from '../../../datasources/upstream/sign-request.ts';
import { causeOf, certificateProblemOf, obstacleOf } from '../../../datasources/upstream/transport/causes.ts';
import { createGotTransport } from '../../../datasources/upstream/transport/got.ts';
import { createNodeTransport } from '../../../datasources/upstream/transport/node.ts';
import type { TlsOptions } from '../../../datasources/upstream/transport/tls.ts';
import { TransportError, type TransportOptions } from '../../../datasources/upstream/transport/transport.ts';
import { createUndiciTransport } from '../../../datasources/upstream/transport/undici.ts';
import { createAuthority, type Validity } from '../../support/certificate.ts';
import { startProxy, startTls, type ClientCheck } from '../../support/proxy.ts';

const TRANSPORTS = { undici: createUndiciTransport, node: createNodeTransport, got: createGotTransport };

const BODY = '{"action":"close"}';
const WRITE: WireRequest = {
  method: 'POST',
  target: '/tickets/1',
  headers: { 'content-length': String(BODY.length) },
  body: BODY,
  secrets: [],
};

const AUTHORITY = createAuthority();
const CLIENT = AUTHORITY.issue(['ticketgraph.test']);
const TRUST: TlsOptions = { ca: AUTHORITY.cert };
const IDENTITY: TlsOptions = { ...TRUST, ...CLIENT };

/** Records the requests that it answers with 200. */
async function startVendor() {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume().once('end', () => response.end('done'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

interface Placed {
  readonly names?: readonly string[];
  readonly validity?: Validity;
  readonly check?: ClientCheck;
}

/** A vendor with TLS. */
async function startSecure({ names = ['localhost', 'v.test'], validity, check }: Placed = {}) {
  const vendor = await startVendor();
  const port = await startTls(AUTHORITY.issue(names, validity), vendor.url, check);
  return { requests: vendor.requests, port, url: `https://localhost:${port}` };
}

function requireClients(maxVersion: ClientCheck['maxVersion'] = 'TLSv1.3'): ClientCheck {
  return { ca: AUTHORITY.cert, maxVersion, clients: [] };
}

const NEVER_ABORTS = { aborted: false, addEventListener: () => undefined, removeEventListener: () => undefined };

/** The status of one write, or why it has none. */
async function send(
  create: (options: TransportOptions) => ReturnType<typeof createUndiciTransport>,
  options: Pick<TransportOptions, 'baseUrl' | 'proxy' | 'tls'>,
): Promise<number | TransportError> {
  const transport = create({ connections: 2, maximumBytes: 1000, connectTimeoutMs: 20_000, ...options });
  try {
    const { status } = await transport.send(WRITE, NEVER_ABORTS);
    return status;
  } catch (error) {
    if (error instanceof TransportError) return error;
    throw error;
  } finally {
    await transport.close();
  }
}

const UNSENT = { reason: 'no-connection', wasSent: false };

describe.each(Object.entries(TRANSPORTS))('%s', (_, create) => {
  test('trusts an authority of its own options, beside those that Node trusts', async () => {
    const vendor = await startSecure();
    expect(await send(create, { baseUrl: vendor.url, tls: TRUST })).toBe(200);
    expect(vendor.requests).toEqual(['POST /tickets/1']);
    const unknown = await send(create, { baseUrl: vendor.url });
    expect(unknown).toMatchObject({ ...UNSENT, code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    const other = { ca: createAuthority('Other').cert };
    expect(await send(create, { baseUrl: vendor.url, tls: other })).toMatchObject(UNSENT);
    trustByDefault(AUTHORITY.cert);
    expect(await send(create, { baseUrl: vendor.url, tls: { ca: other.ca } })).toBe(200);
    expect(vendor.requests).toHaveLength(2);
  });

  test.each([
    ['expired', { validity: { from: new Date('2020-01-01'), to: new Date('2020-02-01') } }],
    ['not-yet-valid', { validity: { from: new Date('2098-01-01'), to: new Date('2099-01-01') } }],
    ['other-host', { names: ['elsewhere.test'] }],
  ] as const)('sends nothing to a server whose certificate is %s', async (problem, placed) => {
    const vendor = await startSecure(placed);
    const error = await send(create, { baseUrl: vendor.url, tls: TRUST });
    expect(error).toMatchObject(UNSENT);
    expect(certificateProblemOf((error as TransportError).code)).toBe(problem);
    expect(vendor.requests).toEqual([]);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('shows its client certificate if it is required: %s', async (version) => {
    const check = requireClients(version);
    const vendor = await startSecure({ check });
    expect(await send(create, { baseUrl: vendor.url, tls: IDENTITY })).toBe(200);
    expect(check.clients).toEqual(['ticketgraph.test']);
    expect(vendor.requests).toEqual(['POST /tickets/1']);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('has sent nothing without a required certificate: %s', async (version) => {
    const vendor = await startSecure({ check: requireClients(version) });
    const error = await send(create, { baseUrl: vendor.url, tls: TRUST });
    expect(error).toMatchObject(UNSENT);
    // TLS 1.2 has no alert of its own for it.
    const { code } = error as TransportError;
    expect(version === 'TLSv1.3' ? certificateProblemOf(code) : obstacleOf(code)).toBe(
      version === 'TLSv1.3' ? 'required' : 'tls',
    );
    expect(vendor.requests).toEqual([]);
  });

  test('tunnels through a proxy, and shows its client certificate to the vendor', async () => {
    const check = requireClients();
    const vendor = await startSecure({ check });
    const proxy = await startProxy(new Map([['v.test:443', vendor.port]]));
    const address = `http://desk:canary%2F@127.0.0.1:${proxy.port}/`;
    expect(await send(create, { baseUrl: 'https://v.test', proxy: address, tls: IDENTITY })).toBe(200);
    expect(proxy.lines).toEqual(['CONNECT v.test:443']);
    expect(proxy.credentials).toEqual([`Basic ${Buffer.from('desk:canary/').toString('base64')}`]);
    expect(check.clients).toEqual(['ticketgraph.test']);
    expect(vendor.requests).toEqual(['POST /tickets/1']);
  });

  test('reports the certificate of the vendor through a proxy as that of the vendor', async () => {
    const vendor = await startSecure();
    const proxy = await startProxy(new Map([['v.test:443', vendor.port]]));
    const error = await send(create, { baseUrl: 'https://v.test', proxy: `http://127.0.0.1:${proxy.port}/` });
    expect(error).toMatchObject({ ...UNSENT, code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    expect(vendor.requests).toEqual([]);
  });

  test.each([
    [403, 'PROXY_REFUSED'],
    [407, 'PROXY_AUTHENTICATION'],
    [502, 'PROXY_GATEWAY_ERROR'],
    [504, 'PROXY_GATEWAY_ERROR'],
  ] as const)('has sent nothing if the proxy answers CONNECT with %i', async (status, code) => {
    const vendor = await startSecure();
    const proxy = await startProxy(new Map([['v.test:443', vendor.port]]));
    proxy.rejection = status;
    const options = { baseUrl: 'https://v.test', proxy: `http://127.0.0.1:${proxy.port}/`, tls: TRUST };
    expect(await send(create, options)).toMatchObject({ ...UNSENT, code, proxyStatus: status });
    expect(proxy.lines).toEqual(['CONNECT v.test:443']);
    expect(vendor.requests).toEqual([]);
  });

  test.each(['https://v.test', 'http://v.test'])('goes through a proxy with TLS to %s', async (baseUrl) => {
    const plain = await startVendor();
    const secure = await startTls(AUTHORITY.issue(['v.test']), plain.url);
    const hosts = new Map([
      ['v.test:443', secure],
      ['v.test:80', Number(new URL(plain.url).port)],
    ]);
    const proxy = await startProxy(hosts);
    const port = await startTls(AUTHORITY.issue(['localhost']), `http://127.0.0.1:${proxy.port}`);
    const address = `https://localhost:${port}/`;
    // The options are those of the vendor: a proxy needs an authority that Node trusts.
    const error = await send(create, { baseUrl, proxy: address, tls: TRUST });
    expect(error).toMatchObject({ ...UNSENT, code: 'PROXY_TLS' });
    expect(proxy.lines).toEqual([]);
    trustByDefault(AUTHORITY.cert);
    expect(await send(create, { baseUrl, proxy: address })).toBe(200);
    expect(proxy.lines).toHaveLength(1);
    expect(plain.requests).toHaveLength(1);
  });
});

/** As NODE_EXTRA_CA_CERTS does, until the end of the test. */
function trustByDefault(certificate: string): void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, certificate]);
  onTestFinished(() => setDefaultCACertificates(before));
}

test.each([
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'required'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'rejected'],
  ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'rejected'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'rejected'],
  ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', undefined],
  ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', undefined],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown-authority'],
  ['ECONNRESET', undefined],
  [undefined, undefined],
])('the code %s is the certificate problem %s', (code, problem) => {
  expect(certificateProblemOf(code)).toBe(problem);
  expect(causeOf(Object.assign(new Error(), { code }))).toBe(code);
});
