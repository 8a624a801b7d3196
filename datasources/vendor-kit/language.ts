/** Language negotiation by `Accept-Language`. https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4 */
import Negotiator from 'negotiator';

/** Characters of the header that are read; the rest is ignored. */
const MAX_CHARACTERS = 500;

/**
 * Returns the preferred one of the available languages, or `undefined` if the caller accepts none of them.
 *
 * @param languages first subtags, such as `en`: regions and scripts are not distinguished.
 */
export function pickLanguage<Subtag extends string>(header: string, languages: readonly Subtag[]): Subtag | undefined {
  const negotiator = new Negotiator({ headers: { 'accept-language': header.slice(0, MAX_CHARACTERS) } });
  const wanted = negotiator.language([...languages]);
  return languages.find((language) => language === wanted);
}
