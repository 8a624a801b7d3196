/** The shape of a body: which places it has and which types their values have. Never the values themselves. */
import { asBoolean, asInstant, asInteger, asObject, asText, readList } from '../vendor-kit/coerce.ts';

export type ShapeType = 'text' | 'time' | 'number' | 'boolean' | 'null' | 'list' | 'object';

/** How our code reads a value; see `vendor-kit/coerce.ts`. `any`: in a way that is not known. */
export type Reading = 'text' | 'time' | 'integer' | 'boolean' | 'any';

/** A place in a body, over all its occurrences. */
export interface Place {
  /** Path of the object or list that it is in. Empty for the body itself. */
  readonly parent: string;
  /** Its name in that object; `[]` for the entries of a list. */
  readonly name: string;
  readonly types: ReadonlySet<ShapeType>;
  /** How often it occurs. */
  readonly count: number;
  /** How many of its values are objects. */
  readonly objectCount: number;
  /** The readings that lose one of its values. */
  readonly lostAs: ReadonlySet<Reading>;
}

/** Places by path, e.g. `items[].brand_id`, each after the one that it is in. */
export type Shape = ReadonlyMap<string, Place>;

/** The deepest places that are distinguished. */
const MAX_DEPTH = 12;

/** @param value parsed JSON or XML */
export function shapeOf(value: unknown): Shape {
  const places = new Map<string, MutablePlace>();
  if (Array.isArray(value) || asObject(value)) collectContent(value, '', 0, places);
  return places;
}

interface MutablePlace extends Place {
  readonly types: Set<ShapeType>;
  count: number;
  objectCount: number;
  readonly lostAs: Set<Reading>;
}

function collectContent(value: unknown, path: string, depth: number, places: Map<string, MutablePlace>): void {
  if (depth === MAX_DEPTH) return;
  if (typeOf(value) === 'list') {
    for (const entry of readList(value) ?? []) collect(entry, path, '[]', depth, places);
  } else {
    for (const [key, member] of Object.entries(asObject(value) ?? {}))
      collect(member, path, toName(key), depth, places);
  }
}

function collect(value: unknown, parent: string, name: string, depth: number, places: Map<string, MutablePlace>): void {
  const path = joinPath(parent, name);
  let place = places.get(path);
  if (!place) places.set(path, (place = newPlace(parent, name)));
  const type = typeOf(value);
  place.types.add(type);
  place.count += 1;
  if (type === 'object') place.objectCount += 1;
  for (const reading of READINGS) if (isLost(value, reading)) place.lostAs.add(reading);
  if (typeof value === 'object' && value !== null) collectContent(value, path, depth + 1, places);
}

function newPlace(parent: string, name: string): MutablePlace {
  return { parent, name, types: new Set(), count: 0, objectCount: 0, lostAs: new Set() };
}

export function joinPath(parent: string, name: string): string {
  return parent === '' || name === '[]' ? parent + name : `${parent}.${name}`;
}

/** A date that stands for none: of MySQL, and .NET's default value. */
const NO_DATE = /^000[01]-/;

/** Text that looks like a date and a time, not only like a number. */
const HAS_DATE = /[-:]/;

export function typeOf(value: unknown): ShapeType {
  if (value === null || value === undefined || value === '') return 'null';
  if (typeof value === 'number' || typeof value === 'boolean') return typeof value as 'number' | 'boolean';
  if (typeof value !== 'string') return isList(value) ? 'list' : 'object';
  if (NO_DATE.test(value)) return 'null';
  return HAS_DATE.test(value) && asInstant(value, () => 0) !== null ? 'time' : 'text';
}

/** Also the lists of PHP: objects whose keys are all digits. */
function isList(value: unknown): boolean {
  const entries = readList(value);
  return Array.isArray(value) || (entries?.[0] !== value && entries !== undefined);
}

const READERS = {
  text: asText,
  time: (value: unknown) => asInstant(value, () => 0),
  integer: asInteger,
  boolean: asBoolean,
} as const satisfies Partial<Record<Reading, (value: unknown) => unknown>>;

const READINGS = Object.keys(READERS) as (keyof typeof READERS)[];

function isLost(value: unknown, reading: keyof typeof READERS): boolean {
  return typeOf(value) !== 'null' && READERS[reading](value) === null;
}

/** What documented members look like. Not a number, an address or a person's name with spaces. */
const MEMBER = /^[@$_#]?[A-Za-z](?!.*\d{4})[A-Za-z0-9_:.-]{0,63}$/;

/** A key that may itself be a value, such as an id or an address, is `*`. */
function toName(key: string): string {
  return MEMBER.test(key) || key === '_' ? key : '*';
}
