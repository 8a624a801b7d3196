/** Converts the form values of an action to its `inputs`, and validates each field. */
import type { Field } from './action.ts';

export interface FormValues {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Errors by field name. */
  readonly fieldErrors: ReadonlyMap<string, string>;
}

export const COMMENT = 'comment';

/** Omits empty fields, because vendors distinguish absent from empty values. */
export function readInputs(inputs: readonly Field[], valueOf: (name: string) => string): FormValues {
  const values: Record<string, unknown> = {};
  const fieldErrors = new Map<string, string>();
  for (const input of inputs) {
    if (input.items) {
      const entries = readEntries(input, input.items, valueOf);
      for (const [name, error] of entries.fieldErrors) fieldErrors.set(name, error);
      if (entries.values.length > 0) values[input.name] = entries.values;
      continue;
    }
    const text = valueOf(input.name);
    const error = validate(input, text);
    if (error !== undefined) fieldErrors.set(input.name, error);
    else if (text.trim() !== '') values[input.name] = toValue(input, text);
  }
  return { inputs: values, fieldErrors };
}

/** The list's own field contains the number of rows. */
function readEntries(
  { name: list, required }: Field,
  items: readonly Field[],
  valueOf: (name: string) => string,
): { values: readonly unknown[]; fieldErrors: ReadonlyMap<string, string> } {
  const count = Number(valueOf(list));
  const fieldErrors = new Map<string, string>(required && count === 0 ? [[list, REQUIRED]] : []);
  const values = Array.from({ length: count }, (_, index) => {
    const read = readInputs(items, (name) => valueOf(toItemName(list, index, name)));
    for (const [name, error] of read.fieldErrors) fieldErrors.set(toItemName(list, index, name), error);
    return read.inputs;
  });
  return { values, fieldErrors };
}

/** Name of a row's field in the form, as in the `field` of the endpoint's problems. */
export function toItemName(list: string, index: number, item: string): string {
  return `${list}.${index}.${item}`;
}

const REQUIRED = 'This field is required.';

function validate(input: Field, text: string): string | undefined {
  if (text.trim() === '') return input.required ? REQUIRED : undefined;
  if (input.options) return undefined;
  if (input.type === 'INTEGER') return validateNumber(input, text.trim());
  if (input.type === 'LIST') return validateList(input, text);
  if (input.type === 'OBJECT')
    return readObject(text.trim()) === undefined ? 'Expected a JSON object, such as {"a": 1}.' : undefined;
  const { maximumLength } = input;
  return maximumLength !== null && text.length > maximumLength
    ? `At most ${maximumLength} characters, not ${text.length}.`
    : undefined;
}

function validateNumber({ minimum, maximum }: Field, text: string): string | undefined {
  const number = Number(text);
  const isTooSmall = minimum !== null && number < minimum;
  const isTooLarge = maximum !== null && number > maximum;
  if (/^-?\d{1,10}$/.test(text) && !isTooSmall && !isTooLarge) return undefined;
  return `Expected a whole number${describeBounds(minimum, maximum)}.`;
}

export function describeBounds(minimum: number | null, maximum: number | null): string {
  if (minimum !== null && maximum !== null) return ` from ${minimum} to ${maximum}`;
  if (minimum !== null) return `, at least ${minimum}`;
  return maximum === null ? '' : `, at most ${maximum}`;
}

function validateList(input: Field, text: string): string | undefined {
  if (input.itemType) {
    const item = toItem(input, input.itemType);
    const fieldErrors = linesOf(text).map((line) => validate(item, line));
    const index = fieldErrors.findIndex((error) => error !== undefined);
    return index < 0 ? undefined : `Line ${index + 1}: ${fieldErrors[index]}`;
  }
  const invalid = linesOf(text).find((line) => line.startsWith('{') && readObject(line) === undefined);
  return invalid === undefined ? undefined : `Invalid JSON: ${invalid.slice(0, 40)}`;
}

function toValue(input: Field, text: string): unknown {
  const { type, itemType, options } = input;
  if (type === 'BOOLEAN') return text === 'true';
  if (type === 'INTEGER') return Number(text);
  if (type === 'OBJECT') return readObject(text.trim());
  if (type !== 'LIST') return text;
  const lines = options ? [text] : linesOf(text);
  if (!itemType) return options ? lines : lines.map((line) => readObject(line) ?? line);
  return lines.map((line) => toValue(toItem(input, itemType), line));
}

/** The element of a list of scalars. The bounds of the list's input apply to each element. */
function toItem(input: Field, type: NonNullable<Field['itemType']>): Field {
  return { ...input, type, itemType: null };
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Parses an entry that is written as a JSON object. Returns `undefined` if it is not one. */
function readObject(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
