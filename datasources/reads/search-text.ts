/** Texts that people search for and in: the same letters are the same text, however they are encoded. */

/** A letter takes a few marks; in a run of thousands, putting them in order takes more than quadratic time. */
const TOO_MANY_MARKS = /\p{M}{31}/u;

/** The first character of those that a text in another normal form may hold. */
const FIRST_COMBINING = '\u0300';

/** The text in normalization form C, in which an accent is part of its letter: https://unicode.org/reports/tr15/ */
export function toComposed(text: string): string {
  let index = 0;
  while (index < text.length && text[index]! < FIRST_COMBINING) index += 1;
  return index === text.length || TOO_MANY_MARKS.test(text) ? text : text.normalize('NFC');
}

/** The text to compare: composed, in small letters, both small sigmas alike. */
export function toComparable(text: string): string {
  return toComposed(text).toLowerCase().replaceAll('ς', 'σ');
}
