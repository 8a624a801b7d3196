/** What a check against a vendor's documentation finds. Holds paths, types, counts and words of enumerations; no values. */

export type FindingKind =
  /** A documented member that our code reads is in none of the records. */
  | 'missing'
  /** A value has a type that the pages do not show. */
  | 'type'
  /** A member that no page shows. */
  | 'unknown-field'
  /** A word of an enumeration that has no meaning here. */
  | 'unknown-word'
  /** A status of success that no page shows. */
  | 'status'
  | 'content-type'
  /** Neither JSON nor XML. */
  | 'body'
  /** An operation that no exchange shows, so that nothing is compared. */
  | 'operation'
  /** Rows of a list that are no tickets, or whose ids are invalid. */
  | 'rows'
  /** A ticket of the list that is not found by its id. */
  | 'not-found'
  /** Slower than the deadline. */
  | 'slow'
  /** The read failed. */
  | 'failed';

export interface Finding {
  readonly kind: FindingKind;
  /** Whether users see something wrong, or miss something, because of it. Otherwise it is only new. */
  readonly misleads: boolean;
  /** E.g. `GET /api/v2/ticket/:id`, or `list`, `ticket`, `actions` if it concerns more than one operation. */
  readonly operation: string;
  /** E.g. `items[].brand_id`; null if it concerns the answer as a whole. */
  readonly path: string | null;
  /** What was found, without values. Two findings that differ only in counts or times have the same. */
  readonly found: string;
  /** What the pages show instead; null if nothing. */
  readonly documented: string | null;
}

/** Whether the operator may accept it. What fails, or is slow, may be well in the next run. */
export function isAcceptable({ kind }: Finding): boolean {
  return kind !== 'failed' && kind !== 'slow' && kind !== 'not-found';
}

/** Identifies a finding across runs. */
export function keyOfFinding({
  kind,
  operation,
  path,
  found,
}: Record<'kind' | 'operation' | 'found', string> & { readonly path: string | null }): string {
  return JSON.stringify([operation, kind, path, found]);
}
