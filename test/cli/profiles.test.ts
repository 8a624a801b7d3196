/** Profiles of the command line: the file, and what is sent to which server. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeProfileFolder, type ProfileFolder } from '../support/profiles.ts';
import { startTestServer } from '../support/sandbox.ts';

interface Recorder {
  readonly url: string;
  /** Headers of the requests to it. */
  readonly received: IncomingHttpHeaders[];
}

/** A server that answers every query with no vendors. */
async function startRecorder(): Promise<Recorder> {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    response.setHeader('content-type', 'application/json').end('{"data":{"vendors":[]}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, received };
}

function logIn(folder: ProfileFolder, url: string, key: string, name = 'default') {
  return folder.run(['login', '--url', url, '--profile', name, '--api-key-stdin'], {}, `${key}\n`);
}

function credentialsOf({ authorization, 'x-api-key': key }: IncomingHttpHeaders): (string | string[])[] {
  return [authorization, key].filter((one) => one !== undefined);
}

describe('the file of profiles', () => {
  test('login keeps an API key that the server accepts, in a file that only its owner can read', async () => {
    const keys = join(mkdtempSync(join(tmpdir(), 'ticketgraph-keys-')), 'keys');
    onTestFinished(() => rmSync(dirname(keys), { recursive: true, force: true }));
    writeFileSync(keys, `reader ${createHash('sha256').update('canary-key').digest('hex')} ticket:read\n`);
    const server = await startTestServer({ keys: ['omnidesk'], environment: { AUTH_API_KEYS_FILE: keys } });
    const folder = makeProfileFolder();
    // Too open before: the folder is made private.
    mkdirSync(dirname(folder.path), { mode: 0o755 });
    const rejected = await logIn(folder, server.url, 'wrong-key');
    expect(rejected).toMatchObject({ code: 4, stderr: expect.stringContaining('The server rejected the API key.') });
    expect((await folder.run(['profiles', '--json'])).stdout).toBe('[]\n');
    const accepted = await logIn(folder, new URL('/', server.url).href, 'canary-key');
    expect(accepted).toMatchObject({ code: 0, stdout: `Signed in to ${server.url} (profile default).\n` });
    expect(statSync(folder.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(folder.path)).mode & 0o777).toBe(0o700);
    expect(readdirSync(dirname(folder.path))).toEqual(['profiles.json']);
    const tickets = await folder.run(['tickets', '--first', '1', '--json']);
    expect(tickets.code).toBe(0);
    expect(server.calls('omnidesk')).toHaveLength(1);
    const shown = await Promise.all([
      folder.run(['profiles']),
      folder.run(['whoami']),
      folder.run(['whoami', '--json']),
    ]);
    expect(shown.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(shown[0].stdout).toMatch(/^default +http:\S+ +API key +-$/m);
    expect(JSON.stringify([rejected, accepted, tickets, shown])).not.toMatch(/canary-key|wrong-key/);
  });

  test('a file of profiles that others may read is refused, and the next step is to change its mode', async () => {
    const { url, received } = await startRecorder();
    const folder = makeProfileFolder();
    await logIn(folder, url, 'key');
    received.length = 0;
    chmodSync(folder.path, 0o640);
    const { code, stderr } = await folder.run(['whoami']);
    expect({ code, received }).toEqual({ code: 2, received: [] });
    expect(stderr).toContain(`Run chmod 600 ${folder.path}`);
    // Not read if nothing of it could be used.
    expect((await folder.run(['whoami', '--url', url, '--token', 'mine'])).code).toBe(0);
  });

  test('a malformed file of profiles is refused', { tags: ['full'] }, async () => {
    const folder = makeProfileFolder();
    mkdirSync(dirname(folder.path));
    const texts = ['', '[]', '{"version":2,"profiles":{}}', '{"version":1,"profiles":{"default":{"url":"x"}}}'];
    for (const text of texts) {
      writeFileSync(folder.path, text, { mode: 0o600 });
      const { code, stderr } = await folder.run(['profiles']);
      expect(code).toBe(2);
      expect(stderr).toContain('not a file of profiles');
    }
  });

  test('commands that change profiles at the same time lose no change', { tags: ['full'] }, async () => {
    const { url } = await startRecorder();
    const folder = makeProfileFolder();
    // The lock of a process that has ended: process ids are at most 4194304 on Linux.
    mkdirSync(dirname(folder.path));
    writeFileSync(`${folder.path}.lock`, '99999999');
    const names = ['a', 'b', 'c', 'd', 'e'];
    const ended = await Promise.all(names.map((name) => logIn(folder, url, `key-${name}`, name)));
    expect(ended.map(({ code }) => code)).toEqual(names.map(() => 0));
    for (const name of names) expect(folder.read(name)).toMatchObject({ url, credential: { apiKey: `key-${name}` } });
    expect(readdirSync(dirname(folder.path))).toEqual(['profiles.json']);
  });
});

describe('which profile is used', () => {
  test(
    'flags precede the environment, the environment precedes the profile, and a named profile the default',
    { tags: ['full'] },
    async () => {
      const [first, second] = [await startRecorder(), await startRecorder()];
      const folder = makeProfileFolder();
      await logIn(folder, first.url, 'key-1');
      await logIn(folder, second.url, 'key-2', 'work');
      const cases: [string[], Record<string, string>, Recorder, string][] = [
        [[], {}, first, 'key-1'],
        [[], { TICKETGRAPH_PROFILE: 'work' }, second, 'key-2'],
        [[], { TICKETGRAPH_PROFILE: '' }, first, 'key-1'],
        [['--profile', 'default'], { TICKETGRAPH_PROFILE: 'work' }, first, 'key-1'],
        [[], { TICKETGRAPH_API_KEY: 'key-e' }, first, 'key-e'],
        [['--api-key', 'key-f'], { TICKETGRAPH_API_KEY: 'key-e' }, first, 'key-f'],
        [['--token', 'token-f'], {}, first, 'Bearer token-f'],
        [[], { TICKETGRAPH_URL: second.url, TICKETGRAPH_PROFILE: 'work' }, second, 'key-2'],
      ];
      for (const [words, environment, recorder, credential] of cases) {
        for (const { received } of [first, second]) received.length = 0;
        expect((await folder.run(['whoami', ...words], environment)).code).toBe(0);
        expect(recorder.received.map(credentialsOf)).toEqual([[credential]]);
      }
    },
  );

  test("a profile's credential is not sent to another server", async () => {
    const [own, other] = [await startRecorder(), await startRecorder()];
    const folder = makeProfileFolder();
    await logIn(folder, own.url, 'canary');
    own.received.length = 0;
    const ended = await Promise.all([
      folder.run(['whoami', '--url', other.url]),
      folder.run(['whoami'], { TICKETGRAPH_URL: other.url }),
      folder.run(['doctor', '--url', other.url, '--profile', 'default']),
    ]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(own.received).toEqual([]);
    expect(other.received.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(other.received)).not.toContain('canary');
  });

  test('the command to repeat after a lost response names the profile', { tags: ['full'] }, async () => {
    const { url } = await startRecorder();
    const folder = makeProfileFolder();
    await logIn(folder, url, 'canary', 'work');
    const broken = createServer((request) => request.socket.destroy());
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void broken.close());
    const address = `http://127.0.0.1:${(broken.address() as AddressInfo).port}/graphql`;
    writeFileSync(folder.path, readFileSync(folder.path, 'utf8').replace(url, address));
    const { code, stderr } = await folder.run(['act', 'omnidesk:1', 'status.solved', '--profile', 'work']);
    expect(code).toBe(3);
    expect(stderr).toMatch(/ticketgraph act omnidesk:1 status\.solved --profile work --url \S+ --key [0-9a-f]{32}$/m);
    expect(stderr).not.toContain('canary');
  });

  test('doctor and schema call the server of a profile only if --profile names it', { tags: ['full'] }, async () => {
    const { url, received } = await startRecorder();
    const folder = makeProfileFolder();
    await logIn(folder, url, 'key');
    received.length = 0;
    expect((await folder.run(['schema', '--client'], { TICKETGRAPH_PROFILE: 'default' })).code).toBe(0);
    await folder.run(['doctor'], { PORT: '1' });
    expect(received).toEqual([]);
    await folder.run(['doctor', '--profile', 'default']);
    expect(received.map((headers) => headers['x-api-key'])).toEqual(['key', 'key']);
  });

  test(
    'logout removes the credential and keeps the URL, and --forget removes the profile',
    { tags: ['full'] },
    async () => {
      const { url } = await startRecorder();
      const folder = makeProfileFolder();
      await logIn(folder, url, 'canary', 'work');
      const signedOut = await folder.run(['logout', '--profile', 'work']);
      expect(signedOut).toMatchObject({ code: 0, stdout: `Signed out of ${url} (profile work).\n` });
      expect(folder.read('work')).toEqual({ url });
      expect((await folder.run(['logout', '--profile', 'work', '--forget'])).code).toBe(0);
      expect((await folder.run(['profiles', '--json'])).stdout).toBe('[]\n');
      for (const words of [['logout'], ['tickets', '--profile', 'work']]) {
        const missing = await folder.run(words);
        expect(missing.code).toBe(2);
        expect(missing.stderr).toContain('not found');
      }
    },
  );
});

test(
  'login sends no credential by plain http to another machine, nor to a URL with a password',
  { tags: ['full'] },
  async () => {
    const folder = makeProfileFolder();
    for (const url of ['http://tickets.example.com/graphql', 'https://me:canary@127.0.0.1:1/graphql']) {
      const { code, stderr } = await logIn(folder, url, 'key');
      expect(code).toBe(2);
      expect(stderr).toContain('Use an https URL');
      expect(stderr).not.toContain('canary');
    }
  },
);
