/**
 * What a vendor's pages promise of its answers to reads. Generated from `wire.ts` and `exchanges/` of each vendor by
 * `npm run codegen`, so that both are stated once; see `scripts/documented-answers.ts`.
 */
import generated from '../__generated__/documented-answers.json' with { type: 'json' };
import type { Reading, ShapeType } from './shape.ts';

export interface DocumentedVendor {
  /** The records that its answers contain: the interfaces of `wire.ts`, with the members that our code reads. */
  readonly records: Readonly<Record<string, Readonly<Record<string, DocumentedMember>>>>;
  /** By operation, e.g. `GET /api/v2/ticket/:id`. */
  readonly operations: Readonly<Record<string, DocumentedOperation>>;
}

export interface DocumentedMember {
  readonly reading: Reading;
  /** `required` if it has a value in every record, `optional` if the pages say that it may be missing. */
  readonly presence: 'required' | 'nullable' | 'optional';
}

export interface DocumentedOperation {
  /** The pages that document it. */
  readonly sources: readonly string[];
  readonly statuses: readonly number[];
  /** Without parameters. Empty if no exchange shows one. */
  readonly mediaTypes: readonly string[];
  /** The record that its answers contain, one or a list of them; null if they contain none. */
  readonly record: string | null;
  /** Types by path, of what surrounds the records. */
  readonly envelope: TypesByPath;
  /** Types by path within a record. */
  readonly fields: TypesByPath;
  /** Paths below members of the record: what every documented object at their parent's path has. */
  readonly always: readonly string[];
  /** The members of the record that one documented answer shows together. Only those that no other answer exceeds. */
  readonly samples: readonly (readonly string[])[];
}

export type TypesByPath = Readonly<Record<string, readonly ShapeType[]>>;

/** Returns `undefined` for a vendor that code generation has not seen. */
export function documentedVendor(key: string): DocumentedVendor | undefined {
  return (generated as unknown as Readonly<Record<string, DocumentedVendor>>)[key];
}
