/**
 * Rejects numbers that a double cannot represent. An integer beyond 2^53 - 1 may have lost its last digits already, and a
 * number that is not finite would be sent as null. https://www.rfc-editor.org/rfc/rfc8259#section-6
 */
import { Failure } from '../vendor-kit/failure.ts';

/** @throws Failure `invalid-input` if a number in the input cannot be sent exactly. */
export function checkNumbers(input: object): void {
  const field = findInexact(input);
  if (!field) return;
  const message = `${field.join('.')} cannot be sent exactly: it is beyond 2^53 - 1 or not finite. Send it as text.`;
  throw new Failure({ kind: 'invalid-input', message, field });
}

/** The path to the first inexact number; `undefined` if there is none. */
function findInexact(value: unknown): string[] | undefined {
  if (typeof value === 'number') return isExact(value) ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const name of Object.keys(value)) {
    const path = findInexact((value as Readonly<Record<string, unknown>>)[name]);
    if (path) return [name, ...path];
  }
  return undefined;
}

function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}
