/** Which language a caller wants, by its `Accept-Language`. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4 */
import Negotiator from 'negotiator';

/** Longest header that is looked at, in characters; the rest of a longer one is ignored. */
const MAX_CHARACTERS = 500;

/**
 * Returns the language wanted most among those that can be had, or undefined if none of them is wanted.
 *
 * @param languages by their first subtag, such as `en`: regions and scripts are not told apart.
 */
export function pickLanguage<Subtag extends string>(header: string, languages: readonly Subtag[]): Subtag | undefined {
  const negotiator = new Negotiator({ headers: { 'accept-language': header.slice(0, MAX_CHARACTERS) } });
  const wanted = negotiator.language([...languages]);
  return languages.find((language) => language === wanted);
}
