/** Files that are read again while the server runs: API keys, sources and their secrets. */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { toCamelCase } from '../../../datasources/vendor-kit/source-key.ts';
import { startSandbox } from '../../../sandbox/index.ts';
import type { RunningVendor } from '../../../sandbox/server.ts';
import { startEndpoint, type Endpoint } from '../../support/endpoint.ts';
import { SAMPLED, samplesOf } from '../../support/samples.ts';
import { startTestServer } from '../../support/sandbox.ts';
import { carries, makeFolder, moveToFiles, renewed, rotateAt } from '../../support/secrets.ts';

const READ = 'query ($id: ID!) { ticket(id: $id) { __typename } }';
const ACT = `mutation ($input: ExecuteActionInput!) { executeAction(input: $input) { outcome problems { code } } }`;
const { id: TICKET, samples: SAMPLE } = samplesOf('omnidesk');

const codeOf = ({ errors }: Awaited<ReturnType<Endpoint['ask']>>): unknown => errors?.[0]?.extensions?.['code'];

// ---------------------------------------------------------------- API keys

const lineOf = (name: string, scopes: string): string =>
  `${name} ${createHash('sha256').update(`key of ${name}`).digest('hex')} ${scopes}\n`;

const as = (name: string) => ({ headers: { 'x-api-key': `key of ${name}` } });

async function startWithKeys(text: string) {
  const path = join(makeFolder(), 'keys');
  writeFileSync(path, text);
  const log: string[] = [];
  const server = await startTestServer({
    keys: ['omnidesk'],
    environment: { AUTH_API_KEYS_FILE: path },
    logStream: { write: (line) => void log.push(line) },
  });
  return { server, path, log };
}

describe('the file of API keys', () => {
  test('a key that is removed is rejected from the next request on, and one that is added is accepted', async () => {
    const { server, path } = await startWithKeys(lineOf('desk', 'ticket:read') + lineOf('bot', 'ticket:read'));
    const ask = (name: string) => server.ask(READ, { id: TICKET }, as(name));
    expect((await ask('desk')).errors).toBeUndefined();
    writeFileSync(path, lineOf('bot', 'ticket:read') + lineOf('night', 'ticket:read'));
    expect((await ask('desk')).errors).toBeUndefined();
    await server.reloader.reload();
    expect(codeOf(await ask('desk'))).toBe('UNAUTHENTICATED');
    expect((await ask('bot')).errors).toBeUndefined();
    expect((await ask('night')).errors).toBeUndefined();
  });

  test('the scopes of a key change at once', async () => {
    const { server, path } = await startWithKeys(lineOf('desk', 'ticket:read'));
    const act = () => server.ask(ACT, { input: { ticketId: TICKET, action: SAMPLE.action } }, as('desk'));
    expect((await act()).data.executeAction.problems).toEqual([{ code: 'FORBIDDEN' }]);
    writeFileSync(path, lineOf('desk', 'ticket:read,ticket:status'));
    await server.reloader.reload();
    expect((await act()).data.executeAction.outcome).toBe('APPLIED');
  });

  test('a request in flight goes on after its key has been removed', async () => {
    const { server, path } = await startWithKeys(lineOf('desk', 'ticket:read,ticket:status'));
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const arrived = Promise.withResolvers<undefined>();
    server.vendor('omnidesk').faults = () => {
      arrived.resolve(undefined);
      return { kind: 'hold', until: promise };
    };
    const acting = server.ask(ACT, { input: { ticketId: TICKET, action: SAMPLE.action } }, as('desk'));
    await arrived.promise;
    writeFileSync(path, '');
    await server.reloader.reload();
    expect(codeOf(await server.ask(READ, { id: TICKET }, as('desk')))).toBe('UNAUTHENTICATED');
    resolve(undefined);
    expect((await acting).data.executeAction.outcome).toBe('APPLIED');
  });

  test('an invalid line changes nothing, and the log has its number and not its text', async () => {
    const { server, path, log } = await startWithKeys(lineOf('desk', 'ticket:read'));
    writeFileSync(path, `${lineOf('bot', 'ticket:read')}desk VERY-SECRET-KEY ticket:read\n`);
    await server.reloader.reload();
    expect((await server.ask(READ, { id: TICKET }, as('desk'))).errors).toBeUndefined();
    expect(codeOf(await server.ask(READ, { id: TICKET }, as('bot')))).toBe('UNAUTHENTICATED');
    await expect.poll(() => log.join('')).toContain('The keys read before stay in use.');
    expect(log.join('')).toContain('AUTH_API_KEYS_FILE has an invalid line 2');
    expect(log.join('')).not.toContain('VERY-SECRET');
  });

  test('a file that cannot be read changes nothing', async () => {
    const { server, path, log } = await startWithKeys(lineOf('desk', 'ticket:read'));
    renameSync(path, `${path}.old`);
    await server.reloader.reload();
    expect((await server.ask(READ, { id: TICKET }, as('desk'))).errors).toBeUndefined();
    await expect.poll(() => log.join('')).toContain('AUTH_API_KEYS_FILE cannot be read');
  });
});

describe('watching', () => {
  test('a file that is replaced by renaming another is read again, each time', async () => {
    const { server, path } = await startWithKeys(lineOf('desk', 'ticket:read'));
    server.reloader.watch(20);
    for (const name of ['bot', 'night', 'desk']) {
      writeFileSync(`${path}.new`, lineOf(name, 'ticket:read'));
      renameSync(`${path}.new`, path);
      const ask = () => server.ask(READ, { id: TICKET }, as(name));
      await expect.poll(async () => codeOf(await ask())).toBeUndefined();
    }
  });

  test('a mounted secret of Kubernetes, whose folder is a link that is replaced, is read again', async () => {
    const folder = makeFolder();
    const publish = (version: string, text: string): void => {
      mkdirSync(join(folder, version));
      writeFileSync(join(folder, version, 'keys'), text);
      symlinkSync(version, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    publish('..1', lineOf('desk', 'ticket:read'));
    symlinkSync(join('..data', 'keys'), join(folder, 'keys'));
    const server = await startTestServer({
      keys: ['omnidesk'],
      environment: { AUTH_API_KEYS_FILE: join(folder, 'keys') },
    });
    server.reloader.watch(20);
    for (const [version, name] of [
      ['..2', 'bot'],
      ['..3', 'night'],
    ] as const) {
      publish(version, lineOf(name, 'ticket:read'));
      const ask = () => server.ask(READ, { id: TICKET }, as(name));
      await expect.poll(async () => codeOf(await ask())).toBeUndefined();
    }
  });
});

// ---------------------------------------------------------------- the file of sources

interface WithFile {
  readonly endpoint: Endpoint;
  readonly vendor: RunningVendor;
  readonly log: string[];
  /** The settings of the source, by their names in the file. */
  readonly settings: Readonly<Record<string, unknown>>;
  write(sources: Readonly<Record<string, unknown>>): void;
  writeText(text: string): void;
}

/** A server with one further source, from a file. */
async function startWithFile(key: string, change?: (settings: Record<string, unknown>) => void): Promise<WithFile> {
  const sandbox = await startSandbox([key]);
  const [vendor] = sandbox.vendors;
  const prefix = `${key.toUpperCase()}_`;
  const settings: Record<string, unknown> = Object.fromEntries(
    Object.entries(sandbox.settings).map(([name, value]) => [toCamelCase(name.slice(prefix.length)), value]),
  );
  change?.(settings);
  const path = join(makeFolder(), 'sources.yaml');
  // JSON is YAML.
  const write = (sources: object): void => writeFileSync(path, JSON.stringify({ sources }));
  write({ [`${key}@emea`]: settings });
  const log: string[] = [];
  const endpoint = await startEndpoint(
    { TICKETGRAPH_CONFIG: path },
    { logStream: { write: (line) => void log.push(line) } },
  );
  onTestFinished(async () => {
    await endpoint.close();
    await sandbox.close();
  });
  return { endpoint, vendor: vendor!, log, settings, write, writeText: (text) => writeFileSync(path, text) };
}

/** The secrets of a simulation by their names in the file. */
function secretsOf(key: string, settings: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  const asVariables = Object.entries(settings).map(([name, value]) => [
    `${key.toUpperCase()}_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`,
    String(value),
  ]);
  const { files } = moveToFiles(key, Object.fromEntries(asVariables) as Record<string, string>, makeFolder());
  return files.map(({ variable, first }) => [toCamelCase(variable.slice(key.length + 1)), first] as const);
}

describe.each(SAMPLED)('secrets of $key in the file of sources', ({ key, samples }) => {
  const source = `${key}@emea`;
  const id = `${source}:${samples.ticketId}`;

  test('new ones are in use at once, without a rejected call', async () => {
    const { endpoint, vendor, log, settings, write } = await startWithFile(key);
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
    const secrets = secretsOf(key, settings);
    expect(secrets.length).toBeGreaterThan(0);
    const firsts = secrets.map(([, first]) => first);
    rotateAt(vendor, firsts, renewed);
    write({ [source]: { ...settings, ...Object.fromEntries(secrets.map(([name, first]) => [name, renewed(first)])) } });
    vendor.ledger.length = 0;
    await endpoint.reloader.reload();
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
    expect(vendor.ledger.filter(({ status }) => status === 401)).toEqual([]);
    for (const first of firsts) {
      expect(vendor.ledger.some(({ arrival }) => carries(arrival, first) && !carries(arrival, renewed(first)))).toBe(
        false,
      );
    }
    await expect.poll(() => log.join('')).toContain(`sources.${source}.${secrets[0]![0]}`);
    for (const first of firsts) expect(log.join('')).not.toContain(first);
  });

  test('new ones in the files that it names are in use at once', async () => {
    const folder = makeFolder();
    let secrets: readonly (readonly [string, string])[] = [];
    const { endpoint, vendor } = await startWithFile(key, (settings) => {
      secrets = secretsOf(key, settings);
      for (const [name, first] of secrets) {
        writeFileSync(join(folder, name), first);
        settings[name] = { file: join(folder, name) };
      }
    });
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
    const firsts = secrets.map(([, first]) => first);
    rotateAt(vendor, firsts, renewed);
    for (const [name, first] of secrets) writeFileSync(join(folder, name), renewed(first));
    vendor.ledger.length = 0;
    await endpoint.reloader.reload();
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
    expect(vendor.ledger.filter(({ status }) => status === 401)).toEqual([]);
  });
});

describe('the file of sources', () => {
  const source = 'omnidesk@emea';
  const id = `${source}:${SAMPLE.ticketId}`;

  test('names what needs a restart by its path, and goes on with the settings of before', async () => {
    const { endpoint, vendor, log, settings, write } = await startWithFile('omnidesk');
    write({
      [source]: { ...settings, url: 'https://elsewhere.example.com', apiKey: 'of-elsewhere', concurrency: 3 },
      'rt@night': { url: 'https://rt.example.com', token: '1-2-abc' },
    });
    await endpoint.reloader.reload();
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
    // The secret of another address must not be sent to this one.
    expect(vendor.ledger.map(({ status }) => status)).toEqual([200]);
    await expect.poll(() => log.join('')).toContain(`sources.${source}.url has changed. Restart to use it.`);
    const text = log.join('');
    expect(text).toContain(`sources.${source}.concurrency has changed. Restart to use it.`);
    expect(text).toContain(`sources.${source}.apiKey has changed. Restart to use it.`);
    expect(text).toContain('sources.rt@night has been added. Restart to use it.');
    expect(text).not.toContain('elsewhere');
  });

  test('uses a new secret although a limit that needs a restart has changed, too', async () => {
    const { endpoint, vendor, log, settings, write } = await startWithFile('omnidesk');
    const first = String(settings['apiKey']);
    rotateAt(vendor, [first], renewed);
    // The credentials of a proxy belong to the connections, which stay.
    const proxy = 'http://user:of-a-proxy@127.0.0.1:9';
    write({ [source]: { ...settings, apiKey: renewed(first), timeoutMs: 9_999, proxy } });
    await endpoint.reloader.reload();
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
    await expect.poll(() => log.join('')).toContain(`sources.${source}.timeoutMs has changed. Restart to use it.`);
    const text = log.join('');
    expect(text).toContain(`sources.${source}.proxy has changed. Restart to use it.`);
    expect(text).toContain(`New secrets are in use: sources.${source}.apiKey.`);
    expect(text).not.toContain(`sources.${source}.apiKey has changed`);
    expect(text).not.toContain('of-a-proxy');
  });

  test('a source that is removed stays connected until a restart', async () => {
    const { endpoint, log, write } = await startWithFile('omnidesk');
    write({ 'rt@night': { url: 'https://rt.example.com', token: '1-2-abc' } });
    await endpoint.reloader.reload();
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
    await expect.poll(() => log.join('')).toContain(`sources.${source} has been removed. Restart to disconnect it.`);
  });

  test('an invalid file changes nothing, and the log has the line or the path, never the value', async () => {
    const { endpoint, log, settings, write, writeText } = await startWithFile('omnidesk');
    writeText('sources:\n  omnidesk@emea: { apiKey: "A-SECRET\n');
    await endpoint.reloader.reload();
    write({ [source]: { ...settings, apiKey: 'new', timeoutMs: 'A-SECRET' } });
    await endpoint.reloader.reload();
    write({ [source]: { ...settings, apiKey: '${NO_SUCH_VARIABLE}' } });
    await endpoint.reloader.reload();
    expect((await endpoint.ask(READ, { id })).errors).toBeUndefined();
    const warnings = () => log.filter((line) => line.includes('The settings read before stay in use.'));
    await expect.poll(warnings).toHaveLength(3);
    expect(warnings()[0]).toMatch(/TICKETGRAPH_CONFIG is invalid at line \d/);
    expect(warnings()[1]).toContain(`sources.${source}.timeoutMs is missing or invalid`);
    expect(warnings()[2]).toContain(`sources.${source}.apiKey in TICKETGRAPH_CONFIG is missing or invalid`);
    expect(log.join('')).not.toContain('A-SECRET');
  });
});
