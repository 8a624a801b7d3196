/** Rules that the compiler does not check: imports, places where a vendor may be named, and the cost of a sixth vendor. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import { parse, print, visit } from 'graphql';
import ts from 'typescript';
import { describe, expect, onTestFinished, test } from 'vitest';
import { vendors } from '../datasources/vendors.ts';

const ROOT = join(import.meta.dirname, '..');
const VENDORS = vendors.map(({ key }) => key);

/** All files of the repository by their path from its root; neither what git does not keep nor what is not ours. */
const FILES = filesBelow(ROOT).map((file) => relative(ROOT, file));

/** TypeScript, generated files included; without the sixth vendor, which is not in its place here. */
const TYPESCRIPT = FILES.filter((file) => /\.tsx?$/.test(file) && !file.startsWith('test/sixth-vendor/'));

/** TypeScript that is written by hand. */
const SOURCES = TYPESCRIPT.filter((file) => !file.includes('__generated__'));

// ---------------------------------------------------------------- who imports whom

/**
 * One way down. A file belongs to the longest place that it fits; `<vendor>` is each vendor in turn, so that none may
 * import another. What is not written here may not be imported, and a file without a place has no place. Of a place that
 * exports files, only those are imported from outside, tests aside.
 */
const RULES = `
  main.ts                    imports   server/start.ts
  server/start.ts            imports   server/ schema/ sandbox/ datasources/index.ts datasources/vendors.ts
  server/start.ts            imports   datasources/writes/idempotency/ datasources/upstream/invalidation/
  server/start.ts            types of  datasources/contract.ts
  server/start.ts            imports   datasources/live/redis/
  server/server.ts           imports   server/ resolvers/ schema/
  server/server.ts           types of  datasources/index.ts
  server/request-context.ts  imports   server/auth/ server/telemetry/ datasources/index.ts
  server/request-context.ts  types of  resolvers/context.ts server/graphql/subscriptions.ts
  server/config/             imports   server/ sandbox/named-faults.ts
  server/config/             imports   datasources/vendor-kit/settings.ts datasources/upstream/connection-settings.ts
  server/config/             imports   datasources/upstream/transport/proxy.ts datasources/vendor-kit/source-key.ts
  server/config/             imports   datasources/upstream/secret-files.ts datasources/upstream/file-stamps.ts
  server/config/             types of  datasources/index.ts datasources/contract.ts
  server/workers/            types of  datasources/live/index.ts
  server/workers/            imports   server/workers/ server/config/server-settings.ts
  server/workers/            types of  server/telemetry/index.ts datasources/index.ts datasources/contract.ts
  server/workers/            types of  datasources/upstream/invalidation/bus.ts server/config/rate-settings.ts
  server/http/               imports   server/http/ server/auth/ server/graphql/ server/pages/ server/telemetry/
  server/http/               types of  datasources/index.ts datasources/live/index.ts resolvers/context.ts
  server/auth/               imports   server/auth/ datasources/vendor-kit/source-key.ts
  server/auth/               types of  datasources/index.ts
  server/graphql/executor/   imports   server/graphql/executor/ server/graphql/document.ts server/graphql/coercion.ts server/graphql/identity.ts
  server/graphql/executor/   exports   server/graphql/executor/index.ts
  server/graphql/            imports   server/graphql/
  server/graphql/            types of  server/telemetry/index.ts
  server/telemetry/          imports   server/telemetry/ server/graphql/messages.ts schema/client-schema.ts
  server/telemetry/          imports   server/graphql/apollo-libraries.ts datasources/vendor-kit/source-key.ts
  server/telemetry/          types of  datasources/index.ts
  server/pages/              imports   server/pages/ server/http/cors.ts
  server/pages/              types of  datasources/index.ts
  resolvers/                 imports   resolvers/ datasources/vendor-kit/failure.ts datasources/vendor-kit/global-id.ts
  resolvers/                 imports   datasources/vendor-kit/source-key.ts
  resolvers/                 types of  datasources/index.ts datasources/reads/list-tickets.ts datasources/live/index.ts
  resolvers/                 types of  datasources/writes/report.ts datasources/writes/mutation-context.ts
  resolvers/                 types of  datasources/contract.ts datasources/bulk/index.ts
  resolvers/                 types of  schema/__generated__/types.ts
  schema/                    imports   schema/
  datasources/index.ts       imports   datasources/bulk/ datasources/reads/ datasources/writes/ datasources/upstream/ datasources/vendor-kit/
  datasources/index.ts       imports   datasources/live/
  datasources/index.ts       types of  datasources/contract.ts
  datasources/reads/         imports   datasources/reads/ datasources/upstream/ datasources/vendor-kit/
  datasources/reads/         types of  datasources/contract.ts
  datasources/live/          imports   datasources/live/ datasources/reads/ datasources/upstream/ datasources/vendor-kit/
  datasources/live/          types of  datasources/contract.ts datasources/writes/report.ts
  datasources/writes/        imports   datasources/writes/ datasources/upstream/ datasources/vendor-kit/
  datasources/writes/        types of  datasources/contract.ts
  datasources/upstream/      imports   datasources/upstream/ datasources/vendor-kit/
  datasources/upstream/      types of  datasources/contract.ts
  datasources/conformance/   imports   datasources/conformance/ datasources/upstream/ datasources/vendor-kit/
  datasources/conformance/   types of  datasources/contract.ts
  datasources/bulk/          imports   datasources/bulk/ datasources/writes/ datasources/reads/ datasources/vendor-kit/
  datasources/bulk/          types of  datasources/contract.ts datasources/upstream/
  datasources/vendors.ts     imports   datasources/<vendor>/index.ts
  datasources/vendors.ts     types of  datasources/contract.ts
  datasources/<vendor>/      imports   datasources/<vendor>/ datasources/vendor-kit/
  datasources/<vendor>/      types of  datasources/contract.ts schema/__generated__/types.ts
  datasources/vendor-kit/    imports   datasources/vendor-kit/
  datasources/vendor-kit/    types of  datasources/contract.ts
  datasources/contract.ts    imports   (nothing)
  sandbox/                   imports   sandbox/
  console/                   imports   console/ client/__generated__/possible-types.ts client/idempotency-key.ts
  client/                    imports   client/
  cli/                       imports   cli/ client/index.ts main.ts server/server.ts server/config/ schema/
  cli/                       imports   datasources/vendors.ts datasources/upstream/health-check.ts
  cli/                       imports   datasources/upstream/connection-settings.ts
  cli/                       imports   datasources/vendor-kit/settings.ts datasources/vendor-kit/global-id.ts
  cli/                       imports   datasources/vendor-kit/source-key.ts
  cli/                       imports   datasources/conformance/ datasources/writes/idempotency/
  cli/                       types of  datasources/contract.ts
  examples/                  imports   examples/ client/index.ts
  test/                      imports   (everything)
  bench/                     imports   (everything)
  scripts/                   imports   (everything)
`;

interface Rule {
  readonly place: string;
  readonly verb: string;
  readonly targets: readonly string[];
}

describe('imports', () => {
  const rules = readRules(RULES);
  const imports = new Map(TYPESCRIPT.map((file) => [file, importsOf(file, readFileSync(join(ROOT, file), 'utf8'))]));

  test('imports of every TypeScript form are found', () => {
    const source = `
      import a from './a.ts'; import './b.ts'; import type { C } from './c.ts'; import { type D } from './d.ts';
      export { e } from './e.ts'; export type { F } from './f.ts'; export * from './g.ts';
      const h = await import('./h.ts'); type I = import('./i.ts').I; const j = await import(\`./j/\${a}.ts\`);
      import k from 'k'; import { l, type L } from '../l.ts';`;
    const seen = importsOf('x/y.ts', source).map(({ to, isType }) => `${isType ? 'type ' : ''}${to}`);
    const own = ['x/a.ts', 'x/b.ts', 'type x/c.ts', 'type x/d.ts', 'x/e.ts', 'type x/f.ts', 'x/g.ts'];
    expect(seen.toSorted()).toEqual([...own, 'x/h.ts', 'type x/i.ts', 'x/j/', 'k', 'l.ts'].toSorted());
  });

  test('imports go one way: main, server, resolvers, datasources, vendors, vendor-kit', () => {
    const wrong = [...imports].flatMap(([file, all]) =>
      all
        .filter(({ to, isType }) => isOurs(to) && !isAllowed(file, to, isType, rules))
        .map(({ to }) => `${file} -> ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  test('the contract imports nothing, not even packages', () => {
    expect(imports.get('datasources/contract.ts')).toEqual([]);
  });

  test('imports form no cycle, including type imports and generated files', () => {
    const graph = new Map([...imports].map(([file, all]) => [file, all.map(({ to }) => to)]));
    expect(cyclesIn(graph)).toEqual([]);
    const circle = new Map(Object.entries({ a: ['b'], b: ['c', 'd'], c: [], d: ['a'] }));
    expect(cyclesIn(circle)).toEqual(['a -> b -> d -> a']);
  });
});

function readRules(table: string): Rule[] {
  const lines = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
  return lines.flatMap(([place = '', verb = '', targets = '']) => {
    const rule = (vendor: string): Rule => ({
      place: place.replace('<vendor>', vendor),
      verb,
      targets: targets.replaceAll('<vendor>', vendor).split(' '),
    });
    return `${place}${targets}`.includes('<vendor>') ? VENDORS.map(rule) : [rule('')];
  });
}

function isAllowed(file: string, to: string, isType: boolean, rules: readonly Rule[]): boolean {
  const places = rules.map(({ place }) => place).filter((place) => isIn(file, place));
  const place = places.toSorted((one, other) => other.length - one.length)[0];
  const verbs = isType ? ['imports', 'types of'] : ['imports'];
  const own = rules.filter((rule) => rule.place === place && verbs.includes(rule.verb));
  const isTarget = ({ targets }: Rule): boolean =>
    targets.some((target) => target === '(everything)' || isIn(to, target));
  const exported = rules.filter((rule) => rule.verb === 'exports' && isIn(to, rule.place) && !isIn(file, rule.place));
  return own.some(isTarget) && (isIn(file, 'test/') || exported.every(isTarget));
}

/** A place with a slash at its end is a folder. */
function isIn(file: string, place: string): boolean {
  return place.endsWith('/') ? file.startsWith(place) : file === place;
}

interface Import {
  /** Path from the root, a folder with a slash at its end where the file is chosen at run time, or a package. */
  readonly to: string;
  readonly isType: boolean;
}

function importsOf(file: string, text: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, isType: boolean): void => {
    const to = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
    found.push({ to, isType });
  };
  const look = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) add(specifier, isTypeImport(node));
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isExportDeclaration(node)) return node.moduleSpecifier && textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  const isDynamic = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isDynamic ? textOf(node.arguments[0]!) : undefined;
}

/** What a template begins with is all that is known of it. */
function textOf(node: ts.Node): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.head.text;
  throw new TypeError(`An import is named by text, not by ${node.getText()}.`);
}

function isTypeImport(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node) || !node.importClause) return false;
  const { phaseModifier, name, namedBindings } = node.importClause;
  if (phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const isEachType =
    namedBindings && ts.isNamedImports(namedBindings) && namedBindings.elements.every((one) => one.isTypeOnly);
  return !name && isEachType === true;
}

/** A package has no slash after a dot, and no ending; our own files have both or either. */
function isOurs(to: string): boolean {
  return /\.tsx?$|\/$/.test(to);
}

/** Each cycle once, as a path. */
function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const walk = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) cycles.push([...trail.slice(start), file].join(' -> '));
    if (start >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return cycles;
}

// ---------------------------------------------------------------- who is named where

/** Where any vendor may be named: the registries, the sandbox's greeting, and what shows, proves or measures. */
const NAMED_ANYWHERE = [
  'datasources/vendors.ts',
  'client/documents/unions.graphql',
  'sandbox/welcome.ts',
  'examples/',
  'test/',
  'bench/',
];

/** Where a vendor's name is another vendor's own word. */
const OWN_WORDS: Readonly<Record<string, readonly string[]>> = {
  // The people who ask for a ticket of Request Tracker.
  requestor: ['datasources/rt/', 'sandbox/vendors/rt.ts', 'sandbox/seeds/rt.ts', 'schema/vendors/rt.graphql'].concat(
    'client/documents/vendors/rt.graphql',
  ),
};

/** A name of a few letters is part of many words: it counts only as a word, also as one of `rtTicket` or `RT_URL`. */
function isNamedIn(code: string, vendor: string): boolean {
  if (vendor.length > 4) return code.toLowerCase().includes(vendor);
  const [small, capital, capitals] = [vendor, vendor[0]!.toUpperCase() + vendor.slice(1), vendor.toUpperCase()];
  const word = [
    `(?<![A-Za-z])${small}(?![a-z])`,
    `(?<![A-Z])${capital}(?![a-z])`,
    `(?<![A-Za-z])${capitals}(?![A-Za-z])`,
  ];
  return new RegExp(word.join('|')).test(code);
}

test('a short name of a vendor is found as a word only', () => {
  const named = ["'rt'", 'rtTicket', 'RtTicket', 'toRtTicket', 'RT_URL', 'rt:7', 'datasources/rt/index.ts'];
  expect(named.filter((code) => !isNamedIn(code, 'rt'))).toEqual([]);
  const others = ['import', 'start', 'Article', 'PORT', 'toPort', 'SORT_KEYS', 'Artefact', 'sorted'];
  expect(others.filter((code) => isNamedIn(code, 'rt'))).toEqual([]);
});

/** What runs, or promises what runs; not what is generated from it. */
const CODE = /^(?!.*__generated__).*\.(tsx?|js|mjs|cjs|graphql|css|html)$/;

describe('a vendor', () => {
  test.each(VENDORS)('the vendor %s is named only in its own code', (vendor) => {
    const documents = [`schema/vendors/${vendor}.graphql`, `client/documents/vendors/${vendor}.graphql`];
    const simulation = [`sandbox/vendors/${vendor}.ts`, `sandbox/seeds/${vendor}.ts`];
    const own = [`datasources/${vendor}/`, ...documents, ...simulation];
    const places = [...own, ...NAMED_ANYWHERE];
    const others = FILES.filter((file) => CODE.test(file) && !places.some((place) => isIn(file, place)));
    expect(others).toContain('server/server.ts');
    const foreign = others.filter((file) => !(OWN_WORDS[vendor] ?? []).some((place) => isIn(file, place)));
    expect(foreign.filter((file) => isNamedIn(codeOf(file), vendor))).toEqual([]);
  });

  const FOLDERS = [...VENDORS.map((vendor) => `datasources/${vendor}`), 'test/sixth-vendor/datasources/acme'];
  const MODULES = ['actions', 'client', 'failure', 'index', 'mapping', 'sign-in', 'wire', 'writes'];

  test.each(FOLDERS)('every vendor has the same files in %s', (folder) => {
    const files = readdirSync(join(ROOT, folder)).toSorted();
    expect(files).toEqual(['README.md', 'exchanges', ...MODULES.map((name) => `${name}.ts`)].toSorted());
    expect(readdirSync(join(ROOT, folder, 'exchanges'))).not.toEqual([]);
  });

  test.each(VENDORS)('the vendor %s has one file each for schema, simulation and client fragments', (vendor) => {
    expect(FILES).toContain(`schema/vendors/${vendor}.graphql`);
    expect(FILES).toContain(`client/documents/vendors/${vendor}.graphql`);
    expect(FILES).toContain(`sandbox/vendors/${vendor}.ts`);
  });

  test.each(VENDORS)('the vendor %s calls upstream only in client.ts', (vendor) => {
    const folder = SOURCES.filter((file) => file.startsWith(`datasources/${vendor}/`));
    expect(folder.filter((file) => /\.\s*read\s*\(/.test(codeOf(file)))).toEqual([`datasources/${vendor}/client.ts`]);
  });
});

/** Tests that may name more than two vendors, as what they hold is not the same for each. */
const TESTS_OF_SEVERAL = [
  // What people see of each vendor, word for word.
  'test/cli/',
  'test/client/',
  'test/console/',
  // Each vendor's types.
  'test/schema.test.ts',
  'test/federation.test.ts',
  // Requests as callers send them: every mutation in turn, scopes of some vendors, settings, one selection over all types.
  'test/server/',
  'test/datasources/reads/reading.test.ts',
  // One write or list over several vendors, each of which answers in another way.
  'test/datasources/reads/lists.test.ts',
  'test/datasources/writes/bulk.test.ts',
  'test/reliability/outcomes.test.ts',
  // Which writes are equal, and which spellings are one ticket, depends on inputs that one vendor has.
  'test/datasources/writes/fingerprint.test.ts',
  'test/datasources/writes/spelling.test.ts',
];

test('tests for every vendor iterate the registry and name at most two vendors', () => {
  const named = (file: string): string[] =>
    VENDORS.filter((vendor) => new RegExp(`(?<![\\w/-])${vendor}(?![\\w-])`).test(codeOf(file)));
  const tests = SOURCES.filter((file) => file.startsWith('test/') && file !== 'test/architecture.test.ts');
  const own = ['test/vendors/', ...VENDORS.map((vendor) => `test/sandbox/${vendor}.test.ts`)];
  const naming = tests.filter((file) => named(file).length > 2 && !own.some((place) => isIn(file, place)));
  expect(naming.filter((file) => !TESTS_OF_SEVERAL.some((place) => isIn(file, place)))).toEqual([]);
  // Nor is there an exception that nothing needs.
  expect(TESTS_OF_SEVERAL.filter((place) => !naming.some((file) => isIn(file, place)))).toEqual([]);
});

test('only datasources/upstream/transport speaks HTTP to vendors', () => {
  const HTTP = /\b(fetch|XMLHttpRequest|EventSource|WebSocket|got|undici)\b|['"](node:)?(https?|http2|net|tls)['"]/;
  const speaks = (file: string): boolean => HTTP.test(codeOf(file).replaceAll(/'[./]+\/transport\/\w+\.ts'/g, ''));
  const speaking = SOURCES.filter((file) => /^(datasources|resolvers)\//.test(file) && speaks(file));
  expect(speaking.filter((file) => !file.startsWith('datasources/upstream/transport/'))).toEqual([]);
});

test('no file has a catch-all name', () => {
  const VAGUE = /(^|[-_./])(utils?|helpers?|common|shared|services?|managers?|misc)([-_./]|$)/i;
  expect(FILES.filter((file) => CODE.test(file) && VAGUE.test(file))).toEqual([]);
});

const CODE_OF = new Map<string, string>();

/** The file without its comments, and an SDL file without its descriptions; read once, though asked for each vendor. */
function codeOf(file: string): string {
  const code = CODE_OF.get(file) ?? readCode(file);
  CODE_OF.set(file, code);
  return code;
}

function readCode(file: string): string {
  const text = readFileSync(join(ROOT, file), 'utf8');
  if (/\.tsx?$/.test(file)) return withoutComments(file, text);
  if (file.endsWith('.graphql')) return withoutDescriptions(text);
  return text;
}

function withoutComments(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const tokens: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(source);
    if (children.length === 0) tokens.push(node.getText(source));
    else for (const child of children) look(child);
  };
  look(source);
  return tokens.join(' ');
}

function withoutDescriptions(sdl: string): string {
  return print(
    visit(parse(sdl), { enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined) }),
  );
}

function filesBelow(folder: string): string[] {
  const NOT_OURS = new Set(['node_modules', '.git', '.ticketgraph', 'coverage', 'dist']);
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]));
}

// ---------------------------------------------------------------- what a sixth vendor costs

const SIXTH = join(ROOT, 'test/sixth-vendor');

test(
  'a sixth vendor needs only its own files, an import and a registry entry',
  { tags: ['full'], timeout: 180_000 },
  async () => {
    const folder = copyWithSixthVendor();
    const run = (...command: string[]): Promise<Ended> => startNode(folder, command).ended;

    expect(await run('scripts/documented-answers.ts')).toMatchObject({ code: 0 });
    expect(await run('scripts/console-fields.ts')).toMatchObject({ code: 0 });
    expect(await run('node_modules/.bin/graphql-codegen')).toMatchObject({ code: 0 });
    const asked = readFileSync(join(folder, 'console/src/__generated__/vendor-fields.graphql'), 'utf8');
    expect(asked).toContain('... on AcmeTicket');
    // What it documents, whether its answers are as documented, and its writes under every fault: all suites iterate the
    // registry.
    const suites = [
      'test/datasources/contract.test.ts',
      'test/datasources/conformance/compare.test.ts',
      'test/datasources/conformance/check-vendor.test.ts',
      'test/reliability/outcomes.test.ts',
    ];
    const [types, consoleTypes, proofs] = await Promise.all([
      run('node_modules/typescript-native/bin/tsc', '-p', '.'),
      run('node_modules/typescript-native/bin/tsc', '-p', 'console'),
      run('node_modules/vitest/vitest.mjs', 'run', ...suites, '-t', '\\bacme ', '--reporter=tap-flat'),
      useSixthVendor(folder),
    ]);
    expect([types, consoleTypes]).toEqual(Array(2).fill({ code: 0, printed: '' }));
    expect(proofs.code, proofs.printed).toBe(0);
    expect(proofs.printed).toMatch(/^ok .*acme > .*\.json/m);
    expect(proofs.printed).toMatch(/^ok .*acme: each documented member that is missing is found/m);
    expect(proofs.printed).toMatch(/^ok .*acme: the sandbox answers as the exchanges show/m);
    expect(proofs.printed.match(/^ok .*acme executeAction shut > /gm)?.length).toBeGreaterThan(20);
  },
);

/** A tree of its own, with all that the vendor costs and nothing else. */
function copyWithSixthVendor(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgraph-sixth-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const file of FILES) cpSync(join(ROOT, file), join(folder, file));
  // Built, and in the repository all the same: the server gives it away.
  cpSync(join(ROOT, 'console/dist'), join(folder, 'console/dist'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  // What is there already is not to be changed: a file of that name is an error.
  cpSync(SIXTH, folder, { recursive: true, errorOnExist: true, force: false });
  const registry = join(folder, 'datasources/vendors.ts');
  const text = readFileSync(registry, 'utf8');
  const joined = text
    .replace(/^import { /m, "import { acme } from './acme/index.ts';\n$&")
    .replace(/^(export const vendors = \[[^\]]*)\]/m, '$1, acme]');
  expect(joined.length - text.length).toBe("import { acme } from './acme/index.ts';\n, acme".length);
  writeFileSync(registry, joined);
  return folder;
}

/** Boots the copy as `npm start` does, with no vendor configured, and has a ticket read, listed and shut. */
async function useSixthVendor(folder: string): Promise<void> {
  const endpoint = startNode(folder, ['main.ts']);
  const url = await endpoint.ready;
  const ask = async (query: string, to = url): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(to, { method: 'POST', headers, body: JSON.stringify({ query }) });
    return await response.json();
  };
  const fields = 'id status { category raw } availableActions { ... on TicketActionFields { name } }';
  const read = `{ ticket(id: "acme:48") { ... on TicketFields { ${fields} } ... on AcmeTicket { shelf } } }`;
  const ticket = { id: 'acme:48', shelf: 'A1' };
  const open = { status: { category: 'OPEN', raw: 'open' }, availableActions: [{ name: 'shut' }] };
  expect(await ask(read)).toEqual({ data: { ticket: { ...ticket, ...open } } });

  const list = `{ tickets(first: 2, filter: { vendors: [ACME] }) {
    nodes { ... on AcmeTicket { id } } sources { vendor totalCount problem { code message } }
  } }`;
  const nodes = [{ id: 'acme:48' }, { id: 'acme:47' }];
  const sources = [{ vendor: 'ACME', totalCount: 48, problem: null }];
  expect(await ask(list)).toEqual({ data: { tickets: { nodes, sources } } });

  const input = '{ ticketId: "acme:48", action: "shut" }';
  const shut = `mutation { executeAction(input: ${input}) { outcome problems { code } } }`;
  expect(await ask(shut)).toEqual({ data: { executeAction: { outcome: 'APPLIED', problems: [] } } });
  const closed = { status: { category: 'CLOSED', raw: 'shut' }, availableActions: [] };
  expect(await ask(read)).toEqual({ data: { ticket: { ...ticket, ...closed } } });

  endpoint.stop();
  expect(await endpoint.ended).toMatchObject({ code: 0 });

  // The faults that a person may ask for are its as well.
  const failing = startNode(folder, ['main.ts'], { SANDBOX_FAULTS: 'acme:reset' });
  const late = 'mutation { executeAction(input: { ticketId: "acme:48", action: "shut" }) { outcome reconciled } }';
  expect(await ask(late, await failing.ready)).toEqual({
    data: { executeAction: { outcome: 'APPLIED', reconciled: true } },
  });
  failing.stop();
  expect(await failing.ended).toMatchObject({ code: 0 });
}

interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

interface RunningNode {
  readonly ended: Promise<Ended>;
  /** Where it listens, of one that serves. */
  readonly ready: Promise<string>;
  stop(): void;
}

/** With this Node and next to nothing of this process's environment; gone when the test ends. */
function startNode(folder: string, command: readonly string[], environment: NodeJS.ProcessEnv = {}): RunningNode {
  const env = { PATH: process.env['PATH'], HOME: folder, PORT: '0', STORE_PATH: join(folder, 'store'), ...environment };
  const child = spawn(process.execPath, command, { cwd: folder, env });
  let printed = '';
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, printed })));
  const ready = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const address = /ready at (\S+)/.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then(() => reject(new Error(`It ended before it was ready: ${printed}`)));
  });
  // Most of these are not waited to be ready.
  ready.catch(() => undefined);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { ended, ready, stop: () => child.kill('SIGTERM') };
}
