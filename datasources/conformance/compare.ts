/** Compares the answers to one operation with what the vendor's pages show. Pure. */
import type { UpstreamAnswer } from '../contract.ts';
import { mediaType } from '../vendor-kit/request.ts';
import { parseShapedBody } from './body.ts';
import type { DocumentedMember, DocumentedOperation, DocumentedVendor, TypesByPath } from './documented.ts';
import type { Finding, FindingKind } from './finding.ts';
import { splitShape, toBodyPath, type SplitShape } from './record.ts';
import { shapeOf, type Place, type Shape, type ShapeType } from './shape.ts';

/** @param answers with a status below 300 */
export function compareAnswers(
  operation: string,
  answers: readonly UpstreamAnswer[],
  documented: DocumentedVendor | undefined,
): Finding[] {
  const shown = documented?.operations[operation];
  if (!documented || !shown) {
    const found = 'no exchange shows this operation, so its answers are not compared';
    return [{ kind: 'operation', misleads: false, operation, path: null, found, documented: null }];
  }
  const members = shown.record === null ? undefined : documented.records[shown.record];
  // The same record may be shown in full by another operation only.
  const same = Object.values(documented.operations).filter(({ record }) => record !== null && record === shown.record);
  const fields = Object.assign({}, ...same.map((each) => each.fields), shown.fields) as TypesByPath;
  const comparison = new Comparison(operation, { ...shown, fields }, members ?? {});
  for (const answer of answers) comparison.add(answer);
  return comparison.findings();
}

/** Longer than any media type in use. */
const MAX_TYPE_LENGTH = 100;

type Members = Readonly<Record<string, DocumentedMember>>;

class Comparison {
  readonly #operation: string;
  readonly #shown: DocumentedOperation;
  readonly #members: Members;
  /** By kind, path and what was found. */
  readonly #found = new Map<string, Finding>();
  /** Paths within all records so far, those that are objects, and where records are. */
  readonly #seen = new Set<string>();
  readonly #objects = new Set<string>();
  #prefix: string | undefined;

  constructor(operation: string, shown: DocumentedOperation, members: Members) {
    this.#operation = operation;
    this.#shown = shown;
    this.#members = members;
  }

  add(answer: UpstreamAnswer): void {
    const { statuses, mediaTypes } = this.#shown;
    if (!statuses.includes(answer.status)) this.#add('status', true, null, String(answer.status), statuses.join(', '));
    const type = mediaType(answer).slice(0, MAX_TYPE_LENGTH) || 'no content type';
    if (mediaTypes.length > 0 && !mediaTypes.includes(type)) {
      this.#add('content-type', true, null, type, mediaTypes.join(', '));
    }
    const body = parseShapedBody(answer);
    if (body) this.#addShape(splitShape(shapeOf(body.value), this.#members), body.isXml);
    else if (answer.text.trim() !== '') this.#add('body', true, null, 'neither JSON nor XML', null);
  }

  #addShape({ prefix, envelope, fields }: SplitShape, isXml: boolean): void {
    this.#addPlaces(envelope, '', this.#shown.envelope, {}, isXml);
    if (prefix === undefined) return;
    this.#prefix = prefix;
    for (const [path, { types }] of fields) {
      this.#seen.add(path);
      if (types.has('object')) this.#objects.add(path);
    }
    this.#addPlaces(fields, prefix, this.#shown.fields, this.#members, isXml);
  }

  #addPlaces(places: Shape, prefix: string, known: TypesByPath, members: Members, isXml: boolean): void {
    const unknown = new Set<string>();
    for (const [path, place] of places) {
      const member = place.parent === '' ? members[place.name] : undefined;
      const types = known[path];
      const shownPath = toBodyPath(prefix, path);
      if (types || member) this.#addTypes(place, shownPath, types, member, isXml);
      else {
        unknown.add(path);
        // What is in an unknown place is unknown as well.
        if (!unknown.has(place.parent)) this.#add('unknown-field', false, shownPath, listTypes(place.types), null);
      }
    }
  }

  #addTypes(
    { types, lostAs }: Place,
    path: string,
    known: readonly ShapeType[] = [],
    member: DocumentedMember | undefined,
    isXml: boolean,
  ): void {
    const documented = listTypes(known) || null;
    if (member?.presence === 'required' && types.has('null')) this.#add('type', true, path, 'null', documented);
    const others = [...types].filter((type) => type !== 'null' && !known.includes(type));
    if (others.length === 0) return;
    // A time that cannot be read is missing from the ticket, whatever the type of our own code is.
    const isTime = known.includes('time') && !known.includes('text');
    const isLost = member !== undefined && (lostAs.has(member.reading) || (isTime && lostAs.has('time')));
    const areScalar = others.every(isScalar);
    // Pages that show only null do not say which type a value has.
    const isUntyped = known.every((type) => type === 'null') || (isXml && areScalar);
    if (isUntyped && !isLost) return;
    // A list of one may come as a bare object, and the reverse.
    const isSameNesting = known.some(isScalar) ? areScalar : !others.some(isScalar);
    this.#add('type', isLost || (member !== undefined && !isSameNesting), path, listTypes(others), documented);
  }

  /** All findings. Members are missing only if no record has them. */
  findings(): Finding[] {
    if (this.#prefix !== undefined) {
      const { samples, always } = this.#shown;
      const members = closestSample(samples, this.#seen).filter((name) => this.#members[name]?.presence !== 'optional');
      const nested = always.filter((path) => this.#objects.has(path.slice(0, path.lastIndexOf('.'))));
      for (const path of [...members, ...nested]) if (!this.#seen.has(path)) this.#addMissing(path, this.#prefix);
    }
    return [...this.#found.values()];
  }

  #addMissing(path: string, prefix: string): void {
    const types = listTypes(this.#shown.fields[path] ?? []) || null;
    this.#add('missing', true, toBodyPath(prefix, path), 'missing', types);
  }

  #add(kind: FindingKind, misleads: boolean, path: string | null, found: string, documented: string | null): void {
    const operation = this.#operation;
    this.#found.set(JSON.stringify([kind, path, found]), { kind, misleads, operation, path, found, documented });
  }
}

/** The documented answer that has most members in common with the records, and of several the one with most members. */
function closestSample(samples: DocumentedOperation['samples'], seen: ReadonlySet<string>): readonly string[] {
  const score = (sample: readonly string[]): number =>
    sample.filter((name) => seen.has(name)).length * 1000 + sample.length;
  return samples.toSorted((one, other) => score(other) - score(one))[0] ?? [];
}

function isScalar(type: ShapeType): boolean {
  return type !== 'list' && type !== 'object' && type !== 'null';
}

function listTypes(types: Iterable<ShapeType>): string {
  return [...types].toSorted().join(' or ');
}
