/** Parses `--input key=value` by the type that the action declares for each input. */
import type { ActionInputPartsFragment, TicketActionDetailsFragment } from '../client/index.ts';
import { CommandError, EXIT } from './exit.ts';
import { isObject, parseJson } from './json.ts';

export type Inputs = Readonly<Record<string, unknown>>;

/** @throws CommandError if the action has no input of that name, or if a value does not match its type. */
export function readInputs(given: ReadonlyMap<string, string>, action: TicketActionDetailsFragment): Inputs {
  return Object.fromEntries(
    [...given].map(([key, text]) => {
      const input = action.inputs.find(({ name }) => name === key);
      if (!input) throw unknownKey(key, action);
      return [key, readValue(text, input)];
    }),
  );
}

function unknownKey(key: string, { name, inputs }: TicketActionDetailsFragment): CommandError {
  const known = inputs.map((input) => input.name).join(', ');
  return new CommandError(
    EXIT.usage,
    `Unknown input ${key} for the action ${name}.`,
    known ? `Known inputs: ${known}.` : 'The action has no inputs.',
  );
}

/** The server checks bounds and choices. */
function readValue(text: string, { name, type }: ActionInputPartsFragment): unknown {
  const value = READERS[type](text);
  if (value !== undefined) return value;
  throw new CommandError(EXIT.usage, `Invalid value for the input ${name}.`, `Expected ${EXPECTED[type]}.`);
}

type Type = ActionInputPartsFragment['type'];

const READERS: Readonly<Record<Type, (text: string) => unknown>> = {
  STRING: (text) => text,
  ID: (text) => text,
  INTEGER: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : undefined),
  BOOLEAN: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  LIST: (text) => readJson(text, Array.isArray),
  OBJECT: (text) => readJson(text, isObject),
};

const EXPECTED: Readonly<Record<Type, string>> = {
  STRING: 'text',
  ID: 'an id',
  INTEGER: 'a whole number',
  BOOLEAN: 'true or false',
  LIST: `a list as JSON, such as '["a", "b"]'`,
  OBJECT: `an object as JSON, such as '{"a": 1}'`,
};

function readJson(text: string, isValid: (value: unknown) => boolean): unknown {
  const value = parseJson(text);
  return isValid(value) ? value : undefined;
}
