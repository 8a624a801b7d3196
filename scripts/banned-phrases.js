/**
 * Phrases that comments, SDL descriptions and documentation do not use: they personify code or hide a condition.
 * ESLint checks the comments (`no-warning-comments`), `test/language.test.ts` the rest.
 */
export const BANNED_PHRASES = [
  'told',
  'whoever',
  'nobody',
  'anew',
  'where left out',
  'if left out',
  'that is none',
  'which is none',
  'is none of',
  'of late',
  'lane',
  'tally',
  'attic',
];
