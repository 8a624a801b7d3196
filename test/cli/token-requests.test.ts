/** What the command line does with answers of a provider that a real one gives rarely: `slow_down`, and a signal meanwhile. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { discoverIssuer } from '../../cli/sign-in/issuer.ts';
import { signInWithDevice } from '../../cli/sign-in/device.ts';
import { makeProfileFolder } from '../support/profiles.ts';

// The code to enter is printed.
beforeEach(() => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  return () => stderr.mockRestore();
});

interface ScriptedIssuer {
  readonly issuer: string;
  /** Forms posted to the token endpoint. */
  readonly received: Record<string, string>[];
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @param answer called for each request to the token endpoint. */
async function startIssuer(answer: (count: number) => Answer): Promise<ScriptedIssuer> {
  const received: Record<string, string>[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const reply = route(request.url ?? '', body);
      response
        .writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
        .end(JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const route = (path: string, body: string): Answer => {
    if (path === '/.well-known/openid-configuration') return { status: 200, body: metadataOf(issuer) };
    if (path === '/device') return { status: 200, body: DEVICE };
    received.push(Object.fromEntries(new URLSearchParams(body)));
    return answer(received.length);
  };
  return { issuer, received };
}

function metadataOf(issuer: string): object {
  return { issuer, token_endpoint: `${issuer}/token`, device_authorization_endpoint: `${issuer}/device` };
}

const DEVICE = {
  device_code: 'device',
  user_code: 'AB-CD',
  verification_uri: 'https://id.example/device',
  expires_in: 60,
};

function failure(error: string): Answer {
  return { status: 400, body: { error } };
}

const TOKENS: Answer = { status: 200, body: { access_token: 'new', token_type: 'bearer', refresh_token: 'next' } };

async function signIn(answers: readonly Answer[]) {
  const { issuer, received } = await startIssuer((count) => answers[count - 1] ?? failure('server_error'));
  const client = { issuer, clientId: 'cli', scope: 'ticket:read' };
  const waits: number[] = [];
  const sleep = async (ms: number): Promise<void> => void waits.push(ms);
  const ended = await signInWithDevice(await discoverIssuer(client), client, sleep).catch((error: unknown) => error);
  return { ended, waits, received };
}

describe('polling for a device code', () => {
  test('polling waits five seconds longer after each slow_down', async () => {
    const [pending, slower] = [failure('authorization_pending'), failure('slow_down')];
    const { ended, waits, received } = await signIn([pending, slower, pending, slower, TOKENS]);
    expect(ended).toMatchObject({ accessToken: 'new', refreshToken: 'next', scope: 'ticket:read' });
    expect(waits).toEqual([5, 5, 10, 10, 15].map((seconds) => seconds * 1000));
    expect(new Set(received.map((form) => form['device_code']))).toEqual(new Set(['device']));
  });

  test('polling ends when the code has expired, when it was denied, and at any other error', async () => {
    const pending = Array.from({ length: 20 }, () => failure('authorization_pending'));
    const late = await signIn(pending);
    expect(late.ended).toMatchObject({ message: 'The code has expired before it was entered.', exitCode: 4 });
    // A minute in steps of five seconds.
    expect(late.waits).toHaveLength(11);
    for (const code of ['access_denied', 'expired_token', 'invalid_client']) {
      const { ended, received } = await signIn([failure(code), TOKENS]);
      expect(ended).toMatchObject({
        message: expect.stringContaining(`rejected the sign-in: ${code}.`) as string,
        exitCode: 4,
      });
      expect(received).toHaveLength(1);
    }
  });
});

test('a provider that expects a secret of the client is reported as one to configure', async () => {
  const challenge = { ...failure('invalid_client'), status: 401, headers: { 'www-authenticate': 'Basic realm="id"' } };
  const { ended } = await signIn([challenge]);
  const message = expect.stringMatching(/it does not accept the client without a secret \(HTTP 401\)\.$/) as string;
  expect(ended).toMatchObject({ message, exitCode: 4, nextStep: 'Check --issuer and --client-id.' });
});

test('a signal while tokens are refreshed ends the command after the new refresh token was kept', async () => {
  const folder = makeProfileFolder();
  const { issuer, received } = await startIssuer(() => {
    command.child.kill('SIGINT');
    return TOKENS;
  });
  const client = { issuer, clientId: 'cli', scope: 'ticket:read' };
  const credential = { kind: 'tokens', accessToken: 'old', refreshToken: 'once', expiresAt: 1, scope: 'ticket:read' };
  mkdirSync(dirname(folder.path), { recursive: true });
  const profiles = { default: { url: 'http://127.0.0.1:1/graphql', client, credential } };
  writeFileSync(folder.path, JSON.stringify({ version: 1, profiles }), { mode: 0o600 });
  const command = folder.start(['whoami']);
  expect(await command.ended).toMatchObject({ code: null, stdout: '' });
  expect(received).toMatchObject([{ grant_type: 'refresh_token', refresh_token: 'once' }]);
  expect(folder.tokens()).toMatchObject({ accessToken: 'new', refreshToken: 'next' });
});
