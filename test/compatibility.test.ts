/**
 * What was released stays: the schema as it is now against `released.graphql`, the SDL of the last release. New fields,
 * types and values are welcome; what clients, other subgraphs and callers hold on to is not taken away.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import type * as GraphQL from 'graphql';
import { describe, expect, test } from 'vitest';
import { startEndpoint } from './support/endpoint.ts';

// The copy of GraphQL that the comparison uses: schemas made with another are strangers to it.
const { buildSchema, parse } = createRequire(import.meta.url)('graphql') as typeof GraphQL;

const ROOT = join(import.meta.dirname, '..');
const RELEASED = readFileSync(join(import.meta.dirname, 'released.graphql'), 'utf8');
const CURRENT = execFileSync(process.execPath, ['scripts/print-schema.ts'], { cwd: ROOT, encoding: 'utf8' });

const ADVICE = `This breaks those who use the released schema. Where it is meant, and has been announced, release it with
  npm run --silent schema:print > test/released.graphql && npm run format
`;

/**
 * What the comparison holds to be merely dangerous, and breaks somebody here: a default for those who leave it out, a key
 * for the subgraphs that ask by it, a scope for the callers who have been granted another.
 */
const BREAKS_TOO = /DEFAULT(_VALUE)?_CHANGED |REMOVED .*@key|@needs/;

async function breaksBetween(released: string, current: string): Promise<string[]> {
  const changes = await diff(read(released), read(current));
  const breaks = changes.filter(({ criticality: { level }, type, path }) => {
    if (level === CriticalityLevel.Dangerous) return BREAKS_TOO.test(`${type} ${path ?? ''}`);
    return level === CriticalityLevel.Breaking;
  });
  return breaks.map(({ path, message }) => `${path ?? ''}: ${message}`);
}

/** What federation adds refers to itself in ways that only federation's own validation knows. */
const read = (sdl: string): GraphQL.GraphQLSchema => buildSchema(sdl, { assumeValidSDL: true });

test('the schema has no breaking change against the released one', async () => {
  expect(await breaksBetween(RELEASED, CURRENT), ADVICE).toEqual([]);
});

describe('breaking changes', () => {
  test.each([
    ['a field is gone', /^ {2}"[^"]*"\n {2}vin: String\n/m, '', 'JifelineTicket.vin'],
    ['a field may be null that could not', /^ {2}nativeId: String!/m, '  nativeId: String', 'nativeId'],
    ['a field has another type', /^ {2}commentCount: Int$/m, '  commentCount: String', 'AkanaTicket.commentCount'],
    ['a value is gone', /^ {2}"[^"]*"\n {2}ON_HOLD\n/m, '', 'StatusCategory.ON_HOLD'],
    ['a type has left a union', /= AkanaTicket \| /, '= ', 'Ticket'],
    [
      'a type has left an interface',
      /(type OmnideskTicket implements) TicketFields & Node/,
      '$1 Node',
      'OmnideskTicket',
    ],
    ['an input asks for more', /^input TicketFilter \{/m, '$&\n  since: String!\n', 'TicketFilter.since'],
    ['an input takes only one of its fields', /^input TicketFilter/m, '$& @oneOf', 'TicketFilter'],
    ['an argument is gone', /^ {4}"[^"]*"\n {4}after: String\n/m, '', 'Query.bulkJobs.after'],
    ['a default has changed', /dryRun: Boolean = false/, 'dryRun: Boolean = true', 'dryRun'],
    ['another key is asked for', /(interface TicketFields .*)"id"/, '$1"nativeId"', 'TicketFields.@key'],
    ['a key is gone', /(type HuaweiTicket .*) @key\(fields: "id"\)/, '$1', 'HuaweiTicket.@key'],
    ['another scope is needed', /"ticket:batch"/, '"ticket:update"', 'Mutation.startBulk.@needs'],
    ['a scope is needed', /^ {2}vendors: \[VendorInfo!\]!/m, '$& @needs(scope: "ticket:read")', 'Query.vendors.@needs'],
    ['a scope is needed no more', / @needs\(scope: "ticket:delete"\)/, '', 'Mutation.deleteTickets.@needs'],
  ])('%s', async (_, released, changed, place) => {
    const copy = CURRENT.replace(released, changed);
    expect(copy).not.toBe(CURRENT);
    const breaks = await breaksBetween(CURRENT, copy);
    expect(breaks.filter((text) => text.includes(place))).not.toEqual([]);
  });
});

describe('compatible changes', () => {
  test.each([
    ['a field is new', /^type PageInfo \{/m, '$&\n  page: Int\n'],
    ['a mutation is new', /^type Mutation \{/m, '$&\n  sing(song: String!): Int @needs(scope: "ticket:read")\n'],
    ['an argument is new and optional', /^ {4}after: String$/m, '$&\n    before: String'],
    ['an input takes more', /^input TicketFilter \{/m, '$&\n  since: String\n'],
    ['a value is new', /^ {2}ON_HOLD$/m, '$&\n  LOST'],
    ['a field is marked as old', /^ {2}outsourced: Boolean$/m, '$& @deprecated(reason: "Gone.")'],
    ['a description is another', /The vendor that holds the ticket/g, 'Its home'],
  ])('%s', async (_, released, changed) => {
    const copy = CURRENT.replace(released, changed);
    expect(copy).not.toBe(CURRENT);
    expect(await breaksBetween(CURRENT, copy)).toEqual([]);
  });
});

describe('what `npm run schema:print` writes', () => {
  test('`npm run schema:print` prints the SDL that a router gets', async () => {
    const endpoint = await startEndpoint({});
    const { data } = await endpoint.ask('{ _service { sdl } }').finally(() => endpoint.close());
    expect(CURRENT).toBe(`${data._service.sdl}\n`);
  });

  test('`npm run schema:print` prints a schema that composes without hints', () => {
    const service = { name: 'tickets', url: 'http://127.0.0.1:4000/graphql', typeDefs: parse(CURRENT) };
    const { errors, hints } = composeServices([service]);
    expect(errors).toBeUndefined();
    expect(hints).toEqual([]);
  });
});
