/**
 * Generates what each vendor's pages promise of its answers to reads, for `ticketgraph verify`: the operations, statuses,
 * media types and shapes from the vendor's `exchanges/`, and the members that our code reads from its `wire.ts`.
 *
 *   node scripts/documented-answers.ts [--check]
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parseShapedBody } from '../datasources/conformance/body.ts';
import type {
  DocumentedMember,
  DocumentedOperation,
  DocumentedVendor,
  TypesByPath,
} from '../datasources/conformance/documented.ts';
import { findRecord, splitShape } from '../datasources/conformance/record.ts';
import { shapeOf, type Place, type Reading, type Shape, type ShapeType } from '../datasources/conformance/shape.ts';
import { mediaType, toOperation } from '../datasources/vendor-kit/request.ts';
import { vendors } from '../datasources/vendors.ts';

const DATASOURCES = join(import.meta.dirname, '../datasources');
const FILE = join(DATASOURCES, '__generated__/documented-answers.json');

function main(isCheck: boolean): void {
  const all = Object.fromEntries(vendors.map(({ key }) => [key, documentVendor(join(DATASOURCES, key))]));
  const text = print(all);
  if (!isCheck) writeFileSync(FILE, text);
  else if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== text) {
    console.error(`${FILE} is stale: run npm run codegen.`);
    process.exitCode = 1;
  }
}

/** One line for each list and each small object, so that a change is easy to review. */
function print(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  const compact = text.replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, items: string) => `[${items.replace(/\s*\n\s*/g, ' ')}]`);
  return `${compact.replace(/\{\s+("reading"[^{}]*?)\s+\}/g, (_, items: string) => `{ ${items.replace(/\s*\n\s*/g, ' ')} }`)}\n`;
}

type Records = DocumentedVendor['records'];

function documentVendor(folder: string): DocumentedVendor {
  const records = readRecords(join(folder, 'wire.ts'));
  const answers = Map.groupBy(readAnswers(join(folder, 'exchanges')), ({ operation }) => operation);
  const operations = [...answers]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([operation, all]) => [operation, documentOperation(all, records)] as const);
  const used = new Set(operations.map(([, { record }]) => record));
  return {
    records: Object.fromEntries(Object.entries(records).filter(([name]) => used.has(name))),
    operations: Object.fromEntries(operations),
  };
}

// ---------------------------------------------------------------- exchanges

interface Answer {
  readonly operation: string;
  readonly source: string;
  readonly status: number;
  readonly mediaType: string;
  /** `undefined` if the body is not data. */
  readonly shape: Shape | undefined;
}

interface Exchange {
  readonly source: string;
  readonly exchange: readonly {
    readonly request: { readonly method: string; readonly target: string };
    readonly response: {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string | readonly string[]>>;
      readonly body?: string;
    };
  }[];
}

/** The answers to reads, i.e. to GET. Sign-ins are not reads. */
function readAnswers(folder: string): Answer[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.toSorted().flatMap((file) => {
    const { source, exchange } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Exchange;
    const reads = exchange.filter(({ request }) => request.method === 'GET');
    return reads.map(({ request: { target }, response: { status, headers = {}, body: text = '' } }): Answer => {
      const body = status < 300 ? parseShapedBody({ text }) : undefined;
      return {
        operation: toOperation({ method: 'GET', path: target.split('?', 1)[0]! }),
        source,
        status,
        mediaType: mediaType({ status, headers, text }),
        shape: body && shapeOf(body.value),
      };
    });
  });
}

function documentOperation(answers: readonly Answer[], records: Records): DocumentedOperation {
  const shapes = answers.flatMap(({ shape }) => shape ?? []);
  const withData = answers.filter(({ shape, mediaType: type }) => shape && type !== '');
  const found = shapes.map((shape) => findRecord(shape, records));
  const record = found.toSorted((one, other) => other.shared - one.shared)[0]?.name ?? null;
  const members = record === null ? undefined : records[record];
  const split = shapes.map((shape) => splitShape(shape, members));
  const samples = split.map(({ fields }) =>
    [...fields.values()].flatMap(({ parent, name }) => (parent === '' && members?.[name] ? name : [])).toSorted(),
  );
  return {
    sources: unique(answers.map(({ source }) => source)).toSorted(),
    statuses: unique(answers.map(({ status }) => status)).toSorted((one, other) => one - other),
    mediaTypes: unique(withData.map((answer) => answer.mediaType)).toSorted(),
    record,
    envelope: mergeTypes(split.map(({ envelope }) => envelope)),
    fields: mergeTypes(split.map(({ fields }) => fields)),
    always: findAlways(
      split.map(({ fields }) => fields),
      members ?? {},
    ),
    samples: withoutSubsets(samples),
  };
}

function mergeTypes(shapes: readonly Shape[]): TypesByPath {
  const merged = new Map<string, Set<ShapeType>>();
  for (const [path, { types }] of shapes.flatMap((shape) => [...shape])) {
    merged.set(path, new Set([...(merged.get(path) ?? []), ...types]));
  }
  const sorted = [...merged].toSorted(([one], [other]) => one.localeCompare(other));
  return Object.fromEntries(sorted.map(([path, types]) => [path, [...types].toSorted()]));
}

/** What is below the members that our code reads, and is in every object that the exchanges show there. */
function findAlways(shapes: readonly Shape[], members: Readonly<Record<string, unknown>>): string[] {
  const sum = (path: string, count: (place: Place) => number): number =>
    shapes.reduce((total, shape) => total + (shape.has(path) ? count(shape.get(path)!) : 0), 0);
  const nested = new Map(shapes.flatMap((shape) => [...shape].filter(([, { parent }]) => parent !== '')));
  const isRead = (path: string): boolean => Object.hasOwn(members, /^[^.[]+/.exec(path)?.[0] ?? '');
  const always = [...nested].filter(([path, { name, parent }]) => {
    if (name === '[]' || name === '*' || !isRead(path)) return false;
    return sum(path, ({ count }) => count) === sum(parent, ({ objectCount }) => objectCount);
  });
  return always.map(([path]) => path).toSorted();
}

function withoutSubsets(samples: readonly (readonly string[])[]): (readonly string[])[] {
  const largestFirst = samples.filter(({ length }) => length > 0).toSorted((one, other) => other.length - one.length);
  const kept: (readonly string[])[] = [];
  for (const sample of largestFirst) {
    if (!kept.some((larger) => sample.every((name) => larger.includes(name)))) kept.push(sample);
  }
  return kept;
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

// ---------------------------------------------------------------- wire.ts

/** The interfaces of a file whose names begin with `Wire`, and how their members are read. */
function readRecords(file: string): Records {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const interfaces = source.statements
    .filter(ts.isInterfaceDeclaration)
    .filter(({ name }) => name.text.startsWith('Wire'));
  return Object.fromEntries(interfaces.map(({ name, members }) => [name.text, readMembers(members)]));
}

function readMembers(members: ts.NodeArray<ts.TypeElement>): Readonly<Record<string, DocumentedMember>> {
  const properties = members.filter(ts.isPropertySignature).filter((property) => !hasTag(property, 'derived'));
  return Object.fromEntries(
    properties.map((property) => [property.name.getText().replace(/^'|'$/g, ''), toMember(property)]),
  );
}

const READINGS: Readonly<Record<string, Reading>> = { string: 'text', number: 'integer', boolean: 'boolean' };

/**
 * By its type, e.g. `string | null`. Lists, functions and `unknown` are read in ways that their type does not say. The tag
 * `@optional` says that the pages let it be missing, and `@derived` that it is not a member of the vendor's record.
 */
function toMember(property: ts.PropertySignature): DocumentedMember {
  const parts = property.type?.getText().split(' | ') ?? [];
  const [only, ...others] = parts.filter((part) => part !== 'null');
  const reading = (others.length === 0 ? READINGS[only ?? ''] : undefined) ?? 'any';
  const isOptional = hasTag(property, 'optional');
  const isRequired = reading !== 'any' && !parts.includes('null');
  return { reading, presence: isOptional ? 'optional' : isRequired ? 'required' : 'nullable' };
}

function hasTag(node: ts.Node, name: string): boolean {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === name);
}

main(process.argv.includes('--check'));
