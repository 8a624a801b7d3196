/** Action names as callers write them. */

/**
 * Finds a name: the same text, or else the only one that differs in letter case alone.
 *
 * @returns undefined for an unknown name, and for an ambiguous one.
 */
export function findName<Name extends string>(known: Iterable<Name>, text: string): Name | undefined {
  const wanted = fold(text);
  let found: Name | undefined;
  let isAmbiguous = false;
  for (const name of known) {
    if (name === text) return name;
    if (fold(name) !== wanted) continue;
    isAmbiguous ||= found !== undefined && found !== name;
    found ??= name;
  }
  return isAmbiguous ? undefined : found;
}

/** ASCII only: Unicode maps the Kelvin sign to a small k. */
function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
