/**
 * Objects whose fields are worked out when somebody reads them. A vendor's ticket has some thirty fields, and an operation
 * asks for ten: making all of them, and clearing them away again, took a twentieth of a page of a hundred tickets.
 *
 * The fields stand on a prototype that all tickets of a kind share, so that a view itself is as small as can be. It has no
 * properties of its own: it can be read and taken apart by name, but a copy such as `{ ...view }` is empty.
 */

/** A function for each field: total, and cheap enough to be called again where a field is read twice. */
export type FieldReaders<Source, Shape, Given> = {
  readonly [Name in keyof Shape]-?: (source: Source, given: Given) => Shape[Name];
};

/**
 * @param readers what each field is made of
 * @returns makes a view of a source. `given` is handed to each reader beside it: what they need and the source has not
 */
export function defineLazyRecord<Source, Shape extends object, Given = void>(
  readers: FieldReaders<Source, Shape, Given>,
): (source: Source, given: Given) => Shape {
  class View {
    readonly #source: Source;
    readonly #given: Given;

    constructor(source: Source, given: Given) {
      this.#source = source;
      this.#given = given;
    }

    static addField(name: string, read: (source: Source, given: Given) => unknown): void {
      Object.defineProperty(this.prototype, name, {
        enumerable: true,
        get(this: View) {
          return read(this.#source, this.#given);
        },
      });
    }
  }
  for (const name of Object.keys(readers) as (keyof Shape & string)[]) View.addField(name, readers[name]);
  // It has those fields now; TypeScript sees only the class as it was written.
  return (source, given) => new View(source, given) as unknown as Shape;
}
