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
  VENDOR_UNAVAILABLE: 'Down',
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

/** The same for any text; undefined if it is not a state of a vendor. */
export function stateWordOf(code: string | undefined): string | undefined {
  return code !== undefined && Object.hasOwn(STATE_WORDS, code) ? STATE_WORDS[code as ProblemCode] : undefined;
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

/** `IN_PROGRESS` as `In progress`; other text as it is. */
export function unscreamed(text: string): string {
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(text)
    ? text.charAt(0) + text.slice(1).toLowerCase().replaceAll('_', ' ')
    : text;
}
