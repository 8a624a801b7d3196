/** The key of one press of a button. */

/** Random enough for ever; `crypto.randomUUID` is missing where a page comes over plain http. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
