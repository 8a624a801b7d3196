/**
 * Checks a client's values for an action against its inputs: names, types and bounds, before any call. Clients build their
 * forms from the same inputs, so a form that follows them passes.
 */
import type { ActionInput, FailureDetails } from '../contract.ts';
import { isObject } from './coerce.ts';
import { show } from './global-id.ts';

/** Returns the first error, or `undefined` if all values are valid. `at` is the path to them, e.g. `['inputs']`. */
export function checkInputs(
  inputs: readonly ActionInput[],
  values: Readonly<Record<string, unknown>>,
  at: readonly string[] = ['inputs'],
): FailureDetails | undefined {
  for (const name of Object.keys(values)) {
    if (!inputs.some((input) => input.name === name)) {
      const known = inputs.map((input) => input.name).join(', ') || 'nothing';
      return invalid([...at, name], `${show(name)} is not an input here; known: ${known}.`);
    }
  }
  for (const input of inputs) {
    const problem = checkInput(input, values[input.name], [...at, input.name]);
    if (problem) return problem;
  }
  return undefined;
}

/** Returns what is wrong with one value, or `undefined` if it is valid. */
export function checkInput(input: ActionInput, value: unknown, at: readonly string[]): FailureDetails | undefined {
  const name = at.join('.');
  if (value === undefined || value === null) {
    return input.required ? invalid(at, `${name} is required.`) : undefined;
  }
  switch (input.type) {
    case 'BOOLEAN':
      return typeof value === 'boolean' ? undefined : invalid(at, `${name} must be true or false.`);
    case 'INTEGER':
      return checkInteger(input, value, at);
    case 'LIST':
      return checkList(input, value, at);
    case 'OBJECT':
      return isObject(value) ? undefined : invalid(at, `${name} must be an object.`);
    default:
      return checkText(input, value, at);
  }
}

/**
 * Returns the number of an INTEGER input; null for anything else. Accepts digits as text: options are text for every type
 * of input, and a form may send one back verbatim.
 */
export function toInteger(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  return Number.isInteger(number) ? (number as number) : null;
}

function checkInteger(input: ActionInput, value: unknown, at: readonly string[]): FailureDetails | undefined {
  const { minimum = -0x80000000, maximum = 0x7fffffff } = input;
  const number = toInteger(value);
  if (number !== null && number >= minimum && number <= maximum) return undefined;
  return invalid(at, `${at.join('.')} must be a whole number from ${minimum} to ${maximum}.`);
}

function checkText(input: ActionInput, value: unknown, at: readonly string[]): FailureDetails | undefined {
  const name = at.join('.');
  const isNumberAsId = input.type === 'ID' && typeof value === 'number' && Number.isSafeInteger(value);
  if (typeof value !== 'string' && !isNumberAsId) return invalid(at, `${name} must be text.`);
  const text = String(value);
  if (input.maximumLength !== undefined && text.length > input.maximumLength) {
    return invalid(at, `${name} must have at most ${input.maximumLength} characters, not ${text.length}.`);
  }
  if (input.pattern && !input.pattern.test(text)) {
    return invalid(at, `${name} must be ${input.patternHint ?? `of the form ${input.pattern.source}`}.`);
  }
  return undefined;
}

function checkList(input: ActionInput, value: unknown, at: readonly string[]): FailureDetails | undefined {
  const name = at.join('.');
  if (!Array.isArray(value)) return invalid(at, `${name} must be a list.`);
  if (value.length < (input.minimumItems ?? 0)) {
    return invalid(
      at,
      `${name} must have at least ${input.minimumItems} ${input.minimumItems === 1 ? 'entry' : 'entries'}.`,
    );
  }
  for (const [index, entry] of value.entries()) {
    const problem = checkEntry(input, entry, [...at, String(index)]);
    if (problem) return problem;
  }
  return undefined;
}

function checkEntry(list: ActionInput, entry: unknown, at: readonly string[]): FailureDetails | undefined {
  if (!list.items) return undefined;
  if (!isFields(list.items)) return checkInput({ ...list.items, name: '', required: true }, entry, at);
  return isObject(entry) ? checkInputs(list.items, entry, at) : invalid(at, `${at.join('.')} must be an object.`);
}

function isFields(items: NonNullable<ActionInput['items']>): items is readonly ActionInput[] {
  return Array.isArray(items);
}

function invalid(field: readonly string[], message: string): FailureDetails {
  return { kind: 'invalid-input', message, field };
}
