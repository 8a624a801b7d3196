/** Which language a caller wants, by its `Accept-Language`. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4 */

/** Longest header that is looked at, in characters; the rest of a longer one is ignored. */
const MAX_CHARACTERS = 500;

/** A language that can be had. */
export interface Language {
  /** Its first subtag in lower case, such as `en`: regions and scripts are not told apart. */
  readonly primary: string;
  /** What stands for it in a request. */
  readonly value: string;
}

/**
 * Returns the value of the language wanted most among those that can be had.
 *
 * @param languages the first one is the default.
 */
export function pickLanguage(header: string | undefined, languages: readonly [Language, ...Language[]]): string {
  const ranges = (header ?? '').slice(0, MAX_CHARACTERS).split(',').flatMap(readRange);
  const unwanted = new Set(ranges.flatMap(({ primary, weight }) => (weight === 0 ? primary : [])));
  const wanted = ranges.filter(({ weight }) => weight > 0).toSorted((one, other) => other.weight - one.weight);
  for (const { primary } of wanted) {
    const found = languages.find((language) => {
      return primary === '*' ? !unwanted.has(language.primary) : language.primary === primary;
    });
    if (found) return found.value;
  }
  return languages[0].value;
}

interface Range {
  /** First subtag in lower case, or `*`. */
  readonly primary: string;
  readonly weight: number;
}

function readRange(text: string): Range | readonly [] {
  const [tag = '', ...parameters] = text.split(';').map((part) => part.trim());
  const primary = /^(\*|[A-Za-z]{1,8})(?:-[A-Za-z0-9]{1,8})*$/.exec(tag)?.[1]?.toLowerCase();
  if (primary === undefined) return [];
  const [quality = 'q=1'] = parameters;
  const weight = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i.exec(quality)?.[1];
  return weight === undefined ? [] : { primary, weight: Number(weight) };
}
