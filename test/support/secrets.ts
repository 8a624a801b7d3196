/** Secrets in files, and simulated vendors that have got new ones. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { vendors } from '../../datasources/vendors.ts';
import type { RunningVendor } from '../../sandbox/server.ts';
import type { ReceivedRequest } from '../../sandbox/simulation.ts';
import { vendorKeyOf } from '../../datasources/vendor-kit/source-key.ts';

/** A secret of a source in a file. */
export interface SecretFile {
  /** The variable of the secret. */
  readonly variable: string;
  /** What the simulated vendor accepts after its start. */
  readonly first: string;
  write(text: string): void;
}

/** An empty folder that is removed after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Moves all secrets in the settings of a source to files. @returns the files, and the settings that name them */
export function moveToFiles(
  sourceKey: string,
  settings: Readonly<Record<string, string>>,
  folder: string,
): { readonly files: readonly SecretFile[]; readonly environment: Readonly<Record<string, string>> } {
  const vendor = vendors.find(({ key }) => key === vendorKeyOf(sourceKey))!;
  const environment: Record<string, string> = {};
  const files = Object.entries(vendor.settings).flatMap(([name, { isSecret }]) => {
    const variable = `${sourceKey.toUpperCase()}_${name}`;
    const first = settings[variable];
    if (!isSecret || !first) return [];
    const path = join(folder, variable);
    Object.assign(environment, { [variable]: '', [`${variable}_FILE`]: path });
    const write = (text: string): void => writeFileSync(path, `${text}\n`);
    write(first);
    return [{ variable, first, write }];
  });
  return { files, environment };
}

/** A new secret that needs no escape in a URL, JSON or a form. */
export function renewed(first: string, name = 'renewed'): string {
  return `${name}-${first}`;
}

/** From now on the vendor accepts `toNew(secret)` instead of each of the secrets, and no session of before. */
export function rotateAt(running: RunningVendor, secrets: readonly string[], toNew: (secret: string) => string): void {
  const { vendor } = running;
  const { handle } = vendor;
  const swap = (text: string): string => {
    let swapped = text;
    for (const [index, secret] of secrets.entries()) {
      const parts = swapped.split(toNew(secret)).map((part) => part.replaceAll(secret, `revoked-${index}`));
      swapped = parts.join(secret);
    }
    return swapped;
  };
  vendor.expireTokens?.();
  vendor.handle = (arrival) => handle(mapTexts(arrival, swap));
}

/** Whether a request carries a text, also in Basic credentials. */
export function carries(arrival: ReceivedRequest, text: string): boolean {
  let isFound = false;
  mapTexts(arrival, (part) => {
    isFound ||= part.includes(text);
    return part;
  });
  return isFound;
}

function mapTexts(arrival: ReceivedRequest, map: (text: string) => string): ReceivedRequest {
  const target = map(arrival.target);
  const mark = target.indexOf('?');
  const headers = Object.entries(arrival.headers).map(([name, value]) => [name, inBasic(value, map)] as const);
  return {
    ...arrival,
    target,
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers: Object.fromEntries(headers),
    body: map(arrival.body),
  };
}

function inBasic(value: string, map: (text: string) => string): string {
  const [, encoded] = /^Basic (\S+)$/.exec(value) ?? [];
  if (encoded === undefined) return map(value);
  return `Basic ${Buffer.from(map(Buffer.from(encoded, 'base64').toString())).toString('base64')}`;
}
