/**
 * What the documentation shows is true: operations are executed and answer as printed, code is compiled and run, commands
 * exist, settings are taken, links lead somewhere. A block that is not executed has to say why, in a comment above it.
 *
 * Marks after a block's language:
 * - `graphql again`: over the same sandbox as the operation before it; else each has a fresh one
 * - `graphql faulty`: over a sandbox that fails as the command above it says
 * - `graphql subgraph`, `ts resolvers`, `graphql supergraph`: another team's subgraph, and what a router is asked
 * - `ts run`: executed by Node, and prints the `text` right below it
 * - `tsx app`: compiled like all code; a test in `pages/` shows it in a browser
 *
 * A `json` or `text` right below a block is its answer.
 */
import { execFile, spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isDeepStrictEqual } from 'node:util';
import ts from 'typescript';
import { describe, expect, onTestFinished, test } from 'vitest';
import { COMMON_SETTINGS } from '../datasources/upstream/connection-settings.ts';
import { vendors } from '../datasources/vendors.ts';
import { parseFaults } from '../sandbox/named-faults.ts';
import { readEnvironment } from '../server/config/server-settings.ts';
import { SOURCE_FILE } from '../server/config/source-file.ts';
import { startSubgraph, startSupergraph } from './support/gateway.ts';
import { PAGES, ROOT, blocksOf, type Block } from './support/pages.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './support/sandbox.ts';

/** Where the documentation says that the endpoint is. */
const PRINTED_URL = 'http://127.0.0.1:4000/graphql';

const BLOCKS = PAGES.flatMap(blocksOf);
const RUN = BLOCKS.filter(({ whyNotRun }) => whyNotRun === undefined);

const of = (...languages: string[]): Block[] => RUN.filter(({ language }) => languages.includes(language));
const place = ({ page, line }: Block): string => `${page}:${line}`;
const has = (block: Block, mark: string): boolean => block.marks.includes(mark);

// ---------------------------------------------------------------- operations

const operations = of('graphql').filter((block) => !has(block, 'subgraph') && !has(block, 'supergraph'));

/** Groups each block with the following blocks marked `again`, which depend on it. */
function inSequence(blocks: readonly Block[]): Block[][] {
  const sequences: Block[][] = [];
  for (const block of blocks) {
    const last = sequences.at(-1);
    if (has(block, 'again') && last?.[0]?.page === block.page) last.push(block);
    else sequences.push([block]);
  }
  return sequences;
}

describe('documented operations', () => {
  test.each(inSequence(operations).map((sequence) => [place(sequence[0]!), sequence] as const))(
    '%s',
    async (_, sequence) => {
      const server = await startTestServer(has(sequence[0]!, 'faulty') ? failingAs(commandAbove(sequence[0]!)) : {});
      for (const { text, answer } of sequence) {
        const given = await server.ask(text);
        if (answer) expect(given).toEqual(JSON.parse(answer.text));
        else expect(given.errors).toBeUndefined();
        const outcomes = [...JSON.stringify(given).matchAll(/"outcome":"(\w+)"/g)].map(([, outcome]) => outcome);
        // A write that is shown without its answer is one that works.
        if (!answer && !text.includes('dryRun: true')) expect(outcomes).not.toContain('NOT_APPLIED');
      }
      expect(server.defects).toEqual([]);
    },
  );

  test('an operation over a failing sandbox follows the command that starts it', () => {
    const faulty = operations.filter((block) => has(block, 'faulty'));
    expect(faulty.length).toBeGreaterThan(0);
    for (const block of faulty) expect(failingAs(commandAbove(block)).faults?.size).toBeGreaterThan(0);
  });

  test('the README shows operations with their responses', () => {
    const shown = operations.filter(({ page, answer }) => page === 'README.md' && answer);
    expect(shown.length).toBeGreaterThanOrEqual(2);
  });
});

function commandAbove(block: Block): Block {
  return of('sh').findLast(({ page, line }) => page === block.page && line < block.line)!;
}

/** Starts the servers for the environment settings before a command. */
function failingAs(command: Block): TestServerOptions {
  const { SANDBOX_FAULTS = '', ...environment } = Object.fromEntries(settingsIn(command));
  const faults = parseFaults(
    SANDBOX_FAULTS,
    vendors.map(({ key }) => key),
  );
  return { faults, environment };
}

// ---------------------------------------------------------------- subgraphs

const subgraphs = of('graphql').filter((block) => has(block, 'subgraph'));

describe('documented subgraphs compose, and the supergraph responds as documented', () => {
  test.each(subgraphs.map((block) => [place(block), block] as const))('%s', async (_, { page, text }) => {
    const code = of('ts').find((block) => block.page === page && has(block, 'resolvers'))!;
    const [file] = extract([code]).files;
    const { resolvers } = (await import(`${dirname(file!)}/${basename(file!)}`)) as { resolvers: never };
    const server = await startTestServer();
    const supergraph = await startSupergraph({ tickets: server.url, team: await startSubgraph(text, resolvers) });
    expect(supergraph.hints).toEqual([]);
    const asked = of('graphql').filter((block) => block.page === page && has(block, 'supergraph'));
    expect(asked.length).toBeGreaterThan(0);
    for (const block of asked) expect(await supergraph.ask(block.text)).toEqual(JSON.parse(block.answer!.text));
  });
});

// ---------------------------------------------------------------- code

const code = of('ts', 'tsx');

/** The blocks as files of a folder of their own, which is gone when the test ends. */
function extract(blocks: readonly Block[], url = PRINTED_URL): { files: string[] } {
  // Within the project, so that packages are found; where git, linters and other tests do not look.
  mkdirSync(join(ROOT, '.ticketgraph'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.ticketgraph/documentation-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = blocks.map((block, index) => {
    const file = join(folder, `${index}-${block.page.replaceAll(/\W/g, '-')}-${block.line}.${block.language}`);
    const client = join(ROOT, 'client/index.ts');
    const text = block.text.replaceAll(PRINTED_URL, url).replace("'ticketgraph-client'", `'${client}'`);
    writeFileSync(file, text);
    return file;
  });
  return { files };
}

test("code compiles under the project's own rules", { tags: ['full'] }, () => {
  const { files } = extract(code);
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const browser = ['lib.es2024.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.esnext.error.d.ts'];
  const program = ts.createProgram(files, {
    ...options,
    // What an example leaves to its reader is not used in it.
    noUnusedLocals: false,
    lib: browser,
    jsx: ts.JsxEmit.ReactJSX,
    types: ['node', 'react', 'react-dom'],
  });
  const mistakes = ts.getPreEmitDiagnostics(program).map((mistake) => {
    const index = files.indexOf(mistake.file?.fileName ?? '');
    const where = index < 0 ? mistake.file?.fileName : place(code[index]!);
    return `${where}: ${ts.flattenDiagnosticMessageText(mistake.messageText, ' ')}`;
  });
  expect(mistakes).toEqual([]);
});

describe('documented code marked `run` prints the documented output', { tags: ['full'] }, () => {
  test.each(code.filter((block) => has(block, 'run')).map((block) => [place(block), block] as const))(
    '%s',
    async (_, block) => {
      const server = await startTestServer();
      const { files } = extract([block], server.url);
      const { stdout } = await promisify(execFile)(process.execPath, files, { env: { PATH: process.env['PATH'] } });
      expect(stdout).toBe(block.answer!.text);
      expect(server.defects).toEqual([]);
    },
  );
});

// ---------------------------------------------------------------- commands and settings

const SCRIPTS = Object.keys(readJson('package.json')['scripts'] as object);
const BINARIES = Object.keys(readJson('package.json')['bin'] ?? {});

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Record<string, unknown>;
}

/** Commands that are not checked: they work on any machine, or need the network. */
const PLAIN = /^(git clone|cd|npm (ci|install|start|test)|npx vitest run|docker compose|kubectl)\b/;

/** Run as they stand. */
const RUNNABLE = /^(curl|printf)\b/;

interface Command {
  readonly block: Block;
  readonly text: string;
}

/** Without comments, without settings before them, one for each line and each `&&`. */
function commandsOf(block: Block): Command[] {
  const lines = block.text.replaceAll(/\\\n\s*/g, '').split('\n');
  const texts = lines.flatMap((line) => (RUNNABLE.test(line) ? [line] : line.replace(/(^|\s+)#.*$/, '').split('&&')));
  return texts.map((text) => ({ block, text: text.trim() })).filter(({ text }) => text !== '');
}

const commands = of('sh').flatMap(commandsOf);

test('documented commands exist', () => {
  const strange = commands.filter(({ text }) => {
    const bare = text.replace(/^([A-Z_]+=\S* )+/, '');
    const script = /^npm run (?:-s )?(\S+)/.exec(bare)?.[1];
    if (script !== undefined) return !SCRIPTS.includes(script);
    const file = /^node (\S+)/.exec(bare)?.[1];
    if (file !== undefined) return !existsSync(join(ROOT, file));
    const binary = /^(?:npx )?(\S+)/.exec(bare)?.[1] ?? '';
    return !PLAIN.test(bare) && !RUNNABLE.test(bare) && !BINARIES.includes(binary);
  });
  expect(strange.map(({ block, text }) => `${place(block)}: ${text}`)).toEqual([]);
});

const runnable = commands.filter(({ text }) => RUNNABLE.test(text));
const isCurlMissing = spawnSync('curl', ['--version']).status !== 0;

describe.skipIf(isCurlMissing)(`a command that can be run is${isCurlMissing ? ' (skipped: no curl here)' : ''}`, () => {
  test.each(runnable.map((command) => [place(command.block), command] as const))('%s', async (_, { block, text }) => {
    const server = await startTestServer();
    const printed = await run(
      text.replaceAll(PRINTED_URL, server.url).replaceAll(new URL(PRINTED_URL).origin, originOf(server)),
    );
    if (block.answer?.language === 'json') expect(JSON.parse(printed)).toEqual(JSON.parse(block.answer.text));
    if (block.answer?.language === 'text') expect(printed).toBe(block.answer.text);
  });
});

const originOf = ({ url }: TestServer): string => new URL(url).origin;

async function run(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-ec', command], { cwd: ROOT });
  return stdout;
}

/** `NAME=value` lines, and those that stand before a command. */
function settingsIn({ language, text }: Block): [string, string][] {
  const pattern = language === 'env' ? /^([A-Z_]+)=(.*)$/gm : /\b([A-Z][A-Z_]+)=(\S*)(?= )/g;
  return [...text.matchAll(pattern)].map(([, name, value]) => [name!, value!]);
}

/** The sources that declare the server's settings. */
function readConfigSources(): string {
  const folder = join(ROOT, 'server/config');
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

describe('documented settings are valid', () => {
  const known = `${readConfigSources()} ${vendors
    .flatMap(({ key, settings }) =>
      ['URL', 'TIMEOUT_MS', 'CONCURRENCY', ...Object.keys(settings)].map((name) => `${key.toUpperCase()}_${name}`),
    )
    .join(' ')} ALLOW_PLAINTEXT`;
  const shown = of('env', 'sh').filter((block) => settingsIn(block).length > 0);

  test.each(shown.map((block) => [place(block), block] as const))('%s', (_, block) => {
    const settings = settingsIn(block);
    for (const [name] of settings) expect(known).toMatch(new RegExp(`\\b${name}\\b`));
    expect(() => readEnvironment(Object.fromEntries(settings), vendors)).not.toThrow();
  });
});

describe('.env.example', () => {
  const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
  const shown = [...example.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!] as const);

  test('.env.example names every setting exactly once', () => {
    const own = [...readConfigSources().matchAll(/^ +([A-Z][A-Z_]+): /gm)].map(([, name]) => name!);
    expect(own.length).toBeGreaterThan(30);
    const ofVendors = vendors.flatMap(({ key, settings }) =>
      ['URL', ...Object.keys(settings)].map((name) => `${key.toUpperCase()}_${name}`),
    );
    const ofEach = COMMON_SETTINGS.filter((name) => name !== 'URL').map((name) => `OMNIDESK_${name}`);
    const all = new Set([...own, ...ofVendors, ...ofEach, 'ALLOW_PLAINTEXT', SOURCE_FILE]);
    expect(shown.map(([name]) => name).toSorted()).toEqual([...all].toSorted());
  });

  test('.env.example shows valid values and the defaults', () => {
    const vendorKeys = vendors.map(({ key }) => key.toUpperCase());
    const mine = shown.filter(([name]) => !vendorKeys.some((key) => name.startsWith(`${key}_`)));
    // What goes with sign-in, with a file or with another value of another setting is read where that is tested.
    const aside = /^(AUTH|CONSOLE_OIDC|OPERATIONS)|^(NODE_ENV|SANDBOX|SANDBOX_SOURCES|SUBSCRIPTION_CALLBACK_ORIGINS)$/;
    const settings = Object.fromEntries(mine.filter(([name]) => !aside.test(name)));
    const given = readEnvironment(settings, vendors).server;
    const otherwise = readEnvironment({}, vendors).server as unknown as Readonly<Record<string, unknown>>;
    const differing = Object.entries(given).filter(
      ([name, value]) =>
        otherwise[name] !== undefined && name === name.toUpperCase() && !isDeepStrictEqual(otherwise[name], value),
    );
    expect(differing.map(([name]) => name)).toEqual(['CORS_ORIGINS']);
  });

  test.each(vendors.map((vendor) => [vendor.name, vendor] as const))('configures %s', (_, vendor) => {
    const prefix = `${vendor.key.toUpperCase()}_`;
    const own = shown.filter(([name]) => name.startsWith(prefix));
    // The first way to sign in that it shows; the others are instead of that. The files do not exist.
    const aside = /_(AUTH|CSRF|FORWARD)_|^RT_TOKEN$|_FILE$|_KEY_PASSPHRASE$/;
    const settings = Object.fromEntries(own.filter(([name]) => !aside.test(name)));
    const { configured } = readEnvironment(settings, vendors);
    expect(configured.map((one) => one.source.key)).toEqual([vendor.key]);
  });
});

// ---------------------------------------------------------------- the pages themselves

test('every block is executed or has a reason not to be', () => {
  const executed = new Set(['graphql', 'ts', 'tsx', 'sh', 'env']);
  // A block without a language is a picture made of text.
  const idle = RUN.filter(({ language }) => language !== '' && !executed.has(language));
  expect(idle.map((block) => `${place(block)} ${block.language}`)).toEqual([]);
});

test('links lead to existing files and headings', () => {
  const broken = PAGES.flatMap((page) =>
    linksOf(page)
      .filter((link) => !isThere(page, link))
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test('docs/performance.md has a heading for every anchor that the code refers to', () => {
  const anchors = anchorsOf(readFileSync(join(ROOT, 'docs/performance.md'), 'utf8'));
  const files = ['main.ts', ...globSync('{server,resolvers,datasources,schema}/**/*.ts', { cwd: ROOT })];
  const referred = files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/docs\/performance\.md#([\w-]+)/g)].map(
      ([, anchor]) => anchor!,
    ),
  );
  expect(referred.length).toBeGreaterThan(10);
  expect(referred.filter((anchor) => !anchors.has(anchor))).toEqual([]);
});

/** Relative ones; what leads elsewhere is the reader's to try. */
function linksOf(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8').replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!).filter((link) => !/^[a-z]+:/.test(link));
}

function isThere(page: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
  if (!existsSync(file)) return false;
  return heading === undefined || anchorsOf(readFileSync(file, 'utf8')).has(heading);
}

/** As code hosts make them: lower case, punctuation gone, spaces to hyphens. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test('the index links every page below docs', () => {
  const index = new Set(linksOf('docs/README.md').map((link) => join('docs', link.split('#')[0]!)));
  const missing = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md' && !index.has(page));
  expect(missing).toEqual([]);
});
