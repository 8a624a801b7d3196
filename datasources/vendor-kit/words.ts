/**
 * Words of a vendor's enumerations: statuses, priorities, actions. Vendors add words without notice; what such a word
 * means is then missing from a ticket. Every lookup goes through here, so that unknown words are counted
 * (`ticketgraph_unknown_words_total`) and `ticketgraph verify` finds them.
 */

/** A word that a vendor sent and that has no known meaning. */
export interface UnknownWord {
  /** The vendor's key. */
  readonly vendor: string;
  /** The field of our schema that has no value because of it, e.g. `status`. */
  readonly field: string;
  /** As the vendor spelled it. May be any text: show it only if `isPlainWord`. */
  readonly word: string;
}

/** The known words of one field, and their meanings. Iterates in the order of the definition. */
export interface Words<Meaning> extends Iterable<readonly [word: string, meaning: Meaning]> {
  /**
   * Returns the meaning of the word, or else of the alternative; null if neither is known, and then reports the word that
   * was sent. Null and the empty text are not words.
   */
  find(word: string | null, alternative?: string | null): Meaning | null;
}

export interface WordsOptions {
  /** Maps spellings of the same word to one, before both definition and lookup. Defaults to no change. */
  readonly fold?: (word: string) => string;
  /** Words that are known to have no meaning here. They are not reported. */
  readonly meaningless?: readonly string[];
}

/**
 * Defines the words of a field. Call once per field: when the module is loaded or, if settings add words, in `connect`.
 *
 * @param vendor the vendor's key
 * @param field the field of our schema that the words are mapped to, e.g. `status`
 */
export function defineWords<Meaning>(
  vendor: string,
  field: string,
  meanings: Iterable<readonly [word: string, meaning: Meaning]>,
  { fold = unchanged, meaningless = [] }: WordsOptions = {},
): Words<Meaning> {
  const defined = [...meanings];
  const known = new Map<string, Meaning | null>([
    ...meaningless.map((word) => [fold(word), null] as const),
    ...defined.map(([word, meaning]) => [fold(word), meaning] as const),
  ]);
  /** `undefined` if the word is unknown. */
  const lookUp = (word: string | null): Meaning | null | undefined => (word ? known.get(fold(word)) : undefined);
  return {
    [Symbol.iterator]: () => defined[Symbol.iterator](),
    find(word, alternative = null) {
      const first = lookUp(word);
      if (first !== undefined) return first;
      const second = lookUp(alternative);
      if (second !== undefined) return second;
      const [unknown] = [word, alternative].filter((each) => each !== null && each !== '');
      if (unknown) for (const listener of listeners) listener({ vendor, field, word: unknown });
      return null;
    },
  };
}

function unchanged(word: string): string {
  return word;
}

const listeners = new Set<(word: UnknownWord) => void>();

/**
 * Calls the listener for each lookup of an unknown word in this process, until the returned function is called. A ticket's
 * fields are computed when they are read, so one ticket may cause several calls.
 */
export function onUnknownWord(listener: (word: UnknownWord) => void): () => void {
  // A listener of its own for each call, so that each is stopped by its own function only.
  const own = (word: UnknownWord): void => listener(word);
  listeners.add(own);
  return () => void listeners.delete(own);
}

/** A number, or a few short words in letters and digits: what enumerations consist of, and hardly any other text. */
const PLAIN_WORD = /^(?=.{1,40}$)(?:\d{1,4}|[A-Za-z][A-Za-z0-9]*(?:[ ._-][A-Za-z0-9]+){0,3})$/;

/** Returns whether a word may be logged and printed. Any other value of a vendor's field may be personal data. */
export function isPlainWord(word: string): boolean {
  return PLAIN_WORD.test(word);
}
