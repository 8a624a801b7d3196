/**
 * Records whose fields are computed when they are read. A vendor's ticket has some thirty fields, and most operations
 * select ten (docs/performance.md#lazy-tickets).
 *
 * Reads like a plain object, prints like one, and is sent as JSON like one. Only its own properties are missing: the
 * fields are accessors of a prototype that all records of a kind share.
 */
import { inspect, type InspectOptions } from 'node:util';

/** Computes each field. Total, and cheap enough to be called for each read. */
export type FieldReaders<Source, Shape, Context> = {
  readonly [Name in keyof Shape]-?: (source: Source, context: Context) => Shape[Name];
};

/** @returns a function that makes a record of a source. `context` is passed to each reader as well. */
export function defineLazyRecord<Source, Shape extends object, Context = void>(
  readers: FieldReaders<Source, Shape, Context>,
): (source: Source, context: Context) => Shape {
  class LazyRecord {
    readonly #source: Source;
    readonly #context: Context;

    constructor(source: Source, context: Context) {
      this.#source = source;
      this.#context = context;
    }

    static defineField(name: string, read: (source: Source, context: Context) => unknown): void {
      Object.defineProperty(this.prototype, name, {
        enumerable: true,
        get(this: LazyRecord) {
          return read(this.#source, this.#context);
        },
      });
    }

    toJSON(): Shape {
      return toPlain(this as unknown as Shape);
    }

    [inspect.custom](_depth: number, options: InspectOptions): string {
      return inspect(this.toJSON(), options);
    }
  }
  for (const name of Object.keys(readers) as (keyof Shape & string)[]) LazyRecord.defineField(name, readers[name]);
  // TypeScript knows nothing of fields defined at run time.
  return (source, context) => new LazyRecord(source, context) as unknown as Shape;
}

/** Returns all fields of a lazy record as a plain object, e.g. to copy or to compare it. */
export function toPlain<Shape extends object>(record: Shape): Shape {
  const plain: Record<string, unknown> = {};
  // Unlike `Object.keys`, includes the enumerable accessors of the prototype.
  for (const name in record) plain[name] = record[name];
  return plain as Shape;
}
