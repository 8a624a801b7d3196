/**
 * The file of sources, `TICKETGRAPH_CONFIG`: further installations of vendors, which environment variables cannot name.
 *
 * Its settings become variables of the environment, so that everything else reads all sources alike: `acme.apiKey` is
 * `ACME_API_KEY`, and `acme@emea.apiKey` is `ACME@EMEA_API_KEY`, a name that no shell can set. A mistake is named by its
 * path in the file and by what is expected, never by its value.
 */
import { readFileSync } from 'node:fs';
import type { Environment, Vendor } from '../../datasources/contract.ts';
import { settingsOfSource } from '../../datasources/upstream/connection-settings.ts';
import { fileVariable } from '../../datasources/vendor-kit/settings.ts';
import { parseSourceKey, toCamelCase, toSettingPath, toVariable } from '../../datasources/vendor-kit/source-key.ts';
import { isRecord } from '../graphql/is-record.ts';
import { listNames } from './variables.ts';

/** The environment with the settings of the file. */
export interface SourceVariables {
  readonly environment: Environment;
  /** What the operator called a variable: its name, or the path of the setting in the file. */
  placeOf(variable: string): string;
  /** All mistakes in the file. If there are any, the environment is without its settings. */
  readonly errors: readonly string[];
}

/** The variable that names the file. */
export const SOURCE_FILE = 'TICKETGRAPH_CONFIG';

/** Adds the settings of the file, if one is named, to the environment. */
export async function readSourceFile(environment: Environment, vendors: readonly Vendor[]): Promise<SourceVariables> {
  const path = environment[SOURCE_FILE];
  const without = { environment, placeOf: (variable: string) => variable, errors: [] };
  if (!path) return without;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return { ...without, errors: [`${SOURCE_FILE} cannot be read. Check its path and permissions.`] };
  }
  const parsed = await parseYaml(text);
  if ('error' in parsed) return { ...without, errors: [parsed.error] };
  const reader = new FileReader(environment, vendors);
  reader.readFile(parsed.value);
  const { errors, variables, places } = reader;
  if (errors.length > 0) return { ...without, errors };
  return { environment: { ...environment, ...variables }, placeOf: (name) => places.get(name) ?? name, errors };
}

/** The library is loaded only if there is a file. Its messages quote the file, so only the place is taken from them. */
async function parseYaml(text: string): Promise<{ readonly value: unknown } | { readonly error: string }> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (!error) return { value: document.toJS() };
  const { line, col } = lines.linePos(error.pos[0]);
  const reason = error.code === 'DUPLICATE_KEY' ? 'a key is there twice' : 'it is not YAML';
  return { error: `${SOURCE_FILE} is invalid at line ${line}, column ${col}: ${reason}. Correct it.` };
}

/** Collects the variables of all sources, or all mistakes. */
class FileReader {
  readonly errors: string[] = [];
  readonly variables: Record<string, string> = {};
  /** Path of each variable of a source in the file, also of those that are not set. */
  readonly places = new Map<string, string>();
  readonly #environment: Environment;
  readonly #vendors: readonly Vendor[];

  constructor(environment: Environment, vendors: readonly Vendor[]) {
    this.#environment = environment;
    this.#vendors = vendors;
  }

  readFile(file: unknown): void {
    if (!isRecord(file) || !isRecord(file['sources'])) {
      this.#reject('sources', 'a map of sources');
      return;
    }
    const unknown = Object.keys(file).filter((name) => name !== 'sources');
    for (const name of unknown) this.#reject(name, 'sources alone');
    for (const [key, settings] of Object.entries(file['sources'])) this.#readSource(key, settings);
  }

  #readSource(key: string, settings: unknown): void {
    const path = `sources.${key}`;
    const parsed = parseSourceKey(key);
    const vendor = this.#vendors.find((one) => one.key === parsed?.vendor);
    if (!vendor) {
      const keys = this.#vendors.map((one) => one.key).join(', ');
      this.#reject(path, `a vendor (${keys}), or a vendor, @ and a name of lower-case letters, digits and hyphens`);
      return;
    }
    if (!isRecord(settings)) {
      this.#reject(path, 'a map of settings');
      return;
    }
    if (this.#environment[toVariable(key, 'URL')]) {
      return void this.errors.push(
        `${path} is configured twice: in ${SOURCE_FILE} and by ${toVariable(key, 'URL')}. Remove one of them.`,
      );
    }
    const known = settingsOfSource(vendor, key);
    for (const name of known.keys()) this.places.set(toVariable(key, name), toSettingPath(key, name));
    const names = new Map(Array.from(known.keys(), (name) => [toCamelCase(name), name]));
    for (const [setting, value] of Object.entries(settings)) {
      const name = names.get(setting);
      if (name === undefined) this.#reject(`${path}.${setting}`, `one of ${listNames([...names.keys()])}`);
      else this.#readValue(toVariable(key, name), `${path}.${setting}`, value, known.get(name) === true);
    }
    // Without an address, the source would count as not configured.
    if (settings['url'] === undefined || settings['url'] === '')
      this.#reject(`${path}.url`, 'the address of the source');
  }

  #readValue(variable: string, path: string, value: unknown, isSecret: boolean): void {
    if (['string', 'number', 'boolean'].includes(typeof value)) {
      this.#set(variable, path, String(value));
      return;
    }
    const file = isSecret && isRecord(value) && Object.keys(value).length === 1 ? value['file'] : undefined;
    if (typeof file !== 'string') {
      this.#reject(path, isSecret ? 'text, or { file: <path> }' : 'text');
      return;
    }
    this.places.set(fileVariable(variable), `${path}.file`);
    this.#set(fileVariable(variable), `${path}.file`, file);
  }

  /** Replaces `${NAME}` by the variable of that name. */
  #set(variable: string, path: string, text: string): void {
    this.variables[variable] = text.replace(/\$\{([^{}]*)\}/g, (_, name: string) => {
      const value = this.#environment[name];
      if (value) return value;
      this.#reject(path, `${/^\w{1,100}$/.test(name) ? `the variable ${name}` : 'the name of a variable'} to be set`);
      return '';
    });
  }

  #reject(path: string, expected: string): void {
    this.errors.push(`${path} in ${SOURCE_FILE} is missing or invalid: expected ${expected}.`);
  }
}
