/** Secrets of a request are redacted in its answer, in every spelling. */
import { expect, test } from 'vitest';
import type { UpstreamRequest } from '../../../datasources/contract.ts';
import { withoutSecrets } from '../../../datasources/upstream/redaction.ts';
import { UNSIGNED, signRequest } from '../../../datasources/upstream/sign-request.ts';

const SECRET = 'pa"ss\\wörd/&1';

function redact(text: string, headers: Record<string, string>, body?: string, status = 401): string {
  const request = {
    method: 'GET',
    path: '/',
    headers,
    secrets: Object.keys(headers),
    body,
  } as unknown as UpstreamRequest;
  return withoutSecrets({ status, headers: {}, text }, signRequest(request, UNSIGNED)).text;
}

test.each([
  ['verbatim', (secret: string) => `You sent ${secret}.`],
  ['in JSON', (secret: string) => JSON.stringify({ message: `You sent ${secret}.` })],
  [
    'in JSON that escapes slashes',
    (secret: string) => JSON.stringify({ message: `You sent ${secret}.` }).replaceAll('/', '\\/'),
  ],
  ['in a URL', (secret: string) => `/search?key=${encodeURIComponent(secret)}`],
])('redacts a secret %s', (_, quote) => {
  expect(redact(quote(SECRET), { 'x-key': SECRET }, undefined, 200)).toBe(quote('REDACTED'));
  expect(redact(quote(SECRET), { authorization: `Basic ${Buffer.from(`jan:${SECRET}`).toString('base64')}` })).toBe(
    quote('REDACTED'),
  );
  expect(redact(quote(SECRET), {}, JSON.stringify({ password: SECRET }))).toBe(quote('REDACTED'));
});

test.each([
  ['nested in JSON', JSON.stringify({ auth: { identity: [{ user: { password: SECRET } }] } })],
  [
    'as a form',
    new URLSearchParams([
      ['grant_type', 'x'],
      ['client_secret', SECRET],
    ]).toString(),
  ],
])('redacts a secret of a sign-in body that contains it %s', (_, body) => {
  expect(redact(`You sent ${SECRET}.`, {}, body)).toBe('You sent REDACTED.');
  expect(redact(`You sent ${SECRET}.`, {}, body, 200)).toBe(`You sent ${SECRET}.`);
});

test('redacts each part of a cookie', () => {
  const cookie = 'AtmoAuthToken_acme=12345678ab; Csrf-Token_acme=cdef123456';
  expect(redact('12345678ab and cdef123456', { cookie })).toBe('REDACTED and REDACTED');
});

test('credentials and bodies with thousands of parts take no longer than those with a few', () => {
  const text = 'x'.repeat(2_000_000);
  const token = Array.from({ length: 1_500 }, (_, index) => `part-${index}-of-it`).join(';');
  const body = JSON.stringify({
    list: Array.from({ length: 50_000 }, (_, index) => ({ password: `part-${index}-of-it` })),
  });
  const before = process.cpuUsage();
  redact(text, { 'x-auth-token': token }, body);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(3_000);
});
