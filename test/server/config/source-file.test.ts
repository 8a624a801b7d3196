/** `TICKETGRAPH_CONFIG`: further sources. Mistakes are named by their path, never by their value. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../../datasources/contract.ts';
import { vendors } from '../../../datasources/vendors.ts';
import { readEnvironment, SettingsError } from '../../../server/config/server-settings.ts';
import { readSourceFile } from '../../../server/config/source-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-sources-'));

function writeFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function read(text: string, environment: Environment = {}) {
  const path = writeFile('sources.yaml', text);
  const file = await readSourceFile({ ...environment, TICKETGRAPH_CONFIG: path }, vendors);
  return readEnvironment(file.environment, vendors, file);
}

/** The mistakes in the file and in the environment. */
async function mistakesIn(text: string, environment: Environment = {}): Promise<string> {
  try {
    await read(text, environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return '';
}

const EMEA = 'url: https://emea.example.com, apiKey: key';

describe('a valid file', () => {
  test('adds sources with the settings, checks and defaults of their vendor', async () => {
    const { configured } = await read(
      `
sources:
  omnidesk@emea: { name: Omnidesk EMEA, ${EMEA}, timeoutMs: 500, body: json }
  akana@payments: { url: "https://pay.example.com", tenant: acmepay, username: bot, password: "\${SECRET}" }
`,
      { SECRET: 'from the environment' },
    );
    expect(configured.map(({ source }) => [source.key, source.name, source.vendor.key])).toEqual([
      ['akana@payments', 'Akana payments', 'akana'],
      ['omnidesk@emea', 'Omnidesk EMEA', 'omnidesk'],
    ]);
    expect(configured.map(({ settings }) => settings)).toMatchObject([
      { URL: 'https://pay.example.com', TENANT: 'acmepay', PASSWORD: 'from the environment', TIMEOUT_MS: 10_000 },
      { URL: 'https://emea.example.com', API_KEY: 'key', TIMEOUT_MS: 500, BODY: 'json', TIME_ZONE: 'UTC' },
    ]);
  });

  test('may hold the default source, beside others that are in the environment', async () => {
    const environment = { RT_URL: 'https://rt.example.com', RT_TOKEN: '1-2-abc' };
    const { configured } = await read(`sources: { omnidesk: { ${EMEA} } }`, environment);
    expect(configured.map(({ source }) => [source.key, source.name])).toEqual([
      ['omnidesk', 'Omnidesk'],
      ['rt', 'Request Tracker'],
    ]);
  });

  test('takes a secret from a file, without the line end', async () => {
    const path = writeFile('secret', 'from a file\n');
    const { configured } = await read(
      `sources: { omnidesk@emea: { url: https://a.example, apiKey: { file: ${path} } } }`,
    );
    expect(configured[0]!.settings).toMatchObject({ API_KEY: 'from a file' });
  });

  test('is the one in the documentation', async () => {
    const page = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
    const [, block = ''] = /```yaml\n(sources:[\s\S]*?)```/.exec(page) ?? [];
    const secret = writeFile('emea', 'key');
    const { configured } = await read(block.replace('/run/secrets/omnidesk-emea', secret), {
      AKANA_PAYMENTS_PASSWORD: 'secret',
    });
    expect(configured.map(({ source }) => source.key)).toEqual(['akana@payments', 'omnidesk@emea']);
  });
});

describe('a mistake', () => {
  test.each([
    ['a missing setting', `sources: { omnidesk@emea: { url: https://a.example } }`, 'sources.omnidesk@emea.apiKey'],
    ['an invalid one', `sources: { omnidesk@emea: { ${EMEA}, timeoutMs: SECRET } }`, 'sources.omnidesk@emea.timeoutMs'],
    ['an unknown one', `sources: { omnidesk@emea: { ${EMEA}, SECRET: 1 } }`, 'sources.omnidesk@emea.SECRET'],
    ['no address', `sources: { omnidesk@emea: { apiKey: SECRET } }`, 'sources.omnidesk@emea.url'],
    ['an empty address', `sources: { omnidesk@emea: { url: "", apiKey: SECRET } }`, 'sources.omnidesk@emea.url'],
    [
      'an address with an unsupported scheme',
      `sources: { omnidesk@emea: { url: "ftp://SECRET", apiKey: k } }`,
      'sources.omnidesk@emea.url',
    ],
    ['an unknown vendor', `sources: { acme: { ${EMEA} } }`, 'sources.acme'],
    ['a name in capitals', `sources: { omnidesk@EMEA: { ${EMEA} } }`, 'sources.omnidesk@EMEA'],
    ['a name that is too long', `sources: { omnidesk@${'a'.repeat(32)}: { ${EMEA} } }`, 'sources.omnidesk@aaa'],
    ['a list', `sources: [SECRET]`, 'sources'],
    ['an empty file', ``, 'sources'],
    ['another key', `sources: {}\nSECRETS: {}`, 'SECRETS'],
    ['a setting that is a list', `sources: { omnidesk@emea: { url: https://a.example, apiKey: [SECRET] } }`, 'apiKey'],
    [
      'a file for what is no secret',
      `sources: { omnidesk@emea: { url: { file: SECRET }, apiKey: k } }`,
      'omnidesk@emea.url',
    ],
    [
      'a secret file that is missing',
      `sources: { omnidesk@emea: { url: https://a.example, apiKey: { file: /none/SECRET } } }`,
      'apiKey.file',
    ],
    [
      'an unset variable',
      `sources: { omnidesk@emea: { url: https://a.example, apiKey: "\${MISSING}" } }`,
      'the variable MISSING',
    ],
    ['null', `sources: { omnidesk@emea: { url: https://a.example, apiKey: } }`, 'sources.omnidesk@emea.apiKey'],
    [
      'settings that exclude each other',
      `sources: { akana@x: { url: https://a.example, tenant: t, forwardCsrf: x-csrf } }`,
      'sources.akana@x.forwardToken',
    ],
  ])('%s is named by its path', async (_, text, path) => {
    const message = await mistakesIn(text);
    expect(message).toContain(path);
    // Of a key, the message must show it; of a value, never.
    expect(message.replaceAll('.SECRET', '').replaceAll('SECRETS', '')).not.toContain('SECRET');
  });

  test.each([
    ['what is not YAML', 'sources: { SECRET: [', 'line 1'],
    [
      'a key that is there twice',
      `sources:\n  omnidesk@emea: { ${EMEA} }\n  omnidesk@emea: { apiKey: SECRET }`,
      'line 3',
    ],
  ])('%s is named by its place', async (_, text, place) => {
    const message = await mistakesIn(text);
    expect(message).toContain(place);
    expect(message).not.toContain('SECRET');
  });

  test('a source in the file and in the environment', async () => {
    const environment = { OMNIDESK_URL: 'https://b.example', OMNIDESK_API_KEY: 'SECRET' };
    expect(await mistakesIn(`sources: { omnidesk: { ${EMEA} } }`, environment)).toBe(
      'sources.omnidesk is configured twice: in TICKETGRAPH_CONFIG and by OMNIDESK_URL. Remove one of them.',
    );
  });

  test('a file that cannot be read', async () => {
    const file = await readSourceFile({ TICKETGRAPH_CONFIG: join(folder, 'none') }, vendors);
    expect(file.errors).toEqual(['TICKETGRAPH_CONFIG cannot be read. Check its path and permissions.']);
  });

  test('all mistakes of the file and of the environment are reported at once', async () => {
    const message = await mistakesIn('sources: { acme: { url: x }, omnidesk@emea: { url: https://a.example, x: 1 } }', {
      PORT: 'none',
      AKANA_URL: 'https://a.example',
    });
    for (const part of ['PORT', 'AKANA_TENANT', 'sources.acme', 'sources.omnidesk@emea.x']) {
      expect(message).toContain(part);
    }
  });
});

describe('<NAME>_FILE', () => {
  const readKey = (environment: Environment): unknown =>
    readEnvironment({ OMNIDESK_URL: 'https://a.example', ...environment }, vendors).configured[0]!.settings;

  test('holds a secret', () => {
    expect(readKey({ OMNIDESK_API_KEY_FILE: writeFile('key', 'a key\r\n') })).toMatchObject({ API_KEY: 'a key' });
  });

  test.each([
    [
      'both',
      { OMNIDESK_API_KEY: 'SECRET', OMNIDESK_API_KEY_FILE: '/none' },
      'expected unset if OMNIDESK_API_KEY_FILE is set',
    ],
    [
      'a file that cannot be read',
      { OMNIDESK_API_KEY_FILE: '/none/SECRET' },
      'OMNIDESK_API_KEY_FILE is missing or invalid',
    ],
    [
      'a file with an invalid value',
      { OMNIDESK_API_KEY_FILE: writeFile('bad', 'SECRET\nSECRET') },
      'a file that contains',
    ],
  ])('%s stops the start', (_, environment, part) => {
    expect(() => readKey(environment)).toThrow(part);
    expect(() => readKey(environment)).not.toThrow('SECRET');
  });
});
