/** Separates the records of a body, one or a list of them, from the envelope around them. */
import type { DocumentedVendor } from './documented.ts';
import { joinPath, type Place, type Shape } from './shape.ts';

type Records = DocumentedVendor['records'];

/** A body whose records are found. Places of the record are relative to it, so that envelopes may differ. */
export interface SplitShape {
  /** Path of the record, e.g. `items[]`. `undefined` if there is none. */
  readonly prefix: string | undefined;
  /** Places by path. */
  readonly envelope: Shape;
  /** Places by path within the record. */
  readonly fields: Shape;
}

/**
 * Returns the name of the record that shares most members with one object of the body, if these are half of the object's
 * members or more: other records have an `id` as well. Null if there is none.
 */
export function findRecord(shape: Shape, records: Records): { readonly name: string | null; readonly shared: number } {
  let best: { name: string | null; shared: number } = { name: null, shared: 0 };
  for (const [name, members] of Object.entries(records)) {
    const { prefix, shared } = findPrefix(shape, members);
    const all = shape.values().filter(({ parent }) => parent === prefix);
    if (shared > best.shared && 2 * shared >= [...all].length) best = { name, shared };
  }
  return best;
}

export function splitShape(shape: Shape, members: Readonly<Record<string, unknown>> | undefined): SplitShape {
  const { prefix } = findPrefix(shape, members ?? {});
  const envelope = new Map<string, Place>();
  const fields = new Map<string, Place>();
  for (const [path, place] of shape) {
    if (prefix === undefined || !isWithin(place.parent, prefix)) envelope.set(path, place);
    else fields.set(withoutPrefix(path, prefix), { ...place, parent: withoutPrefix(place.parent, prefix) });
  }
  return { prefix, envelope, fields };
}

/** The object with most members of the record, the outermost of several. */
function findPrefix(
  shape: Shape,
  members: Readonly<Record<string, unknown>>,
): { readonly prefix: string | undefined; readonly shared: number } {
  const shared = new Map<string, number>();
  for (const { parent, name } of shape.values()) {
    if (Object.hasOwn(members, name)) shared.set(parent, (shared.get(parent) ?? 0) + 1);
  }
  let best: { prefix: string | undefined; shared: number } = { prefix: undefined, shared: 0 };
  for (const [prefix, count] of shared) if (count > best.shared) best = { prefix, shared: count };
  return best;
}

function isWithin(path: string, prefix: string): boolean {
  return prefix === '' || path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[]`);
}

function withoutPrefix(path: string, prefix: string): string {
  const rest = path.slice(prefix.length);
  return rest.startsWith('.') ? rest.slice(1) : rest;
}

/** The path in the body of a path within the record. */
export function toBodyPath(prefix: string, path: string): string {
  return path.startsWith('[]') ? prefix + path : joinPath(prefix, path);
}
