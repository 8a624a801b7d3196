/** Names of actions as callers write them. */

/**
 * The one of the known names that a caller means: the same text, or else the only one that differs in letter case alone.
 *
 * @returns undefined for a name that is not known, and for one that could be several.
 */
export function findName<Name extends string>(known: Iterable<Name>, text: string): Name | undefined {
  const wanted = fold(text);
  let found: Name | undefined;
  let isSeveral = false;
  for (const name of known) {
    if (name === text) return name;
    if (fold(name) !== wanted) continue;
    isSeveral ||= found !== undefined && found !== name;
    found ??= name;
  }
  return isSeveral ? undefined : found;
}

/** ASCII alone: by Unicode, the Kelvin sign would be a small k. */
function fold(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
