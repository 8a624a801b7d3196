/**
 * The examples: each runs against the real server with the described effect at the vendor, and handles every union member.
 *
 * @module-tag full
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createCompiler, readProject } from '../support/compiler.ts';
import { startTestServer } from '../support/sandbox.ts';

const ROOT = join(import.meta.dirname, '../..');

interface Example {
  readonly name: string;
  readonly vendor: string;
  /** What the vendor did, in its own words. */
  readonly effect: { readonly what: string; readonly ticket: string };
  /** What a person reads of the ticket, of its buttons and of what became of it. */
  readonly ticket: string;
  readonly button: string;
  readonly expected: RegExp;
}

const JIFELINE = '497f6eca-6276-4993-bfeb-53cbbbba6f08';

const EXAMPLES: readonly Example[] = [
  {
    name: 'ticketgraph-client',
    vendor: 'huawei',
    effect: { what: 'close', ticket: 'TS-123456' },
    ticket: 'TS-123456 MySQL read replica lags by more than 20 minutes (OPEN), category Relational Database Service',
    button: '[Urge]',
    expected: /^close done, now 3$/,
  },
  {
    name: 'graphql-request',
    vendor: 'akana',
    effect: { what: 'ticket.action.resolve', ticket: 'ticket25687.acmepaymentscorp' },
    ticket: '(OPEN), environment ',
    button: '[Resolve]',
    expected: /^ticket\.action\.resolve done, now RESOLVED$/,
  },
  {
    name: 'urql',
    vendor: 'omnidesk',
    effect: { what: 'setStatus solved', ticket: '858462' },
    ticket: '(NEW), priority ',
    button: '[Mark as solved]',
    expected: /^status\.solved done, now solved$/,
  },
  {
    name: 'apollo-client',
    vendor: 'jifeline',
    effect: { what: 'cancel', ticket: JIFELINE },
    ticket: '(OPEN), vehicle ',
    button: '[Cancel',
    expected: /^cancel done, now cancelled$/,
  },
  {
    name: 'tanstack-query',
    vendor: 'requestor',
    effect: { what: 'WorkflowPush', ticket: '47' },
    ticket: ', solver ',
    button: '[',
    expected: /^Incident\w+ done, now /,
  },
];

/** Named at run time: what stops compiling with a sixth vendor are the examples, not the tests. */
function load(name: string): Promise<{ run(url: string): Promise<string[]> }> {
  return import(`../../examples/${name}.ts`);
}

describe.each(EXAMPLES)('$name', ({ name, vendor, effect, ticket, button, expected }) => {
  test('the example lists tickets, opens one and executes an action once', async () => {
    const server = await startTestServer();
    const { run } = await load(name);
    const lines = await run(server.url);
    const shown = lines.findIndex((line) => line.includes(ticket));
    expect(shown, lines.join('\n')).toBeGreaterThanOrEqual(5);
    expect(lines[shown + 1]).toContain(button);
    expect(lines[shown + 2]).toMatch(expected);
    const { effects } = server.vendor(vendor);
    expect(effects).toEqual([{ what: expect.stringContaining(effect.what), ticket: effect.ticket }]);
    expect(server.defects).toEqual([]);
  });

  test('the example reports a rejected action without throwing', async () => {
    const server = await startTestServer();
    const body = 'no';
    server.vendor(vendor).faults = ({ method, path }) =>
      method === 'GET' || /login|token/.test(path)
        ? undefined
        : { kind: 'answer', applied: false, reply: { status: 409, headers: { 'content-type': 'text/plain' }, body } };
    const { run } = await load(name);
    const lines = await run(server.url);
    expect(lines.join('\n')).toMatch(/^not applied: ./m);
    expect(server.vendor(vendor).effects).toEqual([]);
  });
});

test('every example is tested', () => {
  const names = readdirSync(join(ROOT, 'examples')).filter(
    (file) => file.endsWith('.ts') && file !== 'format-outcome.ts',
  );
  expect(names.toSorted()).toEqual(EXAMPLES.map(({ name }) => `${name}.ts`).toSorted());
});

test('the cache of Apollo Client is updated after a write', async () => {
  const server = await startTestServer();
  const { run } = await load('apollo-client');
  expect((await run(server.url)).at(-1)).toBe('in the cache: CANCELLED');
});

test('an example runs as a program', async () => {
  const server = await startTestServer();
  const child = spawn(process.execPath, ['examples/ticketgraph-client.ts', server.url], { cwd: ROOT });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(printed).toContain('close done, now 3');
  expect(code).toBe(0);
});

// ---------------------------------------------------------------- what the compiler holds them to

test('all examples compile under --strict', () => {
  const tsc = join(ROOT, 'node_modules/typescript-native/bin/tsc');
  const options = ['-p', 'examples', '--strict', '--noEmit'];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options], { cwd: ROOT, encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

describe('exhaustive switches', () => {
  const { options } = readProject(join(ROOT, 'examples'));
  const path = join(ROOT, 'examples/format-outcome.ts');
  // The file that has the switches, and what it imports: the libraries of the other examples take long to read.
  const compiler = createCompiler(ROOT, [path], { ...options, strict: true });
  const telling = readFileSync(path, 'utf8');

  test.each(['HuaweiTicket', 'WorkflowTransition', 'UNKNOWN'])('a switch without %s does not compile', (value) => {
    const lines = new RegExp(`    case '${value}':\\n.*\\n`);
    expect(telling).toMatch(lines);
    const said = compiler.compile({ [path]: telling.replace(lines, '') });
    expect(said).toMatch(/^examples\/format-outcome\.ts\(\d+,\d+\): error TS2345: /);
    expect(said).toContain(value);
    expect(said.match(/error TS/g)).toHaveLength(1);
  });
});
