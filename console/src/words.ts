/** The endpoint's words as people say them. */
import type { ProblemCode, StatusCategory } from './__generated__/documents.ts';

const CATEGORY_WORDS: Readonly<Record<StatusCategory, string>> = {
  NEW: 'New',
  OPEN: 'Open',
  PENDING: 'Pending',
  ON_HOLD: 'On hold',
  SOLVED: 'Solved',
  CLOSED: 'Closed',
  CANCELLED: 'Cancelled',
};

export const CATEGORIES = Object.keys(CATEGORY_WORDS) as readonly StatusCategory[];

export function isCategory(word: string): word is StatusCategory {
  return Object.hasOwn(CATEGORY_WORDS, word);
}

export function categoryWord(category: StatusCategory): string {
  return CATEGORY_WORDS[category];
}

/** What is the matter, in a word or two that fit a small place. */
const STATE_WORDS: Partial<Record<ProblemCode, string>> = {
  VENDOR_TIMEOUT: 'No answer in time',
  VENDOR_RATE_LIMITED: 'Too many requests',
  VENDOR_OVERLOADED: 'Too busy',
  VENDOR_UNAUTHENTICATED: 'Sign-in refused',
  VENDOR_FORBIDDEN: 'Not allowed',
  VENDOR_PROTOCOL: 'Unusable answer',
  VENDOR_NOT_CONFIGURED: 'Not connected',
  FORBIDDEN: 'Not allowed for you',
};

export function stateWord(code: ProblemCode): string {
  return STATE_WORDS[code] ?? 'Down';
}

/** `userProviderKey` as `User provider key`. */
export function spaced(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `1 ticket`, `3 tickets`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
