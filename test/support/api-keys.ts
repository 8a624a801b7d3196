/** A file of API keys, for tests with several callers. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const SCOPES = 'ticket:read,ticket:status,ticket:update,ticket:delete';

/**
 * Returns the settings by which these callers authenticate. The file is removed after the test.
 *
 * @param more further scopes of each caller
 * @param scopes of all callers, separated by commas
 */
export function writeApiKeys(
  callers: readonly string[],
  more: Readonly<Record<string, string>> = {},
  scopes = SCOPES,
): { readonly AUTH_API_KEYS_FILE: string } {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'keys');
  const lines = callers.map((caller) => `${caller} ${sha256(secretOf(caller))} ${scopes}${more[caller] ?? ''}\n`);
  writeFileSync(file, lines.join(''));
  return { AUTH_API_KEYS_FILE: file };
}

/** Options of a request of the caller. */
export function as(caller: string): { headers: Record<string, string> } {
  return { headers: { 'x-api-key': secretOf(caller) } };
}

function secretOf(caller: string): string {
  return `secret-of-${caller}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
