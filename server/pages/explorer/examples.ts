/** The operations that the explorer opens with: texts from `../examples`, and ids that can exist at these vendors. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Sources } from '../../../datasources/index.ts';

const FOLDER = join(import.meta.dirname, '../examples');

/** A ticket that is known to exist, and an action that may be performed on it. */
export interface ExampleAction {
  readonly ticketId: string;
  readonly action: string;
}

/** An operation that the explorer can be opened with. */
export interface Example {
  /** Name of the operation. */
  readonly name: string;
  readonly query: string;
  /** JSON. */
  readonly variables: string;
}

/** @param known where it is left out, every write of the examples is a dry run until the reader says otherwise. */
export function readExamples(sources: Sources, known?: ExampleAction): readonly Example[] {
  const values = toValues(sources, known);
  return readdirSync(FOLDER)
    .toSorted()
    .map((file) => toExample(readFileSync(join(FOLDER, file), 'utf8'), values));
}

/** What the variables of the examples are given, by name. */
function toValues({ vendors, connected }: Sources, known?: ExampleAction): ReadonlyMap<string, unknown> {
  const idsOf = (mutation: string): string[] =>
    [...vendors.values()]
      .filter(({ key, mutations }) => connected.has(key) && mutations.includes(mutation))
      .map(({ key, nativeId }) => `${key}:${nativeId.example}`);
  const ticketId = known?.ticketId ?? idsOf('executeAction')[0] ?? '';
  return new Map<string, unknown>([
    ['ticketId', ticketId],
    ['action', known?.action ?? 'put here a name that availableActions gives'],
    ['idempotencyKey', 'explorer-1'],
    // Not the ticket that another example has changed already.
    ['ticketIds', idsOf('setStatus').filter((id) => id !== known?.ticketId)],
    ['dryRun', known === undefined],
  ]);
}

function toExample(query: string, values: ReadonlyMap<string, unknown>): Example {
  const name = /^(?:query|mutation) (\w+)/m.exec(query)?.[1] ?? 'Example';
  const names = new Set([...query.matchAll(/\$(\w+):/g)].map(([, variable]) => variable!));
  const variables = Object.fromEntries([...names].map((variable) => [variable, values.get(variable)]));
  return { name, query, variables: names.size === 0 ? '' : JSON.stringify(variables, null, 2) };
}
