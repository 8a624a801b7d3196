/** Answers compared with what the pages show: for every vendor from its own exchanges, and in detail for one record. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseShapedBody } from '../../../datasources/conformance/body.ts';
import { compareAnswers } from '../../../datasources/conformance/compare.ts';
import { documentedVendor, type DocumentedVendor } from '../../../datasources/conformance/documented.ts';
import type { Finding } from '../../../datasources/conformance/finding.ts';
import type { UpstreamAnswer } from '../../../datasources/contract.ts';
import { toOperation } from '../../../datasources/vendor-kit/request.ts';
import { vendors } from '../../../datasources/vendors.ts';
import { loadExchanges } from '../../support/exchange.ts';

const DATASOURCES = join(import.meta.dirname, '../../../datasources');

function answerOf(
  body: unknown,
  headers: UpstreamAnswer['headers'] = { 'content-type': 'application/json' },
): UpstreamAnswer {
  return { status: 200, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** What is found, in short: `missing items[].title`, in capitals if it misleads. */
function inShort(findings: readonly Finding[]): string[] {
  return findings.map(({ kind, misleads, path, found }) => {
    return [misleads ? kind.toUpperCase() : kind, ...(path === null ? [] : [path]), found].join(' ');
  });
}

// ---------------------------------------------------------------- every vendor

interface DocumentedAnswer {
  readonly operation: string;
  readonly answer: UpstreamAnswer;
}

/** All answers with data that a vendor's exchanges show for a read. */
function documentedAnswers(key: string): DocumentedAnswer[] {
  const all = loadExchanges(join(DATASOURCES, key, 'exchanges')).flatMap(({ exchange }) => exchange);
  const reads = all.filter(({ request, response }) => request.method === 'GET' && response.status < 300);
  return reads.flatMap(({ request, response: { status, headers = {}, body: text = '' } }) => {
    const operation = toOperation({ method: 'GET', path: request.target.split('?', 1)[0]! });
    return parseShapedBody({ text }) ? [{ operation, answer: { status, headers, text } }] : [];
  });
}

/** The documented members of a record, of the answer in JSON that shows most of them; `undefined` without one. */
function fullestAnswer(key: string, documented: DocumentedVendor) {
  const members = Object.keys(documented.records['WireTicket'] ?? Object.values(documented.records)[0] ?? {});
  const scored = documentedAnswers(key).flatMap(({ operation, answer }) => {
    if (!answer.text.trimStart().startsWith('{')) return [];
    const shown = members.filter((name) => answer.text.includes(`${JSON.stringify(name)}:`));
    return [{ operation, answer, shown }];
  });
  return scored.toSorted((one, other) => other.shown.length - one.shown.length)[0];
}

/** Changes each record of a body, i.e. each object with most of these members. */
function withRecords(
  text: string,
  members: readonly string[],
  change: (record: Record<string, unknown>) => void,
): string {
  const isRecord = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' &&
    value !== null &&
    members.filter((name) => Object.hasOwn(value, name)).length > members.length / 2;
  return JSON.stringify(
    JSON.parse(text, (_, value: unknown) => {
      if (isRecord(value)) change(value);
      return value;
    }),
  );
}

describe.each(vendors.map(({ key }) => key))('what the pages of %s show', (key) => {
  const documented = documentedVendor(key)!;
  const { operation, answer, shown } = fullestAnswer(key, documented)!;
  const record = documented.records[documented.operations[operation]!.record!]!;

  test(`${key}: the documented answers have no findings`, () => {
    const answers = Map.groupBy(documentedAnswers(key), (each) => each.operation);
    expect(answers.size).toBeGreaterThan(0);
    expect(Object.keys(documented.operations)).toEqual(expect.arrayContaining([...answers.keys()]));
    // Together, since many are shown in part.
    for (const [each, all] of answers) {
      expect(
        inShort(
          compareAnswers(
            each,
            all.map((one) => one.answer),
            documented,
          ),
        ),
        each,
      ).toEqual([]);
    }
  });

  test(`${key}: an exchange shows each member of wire.ts that is not tagged as derived`, () => {
    const all = Object.values(documented.operations);
    for (const [name, members] of Object.entries(documented.records)) {
      const shownIn = all.filter((each) => each.record === name).flatMap(({ fields }) => Object.keys(fields));
      expect(
        Object.keys(members).filter((member) => !shownIn.includes(member)),
        name,
      ).toEqual([]);
    }
  });

  test(`${key}: each documented member that is missing is found, unless it may be`, () => {
    expect(shown.length).toBeGreaterThan(3);
    for (const name of shown) {
      const text = withRecords(answer.text, shown, (holder) => delete holder[name]);
      const findings = compareAnswers(operation, [{ ...answer, text }], documented);
      const isOptional = record[name]!.presence === 'optional';
      const missing = expect.stringMatching(new RegExp(`^MISSING (.*\\.)?${name} missing$`));
      expect(inShort(findings), name).toEqual(isOptional ? [] : [missing]);
    }
  });

  test(`${key}: each documented member of another type is found`, () => {
    for (const name of shown) {
      if (record[name]!.reading === 'any') continue;
      const isObject = documented.operations[operation]!.fields[name]!.includes('object');
      const [wrong, type] = isObject ? ['a', 'text'] : [{ en: 'a', nl: 'b' }, 'object'];
      const text = withRecords(answer.text, shown, (holder) => (holder[name] = wrong));
      const findings = compareAnswers(operation, [{ ...answer, text }], documented);
      const types = findings.filter(({ kind }) => kind === 'type');
      expect(inShort(types), name).toEqual([expect.stringMatching(new RegExp(`^TYPE (.*\\.)?${name} ${type}$`))]);
    }
  });

  test(`${key}: a member that no page shows is new, once, and does not mislead`, () => {
    const text = withRecords(answer.text, shown, (holder) => (holder['brandNewMember'] = { inner: [{ a: 1 }] }));
    const findings = compareAnswers(operation, [{ ...answer, text }], documented);
    expect(inShort(findings)).toEqual([expect.stringMatching(/^unknown-field (.*\.)?brandNewMember object$/)]);
  });
});

// ---------------------------------------------------------------- details

const ACME: DocumentedVendor = {
  records: {
    WireTicket: {
      number: { reading: 'text', presence: 'required' },
      subject: { reading: 'text', presence: 'nullable' },
      votes: { reading: 'integer', presence: 'nullable' },
      isOpen: { reading: 'boolean', presence: 'nullable' },
      created: { reading: 'text', presence: 'nullable' },
      labels: { reading: 'any', presence: 'nullable' },
      room: { reading: 'text', presence: 'optional' },
      by: { reading: 'text', presence: 'optional' },
    },
  },
  operations: {
    'GET /tickets': {
      sources: ['https://acme.example/api/list'],
      statuses: [200],
      mediaTypes: ['application/json'],
      record: 'WireTicket',
      envelope: { tickets: ['list'], 'tickets[]': ['object'], total: ['number'] },
      fields: { number: ['number'], subject: ['text'], created: ['time'] },
      always: [],
      samples: [['created', 'number', 'subject']],
    },
    'GET /tickets/:id': {
      sources: ['https://acme.example/api/get'],
      statuses: [200, 404],
      mediaTypes: [],
      record: 'WireTicket',
      envelope: {},
      fields: {
        number: ['number', 'text'],
        subject: ['text'],
        votes: ['number'],
        isOpen: ['boolean'],
        created: ['time', 'null'],
        labels: ['list'],
        'labels[]': ['text'],
        room: ['text'],
        note: ['text'],
        by: ['object'],
        'by.name': ['text'],
        'by.phone': ['text'],
      },
      always: ['by.name'],
      samples: [
        ['created', 'isOpen', 'labels', 'number', 'room', 'subject', 'votes'],
        ['number', 'subject'],
      ],
    },
  },
};

const WHOLE = {
  number: 7,
  subject: 'a',
  votes: 3,
  isOpen: true,
  created: '2024-01-01T00:00:00Z',
  labels: ['x'],
  room: 'b',
};

function compareOne(change: Readonly<Record<string, unknown>>): string[] {
  return inShort(compareAnswers('GET /tickets/:id', [answerOf({ ...WHOLE, ...change })], ACME));
}

describe('an answer that differs from the pages', () => {
  test.each<readonly [string, Record<string, unknown>, string[]]>([
    ['the documented one', {}, []],
    ['null where null is allowed', { subject: null, votes: null, labels: '' }, []],
    ['null where a value is required', { number: null }, ['TYPE number null']],
    ['an empty text where a value is required', { number: '' }, ['TYPE number null']],
    ['a number as text, which is read as well', { votes: '3' }, ['type votes text']],
    ['a text that is no number', { votes: 'many' }, ['TYPE votes text']],
    ['a boolean as a word', { isOpen: 'yes' }, ['TYPE isOpen text']],
    ['a boolean as text, which is read as well', { isOpen: 'true' }, ['type isOpen text']],
    ['a time that cannot be read', { created: '31.01.2024' }, ['TYPE created text']],
    ['a time in seconds, which is read as well', { created: 1_700_000_000 }, ['type created number']],
    ['a text as an object', { subject: { en: 'a' } }, ['TYPE subject object', 'unknown-field subject.en text']],
    [
      'a list of one as a bare object',
      { labels: { name: 'x' } },
      ['type labels object', 'unknown-field labels.name text'],
    ],
    ['a list as text', { labels: 'x' }, ['TYPE labels text']],
    ['what an object always has, and now has not', { by: { phone: '1' } }, ['MISSING by.name missing']],
    ['what an object does not always have', { by: { name: 'a' } }, []],
    ['an object as a text', { by: 'a' }, ['TYPE by text']],
    ['a member that our code does not read, of another type', { note: 7 }, ['type note number']],
  ])('%s', (_, change, expected) => {
    expect(compareOne(change)).toEqual(expected);
  });

  test('an optional member, and one that our code does not read, may be missing', () => {
    const { room: _, ...rest } = WHOLE;
    expect(inShort(compareAnswers('GET /tickets/:id', [answerOf(rest)], ACME))).toEqual([]);
  });

  test('a member is missing only if no answer has it', () => {
    const { votes: _, ...rest } = WHOLE;
    expect(inShort(compareAnswers('GET /tickets/:id', [answerOf(rest), answerOf(rest)], ACME))).toEqual([
      'MISSING votes missing',
    ]);
    expect(inShort(compareAnswers('GET /tickets/:id', [answerOf(rest), answerOf(WHOLE)], ACME))).toEqual([]);
  });

  test('members that another operation shows for the same record are known, but not missed', () => {
    const body = { tickets: [WHOLE, { ...WHOLE, shelf: 1 }], total: 2 };
    expect(inShort(compareAnswers('GET /tickets', [answerOf(body)], ACME))).toEqual([
      'unknown-field tickets[].shelf number',
    ]);
  });

  test('records are found in an envelope that no page shows', () => {
    const { created: _, ...rest } = WHOLE;
    expect(inShort(compareAnswers('GET /tickets', [answerOf({ data: { rows: [rest] } })], ACME))).toEqual([
      'unknown-field data object',
      'MISSING data.rows[].created missing',
    ]);
  });

  test('an empty list misses nothing', () => {
    expect(compareAnswers('GET /tickets', [answerOf({ tickets: [], total: 0 })], ACME)).toEqual([]);
  });

  test('another status, another content type and a body that is no data mislead', () => {
    const page = {
      status: 206,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      text: '<html>Welcome, Jan</html>',
    };
    expect(compareAnswers('GET /tickets', [page], ACME)).toMatchObject([
      { kind: 'status', misleads: true, found: '206', documented: '200' },
      { kind: 'content-type', misleads: true, found: 'text/html', documented: 'application/json' },
      { kind: 'body', misleads: true, found: 'neither JSON nor XML' },
    ]);
    expect(inShort(compareAnswers('GET /tickets', [answerOf({ tickets: [] }, {})], ACME))).toEqual([
      'CONTENT-TYPE no content type',
    ]);
  });

  test('XML has no types but text, so only what cannot be read counts', () => {
    const xml = (votes: string): UpstreamAnswer =>
      answerOf(
        `<t><number>7</number><subject>a</subject><votes>${votes}</votes><isOpen>true</isOpen><created>2024-01-01T00:00:00Z</created><labels>x</labels><labels>y</labels></t>`,
      );
    expect(inShort(compareAnswers('GET /tickets/:id', [xml('3')], ACME))).toEqual([]);
    expect(inShort(compareAnswers('GET /tickets/:id', [xml('many')], ACME))).toEqual(['TYPE votes text']);
  });

  test('an operation that no exchange shows is not compared, and says so', () => {
    for (const documented of [ACME, undefined]) {
      const operation = documented ? 'GET /other' : 'GET /tickets';
      expect(compareAnswers(operation, [answerOf({ a: 1 })], documented)).toMatchObject([
        { kind: 'operation', misleads: false, operation, path: null },
      ]);
    }
  });
});
