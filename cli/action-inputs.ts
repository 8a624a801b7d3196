/** What `--input key=value` means: by the type that the action gives each of its inputs. */
import type { ActionInputPartsFragment, TicketActionDetailsFragment } from '../client/index.ts';
import { CommandError, EXIT } from './exit.ts';

export type Inputs = Readonly<Record<string, unknown>>;

/** @throws CommandError for a key that the action does not take, and for a value that does not fit its type. */
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
    `The action ${name} takes no ${key}.`,
    known ? `It takes: ${known}.` : 'It takes nothing.',
  );
}

/** Bounds and choices are the server's to check. */
function readValue(text: string, { name, type }: ActionInputPartsFragment): unknown {
  const value = READERS[type](text);
  if (value !== undefined) return value;
  throw new CommandError(EXIT.usage, `The input ${name} does not fit.`, `Give it ${LOOKS_LIKE[type]}.`);
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

const LOOKS_LIKE: Readonly<Record<Type, string>> = {
  STRING: 'a text',
  ID: 'an id',
  INTEGER: 'a whole number',
  BOOLEAN: 'true or false',
  LIST: `a list as JSON, such as '["a", "b"]'`,
  OBJECT: `an object as JSON, such as '{"a": 1}'`,
};

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readJson(text: string, fits: (value: unknown) => boolean): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return fits(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
