/** A secret that was sent comes back in no spelling that a vendor's answer may have. */
import { expect, test } from 'vitest';
import type { UpstreamRequest } from '../../datasources/contract.ts';
import { withoutSecrets } from '../../datasources/kernel/redaction.ts';
import { UNSIGNED, signed } from '../../datasources/kernel/signing.ts';

const SECRET = 'pa"ss\\wörd/&1';

function redact(text: string, headers: Record<string, string>, body?: string, status = 401): string {
  const request = {
    method: 'GET',
    path: '/',
    headers,
    secrets: Object.keys(headers),
    body,
  } as unknown as UpstreamRequest;
  return withoutSecrets({ status, headers: {}, text }, signed(request, UNSIGNED)).text;
}

test.each([
  ['as it is', (secret: string) => `You sent ${secret}.`],
  ['in JSON', (secret: string) => JSON.stringify({ message: `You sent ${secret}.` })],
  [
    'in JSON that escapes slashes',
    (secret: string) => JSON.stringify({ message: `You sent ${secret}.` }).replaceAll('/', '\\/'),
  ],
  ['in an address', (secret: string) => `/search?key=${encodeURIComponent(secret)}`],
])('%s', (_, quote) => {
  expect(redact(quote(SECRET), { 'x-key': SECRET }, undefined, 200)).toBe(quote('REDACTED'));
  expect(redact(quote(SECRET), { authorization: `Basic ${Buffer.from(`jan:${SECRET}`).toString('base64')}` })).toBe(
    quote('REDACTED'),
  );
  expect(redact(quote(SECRET), {}, JSON.stringify({ password: SECRET }))).toBe(quote('REDACTED'));
});
