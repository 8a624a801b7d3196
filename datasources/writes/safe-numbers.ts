/**
 * Numbers in a caller's JSON that a double does not hold: a whole one beyond 2^53 - 1 may have lost its last digits
 * already, and one that is not finite would be sent as null. https://www.rfc-editor.org/rfc/rfc8259#section-6
 */
import { Failure } from '../vendor-kit/failure.ts';

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

/** The path to the first such number; undefined if there is none. */
function findInexact(value: unknown): string[] | undefined {
  if (typeof value === 'number') return isExact(value) ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const name of Object.keys(value)) {
    const path = findInexact((value as Readonly<Record<string, unknown>>)[name]);
    if (path) return [name, ...path];
  }
  return undefined;
}

/** @throws Failure if a number of an input cannot be sent as its caller wrote it. */
export function checkNumbers(input: object): void {
  const field = findInexact(input);
  if (!field) return;
  const message = `${field.join('.')} is a number beyond 2^53 - 1, or not finite: JSON does not keep it. Send it as text.`;
  throw new Failure({ kind: 'invalid-input', message, field });
}
