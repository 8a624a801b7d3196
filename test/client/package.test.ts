/**
 * The package as a user gets it: packed, unpacked elsewhere, imported by plain Node, and checked with strict types.
 *
 * @module-tag full
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCompiler } from '../support/compiler.ts';

const ROOT = join(import.meta.dirname, '../..');
const MODULES = join(ROOT, 'node_modules');

let folder: string;
let project: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ticketgraph-package-'));
  project = join(folder, 'project');
  mkdirSync(join(project, 'node_modules/@graphql-typed-document-node'), { recursive: true });
  for (const name of ['graphql', '@graphql-typed-document-node/core']) {
    symlinkSync(join(MODULES, name), join(project, 'node_modules', name));
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  unpack(pack(), join(project, 'node_modules/ticketgraph-client'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of a copy, so that nothing is written beside the sources. @returns the path of the archive */
function pack(): string {
  const source = join(folder, 'source');
  const skipped = join(ROOT, 'client/dist');
  cpSync(join(ROOT, 'client'), join(source, 'client'), { recursive: true, filter: (path) => path !== skipped });
  cpSync(join(ROOT, 'tsconfig.json'), join(source, 'tsconfig.json'));
  symlinkSync(MODULES, join(source, 'node_modules'));
  const npm = process.env['npm_execpath'];
  const [program, words] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const options = ['pack', '--offline', '--silent', '--pack-destination', folder];
  run(program, [...words, ...options], join(source, 'client'));
  const archive = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  expect(archive).toBe('ticketgraph-client-0.2.0.tgz');
  return join(folder, archive ?? '');
}

function unpack(archive: string, target: string): void {
  mkdirSync(target, { recursive: true });
  run('tar', ['-xzf', archive, '--strip-components=1', '-C', target], folder);
}

function run(program: string, words: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: 'utf8' });
  expect(status, `${program} ${words.join(' ')}: ${stdout}${stderr}`).toBe(0);
  return stdout;
}

function filesOf(ending: string): string[] {
  const home = join(project, 'node_modules/ticketgraph-client');
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(ending));
}

test('the package contains the build and no sources', () => {
  const files = filesOf('').filter((file) => /\.[a-z]+$/.test(file) || file === 'LICENSE');
  const places = new Set(files.map((file) => (dirname(file) === '.' ? file : file.split('/')[0]!)));
  expect([...places].toSorted()).toEqual(['LICENSE', 'README.md', 'dist', 'documents', 'package.json']);
  expect(filesOf('.ts').filter((file) => !file.endsWith('.d.ts'))).toEqual([]);
});

test('runs where there is no Node: it imports graphql and its own files alone', () => {
  const home = join(project, 'node_modules/ticketgraph-client');
  const imported = filesOf('.js').flatMap((file) =>
    [...readFileSync(join(home, file), 'utf8').matchAll(/\bfrom\s+['"]([^'"]+)['"]/g)].map(([, name]) => name!),
  );
  expect([...new Set(imported.filter((name) => !/^\.{1,2}\/.*\.js$/.test(name)))]).toEqual(['graphql']);
});

test('is imported by plain Node, and has a method and a document for each operation', () => {
  const program = `
    import { createTicketgraph, TicketDocument, newIdempotencyKey, possibleTypes } from 'ticketgraph-client';
    const client = createTicketgraph({ url: 'http://127.0.0.1:1/graphql' });
    const failed = await client.ticket({ id: 'akana:1.acme' }).catch(({ name, code }) => ({ name, code }));
    console.log(JSON.stringify({
      methods: Object.keys(client).length, kind: TicketDocument.kind, key: newIdempotencyKey().length,
      unions: possibleTypes.TicketAction.length, failed,
    }));`;
  const printed = run(process.execPath, ['--input-type=module', '--eval', program], project);
  const failed = { name: 'TicketgraphError', code: 'CONNECTION_FAILED' };
  expect(JSON.parse(printed)).toEqual({ methods: 30, kind: 'Document', key: 32, unions: 6, failed });
});

const CONSUMER = `
import { assertNever, createTicketgraph, TicketgraphError, type TicketWithActionsFragment } from 'ticketgraph-client';

const client = createTicketgraph({ url: '/graphql', headers: async () => ({ authorization: 'Bearer a' }) });

export function describe(ticket: TicketWithActionsFragment): string {
  switch (ticket.__typename) {
    case 'RequestorTicket': return ticket.ticketRef;
    case 'AkanaTicket': return ticket.environment ?? '';
    case 'OmnideskTicket': return ticket.priority ?? '';
    case 'HuaweiTicket': return String(ticket.statusCode);
    case 'JifelineTicket': return ticket.ticketNumber;
    case 'RtTicket': return ticket.queue ?? '';
    default: return assertNever(ticket);
  }
}

export async function close(ticketId: string): Promise<string | null> {
  try {
    const { outcome, transition } = await client.executeAction({ input: { ticketId, action: 'close' } });
    return outcome === 'APPLIED' ? (transition?.to?.raw ?? null) : null;
  } catch (error) {
    if (error instanceof TicketgraphError && error.outcome === 'UNKNOWN') return error.code;
    throw error;
  }
}
`;

const NODE = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  lib: ['es2022', 'dom'],
  exactOptionalPropertyTypes: true,
};
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'] };

/** What the compiler says of a consumer's program, read as it would read it from the project's folder. */
function createProject(options: object): (program: string) => string {
  const json = { strict: true, skipLibCheck: false, noEmit: true, types: [], target: 'es2022', ...options };
  const consumer = join(project, 'consumer.ts');
  const { options: compilerOptions, errors } = ts.convertCompilerOptionsFromJson(json, project);
  expect(errors).toEqual([]);
  const { compile } = createCompiler(project, [consumer], compilerOptions);
  return (program) => compile({ [consumer]: program });
}

test('the types compile in a strict bundler project', () => {
  const compile = createProject(BUNDLER);
  expect(compile(CONSUMER)).toBe('');
  expect(compile(`${CONSUMER}; close(1)`)).toMatch(/^consumer\.ts.* error TS2345: /);
});

describe('types of the package', () => {
  let compile: (program: string) => string;
  beforeAll(() => {
    compile = createProject(NODE);
  });

  test('the types compile in a strict Node project', () => {
    expect(compile(CONSUMER)).toBe('');
  });

  test('the types reject a switch that misses a union member', () => {
    const careless = CONSUMER.replace(/case 'HuaweiTicket'.*\n/, '');
    expect(compile(careless)).toMatch(/consumer\.ts.* error TS2345: .*HuaweiTicket/s);
  });

  test('the types check the variables of each operation', () => {
    const wrong = CONSUMER.replace("action: 'close'", "verb: 'close'");
    expect(compile(wrong)).toMatch(/consumer\.ts.* error TS2353: .*verb/s);
  });
});
