/** From what was typed into an action's form to its `inputs`, with what is wrong at each field. */
import type { Input } from './action.ts';

export interface Read {
  readonly inputs: Readonly<Record<string, unknown>>;
  /** By the name of the field. */
  readonly mistakes: ReadonlyMap<string, string>;
}

export const COMMENT = 'comment';

/** Empty fields are left out: absent and empty are not the same to a vendor. */
export function readInputs(inputs: readonly Input[], typed: (name: string) => string): Read {
  const values: Record<string, unknown> = {};
  const mistakes = new Map<string, string>();
  for (const input of inputs) {
    const text = typed(input.name);
    const mistake = findMistake(input, text);
    if (mistake !== undefined) mistakes.set(input.name, mistake);
    else if (text.trim() !== '') values[input.name] = toValue(input, text);
  }
  return { inputs: values, mistakes };
}

function findMistake(input: Input, text: string): string | undefined {
  if (text.trim() === '') return input.required ? 'This is needed.' : undefined;
  if (input.options) return undefined;
  if (input.type === 'INTEGER') return findMistakeInNumber(input, text.trim());
  if (input.type === 'LIST') return findMistakeInList(text);
  const { maximumLength } = input;
  return maximumLength !== null && text.length > maximumLength
    ? `At most ${maximumLength} characters, not ${text.length}.`
    : undefined;
}

function findMistakeInNumber({ minimum, maximum }: Input, text: string): string | undefined {
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

function findMistakeInList(text: string): string | undefined {
  const bad = linesOf(text).find((line) => line.startsWith('{') && readObject(line) === undefined);
  return bad === undefined ? undefined : `This line is not JSON: ${bad.slice(0, 40)}`;
}

function toValue({ type, options }: Input, text: string): unknown {
  if (type === 'BOOLEAN') return text === 'true';
  if (type === 'INTEGER') return Number(text);
  if (type === 'LIST') return options ? [text] : linesOf(text).map((line) => readObject(line) ?? line);
  return text;
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
