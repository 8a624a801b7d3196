/**
 * Settings from the environment. An invalid one stops the start with a message that names the variable and the expected
 * form, never the value, which may be a secret.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Environment, Setting, SettingsShape, ValuesOf } from '../contract.ts';
import { withoutEndSlashes } from './request.ts';

/** One variable that is missing or invalid. */
export interface SettingError {
  readonly variable: string;
  readonly expected: string;
}

/** @param placeOf returns where the operator has set a variable. Defaults to its name. */
export function describeSettingError(
  { variable, expected }: SettingError,
  placeOf: (variable: string) => string = (name) => name,
): string {
  return `${placeOf(variable)} is missing or invalid: expected ${expected}.`;
}

/** A setting read by zod. An empty variable counts as unset, because container tools pass unset ones that way. */
export function setting<Value>(schema: z.ZodType<Value>, expected: string): Setting<Value> {
  return {
    expected,
    read: (text) => {
      const result = schema.safeParse(text === '' ? undefined : text);
      return result.success ? { value: result.data } : undefined;
    },
  };
}

/** Text for a header or a form: without control characters, so that it cannot add a line. */
export function text(expected: string, maximumLength = 5000): Setting<string> {
  return setting(printable(maximumLength), expected);
}

export function optionalText(expected: string, maximumLength = 5000): Setting<string | undefined> {
  return setting(printable(maximumLength).optional(), `${expected}, or unset`);
}

export function textWithDefault(fallback: string, expected: string, maximumLength = 5000): Setting<string> {
  return setting(printable(maximumLength).default(fallback), `${expected} (default ${fallback})`);
}

/** A setting whose value is a secret: a variable, or a file that the variable `<NAME>_FILE` names. */
export function secret<Value>(inner: Setting<Value>): Setting<Value> {
  return { ...inner, isSecret: true };
}

/** Text that matches a pattern, e.g. a name that becomes part of a header's name. */
export function matching(pattern: RegExp, expected: string): Setting<string> {
  return setting(z.string().regex(pattern), expected);
}

export function oneOf<const Values extends readonly [string, ...string[]]>(
  values: Values,
  fallback: Values[number],
): Setting<Values[number]> {
  return setting(z.enum(values).default(fallback as never), `one of ${values.join(', ')} (default ${fallback})`);
}

/** A whole number from `low` to `high`. */
export function wholeNumber(low: number, high: number, fallback: number): Setting<number> {
  return setting(
    wholeNumberText(low, high).default(fallback),
    `a whole number from ${low} to ${high} (default ${fallback})`,
  );
}

/** @param otherwise what else may be set, and what unset means, e.g. `or unset for no limit` */
export function optionalWholeNumber(low: number, high: number, otherwise: string): Setting<number | undefined> {
  return setting(wholeNumberText(low, high).optional(), `a whole number from ${low} to ${high}, ${otherwise}`);
}

/** The schema of a text that is a whole number from `low` to `high`. */
export function wholeNumberText(low: number, high: number) {
  return z
    .string()
    .regex(/^\d{1,12}$/)
    .transform(Number)
    .pipe(z.number().min(low).max(high));
}

/** `1`, `true`, `on` or `0`, `false`, `off`. */
export function flag(fallback: boolean): Setting<boolean> {
  const schema = z
    .enum(['1', 'true', 'on', '0', 'false', 'off'])
    .transform((word) => ['1', 'true', 'on'].includes(word));
  return setting(schema.default(fallback), `on or off (default ${fallback ? 'on' : 'off'})`);
}

const ADDRESS =
  'an http or https address without credentials, query or fragment; plain http only to loopback unless ALLOW_PLAINTEXT=1';

/** An upstream address, without trailing slash. Plain http is allowed to loopback only: it would expose secrets. */
export function address(): Setting<string> {
  return {
    expected: ADDRESS,
    read: (value, environment) => {
      const url = value ? readAddress(value, environment) : undefined;
      return url === undefined ? undefined : { value: url };
    },
  };
}

export function optionalAddress(): Setting<string | undefined> {
  return {
    expected: `${ADDRESS}, or unset`,
    read: (value, environment) => (value ? address().read(value, environment) : { value: undefined }),
  };
}

const WHOLE_ADDRESS =
  'a whole http or https address without credentials or fragment; plain http only to loopback unless ALLOW_PLAINTEXT=1';

/** The address of one endpoint, used as given, with its trailing slash and query. */
export function wholeAddress(): Setting<string> {
  return {
    expected: WHOLE_ADDRESS,
    read: (value, environment) => {
      const url = value ? parseAddress(value, environment) : undefined;
      return url && { value: url.href };
    },
  };
}

export function optionalWholeAddress(): Setting<string | undefined> {
  return {
    expected: `${WHOLE_ADDRESS}, or unset`,
    read: (value, environment) => (value ? wholeAddress().read(value, environment) : { value: undefined }),
  };
}

/** An IANA time zone that this machine knows, e.g. `Europe/Amsterdam`. */
export function timeZone(fallback: string): Setting<string> {
  const schema = z.string().refine(isTimeZone).default(fallback);
  return setting(schema, `an IANA time zone such as Europe/Amsterdam (default ${fallback})`);
}

/** Reads all settings of a shape, so that one run reports every error. */
export function readSettings<Shape extends SettingsShape>(
  shape: Shape,
  environment: Environment,
  prefix = '',
): { settings: ValuesOf<Shape> } | { errors: readonly SettingError[] } {
  const errors: SettingError[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(shape)) {
    const result = readOne(setting, prefix + name, environment);
    if ('value' in result) settings[name] = result.value;
    else errors.push(result);
  }
  return errors.length > 0 ? { errors } : { settings: settings as ValuesOf<Shape> };
}

/** The variable that names the file of a secret. */
export function fileVariable(variable: string): string {
  return `${variable}_FILE`;
}

function readOne<Value>(
  { read, expected, isSecret }: Setting<Value>,
  variable: string,
  environment: Environment,
): { readonly value: Value } | SettingError {
  const path = isSecret ? environment[fileVariable(variable)] : undefined;
  if (!path) return read(environment[variable], environment) ?? { variable, expected };
  if (environment[variable]) return { variable, expected: `unset if ${fileVariable(variable)} is set` };
  const text = readSecretFile(path);
  const ofFile = fileVariable(variable);
  if (text === undefined) return { variable: ofFile, expected: 'the path of a file that can be read' };
  return read(text, environment) ?? { variable: ofFile, expected: `the path of a file that contains ${expected}` };
}

/** Without the line end that editors and `echo` add; `undefined` if it cannot be read. */
export function readSecretFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}

function printable(maximumLength: number): z.ZodString {
  return z
    .string()
    .min(1)
    .max(maximumLength)
    .regex(/^[^\u0000-\u001f\u007f]*$/);
}

function readAddress(value: string, environment: Environment): string | undefined {
  const url = value.includes('?') ? undefined : parseAddress(value, environment);
  return url && url.origin + withoutEndSlashes(url.pathname);
}

function parseAddress(value: string, environment: Environment): URL | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  if (url.username || url.password || value.includes('#')) return undefined;
  const mayBePlain = url.protocol === 'http:' && environment['ALLOW_PLAINTEXT'] === '1';
  return mayBePlain || isConfidential(url) ? url : undefined;
}

/** Returns whether only the addressed host can read what is sent to a URL: https, or http to this machine. */
export function isConfidential({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

/** Returns whether a host name can only mean this machine: RFC 6761 section 6.3, RFC 1122 section 3.2.1.3, RFC 4291. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
