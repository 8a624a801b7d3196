/** From what was typed into an action's form to its `inputs`, with what is wrong at each field. */
import type { Field } from './action.ts';

export interface Read {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** By the name of the field. */
  readonly mistakes: ReadonlyMap<string, string>;
}

export const COMMENT = 'comment';

/** Empty fields are left out: absent and empty are not the same to a vendor. */
export function readInputs(inputs: readonly Field[], typed: (name: string) => string): Read {
  const values: Record<string, unknown> = {};
  const mistakes = new Map<string, string>();
  for (const input of inputs) {
    if (input.items) {
      const entries = readEntries(input, input.items, typed);
      for (const [name, mistake] of entries.mistakes) mistakes.set(name, mistake);
      if (entries.values.length > 0) values[input.name] = entries.values;
      continue;
    }
    const text = typed(input.name);
    const mistake = findMistake(input, text);
    if (mistake !== undefined) mistakes.set(input.name, mistake);
    else if (text.trim() !== '') values[input.name] = toValue(input, text);
  }
  return { inputs: values, mistakes };
}

/** The field of the list itself holds how many rows there are. */
function readEntries(
  { name: list, required }: Field,
  items: readonly Field[],
  typed: (name: string) => string,
): { values: readonly unknown[]; mistakes: ReadonlyMap<string, string> } {
  const count = Number(typed(list));
  const mistakes = new Map<string, string>(required && count === 0 ? [[list, NEEDED]] : []);
  const values = Array.from({ length: count }, (_, index) => {
    const read = readInputs(items, (name) => typed(toItemName(list, index, name)));
    for (const [name, mistake] of read.mistakes) mistakes.set(toItemName(list, index, name), mistake);
    return read.inputs;
  });
  return { values, mistakes };
}

/** What a field of a row is called in the form, and in what the endpoint says of it. */
export function toItemName(list: string, index: number, item: string): string {
  return `${list}.${index}.${item}`;
}

const NEEDED = 'This is needed.';

function findMistake(input: Field, text: string): string | undefined {
  if (text.trim() === '') return input.required ? NEEDED : undefined;
  if (input.options) return undefined;
  if (input.type === 'INTEGER') return findMistakeInNumber(input, text.trim());
  if (input.type === 'LIST') return findMistakeInList(input, text);
  if (input.type === 'OBJECT')
    return readObject(text.trim()) === undefined ? 'A JSON object, such as {"a": 1}.' : undefined;
  const { maximumLength } = input;
  return maximumLength !== null && text.length > maximumLength
    ? `At most ${maximumLength} characters, not ${text.length}.`
    : undefined;
}

function findMistakeInNumber({ minimum, maximum }: Field, text: string): string | undefined {
  const number = Number(text);
  const isTooSmall = minimum !== null && number < minimum;
  const isTooGreat = maximum !== null && number > maximum;
  if (/^-?\d{1,10}$/.test(text) && !isTooSmall && !isTooGreat) return undefined;
  return `A whole number${describeBounds(minimum, maximum)}.`;
}

export function describeBounds(minimum: number | null, maximum: number | null): string {
  if (minimum !== null && maximum !== null) return ` from ${minimum} to ${maximum}`;
  if (minimum !== null) return `, at least ${minimum}`;
  return maximum === null ? '' : `, at most ${maximum}`;
}

function findMistakeInList(input: Field, text: string): string | undefined {
  if (input.itemType) {
    const item = toItem(input, input.itemType);
    const mistakes = linesOf(text).map((line) => findMistake(item, line));
    const index = mistakes.findIndex((mistake) => mistake !== undefined);
    return index < 0 ? undefined : `Line ${index + 1}: ${mistakes[index]}`;
  }
  const bad = linesOf(text).find((line) => line.startsWith('{') && readObject(line) === undefined);
  return bad === undefined ? undefined : `This line is not JSON: ${bad.slice(0, 40)}`;
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

/** Of a list of bare values, one of them: the bounds of the list's input are its own. */
function toItem(input: Field, type: NonNullable<Field['itemType']>): Field {
  return { ...input, type, itemType: null };
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** An entry with fields of its own is written as a JSON object. */
function readObject(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
