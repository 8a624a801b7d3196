/** Labels for enum values, codes and field names. */
import type { ProblemCode, StatusCategory } from './__generated__/documents.ts';

const CATEGORY_LABELS: Readonly<Record<StatusCategory, string>> = {
  NEW: 'New',
  OPEN: 'Open',
  PENDING: 'Pending',
  ON_HOLD: 'On hold',
  SOLVED: 'Solved',
  CLOSED: 'Closed',
  CANCELLED: 'Cancelled',
};

export const CATEGORIES = Object.keys(CATEGORY_LABELS) as readonly StatusCategory[];

export function isCategory(word: string): word is StatusCategory {
  return Object.hasOwn(CATEGORY_LABELS, word);
}

export function categoryLabel(category: StatusCategory): string {
  return CATEGORY_LABELS[category];
}

/** One to three words per problem. */
const PROBLEM_LABELS: Partial<Record<ProblemCode, string>> = {
  VENDOR_UNAVAILABLE: 'Down',
  VENDOR_TIMEOUT: 'Timed out',
  VENDOR_RATE_LIMITED: 'Rate limited',
  VENDOR_OVERLOADED: 'Overloaded',
  VENDOR_UNAUTHENTICATED: 'Sign-in rejected',
  VENDOR_FORBIDDEN: 'Access denied',
  VENDOR_PROTOCOL: 'Invalid response',
  VENDOR_NOT_CONFIGURED: 'Not connected',
  FORBIDDEN: 'No permission',
};

export function problemLabel(code: ProblemCode): string {
  return PROBLEM_LABELS[code] ?? 'Down';
}

/** Returns the label of any code, or `undefined` if it has none. */
export function findProblemLabel(code: string | undefined): string | undefined {
  return code !== undefined && Object.hasOwn(PROBLEM_LABELS, code) ? PROBLEM_LABELS[code as ProblemCode] : undefined;
}

/** Formats `userProviderKey` as `User provider key`. */
export function fieldLabel(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Returns `1 ticket` or `3 tickets`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Formats `IN_PROGRESS` as `In progress`. Returns other text unchanged. */
export function enumLabel(text: string): string {
  return /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/.test(text)
    ? text.charAt(0) + text.slice(1).toLowerCase().replaceAll('_', ' ')
    : text;
}
