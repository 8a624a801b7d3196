/** `login` with OpenID Connect as a process, against a real provider and a server that accepts its tokens. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { decodeJwt } from 'jose';
import { describe, expect, onTestFinished, test } from 'vitest';
import { SCOPES } from '../../server/auth/caller.ts';
import { startIdentityProvider, type IdentityProvider, type ProviderRequest } from '../support/identity-provider.ts';
import type { RunningCommand } from '../support/command.ts';
import { makeProfileFolder, type ProfileFolder } from '../support/profiles.ts';
import { startTestServer, type TestServer } from '../support/sandbox.ts';
import { submitForms } from '../support/submit-forms.ts';

const CLIENT = {
  client_id: 'cli',
  application_type: 'native',
  redirect_uris: ['http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
} as const;

interface Setup {
  readonly provider: IdentityProvider;
  readonly server: TestServer;
  readonly folder: ProfileFolder;
}

async function setUp(environment: Readonly<Record<string, string>> = {}): Promise<Setup> {
  const provider = await startIdentityProvider();
  await provider.register(CLIENT);
  const server = await startTestServer({ keys: ['omnidesk'], environment: { ...provider.settings, ...environment } });
  return { provider, server, folder: makeProfileFolder() };
}

/** Starts a sign-in, and waits for the address that it prints. */
async function startLogin({ server, folder }: Setup, words: readonly string[] = []) {
  const command = folder.start(['login', '--url', server.url, '--client-id', 'cli', '--no-browser', ...words]);
  const [, url] = await command.stderrUntil(/^ {2}(http\S+)$/m);
  return { command, url: new URL(url!) };
}

async function logIn(setup: Setup, words: readonly string[] = []) {
  const { command, url } = await startLogin(setup, words);
  const page = await fetch(await setup.provider.approve(url.href));
  return { url, page, ended: await command.ended };
}

function refreshes({ requestsTo }: IdentityProvider): ProviderRequest[] {
  return requestsTo('/token').filter(({ body }) => body['grant_type'] === 'refresh_token');
}

describe('login with a browser', () => {
  test('login gets tokens by a code with PKCE, and the other commands send them to the server', async () => {
    const setup = await setUp();
    const { provider, server, folder } = setup;
    const { url, page, ended } = await logIn(setup);
    expect(ended).toMatchObject({ code: 0, stdout: `Signed in to ${server.url} as Jana Novak (profile default).\n` });
    expect(await page.text()).toBe('Return to the command line. You can close this page.\n');

    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({
      client_id: 'cli',
      response_type: 'code',
      code_challenge_method: 'S256',
      prompt: 'consent',
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
      // The issuer and the scopes are those that the server publishes.
      scope: ['openid', 'profile', 'offline_access', ...SCOPES].join(' '),
    });
    for (const secret of [asked['state'], asked['nonce']]) expect(secret).toMatch(/^[\w-]{43}$/);
    const [exchange] = provider.requestsTo('/token');
    expect(exchange!.body).toMatchObject({ grant_type: 'authorization_code', redirect_uri: asked['redirect_uri'] });
    const challenge = createHash('sha256').update(exchange!.body['code_verifier']!).digest('base64url');
    expect(asked['code_challenge']).toBe(challenge);
    expect(exchange!.body).not.toHaveProperty('client_secret');

    const { accessToken, refreshToken } = folder.tokens();
    expect(decodeJwt(accessToken)).toMatchObject({ sub: 'jana', aud: provider.audience });
    const shown = await Promise.all([
      folder.run(['tickets', '--first', '1']),
      folder.run(['whoami', '--json']),
      folder.run(['profiles', '--json']),
    ]);
    expect(shown.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(JSON.parse(shown[1].stdout)).toMatchObject({
      profile: 'default',
      user: 'Jana Novak',
      issuer: provider.issuer,
    });
    expect(server.calls('omnidesk')).toHaveLength(1);
    const visible = JSON.stringify([ended, shown, provider.requests.map(({ path, query }) => path + query.toString())]);
    for (const secret of [accessToken, refreshToken!]) expect(visible).not.toContain(secret);
    expect(provider.failures).toEqual([]);
  });

  test(
    'login ignores a redirect with another state, and reports a sign-in that the user has refused',
    { tags: ['full'] },
    async () => {
      const setup = await setUp();
      const { command, url } = await startLogin(setup);
      const redirect = url.searchParams.get('redirect_uri')!;
      const foreign = [`${redirect}?code=x&state=other`, `${redirect}?code=x`, new URL('/', redirect).href];
      for (const address of foreign) expect((await fetch(address)).status).toBe(404);
      const refused = new URL(redirect);
      const issuer = setup.provider.issuer;
      const answer = { error: 'access_denied', state: url.searchParams.get('state')!, iss: issuer };
      refused.search = new URLSearchParams({ ...answer, error_description: 'No\u001b[31m.' }).toString();
      expect((await fetch(refused)).status).toBe(200);
      const { code, stderr } = await command.ended;
      expect(code).toBe(4);
      expect(stderr).toContain(`${issuer} rejected the sign-in: No [31m. (access_denied).`);
      expect(setup.provider.requestsTo('/token')).toEqual([]);
      expect((await setup.folder.run(['profiles', '--json'])).stdout).toBe('[]\n');
    },
  );

  test('login opens a browser with the address, and passes it no token', { tags: ['full'] }, async () => {
    const setup = await setUp();
    const tools = mkdtempSync(join(tmpdir(), 'ticketgraph-tools-'));
    onTestFinished(() => rmSync(tools, { recursive: true, force: true }));
    // One name for each platform.
    for (const name of ['xdg-open', 'open']) {
      writeFileSync(
        join(tools, name),
        `#!/bin/sh\nprintf '%s\\n' "$@" > ${tools}/new && mv ${tools}/new ${tools}/words\n`,
      );
      chmodSync(join(tools, name), 0o755);
    }
    const words = ['login', '--url', setup.server.url, '--client-id', 'cli'];
    const command = setup.folder.start(words, { PATH: [tools, process.env['PATH']].join(delimiter) });
    const [, url] = await command.stderrUntil(/^ {2}(http\S+)$/m);
    while (!existsSync(join(tools, 'words'))) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(readFileSync(join(tools, 'words'), 'utf8')).toBe(`${url}\n`);
    await fetch(await setup.provider.approve(url!));
    expect((await command.ended).code).toBe(0);
  });

  test('Control-C during a sign-in leaves no listener and no profile', { tags: ['full'] }, async () => {
    const setup = await setUp();
    const { command, url } = await startLogin(setup);
    const redirect = url.searchParams.get('redirect_uri')!;
    expect((await fetch(redirect)).status).toBe(404);
    command.child.kill('SIGINT');
    // Ended by the signal.
    expect(await command.ended).toMatchObject({ code: null, stdout: '' });
    await expect(fetch(redirect)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect((await setup.folder.run(['profiles', '--json'])).stdout).toBe('[]\n');
  });

  test('login keeps no token that the server rejects', { tags: ['full'] }, async () => {
    const setup = await setUp({ AUTH_AUDIENCE: 'https://other.example' });
    const { ended } = await logIn(setup);
    expect(ended).toMatchObject({ code: 4, stdout: '' });
    expect(ended.stderr).toContain("The server rejected the provider's token.");
    expect((await setup.folder.run(['profiles', '--json'])).stdout).toBe('[]\n');
  });

  test('login remembers its options, and options given again take precedence', { tags: ['full'] }, async () => {
    const setup = await setUp();
    const { provider, server, folder } = setup;
    const scope = 'openid ticket:read';
    await logIn(setup, ['--scope', scope, '--resource', provider.audience, '--issuer', provider.issuer]);
    expect(folder.read().client).toEqual({
      issuer: provider.issuer,
      clientId: 'cli',
      scope,
      resource: provider.audience,
    });
    expect(provider.requestsTo('/token')[0]!.body['resource']).toBe(provider.audience);
    const again = folder.start(['login', '--no-browser']);
    const [, url] = await again.stderrUntil(/^ {2}(http\S+)$/m);
    expect(new URL(url!).searchParams.get('scope')).toBe(scope);
    await fetch(await provider.approve(url!));
    expect(await again.ended).toMatchObject({ code: 0, stdout: expect.stringContaining(server.url) });
    const denied = await folder.run(['act', 'omnidesk:858462', 'status.solved']);
    expect(denied.stderr).toContain('FORBIDDEN');
  });

  test('login names the options that are missing, and a provider that is not usable', { tags: ['full'] }, async () => {
    const { provider, server, folder } = await setUp();
    const mistakes: [string[], number, string][] = [
      [[], 2, 'pass --client-id'],
      [['--client-id', 'cli', '--issuer', 'http://id.example.com'], 4, 'it must be an https URL'],
      [['--client-id', 'cli', '--issuer', server.url], 4, 'Check --issuer and --client-id.'],
      [['--client-id', 'cli', '--issuer', 'http://127.0.0.1:1'], 4, 'is unreachable'],
      [['--client-id', 'cli', '--port', new URL(provider.issuer).port], 2, 'Use another --port'],
    ];
    const ended = await Promise.all(
      mistakes.map(([words]) => folder.run(['login', '--url', server.url, '--no-browser', ...words])),
    );
    for (const [index, { code, stderr }] of ended.entries()) {
      expect(stderr).toContain(mistakes[index]![2]);
      expect(code).toBe(mistakes[index]![1]);
      expect(stderr).not.toContain('    at ');
    }
  });
});

describe('a sign-in that expires', () => {
  test('an expired token is refreshed once by several commands, and the new refresh token is kept', async () => {
    const setup = await setUp();
    const { provider, server, folder } = setup;
    await logIn(setup, ['--profile', 'work']);
    const first = folder.tokens('work');
    folder.expire('work');
    const words = ['tickets', '--first', '1', '--profile', 'work'];
    const ended = await Promise.all([folder.run(words), folder.run(words), folder.run(words)]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(refreshes(provider).map(({ body, status }) => [body['refresh_token'], status])).toEqual([
      [first.refreshToken, 200],
    ]);
    const second = folder.tokens('work');
    expect(second).toMatchObject({ subject: 'jana', name: 'Jana Novak' });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(server.calls('omnidesk').length).toBeGreaterThan(0);
    // The provider accepts each refresh token once.
    folder.expire('work');
    expect((await folder.run(words)).code).toBe(0);
    expect(refreshes(provider)[1]!.body['refresh_token']).toBe(second.refreshToken);
  });

  test('an expired refresh token is reported with the command that signs in again', { tags: ['full'] }, async () => {
    const setup = await setUp();
    const { provider, server, folder } = setup;
    await logIn(setup, ['--profile', 'work']);
    const { refreshToken } = folder.tokens('work');
    const body = new URLSearchParams({ client_id: 'cli', token: refreshToken! });
    expect((await fetch(`${provider.issuer}/token/revocation`, { method: 'POST', body })).status).toBe(200);
    folder.expire('work');
    const commands = [['tickets'], ['query', '{ vendors { key } }'], ['act', 'omnidesk:858462', 'status.solved']];
    for (const words of [...commands, ['set-status', 'SOLVED', 'omnidesk:858462'], ['doctor']]) {
      const { code, stderr } = await folder.run([...words, '--profile', 'work']);
      expect({ words, code }).toEqual({ words, code: 4 });
      expect(stderr).toContain(
        'error: The sign-in of profile work has expired.\nRun ticketgraph login --profile work.\n',
      );
    }
    expect(server.calls('omnidesk')).toEqual([]);
    expect(server.vendor('omnidesk').effects).toEqual([]);
  });

  test('a token that the provider has issued without a refresh token expires', { tags: ['full'] }, async () => {
    const setup = await setUp();
    setup.provider.behaviour.issuesRefreshTokens = false;
    await logIn(setup);
    setup.folder.expire();
    expect((await setup.folder.run(['whoami'])).stderr).toContain('Run ticketgraph login.');
    // A token given otherwise does not need the profile's.
    const other = await setup.folder.run(['whoami', '--token', 'x.y.z']);
    expect(other.stderr).toContain('rejected the API key or token');
    expect(refreshes(setup.provider)).toEqual([]);
  });

  test('an unreachable provider is reported, and the refresh token is kept', { tags: ['full'] }, async () => {
    const setup = await setUp();
    await logIn(setup);
    setup.folder.expire();
    const { refreshToken } = setup.folder.tokens();
    await setup.provider.close();
    const { code, stderr } = await setup.folder.run(['whoami']);
    expect(code).toBe(4);
    expect(stderr).toContain(`${setup.provider.issuer} is unreachable.`);
    expect(setup.folder.tokens().refreshToken).toBe(refreshToken);
  });

  test('logout revokes the refresh token at the provider', { tags: ['full'] }, async () => {
    const setup = await setUp();
    await logIn(setup);
    const { refreshToken } = setup.folder.tokens();
    const { stdout } = await setup.folder.run(['logout', '--json']);
    expect(JSON.parse(stdout)).toEqual({ profile: 'default', forgotten: false, revoked: true });
    expect(setup.provider.requestsTo('/token/revocation')).toMatchObject([
      { body: { token: refreshToken }, status: 200 },
    ]);
    expect(setup.folder.read()).not.toHaveProperty('credential');
    const { code, stderr } = await setup.folder.run(['tickets']);
    expect(code).toBe(4);
    expect(stderr).toContain('Profile default is signed out. Run ticketgraph login.');
  });
});

describe('login with a device code', () => {
  test('login --device signs in after the code was entered elsewhere', { tags: ['full'] }, async () => {
    const { provider, server, folder } = await setUp();
    const command: RunningCommand = folder.start(['login', '--url', server.url, '--client-id', 'cli', '--device']);
    const [shown, address] = await command.stderrUntil(/^The address with the code: (\S+)$/m);
    expect(shown).toBeDefined();
    expect(await submitForms(address!, { login: 'jana', password: 'any' })).toContain('Sign-in Success');
    expect(await command.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('as Jana Novak') });
    expect((await folder.run(['tickets', '--first', '1'])).code).toBe(0);
    folder.expire();
    expect((await folder.run(['whoami'])).code).toBe(0);
    expect(refreshes(provider)).toHaveLength(1);
    expect(provider.failures).toEqual([]);
  });
});
